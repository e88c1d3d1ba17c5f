//! What webhooks are told is written down in the transaction in which it happens, and leaves the list in the one that
//! writes the messages.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    Content, EndpointState, EventKind, MessageId, Method, Offer, Outcome, Patience, Pattern, PaymentState,
    Service, WebhookId,
};

use super::fixture::{PRICE, Stall, after, evidence, hash, new_endpoint, new_offer};
use crate::{
    Acceptance, Happening, Keep, MessageQuery, MessageState, NewEndpoint, NewMessage, NewWebhook, OffBecause,
    StoreError, Then, Tried, WebhookRow,
};

async fn add(stall: &Stall, events: &[EventKind]) -> WebhookRow {
    let new = NewWebhook {
        url: "https://hooks.example/x".to_owned(),
        allowed: false,
        events: events.to_vec(),
        at: after(1),
    };
    stall.store.add_webhook(new).await.unwrap()
}

async fn put_up_service(stall: &Stall) -> Arc<Offer> {
    let service = Service {
        upstream: "http://127.0.0.1:1".to_owned(),
        is_remote: false,
        pattern: Pattern::default(),
        methods: vec![Method::Get],
        request_headers: Vec::new(),
        answer_headers: Vec::new(),
        longest_request: 1,
        longest_answer: 1,
        patience: Patience::DEFAULT,
    };
    let endpoint = NewEndpoint {
        content: Content::Service(service),
        ..new_endpoint(3, "/api", domain::OwnedFor::NEVER)
    };
    let id = endpoint.id;
    stall.store.add_endpoint(endpoint, new_offer(stall.asset, PRICE), after(0)).await.unwrap();
    let listings = stall.store.catalogue().await.unwrap();
    let listing = listings.into_iter().find(|listing| listing.endpoint.id == id);
    Arc::new(listing.unwrap().offers.remove(0))
}

async fn happenings(stall: &Stall) -> Vec<Happening> {
    stall.store.happenings(100).await.unwrap()
}

async fn kinds(stall: &Stall) -> Vec<EventKind> {
    happenings(stall).await.into_iter().map(|one| one.kind).collect()
}

fn told(happening: &Happening) -> NewMessage {
    NewMessage {
        message: format!("msg_{}", happening.id),
        kind: happening.kind,
        subject: happening.subject.clone(),
        body: "{}".to_owned(),
    }
}

/// Everything that happened becomes messages.
async fn write_all(stall: &Stall) {
    let messages = happenings(stall).await.iter().map(|one| (one.id, Some(told(one)))).collect();
    stall.store.write_messages(messages, after(200)).await.unwrap();
}

async fn all(stall: &Stall) -> Vec<crate::Message> {
    stall.store.messages(MessageQuery { limit: 100, ..MessageQuery::default() }).await.unwrap()
}

fn tried(id: MessageId, at: i64, then: Then) -> Tried {
    Tried { id, at: after(at), then, status: Some(500), answer: Some("x".repeat(5000)), error: None }
}

#[tokio::test]
async fn what_nobody_asks_for_is_not_written_down() {
    let stall = Stall::open().await;
    stall.settle_one(stall.sell(stall.song(0, 0)).await.seq, 1, 120).await;
    assert!(happenings(&stall).await.is_empty());
    let row = add(&stall, &[EventKind::BatchSettled]).await;
    stall.sell(stall.song(1, 1)).await;
    assert!(happenings(&stall).await.is_empty());
    let off = stall.store.set_webhook(row.id, false, vec![EventKind::PaymentAccepted]).await.unwrap();
    assert!(!off.is_on && off.off_because.is_none());
    stall.sell(stall.song(2, 2)).await;
    stall.store.note_happening(EventKind::StallOnline, String::new(), after(2)).await.unwrap();
    assert!(happenings(&stall).await.is_empty());
    stall.store.remove_webhook(row.id).await.unwrap();
    assert!(matches!(stall.store.remove_webhook(row.id).await, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn a_sale_is_told_from_its_acceptance_to_its_settlement_as_it_was_then() {
    let stall = Stall::open().await;
    add(&stall, &EventKind::ALL).await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.settle_one(sold.seq, 1, 120).await;
    stall.finalise(120, after(300)).await;
    let seen = happenings(&stall).await;
    let shown: Vec<_> = seen.iter().map(|one| (one.kind, one.state.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        shown,
        [
            (EventKind::PaymentAccepted, "queued"),
            (EventKind::PaymentSettled, "settled"),
            (EventKind::BatchSettled, "settled"),
        ]
    );
    let subject = sold.id.0.simple().to_string();
    assert!(seen[0].subject == subject && seen[1].subject == subject && seen[2].subject == "1");
    assert_eq!(seen[0].at, Some(after(10)));
    assert_eq!((seen[1].at, seen[1].transaction), (Some(after(120)), Some(evidence(120).transaction)));
    assert_eq!(seen[2].at, Some(after(120)));
}

/// T31: what a service was asked for in vain was no sale.
#[tokio::test]
async fn what_a_service_is_asked_for_is_told_of_once_it_counts_and_never_when_it_does_not() {
    let stall = Stall::open().await;
    add(&stall, &EventKind::ALL).await;
    let service = put_up_service(&stall).await;
    let asked =
        |payer, nonce| Acceptance { offer: service.clone(), by_service: true, ..stall.song(payer, nonce) };
    let dropped = stall.sell(asked(0, 0)).await;
    let sold = stall.sell(asked(1, 1)).await;
    stall.store.set_setting("any".to_owned(), "thing".to_owned()).await.unwrap();
    let before = kinds(&stall).await;
    assert!(!before.contains(&EventKind::PaymentAccepted), "{before:?}");
    assert!(stall.store.void(dropped.seq, after(20)).await.unwrap());
    stall.store.record_answer(sold.seq, 200, String::new(), Keep::Begun, true);
    stall.store.record_answer(sold.seq, 200, String::new(), Keep::Nothing, true);
    stall.store.set_setting("any".to_owned(), "thing".to_owned()).await.unwrap();
    let mut told = happenings(&stall).await.split_off(before.len());
    assert_eq!(told.len(), 1, "{told:?}");
    let told = told.remove(0);
    assert_eq!((told.kind, told.subject), (EventKind::PaymentAccepted, sold.id.0.simple().to_string()));
    assert_eq!((told.state.as_deref(), told.at), (Some("queued"), Some(after(10))));
}

/// T47: what came back is told again once it settles again.
#[tokio::test]
async fn what_a_reorganisation_took_back_is_told_again_when_it_settles_again() {
    let stall = Stall::open().await;
    add(&stall, &[EventKind::PaymentSettled, EventKind::BatchSettled]).await;
    let sold = stall.sell(stall.song(0, 0)).await.seq;
    let batch = stall.settle_one(sold, 1, 120).await;
    stall.store.take_back(stall.asset, hash(120)).await.unwrap();
    assert_eq!(stall.state(sold).await, PaymentState::Settling);
    stall.record(batch, &[(sold, Outcome::Settled(evidence(121)))]).await;
    let expected = [EventKind::PaymentSettled, EventKind::BatchSettled];
    assert_eq!(kinds(&stall).await, [expected, expected].concat());
}

#[tokio::test]
async fn what_brings_no_money_is_told_once_with_its_reason() {
    use domain::FailureReason as Reason;
    for (outcome, expected) in [
        (Outcome::Failed(Reason::Underfunded), Some((EventKind::PaymentFailed, "failed", "underfunded"))),
        (Outcome::Cancelled(evidence(120)), Some((EventKind::PaymentFailed, "cancelled", "nonce_used"))),
        (Outcome::Diverted(evidence(120)), Some((EventKind::PaymentFailed, "diverted", "nonce_used"))),
        (Outcome::Expired, Some((EventKind::PaymentExpired, "expired", "expired"))),
        (Outcome::Failed(Reason::Paused), None),
        (Outcome::Unknown, None),
    ] {
        let stall = Stall::open().await;
        let all_but_accepted: Vec<_> =
            EventKind::ALL.into_iter().filter(|kind| *kind != EventKind::PaymentAccepted).collect();
        add(&stall, &all_but_accepted).await;
        let sold = stall.sell(stall.song(0, 0)).await;
        let batch = stall.batch(&[sold.seq]).await.id;
        stall.record(batch, &[(sold.seq, outcome)]).await;
        if outcome == Outcome::Failed(Reason::Underfunded) {
            let named = crate::GiveUp::Payments(vec![sold.id]);
            assert_eq!(stall.store.give_up(named, after(130)).await.unwrap(), 1);
        }
        let seen = happenings(&stall).await;
        let shown = seen.first().map(|one| {
            (one.kind, one.state.as_deref().unwrap_or_default(), one.reason.as_deref().unwrap_or_default())
        });
        assert_eq!((shown, seen.len()), (expected, usize::from(expected.is_some())), "{outcome:?}");
    }
    let stall = Stall::open().await;
    add(&stall, &[EventKind::PaymentFailed]).await;
    let sold = stall.sell(stall.song(0, 0)).await;
    assert!(stall.store.void(sold.seq, after(20)).await.unwrap());
    assert_eq!(happenings(&stall).await[0].state.as_deref(), Some("voided"));
}

#[tokio::test]
async fn an_endpoint_that_changes_twice_before_anybody_looks_changed_once() {
    let stall = Stall::open().await;
    add(&stall, &[EventKind::EndpointChanged]).await;
    let (guide, song) = (stall.guide.endpoint, stall.song.endpoint);
    for endpoint in [guide, song, guide] {
        stall.store.set_endpoint_state(endpoint, EndpointState::Paused).await.unwrap();
    }
    let price = super::fixture::new_offer(stall.asset, 20);
    stall.store.quote(vec![(song, price)], after(5)).await.unwrap();
    let subjects: Vec<_> = happenings(&stall).await.into_iter().map(|one| one.subject).collect();
    assert_eq!(subjects, [guide.0.simple().to_string(), song.0.simple().to_string()]);
    write_all(&stall).await;
    let price = super::fixture::new_offer(stall.asset, 30);
    stall.store.quote(vec![(song, price)], after(6)).await.unwrap();
    assert_eq!(kinds(&stall).await, [EventKind::EndpointChanged]);
}

/// Written and taken off the list together, and to those who asked before it happened only.
#[tokio::test]
async fn everybody_who_asked_gets_one_message_and_nobody_gets_two() {
    let stall = Stall::open().await;
    let first = add(&stall, &[EventKind::PaymentAccepted]).await;
    let other = add(&stall, &[EventKind::BatchSettled]).await;
    stall.sell(stall.song(0, 0)).await;
    let late = add(&stall, &[EventKind::PaymentAccepted]).await;
    let happened = happenings(&stall).await.remove(0);
    write_all(&stall).await;
    assert!(happenings(&stall).await.is_empty());
    let messages = all(&stall).await;
    assert_eq!(messages.iter().map(|one| one.webhook).collect::<Vec<_>>(), [first.id]);
    assert_eq!((messages[0].state, messages[0].next_at), (MessageState::Waiting, Some(after(200))));
    // As after a crash between the two: the list says whether there is anything left to write.
    let again = vec![(happened.id, Some(NewMessage { message: "other".to_owned(), ..told(&happened) }))];
    stall.store.write_messages(again, after(201)).await.unwrap();
    assert_eq!(all(&stall).await.len(), 1);
    stall.sell(stall.song(1, 1)).await;
    write_all(&stall).await;
    let due = stall.store.messages_due().await.unwrap();
    assert_eq!(due, [(first.id, after(200)), (late.id, after(200))]);
    let (row, messages) = stall.store.messages_to(first.id, after(200), 10).await.unwrap().unwrap();
    assert_eq!((row, messages.len()), (first.clone(), 2));
    stall.store.remove_webhook(first.id).await.unwrap();
    assert_eq!(all(&stall).await.len(), 1);
    let ids: Vec<_> = stall.store.webhooks().await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(ids, [other.id, late.id]);
    assert_eq!(add(&stall, &[EventKind::Test]).await.id, WebhookId(late.id.0 + 1));
}

#[tokio::test]
async fn how_a_try_ended_is_kept_with_the_beginning_of_the_answer() {
    let stall = Stall::open().await;
    let row = add(&stall, &[EventKind::PaymentAccepted]).await;
    stall.sell(stall.song(0, 0)).await;
    write_all(&stall).await;
    let id = all(&stall).await[0].id;
    stall.store.note_try(tried(id, 201, Then::Again(after(206)))).await.unwrap();
    let message = stall.store.message(id).await.unwrap().unwrap();
    assert_eq!((message.attempts, message.next_at), (1, Some(after(206))));
    assert_eq!(message.answer.unwrap().len(), 1024);
    assert!(stall.store.messages_to(row.id, after(205), 10).await.unwrap().unwrap().1.is_empty());
    stall.store.note_try(tried(id, 206, Then::Dead)).await.unwrap();
    assert_eq!(stall.store.message_counts(row.id).await.unwrap(), (0, 1));
    assert!(stall.store.messages_due().await.unwrap().is_empty());
    let again = stall.store.redeliver(id, after(300)).await.unwrap();
    assert_eq!(
        (again.attempts, again.next_at, &again.told.message),
        (0, Some(after(300)), &message.told.message)
    );
    stall.store.note_try(Tried { status: Some(204), ..tried(id, 300, Then::Delivered) }).await.unwrap();
    let row = stall.store.webhook(row.id).await.unwrap().unwrap();
    assert_eq!((row.failures, row.failing_since), (0, None));
    let wanted = MessageQuery { state: Some(MessageState::Delivered), limit: 1, ..MessageQuery::default() };
    assert_eq!(stall.store.messages(wanted).await.unwrap()[0].status, Some(204));
    assert!(matches!(stall.store.redeliver(MessageId(99), after(1)).await, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn who_cannot_be_told_anything_for_days_is_switched_off_and_begins_afresh() {
    let stall = Stall::open().await;
    let row = add(&stall, &[EventKind::PaymentAccepted]).await;
    stall.sell(stall.song(0, 0)).await;
    write_all(&stall).await;
    let id = all(&stall).await[0].id;
    let days = TimeDelta::days(3).num_seconds();
    for at in [0, 1, 2, 3, 4, 5, days - 1] {
        stall.store.note_try(tried(id, 300 + at, Then::Again(after(300 + at)))).await.unwrap();
    }
    assert!(stall.store.webhook(row.id).await.unwrap().unwrap().is_on);
    stall.store.note_try(tried(id, 300 + days, Then::Again(after(301 + days)))).await.unwrap();
    let off = stall.store.webhook(row.id).await.unwrap().unwrap();
    assert_eq!((off.is_on, off.off_because, off.failures), (false, Some(OffBecause::Failing), 8));
    stall.sell(stall.song(1, 1)).await;
    assert!(happenings(&stall).await.is_empty());
    assert!(stall.store.messages_to(row.id, after(400 + days), 10).await.unwrap().is_none());
    assert!(matches!(stall.store.redeliver(id, after(1)).await, Err(StoreError::Conflict(_))));
    let on = stall.store.set_webhook(row.id, true, row.events).await.unwrap();
    assert_eq!((on.is_on, on.failures, on.failing_since), (true, 0, None));
    assert_eq!(stall.store.messages_to(row.id, after(400 + days), 10).await.unwrap().unwrap().1.len(), 1);
    stall.store.note_try(tried(id, 500 + days, Then::Gone)).await.unwrap();
    let gone = stall.store.webhook(row.id).await.unwrap().unwrap();
    assert_eq!((gone.is_on, gone.off_because), (false, Some(OffBecause::Gone)));
}

#[tokio::test]
async fn a_test_is_told_to_one_and_counts_for_nothing() {
    let stall = Stall::open().await;
    let row = add(&stall, &EventKind::ALL).await;
    let told = NewMessage {
        message: "msg_test".to_owned(),
        kind: EventKind::Test,
        subject: String::new(),
        body: "{}".to_owned(),
    };
    let test = stall.store.write_test(row.id, told, after(1)).await.unwrap();
    assert!(stall.store.messages_due().await.unwrap().is_empty());
    stall.store.note_try(tried(test.id, 2, Then::Dead)).await.unwrap();
    assert_eq!(stall.store.webhook(row.id).await.unwrap().unwrap().failures, 0);
    assert_eq!(stall.store.message_counts(row.id).await.unwrap(), (0, 0));
}

#[tokio::test]
async fn what_happened_is_still_to_be_told_after_a_restart_and_old_messages_go() {
    let stall = Stall::open().await;
    add(&stall, &[EventKind::PaymentAccepted]).await;
    stall.sell(stall.song(0, 0)).await;
    let stall = stall.restart().await;
    write_all(&stall).await;
    let id = all(&stall).await[0].id;
    stall.store.note_try(tried(id, 201, Then::Delivered)).await.unwrap();
    stall.store.write_messages(Vec::new(), after(200) + TimeDelta::days(30)).await.unwrap();
    assert_eq!(all(&stall).await.len(), 1);
    stall.store.write_messages(Vec::new(), after(201) + TimeDelta::days(30)).await.unwrap();
    assert!(all(&stall).await.is_empty());
}

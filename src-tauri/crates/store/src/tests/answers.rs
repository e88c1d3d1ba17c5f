//! What services answer, and that nobody is charged before they do.

use domain::Delivery;

use super::fixture::{Stall, after, get, new, payer};
use crate::{Acceptance, Accepted, Answer, Choice, Keep, KeptAnswer, KeptBody, StoreError};

fn asked(stall: &Stall, payer: u64, nonce: u64) -> Acceptance {
    Acceptance { by_service: true, ..stall.song(payer, nonce) }
}

fn kept(body: &str) -> Keep {
    Keep::All(KeptBody::Bytes(body.into()))
}

/// T31: whatever the schedule does meanwhile, what is not answered can still be dropped.
#[tokio::test]
async fn what_no_service_has_answered_is_shown_to_no_node_and_can_be_dropped() {
    let stall = Stall::open().await;
    let store = &stall.store;
    let sold = new(store.accept(asked(&stall, 0, 0)).await.unwrap());
    assert_eq!(store.answer(sold.seq, after(20)).await.unwrap(), Some(Answer::Awaited));
    assert_eq!(store.queue(stall.asset).await.unwrap().count, 0);
    assert!(store.queued(stall.asset, Choice::All, 10).await.unwrap().is_empty());
    assert!(store.queued_named(stall.asset, &[sold.id]).await.unwrap().is_empty());
    assert!(matches!(stall.try_batch(&[sold.seq]).await, Err(StoreError::Conflict(_))));
    assert!(store.void(sold.seq, after(21)).await.unwrap());
    assert_eq!(store.answer(sold.seq, after(22)).await.unwrap(), None);
    assert_eq!(stall.held(0).await, 0);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn an_answer_is_kept_for_the_same_authorization_and_the_payment_can_be_settled() {
    let stall = Stall::open().await;
    let store = &stall.store;
    let sold = new(store.accept(asked(&stall, 0, 0)).await.unwrap());
    let mut changes = store.changes();
    store.record_answer(sold.seq, 201, "content-type: text/plain\n".to_owned(), kept("42"), true);
    while changes.next().await != Some(crate::Change::Payments) {}
    let body = KeptBody::Bytes(b"42".to_vec());
    let expected = KeptAnswer { status: 201, headers: "content-type: text/plain\n".to_owned(), body };
    assert_eq!(store.answer(sold.seq, after(20)).await.unwrap(), Some(Answer::Kept(expected)));
    assert_eq!(store.queued(stall.asset, Choice::All, 10).await.unwrap().len(), 1);
    assert!(matches!(store.accept(asked(&stall, 0, 0)).await.unwrap(), Accepted::Repeat(_)));
    let ends = i64::try_from(sold.valid_before).unwrap() - after(0).timestamp();
    assert!(
        store.answer(sold.seq, after(ends)).await.unwrap().is_some(),
        "it may be settled at the last moment"
    );
    assert_eq!(store.answer(sold.seq, after(ends + 86_400)).await.unwrap(), None, "it is not kept for ever");
}

#[tokio::test]
async fn only_the_same_request_gets_an_answer_that_did_not_arrive_without_paying_again() {
    let stall = Stall::open().await;
    let store = &stall.store;
    let sold = new(store.accept(asked(&stall, 0, 0)).await.unwrap());
    store.record_answer(sold.seq, 200, String::new(), kept(""), false);
    store.record_delivery(sold.seq, Delivery::Interrupted, 0);
    let other = Acceptance { binding: get("/other"), ..asked(&stall, 0, 1) };
    let other = new(store.accept(other).await.unwrap());
    store.record_answer(other.seq, 200, String::new(), Keep::Nothing, false);
    store.record_delivery(other.seq, Delivery::Interrupted, 0);
    match store.accept(asked(&stall, 0, 2)).await.unwrap() {
        Accepted::Owned(earlier) => assert_eq!(earlier.seq, sold.seq),
        accepted => panic!("{accepted:?}"),
    }
    let (endpoint, part) = (stall.song.endpoint, &domain::Part::WHOLE);
    let owed = async |path| store.owed_answer(endpoint, part, payer(0), get(path), after(20)).await.unwrap();
    assert_eq!(owed("/song").await.unwrap().seq, sold.seq);
    assert!(owed("/other").await.is_none(), "what was not kept is not owed");
    assert!(owed("/third").await.is_none());
}

/// T31, T60: nobody knows what came of it, so nobody is charged for it.
#[tokio::test]
async fn what_was_not_answered_when_the_app_died_is_not_charged() {
    let stall = Stall::open().await;
    let waits = new(stall.store.accept(asked(&stall, 0, 0)).await.unwrap());
    let streams = new(stall.store.accept(asked(&stall, 1, 1)).await.unwrap());
    stall.store.record_delivery(streams.seq, Delivery::Streaming, 0);
    let stall = stall.restart().await;
    assert_eq!(stall.payment(waits.seq).await.state, domain::PaymentState::Voided);
    assert_eq!(stall.payment(streams.seq).await.state, domain::PaymentState::Queued);
    let answer = stall.store.answer(streams.seq, after(20)).await.unwrap();
    assert_eq!(answer, Some(Answer::NotKept));
    stall.assert_conserved().await;
}

/// T31: what has begun well counts at once, however long the rest takes, and stays so when the rest never comes.
#[tokio::test]
async fn an_answer_that_has_begun_is_charged_and_waited_for_until_it_ends() {
    let stall = Stall::open().await;
    let long = new(stall.store.accept(asked(&stall, 0, 0)).await.unwrap());
    let short = new(stall.store.accept(asked(&stall, 1, 1)).await.unwrap());
    let store = &stall.store;
    for sold in [&long, &short] {
        store.record_answer(sold.seq, 200, "a: b\n".to_owned(), Keep::Begun, true);
    }
    store.set_setting("any".to_owned(), "thing".to_owned()).await.unwrap();
    assert_eq!(store.answer(long.seq, after(20)).await.unwrap(), Some(Answer::Coming));
    assert_eq!(store.queued(stall.asset, Choice::All, 10).await.unwrap().len(), 2);
    store.record_answer(short.seq, 200, "a: b\n".to_owned(), kept("whole"), false);
    // What is whole stays as it is.
    store.record_answer(short.seq, 500, String::new(), Keep::Nothing, false);
    let stall = stall.restart().await;
    let body = KeptBody::Bytes(b"whole".to_vec());
    let expected = KeptAnswer { status: 200, headers: "a: b\n".to_owned(), body };
    assert_eq!(stall.store.answer(short.seq, after(20)).await.unwrap(), Some(Answer::Kept(expected)));
    assert_eq!(stall.store.answer(long.seq, after(20)).await.unwrap(), Some(Answer::NotKept));
    assert_eq!(stall.payment(long.seq).await.state, domain::PaymentState::Queued);
    stall.assert_conserved().await;
}

/// What is paid for first is not lost with the others, however many are sold meanwhile.
#[tokio::test]
async fn a_thousand_answers_later_only_what_is_paid_for_first_and_has_not_arrived_is_kept() {
    let stall = Stall::open().await;
    let store = &stall.store;
    let instant = Acceptance { mode: domain::Mode::Instant, ..asked(&stall, 0, 0) };
    let owed = new(store.accept(instant).await.unwrap());
    let batched = new(store.accept(asked(&stall, 1, 1)).await.unwrap());
    for sold in [&owed, &batched] {
        store.record_answer(sold.seq, 200, String::new(), kept("kept"), false);
    }
    let others = (2..1_100).map(|n| store.accept(stall.song(n, n)));
    for one in futures::future::join_all(others).await {
        new(one.unwrap());
    }
    let last = new(store.accept(asked(&stall, 1_100, 1_100)).await.unwrap());
    store.record_answer(last.seq, 200, String::new(), kept("last"), true);
    store.set_setting("any".to_owned(), "thing".to_owned()).await.unwrap();
    let found = async |seq| store.answer(seq, after(20)).await.unwrap().is_some();
    assert_eq!((found(owed.seq).await, found(batched.seq).await, found(last.seq).await), (true, false, true));
}

/// T46: what a crash took would otherwise stand in the way of every later purchase of it.
#[tokio::test]
async fn an_answer_whose_file_is_gone_is_not_owed_any_more_and_is_bought_anew() {
    let stall = Stall::open().await;
    let store = &stall.store;
    let sold = new(store.accept(asked(&stall, 0, 0)).await.unwrap());
    store.record_answer(sold.seq, 200, String::new(), Keep::All(KeptBody::File(300_000)), false);
    store.record_delivery(sold.seq, Delivery::Interrupted, 0);
    assert!(matches!(store.accept(asked(&stall, 0, 1)).await.unwrap(), Accepted::Owned(_)));
    assert!(store.is_answer_wanted(sold.id, after(20)).await.unwrap());
    store.lose_answer(sold.seq).await.unwrap();
    assert!(!store.is_answer_wanted(sold.id, after(20)).await.unwrap());
    assert_eq!(store.answer(sold.seq, after(20)).await.unwrap(), Some(Answer::NotKept));
    new(store.accept(asked(&stall, 0, 1)).await.unwrap());
    stall.assert_conserved().await;
}

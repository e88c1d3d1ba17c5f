//! Payments that failed are watched while their signatures hold: tried again, decided late, taken up
//! again.

use domain::{Delivery, FailureReason, Mode, Outcome, PaymentSeq, PaymentState};
use sqlx::{AssertSqlSafe, Row as _};

use super::fixture::{PRICE, Stall, after, evidence};
use crate::{Acceptance, FailureQuery, GiveUp, Look, failures, watched};

async fn fail(stall: &Stall, payments: &[PaymentSeq]) {
    let batch = stall.batch(payments).await.id;
    let outcomes: Vec<_> =
        payments.iter().map(|seq| (*seq, Outcome::Failed(FailureReason::Underfunded))).collect();
    stall.record(batch, &outcomes).await;
}

async fn due(stall: &Stall, seconds: i64) -> Vec<PaymentSeq> {
    let due = stall.store.watched(stall.asset, after(seconds), 10).await.unwrap();
    due.into_iter().map(|watched| watched.payment.seq).collect()
}

#[tokio::test]
async fn a_failed_payment_is_looked_at_after_a_minute_and_at_growing_distances() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    fail(&stall, &sold).await;
    assert!(due(&stall, 179).await.is_empty(), "it failed at 120");
    assert_eq!(due(&stall, 180).await, sold);
    assert_eq!(stall.store.next_look(stall.asset).await.unwrap(), Some(after(180)));
    stall.store.note_looks(vec![(sold[0], Look::Again(after(500)))], after(180)).await.unwrap();
    assert!(due(&stall, 499).await.is_empty());
    assert_eq!(stall.store.watched(stall.asset, after(500), 10).await.unwrap()[0].looks, 1);
    stall.store.note_looks(vec![(sold[0], Look::Over)], after(500)).await.unwrap();
    assert!(due(&stall, 1_000_000).await.is_empty());
    assert_eq!(stall.state(sold[0]).await, PaymentState::Failed);
    stall.assert_conserved().await;
}

/// I7, T07: whoever submits it, the money counts, and what it bought is owned again.
#[tokio::test]
async fn a_failed_payment_that_somebody_submits_later_is_settled_elsewhere() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.guide(0, 0)).await;
    fail(&stall, &[sold.seq]).await;
    assert_eq!(
        stall
            .store
            .owned(stall.guide.endpoint, &domain::Part::WHOLE, super::fixture::payer(0), after(200))
            .await
            .unwrap(),
        None
    );
    let proved = Look::Proved(Outcome::SettledElsewhere(evidence(130)));
    let moved = stall.store.note_looks(vec![(sold.seq, proved)], after(200)).await.unwrap();
    assert_eq!(moved, [sold.seq]);
    let payment = stall.payment(sold.seq).await;
    assert_eq!((payment.state, payment.reason), (PaymentState::SettledElsewhere, None));
    assert_eq!(payment.transaction, Some(evidence(130).transaction));
    assert!(
        stall
            .store
            .owned(stall.guide.endpoint, &domain::Part::WHOLE, super::fixture::payer(0), after(200))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(stall.store.unfinal(stall.asset).await.unwrap().len(), 1, "and watched until it is final");
    stall.assert_conserved().await;
    stall.store.take_back(stall.asset, evidence(130).block_hash).await.unwrap();
    assert_eq!(stall.state(sold.seq).await, PaymentState::Failed, "as before");
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_goes_back_to_the_queue_counts_against_the_balance_again() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    fail(&stall, &sold).await;
    assert_eq!(stall.held(0).await, 0);
    assert_eq!(stall.store.note_looks(vec![(sold[0], Look::Retry)], after(200)).await.unwrap(), sold);
    assert_eq!(stall.state(sold[0]).await, PaymentState::Queued);
    assert_eq!(stall.held(0).await, PRICE);
    assert!(due(&stall, 1_000_000).await.is_empty());
    assert!(stall.store.note_looks(vec![(sold[0], Look::Retry)], after(201)).await.unwrap().is_empty());
    stall.assert_conserved().await;
    fail(&stall, &sold).await;
    assert!(due(&stall, 239).await.is_empty(), "the second time it waits two minutes");
    assert_eq!(due(&stall, 240).await, sold);
}

/// The buyer of an instant sale was told that it failed and may have paid another time.
#[tokio::test]
async fn only_what_was_delivered_on_credit_is_collected_unasked() {
    let mut told = Vec::new();
    for mode in [Mode::Batched, Mode::Instant] {
        for delivery in [Delivery::Waiting, Delivery::Delivered] {
            let stall = Stall::open().await;
            let sold = stall.sell(Acceptance { mode, ..stall.song(0, 0) }).await;
            if delivery == Delivery::Delivered {
                stall.store.record_delivery(sold.seq, delivery, 7);
            }
            fail(&stall, &[sold.seq]).await;
            let watched = stall.store.watched(stall.asset, after(180), 10).await.unwrap();
            told.push(watched[0].may_be_retried());
        }
    }
    assert_eq!(told, [false, true, false, false]);
}

#[tokio::test]
async fn what_was_given_up_is_watched_and_can_be_taken_up_where_it_stood() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    fail(&stall, &sold[..2]).await;
    let batch = stall.batch(&sold[2..]).await.id;
    stall.record(batch, &[(sold[2], Outcome::Expired)]).await;
    let mut ids = Vec::new();
    for seq in &sold {
        ids.push(stall.payment(*seq).await.id);
    }
    assert_eq!(stall.store.give_up(GiveUp::Payments(ids.clone()), after(150)).await.unwrap(), 3);
    assert_eq!(due(&stall, 180).await, sold[..2], "an expired one can come no more");
    stall.assert_conserved().await;
    let proved = Look::Proved(Outcome::SettledElsewhere(evidence(130)));
    let cancelled = Look::Proved(Outcome::Cancelled(evidence(130)));
    let looks = vec![(sold[0], proved), (sold[1], cancelled)];
    assert_eq!(stall.store.note_looks(looks, after(181)).await.unwrap(), sold[..1]);
    assert_eq!(stall.state(sold[1]).await, PaymentState::WrittenOff);
    for (id, again) in ids.iter().zip([false, true, true]) {
        assert_eq!(stall.store.take_up_again(*id, after(190)).await.unwrap(), again);
    }
    assert_eq!(stall.state(sold[0]).await, PaymentState::SettledElsewhere);
    assert_eq!(stall.state(sold[1]).await, PaymentState::Failed);
    assert_eq!(stall.state(sold[2]).await, PaymentState::Expired);
    assert_eq!(due(&stall, 190).await, sold[1..2]);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn failures_are_listed_by_the_time_that_is_left_and_then_what_is_over() {
    let stall = Stall::open().await;
    let mut sold = Vec::new();
    for number in 0..6_u64 {
        let mut song = stall.song(number, 0);
        song.authorization.valid_before -= number * 1000;
        sold.push(stall.sell(song).await.seq);
    }
    fail(&stall, &sold).await;
    let end = stall.payment(sold[0]).await.valid_before;
    let now = end - 2_500;
    let mut pages = Vec::new();
    let mut place = None;
    loop {
        let wanted = FailureQuery { after: place, limit: 2, ..FailureQuery::default() };
        let (page, next) = stall.store.failures(wanted, now).await.unwrap();
        assert!(page.iter().all(|failure| failure.tries == 1 && failure.next_look_at == Some(after(180))));
        pages.push(page.into_iter().map(|failure| failure.payment.seq).collect::<Vec<_>>());
        place = next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![sold[2], sold[1]], vec![sold[0], sold[3]], vec![sold[4], sold[5]]]);
    let (count, sum) = stall.store.recoverable(now).await.unwrap();
    assert_eq!((count, sum.atomic()), (3, 3 * PRICE));
    let blocked = FailureQuery { reason: Some(FailureReason::Blocked), limit: 9, ..FailureQuery::default() };
    assert!(stall.store.failures(blocked, now).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn what_nobody_knows_yet_is_told_once_it_takes_long() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    let first = stall.batch(&sold[..1]).await.id;
    stall.record(first, &[(sold[0], Outcome::Failed(FailureReason::Paused))]).await;
    stall.batch(&sold[1..2]).await;
    let told = async |seconds| {
        let uncertain = stall.store.uncertain(after(seconds)).await.unwrap();
        uncertain.into_iter().map(|failure| failure.payment.seq).collect::<Vec<_>>()
    };
    assert_eq!(told(60).await, sold[..1]);
    assert_eq!(told(61).await, sold[..2]);
}

#[tokio::test]
async fn looking_after_failures_never_reads_all_payments() {
    let stall = Stall::open().await;
    for query in [
        watched::DUE,
        failures::RECOVERABLE,
        failures::DELIVERED_IN_VAIN,
        crate::reconcile::BOOKED,
        crate::reports::BY_PAYER,
    ] {
        let rows = sqlx::query(AssertSqlSafe(format!("explain query plan {query}")))
            .fetch_all(&mut stall.look().await)
            .await
            .unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.starts_with("SEARCH payments USING INDEX")), "{steps:?}");
    }
}

use domain::{BatchState, Mode, Outcome, PaymentSeq, PaymentState};

use super::fixture::{PRICE, Stall, after, amount, evidence, new_attempt, wallet};
use crate::{Acceptance, Choice, StoreError};

#[tokio::test]
async fn a_batch_takes_only_what_is_queued_and_moves_the_sums() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(4).await;
    let voided = stall.sell(stall.song(8, 0)).await.seq;
    assert!(stall.store.void(voided, after(20)).await.unwrap());
    let first = stall.batch(&sold[..2]).await;
    assert_eq!(first.state, BatchState::Preparing);
    assert!(first.attempts.is_empty());
    // One of the first batch, one named twice, one voided, one that never was.
    let asked = [sold[1], sold[2], sold[2], voided, PaymentSeq(999)];
    let second = stall.batch(&asked).await;
    assert_eq!(second.payments.iter().map(|one| one.seq).collect::<Vec<_>>(), [sold[2]]);
    let totals = stall.store.totals().await.unwrap();
    let of = |state| totals.iter().find(|one| one.state == state).map(|one| (one.payments, one.amount));
    assert_eq!(of(PaymentState::Settling), Some((3, amount(3 * PRICE))));
    assert_eq!(of(PaymentState::Queued), Some((1, amount(PRICE))));
    assert_eq!(of(PaymentState::Voided), Some((1, amount(PRICE))));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_batch_of_nothing_is_refused_and_leaves_nothing() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    stall.batch(&sold).await;
    for asked in [&sold[..], &[]] {
        let refused = stall.try_batch(asked).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    }
    assert_eq!(stall.number("select count(*) from batches").await, 1);
    stall.assert_conserved().await;
}

/// I9, T41: two who choose at once never choose the same payment.
#[tokio::test]
async fn a_payment_is_in_one_open_batch_however_many_ask_for_it() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(5).await;
    let opened = futures::future::join_all((0..20).map(|_| stall.try_batch(&sold))).await;
    assert_eq!(opened.iter().filter(|one| one.is_ok()).count(), 1);
    assert_eq!(stall.store.open_batches(stall.asset).await.unwrap().len(), 1);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn an_attempt_is_stored_to_the_byte_and_makes_the_batch_submitted() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let batch = stall.batch(&sold).await.id;
    let wanted = new_attempt(batch, 7, 7);
    let saved = stall.store.save_attempt(wanted.clone()).await.unwrap();
    assert_eq!((saved.batch(), saved.nonce(), saved.hash()), (batch, 7, wanted.hash));
    assert_eq!((saved.raw(), saved.wallet(), saved.sent_at()), (&wanted.raw, wallet(), None));
    stall.store.note_broadcast(saved.id(), after(70)).await.unwrap();
    stall.store.note_broadcast(saved.id(), after(80)).await.unwrap();
    let stall = stall.restart().await;
    let open = stall.store.open_batches(stall.asset).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].state, BatchState::Submitted);
    assert_eq!(open[0].attempts.len(), 1);
    assert_eq!((open[0].attempts[0].id(), open[0].attempts[0].raw()), (saved.id(), &wanted.raw));
    assert_eq!(open[0].attempts[0].sent_at(), Some(after(70)));
    let shown = stall.payment(sold[0]).await;
    assert_eq!((shown.transaction, shown.batch), (Some(wanted.hash), Some(batch)));
}

/// I9: bytes that are saved once are never saved as something else, and nothing is signed for what
/// is decided.
#[tokio::test]
async fn an_attempt_for_a_closed_batch_or_with_a_known_hash_is_refused_and_leaves_nothing() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let closed = stall.batch(&sold[..1]).await.id;
    stall.record(closed, &[(sold[0], Outcome::Expired)]).await;
    let refused = stall.store.save_attempt(new_attempt(closed, 1, 1)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    let open = stall.batch(&sold[1..]).await.id;
    stall.attempt(open, 1).await;
    assert!(stall.store.save_attempt(new_attempt(open, 2, 1)).await.is_err());
    assert!(stall.store.save_attempt(new_attempt(domain::BatchId(99), 3, 3)).await.is_err());
    assert_eq!(stall.number("select count(*) from attempts").await, 1);
    // A replacement shares the nonce, not the hash.
    stall.store.save_attempt(new_attempt(open, 1, 4)).await.unwrap();
    stall.assert_conserved().await;
}

#[tokio::test]
async fn the_queue_gives_what_ends_first_and_instant_sales_alone_when_asked() {
    let stall = Stall::open().await;
    let mut seqs = Vec::new();
    for (number, (left, mode)) in
        [(900, Mode::Batched), (300, Mode::Instant), (600, Mode::Batched), (100, Mode::Instant)]
            .into_iter()
            .enumerate()
    {
        let mut request = Acceptance { mode, ..stall.song(number as u64, 0) };
        request.authorization.valid_before = after(left).timestamp().cast_unsigned();
        request.at = after(number as i64);
        seqs.push(stall.sell(request).await.seq);
    }
    let list = async |choice, limit| {
        let queued = stall.store.queued(stall.asset, choice, limit).await.unwrap();
        queued.into_iter().map(|one| one.seq).collect::<Vec<_>>()
    };
    assert_eq!(list(Choice::All, 9).await, [seqs[3], seqs[1], seqs[2], seqs[0]]);
    assert_eq!(list(Choice::All, 2).await, [seqs[3], seqs[1]]);
    assert_eq!(list(Choice::Instant, 9).await, [seqs[3], seqs[1]]);
    let summary = stall.store.queue(stall.asset).await.unwrap();
    assert_eq!((summary.count, summary.total, summary.instant), (4, amount(4 * PRICE), 2));
    assert_eq!(summary.earliest_valid_before, Some(after(100).timestamp().cast_unsigned()));
    assert_eq!(summary.earliest_accepted_at, Some(after(3)));
    let elsewhere = stall.store.queue(domain::AssetId(99)).await.unwrap();
    assert_eq!(elsewhere, crate::QueueSummary::default());
}

#[tokio::test]
async fn something_is_open_until_everything_is_final_or_closed() {
    let stall = Stall::open().await;
    let open = || stall.store.is_anything_open();
    assert!(!open().await.unwrap());
    let sold = stall.sell_songs(1).await;
    assert!(open().await.unwrap());
    stall.settle_one(sold[0], 0, 120).await;
    assert!(open().await.unwrap());
    stall.finalise(120, after(300)).await;
    assert!(!open().await.unwrap());
}

/// An instant payment never has any exposure, a batched one until it is on chain.
#[tokio::test]
async fn what_is_delivered_and_not_on_chain_is_exposed_and_instant_sales_never_are() {
    let stall = Stall::open().await;
    let exposed = async || {
        let [(asset, amount)] = stall.store.exposure().await.unwrap()[..] else { panic!("one asset") };
        assert_eq!(asset, stall.asset);
        amount
    };
    let instant = |number| Acceptance { mode: Mode::Instant, ..stall.song(number, 0) };
    assert_eq!(exposed().await, amount(0));
    let sold = stall.sell_songs(2).await;
    let waiting = stall.sell(instant(7)).await.seq;
    stall.sell(instant(8)).await;
    assert_eq!(exposed().await, amount(2 * PRICE));
    let batch = stall.batch(&[sold[0], waiting]).await.id;
    assert_eq!(exposed().await, amount(2 * PRICE), "on its way is not on chain");
    stall.record(batch, &[(sold[0], Outcome::Settled(evidence(120)))]).await;
    assert_eq!(exposed().await, amount(PRICE));
    stall.record(batch, &[(waiting, Outcome::Settled(evidence(120)))]).await;
    assert_eq!(exposed().await, amount(PRICE));
}

#[tokio::test]
async fn a_batch_is_finished_when_all_that_was_seen_of_it_is_final() {
    let stall = Stall::open().await;
    let unfinished = || async { stall.store.unfinished_batches(stall.asset).await.unwrap() };
    let sold = stall.sell_songs(4).await;
    assert!(unfinished().await.is_empty());
    let ours = stall.batch(&sold[..2]).await.id;
    let elsewhere = stall.batch(&sold[2..3]).await.id;
    let failed = stall.batch(&sold[3..]).await.id;
    assert_eq!(unfinished().await, [ours, elsewhere, failed]);
    stall.record(ours, &[(sold[0], Outcome::Settled(evidence(120))), (sold[1], Outcome::Expired)]).await;
    stall.record(elsewhere, &[(sold[2], Outcome::SettledElsewhere(evidence(121)))]).await;
    stall.record(failed, &[(sold[3], Outcome::Expired)]).await;
    assert_eq!(unfinished().await, [ours, elsewhere]);
    stall.finalise(120, after(300)).await;
    assert_eq!(unfinished().await, [elsewhere]);
    stall.finalise(121, after(300)).await;
    assert!(unfinished().await.is_empty());
}

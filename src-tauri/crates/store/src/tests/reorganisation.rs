//! T47: a block is gone, and with it what it proved.

use domain::{BatchState, FailureReason, Mode, Outcome, PaymentSeq, PaymentState};

use super::fixture::{PRICE, Stall, after, amount, evidence, hash, mined};
use crate::{Acceptance, Arrived, GiveUp, Look, Verdict};

async fn take_back(stall: &Stall, block: u64) -> Vec<domain::BatchId> {
    stall.store.take_back(stall.asset, hash(block)).await.unwrap()
}

#[tokio::test]
async fn what_our_transaction_settled_waits_for_it_again_and_settles_once_more() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let batch = stall.batch(&sold).await.id;
    let attempt = stall.attempt(batch, 5).await;
    let settled_at =
        |block| [(sold[0], Outcome::Settled(evidence(block))), (sold[1], Outcome::Settled(evidence(block)))];
    stall.record_mined(batch, Some(mined(&attempt, 120)), &settled_at(120)).await;
    assert_eq!(take_back(&stall, 120).await, [batch]);
    for seq in &sold {
        let payment = stall.payment(*seq).await;
        assert_eq!((payment.state, payment.block), (PaymentState::Settling, None));
        assert_eq!(payment.transaction, Some(attempt.hash()));
    }
    let open = stall.store.open_batches(stall.asset).await.unwrap();
    assert_eq!((open.len(), open[0].state, open[0].payments.len()), (1, BatchState::Submitted, 2));
    assert_eq!(open[0].attempts[0].hash(), attempt.hash());
    let summary = stall.store.batch(batch).await.unwrap().unwrap().summary;
    assert_eq!((summary.settled_payments, summary.closed_at, &summary.attempts[0].1), (0, None, &None));
    assert!(stall.store.unfinal(stall.asset).await.unwrap().is_empty());
    stall.assert_conserved().await;

    stall.record_mined(batch, Some(mined(&attempt, 121)), &settled_at(121)).await;
    let summary = stall.store.batch(batch).await.unwrap().unwrap().summary;
    assert_eq!((summary.state, summary.settled_total), (BatchState::Settled, amount(2 * PRICE)));
    assert_eq!(summary.attempts[0].1.as_ref().unwrap().block, 121);
    assert_eq!(stall.held(0).await, PRICE);
    stall.assert_conserved().await;
    // The old block cannot be taken back once more.
    assert!(take_back(&stall, 120).await.is_empty());
    assert_eq!(stall.state(sold[0]).await, PaymentState::Settled);
}

/// A clock that was days ahead for a moment lets the minutes of today go; a reorganisation takes out of them what they have
/// not any more, and yesterday's comparison is of the others.
#[tokio::test]
async fn what_is_taken_back_of_minutes_that_are_gone_takes_nothing_from_the_others() {
    const DAY: i64 = 86_400;
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    stall.settle_one(sold[0], 0, 120).await;
    for (seq, block, at) in [(sold[1], 121, after(4 * DAY)), (sold[2], 122, after(240))] {
        let batch = stall.batch(&[seq]).await.id;
        let outcomes = vec![(seq, Outcome::SettledElsewhere(evidence(block)))];
        stall.store.record(Verdict { batch, attempt: None, outcomes, at }).await.unwrap();
    }
    let yesterday = async || stall.store.arrived_the_day_before_by(after(DAY + 600)).await.unwrap();
    let last = Arrived { payments: 1, amount: amount(PRICE) };
    assert_eq!(yesterday().await, last);
    take_back(&stall, 120).await;
    assert_eq!(yesterday().await, last);
    take_back(&stall, 122).await;
    assert_eq!(yesterday().await, Arrived::default());
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_others_did_to_a_payment_goes_back_to_the_queue() {
    for outcome in [
        Outcome::SettledElsewhere(evidence(120)),
        Outcome::Cancelled(evidence(120)),
        Outcome::Diverted(evidence(120)),
    ] {
        let stall = Stall::open().await;
        let sold = stall.sell_songs(1).await;
        let batch = stall.batch(&sold).await.id;
        stall.record(batch, &[(sold[0], outcome)]).await;
        assert!(take_back(&stall, 120).await.is_empty());
        let payment = stall.payment(sold[0]).await;
        assert_eq!((payment.state, payment.reason), (PaymentState::Queued, None), "{outcome:?}");
        assert_eq!(stall.held(0).await, PRICE, "{outcome:?}");
        stall.assert_conserved().await;
        stall.settle_one(sold[0], 0, 130).await;
        assert_eq!(stall.held(0).await, PRICE);
        stall.assert_conserved().await;
    }
}

/// The refusal was the same transaction's; mined again it may end otherwise, and then its money must
/// not arrive unseen (I7).
#[tokio::test]
async fn what_the_transaction_could_not_settle_is_open_again_with_the_rest_of_its_batch() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let refused = stall.sell(stall.guide(7, 0)).await.seq;
    let batch = stall.batch(&[sold[0], sold[1], refused]).await.id;
    let attempt = stall.attempt(batch, 0).await;
    let first = [
        (sold[0], Outcome::Settled(evidence(120))),
        (sold[1], Outcome::Expired),
        (refused, Outcome::Failed(FailureReason::Underfunded)),
    ];
    stall.record_mined(batch, Some(mined(&attempt, 120)), &first).await;
    assert_eq!(take_back(&stall, 120).await, [batch]);
    assert_eq!(stall.state(refused).await, PaymentState::Settling);
    assert_eq!(stall.state(sold[1]).await, PaymentState::Expired);
    assert_eq!(stall.held(7).await, PRICE);
    stall.assert_conserved().await;
    let second = [(sold[0], Outcome::Settled(evidence(121))), (refused, Outcome::Settled(evidence(121)))];
    stall.record_mined(batch, Some(mined(&attempt, 121)), &second).await;
    assert_eq!(stall.state(refused).await, PaymentState::Settled);
    stall.assert_conserved().await;
}

/// T53, I7: what is taken down while a second node is asked about the rest, it was not asked about.
#[tokio::test]
async fn only_what_was_asked_about_becomes_final() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    stall.settle_one(sold[0], 0, 120).await;
    stall.settle_one(sold[1], 1, 121).await;
    let asked = stall.store.proved(stall.asset, 500).await.unwrap();
    assert_eq!(asked.iter().map(|one| one.payment).collect::<Vec<_>>(), sold[..2]);
    // An older block, and another one than was asked about.
    stall.settle_one(sold[2], 2, 119).await;
    let batch = take_back(&stall, 121).await.remove(0);
    stall.record(batch, &[(sold[1], Outcome::Settled(evidence(118)))]).await;
    stall.store.finalise(stall.asset, asked, after(190)).await.unwrap();
    let unfinal = stall.store.unfinal(stall.asset).await.unwrap();
    assert_eq!(unfinal.iter().map(|one| one.block).collect::<Vec<_>>(), [118, 119]);
    assert_eq!(stall.payment(sold[0]).await.final_at, Some(after(190)));
    stall.assert_conserved().await;
}

/// Its buyer was told that it failed, and may have paid another time: whatever comes of its batch's transaction, it does
/// not get into the queue.
#[tokio::test]
async fn a_failed_instant_sale_stays_failed_when_the_block_of_its_batch_goes() {
    let stall = Stall::open().await;
    let instant = |payer| Acceptance { mode: Mode::Instant, ..stall.song(payer, 0) };
    let taken_out = stall.sell(instant(0)).await.seq;
    let refused = stall.sell(instant(1)).await.seq;
    let settled = stall.sell(instant(2)).await.seq;
    let on_credit = stall.sell(stall.song(3, 0)).await.seq;
    let batch = stall.batch(&[taken_out, refused, settled, on_credit]).await.id;
    let underfunded = Outcome::Failed(FailureReason::Underfunded);
    stall.record(batch, &[(taken_out, underfunded), (on_credit, underfunded)]).await;
    let attempt = stall.attempt(batch, 0).await;
    let outcomes = [(refused, underfunded), (settled, Outcome::Settled(evidence(120)))];
    stall.record_mined(batch, Some(mined(&attempt, 120)), &outcomes).await;
    assert_eq!(take_back(&stall, 120).await, [batch]);
    for seq in [taken_out, refused, on_credit] {
        let payment = stall.payment(seq).await;
        assert_eq!(payment.state, PaymentState::Failed);
        assert_eq!(payment.reason, Some(FailureReason::Underfunded));
    }
    assert_eq!(stall.state(settled).await, PaymentState::Settling);
    let watched = stall.store.watched(stall.asset, after(10_000), 9).await.unwrap();
    assert_eq!(watched.len(), 3, "what the transaction pays all the same is found");
    stall.assert_conserved().await;
}

/// What had failed, or was given up, stands where it stood when the block goes in which somebody else submitted it.
#[tokio::test]
async fn what_had_failed_before_somebody_submitted_it_has_failed_again_when_that_is_taken_back() {
    let refused = FailureReason::Underfunded;
    for (outcome, given_up) in [
        (Outcome::SettledElsewhere(evidence(120)), false),
        (Outcome::Cancelled(evidence(120)), false),
        (Outcome::Diverted(evidence(120)), false),
        (Outcome::SettledElsewhere(evidence(120)), true),
    ] {
        let stall = Stall::open().await;
        let sold = stall.sell(stall.guide(0, 0)).await;
        let batch = stall.batch(&[sold.seq]).await.id;
        stall.record(batch, &[(sold.seq, Outcome::Failed(refused))]).await;
        if given_up {
            stall.store.give_up(GiveUp::Payments(vec![sold.id]), after(130)).await.unwrap();
        }
        let before = stall.payment(sold.seq).await;
        let proved: Vec<PaymentSeq> =
            stall.store.note_looks(vec![(sold.seq, Look::Proved(outcome))], after(140)).await.unwrap();
        assert_eq!(proved, [sold.seq]);
        assert!(take_back(&stall, 120).await.is_empty());
        let payment = stall.payment(sold.seq).await;
        assert_eq!((payment.state, payment.reason), (before.state, Some(refused)), "{outcome:?} {given_up}");
        assert_eq!((payment.block, stall.held(0).await), (None, 0));
        assert_eq!(stall.store.watched(stall.asset, after(150), 9).await.unwrap().len(), 1);
        let endpoint = stall.guide.endpoint;
        let owner = super::fixture::payer(0);
        assert!(stall.store.owned(endpoint, &domain::Part::WHOLE, owner, after(20)).await.unwrap().is_none());
        stall.assert_conserved().await;
        assert_eq!(stall.store.take_up_again(sold.id, after(160)).await.unwrap(), given_up);
        assert_eq!(stall.state(sold.seq).await, PaymentState::Failed);
        stall.assert_conserved().await;
    }
}

#[tokio::test]
async fn other_blocks_other_assets_and_final_payments_are_left_alone() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    stall.settle_one(sold[0], 0, 120).await;
    let last = stall.settle_one(sold[1], 1, 121).await;
    stall.finalise(120, after(190)).await;
    assert!(take_back(&stall, 119).await.is_empty());
    assert!(take_back(&stall, 120).await.is_empty());
    let other = domain::Asset { address: alloy_primitives::Address::ZERO, ..super::fixture::usdc() };
    let other = stall.store.know_asset(other).await.unwrap();
    assert!(stall.store.take_back(other, hash(121)).await.unwrap().is_empty());
    assert!(stall.store.batch(last).await.unwrap().unwrap().summary.attempts[0].1.is_some());
    assert_eq!(stall.state(sold[0]).await, PaymentState::Settled);
    assert_eq!(stall.state(sold[1]).await, PaymentState::Settled);
    assert_eq!(take_back(&stall, 121).await, [last]);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_batch_that_settled_over_two_blocks_loses_only_one_of_them() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let batch = stall.batch(&sold).await.id;
    stall.attempt(batch, 0).await;
    let outcomes = [(sold[0], Outcome::Settled(evidence(120))), (sold[1], Outcome::Settled(evidence(121)))];
    stall.record(batch, &outcomes).await;
    assert_eq!(take_back(&stall, 121).await, [batch]);
    assert_eq!(stall.state(sold[0]).await, PaymentState::Settled);
    assert_eq!(stall.state(sold[1]).await, PaymentState::Settling);
    stall.assert_conserved().await;
    stall.record(batch, &outcomes).await;
    let summary = stall.store.batch(batch).await.unwrap().unwrap().summary;
    assert_eq!((summary.state, summary.settled_payments), (BatchState::Settled, 2));
    stall.assert_conserved().await;
}

/// I7, I16: a transaction that nobody waited for any more came again. Whatever became of the payment meanwhile, it is ours,
/// and what it cost is in the books of its own batch.
#[tokio::test]
async fn what_a_transaction_of_an_earlier_batch_settled_after_all_is_settled_by_that_one() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let first = stall.batch(&sold).await.id;
    let attempt = stall.attempt(first, 0).await;
    let elsewhere = |block| sold.iter().map(move |seq| (*seq, Outcome::SettledElsewhere(evidence(block))));
    stall.record_mined(first, Some(mined(&attempt, 121)), &elsewhere(120).collect::<Vec<_>>()).await;
    let loose = stall.store.loose(stall.asset).await.unwrap();
    assert_eq!(loose.iter().map(|one| one.seen.map(|seen| seen.block)).collect::<Vec<_>>(), [Some(121)]);
    take_back(&stall, 121).await;
    take_back(&stall, 120).await;
    assert_eq!(stall.store.loose(stall.asset).await.unwrap()[0].seen, None);
    assert_eq!(stall.number("select count(*) from batch_payments where cost_wei is not null").await, 0);

    // One waits in another batch by now, the other one failed there.
    let second = stall.batch(&sold).await.id;
    stall.record(second, &[(sold[1], Outcome::Failed(FailureReason::Underfunded))]).await;
    let came = domain::Evidence { transaction: attempt.hash(), ..evidence(130) };
    stall.record(second, &[(sold[0], Outcome::SettledElsewhere(came))]).await;
    let found = Look::Proved(Outcome::SettledElsewhere(came));
    stall.store.note_looks(vec![(sold[1], found)], after(200)).await.unwrap();
    let seen = crate::Verdict {
        batch: first,
        attempt: Some(mined(&attempt, 130)),
        outcomes: vec![],
        at: after(200),
    };
    stall.store.record(seen).await.unwrap();
    for seq in &sold {
        assert_eq!(stall.state(*seq).await, PaymentState::Settled);
    }
    let batch = async |id| stall.store.batch(id).await.unwrap().unwrap().summary;
    assert_eq!(
        (batch(first).await.state, batch(first).await.settled_payments),
        (BatchState::PartlySettled, 1)
    );
    assert_eq!((batch(second).await.state, batch(second).await.settled_payments), (BatchState::Dissolved, 0));
    stall.assert_conserved().await;

    // It may go once more, and then each stands where it stood.
    assert_eq!(take_back(&stall, 130).await, [first]);
    assert_eq!(stall.state(sold[0]).await, PaymentState::Settling);
    assert_eq!(stall.state(sold[1]).await, PaymentState::Failed);
    assert_eq!(stall.number("select count(*) from batch_payments where cost_wei is not null").await, 0);
    stall.assert_conserved().await;
    stall
        .record_mined(first, Some(mined(&attempt, 131)), &[(sold[0], Outcome::Settled(evidence(131)))])
        .await;
    stall.store.end_attempts(vec![attempt.id()], after(300)).await.unwrap();
    assert!(stall.store.loose(stall.asset).await.unwrap().is_empty());
    stall.assert_conserved().await;
}

//! I7: outcomes come in as evidence and are written down once.

use domain::{BatchState, FailureReason, Outcome, PaymentResult, PaymentState};

use super::fixture::{PRICE, Stall, after, amount, evidence, mined};
use crate::{MinedAttempt, Unfinal};

/// What each outcome makes of a payment, of its place in the batch, and of the payer's hold.
#[tokio::test]
async fn every_outcome_has_its_state_result_reason_and_hold() {
    use FailureReason as Reason;
    use PaymentResult::{Excluded, Returned, Settled, SettledElsewhere};
    use PaymentState as State;
    let proof = evidence(120);
    for (outcome, state, result, reason, held) in [
        (Outcome::Settled(proof), State::Settled, Settled, None, true),
        (Outcome::SettledElsewhere(proof), State::SettledElsewhere, SettledElsewhere, None, true),
        (Outcome::Diverted(proof), State::Diverted, Excluded, Some(Reason::NonceUsed), true),
        (Outcome::Cancelled(proof), State::Cancelled, Excluded, Some(Reason::NonceUsed), false),
        (Outcome::Expired, State::Expired, Excluded, Some(Reason::Expired), false),
        (Outcome::Failed(Reason::Underfunded), State::Failed, Excluded, Some(Reason::Underfunded), false),
        (Outcome::Failed(Reason::Refused), State::Failed, Excluded, Some(Reason::Refused), false),
        (Outcome::Failed(Reason::Paused), State::Queued, Returned, Some(Reason::Paused), true),
        (Outcome::Failed(Reason::NotYetValid), State::Queued, Returned, Some(Reason::NotYetValid), true),
        (Outcome::Unknown, State::Queued, Returned, None, true),
    ] {
        let stall = Stall::open().await;
        let sold = stall.sell(stall.song(0, 0)).await;
        let batch = stall.batch(&[sold.seq]).await.id;
        stall.record(batch, &[(sold.seq, outcome)]).await;
        let payment = stall.payment(sold.seq).await;
        assert_eq!((payment.state, payment.reason), (state, reason), "{outcome:?}");
        let proved = !matches!(state, State::Queued | State::Failed | State::Expired);
        assert_eq!(payment.block, proved.then_some(120), "{outcome:?}");
        assert_eq!(payment.transaction, proved.then_some(proof.transaction), "{outcome:?}");
        assert_eq!(stall.held(0).await, if held { PRICE } else { 0 }, "{outcome:?}");
        let detail = stall.store.batch(batch).await.unwrap().unwrap();
        assert_eq!((detail.payments[0].result, detail.payments[0].reason), (result, reason), "{outcome:?}");
        stall.assert_conserved().await;
    }
}

/// I10: each payment by itself.
#[tokio::test]
async fn a_batch_is_as_far_as_its_payments_are() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    let batch = stall.batch(&sold).await.id;
    let state = async || stall.store.batch(batch).await.unwrap().unwrap().summary.state;
    assert_eq!(state().await, BatchState::Preparing);
    let attempt = stall.attempt(batch, 0).await;
    let dear = MinedAttempt { cost: alloy_primitives::U256::MAX, ..mined(&attempt, 120) };
    stall.record_mined(batch, Some(dear), &[(sold[0], Outcome::Settled(evidence(120)))]).await;
    assert_eq!(state().await, BatchState::Submitted);
    let open = stall.store.open_batches(stall.asset).await.unwrap().remove(0);
    assert_eq!(open.payments.iter().map(|one| one.seq).collect::<Vec<_>>(), sold[1..]);
    stall.record(batch, &[(sold[1], Outcome::Expired), (sold[2], Outcome::Unknown)]).await;
    assert_eq!(state().await, BatchState::PartlySettled);
    assert!(stall.store.open_batches(stall.asset).await.unwrap().is_empty());
    let summary = stall.store.batches(None, 1).await.unwrap().remove(0);
    assert_eq!((summary.payments, summary.total), (3, amount(3 * PRICE)));
    assert_eq!((summary.settled_payments, summary.settled_total), (1, amount(PRICE)));
    assert_eq!(summary.closed_at, Some(after(120)));
    let receipt = summary.attempts[0].1.clone().unwrap();
    assert_eq!((receipt.block, receipt.block_hash), (120, evidence(120).block_hash));
    assert_eq!((receipt.gas_used, receipt.cost), (90_000, alloy_primitives::U256::MAX));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_closed_batch_says_how_it_ended() {
    let stall = Stall::open().await;
    for (number, (attempted, outcome, ended)) in [
        (true, Outcome::Settled(evidence(120)), BatchState::Settled),
        (true, Outcome::SettledElsewhere(evidence(120)), BatchState::Failed),
        (true, Outcome::Unknown, BatchState::Failed),
        (false, Outcome::Expired, BatchState::Dissolved),
        (false, Outcome::Unknown, BatchState::Dissolved),
    ]
    .into_iter()
    .enumerate()
    {
        let sold = stall.sell(stall.song(number as u64, 0)).await;
        let batch = stall.batch(&[sold.seq]).await.id;
        if attempted {
            stall.attempt(batch, number as u64).await;
        }
        stall.record(batch, &[(sold.seq, outcome)]).await;
        let summary = stall.store.batch(batch).await.unwrap().unwrap().summary;
        assert_eq!(summary.state, ended, "{outcome:?}");
    }
    stall.assert_conserved().await;
}

/// T46: what was said once stands, whoever says what afterwards.
#[tokio::test]
async fn a_verdict_told_twice_changes_nothing_more() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let batch = stall.batch(&sold).await.id;
    let attempt = stall.attempt(batch, 0).await;
    let outcomes = [(sold[0], Outcome::Settled(evidence(120))), (sold[1], Outcome::Cancelled(evidence(120)))];
    stall.record_mined(batch, Some(mined(&attempt, 120)), &outcomes).await;
    let detail = stall.store.batch(batch).await.unwrap();
    let totals = stall.store.totals().await.unwrap();
    let later = async |outcomes: &[(domain::PaymentSeq, Outcome)]| {
        let attempt = Some(mined(&attempt, 120));
        let verdict = crate::Verdict { batch, attempt, outcomes: outcomes.to_vec(), at: after(999) };
        stall.store.record(verdict).await.unwrap();
    };
    later(&outcomes).await;
    later(&[(sold[0], Outcome::Failed(FailureReason::Refused)), (sold[1], Outcome::Unknown)]).await;
    later(&[]).await;
    assert_eq!(stall.store.batch(batch).await.unwrap(), detail);
    assert_eq!(stall.store.totals().await.unwrap(), totals);
    assert_eq!(stall.held(0).await, PRICE);
    assert_eq!(stall.held(1).await, 0);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn one_payment_named_twice_in_a_verdict_counts_once() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    let batch = stall.batch(&sold).await.id;
    stall.record(batch, &[(sold[0], Outcome::Settled(evidence(120))), (sold[0], Outcome::Expired)]).await;
    assert_eq!(stall.state(sold[0]).await, PaymentState::Settled);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_verdict_cannot_touch_payments_of_another_batch() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let mine = stall.batch(&sold[..1]).await.id;
    stall.batch(&sold[1..]).await;
    stall.record(mine, &[(sold[1], Outcome::Expired)]).await;
    assert_eq!(stall.state(sold[1]).await, PaymentState::Settling);
    let unknown =
        crate::Verdict { batch: domain::BatchId(77), attempt: None, outcomes: vec![], at: after(1) };
    assert!(matches!(stall.store.record(unknown).await, Err(crate::StoreError::NotFound("batch"))));
    stall.assert_conserved().await;
}

/// A payment that went back to the queue settles in its next batch, and only that one counts it.
#[tokio::test]
async fn what_was_returned_is_settled_by_a_later_batch() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    let first = stall.batch(&sold).await.id;
    stall.record(first, &[(sold[0], Outcome::Failed(FailureReason::Paused))]).await;
    let second = stall.settle_one(sold[0], 0, 130).await;
    let payment = stall.payment(sold[0]).await;
    assert_eq!((payment.state, payment.batch, payment.reason), (PaymentState::Settled, Some(second), None));
    let detail = stall.store.batch(first).await.unwrap().unwrap();
    assert_eq!((detail.summary.state, detail.summary.settled_payments), (BatchState::Dissolved, 0));
    // A late word about the first batch does not reach it.
    stall.record(first, &[(sold[0], Outcome::Expired)]).await;
    assert_eq!(stall.state(sold[0]).await, PaymentState::Settled);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_is_proved_and_not_final_is_listed_by_block() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(4).await;
    stall.settle_one(sold[0], 0, 130).await;
    let batch = stall.batch(&sold[1..]).await.id;
    stall
        .record(
            batch,
            &[
                (sold[1], Outcome::Settled(evidence(120))),
                (sold[2], Outcome::Cancelled(evidence(125))),
                (sold[3], Outcome::SettledElsewhere(evidence(120))),
            ],
        )
        .await;
    let of = |block| Unfinal { block, block_hash: evidence(block).block_hash };
    let unfinal = || stall.store.unfinal(stall.asset);
    assert_eq!(unfinal().await.unwrap(), [of(120), of(125), of(130)]);
    stall.finalise(125, after(300)).await;
    assert_eq!(unfinal().await.unwrap(), [of(130)]);
    assert_eq!(stall.payment(sold[2]).await.final_at, Some(after(300)));
    assert_eq!(stall.payment(sold[0]).await.final_at, None);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_settled_batch_becomes_final_with_its_last_payment_and_stays_so() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let batch = stall.batch(&sold).await.id;
    stall.attempt(batch, 0).await;
    let outcomes = [(sold[0], Outcome::Settled(evidence(120))), (sold[1], Outcome::Settled(evidence(121)))];
    stall.record(batch, &outcomes).await;
    let state = async || stall.store.batch(batch).await.unwrap().unwrap().summary.state;
    stall.finalise(120, after(300)).await;
    assert_eq!(state().await, BatchState::Settled);
    stall.finalise(121, after(301)).await;
    assert_eq!(state().await, BatchState::Final);
    stall.finalise(500, after(302)).await;
    assert_eq!(stall.payment(sold[0]).await.final_at, Some(after(300)));
    // A late repetition of the verdict does not make it less than final.
    stall.record(batch, &outcomes).await;
    assert_eq!(state().await, BatchState::Final);
    assert!(stall.store.open_batches(stall.asset).await.unwrap().is_empty());
}

/// A batch that was settled in part says so for ever; that no reorganisation can take it back any
/// more is a fact of its own.
#[tokio::test]
async fn a_batch_that_settled_in_part_becomes_final_and_stays_known_as_partly_settled() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(4).await;
    let batch = stall.batch(&sold[..3]).await.id;
    stall.attempt(batch, 0).await;
    let outcomes = [
        (sold[0], Outcome::Settled(evidence(120))),
        (sold[1], Outcome::Settled(evidence(121))),
        (sold[2], Outcome::Failed(FailureReason::Underfunded)),
    ];
    stall.record(batch, &outcomes).await;
    let whole = stall.settle_one(sold[3], 1, 121).await;
    let stands = async |batch| {
        let summary = stall.store.batch(batch).await.unwrap().unwrap().summary;
        (summary.state, summary.final_at)
    };
    stall.finalise(120, after(300)).await;
    assert_eq!(stands(batch).await, (BatchState::PartlySettled, None), "a part could be taken back");
    stall.finalise(121, after(301)).await;
    assert_eq!(stands(batch).await, (BatchState::PartlySettled, Some(after(301))));
    assert_eq!(stands(whole).await, (BatchState::Final, Some(after(301))));
    stall.finalise(130, after(302)).await;
    assert_eq!(stands(batch).await.1, Some(after(301)), "it was final before");
}

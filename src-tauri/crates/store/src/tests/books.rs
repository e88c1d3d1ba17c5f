//! I16: costs to the last wei, refunds once, and sums that agree with the rows.

use alloy_primitives::{Address, U256};
use domain::{Amount, FailureReason, Outcome, PaymentId};

use super::fixture::{PRICE, Stall, after, amount, evidence, mined, payer};
use crate::{BookLine, COIN_PRICE, NewRefund, ReportBy, StoreError};

fn today() -> i64 {
    after(0).timestamp() / 86_400
}

async fn books(stall: &Stall, by: ReportBy) -> Vec<BookLine> {
    stall.store.books(by, today(), today()).await.unwrap()
}

const COST: u64 = 2_700_000_000_007;

#[tokio::test]
async fn a_transactions_cost_is_spread_over_what_it_carried_and_goes_with_its_block() {
    let stall = Stall::open().await;
    stall.store.set_setting(format!("{COIN_PRICE}ETH"), "2000".to_owned()).await.unwrap();
    let mut sold = stall.sell_songs(3).await;
    sold.push(stall.sell(stall.guide(7, 7)).await.seq);
    let batch = stall.batch(&sold).await.id;
    // Dropped before anything was signed: it cost nothing.
    stall.record(batch, &[(sold[2], Outcome::Failed(FailureReason::Blocked))]).await;
    let attempt = stall.attempt(batch, 1).await;
    let outcomes = [
        (sold[0], Outcome::Settled(evidence(9))),
        (sold[1], Outcome::Failed(FailureReason::Underfunded)),
        (sold[3], Outcome::Settled(evidence(9))),
    ];
    stall.record_mined(batch, Some(mined(&attempt, 9)), &outcomes).await;
    stall.assert_conserved().await;
    let [all] = books(&stall, ReportBy::Asset).await.try_into().unwrap();
    assert_eq!((all.payments, all.gross), (2, amount(2 * PRICE)));
    assert_eq!(all.paid + all.lost, U256::from(COST));
    assert_eq!(all.lost, U256::from(COST / 5 + 1), "a refused payment takes half the gas of a settled one");
    assert_eq!((all.unpriced, all.cost_value), (U256::ZERO, amount(5_400)), "0.0000027 coins at $2000");
    let endpoints = books(&stall, ReportBy::Endpoint).await;
    assert_eq!(endpoints.iter().map(|line| line.paid + line.lost).sum::<U256>(), U256::from(COST));
    assert!(endpoints.iter().all(|line| line.payments == 1));
    let costs = stall.store.costs((domain::BatchId(0), domain::PaymentSeq(0)), 10).await.unwrap();
    assert_eq!(costs.iter().map(|row| row.lost).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(costs.iter().map(|row| row.wei).sum::<U256>(), U256::from(COST));

    stall.store.take_back(stall.asset, evidence(9).block_hash).await.unwrap();
    stall.assert_conserved().await;
    let [all] = books(&stall, ReportBy::Asset).await.try_into().unwrap();
    assert_eq!(
        (all.gross, all.paid, all.lost, all.cost_value),
        (amount(0), U256::ZERO, U256::ZERO, amount(0))
    );
}

#[tokio::test]
async fn without_a_price_of_the_coin_costs_are_told_in_coins_only_and_a_later_price_changes_nothing() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    stall.settle_one(sold[0], 0, 9).await;
    let [before] = books(&stall, ReportBy::Asset).await.try_into().unwrap();
    assert_eq!((before.unpriced, before.cost_value), (U256::from(COST), amount(0)));
    stall.store.set_setting(format!("{COIN_PRICE}ETH"), "2000".to_owned()).await.unwrap();
    stall.settle_one(sold[1], 1, 10).await;
    let [after] = books(&stall, ReportBy::Asset).await.try_into().unwrap();
    assert_eq!((after.unpriced, after.cost_value), (U256::from(COST), amount(5_400)));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn books_tell_what_came_from_whom() {
    let stall = Stall::open().await;
    let sold = [
        stall.sell(stall.song(0, 0)).await.seq,
        stall.sell(stall.song(1, 1)).await.seq,
        stall.sell(stall.song(1, 2)).await.seq,
    ];
    for (block, seq) in (9..).zip(sold) {
        stall.settle_one(seq, block, block).await;
    }
    let payers = stall.store.books_by_payer(today(), today(), 10).await.unwrap();
    let told: Vec<_> = payers.iter().map(|line| (line.payer.unwrap(), line.payments, line.paid)).collect();
    assert_eq!(told, [(payer(1), 2, U256::from(2 * COST)), (payer(0), 1, U256::from(COST))]);
    assert!(stall.store.books_by_payer(today() + 1, today() + 9, 10).await.unwrap().is_empty());
    let [day] = books(&stall, ReportBy::Day).await.try_into().unwrap();
    assert_eq!((day.day, day.gross), (Some(today()), amount(3 * PRICE)));
}

fn refund(payment: PaymentId, atomic: u64, transfer: u64) -> NewRefund {
    NewRefund {
        payment,
        sender: Address::repeat_byte(0x55),
        amount: Amount::from_atomic(atomic).unwrap(),
        evidence: evidence(20),
        log_index: transfer,
        note: Some("sorry".to_owned()),
        at: after(500),
    }
}

#[tokio::test]
async fn a_transfer_gives_back_once_and_never_more_than_was_paid() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.settle_one(sold.seq, 0, 9).await;
    let recorded = stall.store.record_refund(refund(sold.id, 4, 1)).await.unwrap();
    assert_eq!((recorded.payer, recorded.amount, recorded.block), (payer(0), amount(4), 20));
    for wrong in [refund(sold.id, 4, 1), refund(sold.id, PRICE - 3, 2)] {
        assert!(matches!(stall.store.record_refund(wrong).await, Err(StoreError::Conflict(_))));
    }
    stall.store.record_refund(refund(sold.id, PRICE - 4, 2)).await.unwrap();
    assert_eq!(stall.store.given_back(sold.seq).await.unwrap(), amount(PRICE));
    let listed = stall.store.refunds(Some(sold.seq), None, 10).await.unwrap();
    assert_eq!(listed.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [amount(PRICE - 4), amount(4)]);
    assert!(stall.store.is_refund(stall.asset, evidence(20).transaction, 1).await.unwrap());
    let [all] = books(&stall, ReportBy::Asset).await.try_into().unwrap();
    assert_eq!((all.refunds, all.refunded), (2, amount(PRICE)));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_came_to_an_address_is_listed_between_two_blocks() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    for (block, seq) in (9..).zip(&sold) {
        stall.settle_one(*seq, block, block).await;
    }
    let (asset, address) = stall.store.payout_addresses().await.unwrap()[0];
    let booked = stall.store.booked(asset, address, 10, 11).await.unwrap();
    assert_eq!(
        booked.iter().map(|one| (one.block, one.payer)).collect::<Vec<_>>(),
        [(10, payer(1)), (11, payer(2))]
    );
    assert!(stall.store.booked(asset, payer(9), 0, 99).await.unwrap().is_empty());
    assert_eq!(stall.store.first_block(asset).await.unwrap(), Some(super::fixture::BLOCK));
    assert_eq!(stall.store.check().await.unwrap(), None);
}

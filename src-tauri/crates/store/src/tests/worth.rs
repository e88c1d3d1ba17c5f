use domain::{FailureReason, NetworkId, Outcome, PaymentState};

use super::fixture::{Stall, after, amount};
use crate::{COIN_PRICE, Choice, Look, TOLD_FOR};

/// T25, I8: what is given up is given up in the open, once, and the books still come to the same.
#[tokio::test]
async fn what_is_not_worth_its_gas_is_written_off_with_its_reason_and_its_hold_goes() {
    let stall = Stall::open().await;
    let payments = stall.sell_songs(3).await;
    stall.batch(&payments[2..]).await;
    stall.store.write_off_unworthy(payments.clone(), after(60)).await.unwrap();
    stall.store.write_off_unworthy(payments.clone(), after(70)).await.unwrap();
    let payment = stall.payment(payments[0]).await;
    assert_eq!((payment.state, payment.reason), (PaymentState::WrittenOff, Some(FailureReason::NotWorthGas)));
    assert_eq!(stall.held(0).await, 0);
    assert_eq!(stall.state(payments[2]).await, PaymentState::Settling, "it is on its way");
    stall.assert_conserved().await;
}

/// T25, I8: the seller has the last word while the authorization holds, and is not asked twice.
#[tokio::test]
async fn what_was_not_worth_its_gas_is_queued_again_when_the_seller_wants_it_sent() {
    let stall = Stall::open().await;
    let payments = stall.sell_songs(2).await;
    stall.store.write_off_unworthy(payments.clone(), after(60)).await.unwrap();
    let payment = stall.payment(payments[0]).await;
    assert!(stall.store.take_up_again(payment.id, after(70)).await.unwrap());
    assert!(!stall.store.take_up_again(payment.id, after(71)).await.unwrap(), "it is in the queue");
    assert_eq!(
        (stall.state(payments[0]).await, stall.held(0).await),
        (PaymentState::Queued, payment.amount.atomic())
    );
    let queued = stall.store.queued(payment.asset_id, Choice::All, 9).await.unwrap();
    assert_eq!(queued.iter().map(|one| (one.seq, one.insisted)).collect::<Vec<_>>(), [(payments[0], true)]);
    stall.assert_conserved().await;

    let batch = stall.batch(&payments[..1]).await.id;
    stall.record(batch, &[(payments[0], Outcome::Unknown)]).await;
    let queued = stall.store.queued(payment.asset_id, Choice::All, 9).await.unwrap();
    assert!(queued[0].insisted, "also when it came back");

    let over = stall.payment(payments[1]).await;
    let end = i64::try_from(over.valid_before).unwrap();
    let end = chrono::DateTime::from_timestamp(end, 0).unwrap();
    assert!(!stall.store.take_up_again(over.id, end).await.unwrap(), "nothing can settle it any more");
    assert_eq!(stall.state(payments[1]).await, PaymentState::WrittenOff);
}

/// T25: what only the price of gas gave up is watched, and comes back when that falls.
#[tokio::test]
async fn what_was_not_worth_its_gas_is_looked_at_until_it_is() {
    let stall = Stall::open().await;
    let payments = stall.sell_songs(1).await;
    stall.store.write_off_unworthy(payments.clone(), after(60)).await.unwrap();
    let asset = stall.payment(payments[0]).await.asset_id;
    let watched = stall.store.watched(asset, after(600), 9).await.unwrap();
    assert!(watched[0].was_unworthy());
    let moved = stall.store.note_looks(vec![(payments[0], Look::Retry)], after(600)).await.unwrap();
    assert_eq!(moved, payments);
    let payment = stall.payment(payments[0]).await;
    assert_eq!((payment.state, payment.reason), (PaymentState::Queued, None));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_coin_is_worth_what_the_seller_said() {
    let stall = Stall::open().await;
    let price = || stall.store.coin_price(NetworkId::BASE_SEPOLIA, after(100));
    assert_eq!(price().await.unwrap(), None);
    let told = async |price, at| {
        stall.store.note_coin_price(NetworkId::BASE_SEPOLIA, amount(price), at).await.unwrap();
    };
    told(2_900_000_000, after(100) - TOLD_FOR).await;
    assert_eq!(price().await.unwrap(), None, "nobody knows whether it is still so");
    told(3_100_000_000, after(90)).await;
    assert_eq!(price().await.unwrap(), Some(amount(3_100_000_000)));
    stall.store.set_setting(format!("{COIN_PRICE}ETH"), "3000.5".to_owned()).await.unwrap();
    assert_eq!(price().await.unwrap(), Some(amount(3_000_500_000)));
}

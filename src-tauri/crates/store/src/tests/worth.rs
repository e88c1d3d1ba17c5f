use domain::{FailureReason, NetworkId, PaymentState};

use super::fixture::{Stall, after, amount};
use crate::COIN_PRICE;

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

#[tokio::test]
async fn a_coin_is_worth_what_the_seller_said() {
    let stall = Stall::open().await;
    let price = || stall.store.coin_price(NetworkId::BASE_SEPOLIA);
    assert_eq!(price().await.unwrap(), None);
    stall.store.set_setting(format!("{COIN_PRICE}ETH"), "3000.5".to_owned()).await.unwrap();
    assert_eq!(price().await.unwrap(), Some(amount(3_000_500_000)));
}

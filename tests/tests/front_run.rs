//! Somebody else submits the authorization first.

use alloy_primitives::U256;
use integration::{Buyer, TOKEN, UNITS};

use crate::shared::{buy, funded, payment_of, stall};

/// T07: the money is there, so the payment is paid, by the other transaction; it is not sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_a_stranger_settled_is_settled_elsewhere_with_the_strangers_hash() {
    let (stall, books) = stall().await;
    let buyer = funded(&stall, "1.00").await;
    let sold = buy(&stall, &buyer).await;
    for _ in 0..3 {
        buy(&stall, &funded(&stall, "0.05").await).await;
    }
    let foreign = stall.node().await.send(&Buyer::new(), TOKEN, sold.call()).await;

    let settled = stall.settle().await;
    assert_eq!(settled.code, 0, "all of it is paid: {}", settled.in_words());
    assert_eq!(stall.states().await, ["settled", "settled", "settled", "settled_elsewhere"]);
    let payment = payment_of(&stall, &buyer).await;
    assert_eq!(payment["transaction"].as_str().unwrap(), foreign.hash.to_string());
    assert_eq!(books.agree(&stall).await, U256::from(4 * UNITS));
    assert_eq!(stall.exposure().await, U256::ZERO);
}

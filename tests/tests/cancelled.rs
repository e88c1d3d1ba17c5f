//! A payer who takes the authorization back.

use alloy_primitives::U256;
use integration::{Buyer, TOKEN, UNITS};

use crate::shared::{buy, funded, payment_of, stall};

/// T06, I7: a cancelled nonce looks used on chain, and is not paid.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_authorization_is_cancelled_and_the_others_settle() {
    let (stall, books) = stall().await;
    let quitter = funded(&stall, "1.00").await;
    let sold = buy(&stall, &quitter).await;
    for _ in 0..3 {
        buy(&stall, &funded(&stall, "0.05").await).await;
    }
    let cancellation = quitter.cancellation(&sold.terms.domain, sold.authorization.nonce);
    stall.node().await.send(&Buyer::new(), TOKEN, cancellation).await;

    let settled = stall.settle().await;
    assert_eq!(settled.code, 6, "{}", settled.in_words());
    assert_eq!(stall.states().await, ["cancelled", "settled", "settled", "settled"]);
    let payment = payment_of(&stall, &quitter).await;
    assert_eq!(payment["state"], "cancelled");
    assert_eq!(books.agree(&stall).await, U256::from(3 * UNITS));
    assert_eq!(stall.exposure().await, U256::ZERO);
}

//! A payer who uses one nonce for two transfers books nothing twice (I7).

use alloy_primitives::U256;
use integration::{Buyer, MULTICALL3, TOKEN, UNITS, both};

use crate::shared::{buy, funded, only, stall};

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_spent_on_another_transfer_is_diverted_and_not_settled() {
    let (stall, books) = stall().await;
    let (cheat, honest) = (funded(&stall, "1.00").await, funded(&stall, "1.00").await);
    let sold = buy(&stall, &cheat).await;
    buy(&stall, &honest).await;
    let mut to_itself = sold.authorization;
    to_itself.to = cheat.address();
    let to_itself = cheat.sign_this(&sold.terms, to_itself);
    stall.node().await.send(&Buyer::new(), TOKEN, to_itself.call()).await;

    let settled = stall.settle().await;
    assert_eq!(settled.code, 6, "{}", settled.in_words());
    assert_eq!(stall.states().await, ["diverted", "settled"]);
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

/// Both transfers in one transaction: its logs hold the diverted nonce and a transfer to the seller of the right value,
/// but that transfer belongs to the other nonce.
#[tokio::test(flavor = "multi_thread")]
async fn one_transfer_never_pays_for_two_nonces_of_the_same_transaction() {
    for cheat_first in [true, false] {
        let (stall, books) = stall().await;
        let cheat = funded(&stall, "1.00").await;
        let (first, second) = (buy(&stall, &cheat).await, buy(&stall, &cheat).await);
        let mut to_itself = first.authorization;
        to_itself.to = cheat.address();
        let mut calls = vec![cheat.sign_this(&first.terms, to_itself).call(), second.call()];
        if !cheat_first {
            calls.reverse();
        }
        let foreign = stall.node().await.send(&Buyer::new(), MULTICALL3, both(calls)).await;

        let settled = stall.settle().await;
        assert_eq!(settled.code, 6, "{}", settled.in_words());
        let payments = stall.payments().await;
        only(&payments, "diverted");
        let elsewhere = only(&payments, "settled_elsewhere");
        assert_eq!(elsewhere["transaction"].as_str().unwrap(), foreign.hash.to_string());
        assert_eq!(books.agree(&stall).await, U256::from(UNITS));
        assert_eq!(stall.exposure().await, U256::ZERO);
    }
}

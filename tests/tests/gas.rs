//! What settling costs.

use alloy_primitives::U256;
use integration::{Node, Stall, UNITS};
use serde_json::Value;

use crate::shared::{buy, crowd, stall};

/// The only attempt of the newest batch: payments in it, gas it used.
async fn newest_batch(stall: &Stall, node: &Node) -> (u64, u64) {
    let batches = stall.cli(&["batch", "list"]).await;
    let batch: &Value = &batches["items"][0];
    let attempts = batch["attempts"].as_array().expect("attempts");
    assert_eq!(attempts.len(), 1, "{batch}");
    let hash = attempts[0]["hash"].as_str().unwrap().parse().unwrap();
    let mined = node.mined(hash).await.expect("it is in a block");
    assert!(mined.succeeded);
    (batch["payments"].as_u64().unwrap(), mined.gas_used)
}

/// 52 000 is one multicall's share at fifty; a single transfer of this token costs what the real one does.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_payers_settle_in_one_transaction_at_52_000_gas_each_where_one_alone_costs_85_000() {
    let (stall, books) = stall().await;
    let node = stall.node().await;
    let buyers = crowd(&stall, 52).await;
    // The payout address' first money ever makes its first transfer dearer.
    for buyer in &buyers[..2] {
        buy(&stall, buyer).await;
        assert_eq!(stall.settle().await.code, 0);
    }
    let (payments, gas) = newest_batch(&stall, &node).await;
    assert_eq!(payments, 1);
    println!("one alone: {gas} gas");
    assert!((84_000..=88_000).contains(&gas), "one alone used {gas}");

    for buyer in &buyers[2..] {
        buy(&stall, buyer).await;
    }
    assert_eq!(stall.settle().await.code, 0);
    let (payments, gas) = newest_batch(&stall, &node).await;
    assert_eq!(payments, 50);
    println!("fifty together: {gas} gas, {} each", gas / 50);
    assert!(gas <= 50 * 52_000, "fifty used {gas}, {} each", gas / 50);
    assert_eq!(books.agree(&stall).await, U256::from(52 * UNITS));
}

/// The seller decides by the dry run: what it says of the first money, of one and of several is what it costs.
#[tokio::test(flavor = "multi_thread")]
async fn the_dry_run_foretells_the_gas() {
    let (stall, _) = stall().await;
    let node = stall.node().await;
    let buyers = crowd(&stall, 15).await;
    let mut rest = &buyers[..];
    for count in [1, 1, 3, 10] {
        let (now, later) = rest.split_at(count);
        rest = later;
        for buyer in now {
            buy(&stall, buyer).await;
        }
        let foretold = stall.cli(&["settle", "--dry-run"]).await["networks"][0]["gas"].as_u64().unwrap();
        assert_eq!(stall.settle().await.code, 0);
        let (payments, used) = newest_batch(&stall, &node).await;
        assert_eq!(payments, count as u64);
        println!("{count}: {foretold} gas foretold, {used} used");
        assert!(foretold.abs_diff(used) * 50 <= used, "{count}: {foretold} foretold, {used} used");
    }
}

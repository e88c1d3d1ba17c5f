//! What a window on a running stall asks and hears.

use std::time::Duration;

use alloy_primitives::U256;
use futures::future::join_all;
use integration::{Buyer, Door, Stall, UNITS, eventually, freeze, node_of, thaw};
use serde_json::{Value, json};

use crate::shared::{PATH, buy, crowd, funded, stall};

async fn settle(stall: &Stall, key: &str) -> Vec<Value> {
    let view = Door::open(stall).await.ask("settle", json!({ "key": key })).await;
    view["items"].as_array().expect("batches").iter().map(|batch| batch["id"].clone()).collect()
}

/// T41, I9.
#[tokio::test(flavor = "multi_thread")]
async fn five_quick_presses_with_one_key_send_one_transaction_and_never_another() {
    let (mut stall, books) = stall().await;
    let buyers = crowd(&stall, 5).await;
    for buyer in &buyers[..4] {
        buy(&stall, buyer).await;
    }
    let preview = Door::open(&stall).await.ask("settle_preview", Value::Null).await;
    assert_eq!(preview["count"], 4);
    assert_eq!(preview["hindered"], json!([]));
    assert!(preview["nextDeadline"].is_number(), "{preview}");
    let [network] = preview["networks"].as_array().unwrap().as_slice() else { panic!("{preview}") };
    assert_eq!((&network["count"], &network["nativeSymbol"]), (&json!(4), &json!("ETH")));
    assert!(network["payTo"].is_string(), "{network}");

    let presses = join_all((0..5).map(|_| settle(&stall, "one-press"))).await;
    assert_eq!(presses[0].len(), 1);
    assert!(presses.iter().all(|made| *made == presses[0]), "{presses:?}");
    assert_eq!(stall.settle().await.code, 0);

    // Whatever is sold since then, also after a restart, the same press is done.
    buy(&stall, &buyers[4]).await;
    assert_eq!(settle(&stall, "one-press").await, presses[0]);
    stall.restart().await;
    assert_eq!(settle(&stall, "one-press").await, presses[0]);
    assert_eq!(stall.states().await.iter().filter(|state| *state == "queued").count(), 1);
    let batches = stall.cli(&["batch", "list"]).await;
    let [batch] = batches["items"].as_array().expect("batches").as_slice() else { panic!("{batches}") };
    assert_eq!(batch["attempts"].as_array().expect("attempts").len(), 1);
    assert_eq!(batch["final"], true);
    assert!(batch["feeFormatted"].as_str().expect("a fee").starts_with("0."), "{batch}");
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(books.agree(&stall).await, U256::from(5 * UNITS));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_stall_stays_closed_over_a_restart_and_sells_again_when_it_is_opened() {
    let (mut stall, _) = stall().await;
    let buyer = funded(&stall, "1.00").await;
    Door::open(&stall).await.ask("stall_set", json!({ "selling": false })).await;
    assert_eq!(stall.visitor().ask(PATH).await.status, 503);
    stall.restart().await;
    let answer = stall.visitor().ask(PATH).await;
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some());
    Door::open(&stall).await.ask("stall_set", json!({ "selling": true })).await;
    buy(&stall, &buyer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_told_within_two_seconds_and_a_silent_node_within_ten() {
    let (stall, _) = stall().await;
    let buyer: Buyer = funded(&stall, "1.00").await;
    let mut watching = Door::open(&stall).await.watch().await;
    buy(&stall, &buyer).await;
    assert!(watching.tells("payments", Duration::from_secs(2)).await);
    eventually("a healthy stall", async || {
        Door::open(&stall).await.ask("status", Value::Null).await["offlineReason"].is_null()
    })
    .await;
    while watching.tells("status", Duration::from_secs(5)).await {}

    let node = node_of(&stall.data())[0];
    freeze(node);
    assert!(watching.tells("status", Duration::from_secs(10)).await);
    let status = Door::open(&stall).await.ask("status", Value::Null).await;
    assert!(status["offlineReason"].is_string(), "{status}");
    thaw(node);
    assert!(watching.tells("status", Duration::from_secs(10)).await);
    eventually("the stall is back", async || {
        Door::open(&stall).await.ask("status", Value::Null).await["offlineReason"].is_null()
    })
    .await;
}

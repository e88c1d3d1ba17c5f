use serde_json::{Value, json};

use super::fixture::Stall;

#[tokio::test]
async fn the_switch_is_kept_across_restarts() {
    let stall = Stall::open().await;
    assert_eq!(stall.ask("status", Value::Null).await["selling"], true);
    assert_eq!(stall.ask("stall_set", json!({ "selling": false })).await["selling"], false);
    let stall = stall.restart().await;
    assert_eq!(stall.ask("status", Value::Null).await["selling"], false);
    assert!(!*stall.app.engine().unwrap().selling().borrow());
    assert_eq!(stall.ask("stall_set", json!({ "selling": true })).await["selling"], true);
    assert!(*stall.app.engine().unwrap().selling().borrow());
    stall.app.stop().await;
}

#[tokio::test]
async fn a_stall_that_cannot_sell_says_why() {
    let stall = Stall::open().await;
    let status = stall.ask("status", Value::Null).await;
    assert_eq!(status["offlineReason"], "No network is set up yet.");
    stall.network().await;
    let stall = stall.restart().await;
    assert!(stall.ask("status", Value::Null).await["offlineReason"].is_string());
    let items = stall.ask("attention_list", Value::Null).await["items"].take();
    assert_eq!(items[0]["kind"], "network");
    assert_eq!(items[0]["action"], "check_node");
    assert_eq!(items[0]["network"], "eip155:84532");
    stall.app.stop().await;
}

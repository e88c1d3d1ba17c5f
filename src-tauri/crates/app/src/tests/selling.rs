use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixture::{Stall, until};
use crate::{Environment, ErrorCode};

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

fn serves(stall: &Stall) -> bool {
    *stall.app.engine().unwrap().selling().borrow()
}

#[tokio::test]
async fn a_pause_ends_by_itself_over_restarts_and_whoever_opens_ends_it() {
    let stall = Stall::open().await;
    let until = (stall.app.clock().now() + TimeDelta::hours(1)).timestamp_millis();
    let paused = stall.ask("stall_set", json!({ "selling": false, "minutes": 60 })).await;
    assert_eq!((&paused["selling"], &paused["pausedUntil"]), (&json!(false), &json!(until)));
    let stall = stall.restart().await;
    assert!(!serves(&stall));
    let news = stall.ask("stall_news", json!({})).await;
    assert_eq!((&news["pausedUntil"], &news["alerts"]), (&json!(until), &json!([])));
    stall.clock.advance(TimeDelta::minutes(59));
    assert_eq!(stall.ask("status", Value::Null).await["pausedUntil"], until);
    stall.clock.advance(TimeDelta::minutes(1));
    stall.until("status", |status| status["selling"] == true).await;
    assert!(serves(&stall));
    assert_eq!(stall.ask("status", Value::Null).await["pausedUntil"], Value::Null);

    // One that was over while nothing ran is over at the start.
    stall.ask("stall_set", json!({ "selling": false, "minutes": 5 })).await;
    let clock = stall.clock.clone();
    let stall = stall.restart_after(async |_| clock.advance(TimeDelta::minutes(6))).await;
    assert!(serves(&stall));

    stall.ask("stall_set", json!({ "selling": false, "minutes": 5 })).await;
    assert_eq!(stall.ask("stall_set", json!({ "selling": true })).await["pausedUntil"], Value::Null);
    assert!(serves(&stall));
    stall.app.stop().await;
}

/// Sales come by the thousand; whether the switch stands as it may is asked when something about it changes.
#[tokio::test]
async fn the_switch_is_not_looked_at_for_each_payment() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let over = stall.app.clock().now() + TimeDelta::minutes(5);
    stall.ask("stall_set", json!({ "selling": false, "minutes": 5 })).await;
    until(async || stall.clock.waits_for(over) > 0).await;
    let looked = stall.clock.waits_for(over);
    for _ in 0..5 {
        stall.sell(&guide).await;
    }
    stall.clock.advance(TimeDelta::minutes(5));
    until(async || serves(&stall)).await;
    assert_eq!(stall.clock.waits_for(over), looked);
    stall.app.stop().await;
}

#[tokio::test]
async fn only_what_is_open_is_paused_and_for_a_week_at_most() {
    let stall = Stall::open().await;
    for request in [
        json!({ "selling": true, "minutes": 5 }),
        json!({ "selling": false, "minutes": 0 }),
        json!({ "selling": false, "minutes": 7 * 24 * 60 + 1 }),
    ] {
        assert_eq!(stall.refused("stall_set", request).await.code, ErrorCode::InvalidRequest);
    }
    stall.ask("stall_set", json!({ "selling": false })).await;
    let refused = stall.refused("stall_set", json!({ "selling": false, "minutes": 5 })).await;
    assert_eq!(refused.code, ErrorCode::Conflict);
    stall.app.stop().await;
    // With real money a stall that is not open does not become so by waiting.
    let live = Stall::open_in(Environment::Live).await;
    let refused = live.refused("stall_set", json!({ "selling": false, "minutes": 5 })).await;
    assert_eq!(refused.code, ErrorCode::Conflict);
    live.app.stop().await;
}

#[tokio::test]
async fn a_stall_that_should_begin_closed_does() {
    let stall = Stall::open().await;
    stall.ask("settings_set", json!({ "key": "selling-at-start", "value": "closed" })).await;
    assert!(serves(&stall));
    let stall = stall.restart().await;
    assert_eq!(stall.ask("status", Value::Null).await["selling"], false);
    stall.ask("stall_set", json!({ "selling": true })).await;
    stall.ask("settings_set", json!({ "key": "selling-at-start", "value": "" })).await;
    let stall = stall.restart().await;
    assert!(serves(&stall));
    stall.app.stop().await;
}

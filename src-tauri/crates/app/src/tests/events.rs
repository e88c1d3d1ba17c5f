use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::fixture::Stall;
use crate::{Control, Environment, Stale};

const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_turned_switch_and_a_sale_are_told_within_two_seconds_also_over_the_control_socket() {
    let mut stall = Stall::open().await;
    let offer = stall.add("/guide").await;
    let mut events = stall.app.events();
    let control = Control::connect(stall.app.data_dir()).await.unwrap();
    let mut watching = control.watch(Some(Environment::Test)).await.unwrap();

    stall.ask("stall_set", json!({ "selling": false })).await;
    timeout(SOON, async { while !events.next().await.unwrap().stale.contains(&Stale::Status) {} })
        .await
        .unwrap();
    timeout(SOON, async { while !watching.next().await.unwrap().stale.contains(&Stale::Status) {} })
        .await
        .unwrap();
    stall.sell(&offer).await;
    timeout(SOON, async { while !events.next().await.unwrap().stale.contains(&Stale::Payments) {} })
        .await
        .unwrap();
    timeout(SOON, async { while !watching.next().await.unwrap().stale.contains(&Stale::Payments) {} })
        .await
        .unwrap();

    stall.app.stop().await;
    assert_eq!(timeout(SOON, async { while watching.next().await.is_some() {} }).await, Ok(()));
}

#[tokio::test]
async fn nobody_watches_a_stall_of_another_environment() {
    let stall = Stall::open().await;
    let control = Control::connect(stall.app.data_dir()).await.unwrap();
    assert!(control.watch(Some(Environment::Practice)).await.is_err());
    stall.app.stop().await;
}

#[tokio::test]
async fn the_node_is_looked_at_only_while_somebody_watches() {
    let stall = Stall::open().await;
    assert!(stall.app.seen_health().borrow().is_none());
    let mut events = stall.app.events();
    let patience = Duration::from_secs(10);
    timeout(patience, async { while !events.next().await.unwrap().stale.contains(&Stale::Status) {} })
        .await
        .unwrap();
    assert!(stall.app.seen_health().borrow().is_some());
    assert_eq!(stall.ask("status", Value::Null).await["offlineReason"], "No network is set up yet.");
    stall.app.stop().await;
}

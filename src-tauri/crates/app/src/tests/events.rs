use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::fixture::{Stall, until};
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

/// I14: whoever looks at the window learns of it without asking, and nobody has to buy first.
#[tokio::test]
async fn a_file_that_changed_or_came_back_is_told_without_any_request() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    stall.app.on_the_shelf().await;
    let mut events = stall.app.events();
    let items = async || stall.ask("attention_list", Value::Null).await["items"].take();
    for (content, reason) in
        [("longer than it was", "file_changed"), ("/guide", ""), ("/gu1de", "file_changed")]
    {
        // What was published is known to be read through before anything else is written.
        until(async || items().await.as_array().unwrap().is_empty() != reason.is_empty()).await;
        stall.file("guide.txt", content);
        timeout(Duration::from_secs(20), async {
            loop {
                stall.clock.advance(TimeDelta::seconds(5));
                let told = timeout(Duration::from_millis(300), events.next()).await;
                if told.is_ok_and(|event| event.unwrap().stale.contains(&Stale::Endpoints)) {
                    return;
                }
            }
        })
        .await
        .unwrap();
        until(async || items().await[0]["reason"].as_str().unwrap_or_default() == reason).await;
    }
    stall.app.stop().await;
}

//! Endpoints that go from one environment into another.

use alloy_primitives::Address;
use domain::NetworkId;
use serde_json::{Value, json};
use store::NetworkRow;

use super::fixture::Stall;
use crate::{Environment, ErrorCode};

fn changes(view: &Value) -> Vec<(&str, &str)> {
    let items = view["items"].as_array().unwrap().iter();
    items.map(|item| (item["path"].as_str().unwrap(), item["change"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn endpoints_are_copied_with_their_ids_and_prices_and_nothing_that_was_sold() {
    let network = |pay_to| NetworkRow {
        pay_to: Some(Address::repeat_byte(pay_to)),
        token: Some(Address::repeat_byte(0x36)),
        ..NetworkRow::new(NetworkId::BASE_SEPOLIA)
    };
    let mut stall = Stall::open().await;
    stall.app.store().set_network(network(0x55), stall.app.clock().now()).await.unwrap();
    let offer = stall.add("/novel").await;
    stall.add("/song").await;
    stall.sell(&offer).await;
    let everywhere = json!({ "from": "test", "to": "live" });
    let nowhere = stall.refused("endpoint_copy_preview", everywhere.clone()).await;
    assert_eq!(nowhere.code, ErrorCode::NotFound);
    assert!(!stall.data_dir().join("live").exists(), "looking makes nothing");

    let stall = stall.restart_in(Environment::Live).await;
    let unpriced = stall.refused("endpoint_copy_preview", json!({ "from": "test" })).await;
    assert_eq!(unpriced.code, ErrorCode::Unavailable);
    stall.app.store().set_network(network(0x77), stall.app.clock().now()).await.unwrap();
    stall.asset().await;

    let seen = stall.ask("endpoint_copy_preview", json!({ "from": "test" })).await;
    assert_eq!(changes(&seen), [("/novel", "new"), ("/song", "new")]);
    assert_eq!((&seen["copied"], &seen["items"][0]["price"]), (&json!(0), &json!("0.05")));
    assert_eq!(stall.ask("endpoint_list", json!(null)).await["items"], json!([]));
    let one = json!({ "from": "test", "endpoints": ["/novel"] });
    assert_eq!(stall.ask("endpoint_copy", one.clone()).await["copied"], 1);
    let there = stall.ask("endpoint_show", json!({ "endpoint": "/novel" })).await;
    assert_eq!(there["id"], offer.endpoint.to_string());
    assert_eq!((&there["formatted"], &there["sales"]), (&json!("0.05"), &json!(0)));
    assert_eq!(there["payTo"], Address::repeat_byte(0x77).to_string());
    assert_eq!(stall.ask("payment_list", json!({})).await["items"], json!([]));
    assert_eq!(
        stall.ask("endpoint_versions", json!({ "endpoint": "/novel" })).await["items"][0]["bought"],
        0
    );

    let again = stall.ask("endpoint_copy", json!({ "from": "test" })).await;
    assert_eq!(changes(&again), [("/novel", "same"), ("/song", "new")]);
    assert_eq!(again["copied"], 1);
    // Somebody else's path is never taken over.
    let edit = json!({ "endpoint": "/song", "title": "A song" });
    stall.ask("endpoint_edit", edit).await;
    let seen = stall.ask("endpoint_copy_preview", json!({ "from": "test" })).await;
    assert_eq!(
        (changes(&seen)[1], &seen["items"][1]["differs"]),
        (("/song", "changed"), &json!(["details"]))
    );
    stall.ask("endpoint_remove", json!({ "endpoint": "/novel" })).await;
    stall.add("/novel").await;
    let seen = stall.ask("endpoint_copy", json!({ "from": "test" })).await;
    assert_eq!(changes(&seen), [("/novel", "refused"), ("/song", "changed")]);
    assert_eq!(seen["items"][0]["why"], "/novel is already the path of another endpoint there.");
    let song = stall.ask("endpoint_show", json!({ "endpoint": "/song" })).await;
    assert_eq!(song["title"], "song.txt");

    // The other way, into an environment that is closed.
    let back = stall.ask("endpoint_copy", json!({ "to": "test", "endpoints": ["song"] })).await;
    assert_eq!(changes(&back), [("/song", "same")]);
    assert_eq!(stall.refused("endpoint_copy", json!({ "to": "live" })).await.code, ErrorCode::InvalidRequest);
    assert_eq!(
        stall.refused("endpoint_copy", json!({ "to": "test", "endpoints": ["x"] })).await.code,
        ErrorCode::NotFound
    );
    let stall = stall.restart_in(Environment::Test).await;
    assert_eq!(stall.ask("payment_list", json!({})).await["items"].as_array().unwrap().len(), 1);
    stall.app.stop().await;
}

use alloy_primitives::hex;
use serde_json::{Value, json};
use wallet::GasWallet;

use super::fixture::Stall;
use crate::{Environment, ErrorCode};

const BASE: &str = "eip155:8453";

fn owner() -> GasWallet {
    GasWallet::from_key_bytes(&mut [0x42; 32]).unwrap()
}

/// Base, with a node that nobody runs, and a payout address.
async fn set_up(stall: &Stall) {
    let pay_to = owner().address().to_string();
    let set = json!({ "network": BASE, "rpcUrls": ["http://127.0.0.1:9"], "payTo": pay_to });
    stall.ask("network_set", set).await;
}

async fn verify(stall: &Stall) {
    let view = stall.ask("payout_show", Value::Null).await["items"][0].take();
    let message = view["message"].as_str().unwrap();
    let signature = owner().sign_hash(&alloy_primitives::eip191_hash_message(message)).unwrap();
    let signature = hex::encode_prefixed(signature);
    stall.ask("payout_verify", json!({ "network": BASE, "signature": signature })).await;
}

async fn bar(stall: &Stall) -> Value {
    stall.ask("status", Value::Null).await["bar"].take()
}

/// What is open of what must be done.
async fn open(stall: &Stall) -> Vec<Value> {
    let list = stall.ask("live_checklist", Value::Null).await;
    let items = list["items"].as_array().unwrap();
    let open = items.iter().filter(|item| item["mandatory"] == true && item["done"] == false);
    let open: Vec<_> = open.map(|item| item["item"].clone()).collect();
    assert_eq!(list["ready"], open.is_empty());
    open
}

#[tokio::test]
async fn real_money_is_refused_until_what_must_be_done_is_done() {
    let stall = Stall::open_in(Environment::Live).await;
    let status = stall.ask("status", Value::Null).await;
    assert_eq!((&status["selling"], &status["bar"]["kind"]), (&json!(false), &json!("live_not_ready")));
    assert_eq!(open(&stall).await, ["node", "payout", "gas"]);
    let refused = stall.refused("stall_set", json!({ "selling": true })).await;
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert!(refused.message.contains("No network is set up yet."), "{refused}");

    set_up(&stall).await;
    verify(&stall).await;
    stall.ask("wallet_create", json!({ "passphrase": "correct horse" })).await;
    // The node does not answer, so neither it nor the gas can be relied on.
    assert_eq!(open(&stall).await, ["node", "gas"]);
    assert_eq!(bar(&stall).await["kind"], "live_closed");
    assert_eq!(stall.refused("stall_set", json!({ "selling": true })).await.code, ErrorCode::Conflict);
    let play = json!({ "network": "eip155:84532", "rpcUrls": ["http://127.0.0.1:9"] });
    assert_eq!(stall.refused("network_set", play).await.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

/// T55: what was verified was the old address.
#[tokio::test]
async fn a_live_stall_closes_when_its_payout_address_is_not_verified_any_more() {
    let stall = Stall::open_in(Environment::Live).await;
    set_up(&stall).await;
    verify(&stall).await;
    stall.ask("wallet_create", json!({ "passphrase": "correct horse" })).await;
    // As if everything had been well when the seller opened it.
    stall.app.store().set_setting("selling".to_owned(), "on".to_owned()).await.unwrap();
    let stall = stall.restart().await;
    let selling = || *stall.app.engine().unwrap().selling().borrow();
    assert!(selling());
    assert_eq!(bar(&stall).await["kind"], "live");
    let other = "0x7777777777777777777777777777777777777777";
    stall.ask("payout_set", json!({ "network": BASE, "payTo": other, "word": "777777" })).await;
    assert!(!selling());
    let bar = bar(&stall).await;
    assert_eq!(bar["kind"], "live_not_ready");
    assert!(bar["sentence"].as_str().unwrap().contains("is not verified"), "{bar}");
    stall.app.stop().await;
}

#[tokio::test]
async fn a_test_network_rehearses_the_list_and_sells_without_it() {
    let stall = Stall::open().await;
    assert_eq!(open(&stall).await, ["node", "payout", "gas"]);
    let status = stall.ask("stall_set", json!({ "selling": true })).await;
    assert_eq!((&status["selling"], &status["bar"]["kind"]), (&json!(true), &json!("test")));
    stall.app.stop().await;
}

//! A transaction that the network's fees have overtaken.

use alloy_primitives::U256;
use integration::{Anvil, Buyer, Environment, Stall, UNITS, eventually};
use serde_json::{Value, json};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy};

/// Far above what is offered while a block costs next to nothing.
const DEAR: u64 = 1_000_000_000_000;

/// T44, I9: on a real node whose blocks became a thousand times dearer the same payment is offered again, with the same
/// wallet nonce, for as much as it takes; it arrives once.
#[tokio::test(flavor = "multi_thread")]
async fn when_blocks_become_dear_the_same_transaction_is_offered_for_more() {
    let mint = Buyer::new();
    let chain = Anvil::start(1, mint.address()).await;
    let node = chain.node();
    let mut stall = Stall::closed(Environment::Test);
    let passphrase = stall.goods().join("passphrase");
    std::fs::write(&passphrase, "for this test only\n").unwrap();
    stall.variable("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase.to_str().unwrap());
    let payout = Buyer::new().address();
    let network = ["network", "set", "eip155:84532", "--rpc", node.url(), "--pay-to", &payout.to_string()];
    stall.cli(&network).await;
    stall.open().await;
    eventually("the network", || async { stall.network().await["ready"] == true }).await;
    let wallet = stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().parse().unwrap();
    chain.give_gas(wallet).await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let buyer = Buyer::new();
    node.mint(&[buyer.address()], U256::from(UNITS)).await;
    buy(&stall, &buyer).await;

    node.call("evm_setIntervalMining", json!([0])).await;
    stall.cli(&["settle"]).await;
    eventually("the transaction at the node", || async {
        node.call("txpool_status", json!([])).await["pending"] == "0x1"
    })
    .await;
    node.call("anvil_setNextBlockBaseFeePerGas", json!([U256::from(DEAR)])).await;
    node.call("evm_setIntervalMining", json!([1])).await;
    let settled = stall.cli(&["settle", "--wait"]).await;
    assert_eq!(settled["complete"], true, "{settled}");

    let attempts = settled["items"][0]["attempts"].as_array().unwrap();
    assert!(attempts.len() >= 2, "{settled}");
    assert!(attempts.iter().all(|attempt| attempt["nonce"] == attempts[0]["nonce"]), "{settled}");
    let mined = attempts.iter().filter(|attempt| attempt["block"] != Value::Null);
    assert_eq!(mined.count(), 1, "{settled}");
    assert_eq!(node.balance(payout).await, U256::from(UNITS));
    assert_eq!(node.transactions_of(wallet).await, 1);
}

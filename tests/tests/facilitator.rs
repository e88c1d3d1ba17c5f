//! The published facilitator settles for a stall that has no gas wallet, or whose wallet is empty.

use alloy_primitives::U256;
use integration::{Anvil, Buyer, Environment, Facilitator, PAID, Stall, UNITS, Version, eventually};
use serde_json::Value;

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy_at, delivered};

const NETWORK: &str = "eip155:84532";

/// A test network, a facilitator on it with gas of its own, and a closed stall that knows neither key nor gas.
async fn ground() -> (Anvil, Facilitator, Stall, Buyer) {
    let chain = Anvil::start(1, Buyer::new().address()).await;
    let key = Buyer::new();
    chain.give_gas(key.address()).await;
    let facilitator = Facilitator::start(chain.node(), &key).await;
    let stall = Stall::closed(Environment::Test);
    let payout = Buyer::new();
    let address = payout.address().to_string();
    stall.cli(&["network", "set", NETWORK, "--rpc", chain.node().url(), "--pay-to", &address]).await;
    (chain, facilitator, stall, payout)
}

async fn open(stall: &mut Stall, facilitator: &Facilitator, more: &[&str]) -> Value {
    stall.open().await;
    eventually("the network", || async { stall.network().await["ready"] == true }).await;
    let set = ["facilitator", "set", NETWORK, facilitator.url()];
    let set = stall.cli(&[&set[..], more].concat()).await;
    eventually("the network", || async { stall.network().await["ready"] == true }).await;
    set
}

async fn with_money(chain: &Anvil) -> Buyer {
    let buyer = Buyer::new();
    chain.node().mint(&[buyer.address()], U256::from(1_000_000)).await;
    buyer
}

/// I7, I8: no gas wallet, no gas, and the money arrives, in either version of the protocol.
#[tokio::test(flavor = "multi_thread")]
async fn a_stall_without_a_gas_wallet_is_settled_for_by_the_published_facilitator() {
    let (chain, mut facilitator, mut stall, payout) = ground().await;
    let set = open(&mut stall, &facilitator, &[]).await;
    assert_eq!((&set["version"], &set["used"]), (&Value::from(2), &Value::from("always")), "{set}");
    let check = stall.cli(&["facilitator", "check", NETWORK]).await;
    assert_eq!(check["ready"], true, "{check}");
    assert_eq!(stall.cli(&["status"]).await["gasWallet"], Value::Null);
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;

    for version in ["2", "1"] {
        stall.cli(&["facilitator", "set", NETWORK, "--protocol", version]).await;
        let held = chain.node().balance(payout.address()).await;
        for _ in 0..2 {
            let buyer = with_money(&chain).await;
            buy_at(&stall.visitor(), &buyer).await;
        }
        let settled = stall.run(&["settle", "--wait"]).await;
        assert_eq!(settled.code, 0, "{}", settled.in_words());
        assert_eq!(chain.node().balance(payout.address()).await - held, U256::from(2 * UNITS));
        for _ in 0..2 {
            let said = facilitator.settled().await;
            assert_eq!(
                (&said["settle"]["success"], &said["x402Version"].to_string()),
                (&Value::Bool(true), &version.to_owned()),
                "{said}"
            );
        }
    }
    let payments = stall.payments().await;
    assert!(
        payments.iter().all(|payment| PAID.contains(&payment["state"].as_str().unwrap())),
        "{payments:?}"
    );
    assert!(payments.iter().all(|payment| payment["rail"] == "facilitator"), "{payments:?}");
    assert!(payments.iter().all(|payment| payment["facilitator"] == facilitator.url()), "{payments:?}");
    let batches = stall.cli(&["batch", "list"]).await;
    let batch = &batches["items"][0];
    assert_eq!((&batch["rail"], batch["calls"].as_array().unwrap().len()), (&Value::from("facilitator"), 2));
    assert_eq!(batch["fee"], Value::Null, "the facilitator paid for the gas");
}

/// Design §5.11: settle, see, deliver.
#[tokio::test(flavor = "multi_thread")]
async fn an_instant_sale_is_delivered_once_the_facilitators_transaction_is_seen() {
    let (chain, facilitator, mut stall, payout) = ground().await;
    open(&mut stall, &facilitator, &[]).await;
    stall.sell(PATH, GOODS, &["--mode", "instant", "--owned-for", "0"]).await;
    let buyer = with_money(&chain).await;
    let signed = buyer.sign(&stall.visitor().terms(PATH).await);
    let answer = stall.visitor().pay(PATH, &signed.payment(Version::Two)).await;
    delivered(&answer, GOODS);
    assert_eq!(chain.node().balance(payout.address()).await, U256::from(UNITS));
}

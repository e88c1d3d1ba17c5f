//! Several networks at once, and what happens to one that changes under the seller's feet.

use alloy_primitives::U256;
use integration::{
    Answer, Anvil, Buyer, Domain, Environment, MULTICALL3, Node, Stall, TOKEN, Terms, UNITS, Version,
    eventually, practice_resources,
};
use serde_json::{Value, json};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, delivered};

const BASE: &str = "eip155:84532";
const FUJI: &str = "eip155:43113";

/// A closed stall with a gas wallet of its own.
fn stall() -> Stall {
    let mut stall = Stall::closed(Environment::Test);
    let passphrase = stall.goods().join("passphrase");
    std::fs::write(&passphrase, "for this test only\n").unwrap();
    stall.variable("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase.to_str().unwrap());
    stall
}

async fn network(stall: &Stall, network: &str) -> Value {
    let listed = stall.cli(&["network", "list"]).await;
    let items = listed["items"].as_array().unwrap();
    items.iter().find(|item| item["network"] == network).unwrap().clone()
}

async fn until_ready(stall: &Stall, name: &str) {
    eventually("the network", || async { network(stall, name).await["state"] == "ready" }).await;
}

async fn give_gas(stall: &Stall, chain: &Anvil) {
    let status = stall.cli(&["status"]).await;
    chain.give_gas(status["gasWallet"]["address"].as_str().unwrap().parse().unwrap()).await;
}

async fn with_money(node: &Node) -> Buyer {
    let buyer = Buyer::new();
    node.mint(&[buyer.address()], U256::from(1_000_000)).await;
    buyer
}

/// Where a 402 says that it can be paid.
fn networks(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 402, "{}", answer.in_words());
    let told = answer.decoded("payment-required").unwrap();
    let accepts = told["accepts"].as_array().unwrap();
    accepts.iter().map(|accept| accept["network"].as_str().unwrap().to_owned()).collect()
}

/// What the 402 asks for on one network, in version 2.
fn terms_on(answer: &Answer, network: &str) -> Terms {
    let told = answer.decoded("payment-required").unwrap();
    let accepted =
        told["accepts"].as_array().unwrap().iter().find(|accept| accept["network"] == network).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Terms {
        amount: text(&accepted["amount"]).parse().unwrap(),
        pay_to: text(&accepted["payTo"]).parse().unwrap(),
        domain: Domain {
            name: text(&accepted["extra"]["name"]),
            version: text(&accepted["extra"]["version"]),
            chain_id: network.trim_start_matches("eip155:").parse().unwrap(),
            asset: text(&accepted["asset"]).parse().unwrap(),
        },
        window: accepted["maxTimeoutSeconds"].as_u64().unwrap(),
        accepted: accepted.clone(),
        resource: told["resource"].clone(),
        network_v1: String::new(),
    }
}

/// T17, T54: each network has its own token, queue and wallet nonces, and one that changed stops alone.
#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_is_paid_on_two_networks_and_each_settles_its_own() {
    let mint = Buyer::new();
    let [base, fuji] = [Anvil::start(1, mint.address()).await, Anvil::start(1, mint.address()).await];
    fuji.node().call("anvil_setChainId", json!([43_113])).await;
    let (base_url, fuji_url) = (base.node().url(), fuji.node().url());
    let mut stall = stall();
    let payout = Buyer::new().address();
    let (to, token) = (payout.to_string(), TOKEN.to_string());
    stall.cli(&["network", "set", BASE, "--rpc", base_url, "--pay-to", &to]).await;
    stall.open().await;
    until_ready(&stall, BASE).await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    assert_eq!(networks(&stall.visitor().ask(PATH).await), [BASE]);

    // A node of another chain is no node of this network.
    let wrong = stall.cli(&["network", "set", FUJI, "--rpc", base_url, "--pay-to", &to]).await;
    assert!(wrong["waitingFor"].as_str().unwrap().contains("chain 84532"), "{wrong}");
    // A token of the seller's choice, through the same checks.
    stall.cli(&["network", "set", FUJI, "--rpc", fuji_url, "--token", &token]).await;
    until_ready(&stall, FUJI).await;
    for chain in [&base, &fuji] {
        give_gas(&stall, chain).await;
    }
    eventually("both offers", || async { networks(&stall.visitor().ask(PATH).await) == [BASE, FUJI] }).await;
    let answer = stall.visitor().ask(PATH).await;
    for (chain, network) in [(&base, BASE), (&fuji, FUJI)] {
        let buyer = with_money(chain.node()).await;
        let signed = buyer.sign(&terms_on(&answer, network));
        delivered(&stall.visitor().pay(PATH, &signed.payment(Version::Two)).await, GOODS);
    }
    stall.cli(&["settle", "--wait"]).await;
    for chain in [&base, &fuji] {
        assert_eq!(chain.node().balance(payout).await, U256::from(UNITS));
    }

    // The token's code changes on one of them: it stops, says why, and the other goes on.
    let artifact = std::fs::read(practice_resources().join("practice-token.json")).unwrap();
    let artifact: Value = serde_json::from_slice(&artifact).unwrap();
    let implementation = &artifact["accounts"]["implementation"];
    let other = format!("{}00", implementation["code"].as_str().unwrap());
    fuji.node().call("anvil_setCode", json!([implementation["address"], other])).await;
    let checked = stall.run(&["network", "check", FUJI]).await;
    assert_eq!(checked.code, 6, "what is wrong shows in the exit code");
    let checked = checked.json();
    assert_eq!((&checked["ready"], &checked["acceptable"]), (&json!(false), &json!(true)), "{checked}");
    let why = checked["waitingFor"].as_str().unwrap();
    assert!(why.starts_with("Nothing is sold on Avalanche Fuji. The token's code is no longer"), "{why}");
    eventually("one offer", || async { networks(&stall.visitor().ask(PATH).await) == [BASE] }).await;
    assert_eq!(network(&stall, BASE).await["state"], "ready");

    let accepted = stall.cli(&["network", "check", FUJI, "--accept"]).await;
    assert_eq!(accepted["ready"], true, "{accepted}");
    eventually("both offers", || async { networks(&stall.visitor().ask(PATH).await) == [BASE, FUJI] }).await;

    stall.cli(&["network", "remove", FUJI]).await;
    assert_eq!(networks(&stall.visitor().ask(PATH).await), [BASE]);
    let health = stall.cli(&["network", "health"]).await;
    let [node] = health["items"].as_array().unwrap().as_slice() else { panic!("{health}") };
    assert_eq!((&node["network"], &node["state"]), (&json!(BASE), &json!("in_use")));
    assert!(node["block"].as_u64().unwrap() > 0 && node["latencyMs"].is_u64(), "{node}");
}

/// T58: said plainly, and everything is settled all the same.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_network_without_multicall3_every_payment_is_settled_by_itself() {
    let mint = Buyer::new();
    let chain = Anvil::start(1, mint.address()).await;
    chain.node().call("anvil_setCode", json!([MULTICALL3, "0x600160005260206000f3"])).await;
    let mut stall = stall();
    let payout = Buyer::new().address();
    stall.cli(&["network", "set", BASE, "--rpc", chain.node().url(), "--pay-to", &payout.to_string()]).await;
    stall.open().await;
    until_ready(&stall, BASE).await;
    give_gas(&stall, &chain).await;
    let points = stall.cli(&["network", "check", BASE]).await["points"].take();
    let multicall = points.as_array().unwrap().iter().find(|point| point["point"] == "multicall").unwrap();
    assert_eq!(multicall["state"], "warning");
    assert_eq!(network(&stall, BASE).await["setUp"]["single"], true);

    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    for _ in 0..4 {
        let buyer = with_money(chain.node()).await;
        let signed = buyer.sign(&stall.visitor().terms(PATH).await);
        delivered(&stall.visitor().pay(PATH, &signed.payment(Version::Two)).await, GOODS);
    }
    let settled = stall.cli(&["settle", "--wait"]).await;
    assert_eq!(settled["complete"], true, "{settled}");
    assert_eq!(settled["items"].as_array().unwrap().len(), 4);
    assert_eq!(chain.node().balance(payout).await, U256::from(4 * UNITS));
}

//! Real money: what has to be done before it is taken, and that it then is. The chain is one of our own that says it is
//! Base.

use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, U256, hex};
use integration::{
    Anvil, BASE_USDC, Buyer, Environment, Node, Stall, Version, balance_question, eventually, minting,
};
use serde_json::{Value, json};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, delivered};

const BASE: &str = "eip155:8453";
const CENT: u64 = 10_000;

async fn balance(node: &Node, account: Address) -> U256 {
    let question = json!([{ "to": BASE_USDC, "data": balance_question(account) }, "latest"]);
    serde_json::from_value(node.call("eth_call", question).await).unwrap()
}

/// A buyer with a dollar of the chain's USDC.
async fn with_money(node: &Node, mint: &Buyer) -> Buyer {
    let buyer = Buyer::new();
    node.send(mint, BASE_USDC, minting(buyer.address(), U256::from(1_000_000))).await;
    buyer
}

/// What must be done and is not.
async fn open(stall: &Stall) -> Vec<Value> {
    let list = stall.cli(&["live", "checklist"]).await;
    let items = list["items"].as_array().unwrap().clone();
    items.into_iter().filter(|item| item["mandatory"] == true && item["done"] == false).collect()
}

fn end_of(address: Address) -> String {
    address.to_string()[36..].to_owned()
}

/// What a wallet answers when its owner signs a message in it.
fn signed(key: &PrivateKeySigner, message: &Value) -> String {
    let signature = key.sign_message_sync(message.as_str().unwrap().as_bytes()).unwrap();
    hex::encode_prefixed(signature.as_bytes())
}

/// T55, I16: nothing is sold before the list is done; then a cent is, and arrives at the address that was verified.
#[tokio::test(flavor = "multi_thread")]
async fn real_money_is_taken_once_the_list_is_done_and_arrives_where_it_should() {
    let mint = Buyer::new();
    let chain = Anvil::start(1, mint.address()).await;
    chain.become_base(mint.address()).await;
    let node = chain.node();
    let mut stall = Stall::closed(Environment::Live);
    let passphrase = stall.goods().join("passphrase");
    std::fs::write(&passphrase, "for this test only\n").unwrap();
    stall.variable("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase.to_str().unwrap());
    stall.open().await;

    let owner = PrivateKeySigner::from_slice(&[0x42; 32]).unwrap();
    let payout = owner.address().to_string();
    stall.cli(&["network", "set", BASE, "--rpc", node.url(), "--pay-to", &payout]).await;
    eventually("the network", || async { stall.network().await["ready"] == true }).await;
    stall.sell(PATH, GOODS, &[CHARGED_EACH_TIME, &["--price", "0.01"]].concat()).await;
    let visitor = stall.visitor();
    assert_eq!(visitor.ask(PATH).await.status, 503, "nothing is sold yet");
    let items: Vec<_> = open(&stall).await.into_iter().map(|item| item["item"].clone()).collect();
    assert_eq!(items, ["payout", "gas"]);
    assert_eq!(stall.run(&["stall", "open"]).await.refused(), "conflict");

    let message = stall.cli(&["payout", "show"]).await["items"][0]["message"].take();
    stall.cli(&["payout", "verify", BASE, "--signature", &signed(&owner, &message)]).await;
    let gas = open(&stall).await.remove(0);
    assert!(gas["next"].as_str().is_some_and(|next| next.contains("ETH")), "{gas}");
    chain.give_gas(gas["address"].as_str().unwrap().parse().unwrap()).await;
    eventually("an empty list", || async { open(&stall).await.is_empty() }).await;
    assert_eq!(visitor.ask(PATH).await.status, 503, "the seller has to say so");
    assert_eq!(stall.cli(&["stall", "open"]).await["bar"]["kind"], "live");

    let buyer = with_money(node, &mint).await;
    let bought = buyer.sign(&visitor.terms(PATH).await);
    assert_eq!(bought.terms.domain.name, "USD Coin");
    delivered(&visitor.pay(PATH, &bought.payment(Version::Two)).await, GOODS);
    assert_eq!(stall.run(&["settle", "--wait"]).await.code, 0);
    assert_eq!(balance(node, owner.address()).await, U256::from(CENT));
    let list = stall.cli(&["live", "checklist"]).await;
    let first = list["items"].as_array().unwrap().iter().find(|item| item["item"] == "first_sale").unwrap();
    assert_eq!(first["done"], true, "{first}");

    // An address that nobody has verified takes no money, and what was sold before goes where it was sold to.
    let pending = buyer.sign(&visitor.terms(PATH).await);
    delivered(&visitor.pay(PATH, &pending.payment(Version::Two)).await, GOODS);
    let other = Buyer::new().address();
    let word = end_of(other);
    stall.cli(&["payout", "set", BASE, &other.to_string(), "--word", &word]).await;
    assert_eq!(visitor.ask(PATH).await.status, 503);
    let status = stall.cli(&["status"]).await;
    assert_eq!(status["bar"]["kind"], "live_not_ready");
    assert_eq!(status["payoutChanged"][0]["from"], payout);
    assert_eq!(stall.run(&["settle", "--wait"]).await.code, 0);
    assert_eq!(balance(node, owner.address()).await, U256::from(2 * CENT));
    assert_eq!(balance(node, other).await, U256::ZERO);
}

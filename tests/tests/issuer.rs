//! What a token's issuer can do to a stall (T21): block who pays, block who is paid, pause the token.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use integration::{Answer, Anvil, Buyer, Environment, Stall, TOKEN, eventually};
use serde_json::Value;

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, payment_of};

const BASE: &str = "eip155:84532";

/// A test network whose token's issuer is at hand.
struct Issuer {
    chain: Anvil,
    key: Buyer,
}

impl Issuer {
    async fn call(&self, function: &str, account: Option<Address>) {
        let mut data = keccak256(function)[..4].to_vec();
        data.extend(account.unwrap_or_default().into_word());
        self.chain.node().send(&self.key, TOKEN, Bytes::from(data)).await;
    }

    async fn buyer(&self) -> Buyer {
        let buyer = Buyer::new();
        self.chain.node().mint(&[buyer.address()], U256::from(1_000_000)).await;
        buyer
    }
}

async fn answer(stall: &Stall) -> Answer {
    stall.visitor().ask(PATH).await
}

/// Presses until the stall answers with this status: settling is what notices first.
async fn until_answered(stall: &Stall, status: u16) {
    eventually("the answer", || async { answer(stall).await.status == status }).await;
}

/// What needs a look on the network as a whole.
async fn attention(stall: &Stall) -> Vec<Value> {
    let mut items = stall.cli(&["attention"]).await["items"].as_array().unwrap().clone();
    items.retain(|item| item["kind"] == "network");
    items
}

async fn state(stall: &Stall, buyer: &Buyer) -> (String, String) {
    let payment = payment_of(stall, buyer).await;
    let word = |name: &str| payment[name].as_str().unwrap_or_default().to_owned();
    (word("state"), word("reason"))
}

/// T21, I8, I10.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_issuer_does_to_the_seller_stops_the_sale_and_fails_no_buyer() {
    let key = Buyer::new();
    let issuer = Issuer { chain: Anvil::start(1, key.address()).await, key };
    let mut stall = Stall::closed(Environment::Test);
    let passphrase = stall.goods().join("passphrase");
    std::fs::write(&passphrase, "for this test only\n").unwrap();
    stall.variable("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase.to_str().unwrap());
    let payout = Buyer::new().address();
    let rpc = issuer.chain.node().url();
    stall.cli(&["network", "set", BASE, "--rpc", rpc, "--pay-to", &payout.to_string()]).await;
    stall.open().await;
    eventually("the network", || async { stall.cli(&["status"]).await["networks"][0]["ready"] == true })
        .await;
    let wallet = stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().parse().unwrap();
    issuer.chain.give_gas(wallet).await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;

    let first = issuer.buyer().await;
    buy(&stall, &first).await;
    for (stop, go_on, reason, action, word) in [
        ("blacklist(address)", "unBlacklist(address)", "payout_blocked", "change_payout", "has blocked"),
        ("pause()", "unpause()", "paused", "none", "has paused"),
    ] {
        issuer.call(stop, Some(payout)).await;
        stall.run(&["settle"]).await;
        until_answered(&stall, 503).await;
        assert_eq!(answer(&stall).await.json()["error"], "not_for_sale_now");
        assert_eq!(state(&stall, &first).await, ("queued".to_owned(), reason.to_owned()));
        let [item] = &attention(&stall).await[..] else { panic!("one thing needs a look") };
        assert_eq!((&item["reason"], &item["action"]), (&reason.into(), &action.into()), "{item}");
        let why = stall.cli(&["status"]).await["networks"][0]["waitingFor"].take();
        assert!(why.as_str().unwrap().contains(word), "{why}");
        assert_eq!(item["sentence"], why);
        issuer.call(go_on, Some(payout)).await;
        until_answered(&stall, 402).await;
        assert!(attention(&stall).await.is_empty());
    }

    let blocked = issuer.buyer().await;
    buy(&stall, &blocked).await;
    issuer.call("blacklist(address)", Some(blocked.address())).await;
    stall.run(&["settle", "--wait"]).await;
    assert_eq!(state(&stall, &blocked).await, ("failed".to_owned(), "blocked".to_owned()));
    assert_eq!(state(&stall, &first).await.0, "settled");
    assert_eq!(answer(&stall).await.status, 402);
}

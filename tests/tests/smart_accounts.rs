//! Payers whose address has code: smart accounts (ERC-1271) and delegated plain ones (EIP-7702).

use std::time::{Duration, Instant};

use alloy_primitives::{Address, U256};
use integration::{Answer, Buyer, Client, Node, Signed, Stall, Temper, UNITS, Version};
use serde_json::{Value, json};

use crate::shared::{GOODS, PATH, buy, crowd, delivered, payment_of, stall};

/// What pays the goods out of `account`, signed by `key`.
async fn signed_for(stall: &Stall, account: Address, key: &Buyer) -> Signed {
    let terms = stall.visitor().terms(PATH).await;
    let mut authorization = key.authorization(&terms);
    authorization.from = account;
    key.sign_this(&terms, authorization)
}

/// The signature of a key, and bytes behind it as smart accounts have them.
fn longer(signed: &Signed) -> Vec<u8> {
    [&signed.signature[..], &[7; 200]].concat()
}

async fn pay_for(stall: &Stall, account: Address, key: &Buyer, version: Version) -> Answer {
    let signed = signed_for(stall, account, key).await;
    stall.visitor().pay(PATH, &signed.payment_with(version, &longer(&signed))).await
}

async fn account_with_money(stall: &Stall, key: &Buyer, temper: Temper) -> (Node, Address) {
    let node = stall.node().await;
    let account = node.smart_account(key, temper).await;
    node.mint(&[account], U256::from(1_000_000)).await;
    (node, account)
}

async fn gas_wallet(stall: &Stall) -> Address {
    stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().parse().unwrap()
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, 402, "{}", answer.in_words());
    assert!(answer.in_words().contains(words), "{}", answer.in_words());
    assert!(!answer.body.windows(GOODS.len()).any(|part| part == GOODS));
}

/// Also where everything else waits in the queue: its money is there before the goods leave.
#[tokio::test(flavor = "multi_thread")]
async fn a_smart_account_is_settled_before_it_is_served_and_in_no_company() {
    let (stall, books) = stall().await;
    let plain = crowd(&stall, 3).await;
    for buyer in &plain {
        buy(&stall, buyer).await;
    }
    let key = Buyer::new();
    let (node, account) = account_with_money(&stall, &key, Temper::Honest).await;
    for version in [Version::One, Version::Two] {
        let answer = pay_for(&stall, account, &key, version).await;
        delivered(&answer, GOODS);
        let hash = answer.receipt()["transaction"].as_str().unwrap().parse().unwrap();
        let mined = node.mined(hash).await.expect("the receipt names its transaction");
        assert!(mined.succeeded && mined.gas_used < 300_000, "{mined:?}");
    }
    assert_eq!(stall.states().await, ["queued", "queued", "queued", "settled", "settled"]);
    assert_eq!(stall.exposure().await, U256::from(3 * UNITS), "nothing of it was on credit");
    stall.settle().await.succeeded();
    assert_eq!(books.agree(&stall).await, U256::from(5 * UNITS));
}

/// The published client signs for a smart account as it signs for a key.
#[tokio::test(flavor = "multi_thread")]
async fn a_stock_client_pays_out_of_a_smart_account() {
    let (stall, books) = stall().await;
    let key = Buyer::new();
    let (_, account) = account_with_money(&stall, &key, Temper::Honest).await;
    let url = format!("{}{PATH}", stall.url().trim_end_matches('/'));
    let line = Client::Fetch2.buy_for(account, &url, &key).await;
    assert_eq!((&line["status"], &line["error"]), (&json!(200), &Value::Null), "{line}");
    assert_eq!(
        line["paymentResponse"]["payer"].as_str().map(str::to_lowercase),
        Some(account.to_string().to_lowercase())
    );
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

/// T19, T51: whatever code does when it is asked, nothing is stored, sent or served.
#[tokio::test(flavor = "multi_thread")]
async fn code_that_does_not_plainly_accept_buys_nothing() {
    let (stall, books) = stall().await;
    let (key, stranger) = (Buyer::new(), Buyer::new());
    let wallet = gas_wallet(&stall).await;
    let (node, account) = account_with_money(&stall, &key, Temper::Honest).await;
    refused(&pay_for(&stall, account, &stranger, Version::Two).await, "does not accept this signature");
    for temper in [Temper::Burner, Temper::HalfAnAnswer, Temper::NearlyRight, Temper::Stingy] {
        node.put_account(account, Some(&key), temper).await;
        refused(&pay_for(&stall, account, &key, Version::Two).await, "does not accept this signature");
    }
    // T18: what has to be deployed first is not deployed by us.
    let signed = signed_for(&stall, Buyer::new().address(), &key).await;
    let wrapped = [&longer(&signed)[..], &[0x64, 0x92].repeat(16)].concat();
    let answer = stall.visitor().pay(PATH, &signed.payment_with(Version::Two, &wrapped)).await;
    refused(&answer, "does not exist on chain yet");
    assert!(stall.payments().await.is_empty());
    assert_eq!(node.transactions_of(wallet).await, 0);
    assert_eq!(books.agree(&stall).await, U256::ZERO);
}

/// How long blocks may keep coming after money has come.
const PATIENCE: Duration = Duration::from_secs(60);

/// T19, I11: what was accepted when it was asked and refused when it was paid for is not served, and not tried again.
#[tokio::test(flavor = "multi_thread")]
async fn code_that_changes_its_mind_gets_nothing_and_costs_one_transaction() {
    let (stall, books) = stall().await;
    let key = Buyer::new();
    let wallet = gas_wallet(&stall).await;
    let (node, account) = account_with_money(&stall, &key, Temper::Honest).await;
    // It says yes in the newest block alone, so it is asked until no other one comes before it is answered.
    let deadline = Instant::now() + PATIENCE;
    let answer = loop {
        node.put_account(account, Some(&key), Temper::Fickle).await;
        let answer = pay_for(&stall, account, &key, Version::Two).await;
        let at_the_door = answer.in_words().contains("does not accept this signature");
        if !at_the_door || Instant::now() > deadline {
            break answer;
        }
    };
    refused(&answer, "does not accept the buyer's signature");
    assert_eq!(stall.states().await, ["failed"]);
    node.put_account(account, Some(&key), Temper::Honest).await;
    refused(&pay_for(&stall, account, &key, Version::Two).await, "failed on chain");
    assert_eq!(node.transactions_of(wallet).await, 1);
    assert_eq!(books.agree(&stall).await, U256::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_calls_back_into_the_token_pays_what_it_signed_and_no_more() {
    let (stall, books) = stall().await;
    let key = Buyer::new();
    let (node, account) = account_with_money(&stall, &key, Temper::CallingBack).await;
    delivered(&pay_for(&stall, account, &key, Version::Two).await, GOODS);
    assert_eq!(node.balance(account).await, U256::from(1_000_000 - UNITS));
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

/// T20: after a real delegation the token asks the code and no longer the key.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_a_delegated_account_pays_if_its_code_accepts_it() {
    let (stall, books) = stall().await;
    let node = stall.node().await;
    let code = Buyer::new().address();
    node.put_account(code, None, Temper::Honest).await;
    let owners = crowd(&stall, 2).await;
    node.delegate(&owners[0], code).await;
    let signed = signed_for(&stall, owners[0].address(), &owners[0]).await;
    for spelling in [signed.payment(Version::Two), signed.payment_with(Version::Two, &signed.low_v())] {
        let answer = stall.visitor().pay(PATH, &spelling).await;
        if spelling.json == signed.payment(Version::Two).json {
            delivered(&answer, GOODS);
        } else {
            assert_eq!(answer.status, 402, "one authorization buys once: {}", answer.in_words());
        }
    }
    assert_eq!(payment_of(&stall, &owners[0]).await["state"], "settled");
    // Delegated to something that is no account, it cannot pay at all.
    node.delegate(&owners[1], integration::MULTICALL3).await;
    let signed = signed_for(&stall, owners[1].address(), &owners[1]).await;
    refused(&stall.visitor().pay(PATH, &signed.payment(Version::Two)).await, "EIP-7702");
    assert_eq!(stall.payments().await.len(), 1);
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

/// I10, T20: who was served as a plain account and delegated since is settled alone by the old signature, if the code
/// accepts it; the others do not wait.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_delegated_while_the_payment_waited_is_settled_apart_if_the_code_accepts_it() {
    let (stall, books) = stall().await;
    let buyers = crowd(&stall, 6).await;
    for buyer in &buyers {
        buy(&stall, buyer).await;
    }
    let node = stall.node().await;
    let code = Buyer::new().address();
    node.put_account(code, None, Temper::Honest).await;
    node.delegate(&buyers[0], code).await;
    node.delegate(&buyers[1], integration::MULTICALL3).await;
    stall.settle().await;
    integration::eventually("all are decided", || async {
        stall.states().await == ["failed", "settled", "settled", "settled", "settled", "settled"]
    })
    .await;
    let batch_of = async |buyer: &Buyer| payment_of(&stall, buyer).await["transaction"].clone();
    let (apart, good) = (batch_of(&buyers[0]).await, batch_of(&buyers[2]).await);
    assert_ne!(apart, good, "it went alone");
    for buyer in &buyers[3..] {
        assert_eq!(batch_of(buyer).await, good, "the good ones went together");
    }
    let bad = payment_of(&stall, &buyers[1]).await;
    assert_eq!((&bad["state"], &bad["reason"]), (&json!("failed"), &json!("payer_has_code")), "{bad}");
    assert_eq!(books.agree(&stall).await, U256::from(5 * UNITS));
}

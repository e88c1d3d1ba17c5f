//! What failed is followed up, and the books are compared with the chain.

use alloy_primitives::{Address, U256};
use integration::{Buyer, Stall, TOKEN, UNITS};
use serde_json::{Value, json};

use crate::shared::{PATH, buy, funded, payment_of, stall};

/// Moves some of a buyer's money by a transaction that the stall knows nothing of; answers its hash.
async fn moves(stall: &Stall, buyer: &Buyer, to: Address, value: u64) -> String {
    let terms = stall.visitor().terms(PATH).await;
    let mut elsewhere = buyer.authorization(&terms);
    elsewhere.to = to;
    elsewhere.value = U256::from(value);
    let call = buyer.sign_this(&terms, elsewhere).call();
    stall.node().await.send(&Buyer::new(), TOKEN, call).await.hash.to_string()
}

async fn kind_of(stall: &Stall, payment: &str) -> Value {
    stall.cli(&["failure", "show", payment]).await
}

/// T05: what a seller can try before it happens.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_settlement_is_rehearsed_with_a_practice_buyer_who_moves_the_money_away() {
    let (stall, books) = stall().await;
    let buy = ["practice", "buy", PATH, "--times", "2", "--moves-away"];
    let bought = stall.cli(&buy).await;
    assert_eq!(bought["bought"], 2, "{bought}");
    // The stall may have noticed by itself, and have nothing left to settle.
    stall.settle().await;
    assert_eq!(stall.states().await, ["failed"; 2]);
    let failed = stall.cli(&["failure", "list"]).await;
    assert_eq!(failed["items"][0]["kind"], "underfunded", "{failed}");
    assert_eq!(failed["recoverable"]["formatted"], "0.10", "{failed}");

    for item in failed["items"].as_array().unwrap() {
        stall.cli(&["practice", "fund", item["payer"].as_str().unwrap(), "0.05"]).await;
        stall.cli(&["failure", "retry", item["id"].as_str().unwrap()]).await;
    }
    stall.settle().await.succeeded();
    assert_eq!(stall.states().await, ["settled"; 2]);
    assert_eq!(books.agree(&stall).await, U256::from(2 * UNITS));
}

/// T05, T07, I7, I8, I16.
#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_tried_again_or_shown_to_be_paid_and_the_books_agree_with_the_chain() {
    let (stall, books) = stall().await;
    let good = funded(&stall, "0.05").await;
    let (poor, other) = (funded(&stall, "0.05").await, funded(&stall, "0.05").await);
    buy(&stall, &good).await;
    buy(&stall, &poor).await;
    let sold = buy(&stall, &other).await;
    for buyer in [&poor, &other] {
        moves(&stall, buyer, Buyer::new().address(), UNITS).await;
    }
    let settled = stall.settle().await;
    assert_eq!(settled.code, 6, "{}", settled.in_words());

    let list = stall.cli(&["failure", "list"]).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
    assert_eq!(list["recoverable"]["formatted"], "0.10", "{list}");
    assert_eq!(list["items"][0]["kind"], "underfunded", "{list}");
    let [poors, others] = [payment_of(&stall, &poor).await, payment_of(&stall, &other).await]
        .map(|payment| payment["id"].as_str().unwrap().to_owned());

    // The buyer has money again, and a press settles at once.
    stall.fund(poor.address(), "0.05").await;
    let retried = stall.cli(&["failure", "retry", &poors]).await;
    assert_eq!((&retried["queued"], &retried["hindered"]), (&json!(1), &json!([])), "{retried}");
    stall.settle().await;
    assert_eq!(payment_of(&stall, &poor).await["state"], "settled");

    // A stranger submits the other one; a wrong hash changes nothing.
    stall.fund(other.address(), "0.05").await;
    let gift = funded(&stall, "1.00").await;
    let unrelated = moves(&stall, &gift, stall.pay_to().await, 70_000).await;
    let foreign = stall.node().await.send(&Buyer::new(), TOKEN, sold.call()).await.hash.to_string();
    let wrong = stall.run(&["failure", "settled-elsewhere", &others, &unrelated]).await;
    assert_eq!(wrong.code, 4, "{}", wrong.in_words());
    assert_eq!(kind_of(&stall, &others).await["state"], "failed");
    let marked = stall.cli(&["failure", "settled-elsewhere", &others, &foreign]).await;
    assert_eq!((&marked["state"], &marked["transaction"]), (&json!("settled_elsewhere"), &json!(foreign)));

    // What came by other means is named, and nothing is missing.
    stall.settle().await;
    let compared = stall.cli(&["reconcile"]).await;
    let [item] = &compared["items"].as_array().unwrap()[..] else { panic!("{compared}") };
    assert_eq!(item["booked"]["amount"], (3 * UNITS).to_string(), "{item}");
    assert_eq!((&item["agrees"], &item["unexplained"]["amount"]), (&json!(true), &json!("70000")), "{item}");
    assert_eq!(item["unexplainedItems"][0]["transaction"], json!(unrelated), "{item}");
    let received = books.received(&stall.node().await).await;
    assert_eq!(item["received"]["amount"], received.to_string(), "I16: {item}");

    // Given back by a wallet of the seller's; the chain shows it.
    let wallet = funded(&stall, "1.00").await;
    let back = moves(&stall, &wallet, good.address(), 20_000).await;
    stall.settle().await;
    stall.node().await.mine(5).await;
    let goods = payment_of(&stall, &good).await["id"].as_str().unwrap().to_owned();
    let refund = until_recorded(&stall, &goods, &back).await;
    assert_eq!(
        (&refund["formatted"], &refund["sender"]),
        (&json!("0.02"), &json!(wallet.address().to_string()))
    );
    let again = stall.run(&["refund", "record", &goods, &back]).await;
    assert_eq!(again.code, 4, "{}", again.in_words());

    let report = stall.cli(&["report", "--by", "network"]).await;
    let total = &report["totals"][0];
    assert_eq!((&total["payments"], &total["gross"]["formatted"]), (&json!(3), &json!("0.15")), "{report}");
    assert_eq!(total["refunded"]["formatted"], "0.02", "{report}");
    assert_ne!(total["cost"]["wei"], "0", "{report}");
    let file = stall.goods().join("costs.csv");
    let written = stall.cli(&["export", "costs", file.to_str().unwrap()]).await;
    assert_eq!(written["rows"], 2, "the good one and the one that was tried again: {written}");
    assert!(std::fs::read_to_string(file).unwrap().contains("TEST,practice,"));
    let doctor = stall.cli(&["doctor"]).await;
    assert_eq!(doctor["healthy"], true, "{doctor}");
}

/// A refund counts once its block is final.
async fn until_recorded(stall: &Stall, payment: &str, transaction: &str) -> Value {
    let node = stall.node().await;
    for attempt in 0.. {
        let ran = stall.run(&["refund", "record", payment, transaction, "--note", "sorry"]).await;
        if ran.code == 0 {
            return ran.json();
        }
        assert_eq!(ran.code, 5, "{}", ran.in_words());
        assert!(attempt < 100, "the refund's block never became final");
        node.mine(1).await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    unreachable!("it is asked until it is recorded");
}

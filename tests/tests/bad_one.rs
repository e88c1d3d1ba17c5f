//! One bad payment among good ones.

use alloy_primitives::{Address, U256};
use integration::{Buyer, TOKEN, UNITS, random_word};
use serde_json::json;

use crate::shared::{buy, crowd, payment_of, stall};

/// T05, T48, I10.
#[tokio::test(flavor = "multi_thread")]
async fn one_payer_who_spent_the_money_elsewhere_does_not_stop_the_other_nine() {
    let (stall, books) = stall().await;
    let buyers = crowd(&stall, 10).await;
    for buyer in &buyers {
        buy(&stall, buyer).await;
    }
    let poor = &buyers[4];
    let mut elsewhere = poor.authorization(&stall.visitor().terms(crate::shared::PATH).await);
    elsewhere.to = Address::from_word(random_word());
    elsewhere.value = U256::from(1_000_000);
    let terms = stall.visitor().terms(crate::shared::PATH).await;
    let emptied = poor.sign_this(&terms, elsewhere);
    stall.node().await.send(&Buyer::new(), TOKEN, emptied.call()).await;

    let preview = stall.cli(&["settle", "--dry-run"]).await;
    assert_eq!(preview["count"], 9, "{preview}");
    let excluded = &preview["exclusions"];
    assert_eq!(excluded.as_array().map(Vec::len), Some(1), "{preview}");
    assert_eq!(excluded[0]["reason"], "underfunded", "{preview}");
    assert_eq!(stall.states().await, ["queued"; 10], "a dry run changes nothing");

    let settled = stall.settle().await;
    assert_eq!(settled.code, 6, "{}", settled.in_words());
    let bad = payment_of(&stall, poor).await;
    assert_eq!((&bad["state"], &bad["reason"]), (&json!("failed"), &json!("underfunded")), "{bad}");
    let states = stall.states().await;
    assert_eq!(states.iter().filter(|state| *state == "settled").count(), 9);
    assert_eq!(books.agree(&stall).await, U256::from(9 * UNITS));
}

/// T20: a payer whose address got code in the meantime cannot be settled by its plain signature any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_payer_who_became_a_smart_account_fails_alone() {
    let (stall, books) = stall().await;
    let buyers = crowd(&stall, 4).await;
    for buyer in &buyers {
        buy(&stall, buyer).await;
    }
    let delegated = format!("0xef0100{}", "11".repeat(20));
    let node = stall.node().await;
    node.call("anvil_setCode", json!([buyers[0].address(), delegated])).await;

    let settled = stall.settle().await;
    assert_eq!(settled.code, 6, "{}", settled.in_words());
    let bad = payment_of(&stall, &buyers[0]).await;
    assert_eq!(bad["state"], "failed", "{bad}");
    assert_eq!(books.agree(&stall).await, U256::from(3 * UNITS));

    // Such a payer is refused at the door as well, before anything is stored.
    let visitor = stall.visitor();
    let fresh = buyers[0].sign(&visitor.terms(crate::shared::PATH).await);
    let answer = visitor.pay(crate::shared::PATH, &fresh.payment(integration::Version::Two)).await;
    assert_eq!(answer.status, 402, "{}", answer.in_words());
    assert_eq!(stall.payments().await.len(), 4);
}

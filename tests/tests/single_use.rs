//! One authorization buys one thing, once (I1).

use std::collections::HashSet;

use alloy_primitives::U256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;
use integration::{Payment, Signed, UNITS, Version};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, delivered, funded, stall};

/// Every way to say the same payment: both versions, the twins of its signature, another order of fields.
fn spellings(signed: &Signed) -> Vec<(&'static str, String)> {
    use Version::{One, Two};
    let twins: [Payment; 8] = [
        signed.payment(One),
        signed.payment(Two),
        signed.payment_with(One, &signed.high_s()),
        signed.payment_with(Two, &signed.high_s()),
        signed.payment_with(One, &signed.low_v()),
        signed.payment_with(Two, &signed.low_v()),
        signed.payment_with(One, &signed.compact()),
        signed.payment_with(Two, &signed.compact()),
    ];
    let mut spellings: Vec<_> = twins.iter().map(Payment::header).collect();
    for payment in [signed.payment(One), signed.payment(Two)] {
        spellings.push((payment.name(), STANDARD.encode(backwards(&payment.json))));
        let spaced = serde_json::to_string_pretty(&payment.json).unwrap();
        spellings.push((payment.name(), STANDARD.encode(spaced)));
    }
    spellings
}

/// The same object with its fields in the opposite order.
fn backwards(value: &serde_json::Value) -> String {
    let Some(fields) = value.as_object() else { return value.to_string() };
    let fields: Vec<_> =
        fields.iter().rev().map(|(name, field)| format!("{name:?}:{}", backwards(field))).collect();
    format!("{{{}}}", fields.join(","))
}

/// T01, T15.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_concurrent_copies_are_one_payment_one_hold_and_one_grant() {
    let (stall, books) = stall().await;
    let visitor = stall.visitor();
    // For exactly two purchases: a second hold for the first one would show.
    let buyer = funded(&stall, "0.10").await;
    let signed = buyer.sign(&visitor.terms(PATH).await);
    let spellings = spellings(&signed);
    let copies = (0..100).map(|n| spellings[n % spellings.len()].clone());
    let answers = join_all(copies.map(|header| {
        let visitor = &visitor;
        async move { visitor.try_get(PATH, &[header]).await.unwrap() }
    }))
    .await;

    let mut grants = HashSet::new();
    for answer in &answers {
        delivered(answer, GOODS);
        grants.insert(answer.receipt().to_string());
    }
    assert_eq!(grants.len(), 1, "every copy got the same grant");
    assert_eq!(stall.payments().await.len(), 1);
    assert_eq!(stall.exposure().await, U256::from(UNITS));

    buy(&stall, &buyer).await;
    let third = visitor.pay(PATH, &buyer.sign(&visitor.terms(PATH).await).payment(Version::Two)).await;
    assert_eq!((third.status, third.code().as_str()), (402, "insufficient_funds"));
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 2]);
    assert_eq!(books.agree(&stall).await, U256::from(2 * UNITS));
}

/// T02: once its signature is public on the chain it proves nothing, and nobody is charged for showing it.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_after_settlement_is_refused_also_after_restarts() {
    let (mut stall, books) = stall().await;
    let buyer = funded(&stall, "1.00").await;
    let signed = buy(&stall, &buyer).await;
    assert_eq!(stall.settle().await.code, 0);

    for round in ["settled", "started again", "killed and started again"] {
        for (name, value) in spellings(&signed) {
            let answer = stall.visitor().try_get(PATH, &[(name, value)]).await.unwrap();
            assert_eq!(answer.status, 402, "{round}: {}", answer.in_words());
            assert_eq!(answer.code(), "invalid_transaction_state", "{round}");
        }
        assert_eq!(stall.states().await, ["settled"], "{round}");
        match round {
            "settled" => stall.restart().await,
            "started again" => {
                stall.kill9();
                stall.open().await;
            }
            _ => {}
        }
    }
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

/// T03: a buyer whose answer got lost gets it again, also when the stall was killed in between.
#[tokio::test(flavor = "multi_thread")]
async fn before_settlement_a_copy_receives_the_same_again_also_after_a_kill() {
    let (mut stall, books) = stall().await;
    let buyer = funded(&stall, "1.00").await;
    let signed = buy(&stall, &buyer).await;
    stall.kill9();
    stall.open().await;
    for (name, value) in spellings(&signed) {
        delivered(&stall.visitor().try_get(PATH, &[(name, value)]).await.unwrap(), GOODS);
    }
    assert_eq!(stall.states().await, ["queued"]);
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

/// I4, T13: what was paid for one thing buys no other thing of the same price.
#[tokio::test(flavor = "multi_thread")]
async fn an_authorization_never_buys_a_second_thing() {
    let (stall, _) = stall().await;
    stall.sell("/other", b"something else", CHARGED_EACH_TIME).await;
    let visitor = stall.visitor();
    let buyer = funded(&stall, "1.00").await;

    let unspent = buyer.sign(&visitor.terms(PATH).await).payment(Version::Two);
    let answer = visitor.pay("/other", &unspent).await;
    assert_eq!(answer.status, 402, "a payment that names another resource: {}", answer.in_words());
    assert!(stall.payments().await.is_empty());

    let spent = buy(&stall, &buyer).await;
    for version in [Version::One, Version::Two] {
        let mut payment = spent.payment(version);
        if let Some(fields) = payment.json.as_object_mut() {
            fields.remove("resource");
        }
        let answer = visitor.pay("/other", &payment).await;
        assert_eq!(answer.status, 402, "{}", answer.in_words());
        assert_ne!(answer.body, b"something else");
    }
    assert_eq!(stall.payments().await.len(), 1);
}

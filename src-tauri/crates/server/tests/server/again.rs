//! Who has bought receives again: by signing in, and by the name of the payment.

use alloy_primitives::{B256, hex};
use chrono::TimeDelta;
use domain::{Clock as _, Evidence, Outcome};
use serde_json::{Value, json};
use server::{Forwarding, Limits};
use store::{NewBatch, Trigger, Verdict};

use crate::buyer::{Buyer, Signed, Version, encode};
use crate::http::{self, Reply};
use crate::pages::{self, BROWSER};
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Stall};

/// Signs the challenge of a 402, as the npm client does.
pub(crate) fn answer(buyer: &Buyer, demand: &Reply) -> Value {
    let terms = demand.decoded("PAYMENT-REQUIRED");
    let asked = &terms["extensions"]["sign-in-with-x"];
    let info = &asked["info"];
    let text = |name: &str| info[name].as_str().unwrap_or_else(|| panic!("no {name}: {terms}")).to_owned();
    let chain = asked["supportedChains"][0]["chainId"].as_str().unwrap();
    let message = format!(
        "{} wants you to sign in with your Ethereum account:\n{}\n\n{}\n\nURI: {}\nVersion: 1\nChain ID: {}\nNonce: {}\nIssued At: {}\nExpiration Time: {}\nResources:\n- {}",
        text("domain"),
        buyer.address(),
        text("statement"),
        text("uri"),
        chain.strip_prefix("eip155:").unwrap(),
        text("nonce"),
        text("issuedAt"),
        text("expirationTime"),
        info["resources"][0].as_str().unwrap(),
    );
    let mut signed = info.clone();
    signed["address"] = buyer.address().to_string().into();
    signed["chainId"] = chain.into();
    signed["type"] = "eip191".into();
    signed["signature"] = hex::encode_prefixed(buyer.sign_message(&message)).into();
    signed
}

pub(crate) async fn sign_in(stall: &Stall, path: &str, signed: &Value) -> Reply {
    let header = encode(signed);
    http::send(stall.address, &http::get(path, &[("SIGN-IN-WITH-X", &header)])).await
}

#[tokio::test]
async fn who_bought_signs_in_and_receives_again_once_for_each_challenge() {
    let stall = Stall::open().await;
    let (ada, stranger) = (stall.buyer("ada"), stall.buyer("stranger"));
    stall.buy(&ada, GUIDE, Version::Two).await;
    let demand = stall.get(GUIDE).await;
    assert!(demand.header("payment-required").unwrap().len() <= 4096);
    let signed = answer(&ada, &demand);
    let reply = sign_in(&stall, GUIDE, &signed).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT), "{reply:?}");
    let again = sign_in(&stall, GUIDE, &signed).await;
    assert_eq!((again.status, again.error().as_str()), (402, "invalid_siwx_nonce"));
    assert_eq!(
        sign_in(&stall, GUIDE, &answer(&ada, &again)).await.status,
        200,
        "a refusal brings a fresh challenge"
    );
    let header = encode(&answer(&ada, &stall.get(GUIDE).await));
    let wants =
        [("SIGN-IN-WITH-X", header.as_str()), ("Accept", "application/json; profile=stallkeeper-grant")];
    let granted = http::send(stall.address, &http::get(GUIDE, &wants)).await.json();
    assert_eq!(stall.get(granted["grant"].as_str().unwrap()).await.body, GUIDE_TEXT);
    let none = sign_in(&stall, GUIDE, &answer(&stranger, &stall.get(GUIDE).await)).await;
    assert_eq!(none.status, 402);
    assert_ne!(none.body, GUIDE_TEXT);
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_is_not_an_answer_to_us_opens_nothing() {
    let stall = Stall::open().await;
    stall.add("/other", "other.txt", b"something else", GOODS).await;
    let ada = stall.buyer("ada");
    stall.buy(&ada, GUIDE, Version::Two).await;
    let fresh = async || answer(&ada, &stall.get(GUIDE).await);
    let changed = async |name: &str, value: Value| {
        let mut signed = fresh().await;
        signed[name] = value;
        let reply = sign_in(&stall, GUIDE, &signed).await;
        assert_eq!(reply.status, 402, "{name}");
        reply.error()
    };
    for (name, value, code) in [
        ("domain", json!("evil.example"), "invalid_siwx_domain_mismatch"),
        ("uri", json!("https://evil.example/guide"), "invalid_siwx_uri_mismatch"),
        ("issuedAt", json!("2001-01-01T00:00:00.000Z"), "invalid_siwx_issued_at_too_old"),
        ("nonce", json!("00000000000000000000000000000000"), "invalid_siwx_nonce"),
        ("address", json!(stall.buyer("stranger").address().to_string()), "invalid_siwx_signature"),
        ("chainId", json!("eip155:1"), "invalid_siwx_unsupported_chain"),
    ] {
        assert_eq!(changed(name, value).await, code, "{name}");
    }
    let signed = fresh().await;
    assert_ne!(sign_in(&stall, "/other", &signed).await.status, 200, "it owns the guide only");
    let signed = fresh().await;
    stall.clock.advance(TimeDelta::minutes(6));
    assert_eq!(sign_in(&stall, GUIDE, &signed).await.error(), "invalid_siwx_issued_at_too_old");
    let signed = fresh().await;
    stall.clock.advance(TimeDelta::days(31));
    assert_eq!(sign_in(&stall, GUIDE, &signed).await.status, 402, "long after");
    assert_eq!(sign_in(&stall, GUIDE, &fresh().await).await.status, 402, "it is not owned any more");
}

// T51, T73
#[tokio::test]
async fn a_sign_in_in_vain_counts_as_a_bad_signature_does_and_runs_no_strangers_code() {
    let limits = Limits { payments_of_address_a_minute: 60, ..Limits::default() };
    let stall = Stall::with_limits(limits).await;
    stall.ways.send_modify(|ways| ways.tunnel = Some(Forwarding::Cloudflare));
    let stranger = stall.buyer("stranger");
    let try_from = async |from: &str, signature: Option<&str>| {
        let mut signed = answer(&stranger, &stall.get(GUIDE).await);
        if let Some(signature) = signature {
            signed["signature"] = signature.into();
        }
        let header = encode(&signed);
        let headers = [("CF-Connecting-IP", from), ("SIGN-IN-WITH-X", header.as_str())];
        let reply = http::send(stall.address, &http::get(GUIDE, &headers)).await;
        (reply.status, reply.error())
    };
    let asked_before = stall.chain.asked();
    let of_code = try_from("198.51.100.1", Some("0xc0de")).await;
    assert_eq!(of_code, (402, "invalid_siwx_signature".to_owned()));
    assert_eq!(try_from("198.51.100.1", None).await.0, 402, "a good signature of who owns nothing");
    assert_eq!(try_from("198.51.100.1", None).await.0, 429);
    assert_eq!(try_from("198.51.100.2", None).await.0, 402);
    assert_eq!(stall.chain.asked(), asked_before);
    stall.buy(&stranger, GUIDE, Version::Two).await;
    let asked_before = stall.chain.asked();
    assert_eq!(try_from("198.51.100.2", Some("0xc0de")).await, of_code);
    assert_eq!(stall.chain.asked(), asked_before + 1, "code is asked where it could open something");
}

/// The payment under a name of the buyer's.
fn named(signed: &Signed, name: &str) -> String {
    let mut payment = signed.payment(Version::Two);
    payment["extensions"] = json!({ "payment-identifier": { "info": { "required": false, "id": name } } });
    encode(&payment)
}

#[tokio::test]
async fn a_named_payment_is_answered_again_whatever_became_of_it_and_its_name_is_nobody_elses() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, GUIDE).await;
    let header = named(&signed, "order-0000000000000001");
    let pay = async |header: &str| stall.pay_with(GUIDE, "PAYMENT-SIGNATURE", header).await;
    assert_eq!(pay(&header).await.body, GUIDE_TEXT);
    assert_eq!(pay(&header).await.body, GUIDE_TEXT);
    // Public by now, so that it proves nothing by itself.
    let payments = vec![stall.payment().await.seq];
    let batch = NewBatch { asset: stall.asset_id, payments, trigger: Trigger::Seller, at: stall.clock.now() };
    stall.store.open_batch(batch).await.unwrap();
    assert_eq!(stall.pay(GUIDE, &signed, Version::Two).await.status, 503, "without its name");
    assert_eq!(pay(&header).await.body, GUIDE_TEXT, "under its name");
    let other = stall.sign(&stall.buyer("bob"), GUIDE).await;
    let conflict = pay(&named(&other, "order-0000000000000001")).await;
    assert_eq!(conflict.status, 409);
    assert_eq!(pay(&named(&other, "short")).await.status, 400);
    assert_eq!(stall.payments().await.len(), 1, "nobody was charged for that");
    assert_eq!(pay(&named(&other, "order-0000000000000002")).await.status, 200);
    assert_eq!(stall.payments().await.len(), 2);
}

#[tokio::test]
async fn a_name_whose_payment_was_not_taken_is_free() {
    let stall = Stall::open().await;
    let poor = Buyer::new("poor");
    let header = named(&stall.sign(&poor, GUIDE).await, "order-0000000000000001");
    assert_eq!(stall.pay_with(GUIDE, "PAYMENT-SIGNATURE", &header).await.status, 402);
    let rich = named(&stall.sign(&stall.buyer("ada"), GUIDE).await, "order-0000000000000001");
    assert_eq!(stall.pay_with(GUIDE, "PAYMENT-SIGNATURE", &rich).await.status, 200);
}

#[tokio::test]
async fn who_sends_what_was_settled_long_ago_is_told_that_it_was_paid() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let (signed, _) = stall.buy(&buyer, GUIDE, Version::Two).await;
    let (payment, at) = (stall.payment().await.seq, stall.clock.now());
    let batch = NewBatch { asset: stall.asset_id, payments: vec![payment], trigger: Trigger::Seller, at };
    let batch = stall.store.open_batch(batch).await.unwrap().id;
    let hash = B256::repeat_byte(0xaa);
    let outcomes =
        vec![(payment, Outcome::Settled(Evidence { block: 9, block_hash: hash, transaction: hash }))];
    stall.store.record(Verdict { batch, attempt: None, outcomes, at }).await.unwrap();
    let reply = stall.pay(GUIDE, &signed, Version::Two).await;
    assert_eq!(reply.status, 402);
    let body = reply.json();
    assert_eq!((&body["alreadyPaid"], &body["x402Version"]), (&Value::Bool(true), &Value::from(1)), "{body}");
    let unpaid = stall.get(GUIDE).await.json();
    assert_eq!(unpaid["alreadyPaid"], Value::Null);
}

#[tokio::test]
async fn each_browsers_page_holds_a_challenge_of_its_own_which_its_header_does_without() {
    let stall = Stall::open().await;
    let challenge = async || {
        let page = http::send(stall.address, &http::get(GUIDE, &BROWSER)).await;
        assert_eq!(page.decoded("PAYMENT-REQUIRED")["extensions"], Value::Null);
        pages::offer(&page)["paymentRequired"]["extensions"]["sign-in-with-x"]["info"]["nonce"].clone()
    };
    let (first, second) = (challenge().await, challenge().await);
    assert!(first.is_string() && second.is_string() && first != second, "{first} {second}");
}

//! Payments with one thing wrong: each its own code, and nothing stored (T11, T15, T16, T17, T26).

use alloy_primitives::{Address, B256, U256};
use domain::{Clock as _, EndpointState};
use serde_json::{Value, json};

use crate::buyer::{BOTH, Buyer, Signed, Version, encode, header_name};
use crate::stall::{GUIDE, Stall, asset};

/// What can be spoilt: the message before it is signed, and the JSON after it.
struct Bad<'b> {
    buyer: &'b Buyer,
    version: Version,
    signed: Signed,
    json: Value,
}

impl Bad<'_> {
    fn resign(&mut self, change: impl FnOnce(&mut Signed)) {
        change(&mut self.signed);
        self.signed.signature = self.buyer.sign(&asset(), &self.signed.authorization);
        self.json = self.signed.payment(self.version);
    }

    fn term(&mut self, one: &str, two: &str, value: Value) {
        match self.version {
            Version::One => self.json[one] = value,
            Version::Two => self.json["accepted"][two] = value,
        }
    }

    fn message(&mut self) -> &mut Value {
        &mut self.json["payload"]["authorization"]
    }
}

type Spoil = fn(&mut Bad<'_>);

const VALUE: [&str; 2] = [
    "invalid_exact_evm_payload_authorization_value",
    "invalid_exact_evm_payload_authorization_value_mismatch",
];
const RECIPIENT: [&str; 2] = ["invalid_exact_evm_payload_recipient_mismatch"; 2];
const BEFORE: [&str; 2] = ["invalid_exact_evm_payload_authorization_valid_before"; 2];
const AFTER: [&str; 2] = ["invalid_exact_evm_payload_authorization_valid_after"; 2];
const SIGNATURE: [&str; 2] = ["invalid_exact_evm_payload_signature"; 2];
const NETWORK: [&str; 2] = ["invalid_network"; 2];
const SCHEME: [&str; 2] = ["unsupported_scheme"; 2];
const PAYLOAD: [&str; 2] = ["invalid_payload"; 2];

const BOTH_VERSIONS: &[(&str, [&str; 2], Spoil)] = &[
    ("one unit less", VALUE, |bad| bad.resign(|it| it.authorization.value -= U256::from(1))),
    ("one unit more", VALUE, |bad| bad.resign(|it| it.authorization.value += U256::from(1))),
    ("ten times as much", VALUE, |bad| bad.resign(|it| it.authorization.value *= U256::from(10))),
    ("2^256 - 1", VALUE, |bad| bad.resign(|it| it.authorization.value = U256::MAX)),
    ("nothing", VALUE, |bad| bad.resign(|it| it.authorization.value = U256::ZERO)),
    ("another payee", RECIPIENT, |bad| bad.resign(|it| it.authorization.to = Address::repeat_byte(9))),
    ("ended", BEFORE, |bad| bad.resign(|it| it.authorization.valid_before = 1_799_999_999)),
    ("too short to be settled", BEFORE, |bad| {
        bad.resign(|it| it.authorization.valid_before = 1_800_000_000 + 29);
    }),
    ("good for years", BEFORE, |bad| {
        bad.resign(|it| it.authorization.valid_before = 1_800_000_000 + 9 * 86_400 + 1);
    }),
    ("not valid yet", AFTER, |bad| bad.resign(|it| it.authorization.valid_after = 1_800_000_001)),
    ("the payer is somebody else", SIGNATURE, |bad| {
        bad.message()["from"] = Address::repeat_byte(7).to_string().into();
    }),
    ("the payer is nobody", PAYLOAD, |bad| bad.message()["from"] = Address::ZERO.to_string().into()),
    ("another nonce than was signed", SIGNATURE, |bad| {
        bad.message()["nonce"] = B256::repeat_byte(3).to_string().into();
    }),
    ("another window than was signed", SIGNATURE, |bad| {
        bad.message()["validAfter"] = "1".into();
    }),
    ("another chain's domain", SIGNATURE, |bad| {
        let mut other = asset();
        other.network = domain::NetworkId::from_chain_id(8453);
        bad.signed.signature = bad.buyer.sign(&other, &bad.signed.authorization);
        bad.json = bad.signed.payment(bad.version);
    }),
    ("another token name's domain", SIGNATURE, |bad| {
        let mut other = asset();
        other.name = "USD Coin".to_owned();
        bad.signed.signature = bad.buyer.sign(&other, &bad.signed.authorization);
        bad.json = bad.signed.payment(bad.version);
    }),
    ("r is zero", SIGNATURE, |bad| {
        bad.signed.signature[..32].fill(0);
        bad.json = bad.signed.payment(bad.version);
    }),
    ("s is zero", SIGNATURE, |bad| {
        bad.signed.signature[32..64].fill(0);
        bad.json = bad.signed.payment(bad.version);
    }),
    ("v is 29", SIGNATURE, |bad| {
        bad.signed.signature[64] = 29;
        bad.json = bad.signed.payment(bad.version);
    }),
    ("the other v", SIGNATURE, |bad| {
        bad.signed.signature[64] ^= 7;
        bad.json = bad.signed.payment(bad.version);
    }),
    ("a smart account's signature", SIGNATURE, |bad| {
        bad.json["payload"]["signature"] = format!("0x{}", "ab".repeat(130)).into();
    }),
    ("no byte of a signature", SIGNATURE, |bad| bad.json["payload"]["signature"] = "0x".into()),
    (
        "an account that is not there yet (T18)",
        ["invalid_exact_evm_payload_undeployed_smart_wallet"; 2],
        |bad| {
            let wrapped = format!("0x{}{}", "ab".repeat(130), "6492".repeat(16));
            bad.json["payload"]["signature"] = wrapped.into();
        },
    ),
    ("another network", NETWORK, |bad| {
        bad.term(
            "network",
            "network",
            match bad.version {
                Version::One => "base".into(),
                Version::Two => "eip155:8453".into(),
            },
        );
    }),
    ("no network at all", NETWORK, |bad| bad.term("network", "network", "nowhere".into())),
    ("another scheme", SCHEME, |bad| bad.term("scheme", "scheme", "upto".into())),
    ("a version nobody knows", ["invalid_x402_version"; 2], |bad| bad.json["x402Version"] = 3.into()),
    ("a number for a value", PAYLOAD, |bad| bad.message()["value"] = 50_000.into()),
    ("a value in hexadecimal", PAYLOAD, |bad| bad.message()["value"] = "0xc350".into()),
    ("a value beyond 256 bits", PAYLOAD, |bad| bad.message()["value"] = "9".repeat(80).into()),
    ("no nonce", PAYLOAD, |bad| {
        bad.message().as_object_mut().unwrap().remove("nonce");
    }),
    ("no signature", PAYLOAD, |bad| {
        bad.json["payload"].as_object_mut().unwrap().remove("signature");
    }),
];

/// What only version 2 echoes.
const VERSION_2: &[(&str, &str, Spoil)] = &[
    ("accepted a lower price", VALUE[1], |bad| bad.json["accepted"]["amount"] = "1".into()),
    ("accepted another token", "invalid_payment_requirements", |bad| {
        bad.json["accepted"]["asset"] = Address::repeat_byte(5).to_string().into();
    }),
    ("accepted another payee", RECIPIENT[1], |bad| {
        bad.json["accepted"]["payTo"] = Address::repeat_byte(5).to_string().into();
    }),
    ("accepted another window", "invalid_payment_requirements", |bad| {
        bad.json["accepted"]["maxTimeoutSeconds"] = 60.into();
    }),
    ("a balance of Circle's", "unsupported_scheme", |bad| {
        bad.json["accepted"]["extra"] = json!({ "name": "GatewayWalletBatched", "version": "1" });
    }),
    ("another resource (T13)", "invalid_payment_requirements", |bad| {
        bad.json["resource"]["url"] = "https://stall.example/dear".into();
    }),
    ("a resource that is no URL", "invalid_payment_requirements", |bad| {
        bad.json["resource"]["url"] = "guide".into();
    }),
];

async fn refused(stall: &Stall, what: &str, name: &str, header: &str, code: &str) {
    let reply = stall.pay_with(GUIDE, name, header).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, code), "{what} in {name}: {reply:?}");
    assert_eq!(reply.decoded("PAYMENT-REQUIRED")["error"], code, "{what} in {name}");
    assert!(!reply.json()["accepts"].as_array().unwrap().is_empty(), "{what}: no fresh terms");
    let sentence = reply.json()["errorMessage"].as_str().unwrap_or_default().to_owned();
    assert!(sentence.ends_with('.'), "{what}: {sentence:?}");
    assert!(stall.payments().await.is_empty(), "{what} in {name} left a row");
}

#[tokio::test]
async fn one_wrong_field_gets_its_own_code_and_leaves_nothing() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    for version in BOTH {
        for (what, codes, spoil) in BOTH_VERSIONS {
            let signed = stall.sign(&buyer, GUIDE).await;
            let json = signed.payment(version);
            let mut bad = Bad { buyer: &buyer, version, signed, json };
            spoil(&mut bad);
            let code = codes[usize::from(version == Version::Two)];
            refused(&stall, what, header_name(version), &encode(&bad.json), code).await;
        }
    }
    for (what, code, spoil) in VERSION_2 {
        let signed = stall.sign(&buyer, GUIDE).await;
        let json = signed.payment(Version::Two);
        let mut bad = Bad { buyer: &buyer, version: Version::Two, signed, json };
        spoil(&mut bad);
        refused(&stall, what, "PAYMENT-SIGNATURE", &encode(&bad.json), code).await;
    }
    // Whose signature it is only the chain knows; nothing else was worth a question to it.
    let questions = BOTH_VERSIONS.iter().filter(|(_, codes, _)| *codes == SIGNATURE).count() * BOTH.len();
    assert_eq!(stall.chain.asked(), questions);
    let (_, reply) = stall.buy(&buyer, GUIDE, Version::Two).await;
    assert_eq!(reply.status, 200, "the unspoilt payment is taken");
}

// T26
#[tokio::test]
async fn a_header_that_is_no_payment_is_refused_without_a_trace() {
    let stall = Stall::open().await;
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let encoded = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    let good = signed.payment(Version::Two).to_string();
    let twice = good.replacen("\"x402Version\":2", "\"x402Version\":2,\"x402Version\":2", 1);
    assert_ne!(twice, good);
    for (what, value) in [
        ("nothing", String::new()),
        ("no base64", "!!!".to_owned()),
        ("no JSON", encoded("hello")),
        ("an empty object", encoded("{}")),
        ("very deep", encoded(&deep)),
        ("a member twice", encoded(&twice)),
        ("too long", encoded(&" ".repeat(13_000))),
    ] {
        for version in BOTH {
            refused(&stall, what, header_name(version), &value, "invalid_payload").await;
        }
    }
}

// T26
#[tokio::test]
async fn two_payments_in_one_request_are_refused() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let (one, two) = (stall.sign(&buyer, GUIDE).await, stall.sign(&buyer, GUIDE).await);
    let first = one.header(Version::Two).1;
    let second = two.header(Version::Two).1;
    let old = one.header(Version::One).1;
    for headers in [
        [("PAYMENT-SIGNATURE", first.as_str()), ("PAYMENT-SIGNATURE", second.as_str())],
        [("PAYMENT-SIGNATURE", first.as_str()), ("payment-signature", first.as_str())],
        [("PAYMENT-SIGNATURE", second.as_str()), ("X-PAYMENT", old.as_str())],
    ] {
        let reply = crate::http::send(stall.address, &crate::http::get(GUIDE, &headers)).await;
        assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_payload"));
    }
    assert!(stall.payments().await.is_empty());
}

// T10: the token judges by the chain's clock.
#[tokio::test]
async fn a_chain_whose_clock_is_ahead_leaves_too_little_time() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    stall.chain.set_time(stall.clock.seconds() + 72 * 3600 - 20);
    let (_, reply) = stall.buy(&buyer, GUIDE, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, BEFORE[1]));
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn a_nonce_that_the_chain_knows_buys_nothing() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, GUIDE).await;
    stall.chain.use_nonce(signed.key());
    let reply = stall.pay(GUIDE, &signed, Version::One).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_transaction_state"));
    assert!(stall.payments().await.is_empty());
}

// T04
#[tokio::test]
async fn a_payer_cannot_promise_more_than_it_holds() {
    let stall = Stall::open().await;
    let buyer = Buyer::new("poor");
    stall.chain.fund(buyer.address(), crate::stall::PRICE - 1);
    let (_, reply) = stall.buy(&buyer, GUIDE, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, "insufficient_funds"));
    assert!(stall.payments().await.is_empty());
}

/// T63: what was signed before an older copy of the data was put back may have bought something
/// already. It is refused, in both versions, and a new signature buys.
#[tokio::test]
async fn what_was_signed_before_older_data_was_put_back_buys_nothing() {
    for version in BOTH {
        let stall = Stall::open().await;
        let buyer = stall.buyer("ada");
        let demand = stall.get(GUIDE).await;
        let before = buyer.answer(&demand, stall.clock.seconds());
        stall.clock.advance(chrono::TimeDelta::minutes(1));
        stall.store.note_restored(stall.clock.now()).await.unwrap();
        // Changes are heard in their order: once the endpoint is seen to come and go, so is the other.
        let guide = stall.store.catalogue().await.unwrap()[0].endpoint.id;
        stall.set_state(guide, GUIDE, EndpointState::Paused, 503).await;
        stall.set_state(guide, GUIDE, EndpointState::Live, 402).await;
        let refused = stall.pay(GUIDE, &before, version).await;
        assert_eq!(refused.status, 402);
        assert!(refused.json()["errorMessage"].as_str().unwrap().contains("Sign a new one"));
        assert!(stall.payments().await.is_empty());
        stall.clock.advance(chrono::TimeDelta::seconds(1));
        let after = buyer.answer(&demand, stall.clock.seconds());
        assert_eq!(stall.pay(GUIDE, &after, version).await.status, 200);
        assert_eq!(stall.payments().await.len(), 1);
    }
}

/// T63: a client that signs for a week whatever it was asked for does not look as if it had signed later, nor does one
/// whose signature is shown days afterwards.
#[tokio::test]
async fn what_was_signed_for_long_before_older_data_was_put_back_buys_nothing() {
    const WEEK: u64 = 604_900;
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let demand = stall.get(GUIDE).await;
    let long = |begins: u64| {
        let mut signed = buyer.answer(&demand, stall.clock.seconds());
        signed.authorization.valid_after = begins;
        signed.authorization.valid_before = stall.clock.seconds() + WEEK;
        signed.signature = buyer.sign(&asset(), &signed.authorization);
        signed
    };
    let before = [long(stall.clock.seconds() - 600), long(0)];
    stall.clock.advance(chrono::TimeDelta::minutes(1));
    stall.store.note_restored(stall.clock.now()).await.unwrap();
    let guide = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.set_state(guide, GUIDE, EndpointState::Paused, 503).await;
    stall.set_state(guide, GUIDE, EndpointState::Live, 402).await;
    for signed in &before {
        assert_eq!(stall.pay(GUIDE, signed, Version::Two).await.status, 402);
    }
    stall.clock.advance(chrono::TimeDelta::minutes(11));
    let after = long(stall.clock.seconds() - 600);
    stall.clock.advance(chrono::TimeDelta::days(5));
    assert_eq!(stall.pay(GUIDE, &before[0], Version::Two).await.status, 402, "shown late");
    assert!(stall.payments().await.is_empty());
    assert_eq!(stall.pay(GUIDE, &after, Version::Two).await.status, 200);
    // What ends later than anything that was taken by then was signed since, whatever it was signed for.
    stall.clock.advance(chrono::TimeDelta::days(5));
    let other = stall.buyer("eve");
    let mut late = other.answer(&demand, stall.clock.seconds());
    late.authorization.valid_before = stall.clock.seconds() + WEEK;
    late.signature = other.sign(&asset(), &late.authorization);
    assert_eq!(stall.pay(GUIDE, &late, Version::Two).await.status, 200);
}

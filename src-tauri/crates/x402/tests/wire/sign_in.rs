//! Sign-ins, held against what `@x402/extensions` 2.27.0 signs and sends.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::NetworkId;
use serde::Deserialize;
use serde_json::{Value, json};
use x402::{
    Code, Origin, SIGN_IN_SECONDS, SignIn, SignInRefusal, SignInTerms, SignInTermsError, parse_sign_in,
};

#[derive(Deserialize)]
struct Case {
    name: String,
    header: String,
    message: String,
    signature: String,
    address: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("vectors/sign_in.json")).unwrap()
}

fn case(name: &str) -> SignIn {
    let case = cases().into_iter().find(|case| case.name == name).unwrap();
    parse_sign_in([case.header.as_bytes()]).unwrap().unwrap()
}

fn origin() -> Origin {
    Origin::parse("https://stall.example").unwrap()
}

fn issued() -> DateTime<Utc> {
    "2026-11-21T14:40:13.250Z".parse().unwrap()
}

fn check(sign_in: &SignIn, now: DateTime<Utc>) -> Result<(), SignInRefusal> {
    sign_in.check(&origin(), &[NetworkId::BASE_SEPOLIA], now, |_, _| true)
}

#[test]
fn the_text_is_the_one_that_the_client_signed_letter_by_letter() {
    for case in cases() {
        let sign_in = parse_sign_in([case.header.as_bytes()]).unwrap().unwrap();
        assert_eq!(sign_in.message(), case.message, "{}", case.name);
        assert_eq!(sign_in.signature.to_string(), case.signature, "{}", case.name);
        assert_eq!(sign_in.address.to_checksum(None), case.address, "{}", case.name);
    }
}

/// The client was shown exactly this challenge, and answered what stands in the vectors.
#[test]
fn our_challenge_is_what_the_client_answers() {
    let origin = Origin::parse("http://stall.example:4021/").unwrap();
    let url = "http://stall.example:4021/guide";
    let statement = "Sign in to receive again what you bought.";
    let networks = [NetworkId::BASE_SEPOLIA, NetworkId::BASE_SEPOLIA, NetworkId::from_chain_id(8453)];
    let terms = SignInTerms::new(&origin, url, Some(statement), &networks).unwrap();
    let answer = case("as we challenge");
    let challenge = terms.challenge(&answer.nonce, issued());
    assert_eq!(challenge.key(), "sign-in-with-x");
    assert_eq!(challenge.size(), terms.room());
    assert_eq!(SignInTerms::issued_at(issued()), answer.issued_at);
    let mut seen = None;
    let now = issued() + TimeDelta::seconds(1);
    let checked = answer.check(&origin, &networks, now, |nonce, issued_at| {
        seen = Some((nonce.to_owned(), issued_at.to_owned()));
        true
    });
    assert_eq!(checked, Ok(()));
    assert_eq!(seen, Some((answer.nonce.clone(), "2026-11-21T14:40:13.250Z".to_owned())));
    assert_eq!(answer.resources, Some(vec![url.to_owned()]));
    assert_eq!(answer.statement.as_deref(), Some(statement));
    assert_eq!(answer.expiration_time.as_deref(), Some("2026-11-21T14:45:13.250Z"));
}

#[test]
fn a_sign_in_counts_for_five_minutes_and_not_before_its_challenge() {
    let sign_in = case("least");
    for seconds in [0, 1, SIGN_IN_SECONDS] {
        assert_eq!(check(&sign_in, issued() + TimeDelta::seconds(seconds)), Ok(()), "{seconds}");
    }
    let late = issued() + TimeDelta::milliseconds(SIGN_IN_SECONDS * 1_000 + 1);
    assert_eq!(check(&sign_in, late), Err(SignInRefusal::TooOld));
    assert_eq!(check(&sign_in, issued() - TimeDelta::milliseconds(1)), Err(SignInRefusal::InFuture));
}

#[test]
fn every_check_has_the_word_of_the_reference() {
    let now = issued() + TimeDelta::seconds(10);
    let good = case("everything");
    assert_eq!(check(&good, now), Ok(()));
    let text = |text: &str| text.to_owned();
    let wrong = [
        (SignIn { domain: text("stall.example:8443"), ..good.clone() }, "domain_mismatch"),
        (SignIn { domain: text("Stall.example"), ..good.clone() }, "domain_mismatch"),
        (SignIn { uri: text("http://stall.example/guide"), ..good.clone() }, "uri_mismatch"),
        (SignIn { uri: text("https://stall.example.evil/guide"), ..good.clone() }, "uri_mismatch"),
        (SignIn { uri: text("guide"), ..good.clone() }, "uri_mismatch"),
        (SignIn { issued_at: text("yesterday"), ..good.clone() }, "issued_at"),
        (SignIn { issued_at: text("2026-11-21T14:35:00Z"), ..good.clone() }, "issued_at_too_old"),
        (SignIn { issued_at: text("2026-11-21T14:41:00Z"), ..good.clone() }, "issued_at_in_future"),
        (SignIn { expiration_time: Some(text("never")), ..good.clone() }, "expiration_time"),
        (SignIn { expiration_time: Some(text("2026-11-21T14:40:14Z")), ..good.clone() }, "expired"),
        (SignIn { not_before: Some(text("soon")), ..good.clone() }, "not_before"),
        (SignIn { not_before: Some(text("2026-11-21T14:41:00Z")), ..good.clone() }, "not_yet_valid"),
        (SignIn { network: NetworkId::from_chain_id(1), ..good.clone() }, "unsupported_chain"),
    ];
    for (sign_in, word) in wrong {
        let refusal = check(&sign_in, now).unwrap_err();
        assert_eq!(refusal.code().as_str(), format!("invalid_siwx_{word}"), "{refusal}");
    }
    let refusal = good.check(&origin(), &[NetworkId::BASE_SEPOLIA], now, |_, _| false).unwrap_err();
    assert_eq!(refusal.code().as_str(), "invalid_siwx_nonce");
    for (refusal, word) in [
        (SignInRefusal::Signature, "invalid_siwx_signature"),
        (SignInRefusal::Verifier, "invalid_siwx_verifier_error"),
    ] {
        assert_eq!(refusal.code().as_str(), word);
    }
}

fn changed(member: &str, value: &Value) -> Result<Option<SignIn>, SignInRefusal> {
    let case = cases().into_iter().find(|case| case.name == "everything").unwrap();
    let mut json: Value = serde_json::from_slice(&STANDARD.decode(case.header).unwrap()).unwrap();
    json[member] = value.clone();
    parse_sign_in([STANDARD.encode(json.to_string()).as_bytes()])
}

#[test]
fn what_cannot_be_a_sign_in_is_told_apart() {
    let wrapped = format!("0x{}{}", "ab".repeat(96), "6492".repeat(16));
    for (member, value, code) in [
        ("chainId", json!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"), Code::SignInUnsupportedChain),
        ("type", json!("ed25519"), Code::SignInUnsupportedChain),
        ("chainId", json!("eip155:x"), Code::SignInChainId),
        ("chainId", json!("eip155:084532"), Code::SignInChainId),
        ("signature", json!("0xzz"), Code::SignInMalformedSignature),
        ("signature", json!(wrapped), Code::SignInMalformedSignature),
        ("signature", Value::Null, Code::Payload),
        ("version", json!("2"), Code::Payload),
        ("address", json!("0x70997970c51812dc3A010C7d01b50e0d17dc79C8"), Code::Payload),
        ("statement", json!("Free.\n\nURI: https://stall.example/other"), Code::Payload),
        ("nonce", json!("a\nb"), Code::Payload),
        ("requestId", json!("a\rb"), Code::Payload),
        ("domain", json!("ställ.example"), Code::Payload),
        ("resources", json!(["a", 7]), Code::Payload),
        ("resources", json!(vec!["a"; 17]), Code::Payload),
        ("resources", json!({}), Code::Payload),
    ] {
        let refusal = changed(member, &value).unwrap_err();
        assert_eq!(refusal.code(), code, "{member} {value}: {refusal}");
    }
    assert!(changed("resources", &json!(vec!["a"; 16])).is_ok());
    for absent in ["statement", "expirationTime", "notBefore", "requestId", "resources", "signatureScheme"] {
        assert!(changed(absent, &Value::Null).is_ok(), "{absent}");
    }
}

/// T26.
#[test]
fn there_is_one_header_at_most_and_it_has_a_length() {
    assert_eq!(parse_sign_in([]), Ok(None));
    let header = cases().remove(0).header;
    assert!(parse_sign_in([header.as_bytes(), header.as_bytes()]).is_err());
    assert!(parse_sign_in([&b"%"[..]]).is_err());
    let long = STANDARD.encode(vec![b' '; 13_000]);
    let refusal = parse_sign_in([long.as_bytes()]).unwrap_err();
    assert!(refusal.to_string().contains("more than the 16384"), "{refusal}");
}

#[test]
fn what_no_client_would_sign_is_not_asked_for() {
    let networks = [NetworkId::BASE_SEPOLIA];
    let terms = |uri, statement| SignInTerms::new(&origin(), uri, statement, &networks);
    for uri in ["https://stall.example", "https://stall.example/a%20b?c=d"] {
        assert!(terms(uri, None).is_ok(), "{uri}");
    }
    for uri in [
        "https://other.example/a",
        "/a",
        "https://stall.example/a b",
        "https://stall.example/a#b",
        "https://stall.example/<",
    ] {
        assert!(matches!(terms(uri, None), Err(SignInTermsError::Uri(_))), "{uri}");
    }
    for statement in ["", "für dich", "a\nb", "100 %", "\"so\"", "a<b", "a|b"] {
        let refused = terms("https://stall.example/a", Some(statement));
        assert_eq!(refused, Err(SignInTermsError::Statement), "{statement}");
    }
    let none = SignInTerms::new(&origin(), "https://stall.example/a", None, &[]);
    assert_eq!(none, Err(SignInTermsError::NoNetwork));
}

//! Reading what a buyer sent.

use alloy_primitives::U256;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Authorization, LONGEST_SIGNATURE, NetworkId, Signature};
use serde_json::{Value, json};
use x402::{Accepted, Code, Payment, PaymentError, Version, parse_payment};

use crate::fixtures::{SEPOLIA_SIGNATURE, SETTLED_SIGNATURE, offer, settled_on_base, signed_on_base_sepolia};

fn payload(authorization: &Authorization, signature: &str) -> Value {
    json!({
        "signature": signature,
        "authorization": {
            "from": authorization.from.to_string(),
            "to": authorization.to.to_string(),
            "value": authorization.value.to_string(),
            "validAfter": authorization.valid_after.to_string(),
            "validBefore": authorization.valid_before.to_string(),
            "nonce": authorization.nonce.to_string(),
        },
    })
}

fn version_1() -> Value {
    json!({
        "x402Version": 1,
        "scheme": "exact",
        "network": "base-sepolia",
        "payload": payload(&signed_on_base_sepolia(), SEPOLIA_SIGNATURE),
    })
}

fn version_2() -> Value {
    json!({
        "x402Version": 2,
        "resource": { "url": "https://stall.example/guide", "description": "A guide" },
        "accepted": {
            "scheme": "exact",
            "network": "eip155:84532",
            "amount": "10000",
            "asset": "0x036cbd53842c5426634e7929541ec2318f3dcf7e",
            "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
            "maxTimeoutSeconds": 300,
            "extra": { "name": "USDC", "version": "2" },
        },
        "payload": payload(&signed_on_base_sepolia(), SEPOLIA_SIGNATURE),
        "extensions": { "bazaar": { "info": { "input": { "type": "http" } }, "schema": {} } },
    })
}

fn with(mut json: Value, place: &str, value: Value) -> Value {
    *json.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
    json
}

fn without(mut json: Value, object: &str, member: &str) -> Value {
    let members = json.pointer_mut(object).and_then(Value::as_object_mut).unwrap();
    members.remove(member).unwrap();
    json
}

fn parse(json: &Value) -> Result<Payment, PaymentError> {
    let header = STANDARD.encode(json.to_string());
    parse_payment([header.as_bytes()], []).map(Option::unwrap)
}

fn refusal(json: &Value) -> PaymentError {
    parse(json).unwrap_err()
}

#[test]
fn the_payment_settled_on_base_is_read_field_by_field_in_both_versions() {
    let payload = payload(&settled_on_base(), SETTLED_SIGNATURE);
    let v1 = json!({ "x402Version": 1, "scheme": "exact", "network": "base", "payload": payload });
    let v2 = json!({ "payload": payload, "x402Version": 2, "accepted": {
        "scheme": "exact", "network": "eip155:8453", "amount": "22000",
        "asset": "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
        "payTo": "0xb73d8bc93b791510c4733c5c5ac2015a3c2930ec", "maxTimeoutSeconds": 60,
    }});
    for (version, json) in [(Version::V1, v1), (Version::V2, v2)] {
        let payment = parse(&json).unwrap();
        assert_eq!(payment.version, version);
        assert_eq!(payment.network, NetworkId::from_chain_id(8453));
        assert_eq!(payment.authorization, settled_on_base());
        assert_eq!(payment.signature.to_string(), SETTLED_SIGNATURE);
        assert_eq!(payment.accepted.is_some(), version == Version::V2);
        assert_eq!(payment.resource_url, None);
    }
}

#[test]
fn a_version_2_payment_carries_the_terms_it_answers_and_what_it_is_for() {
    let payment = parse(&version_2()).unwrap();
    let offer = offer();
    assert_eq!(payment.authorization, signed_on_base_sepolia());
    assert_eq!(payment.signature.to_string(), SEPOLIA_SIGNATURE);
    assert_eq!(
        payment.accepted,
        Some(Accepted {
            amount: U256::from(10_000),
            asset: offer.asset.address,
            pay_to: offer.pay_to,
            max_timeout_seconds: 300,
        })
    );
    assert_eq!(payment.resource_url.as_deref(), Some("https://stall.example/guide"));
}

#[test]
fn the_version_is_the_one_in_the_json_whatever_header_it_came_in() {
    for (json, version) in [(version_1(), Version::V1), (version_2(), Version::V2)] {
        let header = STANDARD.encode(json.to_string());
        for parsed in [parse_payment([header.as_bytes()], []), parse_payment([], [header.as_bytes()])] {
            assert_eq!(parsed.unwrap().unwrap().version, version);
        }
    }
    for (version, code) in
        [(json!(3), Code::X402Version), (json!(0), Code::X402Version), (json!("1"), Code::Payload)]
    {
        assert_eq!(refusal(&with(version_1(), "/x402Version", version)).code(), code);
    }
    assert_eq!(refusal(&without(version_1(), "", "x402Version")), PaymentError::Missing("x402Version"));
}

/// T26: what lies between the buyer and us could read another header than we do.
#[test]
fn exactly_one_payment_stands_in_the_headers() {
    let v1 = STANDARD.encode(version_1().to_string());
    let v2 = STANDARD.encode(version_2().to_string());
    let (v1, v2) = (v1.as_bytes(), v2.as_bytes());
    assert_eq!(parse_payment([], []), Ok(None));
    assert_eq!(parse_payment([v1], [v2]), Err(PaymentError::TwoPayments));
    assert_eq!(parse_payment([v1, v1], []), Err(PaymentError::RepeatedHeader("X-PAYMENT")));
    assert_eq!(parse_payment([v1], [v2, v1]), Err(PaymentError::RepeatedHeader("PAYMENT-SIGNATURE")));
    assert_eq!(parse_payment([v2], [v2]), parse_payment([], [v2]));
    let folded = [v1, v1].join(&b", "[..]);
    assert_eq!(parse_payment([&folded[..]], []), Err(PaymentError::Base64));
}

#[test]
fn base64_of_either_alphabet_is_read_with_and_without_padding() {
    // The text makes both characters appear in which the alphabets differ.
    let json = with(version_2(), "/resource/url", json!("https://stall.example/???>>>~~~"));
    let standard = STANDARD.encode(json.to_string());
    let url_safe = URL_SAFE_NO_PAD.encode(json.to_string());
    assert_ne!(standard.trim_end_matches('='), url_safe);
    let expected = parse(&json);
    assert!(expected.is_ok());
    for spelling in [&standard, standard.trim_end_matches('='), &url_safe] {
        assert_eq!(parse_payment([spelling.as_bytes()], []).map(Option::unwrap), expected);
    }
    for wrong in ["", "%", "e30 ", "e3", "====", "ëë"] {
        assert_ne!(parse_payment([wrong.as_bytes()], []), Ok(None), "{wrong:?}");
        assert!(parse_payment([wrong.as_bytes()], []).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_header_is_read_up_to_sixteen_kibibytes() {
    let filled = |bytes| {
        let mut json = version_2();
        json["extensions"] = json!("x".repeat(bytes));
        STANDARD.encode(json.to_string())
    };
    let fits = filled(11_000);
    assert!(fits.len() > 14 * 1024 && fits.len() <= 16 * 1024);
    assert!(parse_payment([fits.as_bytes()], []).unwrap().is_some());
    let giant = filled(12_000);
    assert_eq!(parse_payment([giant.as_bytes()], []), Err(PaymentError::HeaderTooLong(giant.len())));
}

#[test]
fn money_and_times_are_decimal_strings_and_nothing_else() {
    for field in ["value", "validAfter", "validBefore"] {
        let place = format!("/payload/authorization/{field}");
        for wrong in [
            json!(10_000),
            json!(10_000.0),
            json!(true),
            json!([]),
            json!({}),
            json!("0x2710"),
            json!("1e4"),
            json!("10000.0"),
            json!("-1"),
            json!(" 1"),
            json!("010000"),
            json!(""),
            json!(format!("{}0", U256::MAX)),
        ] {
            let error = refusal(&with(version_1(), &place, wrong.clone()));
            assert_eq!(error.code(), Code::Payload, "{field} {wrong}");
            assert!(
                error.to_string().starts_with(&format!("payload.authorization.{field} must be ")),
                "{error}"
            );
        }
        assert!(matches!(refusal(&with(version_1(), &place, Value::Null)), PaymentError::Missing(_)));
    }
    let all = with(version_1(), "/payload/authorization/value", json!(U256::MAX.to_string()));
    assert_eq!(parse(&all).unwrap().authorization.value, U256::MAX);
    assert!(parse(&with(version_2(), "/accepted/amount", json!(10_000))).is_err());
    assert!(parse(&with(version_2(), "/accepted/maxTimeoutSeconds", json!("300"))).is_err());
}

#[test]
fn every_member_that_is_needed_is_missed_by_name() {
    for (json, object, member) in [
        (version_1(), "", "scheme"),
        (version_1(), "", "network"),
        (version_1(), "", "payload"),
        (version_1(), "/payload", "signature"),
        (version_1(), "/payload", "authorization"),
        (version_1(), "/payload/authorization", "from"),
        (version_1(), "/payload/authorization", "to"),
        (version_1(), "/payload/authorization", "value"),
        (version_1(), "/payload/authorization", "validAfter"),
        (version_1(), "/payload/authorization", "validBefore"),
        (version_1(), "/payload/authorization", "nonce"),
        (version_2(), "", "accepted"),
        (version_2(), "/accepted", "scheme"),
        (version_2(), "/accepted", "network"),
        (version_2(), "/accepted", "amount"),
        (version_2(), "/accepted", "asset"),
        (version_2(), "/accepted", "payTo"),
        (version_2(), "/accepted", "maxTimeoutSeconds"),
    ] {
        let expected = format!("{object}/{member} is missing").replacen('/', "", 1).replace('/', ".");
        let error = refusal(&without(json, object, member));
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.code(), Code::Payload);
    }
}

#[test]
fn what_is_not_needed_may_be_missing_null_or_anything() {
    let expected = parse(&version_2()).unwrap();
    for extensions in [json!(null), json!([]), json!("x"), json!({ "a": { "b": [1, -1, 1.5, null, true] } })]
    {
        assert_eq!(parse(&with(version_2(), "/extensions", extensions)), Ok(expected.clone()));
    }
    let mut more = version_2();
    more["accepted"]["outputSchema"] = json!({ "value": "1" });
    more["payload"]["authorization"]["chainId"] = json!(1);
    more["scheme"] = json!("upto");
    more["network"] = json!(7);
    assert_eq!(parse(&more), Ok(expected));
    assert_eq!(parse(&without(version_2(), "", "resource")).unwrap().resource_url, None);
    assert_eq!(parse(&with(version_2(), "/resource", Value::Null)).unwrap().resource_url, None);
    assert!(parse(&with(version_2(), "/resource", json!("https://stall.example/guide"))).is_err());
    let mut own = version_1();
    own["accepted"] = json!("mine");
    own["resource"] = json!("https://stall.example/guide");
    assert_eq!(parse(&own), parse(&version_1()));
}

#[test]
fn schemes_and_networks_that_are_not_served_are_told_apart() {
    for (json, scheme, network) in
        [(version_1(), "/scheme", "/network"), (version_2(), "/accepted/scheme", "/accepted/network")]
    {
        assert_eq!(refusal(&with(json.clone(), scheme, json!("upto"))).code(), Code::UnsupportedScheme);
        assert_eq!(refusal(&with(json.clone(), scheme, json!(""))).code(), Code::Scheme);
        for other in
            ["solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "solana", "", "Base", "eip155:0", "eip155:1x"]
        {
            assert_eq!(refusal(&with(json.clone(), network, json!(other))).code(), Code::Network, "{other}");
        }
    }
    // Each version has its own names for networks.
    assert_eq!(refusal(&with(version_1(), "/network", json!("eip155:84532"))).code(), Code::Network);
    assert_eq!(refusal(&with(version_2(), "/accepted/network", json!("base-sepolia"))).code(), Code::Network);
    // The payload of another scheme has another shape; the scheme is still what is named.
    let upto = json!({ "x402Version": 1, "scheme": "upto", "network": "base", "payload": { "permit2": 1 } });
    assert_eq!(refusal(&upto), PaymentError::Scheme("upto".to_owned()));
    assert_eq!(
        refusal(&with(version_2(), "/accepted/extra/name", json!("GatewayWalletBatched"))),
        PaymentError::Gateway
    );
}

/// T15: which spelling is the right one is known only when it is known whose signature it is.
#[test]
fn a_high_s_twin_a_small_v_and_the_compact_form_arrive_as_they_were_sent() {
    let plain = Signature::normalise(&parse(&version_1()).unwrap().signature);
    let digits = &SEPOLIA_SIGNATURE[2..];
    let (r, s) = (&digits[..64], U256::from_str_radix(&digits[64..128], 16).unwrap());
    let order: U256 = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse().unwrap();
    let high_s = format!("0x{r}{:064x}1b", order - s);
    let small_v = format!("0x{}01", &digits[..128]);
    let compact = format!("0x{r}{:064x}", s | U256::from(1) << 255);
    let upper = format!("0x{}", digits.to_uppercase());
    for twin in [high_s, small_v, compact, upper] {
        let payment = parse(&with(version_1(), "/payload/signature", json!(twin))).unwrap();
        assert_eq!(payment.signature.to_string(), twin.to_lowercase());
        assert_eq!(Signature::normalise(&payment.signature), plain, "{twin}");
    }
}

/// T16, T18.
#[test]
fn signatures_that_nothing_on_chain_could_accept_are_refused_with_their_reason() {
    let signature = |signature: String| with(version_1(), "/payload/signature", json!(signature));
    let bytes = |count| format!("0x{}", "11".repeat(count));
    // What no plain account makes, the code of a smart account may take.
    for count in [0, 63, 65, 66, 640, LONGEST_SIGNATURE] {
        assert_eq!(parse(&signature(bytes(count))).unwrap().signature.len(), count);
    }
    let long = refusal(&signature(bytes(LONGEST_SIGNATURE + 1)));
    assert_eq!(long, PaymentError::SignatureTooLong(LONGEST_SIGNATURE + 1));
    assert_eq!(long.code(), Code::Signature);
    let wrapped = refusal(&signature(bytes(320) + &"6492".repeat(16)));
    assert_eq!(wrapped, PaymentError::Undeployed);
    assert_eq!(wrapped.code(), Code::UndeployedSmartWallet);
    assert!(wrapped.to_string().contains("does not exist on chain yet"));
    let nobody = with(version_1(), "/payload/authorization/from", json!(format!("0x{}", "00".repeat(20))));
    assert_eq!(refusal(&nobody).code(), Code::Payload);
}

#[test]
fn a_refusal_repeats_little_of_what_was_sent() {
    let long = "n".repeat(9_000);
    for place in ["/scheme", "/network"] {
        assert!(refusal(&with(version_1(), place, json!(long))).to_string().len() < 200);
    }
    let twice = format!(r#"{{"{long}":1,"a":{{"{long}":1,"{long}":1}}}}"#);
    let header = STANDARD.encode(twice.replace(&long, &long[..2_000]));
    let error = parse_payment([header.as_bytes()], []).unwrap_err();
    assert!(error.to_string().contains("stands there twice") && error.to_string().len() < 200);
}

//! Payments that clients gave a name: `payment-identifier`.

use alloy_primitives::B256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Authorization, NetworkId, RequestBinding};
use serde_json::{Value, json};
use x402::{
    GivenIdentifier, IdentifierRefusal, Payment, PaymentIdentifier, Repetition, Requirement, parse_payment,
};

/// What `@x402/extensions` 2.27.0 and `@x402/core` 2.27.0 send where a name is required.
const SENT: &[u8] = include_bytes!("../../fuzz/corpus/payment_header/payment-with-identifier");
const NAME: &str = "pay_7d5d747be160e280504c099d984bcfe0";

fn sent() -> Value {
    serde_json::from_slice(SENT).unwrap()
}

fn read(json: &Value) -> Payment {
    parse_payment([], [STANDARD.encode(json.to_string()).as_bytes()]).unwrap().unwrap()
}

fn named(id: &Value) -> GivenIdentifier {
    let mut json = sent();
    json["extensions"]["payment-identifier"]["info"]["id"] = id.clone();
    read(&json).identifier
}

fn request(path: &str) -> RequestBinding {
    RequestBinding::new("GET", &path.parse().unwrap(), None, b"")
}

#[test]
fn the_name_that_the_npm_client_gives_is_read() {
    let name = PaymentIdentifier::new(NAME).unwrap();
    assert_eq!(read(&sent()).identifier, GivenIdentifier::Given(name.clone()));
    assert_eq!(name.as_str(), NAME);
    assert!(!format!("{name:?}").contains("7d5d"), "a name is worth an answer that was paid for");
}

#[test]
fn a_name_has_sixteen_to_a_hundred_and_twenty_eight_plain_characters() {
    for good in ["a".repeat(16), "Z_-9".repeat(32)] {
        assert_eq!(named(&json!(good)), GivenIdentifier::Given(PaymentIdentifier::new(&good).unwrap()));
    }
    for bad in [json!("a".repeat(15)), json!("a".repeat(129)), json!("ä".repeat(16)), json!(""), json!(7)] {
        assert_eq!(named(&bad), GivenIdentifier::Malformed, "{bad}");
    }
    for bad in ["aaaaaaaaaaaaaaa ", "aaaaaaaaaaaaaaa.", "aaaaaaaaaaaaaaa\n", "aaaaaaaaaaaaaaa/"] {
        assert_eq!(named(&json!(bad)), GivenIdentifier::Malformed, "{bad:?}");
    }
    assert_eq!(named(&Value::Null), GivenIdentifier::None);
}

/// The endpoint may not even know the extension.
#[test]
fn whatever_stands_among_the_extensions_the_payment_is_read() {
    for odd in [json!(null), json!(7), json!([]), json!("x"), json!({ "payment-identifier": 1 }), json!({})] {
        let mut json = sent();
        json["extensions"] = odd.clone();
        assert_eq!(read(&json).identifier, GivenIdentifier::None, "{odd}");
    }
    let mut json = sent();
    json["extensions"]["payment-identifier"]["info"] = json!([NAME]);
    assert_eq!(read(&json).identifier, GivenIdentifier::Malformed);
}

#[test]
fn who_gives_no_name_where_one_is_required_is_told_so_with_400() {
    let given = read(&sent()).identifier;
    for requirement in [Requirement::Optional, Requirement::Required] {
        assert_eq!(requirement.of(&given).unwrap().unwrap().as_str(), NAME);
        let malformed = requirement.of(&GivenIdentifier::Malformed).unwrap_err();
        assert_eq!((malformed, malformed.status()), (IdentifierRefusal::Malformed, 400));
    }
    assert_eq!(Requirement::Optional.of(&GivenIdentifier::None), Ok(None));
    let missing = Requirement::Required.of(&GivenIdentifier::None).unwrap_err();
    assert_eq!((missing, missing.status()), (IdentifierRefusal::Missing, 400));
    for refusal in [IdentifierRefusal::Missing, IdentifierRefusal::Malformed, IdentifierRefusal::Conflict] {
        assert!(refusal.code().as_str().contains("payment_identifier"));
    }
}

#[test]
fn the_same_payment_gets_its_answer_again_and_another_one_409() {
    let (payment, guide) = (read(&sent()), request("/guide"));
    let first = payment.fingerprint(&guide);
    assert_eq!(Repetition::judge(first, None), Ok(Repetition::First));
    assert_eq!(Repetition::judge(first, Some(first)), Ok(Repetition::Again));
    let refused = Repetition::judge(first, Some(B256::ZERO)).unwrap_err();
    assert_eq!((refused, refused.status()), (IdentifierRefusal::Conflict, 409));
}

/// I4: a name answers for one payment of one request, however its JSON is spelled.
#[test]
fn a_fingerprint_is_of_everything_that_makes_the_payment_and_of_no_spelling() {
    let (payment, guide) = (read(&sent()), request("/guide"));
    let first = payment.fingerprint(&guide);
    let mut respelled = sent();
    respelled["accepted"]["payTo"] = json!("0x209693bc6afc0c5328ba36faf03c514ef312287c");
    respelled["resource"]["description"] = json!("Another text");
    respelled["extensions"]["payment-identifier"].as_object_mut().unwrap().remove("schema");
    assert_eq!(read(&respelled).fingerprint(&guide), first);

    let signed = &payment.authorization;
    let changed = |authorization: Authorization| Payment { authorization, ..payment.clone() };
    let mut longer = payment.signature.to_vec();
    longer.push(0);
    let other_name = PaymentIdentifier::new("pay_7d5d747be160e280504c099d984bcfe1").unwrap();
    let mut other_asset = payment.clone();
    other_asset.accepted.as_mut().unwrap().asset = signed.from;
    let others = [
        changed(Authorization { from: signed.to, ..signed.clone() }),
        changed(Authorization { to: signed.from, ..signed.clone() }),
        changed(Authorization { value: alloy_primitives::U256::from(1), ..signed.clone() }),
        changed(Authorization { valid_after: 1, ..signed.clone() }),
        changed(Authorization { valid_before: 1, ..signed.clone() }),
        changed(Authorization { nonce: B256::ZERO, ..signed.clone() }),
        Payment { signature: longer.into(), ..payment.clone() },
        Payment { network: NetworkId::from_chain_id(1), ..payment.clone() },
        Payment { identifier: GivenIdentifier::Given(other_name), ..payment.clone() },
        other_asset,
    ];
    for (index, other) in others.iter().enumerate() {
        assert_ne!(other.fingerprint(&guide), first, "{index}");
    }
    assert_ne!(payment.fingerprint(&request("/other")), first);
}

//! What must hold for any bytes in the header of a payment or a sign-in, for any receipt that is shown, and for whatever a
//! facilitator answers. Shared by the fuzz targets, each of which uses a part, and by the tests, which run corpus and generated inputs through it on every
//! build.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use x402::{
    Accepted, GivenIdentifier, Payment, SettleAnswer, SignIn, SignedReceipt, parse_payment, parse_sign_in,
    read_settle_answer, read_supported,
};

/// Takes the bytes as a header's value and as the JSON inside one. Says whether either is a payment.
///
/// # Panics
/// When something is read that the same bytes do not say.
pub fn check(bytes: &[u8]) -> bool {
    let wrapped = STANDARD.encode(bytes);
    let as_header = read(bytes);
    let as_json = read(wrapped.as_bytes());
    if let Some(payment) = &as_json {
        says(bytes, payment);
    }
    as_header.is_some() || as_json.is_some()
}

/// A payment as a client would put it on the wire.
pub fn written(payment: &Payment) -> String {
    let authorization = &payment.authorization;
    let payload = json!({
        "signature": hex(&payment.signature),
        "authorization": {
            "from": authorization.from.to_string(),
            "to": authorization.to.to_string(),
            "value": authorization.value.to_string(),
            "validAfter": authorization.valid_after.to_string(),
            "validBefore": authorization.valid_before.to_string(),
            "nonce": authorization.nonce.to_string(),
        },
    });
    let json = match &payment.accepted {
        None => json!({
            "x402Version": 1,
            "scheme": "exact",
            "network": payment.network.known().and_then(|known| known.v1_name),
            "payload": payload,
        }),
        Some(Accepted { amount, asset, pay_to, max_timeout_seconds }) => json!({
            "x402Version": 2,
            "accepted": {
                "scheme": "exact",
                "network": payment.network.to_string(),
                "amount": amount.to_string(),
                "asset": asset.to_string(),
                "payTo": pay_to.to_string(),
                "maxTimeoutSeconds": max_timeout_seconds,
            },
            "resource": payment.resource_url.as_ref().map(|url| json!({ "url": url })),
            "payload": payload,
            "extensions": identified(&payment.identifier),
        }),
    };
    STANDARD.encode(json.to_string())
}

fn identified(identifier: &GivenIdentifier) -> Value {
    match identifier {
        GivenIdentifier::None => Value::Null,
        GivenIdentifier::Malformed => json!({ "payment-identifier": { "info": { "id": 7 } } }),
        GivenIdentifier::Given(id) => json!({ "payment-identifier": { "info": { "id": id.as_str() } } }),
    }
}

/// Reads one header's value under either name and both, which must make no difference.
fn read(header: &[u8]) -> Option<Payment> {
    let parsed = parse_payment([header], []);
    assert_eq!(parsed, parse_payment([], [header]));
    assert_eq!(parsed, parse_payment([header], [header]));
    match parsed {
        Ok(payment) => {
            let payment = payment.expect("a header that is there is a payment or an error");
            assert_eq!(parse_payment([], [written(&payment).as_bytes()]), Ok(Some(payment.clone())));
            Some(payment)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.code().as_str().is_empty());
            assert!(error.to_string().len() < 1_000, "an answer must not grow with the request: {error}");
            None
        }
    }
}

/// Holds a payment against what an unrelated reader finds in the same JSON.
fn says(json: &[u8], payment: &Payment) {
    let document: Value = serde_json::from_slice(json).expect("what was read is JSON");
    let authorization = &document["payload"]["authorization"];
    let message = &payment.authorization;
    assert_eq!(document["x402Version"], payment.version.number());
    assert_eq!(authorization["value"], message.value.to_string());
    assert_eq!(authorization["validAfter"], message.valid_after.to_string());
    assert_eq!(authorization["validBefore"], message.valid_before.to_string());
    assert!(same_hex(&authorization["from"], message.from.as_slice()));
    assert!(same_hex(&authorization["to"], message.to.as_slice()));
    assert!(same_hex(&authorization["nonce"], message.nonce.as_slice()));
    assert!(same_hex(&document["payload"]["signature"], &payment.signature));
    if let Some(accepted) = &payment.accepted {
        let terms = &document["accepted"];
        assert_eq!(terms["network"], payment.network.to_string());
        assert_eq!(terms["amount"], accepted.amount.to_string());
        assert_eq!(terms["maxTimeoutSeconds"], accepted.max_timeout_seconds);
        assert!(same_hex(&terms["asset"], accepted.asset.as_slice()));
        assert!(same_hex(&terms["payTo"], accepted.pay_to.as_slice()));
        assert_eq!(document["resource"]["url"].as_str(), payment.resource_url.as_deref());
        let id = &document["extensions"]["payment-identifier"]["info"]["id"];
        match &payment.identifier {
            GivenIdentifier::Given(identifier) => assert_eq!(id, identifier.as_str()),
            GivenIdentifier::None => assert!(id.is_null()),
            GivenIdentifier::Malformed => {}
        }
    }
}

/// The same for the header of a sign-in: its bytes, and the bytes as the JSON inside one.
///
/// # Panics
/// When something is read that the same bytes do not say.
pub fn check_sign_in(bytes: &[u8]) -> bool {
    let wrapped = STANDARD.encode(bytes);
    let as_header = read_sign_in(bytes);
    let as_json = read_sign_in(wrapped.as_bytes());
    if let Some(sign_in) = &as_json {
        let document: Value = serde_json::from_slice(bytes).expect("what was read is JSON");
        assert_eq!(document["domain"], sign_in.domain);
        assert_eq!(document["uri"], sign_in.uri);
        assert_eq!(document["nonce"], sign_in.nonce);
        assert_eq!(document["issuedAt"], sign_in.issued_at);
        assert_eq!(document["statement"].as_str(), sign_in.statement.as_deref());
        assert!(same_hex(&document["address"], sign_in.address.as_slice()));
        assert!(same_hex(&document["signature"], &sign_in.signature));
        // Every line is one member's: as many as there are members.
        let optional = [&sign_in.expiration_time, &sign_in.not_before, &sign_in.request_id];
        let lines = 8
            + usize::from(sign_in.statement.is_some()) * 2
            + usize::from(sign_in.statement.is_none())
            + optional.into_iter().flatten().count()
            + sign_in.resources.as_ref().map_or(0, |resources| 1 + resources.len());
        assert_eq!(sign_in.message().split('\n').count(), lines, "{:?}", sign_in.message());
    }
    as_header.is_some() || as_json.is_some()
}

fn read_sign_in(header: &[u8]) -> Option<SignIn> {
    match parse_sign_in([header]) {
        Ok(sign_in) => Some(sign_in.expect("a header that is there is a sign-in or an error")),
        Err(refusal) => {
            assert!(!refusal.to_string().is_empty() && !refusal.code().as_str().is_empty());
            assert!(refusal.to_string().len() < 1_000, "an answer must not grow with the request: {refusal}");
            None
        }
    }
}

/// The same for a receipt that somebody shows.
///
/// # Panics
/// When something is read that the same bytes do not say.
pub fn check_receipt(bytes: &[u8]) -> bool {
    let Ok(signed) = SignedReceipt::read(bytes) else { return false };
    assert_eq!(SignedReceipt::read(signed.json().as_bytes()), Ok(signed.clone()));
    let document: Value = serde_json::from_slice(bytes).expect("what was read is JSON");
    let (payload, receipt) = (&document["payload"], &signed.receipt);
    assert_eq!(payload["network"], receipt.network);
    assert_eq!(payload["resourceUrl"], receipt.resource_url);
    assert_eq!(payload["payer"], receipt.payer);
    assert_eq!(payload["issuedAt"], receipt.issued_at);
    assert_eq!(payload["transaction"].as_str().unwrap_or_default(), receipt.transaction);
    assert!(same_hex(&document["signature"], &signed.signature));
    true
}

/// Takes the bytes as what a facilitator says of a payment and as what it says that it settles. Says whether either is an
/// answer.
///
/// # Panics
/// When something is read that the same bytes do not say.
pub fn check_facilitator(bytes: &[u8]) -> bool {
    let (settle, kinds) = (read_settle_answer(bytes), read_supported(bytes));
    let document = serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    let text = document.to_string();
    let says = |flag: bool| ["success", "settled"].iter().any(|name| document[name] == flag);
    match &settle {
        Some(SettleAnswer::Settled { transaction }) => {
            assert!(says(true) && transaction.is_none_or(|hash| names(&text, &hash.to_string())));
        }
        Some(SettleAnswer::Pending { transaction }) => {
            assert!(text.contains("pending") && (says(true) || says(false)));
            assert!(transaction.is_none_or(|hash| names(&text, &hash.to_string())));
        }
        Some(SettleAnswer::Refused { reason }) => {
            assert!(says(false) && !reason.is_empty() && reason.len() <= 120, "{reason:?}");
            assert!(reason.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{reason:?}");
        }
        None => assert!(!says(true) && !says(false)),
    }
    for kind in kinds.iter().flatten() {
        let told = document["kinds"].as_array().expect("a list").iter();
        let mut same = told.filter(|told| told["network"] == kind.network && told["scheme"] == kind.scheme);
        assert!(same.any(|told| told["x402Version"] == kind.version.number()), "{kind:?}");
    }
    settle.is_some() || kinds.is_some()
}

/// Whether the hash stands in the text, in whichever case and with or without what hex begins with.
fn names(text: &str, hash: &str) -> bool {
    text.to_ascii_lowercase().contains(hash.trim_start_matches("0x"))
}

fn same_hex(text: &Value, bytes: &[u8]) -> bool {
    text.as_str().is_some_and(|text| text.eq_ignore_ascii_case(&hex(bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

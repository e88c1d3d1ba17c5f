//! Signed offers and receipts, held against what `@x402/extensions` 2.27.0 hashes and signs.

use domain::NetworkId;
use serde::Deserialize;
use serde_json::{Value, json};
use x402::{OfferTerms, Receipt, SignedReceipt, shared_end, signed_offers};

use crate::fixtures::offer;

#[derive(Deserialize)]
struct Vectors {
    receipts: Vec<Signed>,
    offers: Vec<Signed>,
}

#[derive(Deserialize)]
struct Signed {
    payload: Value,
    digest: String,
    signature: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors/offer_receipt.json")).unwrap()
}

impl Signed {
    fn json(&self) -> Value {
        json!({ "format": "eip712", "payload": self.payload, "signature": self.signature })
    }
}

fn read(json: &Value) -> Result<SignedReceipt, x402::PaymentError> {
    SignedReceipt::read(json.to_string().as_bytes())
}

#[test]
fn a_receipt_of_another_stall_is_read_hashed_and_written_as_it_was() {
    for vector in vectors().receipts {
        let signed = read(&vector.json()).unwrap();
        assert_eq!(signed.receipt.digest().to_string(), vector.digest);
        assert_eq!(signed.json(), vector.json().to_string());
    }
}

#[test]
fn our_receipt_has_the_digest_that_the_client_computes() {
    let vector = &vectors().receipts[0];
    let payer = vector.payload["payer"].as_str().unwrap().parse().unwrap();
    let url = "https://stall.example/guide";
    let receipt = Receipt::new(url, NetworkId::BASE_SEPOLIA, payer, 1_795_272_013, None);
    assert_eq!(receipt.digest().to_string(), vector.digest);
}

#[test]
fn a_change_in_any_letter_is_another_receipt() {
    let signed = read(&vectors().receipts[1].json()).unwrap();
    let receipt = &signed.receipt;
    let digest = receipt.digest();
    let text = |text: &String| format!("{text} ");
    for other in [
        Receipt { network: text(&receipt.network), ..receipt.clone() },
        Receipt { resource_url: text(&receipt.resource_url), ..receipt.clone() },
        Receipt { payer: receipt.payer.to_uppercase(), ..receipt.clone() },
        Receipt { issued_at: receipt.issued_at + 1, ..receipt.clone() },
        Receipt { transaction: String::new(), ..receipt.clone() },
    ] {
        assert_ne!(other.digest(), digest);
    }
}

#[test]
fn what_is_no_receipt_is_refused() {
    let good = vectors().receipts[0].json();
    for (pointer, value) in [
        ("/format", json!("jws")),
        ("/payload/version", json!(2)),
        ("/payload/issuedAt", json!("1795272013")),
        ("/payload/issuedAt", json!(-1)),
        ("/payload/payer", Value::Null),
        ("/payload", json!([])),
        ("/signature", json!("")),
    ] {
        let mut json = good.clone();
        *json.pointer_mut(pointer).unwrap() = value;
        assert!(read(&json).is_err(), "{json}");
    }
    let mut long = good.clone();
    long["payload"]["resourceUrl"] = json!("a".repeat(8 * 1024));
    assert!(read(&long).is_err());
    let mut without = good;
    without["payload"].as_object_mut().unwrap().remove("transaction");
    assert_eq!(read(&without).unwrap().receipt.transaction, "");
}

#[test]
fn a_signed_offer_is_the_one_that_the_client_finds_in_accepts() {
    let vector = &vectors().offers[0];
    let valid_until = vector.payload["validUntil"].as_u64().unwrap();
    let terms = OfferTerms::new("https://stall.example/guide", &offer(), valid_until);
    assert_eq!(terms.digest().to_string(), vector.digest);
    let signature: [u8; 65] = alloy_primitives::hex::decode(&vector.signature).unwrap().try_into().unwrap();
    let extension = signed_offers([(&terms, &signature), (&terms, &signature)], usize::MAX).unwrap();
    assert_eq!(extension.key(), "offer-receipt");
    let required = x402::PaymentRequired::new(
        &x402::Resource { url: "https://stall.example/guide", description: "", mime_type: "" },
        &[offer()],
    );
    let header = required.unwrap().header_with(&[extension]);
    let json = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, header).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    let offers = json["extensions"]["offer-receipt"]["info"]["offers"].as_array().unwrap();
    for (index, offer) in offers.iter().enumerate() {
        let mut expected = vector.json();
        expected["acceptIndex"] = json!(index);
        assert_eq!(*offer, expected);
    }
    for member in ["network", "scheme", "asset", "payTo", "amount"] {
        assert_eq!(offers[0]["payload"][member], json["accepts"][0][member], "{member}");
    }
}

#[test]
fn an_end_is_shared_by_the_answers_of_a_while_and_always_far_enough() {
    for now in 1_795_272_000..1_795_272_700 {
        let end = shared_end(now, 300);
        assert!(end - now > 300 && end - now <= 600, "{now} {end}");
        assert_eq!(end % 300, 0);
    }
    assert!(shared_end(10, 0) > 10);
    assert_eq!(shared_end(u64::MAX, 300), u64::MAX);
}

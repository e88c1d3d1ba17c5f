//! The 402, held against what each version's clients insist on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Amount, Asset, NetworkId, Offer, OfferId};
use serde_json::{Value, json};
use x402::{Code, PaymentRequired, PaymentRequiredError, Resource};

use crate::fixtures::{offer, other_token};

const GUIDE: Resource<'static> = Resource {
    url: "https://stall.example/guide",
    description: "A guide — \"grün\"",
    mime_type: "application/pdf",
};

fn decoded(header: &str) -> Value {
    serde_json::from_slice(&STANDARD.decode(header).unwrap()).unwrap()
}

fn body(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}

fn on(network: u64, id: i64) -> Offer {
    let asset = Asset { network: NetworkId::from_chain_id(network), ..offer().asset };
    Offer { id: OfferId(id), asset, ..offer() }
}

#[test]
fn one_answer_carries_the_terms_of_both_versions() {
    let required = PaymentRequired::new(&GUIDE, &[offer()]).unwrap();
    assert_eq!(
        decoded(&required.header),
        json!({
            "x402Version": 2,
            "error": "Payment required",
            "resource": {
                "url": "https://stall.example/guide",
                "description": "A guide — \"grün\"",
                "mimeType": "application/pdf",
            },
            "accepts": [{
                "scheme": "exact",
                "network": "eip155:84532",
                "amount": "10000",
                "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
                "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
                "maxTimeoutSeconds": 300,
                "extra": { "name": "USDC", "version": "2" },
            }],
        })
    );
    assert_eq!(
        body(&required.body),
        json!({
            "x402Version": 1,
            "error": "X-PAYMENT header is required",
            "accepts": [{
                "scheme": "exact",
                "network": "base-sepolia",
                "maxAmountRequired": "10000",
                "resource": "https://stall.example/guide",
                "description": "A guide — \"grün\"",
                "mimeType": "application/pdf",
                "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
                "maxTimeoutSeconds": 300,
                "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
                "extra": { "name": "USDC", "version": "2" },
            }],
        })
    );
    // Some clients decode base64 as Latin-1.
    assert!(STANDARD.decode(&required.header).unwrap().is_ascii() && required.body.is_ascii());
}

#[test]
fn version_1_insists_on_strings_that_version_2_leaves_out() {
    let bare = Resource { description: "", mime_type: "", ..GUIDE };
    let required = PaymentRequired::new(&bare, &[offer()]).unwrap();
    assert_eq!(decoded(&required.header)["resource"], json!({ "url": "https://stall.example/guide" }));
    let entry = &body(&required.body)["accepts"][0];
    assert_eq!((&entry["description"], &entry["mimeType"]), (&json!(""), &json!("")));
    assert!(!entry.as_object().unwrap().contains_key("outputSchema"));
}

#[test]
fn version_1_is_shown_only_what_all_of_its_clients_can_read() {
    // Optimism has no name there: one such entry makes a client drop the whole list.
    let offers = [on(10, 1), on(84_532, 2), on(8453, 3)];
    let required = PaymentRequired::new(&GUIDE, &offers).unwrap();
    assert_eq!(decoded(&required.header)["accepts"].as_array().unwrap().len(), 3);
    let body_of = |required: &PaymentRequired| body(&required.body)["accepts"].clone();
    let networks: Vec<_> =
        body_of(&required).as_array().unwrap().iter().map(|entry| entry["network"].clone()).collect();
    assert_eq!(networks, ["base-sepolia", "base"]);
    assert_eq!(body_of(&PaymentRequired::new(&GUIDE, &offers[..1]).unwrap()), json!([]));
    // Nor can they write a value of more than 18 digits.
    let large = Offer { amount: Amount::from_atomic(1_000_000_000_000_000_000).unwrap(), ..offer() };
    assert_eq!(body_of(&PaymentRequired::new(&GUIDE, &[large]).unwrap()), json!([]));
}

#[test]
fn what_stock_clients_take_comes_first_and_else_the_sellers_order_stays() {
    let optimism = Offer { id: OfferId(9), ..on(10, 9) };
    let required = PaymentRequired::new(&GUIDE, &[other_token(), optimism, offer()]).unwrap();
    let places = |json: &Value| -> Vec<(Value, Value)> {
        let entries = json["accepts"].as_array().unwrap();
        entries.iter().map(|entry| (entry["network"].clone(), entry["extra"]["name"].clone())).collect()
    };
    assert_eq!(
        places(&decoded(&required.header)),
        [
            (json!("eip155:84532"), json!("USDC")),
            (json!("eip155:84532"), json!("Euro €")),
            (json!("eip155:10"), json!("USDC"))
        ]
    );
    assert_eq!(
        places(&body(&required.body)),
        [(json!("base-sepolia"), json!("USDC")), (json!("base-sepolia"), json!("Euro €"))]
    );
}

#[test]
fn a_refusal_carries_the_same_terms_with_the_code_and_a_sentence() {
    let required = PaymentRequired::new(&GUIDE, &[offer()]).unwrap();
    for code in Code::ALL {
        let refusal = required.refusal(*code, "Not \"enough\".\n");
        let (header, body_json) = (decoded(&refusal.header), body(&refusal.body));
        assert_eq!(header["error"], code.as_str());
        assert_eq!(body_json["error"], code.as_str());
        assert_eq!(body_json["errorMessage"], "Not \"enough\".\n");
        assert_eq!(header["accepts"], decoded(&required.header)["accepts"]);
        assert_eq!(header["resource"], decoded(&required.header)["resource"]);
        assert_eq!(body_json["accepts"], body(&required.body)["accepts"]);
        assert_eq!((&header["x402Version"], &body_json["x402Version"]), (&json!(2), &json!(1)));
    }
}

#[test]
fn no_header_outgrows_four_kibibytes_even_with_the_longest_reason() {
    let fits = |letters| {
        let description = "d".repeat(letters);
        PaymentRequired::new(&Resource { description: &description, ..GUIDE }, &[offer()])
    };
    let longest = (0..4_096).take_while(|letters| fits(*letters).is_ok()).last().unwrap();
    assert!(longest > 2_000);
    let required = fits(longest).unwrap();
    let lengths = Code::ALL.iter().map(|code| required.refusal(*code, code.sentence()).header.len());
    assert_eq!(lengths.max(), Some(4_096));
    assert_eq!(fits(longest + 1), Err(PaymentRequiredError::TooLong(4_100)));
}

#[test]
fn what_clients_could_not_read_is_not_put_before_them() {
    for url in [
        "",
        "/guide",
        "stall.example/guide",
        "https://",
        "ftp://stall.example/",
        "https:///x",
        "https://a/ b",
        "https://a/é",
    ] {
        let refused = PaymentRequired::new(&Resource { url, ..GUIDE }, &[offer()]);
        assert_eq!(refused, Err(PaymentRequiredError::Url(url.to_owned())));
    }
    for url in ["http://127.0.0.1:4021/guide", "http://[::1]:4021/guide", "https://stall.example/a?b=%20c"] {
        assert!(PaymentRequired::new(&Resource { url, ..GUIDE }, &[offer()]).is_ok(), "{url}");
    }
    assert_eq!(PaymentRequired::new(&GUIDE, []), Err(PaymentRequiredError::NoOffer));
}

/// The first offers stay: those that stock clients pay without having been configured.
#[test]
fn offers_that_have_no_room_in_the_header_are_left_out() {
    let offers: Vec<_> = domain::NetworkId::all_known()
        .iter()
        .map(|known| {
            let mut offer = offer();
            offer.asset.network = known.id;
            offer.asset.address = known.usdc;
            offer
        })
        .collect();
    let required = PaymentRequired::new(&GUIDE, &offers).unwrap();
    let longest = Code::ALL.iter().map(|code| required.refusal(*code, "").header.len()).max();
    assert!(longest <= Some(4_096), "{longest:?}");
    let header = decoded(&required.header);
    let accepts = header["accepts"].as_array().unwrap();
    assert!(accepts.len() >= 6 && accepts.len() < offers.len(), "{}", accepts.len());
    let networks: Vec<_> = accepts.iter().map(|accept| accept["network"].as_str().unwrap()).collect();
    assert_eq!(networks[..2], ["eip155:8453", "eip155:1"]);
    assert!(networks.iter().all(|network| *network != "eip155:10"), "stock clients refuse USDC on Optimism");
    // Version 1 is told the names that all its clients know.
    let names: Vec<_> = body(&required.body)["accepts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|accept| accept["network"].as_str().unwrap().to_owned())
        .collect();
    assert!(names.contains(&"base".to_owned()) && names.contains(&"base-sepolia".to_owned()), "{names:?}");
}

//! What a 402 and the answer to a payment say beyond terms and outcome.

use alloy_primitives::B256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use domain::{NetworkId, Offer, OfferId};
use serde_json::{Value, json};
use x402::{
    Additions, Beside, Code, Discovery, Extension, OfferTerms, Origin, Paid, PaymentRequired,
    PaymentRequiredError, Progress, Receipt, Requirement, Resource, SettlementResponse, SignInTerms,
    SignedReceipt, signed_offers,
};

use crate::fixtures::{offer, signed_on_base_sepolia};

const URL: &str = "https://stall.example/guide";
const GUIDE: Resource<'static> = Resource { url: URL, description: "A guide", mime_type: "application/pdf" };

fn decoded(header: &str) -> Value {
    assert!(header.len() <= 4_096, "{} bytes", header.len());
    let json = STANDARD.decode(header).unwrap();
    assert!(json.is_ascii());
    serde_json::from_slice(&json).unwrap()
}

fn sign_in() -> SignInTerms {
    let origin = Origin::parse("https://stall.example").unwrap();
    SignInTerms::new(&origin, URL, Some("Receive again what you bought."), &[NetworkId::BASE_SEPOLIA])
        .unwrap()
}

fn challenge() -> Extension {
    sign_in()
        .challenge("00000001a1b2c3d4e5f60718293a4b5c", DateTime::from_timestamp(1_795_272_013, 0).unwrap())
}

fn discovery() -> Discovery<'static> {
    Discovery {
        method: "GET",
        query: &[],
        path: &[],
        route_template: None,
        body: None,
        mime_type: "application/pdf",
        example: None,
    }
}

fn everywhere() -> Vec<Offer> {
    let known = NetworkId::all_known().iter().enumerate();
    known
        .map(|(index, known)| {
            let mut offer = Offer { id: OfferId(index as i64), ..offer() };
            offer.asset.network = known.id;
            offer.asset.address = known.usdc;
            offer
        })
        .collect()
}

#[test]
fn an_endpoint_without_extensions_says_nothing_of_them() {
    let required = PaymentRequired::new(&GUIDE, &[offer()]).unwrap();
    assert_eq!(decoded(&required.header).get("extensions"), None);
    assert_eq!(required.header_with(&[]), required.header);
    assert_eq!(required, PaymentRequired::with_additions(&GUIDE, &[offer()], &Additions::default()).unwrap());
}

#[test]
fn what_never_changes_is_in_the_finished_bytes_and_what_is_fresh_joins_it() {
    let (needed, welcome) = ([Requirement::Required.extension()], [discovery().extension()]);
    let room = sign_in().room();
    let additions = Additions { needed: &needed, welcome: &welcome, room, output_schema: None };
    let required = PaymentRequired::with_additions(&GUIDE, &[offer()], &additions).unwrap();
    let plain = PaymentRequired::new(&GUIDE, &[offer()]).unwrap();
    assert_eq!(required.body, plain.body, "version 1 knows no extensions");

    let finished = decoded(&required.header);
    assert_eq!(finished["extensions"]["payment-identifier"]["info"], json!({ "required": true }));
    assert_eq!(finished["extensions"]["bazaar"]["info"]["input"]["method"], "GET");
    assert_eq!(finished["extensions"].as_object().unwrap().len(), 2);
    assert!(required.room() >= room);

    let fresh = decoded(&required.header_with(&[challenge()]));
    assert_eq!(fresh["extensions"].as_object().unwrap().len(), 3);
    assert_eq!(
        fresh["extensions"]["sign-in-with-x"]["info"],
        json!({
            "domain": "stall.example",
            "uri": URL,
            "version": "1",
            "statement": "Receive again what you bought.",
            "nonce": "00000001a1b2c3d4e5f60718293a4b5c",
            "issuedAt": "2026-11-21T14:40:13.000Z",
            "expirationTime": "2026-11-21T14:45:13.000Z",
            "resources": [URL],
        })
    );
    assert_eq!(
        fresh["extensions"]["sign-in-with-x"]["supportedChains"],
        json!([{ "chainId": "eip155:84532", "type": "eip191" }])
    );
    for key in ["resource", "accepts", "x402Version", "error"] {
        assert_eq!(fresh[key], decoded(&plain.header)[key], "{key}");
    }

    // A refusal has the same, with the reason in front.
    for code in Code::ALL {
        let refusal = required.refusal_with(*code, "No.", &[challenge()]);
        let header = decoded(&refusal.header);
        assert_eq!((&header["error"], &header["extensions"]), (&json!(code.as_str()), &fresh["extensions"]));
        assert_eq!(decoded(&required.refusal(*code, "No.").header)["extensions"], finished["extensions"]);
    }
}

#[test]
fn a_fresh_extension_alone_makes_the_object_it_needs() {
    let required = PaymentRequired::new(&GUIDE, &[offer()]).unwrap();
    let fresh = decoded(&required.header_with(&[challenge()]));
    assert_eq!(fresh["extensions"].as_object().unwrap().keys().collect::<Vec<_>>(), ["sign-in-with-x"]);
}

#[test]
fn catalogues_give_way_to_offers_and_offers_to_what_buying_needs() {
    let offers = everywhere();
    let (needed, welcome) = ([Requirement::Required.extension()], [discovery().extension()]);
    let room = sign_in().room();
    let additions = Additions { needed: &needed, welcome: &welcome, room, output_schema: None };
    let all = PaymentRequired::new(&GUIDE, &offers).unwrap();
    let required = PaymentRequired::with_additions(&GUIDE, &offers, &additions).unwrap();
    assert!(required.offers().len() < all.offers().len() && required.offers().len() >= 3);
    assert_eq!(required.offers(), &all.offers()[..required.offers().len()]);
    let header = decoded(&required.header_with(&[challenge()]));
    assert_eq!(header["extensions"].as_object().unwrap().len(), 2, "the catalogue's is left out");
    assert_eq!(header["extensions"]["sign-in-with-x"]["info"]["domain"], "stall.example");
    assert_eq!(header["accepts"].as_array().unwrap().len(), required.offers().len());

    let description = "d".repeat(2_500);
    let wordy = Resource { description: &description, ..GUIDE };
    let refused = PaymentRequired::with_additions(&wordy, &[offer()], &additions);
    assert!(matches!(refused, Err(PaymentRequiredError::TooLong(4_097..))), "{refused:?}");
}

#[test]
fn what_has_no_room_is_left_out_of_one_answer_and_the_rest_stays() {
    let description = "d".repeat(700);
    let wordy = Resource { description: &description, ..GUIDE };
    let required = PaymentRequired::new(&wordy, &[offer()]).unwrap();
    let terms = OfferTerms::new(URL, &offer(), 1_795_272_600);
    let signature = [0xab; 65];
    let many = signed_offers(vec![(&terms, &signature); 4], usize::MAX).unwrap();
    assert!(many.size() > required.room());
    let header = decoded(&required.header_with(&[many, Requirement::Optional.extension()]));
    assert_eq!(header["extensions"].as_object().unwrap().keys().collect::<Vec<_>>(), ["payment-identifier"]);

    let fitting = signed_offers(vec![(&terms, &signature); 4], required.room()).unwrap();
    let header = decoded(&required.header_with(&[fitting]));
    let offers = header["extensions"]["offer-receipt"]["info"]["offers"].as_array().unwrap();
    assert!((1..4).contains(&offers.len()), "{}", offers.len());
    assert_eq!(signed_offers([(&terms, &signature)], 300), None);
}

#[test]
fn version_1_gets_its_own_description_of_the_resource() {
    let schema = discovery().output_schema();
    let additions = Additions { output_schema: Some(&schema), ..Additions::default() };
    let required = PaymentRequired::with_additions(&GUIDE, &[offer()], &additions).unwrap();
    let body: Value = serde_json::from_slice(&required.body).unwrap();
    let expected = json!({ "input": { "type": "http", "method": "GET", "discoverable": true } });
    assert_eq!(body["accepts"][0]["outputSchema"], expected);
    assert_eq!(required.header, PaymentRequired::new(&GUIDE, &[offer()]).unwrap().header);
}

fn queued() -> Paid {
    let authorization = signed_on_base_sepolia();
    Paid {
        network: NetworkId::BASE_SEPOLIA,
        payer: authorization.from,
        amount: offer().amount,
        commitment_id: authorization.payment_id(&offer().asset),
        progress: Progress::Queued { settle_by: 1_800_000_000 },
    }
}

#[test]
fn the_answer_carries_receipt_and_addresses_and_version_1_no_extension() {
    let paid = queued();
    let receipt = Receipt::new(URL, paid.network, paid.payer, 1_795_272_013, None);
    let receipt = SignedReceipt { receipt, signature: [0xcd; 65].into() };
    let beside = Beside {
        extensions: &[receipt.extension()],
        status_url: Some("https://stall.example/.stallkeeper/payments/1"),
        receipt_url: Some("https://stall.example/.stallkeeper/receipts/1"),
        id_as_transaction: false,
    };
    let response = SettlementResponse::accepted_with(&paid, &beside);
    let v2 = decoded(&response.payment_response);
    let shown = &v2["extensions"]["offer-receipt"]["info"]["receipt"];
    assert_eq!(shown["payload"]["transaction"], "");
    assert_eq!(SignedReceipt::read(shown.to_string().as_bytes()), Ok(receipt));
    assert_eq!(v2["extra"]["statusUrl"], "https://stall.example/.stallkeeper/payments/1");
    assert_eq!(v2["extra"]["receiptUrl"], "https://stall.example/.stallkeeper/receipts/1");
    assert_eq!(v2["extra"]["settlement"]["status"], "queued");
    let v1 = decoded(&response.x_payment_response.unwrap());
    assert_eq!(v1["extra"], v2["extra"]);
    assert_eq!(v1.get("extensions"), None);
}

#[test]
fn the_payments_id_stands_in_for_a_transaction_only_where_asked_and_only_while_there_is_none() {
    let paid = queued();
    let beside = Beside { id_as_transaction: true, ..Beside::default() };
    let response = decoded(&SettlementResponse::accepted_with(&paid, &beside).payment_response);
    assert_eq!(response["transaction"], paid.commitment_id.to_string());
    assert_eq!(decoded(&SettlementResponse::accepted(&paid).payment_response)["transaction"], "");
    let transaction = B256::repeat_byte(0xab);
    let settled = Paid { progress: Progress::Settled { transaction }, ..paid };
    let response = decoded(&SettlementResponse::accepted_with(&settled, &beside).payment_response);
    assert_eq!(response["transaction"], transaction.to_string());
}

#[test]
fn an_answer_never_outgrows_four_kibibytes() {
    let url = format!("https://stall.example/{}", "a".repeat(1_800));
    let receipt = Receipt::new(&url, queued().network, queued().payer, 1, None);
    let long = SignedReceipt { receipt, signature: [0xcd; 65].into() }.extension();
    let extensions = [Requirement::Optional.extension(), long];
    let beside = Beside { extensions: &extensions, status_url: Some(&url), ..Beside::default() };
    let response = decoded(&SettlementResponse::accepted_with(&queued(), &beside).payment_response);
    assert_eq!(
        response["extensions"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["payment-identifier"]
    );
}

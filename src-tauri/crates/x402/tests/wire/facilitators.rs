//! What facilitators are asked.

use domain::Signature;
use serde_json::{Value, json};
use x402::{Resource, Version, settle_request};

use crate::fixtures::{SEPOLIA_SIGNATURE, offer, signed_on_base_sepolia};

const RESOURCE: Resource<'_> =
    Resource { url: "https://stall.example/song", description: "", mime_type: "audio/mpeg" };

fn asked(version: Version) -> Value {
    let signature = alloy_primitives::hex::decode(SEPOLIA_SIGNATURE).unwrap();
    let signature = Signature::normalise(&signature).unwrap();
    let authorization = signed_on_base_sepolia();
    let write =
        || settle_request(version, &offer(), &RESOURCE, &authorization, signature.as_bytes()).unwrap();
    assert_eq!(write(), write(), "the same question is the same bytes");
    serde_json::from_str(&write()).unwrap()
}

/// I3: what the payment answers and what is demanded are the same terms, and ours.
#[test]
fn version_2_is_asked_with_the_accepted_terms_and_the_same_requirements() {
    let body = asked(Version::V2);
    assert_eq!(body["x402Version"], 2);
    assert_eq!(body["paymentPayload"]["x402Version"], 2);
    assert_eq!(body["paymentPayload"]["accepted"], body["paymentRequirements"]);
    assert_eq!(body["paymentPayload"]["resource"]["url"], RESOURCE.url);
    let terms = &body["paymentRequirements"];
    assert_eq!(terms["network"], "eip155:84532");
    assert_eq!(terms["amount"], "10000");
    assert_eq!(terms["extra"], json!({ "name": "USDC", "version": "2" }));
    let signed = &body["paymentPayload"]["payload"];
    assert_eq!(signed["signature"], SEPOLIA_SIGNATURE);
    assert_eq!(signed["authorization"]["from"], "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    assert_eq!(signed["authorization"]["to"], terms["payTo"]);
    assert_eq!(signed["authorization"]["validBefore"], "1740672154");
}

#[test]
fn version_1_is_asked_by_the_networks_name_and_with_the_greatest_amount() {
    let body = asked(Version::V1);
    assert_eq!(body["paymentPayload"]["scheme"], "exact");
    assert_eq!(body["paymentPayload"]["network"], "base-sepolia");
    assert_eq!(body["paymentRequirements"]["network"], "base-sepolia");
    assert_eq!(body["paymentRequirements"]["maxAmountRequired"], "10000");
    assert_eq!(body["paymentRequirements"]["resource"], RESOURCE.url);
    assert_eq!(body["paymentPayload"]["payload"], asked(Version::V2)["paymentPayload"]["payload"]);
}

#[test]
fn version_1_cannot_be_asked_about_a_network_it_has_no_name_for() {
    let mut offer = offer();
    offer.asset.network = domain::NetworkId::from_chain_id(10);
    let asked = settle_request(Version::V1, &offer, &RESOURCE, &signed_on_base_sepolia(), &[1; 65]);
    assert_eq!(asked, None);
}

//! What a buyer is told about a payment.

use alloy_primitives::B256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::NetworkId;
use serde_json::{Value, json};
use x402::{Code, Paid, Progress, SettlementResponse};

use crate::fixtures::{offer, signed_on_base_sepolia};

fn decoded(header: &str) -> Value {
    let json = STANDARD.decode(header).unwrap();
    assert!(json.is_ascii(), "some clients decode base64 as Latin-1");
    serde_json::from_slice(&json).unwrap()
}

fn paid(progress: Progress) -> Paid {
    let authorization = signed_on_base_sepolia();
    Paid {
        network: NetworkId::BASE_SEPOLIA,
        payer: authorization.from,
        amount: offer().amount,
        commitment_id: authorization.payment_id(&offer().asset),
        progress,
    }
}

#[test]
fn a_queued_payment_succeeds_without_a_transaction_and_says_until_when_it_settles() {
    let paid = paid(Progress::Queued { settle_by: 1_800_000_000 });
    let response = SettlementResponse::accepted(&paid);
    let mut expected = json!({
        "success": true,
        "transaction": "",
        "network": "base-sepolia",
        "payer": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "extra": {
            "commitmentId": paid.commitment_id.to_string(),
            "settlement": { "status": "queued", "settleBy": 1_800_000_000 },
        },
    });
    assert_eq!(decoded(&response.x_payment_response.unwrap()), expected);
    expected["network"] = json!("eip155:84532");
    expected["amount"] = json!("10000");
    assert_eq!(decoded(&response.payment_response), expected);
}

#[test]
fn a_settled_payment_names_its_transaction_in_full() {
    let transaction = B256::repeat_byte(0xab);
    let response = SettlementResponse::accepted(&paid(Progress::Settled { transaction }));
    for header in [response.payment_response, response.x_payment_response.unwrap()] {
        let json = decoded(&header);
        assert_eq!(json["success"], true);
        assert_eq!(json["transaction"], format!("0x{}", "ab".repeat(32)));
        assert_eq!(json["extra"]["settlement"], json!({ "status": "settled" }));
    }
}

#[test]
fn a_failure_gives_the_code_and_a_sentence_and_no_transaction() {
    let payer = signed_on_base_sepolia().from;
    let sentence = "Der Käufer hat \"zu wenig\" ✗.";
    let response =
        SettlementResponse::failed(NetworkId::BASE_SEPOLIA, payer, Code::InsufficientFunds, sentence);
    let mut expected = json!({
        "success": false,
        "errorReason": "insufficient_funds",
        "errorMessage": sentence,
        "transaction": "",
        "payer": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "network": "eip155:84532",
    });
    assert_eq!(decoded(&response.payment_response), expected);
    expected["network"] = json!("base-sepolia");
    assert_eq!(decoded(&response.x_payment_response.unwrap()), expected);
}

#[test]
fn a_network_that_version_1_cannot_name_is_told_to_version_2_alone() {
    let optimism = Paid { network: NetworkId::from_chain_id(10), ..paid(Progress::Queued { settle_by: 1 }) };
    let response = SettlementResponse::accepted(&optimism);
    assert_eq!(response.x_payment_response, None);
    assert_eq!(decoded(&response.payment_response)["network"], "eip155:10");
}

use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{B256, Bytes, U256};
use chain::{Chain as _, ChainError, Fees, Rpc, Signed, Unsigned, gas_limit};
use domain::NetworkId;
use serde_json::json;

use crate::front::{Front, Reply};
use crate::stage::{SELLER, Stage};

fn sign(key: &PrivateKeySigner, stage: &Stage, nonce: u64, fees: Fees) -> Signed {
    let unsigned = Unsigned::new(NetworkId::BASE_SEPOLIA, nonce, stage.call(&[]), gas_limit(1), fees);
    let signature = key.sign_hash_sync(&unsigned.signing_hash()).unwrap();
    unsigned.sign(signature.as_bytes())
}

const CHEAP: Fees = Fees { max_fee_per_gas: 2_000_000_000, max_priority_fee_per_gas: 1_000_000_000 };

/// I9, T43: sending the same bytes again is never an error, whatever the node calls it.
#[tokio::test]
async fn the_same_bytes_may_be_sent_again_before_and_after_they_are_mined() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 10).await;
    let signed = stage.sign(stage.call(&[payer.pays(1, 1)]), gas_limit(1)).await;
    stage.ask("evm_setAutomine", json!([false])).await;
    stage.rpc.broadcast(&signed.raw).await.unwrap();
    stage.rpc.broadcast(&signed.raw).await.unwrap();
    assert_eq!(stage.rpc.mined(signed.hash).await, Ok(None));
    let sender = stage.rpc.sender(stage.gas.address()).await.unwrap();
    assert_eq!((sender.mined_nonce, sender.pending_nonce), (0, 1));

    stage.ask("anvil_mine", json!([])).await;
    assert!(stage.mined(signed.hash).await.succeeded);
    stage.rpc.broadcast(&signed.raw).await.unwrap();
    let sender = stage.rpc.sender(stage.gas.address()).await.unwrap();
    assert_eq!((sender.mined_nonce, sender.pending_nonce), (1, 1));
    assert_eq!(stage.balance(SELLER).await, 1);
}

/// T42, T44.
#[tokio::test]
async fn a_transaction_that_cannot_be_taken_is_told_why() {
    let stage = Stage::open().await;
    let first = sign(&stage.gas, &stage, 0, CHEAP);
    stage.ask("evm_setAutomine", json!([false])).await;
    stage.rpc.broadcast(&first.raw).await.unwrap();
    let less = Fees { max_fee_per_gas: CHEAP.max_fee_per_gas - 1, ..CHEAP };
    let replacement = sign(&stage.gas, &stage, 0, less);
    assert_eq!(stage.rpc.broadcast(&replacement.raw).await, Err(ChainError::FeeTooLow));
    stage.ask("anvil_mine", json!([])).await;
    stage.mined(first.hash).await;
    assert_eq!(stage.rpc.broadcast(&replacement.raw).await, Err(ChainError::NonceUsed));

    let below_base = sign(&stage.gas, &stage, 1, Fees { max_fee_per_gas: 1, max_priority_fee_per_gas: 1 });
    assert_eq!(stage.rpc.broadcast(&below_base.raw).await, Err(ChainError::FeeTooLow));
    let penniless = PrivateKeySigner::from_slice(&[8; 32]).unwrap();
    let unpaid = sign(&penniless, &stage, 0, CHEAP);
    assert_eq!(stage.rpc.broadcast(&unpaid.raw).await, Err(ChainError::OutOfGasMoney));
    let noise = stage.rpc.broadcast(&Bytes::from_static(&[2, 0xc0])).await;
    assert!(matches!(noise, Err(ChainError::Unknown(_))), "{noise:?}");
}

/// T53: only the hash of our own bytes proves that the node took them.
#[tokio::test]
async fn a_node_that_answers_with_another_hash_is_not_believed() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    let signed = sign(&stage.gas, &stage, 0, CHEAP);
    front.decide(|request| match request["method"].as_str() {
        Some("eth_sendRawTransaction") => Reply::Result(json!(B256::ZERO)),
        _ => Reply::Node,
    });
    assert!(matches!(rpc.broadcast(&signed.raw).await, Err(ChainError::Unknown(_))));
}

#[tokio::test]
async fn the_offered_fee_outlasts_full_blocks_and_holds_the_advised_tip() {
    let stage = Stage::open().await;
    stage.ask("anvil_setNextBlockBaseFeePerGas", json!(["0x77359400"])).await;
    stage.ask("anvil_mine", json!([])).await;
    let block = stage.ask("eth_getBlockByNumber", json!(["pending", false])).await;
    let base: U256 = block["baseFeePerGas"].as_str().unwrap().parse().unwrap();
    let tip: U256 = stage.ask("eth_maxPriorityFeePerGas", json!([])).await.as_str().unwrap().parse().unwrap();
    let fees = stage.rpc.fees().await.unwrap();
    assert_eq!(U256::from(fees.max_priority_fee_per_gas), tip);
    assert_eq!(U256::from(fees.max_fee_per_gas), base * U256::from(2) + tip);
}

#[tokio::test]
async fn a_node_that_advises_no_tip_is_asked_for_its_price() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    front.decide(|request| match request["method"].as_str() {
        Some("eth_maxPriorityFeePerGas") => {
            let refusal = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32601, "message": "no such method" } });
            Reply::Http(200, refusal.to_string())
        }
        Some("eth_getBlockByNumber") if request["params"][0] == "pending" => Reply::Result(json!(null)),
        Some("eth_getBlockByNumber") => Reply::Result(json!({ "baseFeePerGas": "0x64" })),
        Some("eth_gasPrice") => Reply::Result(json!("0x6b")),
        _ => Reply::Node,
    });
    assert_eq!(rpc.fees().await, Ok(Fees { max_fee_per_gas: 207, max_priority_fee_per_gas: 7 }));
}

#[tokio::test]
async fn a_sender_is_known_by_balance_and_nonces() {
    let stage = Stage::open().await;
    let sender = stage.rpc.sender(stage.gas.address()).await.unwrap();
    assert_eq!(sender.balance, U256::from(100) * U256::from(10).pow(U256::from(18)));
    assert_eq!((sender.mined_nonce, sender.pending_nonce), (0, 0));
}

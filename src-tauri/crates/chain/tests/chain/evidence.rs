use alloy_primitives::{Address, B256, U256};
use chain::{AuthorizationEvent, AuthorizationFate, Chain as _, ChainError, Rpc, Transfer};
use domain::{Authorization, AuthorizationKey, NetworkId};
use serde_json::json;

use crate::front::{Front, Reply};
use crate::stage::{SELLER, Stage};

fn fate(events: &[AuthorizationEvent], transfer: &Transfer) -> Vec<AuthorizationFate> {
    events.iter().filter(|event| event.key == transfer.authorization.key()).map(|event| event.what).collect()
}

fn paid(to: Address, units: u64) -> AuthorizationFate {
    AuthorizationFate::Used { transfer: Some((to, U256::from(units))) }
}

/// I7, I10: outcomes come from events, not from the transaction's own success.
#[tokio::test]
async fn a_mined_transaction_proves_what_each_of_its_payments_did() {
    let stage = Stage::open().await;
    let (rich, poor) = (stage.payer(1, 1_000).await, stage.payer(2, 5).await);
    let transfers = [rich.pays(300, 1), poor.pays(10, 1), rich.pays(200, 2)];
    let mined = stage.settle(&transfers).await;
    assert!(mined.succeeded);
    assert_eq!(fate(&mined.events, &transfers[0]), [paid(SELLER, 300)]);
    assert_eq!(fate(&mined.events, &transfers[1]), []);
    assert_eq!(fate(&mined.events, &transfers[2]), [paid(SELLER, 200)]);
    assert_eq!(stage.balance(SELLER).await, 500);

    let block = stage.rpc.block(mined.evidence.block).await.unwrap().unwrap();
    assert_eq!(block.hash, mined.evidence.block_hash);
    assert!(
        mined
            .events
            .iter()
            .all(|event| event.evidence == mined.evidence && event.asset == stage.asset.address)
    );
    let receipt = stage.ask("eth_getTransactionReceipt", json!([mined.evidence.transaction])).await;
    let number = |name: &str| -> U256 { receipt[name].as_str().unwrap().parse().unwrap() };
    assert_eq!(mined.cost, number("gasUsed") * number("effectiveGasPrice"));
    assert_eq!(U256::from(mined.gas_used), number("gasUsed"));
}

/// I7: one payer signs the same nonce to the seller and to itself, and a second nonce to the seller, and submits the
/// last two. A looser match would find a fitting transfer for the first.
#[tokio::test]
async fn a_payer_who_signs_one_nonce_twice_pays_once() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 1_000).await;
    let sold = payer.pays(100, 1);
    let to_itself = payer.signs(Authorization { to: payer.address(), ..sold.authorization.clone() });
    let second = payer.pays(100, 2);
    let from_block = stage.rpc.head().await.unwrap().number;
    let mined = stage.settle(&[to_itself, second.clone(), sold.clone()]).await;

    assert_eq!(fate(&mined.events, &sold), [paid(payer.address(), 100)], "diverted, not settled");
    assert_eq!(fate(&mined.events, &second), [paid(SELLER, 100)]);
    assert_eq!(stage.balance(SELLER).await, 100);

    let keys = [sold.authorization.key(), second.authorization.key()];
    let found = stage.rpc.authorization_events(stage.asset.address, &keys, from_block).await.unwrap();
    assert_eq!(found, mined.events);
}

#[tokio::test]
async fn a_cancelled_authorization_is_told_from_a_used_one() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 1_000).await;
    let (cancelled, used, untouched) = (payer.pays(1, 1), payer.pays(2, 2), payer.pays(3, 3));
    let cancel = stage.sign(payer.cancels(stage.asset.address, 1), 120_000).await;
    stage.rpc.broadcast(&cancel.raw).await.unwrap();
    stage.mined(cancel.hash).await;
    stage.settle(&[used.clone(), cancelled.clone()]).await;

    // The chain's state alone does not tell them apart (threats §0.4).
    for transfer in [&cancelled, &used] {
        let facts = stage.rpc.payer(stage.question(transfer.authorization.key())).await.unwrap();
        assert!(facts.nonce_used);
    }
    let keys = [&cancelled, &used, &untouched].map(|transfer| transfer.authorization.key());
    let events = stage.rpc.authorization_events(stage.asset.address, &keys, 0).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(fate(&events, &cancelled), [AuthorizationFate::Cancelled]);
    assert_eq!(fate(&events, &used), [paid(SELLER, 2)]);
    let cancel = stage.rpc.mined(cancel.hash).await.unwrap().unwrap();
    assert_eq!(cancel.events, events[..1]);
}

/// Whoever sends the transaction: what it proves is found by payer and nonce.
#[tokio::test]
async fn a_diverted_and_a_foreign_settlement_are_found_by_their_keys() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 1_000).await;
    let (foreign, sold) = (payer.pays(7, 1), payer.pays(7, 2));
    let elsewhere =
        payer.signs(Authorization { to: Address::repeat_byte(0xee), ..sold.authorization.clone() });
    let first = stage.settle(std::slice::from_ref(&foreign)).await;
    let second = stage.settle(&[elsewhere]).await;
    let keys = [foreign.authorization.key(), sold.authorization.key()];
    let events = stage.rpc.authorization_events(stage.asset.address, &keys, 0).await.unwrap();
    assert_eq!(fate(&events, &foreign), [paid(SELLER, 7)]);
    assert_eq!(fate(&events, &sold), [paid(Address::repeat_byte(0xee), 7)]);
    assert_eq!([events[0].evidence, events[1].evidence], [first.evidence, second.evidence]);

    let later = second.evidence.block;
    let events = stage.rpc.authorization_events(stage.asset.address, &keys, later).await.unwrap();
    assert_eq!(fate(&events, &foreign), []);
    // Neither another payer's nonce nor another nonce of the payer is an answer.
    let crossed = [
        AuthorizationKey { payer: SELLER, nonce: keys[0].nonce },
        AuthorizationKey { payer: payer.address(), nonce: B256::repeat_byte(9) },
    ];
    assert_eq!(stage.rpc.authorization_events(stage.asset.address, &crossed, 0).await, Ok(Vec::new()));
}

/// T47: what is not in the chain any more is not evidence.
#[tokio::test]
async fn a_transaction_that_a_reorganisation_removed_is_not_mined() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 1_000).await;
    let transfer = payer.pays(7, 1);
    let mined = stage.settle(std::slice::from_ref(&transfer)).await;
    stage.ask("anvil_reorg", json!([1, []])).await;
    assert_eq!(stage.rpc.mined(mined.evidence.transaction).await, Ok(None));
    assert_ne!(
        stage.rpc.block(mined.evidence.block).await.unwrap().map(|block| block.hash),
        Some(mined.evidence.block_hash)
    );
    let key = transfer.authorization.key();
    assert_eq!(stage.rpc.authorization_events(stage.asset.address, &[key], 0).await, Ok(Vec::new()));
    assert_eq!(stage.balance(SELLER).await, 0);
}

/// T53: a receipt whose block is not the chain's block at that height proves nothing, nor does another's receipt.
#[tokio::test]
async fn a_receipt_that_does_not_fit_the_chain_is_not_believed() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    let payer = stage.payer(1, 1_000).await;
    let [one, two] = [stage.settle(&[payer.pays(1, 1)]).await, stage.settle(&[payer.pays(1, 2)]).await];
    assert_eq!(rpc.mined(one.evidence.transaction).await, Ok(Some(one.clone())));
    assert_eq!(rpc.mined(B256::repeat_byte(5)).await, Ok(None));

    let receipt = stage.ask("eth_getTransactionReceipt", json!([two.evidence.transaction])).await;
    let mut forked = receipt.clone();
    forked["blockHash"] = json!(B256::repeat_byte(1));
    front.decide(move |request| match request["method"].as_str() {
        Some("eth_getTransactionReceipt") if request["params"][0] == receipt["transactionHash"] => {
            Reply::Result(forked.clone())
        }
        Some("eth_getTransactionReceipt") => Reply::Result(receipt.clone()),
        _ => Reply::Node,
    });
    assert_eq!(rpc.mined(two.evidence.transaction).await, Ok(None));
    assert!(matches!(rpc.mined(one.evidence.transaction).await, Err(ChainError::Unknown(_))));
}

/// Nodes allow different numbers of blocks for one question.
#[tokio::test]
async fn a_node_that_allows_few_blocks_is_asked_for_few() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 1_000).await;
    let early = payer.pays(1, 1);
    stage.settle(std::slice::from_ref(&early)).await;
    stage.ask("anvil_mine", json!(["0xfa0"])).await;
    let late = payer.pays(2, 2);
    stage.settle(std::slice::from_ref(&late)).await;

    let front = Front::of(&stage.url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    front.decide(|request| {
        let block = |name: &str| -> u64 {
            let text = request["params"][0][name].as_str().unwrap_or("0x0");
            u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
        };
        if block("toBlock") - block("fromBlock") >= 2_000 {
            let refusal = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32602, "message": "block range too large" } });
            return Reply::Http(400, refusal.to_string());
        }
        Reply::Node
    });
    let keys = [late.authorization.key(), early.authorization.key()];
    let events = rpc.authorization_events(stage.asset.address, &keys, 0).await.unwrap();
    assert_eq!(events.iter().map(|event| event.key).collect::<Vec<_>>(), [keys[1], keys[0]]);
    assert_eq!(front.count("eth_getLogs"), 1 + 5);
}

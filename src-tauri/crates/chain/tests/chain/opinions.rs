//! T53: one node alone makes nothing final where two are set up.

use alloy_primitives::B256;
use chain::{Chain as _, ChainError, Opinion, Rpc};
use domain::NetworkId;
use serde_json::{Value, json};

use crate::front::{Front, Reply};
use crate::stage::Stage;

async fn two(stage: &Stage) -> (Rpc, [Front; 2]) {
    let fronts = [Front::of(&stage.url).await, Front::of(&stage.url).await];
    let urls = fronts.each_ref().map(|front| front.url.clone()).to_vec();
    (Rpc::connect(NetworkId::BASE_SEPOLIA, urls).await.unwrap(), fronts)
}

fn is_about(request: &Value, word: &str) -> bool {
    request["params"][0] == word
}

#[tokio::test]
async fn the_lower_of_two_final_blocks_counts() {
    let stage = Stage::open().await;
    stage.ask("anvil_mine", json!(["0x14"])).await;
    let honest = stage.rpc.final_block().await.unwrap();
    let (rpc, [first, second]) = two(&stage).await;
    assert_eq!(rpc.final_block().await, Ok(honest));
    for liar in [&first, &second] {
        liar.decide(|request| {
            if is_about(request, "finalized") {
                Reply::Result(json!({ "number": "0xffff", "hash": B256::ZERO, "timestamp": "0xffffffff" }))
            } else {
                Reply::Node
            }
        });
        assert_eq!(rpc.final_block().await, Ok(honest));
        liar.decide(|_| Reply::Node);
    }
}

/// T53: a node that lies about the time of a block ends no window.
#[tokio::test]
async fn the_earlier_of_two_times_of_the_final_block_counts() {
    let stage = Stage::open().await;
    stage.ask("anvil_mine", json!(["0x14"])).await;
    let (rpc, [first, second]) = two(&stage).await;
    let honest = rpc.final_time().await.unwrap();
    assert_eq!(honest, rpc.block(rpc.final_block().await.unwrap()).await.unwrap().unwrap().timestamp);
    for liar in [&first, &second] {
        liar.decide(|request| match request["method"].as_str() {
            Some("eth_getBlockByNumber") if !is_about(request, "finalized") => {
                let number = request["params"][0].clone();
                Reply::Result(json!({ "number": number, "hash": B256::ZERO, "timestamp": "0xffffffff" }))
            }
            Some(_) | None => Reply::Node,
        });
        assert_eq!(rpc.final_time().await, Ok(honest));
        liar.decide(|_| Reply::Http(502, String::new()));
        assert!(rpc.final_time().await.is_err());
        liar.decide(|_| Reply::Node);
    }
}

#[tokio::test]
async fn nothing_is_final_while_one_of_the_two_is_away_or_does_not_know() {
    let stage = Stage::open().await;
    let (rpc, [_, second]) = two(&stage).await;
    second.decide(
        |request| if is_about(request, "finalized") { Reply::Result(json!(null)) } else { Reply::Node },
    );
    assert!(matches!(rpc.final_block().await, Err(ChainError::Unknown(_))));
    second.decide(|_| Reply::Http(502, String::new()));
    let away = rpc.final_block().await;
    let Err(ChainError::Unreachable { detail, .. }) = &away else { panic!("{away:?}") };
    assert!(detail.starts_with("two nodes have to agree"), "{detail}");
}

/// A node that invents a receipt, or what stands in it, convinces nobody.
#[tokio::test]
async fn a_receipt_counts_for_good_only_when_two_nodes_tell_the_same() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 100).await;
    let mined = stage.settle(&[payer.pays(60, 1)]).await;
    let hash = mined.evidence.transaction;
    assert_eq!(stage.rpc.second_opinion(hash).await, Ok(Opinion::Sole));
    let (rpc, fronts) = two(&stage).await;
    assert_eq!(rpc.second_opinion(hash).await, Ok(Opinion::Agreed(mined)));

    let receipt = stage.ask("eth_getTransactionReceipt", json!([hash])).await;
    let mut without_logs = receipt.clone();
    without_logs["logs"] = json!([]);
    let mut elsewhere = receipt.clone();
    elsewhere["blockHash"] = json!(B256::repeat_byte(7));
    for liar in &fronts {
        for lie in [without_logs.clone(), elsewhere.clone(), Value::Null] {
            liar.decide(move |request| match request["method"].as_str() {
                Some("eth_getTransactionReceipt") => Reply::Result(lie.clone()),
                _ => Reply::Node,
            });
            assert_eq!(rpc.second_opinion(hash).await, Ok(Opinion::Differs));
        }
        liar.decide(|_| Reply::Node);
    }
    assert_eq!(rpc.second_opinion(B256::repeat_byte(9)).await, Ok(Opinion::Nowhere));
    fronts[1].decide(|_| Reply::Http(502, String::new()));
    assert!(matches!(rpc.second_opinion(hash).await, Err(ChainError::Unreachable { .. })));
}

/// A receipt need not hold the fee of the network below, and some nodes leave it out. Nothing hangs on it but a figure.
#[tokio::test]
async fn nodes_that_differ_in_a_fee_agree_on_what_was_paid() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 100).await;
    let mined = stage.settle(&[payer.pays(60, 1)]).await;
    let hash = mined.evidence.transaction;
    let (rpc, [_, second]) = two(&stage).await;
    let mut dearer = stage.ask("eth_getTransactionReceipt", json!([hash])).await;
    dearer["l1Fee"] = json!("0x64");
    second.decide(move |request| match request["method"].as_str() {
        Some("eth_getTransactionReceipt") => Reply::Result(dearer.clone()),
        _ => Reply::Node,
    });
    assert_eq!(rpc.second_opinion(hash).await, Ok(Opinion::Agreed(mined)));
}

/// One that tells otherwise, whichever it is, does not keep two others from agreeing.
#[tokio::test]
async fn where_two_nodes_differ_a_third_one_is_asked() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 100).await;
    let mined = stage.settle(&[payer.pays(60, 1)]).await;
    let hash = mined.evidence.transaction;
    let fronts = [Front::of(&stage.url).await, Front::of(&stage.url).await, Front::of(&stage.url).await];
    let urls = fronts.each_ref().map(|front| front.url.clone()).to_vec();
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, urls).await.unwrap();
    let tells = |front: &Front, lie: Value| {
        front.decide(move |request| match request["method"].as_str() {
            Some("eth_getTransactionReceipt") => Reply::Result(lie.clone()),
            _ => Reply::Node,
        });
    };
    let mut without_logs = stage.ask("eth_getTransactionReceipt", json!([hash])).await;
    without_logs["logs"] = json!([]);
    for liar in &fronts {
        tells(liar, without_logs.clone());
        assert_eq!(rpc.second_opinion(hash).await, Ok(Opinion::Agreed(mined.clone())));
        liar.decide(|_| Reply::Node);
    }
    tells(&fronts[0], without_logs);
    tells(&fronts[1], Value::Null);
    assert_eq!(rpc.second_opinion(hash).await, Ok(Opinion::Differs), "each tells something else");
}

//! What is looked at when a network is set up.

use alloy_primitives::{Address, U256, address, hex, keccak256};
use chain::{Barrier, Chain as _, ChainError, Multicall, Simulated, Terms};
use domain::Finality;
use serde_json::json;

use crate::front::{Front, Reply};
use crate::stage::{MULTICALL3, SELLER, Stage};

#[tokio::test]
async fn a_network_is_described_by_its_node() {
    let stage = Stage::open().await;
    let survey = stage.rpc.survey(stage.asset.address, MULTICALL3).await.unwrap();
    let token = survey.token.unwrap();
    assert_eq!(
        (token.facts.name.as_str(), token.facts.version.as_str(), token.facts.decimals),
        ("USDC", "2", 6)
    );
    assert_eq!(token.facts.domain_separator, chain::domain_separator(&stage.asset));
    assert!(token.knows_authorizations);
    assert!(matches!(survey.multicall, Multicall::Genuine(_)), "{:?}", survey.multicall);
    assert_eq!((survey.finality, survey.block_gas_limit), (Finality::Finalized, 30_000_000));
    assert_eq!(survey.head, stage.rpc.head().await.unwrap());
    assert!(survey.fees.max_fee_per_gas > 0);
    let nothing = stage.rpc.survey(Address::repeat_byte(3), MULTICALL3).await.unwrap();
    assert_eq!(nothing.token, None);
    let no_token = stage.rpc.survey(MULTICALL3, MULTICALL3).await;
    assert!(matches!(no_token, Err(ChainError::Refused(_))), "{no_token:?}");
}

/// T17, T22: behind the same address, other code is another token.
#[tokio::test]
async fn another_implementation_behind_the_token_shows_in_its_code() {
    let stage = Stage::open().await;
    let code = async || stage.rpc.survey(stage.asset.address, MULTICALL3).await.unwrap().token.unwrap().code;
    let before = code().await;
    assert_eq!(code().await, before);
    let slot = "0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3";
    let word = stage.ask("eth_getStorageAt", json!([stage.asset.address, slot, "latest"])).await;
    let implementation = Address::from_slice(&hex::decode(word.as_str().unwrap()).unwrap()[12..]);
    let run = stage.ask("eth_getCode", json!([implementation, "latest"])).await;
    stage.give_code(implementation, &format!("{}00", run.as_str().unwrap())).await;
    assert_ne!(code().await, before);
}

/// T58.
#[tokio::test]
async fn what_is_not_multicall3_is_not_taken_for_it() {
    let stage = Stage::open().await;
    let multicall = async || stage.rpc.survey(stage.asset.address, MULTICALL3).await.unwrap().multicall;
    stage.give_code(MULTICALL3, "0x600160005260206000f3").await;
    assert!(matches!(multicall().await, Multicall::Counterfeit(_)));
    stage.give_code(MULTICALL3, "0x").await;
    assert_eq!(multicall().await, Multicall::Absent);

    let (rich, poor) = (stage.payer(1, 100).await, stage.payer(2, 1).await);
    let transfers = [rich.pays(60, 1), poor.pays(60, 1), rich.pays(40, 2)];
    let from = stage.gas.address();
    assert!(stage.rpc.simulate(from, &stage.asset, &transfers).await.is_err());
    let single = stage.rpc.on_terms(Terms { finality: None, single: true, freshness: None });
    let fates = single.simulate(from, &stage.asset, &transfers).await.unwrap();
    assert!(matches!(fates[..], [Simulated::Pays, Simulated::Refused(_), Simulated::Pays]), "{fates:?}");
}

/// Tokens without `version()` sign under one of the usual ones, and the separator says which.
#[tokio::test]
async fn a_version_that_is_not_named_is_found_by_the_separator() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    front.decide(|request| {
        let is_version =
            request["params"][0]["data"].as_str().is_some_and(|data| data.starts_with("0x54fd4d50"));
        if is_version {
            let refusal =
                json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": 3, "message": "execution reverted" } });
            Reply::Http(200, refusal.to_string())
        } else {
            Reply::Node
        }
    });
    let rpc = chain::Rpc::connect(stage.asset.network, vec![front.url.clone()]).await.unwrap();
    assert_eq!(rpc.token(stage.asset.address).await.unwrap().version, "2");
    let elsewhere = address!("00000000000000000000000000000000000000ff");
    assert!(rpc.token(elsewhere).await.is_err());
}

#[tokio::test]
async fn the_strongest_way_of_becoming_final_is_found() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = chain::Rpc::connect(stage.asset.network, vec![front.url.clone()]).await.unwrap();
    for (missing, expected) in
        [(&["finalized"][..], Finality::Safe), (&["finalized", "safe"][..], Finality::Depth)]
    {
        front.decide(move |request| match request["params"][0].as_str() {
            Some(name) if missing.contains(&name) => Reply::Result(json!(null)),
            _ => Reply::Node,
        });
        assert_eq!(rpc.survey(stage.asset.address, MULTICALL3).await.unwrap().finality, expected);
    }
}

/// T21.
#[tokio::test]
async fn what_the_issuer_put_in_the_way_is_seen_and_seen_to_go() {
    let stage = Stage::open().await;
    let barrier = async |token| stage.rpc.barrier(token, SELLER).await.unwrap();
    assert_eq!(barrier(stage.asset.address).await, None);
    stage.as_owner("pause()", None).await;
    assert_eq!(barrier(stage.asset.address).await, Some(Barrier::Paused));
    stage.as_owner("blacklist(address)", Some(SELLER)).await;
    assert_eq!(barrier(stage.asset.address).await, Some(Barrier::PayoutBlocked));
    stage.as_owner("unpause()", None).await;
    stage.as_owner("unBlacklist(address)", Some(SELLER)).await;
    assert_eq!(barrier(stage.asset.address).await, None);
    assert_eq!(barrier(MULTICALL3).await, None, "a token without a pause and a block list stops nothing");
}

/// Code that answers each of these calls with these bytes, and refuses every other.
fn answering(calls: &[(&str, Vec<u8>)]) -> String {
    let short = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    let (first_answer, first_data) = (6 + 11 * calls.len() + 5, 6 + 27 * calls.len() + 5);
    let mut code = hex!("60003560e01c").to_vec();
    for (place, (call, _)) in calls.iter().enumerate() {
        code.extend([0x80, 0x63]);
        code.extend(&keccak256(call)[..4]);
        code.extend([0x14, 0x61]);
        code.extend(short(first_answer + 16 * place));
        code.push(0x57);
    }
    code.extend(hex!("60006000fd"));
    let mut data = Vec::new();
    for (_, answer) in calls {
        code.extend([0x5b, 0x61]);
        code.extend(short(answer.len()));
        code.push(0x61);
        code.extend(short(first_data + data.len()));
        code.extend(hex!("60003961"));
        code.extend(short(answer.len()));
        code.extend(hex!("6000f3"));
        data.extend(answer);
    }
    hex::encode_prefixed([code, data].concat())
}

/// A price feed as Chainlink's are, and what does not answer as one.
#[tokio::test]
async fn a_price_feed_says_what_of_what_how_much_and_since_when() {
    let stage = Stage::open().await;
    let feed = Address::repeat_byte(0xfe);
    let words =
        |words: &[u128]| words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>()).collect();
    let pair = [words(&[32, 9]), b"ETH / USD".to_vec(), vec![0; 23]].concat();
    let round = words(&[7, 315_020_000_000, 1_800_000_000, 1_800_000_600, 7]);
    let code =
        answering(&[("description()", pair), ("decimals()", words(&[8])), ("latestRoundData()", round)]);
    stage.give_code(feed, &code).await;
    let reading = stage.rpc.price(feed).await.unwrap();
    assert_eq!((reading.pair.as_str(), reading.told_at), ("ETH / USD", 1_800_000_600));
    assert_eq!(reading.price.unwrap().to_decimal(6), "3150.20");
    for other in [MULTICALL3, Address::repeat_byte(0xfd)] {
        assert!(matches!(stage.rpc.price(other).await, Err(ChainError::Refused(_))), "{other}");
    }
}

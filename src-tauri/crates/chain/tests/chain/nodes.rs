use std::sync::Arc;
use std::time::{Duration, Instant};

use alloy_primitives::{Address, B256};
use chain::{Chain as _, ChainError, Freshness, NodeConfig, Rpc, Terms};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{AuthorizationKey, Clock, NetworkId, Sleep};
use serde_json::json;

use crate::front::{Front, Reply};
use crate::stage::Stage;

const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;

async fn open(nodes: &[(&Front, Option<u32>)]) -> Rpc {
    let nodes: Vec<_> = nodes
        .iter()
        .map(|(front, per_second)| NodeConfig { url: front.url.clone(), per_second: *per_second })
        .collect();
    Rpc::open(NETWORK, &nodes, 7).await.unwrap()
}

/// T52: no more calls leave than the budget allows, and what has to wait is answered too.
#[tokio::test]
async fn a_node_is_not_asked_more_often_than_its_budget_allows() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = open(&[(&front, Some(10))]).await;
    let began = Instant::now();
    let answers = futures::future::join_all((0..40).map(|_| rpc.head())).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(began.elapsed() > Duration::from_millis(1_800), "{:?}", began.elapsed());
    assert_eq!(rpc.nodes()[0].per_second, Some(10));

    let too_many = futures::future::join_all((0..200).map(|_| rpc.head())).await;
    let away = too_many.iter().filter(|answer| matches!(answer, Err(ChainError::Unreachable { .. }))).count();
    assert!(away > 100 && away < 200, "{away} of 200 calls did not wait for seconds");
}

#[tokio::test]
async fn what_exceeds_one_nodes_budget_goes_to_another() {
    let stage = Stage::open().await;
    let [first, second] = [Front::of(&stage.url).await, Front::of(&stage.url).await];
    let rpc = open(&[(&first, Some(5)), (&second, None)]).await;
    for _ in 0..40 {
        rpc.head().await.unwrap();
    }
    let asked = [&first, &second].map(|front| front.count("eth_getBlockByNumber"));
    assert!(asked[0] >= 8 && asked[0] <= 20 && asked[0] + asked[1] == 40, "{asked:?}");
}

/// T53: a node that was left behind says what was true once.
#[tokio::test]
async fn a_node_that_stays_behind_is_asked_only_when_the_others_are_away() {
    let stage = Stage::open().await;
    let [first, second] = [Front::of(&stage.url).await, Front::of(&stage.url).await];
    let rpc = open(&[(&first, None), (&second, None)]).await;
    first.decide(|request| match request["params"][0].as_str() {
        Some("latest") => Reply::Result(
            json!({ "number": "0x0", "hash": B256::ZERO, "timestamp": "0x1", "gasLimit": "0x1" }),
        ),
        _ => Reply::Node,
    });
    rpc.look_at_nodes().await;
    assert_eq!(rpc.nodes().iter().map(|node| node.behind).collect::<Vec<_>>(), [true, false]);
    assert!(rpc.head().await.unwrap().timestamp > 1);
    second.decide(|_| Reply::Http(502, String::new()));
    assert_eq!(rpc.head().await.unwrap().timestamp, 1);
}

/// What a seller sees of each node, and nothing of its URL that could be a key.
#[tokio::test]
async fn each_nodes_health_is_told() {
    let stage = Stage::open().await;
    let [good, bad] = [Front::of(&stage.url).await, Front::of(&stage.url).await];
    let secret = |front: &Front| format!("{}/v2/hunter2?key=hunter2", front.url);
    let nodes = [secret(&bad), secret(&good)].map(|url| NodeConfig { url, per_second: Some(30) });
    let rpc = Rpc::open(NETWORK, &nodes, 7).await.unwrap();
    bad.decide(|_| Reply::Http(502, String::new()));
    rpc.head().await.unwrap();
    rpc.look_at_nodes().await;
    let health = rpc.nodes();
    assert!(!format!("{health:?}").contains("hunter2"));
    let [first, second] = &health[..] else { panic!("{health:?}") };
    assert_eq!((&first.label, &second.label), (&bad.url, &good.url));
    assert_eq!((first.in_use, first.resting, second.in_use, second.resting), (false, true, true, false));
    assert_eq!(first.last_error.as_ref().map(|(what, _)| what.as_str()), Some("HTTP status 502"));
    assert_eq!(second.last_error, None);
    assert!(second.latency.is_some_and(|latency| latency < Duration::from_secs(4)));
    assert_eq!(second.head.map(|head| head.number), Some(rpc.head().await.unwrap().number));
    assert!(first.head.is_none() && first.calls >= 1 && second.calls >= 2);
}

struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn sleep_until(&self, _: DateTime<Utc>) -> Sleep<'_> {
        Box::pin(std::future::pending())
    }
}

/// T52, I2: a balance that may have been spent long ago buys nothing.
#[tokio::test]
async fn what_a_node_knew_long_ago_says_nothing_of_a_payer() {
    let stage = Stage::open().await;
    let head = stage.rpc.head().await.unwrap();
    let read_at = DateTime::from_timestamp(i64::try_from(head.timestamp).unwrap(), 0).unwrap();
    let limit = TimeDelta::minutes(3);
    let at = |late: TimeDelta| {
        let freshness = Freshness { clock: Arc::new(At(read_at + late)), limit };
        stage.rpc.on_terms(Terms { finality: None, single: false, freshness: Some(freshness) })
    };
    let key = AuthorizationKey { payer: Address::repeat_byte(1), nonce: B256::ZERO };
    assert_eq!(at(limit).payer(stage.question(key)).await.unwrap().block, head.number);
    let old = at(limit + TimeDelta::seconds(1)).payer(stage.question(key)).await;
    assert!(matches!(old, Err(ChainError::Unreachable { .. })), "{old:?}");
}

use std::time::{Duration, Instant};

use chain::{Chain as _, ChainError, Rpc};
use domain::NetworkId;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::front::{Front, Reply};
use crate::stage::Stage;

const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;

async fn connect(urls: &[&str]) -> Result<Rpc, ChainError> {
    Rpc::connect(NETWORK, urls.iter().map(|url| (*url).to_owned()).collect()).await
}

/// A port on which nobody listens.
async fn nobody() -> String {
    format!("http://{}", TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap())
}

/// T54.
#[tokio::test]
async fn a_node_of_another_network_is_refused() {
    let stage = Stage::open().await;
    let refused = Rpc::connect(NetworkId::from_chain_id(8453), vec![stage.url.clone()]).await.err();
    assert_eq!(
        refused,
        Some(ChainError::WrongNetwork { expected: NetworkId::from_chain_id(8453), found: 84_532 })
    );

    let front = Front::of(&stage.url).await;
    front.decide(|_| Reply::Result(json!("0x7a69")));
    let refused = connect(&[&stage.url, &front.url]).await.err();
    assert_eq!(refused, Some(ChainError::WrongNetwork { expected: NETWORK, found: 31_337 }));
}

/// T54: whatever comes over a new connection waits for the node to say which network it is of.
#[tokio::test]
async fn a_node_that_comes_back_as_another_network_is_refused() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = connect(&[&front.url]).await.unwrap();
    rpc.head().await.unwrap();
    assert_eq!(front.count("eth_chainId"), 1, "one connection, one question");

    front.decide(|request| match request["method"].as_str() {
        Some("eth_chainId") => Reply::Result(json!("0x7a69")),
        _ => Reply::Node,
    });
    front.cut();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match rpc.head().await {
            Err(ChainError::WrongNetwork { found, .. }) => break assert_eq!(found, 31_337),
            Err(ChainError::Unreachable { .. }) => assert!(Instant::now() < deadline, "it never came back"),
            other => panic!("an answer of another network was believed: {other:?}"),
        }
    }
    front.decide(|_| Reply::Node);
    rpc.head().await.unwrap();
}

/// T52.
#[tokio::test]
async fn a_node_that_is_away_is_noticed_at_once() {
    let began = Instant::now();
    let away = nobody().await;
    let refused = connect(&[&away]).await.err();
    let Some(ChainError::Unreachable { network, detail }) = refused else { panic!("{refused:?}") };
    assert_eq!((network, detail.as_str()), (NETWORK, "connection refused"));

    let mut stage = Stage::open().await;
    stage.end();
    for _ in 0..2 {
        let refused = stage.rpc.head().await;
        assert!(matches!(refused, Err(ChainError::Unreachable { .. })), "{refused:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(10));
}

/// T52: half-open, busy and talking nonsense.
#[tokio::test]
async fn a_node_that_does_not_answer_properly_is_given_up_in_time() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = connect(&[&front.url]).await.unwrap();
    let unreachable =
        |detail: &str| Err(ChainError::Unreachable { network: NETWORK, detail: detail.to_owned() });
    front.decide(|_| Reply::Http(200, "<html>".to_owned()));
    assert!(matches!(rpc.head().await, Err(ChainError::Unknown(_))));
    front.decide(|_| Reply::Result(json!("0x1")));
    assert!(matches!(rpc.head().await, Err(ChainError::Unknown(_))));
    let began = Instant::now();
    front.decide(|_| Reply::Silence);
    assert_eq!(rpc.head().await, unreachable("it did not answer in time"));
    assert!(began.elapsed() < Duration::from_secs(6), "a seller waits for the reason no longer than ten");
    let rpc = connect(&[&stage.url, &front.url]).await.unwrap();
    rpc.head().await.unwrap();
}

/// T52: who asks for fewer calls is left alone, and asked again when its rest is over.
#[tokio::test]
async fn a_node_that_asks_for_fewer_calls_is_not_asked_for_a_while() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = connect(&[&front.url]).await.unwrap();
    front.decide(|_| Reply::Http(429, "slow down".to_owned()));
    let asked = || front.count("eth_getBlockByNumber");
    for _ in 0..5 {
        let busy = ChainError::Unreachable { network: NETWORK, detail: "HTTP status 429".to_owned() };
        assert_eq!(rpc.head().await, Err(busy));
    }
    assert_eq!(asked(), 1);
    front.decide(|_| Reply::Node);
    let deadline = Instant::now() + Duration::from_secs(10);
    while rpc.head().await.is_err() {
        assert!(Instant::now() < deadline, "it was never asked again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(asked(), 2);
}

#[tokio::test]
async fn the_next_node_answers_when_one_is_away_and_stays_the_one_that_is_asked() {
    let stage = Stage::open().await;
    let [first, second] = [Front::of(&stage.url).await, Front::of(&stage.url).await];
    let rpc = connect(&[&nobody().await, &first.url, &second.url]).await.unwrap();
    rpc.head().await.unwrap();
    assert_eq!((first.count("eth_getBlockByNumber"), second.count("eth_getBlockByNumber")), (1, 0));

    first.decide(|_| Reply::Http(502, String::new()));
    rpc.head().await.unwrap();
    rpc.head().await.unwrap();
    assert_eq!((first.count("eth_getBlockByNumber"), second.count("eth_getBlockByNumber")), (2, 2));
}

/// I12: the path, query and user of a node's URL are often the key to a paid account.
#[tokio::test]
async fn no_error_shows_a_urls_secrets() {
    let away = nobody().await;
    let host = away.strip_prefix("http://").unwrap();
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    front.decide(|_| Reply::Http(401, "hunter2".to_owned()));
    let answering = front.url.strip_prefix("http://").unwrap();
    for url in [
        format!("http://hunter2:hunter2@{host}/v2/hunter2?key=hunter2"),
        format!("http://hunter2:hunter2@{answering}/v2/hunter2?key=hunter2"),
        "https://[hunter2".to_owned(),
        "ws://localhost/hunter2".to_owned(),
        "hunter2".to_owned(),
    ] {
        let refused = connect(&[&url]).await.err().unwrap();
        assert!(!format!("{refused} {refused:?}").contains("hunter2"), "{refused:?}");
    }
    assert!(matches!(connect(&[]).await.err(), Some(ChainError::Unreachable { .. })));
}

fn no_such_block() -> Reply {
    let refusal =
        json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -39001, "message": "unknown block" } });
    Reply::Http(200, refusal.to_string())
}

/// The node's answer, as if its network were one that we do not know.
fn of_some_network(request: &Value) -> Reply {
    if request["method"] == "eth_chainId" { Reply::Result(json!("0x7b")) } else { Reply::Node }
}

/// The network's own word for it, where it has one.
#[tokio::test]
async fn the_final_block_is_the_networks_own_or_twelve_below_the_newest() {
    let stage = Stage::open().await;
    stage.ask("anvil_mine", json!(["0x14"])).await;
    let finalized = stage.ask("eth_getBlockByNumber", json!(["finalized", false])).await;
    let finalized = u64::from_str_radix(&finalized["number"].as_str().unwrap()[2..], 16).unwrap();
    assert!(finalized < 20);
    assert_eq!(stage.rpc.final_block().await, Ok(finalized));

    let front = Front::of(&stage.url).await;
    front.decide(move |request| match request["params"][0].as_str() {
        Some("finalized") => Reply::Result(json!(null)),
        Some("safe") => Reply::Result(json!({ "number": "0x11" })),
        _ => of_some_network(request),
    });
    let rpc = Rpc::connect(NetworkId::from_chain_id(123), vec![front.url.clone()]).await.unwrap();
    assert_eq!(rpc.final_block().await, Ok(17));
    front.decide(move |request| match request["params"][0].as_str() {
        Some("finalized" | "safe") => no_such_block(),
        _ => of_some_network(request),
    });
    assert_eq!(rpc.final_block().await, Ok(8));
    assert_eq!(rpc.block(9_999).await, Ok(None));
    front.decide(|_| Reply::Http(502, String::new()));
    assert!(matches!(rpc.final_block().await, Err(ChainError::Unreachable { .. })));
}

/// I7: a node of a network that names its final block, and which does not at the moment, must not make
/// anything final early.
#[tokio::test]
async fn a_node_that_does_not_name_the_final_block_of_a_known_network_makes_nothing_final() {
    let stage = Stage::open().await;
    stage.ask("anvil_mine", json!(["0x14"])).await;
    let front = Front::of(&stage.url).await;
    let rpc = connect(&[&front.url]).await.unwrap();
    for nothing in [no_such_block, || Reply::Result(json!(null))] {
        front.decide(move |request| match request["params"][0].as_str() {
            Some("finalized") => nothing(),
            _ => Reply::Node,
        });
        assert!(matches!(rpc.final_block().await, Err(ChainError::Unknown(_))));
    }
}

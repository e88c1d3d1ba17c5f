//! Settle, see, deliver.

use std::time::Duration;

use alloy_primitives::U256;
use integration::{Anvil, Books, Buyer, Environment, Node, Stall, UNITS, Version, eventually};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::shared::{GOODS, PATH, delivered};

const INSTANT: &[&str] = &["--mode", "instant", "--owned-for", "0"];

/// A test network with blocks of one second, and a stall that settles on it.
async fn on_a_test_network() -> (Anvil, Stall) {
    let mint = Buyer::new();
    let chain = Anvil::start(1, mint.address()).await;
    let mut stall = Stall::closed(Environment::Test);
    let passphrase = stall.goods().join("passphrase");
    std::fs::write(&passphrase, "for this test only\n").unwrap();
    stall.variable("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase.to_str().unwrap());
    let payout = Buyer::new().address().to_string();
    stall.cli(&["network", "set", "eip155:84532", "--rpc", chain.node().url(), "--pay-to", &payout]).await;
    stall.open().await;
    eventually("the network", || async { stall.network().await["ready"] == true }).await;
    let wallet = stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().parse().unwrap();
    chain.give_gas(wallet).await;
    (chain, stall)
}

async fn with_money(node: &Node) -> Buyer {
    let buyer = Buyer::new();
    node.mint(&[buyer.address()], U256::from(1_000_000)).await;
    buyer
}

/// Returns when the transaction pool is seen to hold something.
async fn sent(node: &Node) {
    while node.call("txpool_status", json!([])).await["pending"] == "0x0" {
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_blocks_of_one_second_an_instant_sale_is_complete_within_two() {
    let (chain, stall) = on_a_test_network().await;
    stall.sell(PATH, GOODS, INSTANT).await;
    let node = chain.node();
    let books = Books::open(&stall).await;
    let buyer = with_money(node).await;
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;

    // Tests run beside each other on few cores, so it is tried until one sale shows it.
    let mut best = Duration::MAX;
    let mut sales = 0;
    while sales < 5 || best >= Duration::from_secs(2) {
        assert!(sales < 18, "of {sales} sales the best took {best:?}");
        sales += 1;
        let payment = buyer.sign(&terms).payment(Version::Two);
        let started = Instant::now();
        let answer = visitor.pay(PATH, &payment).await;
        best = best.min(started.elapsed());
        delivered(&answer, GOODS);
        let hash = answer.receipt()["transaction"].as_str().unwrap().parse().unwrap();
        assert!(node.mined(hash).await.is_some_and(|mined| mined.succeeded), "the hash is on the chain");
    }
    let states = stall.states().await;
    assert!(states.len() == sales && states.iter().all(|state| state == "settled"), "{states:?}");
    assert_eq!(books.agree(&stall).await, U256::from(sales as u64 * UNITS));
}

/// I7: no byte of what is sold leaves before the evidence.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_while_the_chain_stands_still() {
    let (chain, stall) = on_a_test_network().await;
    stall.sell(PATH, GOODS, INSTANT).await;
    let node = chain.node();
    let buyer = with_money(node).await;
    let terms = stall.visitor().terms(PATH).await;
    let (name, value) = buyer.sign(&terms).payment(Version::Two).header();
    node.call("evm_setIntervalMining", json!([0])).await;

    let authority = stall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = TcpStream::connect(&authority).await.unwrap();
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: {authority}\r\n{name}: {value}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    sent(node).await;
    let mut answer = vec![0; 4096];
    let early = timeout(Duration::from_millis(1500), stream.read(&mut answer)).await;
    assert!(early.is_err(), "it answered before the chain did: {early:?}");

    node.mine(1).await;
    let length = timeout(Duration::from_secs(10), stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(stall.states().await, ["settled"]);
}

/// Concurrent instant sales share one transaction per block.
#[tokio::test(flavor = "multi_thread")]
async fn instant_sales_of_the_same_moment_share_transactions() {
    let (chain, stall) = on_a_test_network().await;
    stall.sell(PATH, GOODS, INSTANT).await;
    let node = chain.node();
    let books = Books::open(&stall).await;
    let buyers: Vec<_> = (0..12).map(|_| Buyer::new()).collect();
    let addresses: Vec<_> = buyers.iter().map(Buyer::address).collect();
    node.mint(&addresses, U256::from(UNITS)).await;
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;
    let payments: Vec<_> = buyers.iter().map(|buyer| buyer.sign(&terms).payment(Version::Two)).collect();
    let answers = futures::future::join_all(payments.iter().map(|payment| visitor.pay(PATH, payment))).await;
    let mut hashes = std::collections::HashSet::new();
    for answer in &answers {
        delivered(answer, GOODS);
        hashes.insert(answer.receipt()["transaction"].to_string());
    }
    assert!(hashes.len() <= 6, "twelve sales took {} transactions", hashes.len());
    assert_eq!(books.agree(&stall).await, U256::from(12 * UNITS));
}

/// T46: nobody signs for what could not be settled now, and nobody is kept waiting to be told.
#[tokio::test(flavor = "multi_thread")]
async fn while_the_gas_wallet_is_locked_only_what_may_wait_is_offered() {
    let (chain, stall) = on_a_test_network().await;
    stall.sell(PATH, GOODS, INSTANT).await;
    stall.sell("/later", GOODS, &["--owned-for", "0"]).await;
    let buyer = with_money(chain.node()).await;
    let visitor = stall.visitor();
    let early = buyer.sign(&visitor.terms(PATH).await).payment(Version::Two);

    stall.cli(&["wallet", "lock"]).await;
    let offered = async |path: &str| visitor.ask(path).await.status;
    eventually("the offer is gone", || async { offered(PATH).await == 503 }).await;
    let started = Instant::now();
    let answer = visitor.pay(PATH, &early).await;
    assert_eq!(answer.status, 503, "{}", answer.in_words());
    assert!(started.elapsed() < Duration::from_secs(5), "the buyer was kept waiting");
    assert!(stall.payments().await.is_empty(), "and nothing of it was kept");
    assert_eq!(offered("/later").await, 402);

    stall.cli(&["wallet", "unlock"]).await;
    eventually("the offer is back", || async { offered(PATH).await == 402 }).await;
    delivered(&visitor.pay(PATH, &early).await, GOODS);
}

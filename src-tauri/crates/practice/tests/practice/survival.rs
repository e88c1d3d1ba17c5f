//! A practice chain outlives its processes, and its processes do not outlive the app.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{
    SystemClock, ask, balance, block_number, eventually, kill, processes, resources, start, usdc,
};
use alloy_primitives::address;
use domain::Clock as _;
use practice::{NodeState, Practice};
use serde_json::{Value, json};

const ANNA: alloy_primitives::Address = address!("a11ce00000000000000000000000000000000001");
const BORIS: alloy_primitives::Address = address!("b0b0000000000000000000000000000000000002");

fn snapshots(folder: &Path) -> Vec<(u64, std::path::PathBuf)> {
    let numbered = fs::read_dir(folder).unwrap().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        Some((name.strip_prefix("chain-")?.strip_suffix(".json")?.parse().ok()?, entry.path()))
    });
    let mut found: Vec<_> = numbered.collect();
    found.sort();
    found
}

fn best_block(path: &Path) -> u64 {
    let state: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    state["best_block_number"].as_u64().unwrap()
}

async fn transfers(practice: &Practice) -> Value {
    let logs =
        ask(practice.url(), "eth_getLogs", json!([{ "fromBlock": "0x0", "address": practice.token() }]));
    logs.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn balances_receipts_and_the_genesis_survive_a_stop_and_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    first.fund(&[(ANNA, usdc(25_000_000)), (BORIS, usdc(1))]).await.unwrap();
    let logs = transfers(&first).await;
    let hash = logs[0]["transactionHash"].clone();
    let receipt = ask(first.url(), "eth_getTransactionReceipt", json!([hash])).await.unwrap();
    let height = block_number(first.url()).await;
    first.stop().await.unwrap();
    assert!(ask(first.url(), "eth_chainId", json!([])).await.is_err(), "the node still answers");

    let second = start(folder.path()).await;
    assert_eq!(second.genesis_hash(), first.genesis_hash());
    assert_eq!(second.default_payout(), first.default_payout());
    assert_eq!(balance(&second, ANNA).await, 25_000_000);
    assert_eq!(balance(&second, BORIS).await, 1);
    assert_eq!(block_number(second.url()).await, height);
    assert_eq!(transfers(&second).await, logs);
    assert_eq!(ask(second.url(), "eth_getTransactionReceipt", json!([hash])).await.unwrap(), receipt);
    second.fund(&[(ANNA, usdc(1))]).await.unwrap();
    assert_eq!(balance(&second, ANNA).await, 25_000_001);
    second.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_newest_snapshot_falls_back_to_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    first.fund(&[(ANNA, usdc(7))]).await.unwrap();
    let before = *first.durable_block().borrow();
    first.fund(&[(BORIS, usdc(9))]).await.unwrap();
    let genesis = first.genesis_hash();
    // As when the app is killed: nothing is kept at the end.
    drop(first);
    let (_, newest) = snapshots(folder.path()).pop().unwrap();
    let whole = fs::read(&newest).unwrap();
    fs::write(&newest, &whole[..whole.len() / 2]).unwrap();

    let second = start(folder.path()).await;
    assert_eq!(second.genesis_hash(), genesis);
    assert_eq!(*second.durable_block().borrow(), before);
    assert_eq!(balance(&second, ANNA).await, 7);
    assert_eq!(balance(&second, BORIS).await, 0);
    second.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_whole_snapshot_another_chain_begins() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    first.fund(&[(ANNA, usdc(7))]).await.unwrap();
    first.stop().await.unwrap();
    for (_, path) in snapshots(folder.path()) {
        fs::write(path, "{").unwrap();
    }
    // A genesis is told from another by the second it was made in.
    let now = || u64::try_from(SystemClock.now().timestamp()).unwrap();
    eventually("the next second", || async { now() > genesis_time(folder.path()) }).await;
    let second = start(folder.path()).await;
    assert_ne!(second.genesis_hash(), first.genesis_hash());
    assert_eq!(balance(&second, ANNA).await, 0);
    second.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_dies_comes_back_at_the_same_place_with_the_same_chain() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    practice.fund(&[(ANNA, usdc(5))]).await.unwrap();
    let mut states = practice.node();
    let running = NodeState::Running { url: practice.url().to_owned() };
    // First the node itself, then the supervisor that holds it.
    for supervisor in [false, true] {
        assert_eq!(*states.borrow_and_update(), running);
        let [pid] = processes(folder.path(), supervisor)[..] else { panic!("one process holds the chain") };
        kill(pid);
        states.wait_for(|state| matches!(state, NodeState::Restarting { .. })).await.unwrap();
        states.wait_for(|state| *state == running).await.unwrap();
        assert_eq!(balance(&practice, ANNA).await, 5);
        assert_eq!(processes(folder.path(), false).len(), 1);
    }
    practice.stop().await.unwrap();
    assert!(processes(folder.path(), false).is_empty());
    assert!(processes(folder.path(), true).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_app_leaves_no_node_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = Command::new(env!("CARGO_BIN_EXE_practice-chain"))
        .args([folder.path(), &resources()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(app.stdout.take().unwrap()).read_line(&mut url).unwrap();
    assert_eq!(block_number(url.trim()).await, 0);
    assert_eq!(processes(folder.path(), false).len(), 1);
    app.kill().unwrap();
    app.wait().unwrap();
    eventually("the end of the node", || async { processes(folder.path(), false).is_empty() }).await;
    eventually("the end of its supervisor", || async { processes(folder.path(), true).is_empty() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_grown_large_is_started_again_while_nothing_happens() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    practice.fund(&[(ANNA, usdc(5))]).await.unwrap();
    let logs = transfers(&practice).await;
    let before = processes(folder.path(), false);
    ask(practice.url(), "anvil_mine", json!([format!("{:#x}", 4200)])).await.unwrap();
    let height = block_number(practice.url()).await;
    eventually("another node", || async {
        let now = processes(folder.path(), false);
        now.len() == 1 && now != before
    })
    .await;
    eventually("its answer", || async { ask(practice.url(), "eth_chainId", json!([])).await.is_ok() }).await;
    // The snapshot may have been made while the last of them were mined; nothing happened in those it lacks.
    let lost = height - block_number(practice.url()).await;
    assert!(lost < 16, "{lost} of {height} blocks are lost");
    assert_eq!(transfers(&practice).await, logs);
    let old = ask(practice.url(), "eth_getBlockByNumber", json!(["0x400", false])).await.unwrap();
    assert!(old.is_null(), "an old empty block is still there");
    practice.stop().await.unwrap();
}

/// Nothing in practice is final before the snapshot that holds it is durable (I7).
#[tokio::test(flavor = "multi_thread")]
async fn the_durable_block_advances_only_with_a_snapshot_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let mut durable = practice.durable_block();
    practice.fund(&[(ANNA, usdc(5))]).await.unwrap();
    let before = *durable.borrow_and_update();
    let (sequence, newest) = snapshots(folder.path()).pop().unwrap();
    assert_eq!(best_block(&newest), before);

    let obstacle = folder.path().join(format!("chain-{}.json.new", sequence + 1));
    fs::create_dir(&obstacle).unwrap();
    practice.fund(&[(ANNA, usdc(5))]).await.unwrap_err();
    let height = block_number(practice.url()).await;
    assert!(height > before);
    assert!(!durable.has_changed().unwrap());
    assert_eq!(snapshots(folder.path()).pop().unwrap().0, sequence);

    fs::remove_dir(&obstacle).unwrap();
    let reached = *durable.wait_for(|block| *block > before).await.unwrap();
    assert_eq!(reached, height);
    let (_, newest) = snapshots(folder.path()).pop().unwrap();
    assert!(best_block(&newest) >= reached);
    practice.stop().await.unwrap();
}

fn genesis_time(folder: &Path) -> u64 {
    let genesis: Value = serde_json::from_slice(&fs::read(folder.join("genesis.json")).unwrap()).unwrap();
    serde_json::from_value::<alloy_primitives::U64>(genesis["timestamp"].clone()).unwrap().to()
}

//! What the tests of the practice chain share: where its parts are, and a plain look at a node.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::{Address, U64, U256, keccak256};
use chrono::{DateTime, Utc};
use domain::{Amount, Clock, Sleep};
use practice::{Practice, PracticeConfig};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "a test is a composition root")]
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        let wait = (at - self.now()).to_std().unwrap_or_default();
        Box::pin(sleep(wait))
    }
}

/// The practice resources, as `node contracts/resources.mjs target/debug/practice` leaves them.
pub(crate) fn resources() -> PathBuf {
    std::env::var_os("STALLKEEPER_PRACTICE_RESOURCES").map_or_else(
        || Path::new(env!("CARGO_BIN_EXE_practice-chain")).with_file_name("practice"),
        PathBuf::from,
    )
}

pub(crate) fn config(folder: &Path) -> PracticeConfig {
    let seed = keccak256(folder.to_string_lossy().as_bytes());
    let mut random = [0; 64];
    random[..32].copy_from_slice(seed.as_slice());
    random[32..].copy_from_slice(keccak256(seed).as_slice());
    PracticeConfig {
        folder: folder.to_owned(),
        resources: resources(),
        executable: env!("CARGO_BIN_EXE_practice-chain").into(),
        random,
        clock: Arc::new(SystemClock),
    }
}

pub(crate) async fn start(folder: &Path) -> Practice {
    Practice::start(config(folder)).await.expect("the practice resources are assembled")
}

pub(crate) fn usdc(units: u64) -> Amount {
    Amount::from_atomic(units).unwrap()
}

/// The node's answer, or its error as `Err`.
pub(crate) async fn ask(url: &str, method: &str, params: Value) -> Result<Value, String> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    let client = client.timeout(Duration::from_secs(180)).build().unwrap();
    let response = client.post(url).json(&body).send().await.map_err(|error| error.to_string())?;
    let mut answer: Value = response.json().await.map_err(|error| error.to_string())?;
    match answer.get("error") {
        Some(error) => Err(error.to_string()),
        None => Ok(answer["result"].take()),
    }
}

pub(crate) async fn block_number(url: &str) -> u64 {
    let number: U64 = serde_json::from_value(ask(url, "eth_blockNumber", json!([])).await.unwrap()).unwrap();
    number.to()
}

pub(crate) async fn token_call(practice: &Practice, call: &str, argument: Option<Address>) -> Value {
    let mut data = keccak256(call)[..4].to_vec();
    data.extend(argument.unwrap_or_default().into_word());
    let data = alloy_primitives::hex::encode_prefixed(data);
    let call = json!([{ "to": practice.token(), "data": data }, "latest"]);
    ask(practice.url(), "eth_call", call).await.unwrap()
}

pub(crate) async fn balance(practice: &Practice, account: Address) -> u64 {
    let word = token_call(practice, "balanceOf(address)", Some(account)).await;
    serde_json::from_value::<U256>(word).unwrap().to()
}

/// Asks again and again until `condition` holds; panics when it has not after half a minute.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition().await {
        assert!(Instant::now() < deadline, "{what} did not happen in time");
        sleep(Duration::from_millis(20)).await;
    }
}

/// The ids of running processes whose command line names `folder`.
pub(crate) fn processes(folder: &Path, supervisor: bool) -> Vec<u32> {
    let of = |entry: std::fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read_to_string(entry.path().join("cmdline")).ok()?;
        let ours = line.contains(folder.to_str()?) && line.contains("practice-node") == supervisor;
        (ours && (line.contains("--init") || line.contains("--load-state"))).then_some(pid)
    };
    std::fs::read_dir("/proc").unwrap().flatten().filter_map(of).collect()
}

pub(crate) fn kill(pid: u32) {
    let status = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    assert!(status.success());
}

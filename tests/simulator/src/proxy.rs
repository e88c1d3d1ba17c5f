//! What stands between the engine and its node: passes questions on and lets the weather happen to them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use alloy_primitives::{B256, hex, keccak256};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::clock::HandClock;
use crate::lie;
use crate::weather::{Fault, Weather};

/// How many blocks a node is behind that is behind.
const BEHIND: u64 = 2;

/// How far behind the newest block the final one is.
pub(crate) const FINAL_BEHIND: u64 = 8;

/// Something that was shown to the node, and when.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Unix milliseconds of the simulated clock.
    pub(crate) at: i64,
    /// The method.
    pub(crate) method: String,
    /// The whole question.
    pub(crate) question: String,
}

impl Shown {
    /// The signed transaction, if it is one.
    pub(crate) fn raw(&self) -> Option<Vec<u8>> {
        let question: Value = serde_json::from_str(&self.question).ok()?;
        let raw = question["params"][0].as_str().filter(|_| self.method == "eth_sendRawTransaction")?;
        hex::decode(raw).ok()
    }
}

/// The node as the engine sees it.
#[derive(Clone)]
pub(crate) struct Proxy(Arc<Inner>);

struct Inner {
    node: String,
    port: u16,
    http: reqwest::Client,
    /// Counts up when the engine dies: what it had asked is answered to nobody.
    life: watch::Sender<u64>,
    state: Mutex<State>,
}

struct State {
    clock: Arc<HandClock>,
    seed: u64,
    weather: Weather,
    open: bool,
    spared: bool,
    asked: HashMap<String, u64>,
    under_way: usize,
    last: Instant,
    shown: Vec<Shown>,
    struck: u64,
}

impl Proxy {
    /// Stands before the node at this URL.
    pub(crate) async fn before(node: &str) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(20));
        let proxy = Self(Arc::new(Inner {
            node: node.to_owned(),
            port,
            http: http.build().expect("an HTTP client"),
            life: watch::Sender::new(0),
            state: Mutex::new(State {
                clock: Arc::new(HandClock::at(0)),
                seed: 0,
                weather: Weather::Clear,
                open: true,
                spared: false,
                asked: HashMap::new(),
                under_way: 0,
                last: Instant::now(),
                shown: Vec::new(),
                struck: 0,
            }),
        }));
        tokio::spawn(proxy.clone().listen(listener));
        proxy
    }

    /// Where the engine asks.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port)
    }

    /// Forgets everything, for another schedule.
    pub(crate) fn begin(&self, clock: Arc<HandClock>, seed: u64) {
        self.sever();
        let mut state = self.state();
        state.clock = clock;
        state.seed = seed;
        state.weather = Weather::Clear;
        state.open = true;
        state.spared = false;
        state.asked.clear();
        state.shown.clear();
        state.struck = 0;
    }

    /// From now on faults are drawn from this number.
    pub(crate) fn reseed(&self, seed: u64) {
        let mut state = self.state();
        state.seed = seed;
        state.asked.clear();
    }

    /// From now on this is the weather.
    pub(crate) fn set(&self, weather: Weather) {
        self.state().weather = weather;
    }

    /// The weather.
    pub(crate) fn weather(&self) -> Weather {
        self.state().weather.clone()
    }

    /// Whether the weather leaves the engine alone for a moment.
    pub(crate) fn spare(&self, spared: bool) {
        self.state().spared = spared;
    }

    /// The engine is dead: nothing of it reaches the node any more, and no answer reaches it.
    pub(crate) fn sever(&self) {
        self.state().open = false;
        self.0.life.send_modify(|life| *life += 1);
    }

    /// Another engine may ask.
    pub(crate) fn mend(&self) {
        self.state().open = true;
    }

    /// For how long nobody has asked anything, while nothing is under way.
    pub(crate) fn idle(&self) -> Duration {
        let state = self.state();
        if state.under_way > 0 { Duration::ZERO } else { state.last.elapsed() }
    }

    /// What the node was shown of payments, and how many questions met a fault.
    pub(crate) fn seen(&self) -> (Vec<Shown>, u64) {
        let mut state = self.state();
        (std::mem::take(&mut state.shown), state.struck)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn listen(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let mut life = self.0.life.subscribe();
            life.mark_unchanged();
            if !self.state().open {
                continue;
            }
            let proxy = self.clone();
            tokio::spawn(async move {
                tokio::select! {
                    _ = life.changed() => {}
                    () = proxy.serve(stream) => {}
                }
            });
        }
    }

    async fn serve(&self, mut stream: TcpStream) {
        // Small answers that wait for more to come would make every question slow.
        let _ = stream.set_nodelay(true);
        while let Some(question) = read(&mut stream).await {
            let _working = self.working();
            let answer = self.answer(&question).await;
            let Some((head, body)) = answer else { return };
            if stream.write_all(head.as_bytes()).await.is_err() || stream.write_all(&body).await.is_err() {
                return;
            }
            if !head.contains("keep-alive") {
                return;
            }
        }
    }

    fn working(&self) -> Working<'_> {
        self.state().under_way += 1;
        Working(self)
    }

    /// The answer to one question: head and body, or nothing but the end of the connection.
    async fn answer(&self, question: &[u8]) -> Option<(String, Vec<u8>)> {
        let asked: Value = serde_json::from_slice(question).ok()?;
        let method = asked["method"].as_str()?.to_owned();
        let fault = self.fault(&method, question);
        match fault {
            None => Some(whole(200, self.pass(question).await?)),
            Some(Fault::Cut) => None,
            Some(Fault::Swallow) => {
                self.pass(question).await;
                None
            }
            Some(Fault::Delay) => {
                sleep(Duration::from_millis(15)).await;
                Some(whole(200, self.pass(question).await?))
            }
            Some(Fault::Twice) => {
                let first = self.pass(question).await?;
                self.pass(question).await;
                Some(whole(200, first))
            }
            Some(Fault::Truncate) => {
                let mut body = self.pass(question).await?;
                let head = head(200, body.len(), "close");
                body.truncate(body.len() / 2);
                Some((head, body))
            }
            Some(Fault::Busy) => Some(whole(429, b"{\"error\":\"slow down\"}".to_vec())),
            Some(Fault::Broken) => Some(whole(502, b"<html>Bad Gateway</html>".to_vec())),
            Some(Fault::Error) => Some(whole(200, error(&method))),
            Some(Fault::ErrorAfterwards) => {
                self.pass(question).await;
                Some(whole(200, error(&method)))
            }
            Some(Fault::Stale) => Some(whole(200, self.stale(asked, &method).await?)),
            Some(Fault::Poor) => Some(whole(200, self.poor(question, &method).await?)),
            Some(Fault::Fabricate) => Some(whole(200, self.fabricated(question, &asked, &method).await?)),
        }
    }

    /// Notes the question and says what happens to it.
    fn fault(&self, method: &str, question: &[u8]) -> Option<Fault> {
        let mut state = self.state();
        if matches!(method, "eth_sendRawTransaction" | "eth_call") {
            let at = state.clock.milliseconds();
            let question = String::from_utf8_lossy(question).into_owned();
            state.shown.push(Shown { at, method: method.to_owned(), question });
        }
        let nth = state.asked.entry(method.to_owned()).or_default();
        *nth += 1;
        let nth = *nth;
        let fault = state.weather.strikes(state.seed, method, nth).filter(|_| !state.spared);
        state.struck += u64::from(fault.is_some());
        fault
    }

    async fn pass(&self, question: &[u8]) -> Option<Vec<u8>> {
        let request = self.0.http.post(&self.0.node).header("content-type", "application/json");
        let sent = request.body(question.to_vec()).send().await.ok()?;
        Some(sent.bytes().await.ok()?.to_vec())
    }

    /// What a node says that has not seen the newest blocks.
    async fn stale(&self, mut asked: Value, method: &str) -> Option<Vec<u8>> {
        let newest = self.newest().await?;
        let behind = |blocks: u64| json!(format!("{:#x}", newest.saturating_sub(blocks)));
        let place = match method {
            "eth_getTransactionReceipt" | "eth_getTransactionByHash" => return Some(result(&Value::Null)),
            "eth_getLogs" => return Some(result(&json!([]))),
            "eth_getBlockByNumber" => 0,
            "eth_call" | "eth_getTransactionCount" | "eth_getBalance" => 1,
            _ => return self.pass(asked.to_string().as_bytes()).await,
        };
        let block = &mut asked["params"][place];
        match block.as_str() {
            Some("latest" | "pending") => *block = behind(BEHIND),
            Some("finalized") => *block = behind(FINAL_BEHIND + BEHIND),
            _ => {}
        }
        self.pass(asked.to_string().as_bytes()).await
    }

    /// What a node says to which every account is empty. The answer about payers is block and time, then balance,
    /// nonce state and code size of each.
    async fn poor(&self, question: &[u8], method: &str) -> Option<Vec<u8>> {
        let body = self.pass(question).await?;
        if method == "eth_getBalance" {
            return Some(result(&json!("0x0")));
        }
        let answer: Value = serde_json::from_slice(&body).ok()?;
        let is_probe = String::from_utf8_lossy(question).contains("\"data\":\"0x60") && method == "eth_call";
        let Some(words) = answer["result"].as_str().filter(|_| is_probe) else { return Some(body) };
        let mut words = words.to_owned();
        let mut from = 2 + 2 * 64;
        while from + 64 <= words.len() {
            words.replace_range(from..from + 64, &"0".repeat(64));
            from += 3 * 64;
        }
        Some(result(&json!(words)))
    }

    /// What a node says that wants a transaction to have been mined. What it was never shown it knows nothing of.
    async fn fabricated(&self, question: &[u8], asked: &Value, method: &str) -> Option<Vec<u8>> {
        let body = self.pass(question).await?;
        let answer: Value = serde_json::from_slice(&body).ok()?;
        if method != "eth_getTransactionReceipt" || !answer["result"].is_null() {
            return Some(body);
        }
        let hash: B256 = asked["params"][0].as_str()?.parse().ok()?;
        let shown =
            self.state().shown.iter().find_map(|shown| shown.raw().filter(|raw| keccak256(raw) == hash));
        let Some(raw) = shown else { return Some(body) };
        let newest = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber", "params": ["latest", false] });
        let newest: Value = serde_json::from_slice(&self.pass(newest.to_string().as_bytes()).await?).ok()?;
        Some(lie::receipt(&raw, &newest["result"]).map_or(body, |receipt| result(&receipt)))
    }

    async fn newest(&self) -> Option<u64> {
        let question = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": [] });
        let answer: Value =
            serde_json::from_slice(&self.pass(question.to_string().as_bytes()).await?).ok()?;
        u64::from_str_radix(answer["result"].as_str()?.trim_start_matches("0x"), 16).ok()
    }
}

/// A question that is being answered.
struct Working<'p>(&'p Proxy);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.under_way -= 1;
        state.last = Instant::now();
    }
}

/// One request's body; nothing when the connection ended or speaks something else.
async fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(1024);
    let (body_from, length) = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"))?;
            break (end + 4, length.trim().parse::<usize>().ok()?);
        }
    };
    while bytes.len() < body_from + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(bytes[body_from..body_from + length].to_vec())
}

fn head(status: u16, length: usize, connection: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: {connection}\r\n\r\n"
    )
}

fn whole(status: u16, body: Vec<u8>) -> (String, Vec<u8>) {
    (head(status, body.len(), "keep-alive"), body)
}

fn result(value: &Value) -> Vec<u8> {
    json!({ "jsonrpc": "2.0", "id": 1, "result": value }).to_string().into_bytes()
}

/// What nodes say to transactions and to other questions when they do not want to.
fn error(method: &str) -> Vec<u8> {
    let message = if method == "eth_sendRawTransaction" { "nonce too low" } else { "header not found" };
    let error = json!({ "code": -32_000, "message": message });
    json!({ "jsonrpc": "2.0", "id": 1, "error": error }).to_string().into_bytes()
}

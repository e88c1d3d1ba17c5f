use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::{Buyer, Node};

/// The published facilitator, settling on a node with a key of its own. Ends when it is dropped.
pub struct Facilitator {
    url: String,
    // Held open: a program whose output nobody reads may be ended for writing to it.
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Facilitator {
    /// Starts one whose transactions `key` pays for.
    pub async fn start(node: &Node, key: &Buyer) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("buyers/x402-fetch-v2/facilitate.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .args(["--rpc", node.url(), "--key", &key.private_key()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let mut output = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = timeout(Duration::from_secs(60), output.next_line()).await;
        let first = first.expect("it listens within a minute").expect("its output can be read");
        let first = first.expect("it says where it listens; `cargo xtask test` installs what it needs");
        let first: Value = serde_json::from_str(&first).expect("its first line is JSON");
        let url = first["url"].as_str().expect("its address").to_owned();
        Self { url, output, _child: child }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it says about the next payment that it was asked to settle.
    pub async fn settled(&mut self) -> Value {
        let line = timeout(Duration::from_secs(60), self.output.next_line()).await;
        let line = line.expect("it is asked within a minute").expect("its output can be read");
        serde_json::from_str(&line.expect("it runs")).expect("its lines are JSON")
    }
}

//! The seller at the command line of a stall.

use std::time::Duration;

use alloy_primitives::{Address, U256};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::stall::program;
use crate::{Node, Ran, Stall};

/// What everything costs unless a test says otherwise.
pub const PRICE: &str = "0.05";

/// [`PRICE`] in atomic units.
pub const UNITS: u64 = 50_000;

impl Stall {
    /// Runs a command on its data folder with `--json`.
    pub async fn run(&self, arguments: &[&str]) -> Ran {
        let data = self.data();
        let mut all = arguments.to_vec();
        all.extend(["--json", "--data-dir", data.to_str().expect("a plain path")]);
        all.extend(["--environment", self.environment().as_str()]);
        self.run_plainly(&all).await
    }

    /// Runs the program with exactly these arguments.
    pub async fn run_plainly(&self, arguments: &[&str]) -> Ran {
        Ran::of(&program(), arguments, &self.variables()).await
    }

    /// What a command prints; it must succeed.
    pub async fn cli(&self, arguments: &[&str]) -> Value {
        self.run(arguments).await.succeeded()
    }

    /// Puts bytes up for sale at [`PRICE`]; `more` are further arguments of `endpoint add`.
    pub async fn sell(&self, path: &str, bytes: &[u8], more: &[&str]) -> Value {
        let file = self.goods().join(format!("{}.bin", path.trim_matches('/').replace('/', "-")));
        std::fs::write(&file, bytes).expect("the goods can be written");
        let file = file.to_str().expect("a plain path").to_owned();
        let mut arguments = vec!["endpoint", "add", "--file", &file, "--path", path];
        if !more.contains(&"--price") {
            arguments.extend(["--price", PRICE]);
        }
        arguments.extend(more);
        self.cli(&arguments).await
    }

    /// Gives an account practice money, durably.
    pub async fn fund(&self, account: Address, amount: &str) {
        self.cli(&["practice", "fund", &account.to_string(), amount]).await;
    }

    /// Every payment there is, newest first.
    pub async fn payments(&self) -> Vec<Value> {
        let mut payments = Vec::new();
        let mut page = self.cli(&["payment", "list", "--limit", "1000"]).await;
        loop {
            payments.extend_from_slice(page["items"].as_array().expect("a list of payments"));
            let Some(next) = page["next"].as_str() else { return payments };
            page = self.cli(&["payment", "list", "--limit", "1000", "--before", next]).await;
        }
    }

    /// The states of all payments, sorted.
    pub async fn states(&self) -> Vec<String> {
        let states = self.payments().await;
        let mut states: Vec<_> =
            states.iter().map(|each| each["state"].as_str().expect("a state").to_owned()).collect();
        states.sort();
        states
    }

    /// What was delivered and is not settled, in atomic units.
    pub async fn exposure(&self) -> U256 {
        atomic(&self.cli(&["status"]).await["exposure"])
    }

    /// `settle --wait`, while blocks come faster than the practice chain makes them by itself.
    pub async fn settle(&self) -> Ran {
        let node = self.node().await;
        let pump = async {
            loop {
                // A node that is away is the business of the command, not of the pump.
                let _ = node.try_call("evm_mine", json!([])).await;
                sleep(Duration::from_millis(150)).await;
            }
        };
        tokio::select! {
            ran = self.run(&["settle", "--wait"]) => ran,
            () = pump => unreachable!("it never ends"),
        }
    }

    /// The network it sells on: chain id, node, token, payout address.
    pub async fn network(&self) -> Value {
        self.cli(&["status"]).await["networks"][0].clone()
    }

    /// The node it settles on.
    pub async fn node(&self) -> Node {
        Node::at(self.network().await["rpcUrl"].as_str().expect("the node's URL"))
    }

    /// Where its money goes.
    pub async fn pay_to(&self) -> Address {
        let network = self.network().await;
        network["payTo"].as_str().expect("a payout address").parse().expect("an address")
    }
}

/// An amount of a view, in atomic units.
pub(crate) fn atomic(amount: &Value) -> U256 {
    let text = amount.as_str().unwrap_or_else(|| panic!("{amount} is not a decimal string"));
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

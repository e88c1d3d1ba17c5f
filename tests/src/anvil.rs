use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use alloy_primitives::{Address, B256, U256};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stall::practice_resources;
use crate::{BASE_USDC, MULTICALL3, Node, TOKEN, eventually};

/// A public test network for one test: a node of its own that carries the token and Multicall3 and makes a block every
/// so many seconds. Ends when it is dropped.
pub struct Anvil {
    child: Child,
    node: Node,
    // It makes a folder for old states even where it keeps none there, and leaves it behind when it is killed.
    _states: TempDir,
}

impl Anvil {
    /// Starts one that answers as Base Sepolia. `owner` may mint.
    pub async fn start(block_seconds: u64, owner: Address) -> Self {
        Self::with(&["--block-time", &block_seconds.to_string(), "--slots-in-an-epoch", "1"], owner).await
    }

    /// Starts one that makes a block only when it is told to, the first at `genesis` in Unix seconds. A block is final
    /// when `2 * epoch` more stand on it.
    pub async fn start_still(genesis: u64, epoch: u64, owner: Address) -> Self {
        let (genesis, epoch) = (genesis.to_string(), epoch.to_string());
        Self::with(&["--no-mining", "--timestamp", &genesis, "--slots-in-an-epoch", &epoch], owner).await
    }

    async fn with(pace: &[&str], owner: Address) -> Self {
        let port = free_port();
        let states = tempfile::tempdir().expect("a temporary folder");
        let child = Command::new(practice_resources().join("anvil"))
            .args(["--port", &port.to_string(), "--chain-id", "84532", "--accounts", "0", "--silent"])
            .args(pace)
            // Far more than any reorganisation takes back, and few enough to be kept in memory.
            .args(["--enable-tx-gas-limit", "--prune-history", "256", "--cache-path"])
            .arg(states.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the node of the practice resources runs");
        let node = Node::at(&format!("http://127.0.0.1:{port}"));
        let anvil = Self { child, node, _states: states };
        let node = anvil.node();
        eventually("the node's first answer", || async {
            node.try_call("eth_chainId", json!([])).await.is_ok()
        })
        .await;
        anvil.furnish(owner).await;
        anvil
    }

    /// Lets it answer as Base from now on, with the token where Base has USDC and under the name it has there.
    pub async fn become_base(&self, owner: Address) {
        self.node.call("anvil_setChainId", json!([8453])).await;
        let token =
            std::fs::read(practice_resources().join("practice-token.json")).expect("the token's artifact");
        let token: Value = serde_json::from_slice(&token).expect("the artifact is JSON");
        let code = &token["accounts"]["token"]["code"];
        self.node.call("anvil_setCode", json!([BASE_USDC, code])).await;
        let set = "anvil_setStorageAt";
        for (slot, word) in token["storage"].as_object().expect("the token's storage") {
            self.node.call(set, json!([BASE_USDC, slot, word])).await;
        }
        // A short text in a slot: its bytes from the left, twice their number in the last byte.
        let mut name = B256::ZERO;
        name[..8].copy_from_slice(b"USD Coin");
        name[31] = 16;
        self.node.call(set, json!([BASE_USDC, B256::with_last_byte(1), name])).await;
        self.node.call(set, json!([BASE_USDC, token["slots"]["owner"], owner.into_word()])).await;
    }

    /// Its node.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Puts the token behind its proxy, its library and Multicall3 where they belong.
    async fn furnish(&self, owner: Address) {
        let folder = practice_resources();
        let multicall3 = std::fs::read_to_string(folder.join("multicall3.hex")).expect("Multicall3's code");
        let code = format!("0x{}", multicall3.trim());
        self.node.call("anvil_setCode", json!([MULTICALL3, code])).await;
        let token = std::fs::read(folder.join("practice-token.json")).expect("the token's artifact");
        let token: Value = serde_json::from_slice(&token).expect("the artifact is JSON");
        for account in token["accounts"].as_object().expect("the token's accounts").values() {
            self.node.call("anvil_setCode", json!([account["address"], account["code"]])).await;
        }
        let set = "anvil_setStorageAt";
        for (slot, word) in token["storage"].as_object().expect("the token's storage") {
            self.node.call(set, json!([TOKEN, slot, word])).await;
        }
        self.node.call(set, json!([TOKEN, token["slots"]["owner"], owner.into_word()])).await;
    }

    /// Gives an account native coins.
    pub async fn give_gas(&self, account: Address) {
        let coins = U256::from(10).pow(U256::from(20));
        self.node.call("anvil_setBalance", json!([account, coins])).await;
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let probe = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    probe.local_addr().expect("its address").port()
}

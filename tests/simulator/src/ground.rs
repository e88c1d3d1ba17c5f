//! The chain that a schedule plays on: a node of its own, set back to the same block before each.

use alloy::sol;
use alloy::sol_types::SolCall as _;
use alloy_primitives::{Address, B256, Bytes, U256, address};
use integration::{Anvil, Node, TOKEN};
use serde_json::{Value, json};

use crate::proxy::FINAL_BEHIND;

/// When every schedule begins that moves its clock, in Unix seconds: noon of a day in 2030, so that half a day either way
/// is another one.
pub(crate) const BEGIN: u64 = 1_900_324_800;

/// Who may mint, pause and block.
const OWNER: Address = address!("00000000000000000000000000000000000000e0");

/// Who sends what strangers send.
const STRANGER: Address = address!("00000000000000000000000000000000000057a4");

sol! {
    function mint(address to, uint256 amount) external;
    function transfer(address to, uint256 value) external;
    function pause() external;
    function unpause() external;
    function blacklist(address account) external;
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
}

/// Blocks, money and accidents.
pub(crate) struct Ground {
    anvil: Anvil,
    snapshot: Value,
    began: u64,
}

impl Ground {
    /// Starts the node. The first schedule begins at this time, in Unix seconds.
    pub(crate) async fn prepare(began: u64) -> Self {
        let anvil = Anvil::start_still(began - 10_000, FINAL_BEHIND / 2, OWNER).await;
        let mut ground = Self { anvil, snapshot: Value::Null, began };
        ground.call("anvil_autoImpersonateAccount", json!([true])).await;
        ground.coins(OWNER, 1_000).await;
        ground.coins(STRANGER, 1_000).await;
        ground.mine(began - 9_000).await;
        ground.snapshot = ground.call("evm_snapshot", json!([])).await;
        ground
    }

    /// The chain as it was when it was prepared, for a schedule that begins at this time.
    pub(crate) async fn reset(&mut self, began: u64) {
        self.began = began;
        self.call("evm_revert", json!([self.snapshot])).await;
        self.drop_pool().await;
        self.snapshot = self.call("evm_snapshot", json!([])).await;
    }

    /// The node, past every fault.
    pub(crate) fn node(&self) -> &Node {
        self.anvil.node()
    }

    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        self.node().call(method, params).await
    }

    /// Gives these accounts money that no reorganisation takes back.
    pub(crate) async fn fund(&self, accounts: &[(Address, u64)]) {
        for (account, units) in accounts {
            let mint = mintCall { to: *account, amount: U256::from(*units) };
            self.send(OWNER, TOKEN, mint.abi_encode()).await;
        }
        for block in 0..=FINAL_BEHIND {
            self.mine(self.began - 100 + block).await;
        }
    }

    /// Native coins for an account; nothing takes them all.
    pub(crate) async fn coins(&self, account: Address, coins: u64) {
        let wei = U256::from(coins) * U256::from(10).pow(U256::from(18));
        self.call("anvil_setBalance", json!([account, wei])).await;
    }

    /// One block at this time, or at the first later one that the chain allows.
    pub(crate) async fn mine(&self, at: u64) {
        let newest = self.call("eth_getBlockByNumber", json!(["latest", false])).await;
        let newest = number(&newest["timestamp"]);
        self.call("evm_mine", json!([at.max(newest + 1)])).await;
    }

    /// The newest blocks give way to others without what was in them.
    pub(crate) async fn reorganise(&self, depth: u64) {
        self.call("anvil_reorg", json!([depth, []])).await;
    }

    /// Transactions that wait are forgotten.
    pub(crate) async fn drop_pool(&self) {
        self.call("anvil_dropAllTransactions", json!([])).await;
    }

    /// What gas costs in the next block, in gwei.
    pub(crate) async fn base_fee(&self, gwei: u64) {
        let wei = U256::from(gwei) * U256::from(1_000_000_000_u64);
        self.call("anvil_setNextBlockBaseFeePerGas", json!([wei])).await;
    }

    /// A call of the token by somebody who is no party to it.
    pub(crate) async fn by_stranger(&self, data: Bytes) {
        self.send(STRANGER, TOKEN, data.to_vec()).await;
    }

    /// Moves an account's tokens by its own transaction.
    pub(crate) async fn move_tokens(&self, from: Address, value: U256) {
        self.coins(from, 1).await;
        let call = transferCall { to: STRANGER, value };
        self.send(from, TOKEN, call.abi_encode()).await;
    }

    /// The gas wallet's key is used by another program.
    pub(crate) async fn foreign_transaction(&self, wallet: Address) {
        self.send(wallet, STRANGER, Vec::new()).await;
    }

    /// The token's issuer stops all transfers, or lets them go on.
    pub(crate) async fn pause(&self, paused: bool) {
        let call = if paused { pauseCall {}.abi_encode() } else { unpauseCall {}.abi_encode() };
        self.send(OWNER, TOKEN, call).await;
    }

    /// The token's issuer blocks an account.
    pub(crate) async fn block(&self, account: Address) {
        self.send(OWNER, TOKEN, blacklistCall { account }.abi_encode()).await;
    }

    /// Whether the newest block says that a nonce of an authorization was used or cancelled.
    pub(crate) async fn is_used(&self, authorizer: Address, nonce: B256) -> bool {
        let data = Bytes::from(authorizationStateCall { authorizer, nonce }.abi_encode());
        let answer = self.call("eth_call", json!([{ "to": TOKEN, "data": data }, "latest"])).await;
        !word(&answer).is_zero()
    }

    /// Sends without waiting for a block. What the node refuses was an accident too many, and is left out.
    async fn send(&self, from: Address, to: Address, data: Vec<u8>) {
        let data = Bytes::from(data);
        let transaction = json!([{
            "from": from, "to": to, "data": data, "gas": "0x7a120",
            "maxFeePerGas": "0x174876e800", "maxPriorityFeePerGas": "0x77359400",
        }]);
        let _: Result<Value, String> = self.node().try_call("eth_sendTransaction", transaction).await;
    }
}

/// A quantity of JSON-RPC.
pub(crate) fn number(value: &Value) -> u64 {
    let text = value.as_str().unwrap_or_default();
    u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap_or_default()
}

/// 32 bytes of JSON-RPC.
pub(crate) fn word(value: &Value) -> B256 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

//! What the chain says.

use std::collections::HashMap;

use alloy_primitives::{Address, B256, U256, keccak256};
use integration::{MULTICALL3, TOKEN};
use serde_json::{Value, json};

use crate::ground::{Ground, number, word};
use crate::life::WALLET;

/// What became of an authorization on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It moved money: to whom, how much.
    Moved { to: Address, value: U256 },
    /// It was used, and no transfer followed.
    Nothing,
    /// It was cancelled.
    Cancelled,
}

/// A fate and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) fate: Fate,
    pub(crate) transaction: B256,
    pub(crate) block: u64,
    pub(crate) block_hash: B256,
}

/// The canonical chain, as far as it matters here.
pub(crate) struct Ledger {
    /// By payer and nonce.
    pub(crate) fates: HashMap<(Address, B256), Found>,
    /// What the payout addresses hold.
    pub(crate) received: U256,
    /// The gas wallet's transactions to the token or to Multicall3: hash and wallet nonce.
    pub(crate) settling: Vec<(B256, u64)>,
    /// What each transaction of the gas wallet cost, by its hash.
    pub(crate) costs: HashMap<B256, U256>,
    /// The time of the final block.
    pub(crate) final_time: u64,
}

impl Ledger {
    pub(crate) async fn read(ground: &Ground, payouts: &[Address]) -> Self {
        let filter = json!([{ "address": TOKEN, "fromBlock": "0x0", "toBlock": "latest" }]);
        let logs = ground.call("eth_getLogs", filter).await;
        let mut logs = logs.as_array().cloned().unwrap_or_default();
        logs.sort_by_key(|log| (number(&log["blockNumber"]), number(&log["logIndex"])));
        let last = ground.call("eth_getBlockByNumber", json!(["finalized", false])).await;
        let mut received = U256::ZERO;
        for pay_to in payouts {
            received += ground.node().balance(*pay_to).await;
        }
        let (settling, costs) = wallet(ground).await;
        Self { fates: fates(&logs), received, settling, costs, final_time: number(&last["timestamp"]) }
    }
}

fn fates(logs: &[Value]) -> HashMap<(Address, B256), Found> {
    let [used, cancelled, moved] = [
        "AuthorizationUsed(address,bytes32)",
        "AuthorizationCanceled(address,bytes32)",
        "Transfer(address,address,uint256)",
    ]
    .map(keccak256);
    let mut fates = HashMap::new();
    for (place, log) in logs.iter().enumerate() {
        let topic = word(&log["topics"][0]);
        let fate = if topic == cancelled {
            Fate::Cancelled
        } else if topic == used {
            let next = logs.get(place + 1).filter(|next| {
                next["transactionHash"] == log["transactionHash"]
                    && word(&next["topics"][0]) == moved
                    && next["topics"][1] == log["topics"][1]
            });
            next.map_or(Fate::Nothing, |next| Fate::Moved {
                to: Address::from_word(word(&next["topics"][2])),
                value: word(&next["data"]).into(),
            })
        } else {
            continue;
        };
        let found = Found {
            fate,
            transaction: word(&log["transactionHash"]),
            block: number(&log["blockNumber"]),
            block_hash: word(&log["blockHash"]),
        };
        fates.insert((Address::from_word(word(&log["topics"][1])), word(&log["topics"][2])), found);
    }
    fates
}

/// Every transaction by which the gas wallet settled something, and what all of its transactions cost.
async fn wallet(ground: &Ground) -> (Vec<(B256, u64)>, HashMap<B256, U256>) {
    let newest = number(&ground.call("eth_blockNumber", json!([])).await);
    let (mut settling, mut costs) = (Vec::new(), HashMap::new());
    for block in 0..=newest {
        let block = ground.call("eth_getBlockByNumber", json!([format!("{block:#x}"), true])).await;
        for transaction in block["transactions"].as_array().into_iter().flatten() {
            let of = |field: &str| transaction[field].as_str().and_then(|text| text.parse::<Address>().ok());
            if of("from") != Some(WALLET) {
                continue;
            }
            let hash = word(&transaction["hash"]);
            if matches!(of("to"), Some(TOKEN | MULTICALL3)) {
                settling.push((hash, number(&transaction["nonce"])));
            }
            let receipt = ground.call("eth_getTransactionReceipt", json!([hash])).await;
            let cost = number(&receipt["gasUsed"]) * number(&receipt["effectiveGasPrice"]);
            costs.insert(hash, U256::from(cost));
        }
    }
    (settling, costs)
}

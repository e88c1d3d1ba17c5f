use alloy_primitives::{Address, B256, Bytes, U64, U128, U256};
use serde::{Deserialize, Serialize};

use crate::Block;

/// A call that is tried and not mined.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gas: Option<U64>,
    /// What is offered for gas. Without it the call is run as if gas were free, which the code that is called can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_fee_per_gas: Option<U128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_priority_fee_per_gas: Option<U128>,
    pub(crate) data: Bytes,
}

/// What an account is said to have while a call is tried.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Pretended {
    pub(crate) balance: U256,
}

/// A block without its transactions.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct WireBlock {
    pub(crate) number: U64,
    pub(crate) hash: B256,
    pub(crate) timestamp: U64,
}

impl From<WireBlock> for Block {
    fn from(block: WireBlock) -> Self {
        Self { number: block.number.to(), hash: block.hash, timestamp: block.timestamp.to() }
    }
}

/// What one gas costs in a block, before the producer's tip.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BaseFee {
    pub(crate) base_fee_per_gas: U128,
}

/// What came of a transaction.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub(crate) transaction_hash: B256,
    pub(crate) block_hash: B256,
    pub(crate) block_number: U64,
    pub(crate) status: U64,
    pub(crate) gas_used: U64,
    pub(crate) effective_gas_price: U128,
    /// What networks that publish their transactions on another chain charge for that.
    pub(crate) l1_fee: Option<U256>,
    pub(crate) logs: Vec<Log>,
}

/// What a contract said in a transaction.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Log {
    pub(crate) address: Address,
    pub(crate) topics: Vec<B256>,
    pub(crate) data: Bytes,
    pub(crate) log_index: U64,
    pub(crate) transaction_hash: B256,
    pub(crate) block_hash: B256,
    #[serde(default)]
    pub(crate) removed: bool,
}

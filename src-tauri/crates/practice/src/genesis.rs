use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, address};
use chrono::{DateTime, Utc};
use domain::NetworkId;
use serde_json::{Value, json};

use crate::resources::{Code, Resources};

const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

/// Composes the first block of a practice chain as the node reads it: the network id of Base Sepolia, the token at its
/// real address owned by `treasury`, and Multicall3.
///
/// The treasury is also the block's beneficiary: a part of the header that no other folder has, so that two practice
/// chains never share a genesis hash, and a node can be told from a stranger's on the same port.
pub(crate) fn compose(resources: &Resources, treasury: Address, now: DateTime<Utc>) -> Value {
    let token = &resources.token;
    let owner = (token.slots.owner, treasury.into_word());
    let storage: BTreeMap<B256, B256> =
        token.storage.iter().map(|(slot, word)| (*slot, *word)).chain([owner]).collect();
    let code = |account: &Code| json!({ "balance": U256::ZERO, "code": account.code });
    let accounts = &token.accounts;
    json!({
        "config": { "chainId": NetworkId::BASE_SEPOLIA.chain_id() },
        "timestamp": format!("{:#x}", now.timestamp()),
        "coinbase": treasury,
        "nonce": "0x0",
        "difficulty": "0x0",
        "gasLimit": "0x1c9c380",
        "extraData": "0x",
        "mixHash": B256::ZERO,
        "alloc": {
            MULTICALL3.to_string(): { "balance": U256::ZERO, "code": resources.multicall3 },
            accounts.implementation.address.to_string(): code(&accounts.implementation),
            accounts.signatures.address.to_string(): code(&accounts.signatures),
            accounts.token.address.to_string():
                { "balance": U256::ZERO, "code": accounts.token.code, "storage": storage },
        },
    })
}

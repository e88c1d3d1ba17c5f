//! A receipt of what never happened, as a node would have to write it to be believed.

use alloy::consensus::{Transaction as _, TxEnvelope};
use alloy::eips::eip2718::Decodable2718 as _;
use alloy::sol;
use alloy::sol_types::SolCall as _;
use alloy_primitives::{B256, Bytes, keccak256};
use integration::{MULTICALL3, TOKEN};
use serde_json::{Value, json};

sol! {
    struct Call3 {
        address target;
        bool allowFailure;
        bytes callData;
    }

    function aggregate3(Call3[] calldata calls) external payable;
}

/// Says of a signed transaction that it was mined in this block and that every authorization in it moved its money.
/// Nothing for what calls neither the token nor Multicall3.
pub(crate) fn receipt(raw: &[u8], block: &Value) -> Option<Value> {
    let transaction = TxEnvelope::decode_2718(&mut &*raw).ok()?;
    let hash = keccak256(raw);
    let calls = match transaction.to() {
        Some(TOKEN) => vec![transaction.input().clone()],
        Some(MULTICALL3) => {
            let call = aggregate3Call::abi_decode(transaction.input()).ok()?;
            call.calls.into_iter().map(|call| call.callData).collect()
        }
        Some(_) | None => return None,
    };
    let mut logs = Vec::new();
    for call in &calls {
        let [from, to, value, _, _, nonce] = words(call)?;
        let used = [keccak256("AuthorizationUsed(address,bytes32)"), from, nonce];
        let moved = [keccak256("Transfer(address,address,uint256)"), from, to];
        for (topics, data) in [(used, Bytes::new()), (moved, Bytes::copy_from_slice(value.as_slice()))] {
            logs.push(json!({
                "address": TOKEN, "topics": topics, "data": data, "logIndex": format!("{:#x}", logs.len()),
                "transactionHash": hash, "transactionIndex": "0x0", "blockHash": block["hash"],
                "blockNumber": block["number"], "removed": false,
            }));
        }
    }
    Some(json!({
        "transactionHash": hash, "transactionIndex": "0x0", "blockHash": block["hash"],
        "blockNumber": block["number"], "status": "0x1", "gasUsed": "0x15f90", "cumulativeGasUsed": "0x15f90",
        "effectiveGasPrice": "0x3b9aca00", "type": "0x2", "to": transaction.to(), "logs": logs,
        "contractAddress": null, "logsBloom": format!("0x{}", "0".repeat(512)),
    }))
}

/// The first words after the selector: an authorization begins with the same ones however it is signed.
fn words(call: &[u8]) -> Option<[B256; 6]> {
    let mut words = [B256::ZERO; 6];
    for (place, word) in words.iter_mut().enumerate() {
        *word = B256::try_from(call.get(4 + 32 * place..36 + 32 * place)?).ok()?;
    }
    Some(words)
}

use alloy::sol_types::SolEvent as _;
use alloy_primitives::{Address, B256, U256};
use domain::{AuthorizationKey, Evidence};

use crate::abi::Token;
use crate::nodes::Nodes;
use crate::wire::{Log, Receipt, WireBlock};
use crate::{AuthorizationEvent, AuthorizationFate, ChainError, Mined};

/// The transaction, if it is in the chain as the node sees it now.
pub(crate) async fn mined(nodes: &Nodes, transaction: B256) -> Result<Option<Mined>, ChainError> {
    let receipt: Option<Receipt> = nodes.ask("eth_getTransactionReceipt", &[transaction]).await?;
    let Some(receipt) = receipt else { return Ok(None) };
    if receipt.transaction_hash != transaction {
        return Err(ChainError::Unknown("the node gave the receipt of another transaction".to_owned()));
    }
    let canonical: Option<WireBlock> =
        nodes.ask("eth_getBlockByNumber", &(receipt.block_number, false)).await?;
    if canonical.is_none_or(|block| block.hash != receipt.block_hash) {
        return Ok(None);
    }
    read(receipt).map(Some)
}

fn read(receipt: Receipt) -> Result<Mined, ChainError> {
    let evidence = Evidence {
        block: receipt.block_number.to(),
        block_hash: receipt.block_hash,
        transaction: receipt.transaction_hash,
    };
    let price = U256::from(receipt.effective_gas_price);
    let cost = U256::from(receipt.gas_used).saturating_mul(price);
    Ok(Mined {
        evidence,
        succeeded: receipt.status.to::<u64>() == 1,
        gas_used: receipt.gas_used.to(),
        cost: cost.saturating_add(receipt.l1_fee.unwrap_or_default()),
        events: events(receipt.logs, evidence)?,
    })
}

/// What tokens said about authorizations in one transaction.
///
/// A transfer belongs to the authorization whose log stands directly before its own: the token writes both in one call.
/// Looking for any fitting transfer instead would let a payer who signs one nonce twice pay two sellers with one
/// transfer (I7).
fn events(mut logs: Vec<Log>, evidence: Evidence) -> Result<Vec<AuthorizationEvent>, ChainError> {
    if logs.iter().any(|log| {
        log.removed || log.transaction_hash != evidence.transaction || log.block_hash != evidence.block_hash
    }) {
        return Err(ChainError::Unknown("the receipt holds logs of another transaction".to_owned()));
    }
    logs.sort_by_key(|log| log.log_index);
    Ok(logs
        .iter()
        .enumerate()
        .filter_map(|(position, log)| {
            let (signature, key) = authorization(log)?;
            let what = if signature == Token::AuthorizationUsed::SIGNATURE_HASH {
                let next = logs.get(position + 1);
                AuthorizationFate::Used { transfer: next.and_then(|next| paired(log, key.payer, next)) }
            } else {
                AuthorizationFate::Cancelled
            };
            Some(AuthorizationEvent { asset: log.address, key, what, evidence })
        })
        .collect())
}

/// The authorization that a log is about, if it is one of the two events about authorizations.
fn authorization(log: &Log) -> Option<(B256, AuthorizationKey)> {
    let [signature, payer, nonce] = log.topics.as_slice() else { return None };
    let known = [Token::AuthorizationUsed::SIGNATURE_HASH, Token::AuthorizationCanceled::SIGNATURE_HASH];
    known
        .contains(signature)
        .then(|| (*signature, AuthorizationKey { payer: Address::from_word(*payer), nonce: *nonce }))
}

/// Receiver and value of the transfer in `next`, if it belongs to the use of `payer`'s authorization in `used`.
fn paired(used: &Log, payer: Address, next: &Log) -> Option<(Address, U256)> {
    let [Token::Transfer::SIGNATURE_HASH, from, to] = next.topics.as_slice() else { return None };
    let follows = next.address == used.address
        && next.log_index.to::<u64>() == used.log_index.to::<u64>().saturating_add(1);
    if !follows || Address::from_word(*from) != payer {
        return None;
    }
    let value = <[u8; 32]>::try_from(next.data.as_ref()).ok()?;
    Some((Address::from_word(*to), U256::from_be_bytes(value)))
}

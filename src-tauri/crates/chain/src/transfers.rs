//! Plain transfers of a token: what came to an address, and what one transaction moved.

use alloy::sol_types::SolEvent as _;
use alloy_primitives::{Address, B256, Bytes, U64, U256};
use domain::Evidence;
use serde::{Deserialize, Serialize};

use crate::abi::Token;
use crate::classify::Failure;
use crate::nodes::Nodes;
use crate::receipt::canonical;
use crate::wire::Log;
use crate::{ChainError, TokenTransfer};

/// How many blocks one question covers at first. Nodes allow different numbers; one that refuses is asked for fewer.
const WIDEST: u64 = 10_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    address: Address,
    from_block: U64,
    to_block: U64,
    topics: (B256, Option<B256>, B256),
}

/// A log with the block it stands in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    address: Address,
    topics: Vec<B256>,
    data: Bytes,
    log_index: U64,
    block_number: U64,
    block_hash: B256,
    transaction_hash: B256,
    #[serde(default)]
    removed: bool,
}

/// What came to `to` in the blocks from `from_block` to `to_block`, in the order of the chain.
pub(crate) async fn transfers_to(
    nodes: &Nodes,
    asset: Address,
    to: Address,
    from_block: u64,
    to_block: u64,
) -> Result<Vec<TokenTransfer>, ChainError> {
    let mut transfers = Vec::new();
    let mut width = WIDEST;
    let mut from = from_block;
    while from <= to_block {
        let last = to_block.min(from.saturating_add(width - 1));
        let filter = Filter {
            address: asset,
            from_block: U64::from(from),
            to_block: U64::from(last),
            topics: (Token::Transfer::SIGNATURE_HASH, None, to.into_word()),
        };
        match nodes.try_ask::<_, Vec<Found>>("eth_getLogs", &[filter]).await {
            Ok(logs) => {
                for log in logs {
                    transfers.push(of_found(&log, asset, to, from..=last)?);
                }
                from = last.saturating_add(1);
            }
            Err(Failure::Refused(_) | Failure::Garbled(_)) if width > 1 => width = (width / 10).max(1),
            Err(failure) => return Err(failure.into_error(nodes.network())),
        }
    }
    transfers.sort_by_key(|transfer| (transfer.evidence.block, transfer.log_index));
    Ok(transfers)
}

/// Nothing that was not asked for is counted (T53).
fn of_found(
    log: &Found,
    asset: Address,
    to: Address,
    blocks: std::ops::RangeInclusive<u64>,
) -> Result<TokenTransfer, ChainError> {
    let stray = || ChainError::Unknown("the node gave logs that were not asked for".to_owned());
    let block = log.block_number.to();
    if log.removed || log.address != asset || !blocks.contains(&block) {
        return Err(stray());
    }
    let evidence = Evidence { block, block_hash: log.block_hash, transaction: log.transaction_hash };
    let transfer = transfer(asset, &log.topics, &log.data, log.log_index.to(), evidence);
    transfer.filter(|transfer| transfer.to == to).ok_or_else(stray)
}

/// What a mined transaction moved of whatever tokens, with where it was mined; none while it is in no block.
pub(crate) async fn transfers_in(
    nodes: &Nodes,
    transaction: B256,
) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError> {
    let Some(receipt) = canonical(nodes, transaction).await? else { return Ok(None) };
    let evidence = Evidence {
        block: receipt.block_number.to(),
        block_hash: receipt.block_hash,
        transaction: receipt.transaction_hash,
    };
    let of_log = |log: &Log| {
        let ours = !log.removed
            && log.transaction_hash == evidence.transaction
            && log.block_hash == evidence.block_hash;
        if !ours {
            return Err(ChainError::Unknown("the receipt holds logs of another transaction".to_owned()));
        }
        Ok(transfer(log.address, &log.topics, &log.data, log.log_index.to(), evidence))
    };
    let transfers = receipt.logs.iter().map(of_log).collect::<Result<Vec<_>, _>>()?;
    Ok(Some((evidence, transfers.into_iter().flatten().collect())))
}

/// The transfer that a log is, if it is one of a token with amounts.
fn transfer(
    asset: Address,
    topics: &[B256],
    data: &Bytes,
    log_index: u64,
    evidence: Evidence,
) -> Option<TokenTransfer> {
    let [Token::Transfer::SIGNATURE_HASH, from, to] = topics else { return None };
    let value = <[u8; 32]>::try_from(data.as_ref()).ok()?;
    Some(TokenTransfer {
        asset,
        from: Address::from_word(*from),
        to: Address::from_word(*to),
        value: U256::from_be_bytes(value),
        log_index,
        evidence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: Address = Address::repeat_byte(0x70);
    const SELLER: Address = Address::repeat_byte(0xbb);

    fn found() -> Found {
        Found {
            address: TOKEN,
            topics: vec![
                Token::Transfer::SIGNATURE_HASH,
                Address::repeat_byte(0xaa).into_word(),
                SELLER.into_word(),
            ],
            data: U256::from(5).to_be_bytes_vec().into(),
            log_index: U64::from(3),
            block_number: U64::from(9),
            block_hash: B256::repeat_byte(9),
            transaction_hash: B256::repeat_byte(1),
            removed: false,
        }
    }

    #[test]
    fn a_log_is_read_as_the_transfer_that_it_is() {
        let read = of_found(&found(), TOKEN, SELLER, 8..=10).unwrap();
        assert_eq!((read.from, read.value, read.log_index), (Address::repeat_byte(0xaa), U256::from(5), 3));
        assert_eq!(read.evidence.block, 9);
    }

    /// T53, I16: what a node adds to its answer is no income.
    #[test]
    fn logs_that_were_not_asked_for_are_refused() {
        let elsewhere = Found { block_number: U64::from(11), ..found() };
        let foreign = Found { address: SELLER, ..found() };
        let to_others = Found {
            topics: vec![Token::Transfer::SIGNATURE_HASH, SELLER.into_word(), TOKEN.into_word()],
            ..found()
        };
        let taken_back = Found { removed: true, ..found() };
        let nft = Found { data: Bytes::new(), ..found() };
        for log in [elsewhere, foreign, to_others, taken_back, nft] {
            assert!(of_found(&log, TOKEN, SELLER, 8..=10).is_err());
        }
    }
}

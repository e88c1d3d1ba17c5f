//! Whose balance something left, and who cancelled: a hint where to look closer, never evidence.

use std::collections::BTreeSet;

use alloy::sol_types::SolEvent as _;
use alloy_primitives::{Address, B256, U64};
use serde::Serialize;

use crate::ChainError;
use crate::abi::Token;
use crate::classify::Failure;
use crate::nodes::Nodes;
use crate::wire::Log;

/// How many blocks one question covers at first. Nodes allow different numbers; one that refuses is asked for fewer.
const WIDEST: u64 = 10_000;

/// How many payers one question names.
const MOST_PAYERS: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Filter<'a> {
    address: Address,
    from_block: U64,
    to_block: U64,
    topics: (&'a [B256], &'a [B256]),
}

/// The payers among these out of whose balance something went, or who cancelled an authorization, in these blocks.
pub(crate) async fn payers_moved(
    nodes: &Nodes,
    asset: Address,
    payers: &[Address],
    from_block: u64,
    to_block: u64,
) -> Result<Vec<Address>, ChainError> {
    // Both name the payer in the same place.
    let what = [Token::Transfer::SIGNATURE_HASH, Token::AuthorizationCanceled::SIGNATURE_HASH];
    let mut moved = BTreeSet::new();
    let mut width = WIDEST;
    for payers in payers.chunks(MOST_PAYERS) {
        let topics: Vec<B256> = payers.iter().map(|payer| payer.into_word()).collect();
        let mut from = from_block;
        while from <= to_block {
            let to = to_block.min(from.saturating_add(width - 1));
            let filter = Filter {
                address: asset,
                from_block: U64::from(from),
                to_block: U64::from(to),
                topics: (&what, &topics),
            };
            match nodes.try_ask::<_, Vec<Log>>("eth_getLogs", &[filter]).await {
                Ok(logs) => {
                    let named = logs.iter().filter(|log| log.address == asset);
                    let named = named.filter_map(|log| log.topics.get(1).copied().map(Address::from_word));
                    moved.extend(named.filter(|payer| payers.contains(payer)));
                    from = to.saturating_add(1);
                }
                Err(Failure::Refused(_) | Failure::Garbled(_)) if width > 1 => width = (width / 10).max(1),
                Err(failure) => return Err(failure.into_error(nodes.network())),
            }
        }
    }
    Ok(moved.into_iter().collect())
}

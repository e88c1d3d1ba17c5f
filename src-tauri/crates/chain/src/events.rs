use alloy::sol_types::SolEvent as _;
use alloy_primitives::{Address, B256, U64};
use domain::AuthorizationKey;
use futures::{StreamExt as _, TryStreamExt as _};
use serde::Serialize;

use crate::abi::Token;
use crate::classify::Failure;
use crate::nodes::Nodes;
use crate::receipt::mined;
use crate::wire::{Log, WireBlock};
use crate::{AuthorizationEvent, ChainError};

/// How many blocks one question covers at first. Nodes allow different numbers; one that refuses is asked for fewer.
const WIDEST: u64 = 10_000;

/// How many payers one question names.
const MOST_KEYS: usize = 100;

/// How many receipts are asked for at the same time.
const AT_ONCE: usize = 8;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Filter<'a> {
    address: Address,
    from_block: U64,
    to_block: U64,
    topics: (&'a [B256], &'a [B256], &'a [B256]),
}

/// What the token said about these authorizations since `from_block`, in the order of the chain.
///
/// Logs only name the transactions; what those prove is read from their receipts.
pub(crate) async fn authorization_events(
    nodes: &Nodes,
    asset: Address,
    keys: &[AuthorizationKey],
    from_block: u64,
) -> Result<Vec<AuthorizationEvent>, ChainError> {
    let head: WireBlock = nodes.ask("eth_getBlockByNumber", &("latest", false)).await?;
    let mut transactions = Vec::new();
    for keys in keys.chunks(MOST_KEYS) {
        for log in logs(nodes, asset, keys, from_block, head.number.to()).await? {
            if !transactions.contains(&log.transaction_hash) {
                transactions.push(log.transaction_hash);
            }
        }
    }
    let found: Vec<_> = futures::stream::iter(transactions)
        .map(|transaction| mined(nodes, transaction))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut events: Vec<_> = found
        .into_iter()
        .flatten()
        .flat_map(|mined| mined.events)
        .filter(|event| event.asset == asset && keys.contains(&event.key))
        .collect();
    events.sort_by_key(|event| event.evidence.block);
    Ok(events)
}

async fn logs(
    nodes: &Nodes,
    asset: Address,
    keys: &[AuthorizationKey],
    from_block: u64,
    head: u64,
) -> Result<Vec<Log>, ChainError> {
    let what = [Token::AuthorizationUsed::SIGNATURE_HASH, Token::AuthorizationCanceled::SIGNATURE_HASH];
    let payers: Vec<B256> = keys.iter().map(|key| key.payer.into_word()).collect();
    let nonces: Vec<B256> = keys.iter().map(|key| key.nonce).collect();
    let mut found = Vec::new();
    let mut width = WIDEST;
    let mut from = from_block;
    while from <= head {
        let to = head.min(from.saturating_add(width - 1));
        let filter = Filter {
            address: asset,
            from_block: U64::from(from),
            to_block: U64::from(to),
            topics: (&what, &payers, &nonces),
        };
        match nodes.try_ask::<_, Vec<Log>>("eth_getLogs", &[filter]).await {
            Ok(logs) => {
                found.extend(logs);
                from = to.saturating_add(1);
            }
            Err(Failure::Refused(_) | Failure::Garbled(_)) if width > 1 => width = (width / 10).max(1),
            Err(failure) => return Err(failure.into_error(nodes.network())),
        }
    }
    Ok(found)
}

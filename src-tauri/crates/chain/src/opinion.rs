//! What two nodes have to agree on before anything counts as beyond change (T53).

use alloy_primitives::{B256, U64};
use domain::Finality;

use crate::classify::Failure;
use crate::node::Node;
use crate::nodes::Nodes;
use crate::receipt::read;
use crate::wire::{Receipt, WireBlock};
use crate::{ChainError, Mined, Opinion};

/// How many blocks below the newest one count as final where a network names no final block.
pub(crate) const FINAL_DEPTH: u64 = 12;

/// The time of a block as the node tells it that puts it earliest: one that lies about the time must not
/// end the windows of what waits.
pub(crate) async fn earliest_time(nodes: &Nodes, number: u64) -> Result<u64, ChainError> {
    let mut told: Vec<u64> = Vec::with_capacity(nodes.opinions());
    let mut failure = Failure::Away("no node is named".to_owned());
    for (_, node) in nodes.in_order() {
        match node.ask::<_, Option<WireBlock>>("eth_getBlockByNumber", &(U64::from(number), false)).await {
            Ok(Some(block)) => told.push(block.timestamp.to()),
            Ok(None) => failure = Failure::Garbled("it does not know the network's final block".to_owned()),
            Err(other) => failure = other,
        }
        if told.len() == nodes.opinions() {
            break;
        }
    }
    match told.iter().min() {
        Some(earliest) if told.len() == nodes.opinions() => Ok(*earliest),
        Some(_) | None => Err(nodes.alone(told.len(), failure)),
    }
}

/// The highest block that as many nodes as have to agree call final: the lower one of theirs.
pub(crate) async fn final_block(nodes: &Nodes, finality: Finality) -> Result<u64, ChainError> {
    let mut named: Vec<u64> = Vec::with_capacity(nodes.opinions());
    let mut failure = Failure::Away("no node is named".to_owned());
    for (_, node) in nodes.in_order() {
        match final_block_at(node, finality).await {
            Ok(number) => named.push(number),
            Err(other) => failure = other,
        }
        if named.len() == nodes.opinions() {
            break;
        }
    }
    match named.iter().min() {
        Some(lowest) if named.len() == nodes.opinions() => Ok(*lowest),
        Some(_) | None => Err(nodes.alone(named.len(), failure)),
    }
}

/// A node that does not name the network's final block is in trouble, and then nothing else counts (I7).
async fn final_block_at(node: &Node, finality: Finality) -> Result<u64, Failure> {
    let name = match finality {
        Finality::Finalized => "finalized",
        Finality::Safe => "safe",
        Finality::Depth => "latest",
    };
    let block = node.ask::<_, Option<WireBlock>>("eth_getBlockByNumber", &(name, false)).await;
    let number = match block {
        Ok(Some(block)) => block.number.to::<u64>(),
        Ok(None) | Err(Failure::Refused(_)) => {
            return Err(Failure::Garbled("it does not name the network's final block".to_owned()));
        }
        Err(failure) => return Err(failure),
    };
    Ok(if finality == Finality::Depth { number.saturating_sub(FINAL_DEPTH) } else { number })
}

/// What two nodes say of a transaction, where two are set up. As many are asked as it takes until two tell the same.
pub(crate) async fn second_opinion(nodes: &Nodes, transaction: B256) -> Result<Opinion, ChainError> {
    if nodes.opinions() < 2 {
        return Ok(Opinion::Sole);
    }
    let mut told: Vec<Option<Mined>> = Vec::new();
    let mut failure = Failure::Away("no node is named".to_owned());
    for (_, node) in nodes.in_order() {
        let tells = match mined_at(node, transaction).await {
            Ok(tells) => tells,
            Err(other) => {
                failure = other;
                continue;
            }
        };
        if let Some(first) = told.iter().find(|before| is_same(before.as_ref(), tells.as_ref())) {
            return Ok(first.clone().map_or(Opinion::Nowhere, Opinion::Agreed));
        }
        told.push(tells);
    }
    if told.len() < 2 { Err(nodes.alone(told.len(), failure)) } else { Ok(Opinion::Differs) }
}

/// Whether two nodes tell the same of what is proved by it. What it cost is not: providers differ in which fees a
/// receipt holds.
fn is_same(one: Option<&Mined>, other: Option<&Mined>) -> bool {
    let proved = |mined: &Mined| (mined.evidence, mined.succeeded, mined.events.clone());
    one.map(proved) == other.map(proved)
}

/// The transaction as one node tells it, if it is in that node's chain.
async fn mined_at(node: &Node, transaction: B256) -> Result<Option<Mined>, Failure> {
    let receipt: Option<Receipt> = node.ask("eth_getTransactionReceipt", &[transaction]).await?;
    let Some(receipt) = receipt else { return Ok(None) };
    let block: Option<WireBlock> = node.ask("eth_getBlockByNumber", &(receipt.block_number, false)).await?;
    let canonical = block.is_some_and(|block| block.hash == receipt.block_hash);
    if !canonical || receipt.transaction_hash != transaction {
        return Ok(None);
    }
    read(receipt).map(Some).map_err(|error| Failure::Garbled(error.to_string()))
}

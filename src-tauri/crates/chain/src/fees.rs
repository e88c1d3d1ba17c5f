use alloy_primitives::{U64, U128};

use crate::classify::Failure;
use crate::nodes::Nodes;
use crate::wire::BaseFee;
use crate::{ChainError, Fees};

/// What a transaction offers now: the tip that the node advises, and enough above twice the next block's base fee that
/// some full blocks in a row do not outbid it.
pub(crate) async fn fees(nodes: &Nodes) -> Result<Fees, ChainError> {
    let (base, tip) = futures::try_join!(base_fee(nodes), tip(nodes))?;
    let max_fee_per_gas = base.saturating_mul(2).saturating_add(tip);
    Ok(Fees { max_fee_per_gas, max_priority_fee_per_gas: tip })
}

async fn base_fee(nodes: &Nodes) -> Result<u128, ChainError> {
    for block in ["pending", "latest"] {
        let found: Option<BaseFee> =
            answered(nodes, nodes.try_ask("eth_getBlockByNumber", &(block, false)).await)?.flatten();
        if let Some(found) = found {
            return Ok(found.base_fee_per_gas.to());
        }
    }
    Err(ChainError::Unknown("the node does not know the price of gas".to_owned()))
}

/// The tip: what the node advises; where it does not offer that, what its gas price holds above the base fee.
async fn tip(nodes: &Nodes) -> Result<u128, ChainError> {
    let advised = nodes.try_ask::<_, U128>("eth_maxPriorityFeePerGas", &[(); 0]).await;
    if let Some(tip) = answered(nodes, advised)? {
        return Ok(tip.to());
    }
    let price: U128 = nodes.ask("eth_gasPrice", &[(); 0]).await?;
    Ok(price.to::<u128>().saturating_sub(base_fee(nodes).await?))
}

/// `None` for what a node answers but does not offer.
pub(crate) fn answered<T>(nodes: &Nodes, answer: Result<T, Failure>) -> Result<Option<T>, ChainError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Refused(_) | Failure::Garbled(_)) => Ok(None),
        Err(failure) => Err(failure.into_error(nodes.network())),
    }
}

/// The number of the block with that name, where the network has it.
pub(crate) async fn block_named(nodes: &Nodes, name: &str) -> Result<Option<u64>, ChainError> {
    #[derive(serde::Deserialize)]
    struct Number {
        number: U64,
    }
    let block = nodes.try_ask::<_, Option<Number>>("eth_getBlockByNumber", &(name, false)).await;
    Ok(answered(nodes, block)?.flatten().map(|block| block.number.to()))
}

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use alloy_primitives::{U64, U128};
use domain::NetworkId;
use tokio::time::Instant;

use crate::classify::Failure;
use crate::nodes::Nodes;
use crate::wire::BaseFee;
use crate::{ChainError, Fees};

/// How old a price may be at which a call is only tried.
const LATELY: Duration = Duration::from_secs(10);

/// What a transaction would have offered when it was last asked.
#[derive(Default)]
pub(crate) struct Offer(Mutex<Option<(Instant, Fees)>>);

impl Offer {
    fn note(&self, fees: Fees) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), fees));
    }

    fn lately(&self) -> Option<Fees> {
        let noted = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.filter(|(at, _)| at.elapsed() < LATELY).map(|(_, fees)| fees)
    }
}

/// What a transaction would offer, or would have a moment ago: whoever settles has just asked.
pub(crate) async fn fees_lately(nodes: &Nodes) -> Result<Fees, ChainError> {
    match nodes.offer().lately() {
        Some(fees) => Ok(fees),
        None => fees(nodes).await,
    }
}

/// What a transaction offers now: the tip that the node advises, and enough above twice the next block's base fee that
/// some full blocks in a row do not outbid it.
pub(crate) async fn fees(nodes: &Nodes) -> Result<Fees, ChainError> {
    let (base, tip) = futures::try_join!(base_fee(nodes), tip(nodes))?;
    let tip = tip.min(most_tip(nodes.network()));
    let max_fee_per_gas = base.saturating_mul(2).saturating_add(tip);
    let fees = Fees { max_fee_per_gas, max_priority_fee_per_gas: tip };
    nodes.offer().note(fees);
    Ok(fees)
}

/// The most that is ever offered above the base fee, whatever a node advises: unlike the base fee, a tip is paid as it
/// was offered, so one that lies could empty the gas wallet (T53, I11). Where gas is paid in ether, usual tips are a
/// hundredth of this and less; other coins are worth a thousandth.
fn most_tip(network: NetworkId) -> u128 {
    let gwei = if network.known().is_some_and(|known| known.coin == "ETH") { 5 } else { 1_000 };
    gwei * 1_000_000_000
}

impl Fees {
    /// What the next block takes at least, where `self` is what a transaction would offer now.
    const fn base(self) -> u128 {
        self.max_fee_per_gas.saturating_sub(self.max_priority_fee_per_gas) / 2
    }

    /// Whether a transaction with this offer is still wanted while a new one would offer `now`: it covers the base fee
    /// and leaves a tip that is at most an eighth below what is usual.
    pub fn suffices(self, now: Self) -> bool {
        let Some(left) = self.max_fee_per_gas.checked_sub(now.base()) else { return false };
        let tip = self.max_priority_fee_per_gas.min(left);
        tip.saturating_add(tip / 8).saturating_add(1) >= now.max_priority_fee_per_gas
    }

    /// The same without offering more than `ceiling`, but enough to be taken now.
    #[must_use]
    pub fn within(self, ceiling: u128) -> Self {
        let enough = self.base().saturating_add(self.max_priority_fee_per_gas);
        Self { max_fee_per_gas: self.max_fee_per_gas.min(ceiling.max(enough)), ..self }
    }

    /// What takes the place of a transaction with this offer: more by an eighth in both parts, because a node wants a
    /// tenth more, others an eighth (T44), and no less than what a new one would offer.
    #[must_use]
    pub fn replaced_by(self, now: Self) -> Self {
        let raised = |fee: u128| fee.saturating_add(fee.div_ceil(8)).max(1);
        let tip = raised(self.max_priority_fee_per_gas).max(now.max_priority_fee_per_gas);
        Self {
            max_fee_per_gas: raised(self.max_fee_per_gas).max(now.max_fee_per_gas).max(tip),
            max_priority_fee_per_gas: tip,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const fn fees(max_fee_per_gas: u128, max_priority_fee_per_gas: u128) -> Fees {
        Fees { max_fee_per_gas, max_priority_fee_per_gas }
    }

    #[test]
    fn an_offer_is_wanted_while_it_covers_the_base_fee_and_a_usual_tip() {
        let offered = fees(210, 10);
        assert!(offered.suffices(fees(210, 10)), "what was just asked");
        assert!(offered.suffices(fees(400, 10)), "the base fee nearly doubled");
        assert!(!offered.suffices(fees(430, 10)), "the base fee leaves nothing for a tip");
        assert!(!offered.suffices(fees(1_000, 10)), "the base fee is above the offer");
        assert!(offered.suffices(fees(211, 11)));
        assert!(!offered.suffices(fees(220, 20)), "others tip twice as much");
        assert!(fees(0, 0).suffices(fees(0, 0)), "a network without fees");
    }

    #[test]
    fn a_ceiling_takes_away_what_is_offered_in_advance_and_nothing_else() {
        assert_eq!(fees(210, 10).within(150), fees(150, 10));
        assert_eq!(fees(210, 10).within(500), fees(210, 10));
        assert_eq!(fees(210, 10).within(20), fees(110, 10));
    }

    #[test]
    fn no_node_advises_a_tip_that_empties_the_wallet() {
        assert_eq!(most_tip(NetworkId::from_chain_id(8453)), 5_000_000_000);
        assert_eq!(most_tip(NetworkId::from_chain_id(137)), 1_000_000_000_000);
    }

    /// T44: the strictest rule of any node is an eighth.
    #[test]
    fn a_replacement_offers_an_eighth_more_in_both_parts_and_at_least_what_is_asked_now() {
        assert_eq!(fees(1_000, 10).replaced_by(fees(500, 1)), fees(1_125, 12));
        assert_eq!(fees(1_000, 10).replaced_by(fees(9_000, 40)), fees(9_000, 40));
        assert_eq!(fees(10, 10).replaced_by(fees(0, 99)), fees(99, 99), "a tip is never above the whole");
        assert_eq!(fees(0, 0).replaced_by(fees(0, 0)), fees(1, 1));
        for offered in [1_u128, 7, 8, 9, 999, 1_000_000_007, u128::MAX] {
            let raised = fees(offered, offered).replaced_by(fees(0, 0));
            assert!(raised.max_fee_per_gas == u128::MAX || (raised.max_fee_per_gas - offered) * 8 >= offered);
        }
    }
}

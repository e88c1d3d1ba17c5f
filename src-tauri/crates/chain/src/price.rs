use alloy_primitives::{Address, U256};
use domain::Amount;

use crate::ChainError;
use crate::abi::Aggregator;
use crate::nodes::Nodes;
use crate::survey::read;

/// Decimal places of a price.
const PRICE_DECIMALS: u8 = 6;

/// What a price feed says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceReading {
    /// What of what, such as `ETH / USD`.
    pub pair: String,
    /// The price in millionths; none where it is nothing, or more than can be counted.
    pub price: Option<Amount>,
    /// When the feed found it out, in Unix seconds.
    pub told_at: u64,
}

/// Asks a price feed. It is no token's word and decides no payment: costs are told by it, and what is not worth its gas.
pub(crate) async fn price(nodes: &Nodes, feed: Address) -> Result<PriceReading, ChainError> {
    let (pair, decimals, round) = futures::try_join!(
        read(nodes, feed, Aggregator::descriptionCall {}),
        read(nodes, feed, Aggregator::decimalsCall {}),
        read(nodes, feed, Aggregator::latestRoundDataCall {}),
    )?;
    let answer = U256::try_from(round.answer).unwrap_or_default();
    Ok(PriceReading {
        pair,
        price: in_millionths(answer, decimals),
        told_at: u64::try_from(round.updatedAt).unwrap_or_default(),
    })
}

fn in_millionths(answer: U256, decimals: u8) -> Option<Amount> {
    let unit = |places: u8| U256::from(10).checked_pow(U256::from(places));
    let millionths = if decimals >= PRICE_DECIMALS {
        answer.checked_div(unit(decimals - PRICE_DECIMALS)?)?
    } else {
        answer.checked_mul(unit(PRICE_DECIMALS - decimals)?)?
    };
    Amount::try_from(millionths).ok().filter(|price| *price != Amount::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_told_in_millionths_whatever_the_feeds_decimals() {
        let of = |answer: u128, decimals| in_millionths(U256::from(answer), decimals).map(Amount::atomic);
        assert_eq!(of(315_020_000_000, 8), Some(3_150_200_000));
        assert_eq!(of(3_150_200_000_000_000_000_000, 18), Some(3_150_200_000));
        assert_eq!(of(3_150, 0), Some(3_150_000_000));
        assert_eq!((of(0, 8), of(99, 8), of(u128::MAX, 0), of(1, 255)), (None, None, None, None));
    }
}

//! Whether a payment is worth the gas that settling it takes.

use std::collections::HashMap;

use alloy_primitives::U256;
use chain::Fees;
use domain::{Amount, Asset, AssetId, Mode, PaymentSeq, Rail};
use store::{Choice, OpenPayment};

use crate::halt::{Halt, is_away};
use crate::intake::PAGE;
use crate::lane::Lane;
use crate::plan::Times;
use crate::preview::SHARED_GAS;

/// Wei of one coin.
const COIN: u64 = 1_000_000_000_000_000_000;

/// Decimal places of the price of a coin.
const PRICE_DECIMALS: u8 = 6;

/// What one more payment in a transaction is likely to cost, in wei.
pub fn marginal_fee(fees: Fees) -> U256 {
    // Offered is twice the base fee and the tip, paid are both of them once.
    let per_gas = fees.max_fee_per_gas.saturating_add(fees.max_priority_fee_per_gas) / 2;
    U256::from(per_gas).saturating_mul(U256::from(SHARED_GAS))
}

/// What one more payment in a transaction costs, in atomic units of the token, when a coin is worth
/// `coin_price` millionths of a dollar and the token a dollar. Of the fees, what is likely to be paid and
/// not what is offered at most; what a network asks for publishing is left out, so that nothing is given
/// up too easily.
pub fn marginal_cost(fees: Fees, coin_price: Amount, decimals: u8) -> Amount {
    let scaled = marginal_fee(fees).saturating_mul(U256::from(coin_price.atomic()));
    let unit = |places: u8| U256::from(10).saturating_pow(U256::from(places));
    let cost = if decimals >= PRICE_DECIMALS {
        scaled.saturating_mul(unit(decimals - PRICE_DECIMALS)) / U256::from(COIN)
    } else {
        scaled / U256::from(COIN) / unit(PRICE_DECIMALS - decimals)
    };
    Amount::saturating_from(cost)
}

/// Whether gas costs more than the payment brings. An instant sale was promised to its buyer, and what the seller
/// insists on is sent.
pub(crate) fn is_unworthy(payment: &OpenPayment, least: Amount) -> bool {
    payment.mode == Mode::Batched && payment.amount <= least && !payment.insisted
}

impl Lane {
    /// What a payment of the asset must be worth more than to be sent by itself; none when nobody said
    /// what the network's coin is worth: then everything is sent.
    pub(crate) async fn least_worth(&mut self, asset: &Asset) -> Result<Option<Amount>, Halt> {
        let price = self.store.coin_price(self.config.network, self.clock.now()).await?;
        let Some(coin_price) = price else { return Ok(None) };
        let fees = self.fees_lately().await?;
        Ok(Some(marginal_cost(fees, coin_price, asset.decimals)))
    }

    /// Whether a payment stays in the queue for cheaper gas. Not when its time has come: then it was
    /// written off already, or only evidence can decide it.
    pub(crate) fn is_left(&self, payment: &OpenPayment, least: Amount) -> bool {
        is_unworthy(payment, least) && payment.settle_by() > self.judging_time()
    }

    /// Gives up in the open what is due and costs more than it brings (T25), unless a facilitator pays for it that did not
    /// let it down before. What is past its window on chain is left to the evidence.
    pub(crate) async fn write_off_unworthy(&mut self, id: AssetId, asset: &Asset) -> Result<(), Halt> {
        let has_other = self.config.facilitator.is_some();
        let wanted = if has_other { self.store.wanted_rails(id).await? } else { HashMap::new() };
        let is_ours = |payment: &PaymentSeq| !has_other || wanted.get(payment).copied() == Some(Rail::Direct);
        if self.is_facilitated() && !wanted.keys().any(is_ours) {
            return Ok(());
        }
        let least = match self.least_worth(asset).await {
            // Nobody can be asked what gas costs, and the facilitator asks for none.
            Err(Halt::Chain(error)) if self.config.facilitator.is_some() && is_away(&error) => return Ok(()),
            least => least?,
        };
        let Some(least) = least else { return Ok(()) };
        let payments = self.store.queued(id, Choice::All, PAGE).await?;
        let now = self.judging_time();
        let clock = now.timestamp().max(0).cast_unsigned();
        let times = Times { chain: clock, local: clock };
        let (unworthy, others): (Vec<_>, Vec<_>) = payments
            .iter()
            .filter(|payment| is_unworthy(payment, least))
            .filter(|payment| payment.settle_by() <= now)
            .filter(|payment| !times.is_past(payment.authorization.valid_before))
            .map(|payment| payment.seq)
            .partition(is_ours);
        if !others.is_empty() {
            self.store.want_rail(others, Some(Rail::Facilitator)).await?;
        }
        if !unworthy.is_empty() {
            tracing::info!(network = %self.config.network, payments = unworthy.len(), "gas costs more than they bring");
            for payment in &unworthy {
                self.put_back.forget(*payment);
            }
            self.store.write_off_unworthy(unworthy, self.clock.now()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(gwei: u128, dollars: u64, decimals: u8) -> u64 {
        let fees = Fees { max_fee_per_gas: 2 * gwei * 1_000_000_000, max_priority_fee_per_gas: 0 };
        marginal_cost(fees, Amount::from_atomic(dollars * 1_000_000).unwrap(), decimals).atomic()
    }

    #[test]
    fn one_more_payment_costs_its_gas_in_the_token() {
        // 50,250 gas at 1 gwei are 0.00005025 coins; at 3,000 dollars that is 0.15075.
        assert_eq!(cost(1, 3_000, 6), 150_750);
        assert_eq!(cost(1, 3_000, 2), 15);
        assert_eq!(cost(1, 3_000, 8), 15_075_000);
        assert_eq!(cost(0, 3_000, 6), 0);
        assert_eq!(cost(1_000_000_000_000, 1_000_000, 18), Amount::MAX.atomic());
    }
}

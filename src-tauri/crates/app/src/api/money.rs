use alloy_primitives::U256;
use alloy_primitives::utils::format_ether;
use domain::{Amount, Asset, AssetId, NetworkId};
use serde::Serialize;
use store::Total;
use ts_rs::TS;

/// An amount of money as every screen and script gets it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoneyView {
    /// Atomic units in decimal digits.
    pub amount: String,
    /// How many of the digits stand behind the point.
    pub decimals: u8,
    /// With the point, at least two places: `0.05`.
    pub formatted: String,
}

impl MoneyView {
    pub(crate) fn of(amount: Amount, asset: &Asset) -> Self {
        Self::with_decimals(amount, asset.decimals)
    }

    pub(crate) fn with_decimals(amount: Amount, decimals: u8) -> Self {
        Self { amount: amount.to_string(), decimals, formatted: amount.to_decimal(decimals) }
    }
}

/// Some payments and what they come to.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoneyCount {
    /// How many payments.
    pub payments: u64,
    /// What they come to.
    #[serde(flatten)]
    pub money: MoneyView,
}

/// The three sums that are never added together.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoneySummary {
    /// On chain: settled by us or by somebody else's transaction.
    pub settled: MoneyCount,
    /// Signed and not on chain: queued and settling.
    pub pending: MoneyCount,
    /// Failed, expired, cancelled or diverted.
    pub attention: MoneyCount,
}

/// Decimal places of sums before any token is known; those of USDC.
const USUAL_DECIMALS: u8 = 6;

/// Adds sums up by what they mean to the seller. All of a stall's tokens have the same places.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Summing {
    settled: (u64, Amount),
    pending: (u64, Amount),
    attention: (u64, Amount),
}

impl Summing {
    pub(crate) fn of<'t>(totals: impl IntoIterator<Item = &'t Total>) -> Self {
        let mut sums = Self::default();
        for total in totals {
            sums.add(total);
        }
        sums
    }

    pub(crate) fn add(&mut self, total: &Total) {
        let state = total.state;
        let sum = if state.is_paid() {
            &mut self.settled
        } else if state.is_open() {
            &mut self.pending
        } else if state.needs_attention() {
            &mut self.attention
        } else {
            return;
        };
        sum.0 += total.payments;
        sum.1 = sum.1.checked_add(total.amount).unwrap_or(Amount::MAX);
    }

    /// Adds other sums to these.
    pub(crate) fn merge(&mut self, other: &Self) {
        let parts = [
            (&mut self.settled, other.settled),
            (&mut self.pending, other.pending),
            (&mut self.attention, other.attention),
        ];
        for (sum, (payments, amount)) in parts {
            sum.0 += payments;
            sum.1 = sum.1.checked_add(amount).unwrap_or(Amount::MAX);
        }
    }

    pub(crate) fn pending(&self) -> Amount {
        self.pending.1
    }

    pub(crate) fn settled(&self) -> Amount {
        self.settled.1
    }

    /// All three together: what was sold, whatever became of it.
    pub(crate) fn all(&self, decimals: u8) -> MoneyCount {
        let parts = [self.settled, self.pending, self.attention];
        let payments = parts.iter().map(|(payments, _)| payments).sum();
        let amount = parts.iter().try_fold(Amount::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
        MoneyCount::of(payments, amount.unwrap_or(Amount::MAX), decimals)
    }

    pub(crate) fn view(&self, decimals: u8) -> MoneySummary {
        let view = |(payments, amount)| MoneyCount::of(payments, amount, decimals);
        MoneySummary {
            settled: view(self.settled),
            pending: view(self.pending),
            attention: view(self.attention),
        }
    }
}

impl MoneyCount {
    pub(crate) fn of(payments: u64, amount: Amount, decimals: u8) -> Self {
        Self { payments, money: MoneyView::with_decimals(amount, decimals) }
    }
}

/// The decimal places of every sum.
pub(crate) fn decimals_of(assets: &[(AssetId, Asset)]) -> u8 {
    assets.first().map_or(USUAL_DECIMALS, |(_, asset)| asset.decimals)
}

/// The symbol of a network's own coin.
pub(crate) fn coin(network: Option<NetworkId>) -> &'static str {
    network.and_then(NetworkId::known).map_or("ETH", |known| known.coin)
}

/// Wei as the networks' own coin, with its point and without trailing zeros: `0.000021`, `0`.
pub(crate) fn native(wei: U256) -> String {
    let text = format_ether(wei);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wei_are_shown_to_the_last_one_and_no_further() {
        for (wei, shown) in [
            (U256::ZERO, "0"),
            (U256::from(1), "0.000000000000000001"),
            (U256::from(21_000_000_000_000_u64), "0.000021"),
            (U256::from(10).pow(U256::from(19)), "10"),
        ] {
            assert_eq!(native(wei), shown);
        }
    }
}

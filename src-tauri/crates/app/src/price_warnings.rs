//! What a seller should know of a price: what settling takes of it, and which programs refuse to pay it unasked.

use std::collections::HashMap;

use domain::{Amount, Asset, NetworkId, Offer};
use serde::Serialize;
use settler::marginal_cost;
use ts_rs::TS;

use crate::api::MoneyView;
use crate::health::Seen;
use crate::{ApiError, App};

/// Settling may take a share of a price as large as this before it is worth a word: one part of so many.
const SHARE: u64 = 5;

/// The most that clients of version 1 pay unless their owner said otherwise, in hundredths of the token.
const MOST_V1: u64 = 10;

/// The same for clients of version 2.
const MOST_V2: u64 = 100;

/// Something to know of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceWarningView {
    /// `cost_above_fifth`, `above_v1_cap`, `above_v2_cap`, `token_not_known` or `no_v1_name`.
    pub code: String,
    /// The same in a sentence.
    pub sentence: String,
    /// On which network, as CAIP-2.
    pub network: String,
}

/// What settling one more payment costs on each network, in millionths of a dollar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Costs(HashMap<NetworkId, Amount>);

/// Decimal places of what is kept in [`Costs`].
const PLACES: u8 = 6;

impl Costs {
    /// As it is now.
    pub(crate) async fn now(app: &App) -> Result<Self, ApiError> {
        Self::of(app, &app.seen().await).await
    }

    /// As it was seen last, for what must not wait for a node; nothing where nobody looks.
    pub(crate) async fn lately(app: &App) -> Result<Self, ApiError> {
        let seen = app.seen_health().borrow().clone();
        match seen {
            Some(seen) => Self::of(app, &seen).await,
            None => Ok(Self::default()),
        }
    }

    async fn of(app: &App, seen: &Seen) -> Result<Self, ApiError> {
        let mut costs = HashMap::new();
        for row in app.store().networks().await? {
            let price = app.store().coin_price(row.network, app.clock().now()).await?;
            let max_fee_per_gas = seen.of(row.network).gas_price;
            if let (Some(price), true) = (price, max_fee_per_gas > 0) {
                // The tip is a part of it; without knowing which, what is said is a little too low rather than too high.
                let fees = chain::Fees { max_fee_per_gas, max_priority_fee_per_gas: 0 };
                costs.insert(row.network, marginal_cost(fees, price, PLACES));
            }
        }
        Ok(Self(costs))
    }

    /// What is to be known of one price, in each of the tokens it is asked in.
    pub(crate) fn warnings(&self, offers: &[&Offer]) -> Vec<PriceWarningView> {
        offers.iter().flat_map(|offer| self.of_price(&offer.asset, offer.amount)).collect()
    }

    /// What settling one payment costs on a network, in dollars; none where it is not known.
    pub(crate) fn on(&self, network: NetworkId) -> Option<MoneyView> {
        self.0.get(&network).map(|cost| MoneyView::with_decimals(*cost, PLACES))
    }

    /// What is to be known of a price in one token.
    pub(crate) fn of_price(&self, asset: &Asset, amount: Amount) -> Vec<PriceWarningView> {
        let network = asset.network;
        let known = network.known();
        let title = known.map_or_else(|| network.to_string(), |known| known.title.to_owned());
        let mut warnings = Vec::new();
        let mut warn = |code: &str, sentence: String| {
            warnings.push(PriceWarningView { code: code.to_owned(), sentence, network: network.to_string() });
        };
        let millionths = in_millionths(asset, amount);
        if let Some(cost) =
            self.0.get(&network).filter(|cost| cost.atomic().saturating_mul(SHARE) > millionths)
        {
            let cost = cost.to_decimal(PLACES);
            warn(
                "cost_above_fifth",
                format!(
                    "Settling one payment on {title} costs about ${cost} now, more than a fifth of this price."
                ),
            );
        }
        let above = |cents: u64| millionths > cents * 10_000;
        let taken = x402::is_taken_by_default(network, asset.address);
        if !taken {
            warn(
                "token_not_known",
                format!(
                    "Most programs of version 2 do not pay in this token on {title} unless their owner allowed it."
                ),
            );
        }
        if above(MOST_V2) {
            let sentence =
                "Most programs of version 2 pay no more than $1 unless their owner allowed it; people can.";
            warn("above_v2_cap", sentence.to_owned());
        }
        match known.and_then(|known| known.v1_name) {
            None => warn("no_v1_name", format!("Programs of version 1 cannot pay on {title}.")),
            Some(_) if above(MOST_V1) => {
                let sentence = "Some programs of version 1 pay no more than $0.10 unless their owner allowed it; people can.";
                warn("above_v1_cap", sentence.to_owned());
            }
            Some(_) => {}
        }
        warnings
    }
}

/// A price in millionths of its token, whichever places that has.
fn in_millionths(asset: &Asset, amount: Amount) -> u64 {
    let (atomic, decimals) = (amount.atomic(), asset.decimals);
    if decimals >= PLACES {
        atomic / 10_u64.saturating_pow(u32::from(decimals - PLACES))
    } else {
        atomic.saturating_mul(10_u64.saturating_pow(u32::from(PLACES - decimals)))
    }
}

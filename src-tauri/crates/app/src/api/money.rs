use domain::{Amount, Asset};
use serde::Serialize;
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
        Self {
            amount: amount.to_string(),
            decimals: asset.decimals,
            formatted: amount.to_decimal(asset.decimals),
        }
    }
}

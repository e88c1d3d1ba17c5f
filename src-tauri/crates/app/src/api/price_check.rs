//! What a seller should know of a price before it is asked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::endpoints::amount;
use crate::networks::title;
use crate::price_warnings::{Costs, PriceWarningView};
use crate::{ApiError, App};

/// A price that somebody thinks of.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PriceCheck {
    /// As a decimal, such as `0.05`.
    pub price: String,
}

/// What is to be known of it on each network that was set up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceCheckView {
    /// One for each network.
    pub items: Vec<PriceCheckItem>,
}

/// What is to be known of a price on one network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceCheckItem {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// What settling one payment there costs now, in dollars; null where the node or the price of its coin is not known.
    pub cost: Option<MoneyView>,
    /// What to know of it.
    pub warnings: Vec<PriceWarningView>,
}

pub(crate) async fn check(app: &App, request: PriceCheck) -> Result<PriceCheckView, ApiError> {
    let rows = app.store().networks().await?;
    let costs = Costs::now(app).await?;
    let mut items = Vec::new();
    for (_, asset) in app.store().assets().await? {
        if rows.iter().all(|row| row.network != asset.network) {
            continue;
        }
        let price = amount(&request.price, &asset)?;
        items.push(PriceCheckItem {
            network: asset.network.to_string(),
            title: title(asset.network),
            cost: costs.on(asset.network),
            warnings: costs.of_price(&asset, price),
        });
    }
    Ok(PriceCheckView { items })
}

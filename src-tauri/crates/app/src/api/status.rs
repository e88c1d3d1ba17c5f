use domain::{Amount, Asset, PaymentState};
use serde::Serialize;
use ts_rs::TS;

use crate::api::is_selling;
use crate::api::money::{Summing, coin, decimals_of, native};
use crate::api::networks::NetworkView;
use crate::api::{MoneyCount, MoneySummary, MoneyView};
use crate::health::Health;
use crate::{ApiError, App};

/// How the stall stands.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StatusView {
    /// practice, test or live.
    pub environment: String,
    /// Where buyers reach it; null while it is closed.
    pub url: Option<String>,
    /// Whether the seller has it open for sales.
    pub selling: bool,
    /// Why nothing can be sold now, whatever the seller chose; null when sales are possible.
    pub offline_reason: Option<String>,
    /// The networks that were set up.
    pub networks: Vec<NetworkView>,
    /// The wallet that pays for settlement; null when there is none or the stall is closed.
    pub gas_wallet: Option<GasWalletView>,
    /// What was earned, what is on its way, what needs a look.
    pub money: StatusMoney,
    /// Sums by state; states without payments are left out.
    pub totals: Vec<TotalView>,
    /// Value delivered, or about to be, and not on chain yet, in atomic units; instant sales have none.
    pub exposure: String,
    /// The same with its point.
    pub exposure_formatted: String,
}

/// The stall's money at a glance. The parts are never added together.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StatusMoney {
    /// All sums since the beginning.
    #[serde(flatten)]
    pub summary: MoneySummary,
    /// What came on chain since the last midnight, UTC.
    pub settled_today: MoneyCount,
}

/// The wallet that pays for settlement. It holds gas only.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GasWalletView {
    /// Its address.
    pub address: String,
    /// What it holds in wei; null when the chain cannot be asked.
    pub balance: Option<String>,
    /// The same in the network's coin, with its point.
    pub balance_formatted: Option<String>,
    /// That coin's symbol.
    pub native_symbol: String,
}

/// The payments of one state.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TotalView {
    /// The state.
    pub state: String,
    /// The network.
    pub network: String,
    /// How many payments.
    pub payments: u64,
    /// What they come to.
    #[serde(flatten)]
    pub money: MoneyView,
}

/// A token.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AssetView {
    /// Its contract.
    pub address: String,
    /// Its EIP-712 name.
    pub name: String,
    /// Its EIP-712 version.
    pub version: String,
    /// Its decimal places.
    pub decimals: u8,
}

impl From<&Asset> for AssetView {
    fn from(asset: &Asset) -> Self {
        Self {
            address: asset.address.to_string(),
            name: asset.name.clone(),
            version: asset.version.clone(),
            decimals: asset.decimals,
        }
    }
}

pub(crate) async fn status(app: &App, (): ()) -> Result<StatusView, ApiError> {
    let assets = app.store().assets().await?;
    let mut networks = Vec::new();
    for row in app.store().networks().await? {
        let asset = assets.iter().find(|(_, asset)| asset.network == row.network).map(|(_, asset)| asset);
        networks.push(NetworkView::of(app, &row, asset));
    }
    let mut totals = Vec::new();
    let exposed = app.store().exposure().await?;
    let exposure = exposed.iter().try_fold(Amount::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
    let exposure = exposure.unwrap_or(Amount::MAX);
    let all = app.store().totals().await?;
    let sums = Summing::of(&all);
    for total in all {
        let Some((_, asset)) = assets.iter().find(|(id, _)| *id == total.asset) else { continue };
        totals.push(TotalView {
            state: total.state.to_string(),
            network: asset.network.to_string(),
            payments: total.payments,
            money: MoneyView::of(total.amount, asset),
        });
    }
    totals.sort_by_key(|total| PaymentState::ALL.iter().position(|state| state.as_str() == total.state));
    let decimals = decimals_of(&assets);
    let today = app.store().arrived_on_day_of(app.clock().now()).await?;
    let health = app.health().await;
    Ok(StatusView {
        environment: app.environment().to_string(),
        url: app.url(),
        networks,
        selling: match app.engine() {
            Some(engine) => *engine.selling().borrow(),
            None => is_selling(app.store()).await?,
        },
        gas_wallet: gas_wallet(app, &health),
        offline_reason: health.offline,
        money: StatusMoney {
            summary: sums.view(decimals),
            settled_today: MoneyCount::of(today.payments, today.amount, decimals),
        },
        totals,
        exposure: exposure.to_string(),
        exposure_formatted: exposure.to_decimal(decimals),
    })
}

fn gas_wallet(app: &App, health: &Health) -> Option<GasWalletView> {
    let address = app.engine()?.wallet()?.address();
    Some(GasWalletView {
        address: address.to_string(),
        balance: health.gas.map(|wei| wei.to_string()),
        balance_formatted: health.gas.map(native),
        native_symbol: coin(None).to_owned(),
    })
}

use alloy_primitives::U256;
use domain::{Amount, Asset, PaymentState};
use serde::Serialize;
use ts_rs::TS;

use crate::api::live::bar;
use crate::api::money::{Summing, coin, decimals_of, native};
use crate::api::networks::NetworkView;
use crate::api::reports::signed;
use crate::api::selling::{is_chosen, paused_until};
use crate::api::wallet::gas_for;
use crate::api::{
    BarView, FacilitatorView, MoneyCount, MoneySummary, MoneyView, PayoutChangeView, SignedMoneyView, caps,
    facilitators, payout,
};
use crate::health::Health;
use crate::keys::KeyPlace;
use crate::networks::title;
use crate::reach::Outside;
use crate::{ApiError, App};

/// How the stall stands.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StatusView {
    /// practice, test or live.
    pub environment: String,
    /// The folder that holds everything.
    pub data_folder: String,
    /// Where buyers reach it; null while it is closed.
    pub url: Option<String>,
    /// The bar above everything that says whose money this is.
    pub bar: BarView,
    /// Whether the seller has it open for sales; never while no stall runs.
    pub selling: bool,
    /// When it opens by itself after a pause, in Unix milliseconds; null while it is not paused.
    pub paused_until: Option<i64>,
    /// Since when this stall is open, in Unix milliseconds; null while it is closed.
    pub open_since: Option<i64>,
    /// In how many microseconds the answers to nineteen of twenty of the last thousand requests began; null where nobody
    /// came.
    pub p95_micros: Option<u64>,
    /// Why nothing can be sold now, whatever the seller chose; null when sales are possible.
    pub offline_reason: Option<String>,
    /// Why buyers outside do not reach the stall although the seller wants that; null when they do, or need not.
    pub unreached: Option<String>,
    /// Where they reached it before its address changed by itself: links that begin so lead nowhere any more. Null while it
    /// did not change.
    pub address_before: Option<String>,
    /// The networks that were set up.
    pub networks: Vec<NetworkView>,
    /// Who settles on them in place of the gas wallet, or where that cannot pay.
    pub facilitators: Vec<FacilitatorView>,
    /// The payout addresses that were changed within the last 24 hours, newest first.
    pub payout_changed: Vec<PayoutChangeView>,
    /// The wallet that pays for settlement; null when there is none.
    pub gas_wallet: Option<GasWalletView>,
    /// What was earned, what is on its way, what needs a look.
    pub money: StatusMoney,
    /// Sums by state; states without payments are left out.
    pub totals: Vec<TotalView>,
    /// Why batched sales are refused now, however good the buyer is: a cap is used up. Null while none is.
    pub refusing: Option<String>,
    /// Value delivered, or about to be, and not on chain yet, in atomic units: what waits, and what failed and can
    /// still be saved. Instant sales have none before they are delivered.
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
    /// What had come on chain on the day before by the same time.
    pub settled_yesterday_by_now: MoneyCount,
    /// How much more came today than on the day before by the same time.
    pub settled_more: SignedMoneyView,
    /// When the first window of what is pending ends, in Unix milliseconds; what is not on chain then is lost. Null when
    /// nothing is.
    pub pending_until: Option<i64>,
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
    /// The most that could be lost with its key: all it holds, in the network's coin. It holds nothing else.
    pub most_to_lose: Option<String>,
    /// What the next settlement may cost at worst, in wei; null when the chain cannot be asked.
    pub next_settlement: Option<String>,
    /// The same in the network's coin, with its point.
    pub next_settlement_formatted: Option<String>,
    /// Whether it signs nothing until it is unlocked; what is queued waits.
    pub locked: bool,
    /// When it locks itself if it is not used before, in Unix milliseconds; null for never.
    pub locks_at: Option<i64>,
    /// Where its key is kept.
    pub kept_in: KeyPlace,
    /// What it holds on each network that was set up.
    pub networks: Vec<GasOnNetworkView>,
}

/// What the wallet that pays for settlement holds on one network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GasOnNetworkView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// What the wallet holds there in wei; null when the chain cannot be asked.
    pub balance: Option<String>,
    /// The same in the network's coin, with its point.
    pub balance_formatted: Option<String>,
    /// That coin's symbol.
    pub native_symbol: String,
    /// What the next settlement there may cost at worst, in wei; null when the chain cannot be asked.
    pub next_settlement: Option<String>,
    /// The same in the network's coin, with its point.
    pub next_settlement_formatted: Option<String>,
    /// Whether it holds less than that.
    pub low: bool,
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
    let now = u64::try_from(app.clock().now().timestamp()).unwrap_or_default();
    let in_vain = app.store().delivered_in_vain(now).await?;
    let exposure = exposure.and_then(|exposure| exposure.checked_add(in_vain)).unwrap_or(Amount::MAX);
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
    let moment = app.clock().now();
    let today = app.store().arrived_on_day_of(moment).await?;
    let yesterday = app.store().arrived_the_day_before_by(moment).await?;
    let more = i128::from(today.amount.atomic()) - i128::from(yesterday.amount.atomic());
    let mut pending_until = None;
    for (id, _) in &assets {
        let end = app.store().at_stake(*id).await?.lost_from.map(|end| end.timestamp_millis());
        pending_until = pending_until.into_iter().chain(end).min();
    }
    let health = app.health().await;
    let worst = worst_of_next(app, &health).await?;
    let chosen = match app.engine() {
        Some(engine) => *engine.selling().borrow(),
        None => is_chosen(app.store(), app.environment(), app.clock().now()).await?,
    };
    Ok(StatusView {
        environment: app.environment().to_string(),
        url: app.url(),
        networks,
        facilitators: facilitators::all(app).await?,
        bar: bar(app, chosen).await?,
        selling: chosen && app.engine().is_some(),
        paused_until: paused_until(app).await?.map(|until| until.timestamp_millis()),
        data_folder: app.data_dir().display().to_string(),
        payout_changed: payout::changed(app).await?,
        gas_wallet: gas_wallet(app, &health, worst).await?,
        open_since: app.engine().map(|engine| engine.opened_at().timestamp_millis()),
        p95_micros: app
            .engine()
            .and_then(|engine| engine.shelf().traffic().p95())
            .map(|took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX)),
        offline_reason: health.offline,
        unreached: app.outside().and_then(Outside::trouble),
        address_before: app.outside().and_then(Outside::address_before),
        refusing: caps::used_up(app).await?.into_iter().next().map(|full| full.sentence),
        money: StatusMoney {
            summary: sums.view(decimals),
            settled_today: MoneyCount::of(today.payments, today.amount, decimals),
            settled_yesterday_by_now: MoneyCount::of(yesterday.payments, yesterday.amount, decimals),
            settled_more: signed(more, decimals),
            pending_until,
        },
        totals,
        exposure: exposure.to_string(),
        exposure_formatted: exposure.to_decimal(decimals),
    })
}

/// Wei that settling everything that waits, or one payment, may cost at worst with its next transaction.
async fn worst_of_next(app: &App, health: &Health) -> Result<Option<U256>, ApiError> {
    if health.gas.is_none() {
        return Ok(None);
    }
    let mut waiting = 0;
    for (id, asset) in app.store().assets().await? {
        if Some(asset.network) == health.network {
            waiting = app.store().queue(id).await?.count.max(waiting);
        }
    }
    let next = usize::try_from(waiting).unwrap_or(usize::MAX).clamp(1, chain::MAX_PAYMENTS_PER_TRANSACTION);
    Ok(Some(gas_for(1, next, health.gas_price)))
}

/// What the gas wallet holds on each network, and whether that is enough there.
async fn gas_on_networks(app: &App) -> Result<Vec<GasOnNetworkView>, ApiError> {
    let assets = app.store().assets().await?;
    let mut views = Vec::new();
    for row in app.store().networks().await? {
        let health = app.health_of(row.network).await;
        let mut waiting = 0;
        for (id, _) in assets.iter().filter(|(_, asset)| asset.network == row.network) {
            waiting += app.store().queue(*id).await?.count;
        }
        let next = usize::try_from(waiting).unwrap_or(usize::MAX);
        let next = next.clamp(1, chain::MAX_PAYMENTS_PER_TRANSACTION);
        let worst = health.gas.map(|_| gas_for(1, next, health.gas_price));
        views.push(GasOnNetworkView {
            network: row.network.to_string(),
            title: title(row.network),
            balance: health.gas.map(|wei| wei.to_string()),
            balance_formatted: health.gas.map(native),
            native_symbol: coin(Some(row.network)).to_owned(),
            next_settlement: worst.map(|wei| wei.to_string()),
            next_settlement_formatted: worst.map(native),
            low: health.gas.zip(worst).is_some_and(|(holds, worst)| holds < worst),
        });
    }
    Ok(views)
}

async fn gas_wallet(
    app: &App,
    health: &Health,
    worst: Option<U256>,
) -> Result<Option<GasWalletView>, ApiError> {
    let Some(kept) = app.keys().kept() else { return Ok(None) };
    let symbol = coin(health.network).to_owned();
    Ok(Some(GasWalletView {
        address: kept.wallet.address().to_string(),
        balance: health.gas.map(|wei| wei.to_string()),
        balance_formatted: health.gas.map(native),
        most_to_lose: health.gas.map(|wei| format!("{} {symbol}", native(wei))),
        next_settlement: worst.map(|wei| wei.to_string()),
        next_settlement_formatted: worst.map(native),
        native_symbol: symbol,
        locked: kept.wallet.is_locked(),
        locks_at: app.keys().locks_at().map(|at| at.timestamp_millis()),
        kept_in: kept.place,
        networks: gas_on_networks(app).await?,
    }))
}

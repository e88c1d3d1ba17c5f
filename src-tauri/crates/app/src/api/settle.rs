use std::collections::BTreeMap;

use domain::{Amount, Asset, NetworkId, PaymentId, PaymentState};
use serde::{Deserialize, Serialize};
use settler::{Preview, SettleError, Wait};
use store::BatchPayment;
use ts_rs::TS;

use crate::api::attention::{low_gas, why};
use crate::api::batches::{BatchView, asset_of, view};
use crate::api::failures::payment_id;
use crate::api::money::{coin, native};
use crate::api::{MoneyCount, MoneyView};
use crate::engine::Standing;
use crate::networks::title;
use crate::{ApiError, App, ErrorCode, keys};

/// Settles what waits.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct Settle {
    /// Whether to answer only when everything is final or failed, what was sent before included.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub wait: bool,
    /// Only these, by their ids, 1000 at most; everything that waits when none are named.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub payments: Vec<String>,
    /// Names this request. The same name again, at any later time, begins nothing and answers the
    /// batches it made.
    pub key: Option<String>,
}

/// Asks what settling would do.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct SettlePreview {
    /// Only of these payments, by their ids, 1000 at most; of everything that waits when none are named.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub payments: Vec<String>,
}

/// What settling did, or has begun.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SettleView {
    /// The batches it made or joined; when it waited, also those that were settled and not final.
    pub items: Vec<BatchView>,
    /// How many payments they settled so far.
    pub settled: u64,
    /// How many payments are queued now; of those that were named, if any were.
    pub left: u64,
    /// Whether every payment of these batches is paid, by us or by somebody else's transaction.
    pub complete: bool,
    /// What hinders, one sentence each.
    pub hindered: Vec<String>,
    /// What was not settled, by network and why, the largest sum first.
    pub unsettled: Vec<UnsettledView>,
}

/// Payments of one network that were not settled for the same reason.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UnsettledView {
    /// Where, as CAIP-2.
    pub network: String,
    /// That network's name for people.
    pub network_title: String,
    /// Why, as one word.
    pub reason: String,
    /// The same as a sentence.
    pub sentence: String,
    /// How many, and what they come to.
    #[serde(flatten)]
    pub money: MoneyCount,
    /// Whether they are back in the queue and are tried again by themselves.
    pub again: bool,
}

/// What settling now would do.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PreviewView {
    /// How many payments would be settled, on all networks.
    pub count: u64,
    /// What they come to, in atomic units.
    pub total: String,
    /// The total's decimal places.
    pub decimals: u8,
    /// The total with its point.
    pub formatted: String,
    /// In how many transactions.
    pub batches: u64,
    /// When the queued payment that ends first is settled by itself, in Unix milliseconds.
    pub next_deadline: Option<i64>,
    /// What hinders settling now, one sentence each.
    pub hindered: Vec<String>,
    /// Payments that would be left out.
    pub exclusions: Vec<ExclusionView>,
    /// Each network on which something waits, the one with most of it first; one with nothing when nothing waits.
    pub networks: Vec<NetworkPreviewView>,
}

/// What settling now would do on one network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkPreviewView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// How many payments would be settled.
    pub count: u64,
    /// What they come to, in atomic units.
    pub total: String,
    /// The total's decimal places.
    pub decimals: u8,
    /// The total with its point.
    pub formatted: String,
    /// In how many transactions.
    pub batches: u64,
    /// The gas they would use.
    pub gas: u64,
    /// What that costs now, in wei.
    pub fee: String,
    /// The same in the network's coin, with its point.
    pub fee_formatted: String,
    /// That coin's symbol.
    pub native_symbol: String,
    /// Where the money goes.
    pub pay_to: Option<String>,
    /// When the queued payment that ends first is settled by itself, in Unix milliseconds.
    pub next_deadline: Option<i64>,
    /// What hinders settling now, one sentence each.
    pub hindered: Vec<String>,
    /// Payments that would be left out.
    pub exclusions: Vec<ExclusionView>,
}

/// A payment that would be left out.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExclusionView {
    /// The payment's id.
    pub payment: String,
    /// How much.
    #[serde(flatten)]
    pub money: MoneyView,
    /// Why, as one word.
    pub reason: String,
    /// The same as a sentence.
    pub reason_sentence: String,
}

impl From<&Preview> for NetworkPreviewView {
    fn from(preview: &Preview) -> Self {
        let asset = &preview.asset;
        Self {
            network: asset.network.to_string(),
            title: title(asset.network),
            count: preview.count,
            total: preview.total.to_string(),
            decimals: asset.decimals,
            formatted: preview.total.to_decimal(asset.decimals),
            batches: preview.batches,
            gas: preview.gas,
            fee: preview.fee.to_string(),
            fee_formatted: native(preview.fee),
            native_symbol: coin(Some(asset.network)).to_owned(),
            pay_to: None,
            next_deadline: None,
            hindered: Vec::new(),
            exclusions: preview
                .exclusions
                .iter()
                .map(|excluded| ExclusionView {
                    payment: excluded.payment.to_string(),
                    money: MoneyView::of(excluded.amount, asset),
                    reason: excluded.reason.to_string(),
                    reason_sentence: excluded.reason.sentence().to_owned(),
                })
                .collect(),
        }
    }
}

/// The networks of which something waits, the one with most of it first; the first one when nothing waits.
async fn networks(app: &App) -> Result<Vec<NetworkId>, ApiError> {
    let assets = app.store().assets().await?;
    let mut waiting = Vec::new();
    for row in app.store().networks().await? {
        let mut count = 0;
        for (id, asset) in &assets {
            if asset.network == row.network {
                count += app.store().queue(*id).await?.count;
            }
        }
        waiting.push((count, row.network));
    }
    waiting.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let kept = waiting.iter().filter(|(count, _)| *count > 0).count().max(1);
    waiting.truncate(kept);
    if waiting.is_empty() {
        return Err(ApiError::new(ErrorCode::Unavailable, "No network is set up yet."));
    }
    Ok(waiting.into_iter().map(|(_, network)| network).collect())
}

/// Settling needs a wallet that can pay for it, or a facilitator.
async fn needs_wallet(app: &App) -> Result<(), ApiError> {
    if !app.store().facilitators().await?.is_empty() {
        return Ok(());
    }
    app.keys().wallet().map(drop).ok_or_else(keys::no_wallet)
}

/// And one that signs.
async fn needs_unlocked_wallet(app: &App) -> Result<(), ApiError> {
    if !app.store().facilitators().await?.is_empty() {
        return Ok(());
    }
    let wallet = app.keys().wallet().ok_or_else(keys::no_wallet)?;
    if wallet.is_locked() { Err(keys::locked()) } else { Ok(()) }
}

/// Why nothing could be begun; of a network that was not reached yet, its own reason.
fn in_words(app: &App, error: SettleError) -> ApiError {
    if let SettleError::NoLane(network) = error
        && let Some(connection) = app.engine().and_then(|engine| engine.connection(network))
        && let Standing::Waiting(why) = connection.standing.borrow().clone()
    {
        return ApiError::new(ErrorCode::Unavailable, why);
    }
    error.into()
}

pub(crate) async fn preview(app: &App, request: Option<SettlePreview>) -> Result<PreviewView, ApiError> {
    needs_wallet(app).await?;
    let only = named(app, &request.unwrap_or_default().payments, false).await?;
    let mut views = Vec::new();
    let mut total = Amount::ZERO;
    let mut away = Vec::new();
    for network in networks(app).await? {
        match preview_of(app, network, only.as_deref()).await {
            Ok((amount, view)) => {
                total = total.checked_add(amount).unwrap_or(Amount::MAX);
                views.push(view);
            }
            Err(error) => away.push(error),
        }
    }
    let Some(first) = views.first() else {
        let unreached = || ApiError::new(ErrorCode::Unavailable, "The network was not reached yet.");
        return Err(away.into_iter().next().unwrap_or_else(unreached));
    };
    let decimals = first.decimals;
    let held = views.iter().flat_map(|view| view.hindered.clone());
    let mut hindered: Vec<_> = held.chain(away.into_iter().map(|error| error.message)).collect();
    hindered.dedup();
    Ok(PreviewView {
        count: views.iter().map(|view| view.count).sum(),
        total: total.to_string(),
        decimals,
        formatted: total.to_decimal(decimals),
        batches: views.iter().map(|view| view.batches).sum(),
        next_deadline: views.iter().filter_map(|view| view.next_deadline).min(),
        hindered,
        exclusions: views.iter().flat_map(|view| view.exclusions.clone()).collect(),
        networks: views,
    })
}

async fn preview_of(
    app: &App,
    network: NetworkId,
    only: Option<&[PaymentId]>,
) -> Result<(Amount, NetworkPreviewView), ApiError> {
    let previews = app.working()?.settler().preview(network, only).await;
    let previews = previews.map_err(|error| in_words(app, error))?;
    let preview = previews
        .first()
        .ok_or_else(|| ApiError::new(ErrorCode::Unavailable, "The network was not reached yet."))?;
    let queue = app.store().queue(preview.asset_id).await?;
    let next_deadline = queue
        .earliest_valid_before
        .zip(queue.earliest_accepted_at)
        .map(|(end, accepted_at)| domain::settle_by(end, accepted_at).timestamp_millis());
    let row = app.store().networks().await?.into_iter().find(|row| row.network == network);
    let view = NetworkPreviewView {
        pay_to: row.and_then(|row| row.pay_to).map(|address| address.to_string()),
        next_deadline,
        hindered: hindered(app, preview).await?,
        ..NetworkPreviewView::from(preview)
    };
    Ok((preview.total, view))
}

/// What keeps the payments of a preview from being sent now.
async fn hindered(app: &App, preview: &Preview) -> Result<Vec<String>, ApiError> {
    if preview.count == 0 {
        return Ok(Vec::new());
    }
    let health = app.health_of(preview.asset.network).await;
    if let Some(why) = health.offline {
        return Ok(vec![why]);
    }
    let locked = needs_unlocked_wallet(app).await.err().map(|error| error.message);
    Ok(locked.into_iter().chain(low_gas(app, &health, preview.asset.network).await?).collect())
}

/// The longest name of a request.
const LONGEST_KEY: usize = 100;

fn check_key(key: &str) -> Result<(), ApiError> {
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ApiError::invalid(format!(
            "A request's key has 1 to {LONGEST_KEY} printable ASCII characters and no spaces."
        )));
    }
    Ok(())
}

/// The most payments that one request names.
const MOST_NAMED: usize = 1000;

/// The payments that are to be settled, if not all; one of them at least must be there to settle.
async fn named(
    app: &App,
    payments: &[String],
    was_asked_before: bool,
) -> Result<Option<Vec<PaymentId>>, ApiError> {
    if payments.is_empty() {
        return Ok(None);
    }
    if payments.len() > MOST_NAMED {
        return Err(ApiError::invalid(format!("One request settles at most {MOST_NAMED} named payments.")));
    }
    let mut ids = Vec::with_capacity(payments.len());
    let mut waits = was_asked_before;
    for name in payments {
        let id = payment_id(name)?;
        let payment = app.store().payment(id).await?.ok_or_else(|| ApiError::not_found("payment", name))?;
        waits |= payment.state.is_open();
        ids.push(id);
    }
    if !waits {
        return Err(ApiError::new(ErrorCode::Conflict, "None of these payments waits to be settled."));
    }
    Ok(Some(ids))
}

pub(crate) async fn settle(app: &App, request: Settle) -> Result<SettleView, ApiError> {
    let mut was_asked_before = false;
    if let Some(key) = &request.key {
        check_key(key)?;
        was_asked_before = app.store().requested_batches(key, None).await?.is_some();
    }
    if !was_asked_before {
        needs_unlocked_wallet(app).await?;
    }
    let wait = if request.wait { Wait::Final } else { Wait::No };
    let settler = app.working()?.settler();
    let named = named(app, &request.payments, was_asked_before).await?;
    let report = match (named, &request.key) {
        (Some(payments), key) => settler.settle_these(payments, key.as_deref(), wait).await,
        (None, Some(key)) => settler.settle_once(key, wait).await,
        (None, None) => settler.settle_now(None, wait).await,
    };
    let report = report.map_err(|error| in_words(app, error))?;
    let assets = app.store().assets().await?;
    let mut items = Vec::with_capacity(report.batches.len());
    let mut complete = report.left == 0 && report.hindered.is_empty();
    let mut settled = 0;
    let mut unsettled = Unsettled::default();
    for id in &report.batches {
        let Some(detail) = app.store().batch(*id).await? else { continue };
        settled += detail.summary.settled_payments;
        complete &= detail.payments.iter().all(|payment| payment.state.is_paid());
        let asset = asset_of(&assets, detail.summary.asset)?;
        for payment in &detail.payments {
            unsettled.add(payment, asset);
        }
        items.push(view(&detail.summary, asset));
    }
    let hindered = report.hindered.into_iter().map(|(_, error)| in_words(app, error).message).collect();
    Ok(SettleView { items, settled, left: report.left, complete, hindered, unsettled: unsettled.views() })
}

/// What was not settled, by network and reason.
#[derive(Default)]
struct Unsettled(BTreeMap<(NetworkId, &'static str, bool), Left>);

/// Why as a sentence, how many, what they come to and its decimal places.
type Left = (&'static str, u64, Amount, u8);

impl Unsettled {
    fn add(&mut self, payment: &BatchPayment, asset: &Asset) {
        let (state, reason) = (payment.state, payment.reason);
        let again = state == PaymentState::Queued && reason.is_some();
        if !(again || state.needs_attention()) {
            return;
        }
        let (word, sentence) = why(state, reason);
        let key = (asset.network, word, again);
        let group = self.0.entry(key).or_insert((sentence, 0, Amount::ZERO, asset.decimals));
        group.1 += 1;
        group.2 = group.2.checked_add(payment.amount).unwrap_or(Amount::MAX);
    }

    fn views(self) -> Vec<UnsettledView> {
        let mut groups: Vec<_> = self.0.into_iter().collect();
        groups.sort_by_key(|(_, (_, _, amount, _))| std::cmp::Reverse(*amount));
        let views = groups.into_iter().map(|(key, (sentence, payments, amount, decimals))| {
            let (network, reason, again) = key;
            UnsettledView {
                network: network.to_string(),
                network_title: title(network),
                reason: reason.to_owned(),
                sentence: sentence.to_owned(),
                money: MoneyCount::of(payments, amount, decimals),
                again,
            }
        });
        views.collect()
    }
}

//! What the seller should look at, and giving up what cannot be settled.

use std::collections::BTreeMap;

use alloy_primitives::U256;
use chain::Barrier;
use domain::{Amount, AssetId, CAP_DECIMALS, FailureReason, NetworkId, PaymentId, PaymentState};
use serde::{Deserialize, Serialize};
use settler::LaneState;
use store::{GiveUp, Listing, Reason};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::batches::asset_of;
use crate::api::caps::{self, UsedUp};
use crate::api::endpoints::{FileState, spoiled};
use crate::api::failures::assets_of;
use crate::api::money::{coin, native};
use crate::api::wallet::{self, gas_for};
use crate::api::webhooks::{self, WebhookState};
use crate::facilitators::stands_in;
use crate::health::Health;
use crate::reach::Outside;
use crate::{ApiError, App, backups, deletion};

/// What the seller should look at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttentionList {
    /// What stops everything first, then payments by reason, the biggest sum first.
    pub items: Vec<AttentionView>,
}

/// One thing to look at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttentionView {
    /// What it is about.
    pub kind: AttentionKind,
    /// Why, as one word.
    pub reason: String,
    /// The same as a sentence.
    pub sentence: String,
    /// How many payments it concerns.
    pub payments: u64,
    /// What those come to; null when it concerns none in particular.
    pub amount: Option<MoneyView>,
    /// What the seller can do.
    pub action: AttentionAction,
    /// CAIP-2; empty where it concerns none in particular.
    pub network: String,
    /// The path of the endpoint that it is about; null when it is about none in particular.
    pub endpoint: Option<String>,
}

/// What a thing to look at is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AttentionKind {
    /// Payments that were not settled.
    Payments,
    /// A network that cannot be used.
    Network,
    /// The gas wallet.
    Gas,
    /// The way to the stall.
    Reach,
    /// A file that is not what was published, so nobody can buy it.
    File,
    /// A cap on what is given before its money has arrived, which is used up, so that buyers are refused.
    Cap,
    /// A webhook that is told nothing although the seller wants it.
    Webhook,
    /// Backups that should be made by themselves and are not.
    Backup,
    /// An environment that should have been deleted and was not.
    Deletion,
}

impl AttentionKind {
    /// Its word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::Network => "network",
            Self::Gas => "gas",
            Self::Reach => "reach",
            Self::File => "file",
            Self::Cap => "cap",
            Self::Webhook => "webhook",
            Self::Backup => "backup",
            Self::Deletion => "deletion",
        }
    }
}

/// What the seller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AttentionAction {
    /// Send some of the network's coin to the gas wallet.
    FundGas,
    /// Unlock the gas wallet.
    UnlockWallet,
    /// Look after the node, or choose another one.
    CheckNode,
    /// Look after the way to the stall (`reach_check`), or choose another one.
    CheckReach,
    /// Sell the file as it is now (`endpoint_publish_again`).
    PublishAgain,
    /// Let money go to another payout address.
    ChangePayout,
    /// Settle what waits (`settle`), or raise the cap (`exposure_set`).
    SettleOrRaiseCap,
    /// Look after the webhook's receiver, then switch it on (`webhook_set`), or make a new secret (`webhook_rotate`).
    CheckWebhook,
    /// Look after the folder that backups are put in, or choose another one (`backup_plan`).
    CheckBackup,
    /// Ask for the deletion again (`data_delete`), or delete nothing (`data_spare`).
    AskToDeleteAgain,
    /// Give the payments up.
    WriteOff,
    /// Nothing; it passes by itself.
    None,
}

/// Gives payments up in the open.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PaymentWriteOff {
    /// Their ids, 1000 at most.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub payments: Vec<String>,
    /// Or all that need attention for this reason, on the network, if they are as many as expected.
    pub reason: Option<String>,
    /// The reason's network, in CAIP-2.
    pub network: Option<String>,
    /// How many the reason was shown to have.
    pub expected: Option<u64>,
}

/// What was given up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WrittenOff {
    /// How many payments; those that were closed before, or still may be settled, are left as they are.
    pub closed: u64,
}

/// The most payments that are given up by their ids in one command.
const MOST_NAMED: usize = 1000;

pub(crate) async fn list(app: &App, (): ()) -> Result<AttentionList, ApiError> {
    let mut items = Vec::new();
    for row in app.store().networks().await? {
        items.extend(hindrances(app, row.network).await?);
    }
    items.extend(app.outside().and_then(Outside::trouble).map(unreached_view));
    items.extend(backups::problem(app.store()).await?.map(unsaved_view));
    items.extend(deletion::wanted(app.data_dir())?.and_then(|wanted| wanted.problem).map(undeleted_view));
    items.extend(webhooks::silent(app).await?.into_iter().map(silent_view));
    items.extend(caps::used_up(app).await?.into_iter().map(cap_view));
    items.extend(spoiled(app).await?.into_iter().map(|(listing, state)| spoiled_view(&listing, state)));
    items.extend(problems(app).await?);
    Ok(AttentionList { items })
}

fn unreached_view(sentence: String) -> AttentionView {
    AttentionView {
        kind: AttentionKind::Reach,
        reason: "unreached".to_owned(),
        sentence: format!("Buyers outside do not reach the stall. {sentence}"),
        payments: 0,
        amount: None,
        action: AttentionAction::CheckReach,
        network: String::new(),
        endpoint: None,
    }
}

fn unsaved_view(sentence: String) -> AttentionView {
    AttentionView {
        kind: AttentionKind::Backup,
        reason: "backup_failed".to_owned(),
        sentence: format!("The last backup could not be made. {sentence}"),
        payments: 0,
        amount: None,
        action: AttentionAction::CheckBackup,
        network: String::new(),
        endpoint: None,
    }
}

fn undeleted_view(sentence: String) -> AttentionView {
    AttentionView {
        kind: AttentionKind::Deletion,
        reason: "deletion_refused".to_owned(),
        sentence,
        payments: 0,
        amount: None,
        action: AttentionAction::AskToDeleteAgain,
        network: String::new(),
        endpoint: None,
    }
}

fn silent_view((state, sentence): (WebhookState, String)) -> AttentionView {
    let reason = if state == WebhookState::SecretMissing { "webhook_secret" } else { "webhook_off" };
    AttentionView {
        kind: AttentionKind::Webhook,
        reason: reason.to_owned(),
        sentence,
        payments: 0,
        amount: None,
        action: AttentionAction::CheckWebhook,
        network: String::new(),
        endpoint: None,
    }
}

fn cap_view(full: UsedUp) -> AttentionView {
    AttentionView {
        kind: AttentionKind::Cap,
        reason: format!("cap_{}", full.cap.as_str()),
        sentence: full.sentence,
        payments: full.payments,
        amount: Some(MoneyView::with_decimals(full.exposed, CAP_DECIMALS)),
        action: AttentionAction::SettleOrRaiseCap,
        network: full.network.map(|network| network.to_string()).unwrap_or_default(),
        endpoint: None,
    }
}

/// An endpoint that nobody can buy because of its file.
fn spoiled_view(listing: &Listing, state: FileState) -> AttentionView {
    let path = listing.endpoint.path.to_string();
    let (reason, sentence, action) = match state {
        FileState::Missing => (
            "file_missing",
            format!(
                "The file of {path} is missing, so nobody can buy it. Put it back where it was, or remove the endpoint."
            ),
            AttentionAction::None,
        ),
        FileState::Changed | FileState::Ok => (
            "file_changed",
            format!(
                "The file of {path} changed since it was published, so nobody can buy it. Publish it again as it is now, or put the old file back."
            ),
            AttentionAction::PublishAgain,
        ),
    };
    AttentionView {
        kind: AttentionKind::File,
        reason: reason.to_owned(),
        sentence,
        payments: 0,
        amount: None,
        action,
        network: String::new(),
        endpoint: Some(path),
    }
}

/// What keeps everything on a network from being sold or settled.
async fn hindrances(app: &App, network: NetworkId) -> Result<Vec<AttentionView>, ApiError> {
    let view = |kind, reason: &str, sentence, action| AttentionView {
        kind,
        reason: reason.to_owned(),
        sentence,
        payments: 0,
        amount: None,
        action,
        network: network.to_string(),
        endpoint: None,
    };
    let Some(engine) = app.engine() else { return Ok(Vec::new()) };
    let health = app.health_of(network).await;
    let mut views: Vec<_> = wallet::attention(app, network).await?.into_iter().collect();
    if let Some(why) = health.offline {
        let connection = engine.connection(network);
        let (reason, action) = match connection.and_then(|connection| connection.barrier()) {
            None => ("offline", AttentionAction::CheckNode),
            Some(Barrier::Paused) => ("paused", AttentionAction::None),
            Some(Barrier::PayoutBlocked) => ("payout_blocked", AttentionAction::ChangePayout),
        };
        views.insert(0, view(AttentionKind::Network, reason, why, action));
        return Ok(views);
    }
    let is_locked = !views.is_empty();
    if let Some(sentence) = low_gas(app, &health, network).await? {
        views.push(view(AttentionKind::Gas, "low_gas", sentence, AttentionAction::FundGas));
    } else if let Some(LaneState::Blocked(why)) = engine.settler().state().await.remove(&network)
        && !is_locked
    {
        views.push(view(AttentionKind::Network, "settling_waits", why, AttentionAction::None));
    }
    Ok(views)
}

/// What the gas wallet holds of a network's coin, and what the next transaction may take at worst.
async fn gas_and_worst(
    app: &App,
    health: &Health,
    network: NetworkId,
) -> Result<Option<(U256, U256)>, ApiError> {
    let Some(holds) = health.gas else { return Ok(None) };
    if stands_in(app.store(), network).await? {
        return Ok(None);
    }
    let mut waiting = 0;
    for (id, asset) in app.store().assets().await? {
        if asset.network == network {
            waiting += app.store().queue(id).await?.count;
        }
    }
    let next = usize::try_from(waiting).unwrap_or(usize::MAX).clamp(1, chain::MAX_PAYMENTS_PER_TRANSACTION);
    Ok(Some((holds, gas_for(1, next, health.gas_price))))
}

/// Wei that the gas wallet lacks for the next transaction at worst; none when it has enough.
pub(crate) async fn missing_gas(
    app: &App,
    health: &Health,
    network: NetworkId,
) -> Result<Option<U256>, ApiError> {
    let known = gas_and_worst(app, health, network).await?;
    Ok(known.and_then(|(holds, worst)| worst.checked_sub(holds)).filter(|missing| !missing.is_zero()))
}

/// A sentence when the gas wallet could not pay for the next transaction at worst.
pub(crate) async fn low_gas(
    app: &App,
    health: &Health,
    network: NetworkId,
) -> Result<Option<String>, ApiError> {
    let Some((holds, worst)) = gas_and_worst(app, health, network).await? else { return Ok(None) };
    let coin = coin(Some(network));
    let sentence = || {
        let (holds, worst) = (native(holds), native(worst));
        format!("The gas wallet holds {holds} {coin}; the next settlement may need {worst} {coin}.")
    };
    Ok((holds < worst).then(sentence))
}

/// Payments that were not settled, one item for each reason.
async fn problems(app: &App) -> Result<Vec<AttentionView>, ApiError> {
    let assets = app.store().assets().await?;
    let mut groups: BTreeMap<(NetworkId, &'static str), Group> = BTreeMap::new();
    for problem in app.store().problems().await? {
        let asset = asset_of(&assets, problem.asset)?;
        let (reason, sentence) = why(problem.state, problem.reason);
        let group = groups.entry((asset.network, reason)).or_insert_with(|| Group {
            sentence,
            payments: 0,
            amount: Amount::ZERO,
            decimals: asset.decimals,
        });
        group.payments += problem.payments;
        group.amount = group.amount.checked_add(problem.amount).unwrap_or(Amount::MAX);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.amount));
    let view = |((network, reason), group): ((NetworkId, &str), Group)| AttentionView {
        kind: AttentionKind::Payments,
        reason: reason.to_owned(),
        sentence: group.sentence.to_owned(),
        payments: group.payments,
        amount: Some(MoneyView::with_decimals(group.amount, group.decimals)),
        action: AttentionAction::WriteOff,
        network: network.to_string(),
        endpoint: None,
    };
    Ok(groups.into_iter().map(view).collect())
}

struct Group {
    sentence: &'static str,
    payments: u64,
    amount: Amount,
    decimals: u8,
}

/// Why a payment was not settled: by where it ended, or by why it failed.
pub(crate) const fn why(state: PaymentState, reason: Option<FailureReason>) -> (&'static str, &'static str) {
    match (state, reason) {
        (PaymentState::Cancelled, _) => (state.as_str(), "The buyer cancelled the authorization."),
        (PaymentState::Diverted, _) => {
            (state.as_str(), "The buyer used the authorization for another transfer.")
        }
        (PaymentState::Expired, _) => (state.as_str(), FailureReason::Expired.sentence()),
        (_, Some(reason)) => (reason.as_str(), reason.sentence()),
        (_, None) => (FailureReason::Refused.as_str(), FailureReason::Refused.sentence()),
    }
}

pub(crate) async fn write_off(app: &App, request: PaymentWriteOff) -> Result<WrittenOff, ApiError> {
    let PaymentWriteOff { payments, reason, network, expected } = request;
    let wanted = match (reason, network, expected) {
        (None, None, None) if !payments.is_empty() => GiveUp::Payments(ids(&payments)?),
        (Some(reason), Some(network), Some(expected)) if payments.is_empty() => {
            let assets = assets_of(&app.store().assets().await?, Some(&network))?;
            GiveUp::Because(because(&reason, assets, expected)?)
        }
        _ => {
            return Err(ApiError::invalid(
                "Name the payments to write off, or the reason they share with its network and their number.",
            ));
        }
    };
    Ok(WrittenOff { closed: app.store().give_up(wanted, app.clock().now()).await? })
}

fn ids(payments: &[String]) -> Result<Vec<PaymentId>, ApiError> {
    if payments.len() > MOST_NAMED {
        return Err(ApiError::invalid(format!("One command writes off at most {MOST_NAMED} payments.")));
    }
    payments.iter().map(|id| id.parse().map_err(|_| ApiError::not_found("payment", id))).collect()
}

/// The payments behind a reason of [`list`].
fn because(reason: &str, assets: Vec<AssetId>, expected: u64) -> Result<Reason, ApiError> {
    let state = reason.parse::<PaymentState>().ok();
    let state = state.filter(|state| state.needs_attention() && *state != PaymentState::Failed);
    let reason_of_failure = reason.parse::<FailureReason>().ok();
    if state.is_none() && reason_of_failure.is_none() {
        let shown: String = reason.chars().take(60).collect();
        return Err(ApiError::invalid(format!("{shown:?} is no reason for which payments fail.")));
    }
    Ok(Reason { assets, state, failure: reason_of_failure, expected })
}

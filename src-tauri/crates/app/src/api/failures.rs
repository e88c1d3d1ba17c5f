//! Failed and uncertain payments one by one, and what the seller can do about each.

mod retry;
mod view;

use std::sync::Arc;

use alloy_primitives::{Address, B256};
use chain::Chain;
use chrono::TimeDelta;
use domain::{Asset, AssetId, FailureReason, NetworkId, Outcome, PaymentId, PaymentState};
use serde::{Deserialize, Serialize};
use store::{FailurePlace, Look};
use ts_rs::TS;

use crate::api::batches::asset_of;
use crate::api::money::decimals_of;
use crate::api::{MoneyCount, PaymentName};
use crate::engine::Standing;
use crate::{ApiError, App, ErrorCode};

pub(crate) use retry::retry;
pub use retry::{PaymentRetry, PaymentsRetried, RetriedView};
pub use view::{FailureAction, FailureView, TopUpView};
use view::{hindrances, view, views};

const LARGEST_PAGE: u32 = 200;
const USUAL_PAGE: u32 = 50;

/// How long a payment may be on its way before it is told as uncertain.
const USUALLY_DECIDED_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// Which failures to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct FailureQuery {
    /// Only those for this reason, as `kind` says it.
    pub reason: Option<String>,
    /// Only those on this network, in CAIP-2.
    pub network: Option<String>,
    /// Only those by this payer.
    pub payer: Option<String>,
    /// At most this many, 50 by default, 200 at most.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A page of failures.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FailureList {
    /// Payments that nobody knows of yet, 200 at most: long on their way, or back in the queue with a
    /// reason. Only on the first page without a filter.
    pub uncertain: Vec<FailureView>,
    /// What can still be saved, by the time that is left; then what is over, the newest first.
    pub items: Vec<FailureView>,
    /// Where the next page begins; null when this is the last.
    pub next: Option<String>,
    /// How many payments failed and can still be saved, and what they come to.
    pub recoverable: MoneyCount,
}

/// Names a payment and the transaction that settled it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PaymentTransaction {
    /// The payment's id.
    pub payment: String,
    /// The transaction's hash.
    pub transaction: String,
}

pub(crate) fn now_in_seconds(app: &App) -> u64 {
    app.clock().now().timestamp().max(0).cast_unsigned()
}

/// What can be asked of a network, if it is ready.
pub(crate) fn chain_of(app: &App, network: NetworkId) -> Result<Arc<dyn Chain>, ApiError> {
    let away = |why: String| ApiError::new(ErrorCode::Unavailable, why);
    let connection = app.working()?.connection(network);
    match connection.map(|connection| connection.standing.borrow().clone()) {
        Some(Standing::Ready { chain, .. }) => Ok(chain),
        Some(Standing::Waiting(why)) => Err(away(why)),
        None => Err(away(format!("{network} is not set up."))),
    }
}

pub(crate) fn payment_id(name: &str) -> Result<PaymentId, ApiError> {
    name.parse().map_err(|_| ApiError::not_found("payment", name))
}

pub(crate) fn transaction_hash(text: &str) -> Result<B256, ApiError> {
    text.trim()
        .parse()
        .map_err(|_| ApiError::invalid("A transaction's hash is 0x and 64 hexadecimal digits."))
}

pub(crate) fn assets_of(
    assets: &[(AssetId, Asset)],
    network: Option<&str>,
) -> Result<Vec<AssetId>, ApiError> {
    let Some(network) = network else { return Ok(Vec::new()) };
    let network: NetworkId = network.parse().map_err(|_| ApiError::not_found("network", network))?;
    let of_network = assets.iter().filter(|(_, asset)| asset.network == network);
    let found: Vec<_> = of_network.map(|(id, _)| *id).collect();
    if found.is_empty() { Err(ApiError::not_found("network", &network.to_string())) } else { Ok(found) }
}

fn place(text: &str) -> Option<FailurePlace> {
    let mut parts = text.split('-');
    let (over, valid_before, seq) = (parts.next()?, parts.next()?, parts.next()?);
    Some(FailurePlace {
        over: over == "over",
        valid_before: valid_before.parse().ok()?,
        seq: seq.parse().ok()?,
    })
}

fn place_name(place: &FailurePlace) -> String {
    format!("{}-{}-{}", if place.over { "over" } else { "open" }, place.valid_before, place.seq)
}

/// A reason as `kind` says it: a state that needs attention, or why payments failed.
fn because(reason: &str) -> Result<(Option<PaymentState>, Option<FailureReason>), ApiError> {
    let state = reason.parse::<PaymentState>().ok();
    if let Some(state) = state.filter(|state| state.needs_attention() && *state != PaymentState::Failed) {
        return Ok((Some(state), None));
    }
    match reason.parse::<FailureReason>() {
        Ok(reason) => Ok((Some(PaymentState::Failed), Some(reason))),
        Err(_) => Err(ApiError::invalid(format!("Nothing fails because of {reason:?}."))),
    }
}

pub(crate) async fn list(app: &App, query: FailureQuery) -> Result<FailureList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} payments.")));
    }
    let assets = app.store().assets().await?;
    let (state, reason) = query.reason.as_deref().map(because).transpose()?.unwrap_or_default();
    let payer = query.payer.as_deref().map(|payer| {
        payer.parse::<Address>().map_err(|_| ApiError::invalid("A payer is an address such as 0x…"))
    });
    let after = query.after.as_deref().map(|text| {
        place(text)
            .ok_or_else(|| ApiError::invalid("The page's begin is not one that a page before it gave."))
    });
    let wanted = store::FailureQuery {
        state,
        reason,
        assets: assets_of(&assets, query.network.as_deref())?,
        payer: payer.transpose()?,
        after: after.transpose()?,
        limit,
    };
    let whole =
        query.reason.is_none() && query.network.is_none() && query.payer.is_none() && query.after.is_none();
    let now = now_in_seconds(app);
    let uncertain = if whole {
        app.store().uncertain(app.clock().now() - USUALLY_DECIDED_WITHIN).await?
    } else {
        Vec::new()
    };
    let (items, next) = app.store().failures(wanted, now).await?;
    let (payments, amount) = app.store().recoverable(now).await?;
    Ok(FailureList {
        uncertain: views(app, &uncertain, now).await?,
        items: views(app, &items, now).await?,
        next: next.as_ref().map(place_name),
        recoverable: MoneyCount::of(payments, amount, decimals_of(&assets)),
    })
}

pub(crate) async fn show(app: &App, name: PaymentName) -> Result<FailureView, ApiError> {
    let missing = || ApiError::not_found("payment", &name.payment);
    let failure = app.store().failure(payment_id(&name.payment)?).await?.ok_or_else(missing)?;
    let hindered = hindrances(app, failure.payment.asset.network).await?;
    Ok(view(&failure, now_in_seconds(app), &hindered))
}

const fn found(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Settled(_) | Outcome::SettledElsewhere(_) => {
            "Somebody submitted it already, and the money arrived."
        }
        Outcome::Cancelled(_) => "The buyer cancelled the authorization.",
        Outcome::Diverted(_) => "The buyer used the authorization for another transfer.",
        Outcome::Expired | Outcome::Failed(_) | Outcome::Unknown => "Nothing is decided.",
    }
}

pub(crate) async fn reopen(app: &App, name: PaymentName) -> Result<FailureView, ApiError> {
    let id = payment_id(&name.payment)?;
    let missing = || ApiError::not_found("payment", &name.payment);
    let payment = app.store().payment(id).await?.ok_or_else(missing)?;
    if !app.store().take_up_again(id, app.clock().now()).await? {
        let over = payment.state == PaymentState::WrittenOff && payment.valid_before <= now_in_seconds(app);
        let why = if over {
            "Its authorization is over, so it can never be settled."
        } else {
            "Only what was given up can be taken up again."
        };
        return Err(ApiError::new(ErrorCode::Conflict, why));
    }
    show(app, name).await
}

/// I7: what the seller says is a hint; what the transaction's events say is written down.
pub(crate) async fn settled_elsewhere(
    app: &App,
    request: PaymentTransaction,
) -> Result<FailureView, ApiError> {
    let conflict = |why: &str| Err(ApiError::new(ErrorCode::Conflict, why));
    let transaction = transaction_hash(&request.transaction)?;
    let id = payment_id(&request.payment)?;
    let missing = || ApiError::not_found("payment", &request.payment);
    let (asset_id, watched) = app.store().look_at(id).await?.ok_or_else(missing)?;
    if !matches!(watched.state, PaymentState::Queued | PaymentState::Failed | PaymentState::WrittenOff) {
        return conflict("It is decided, or on its way, so the chain itself decides it.");
    }
    let assets = app.store().assets().await?;
    let asset = asset_of(&assets, asset_id)?;
    let chain = chain_of(app, asset.network)?;
    let Some(outcome) = settler::proof_in(chain.as_ref(), asset, &watched.payment, transaction).await? else {
        return conflict("That transaction is in no block, or it says nothing about this payment.");
    };
    let looks = vec![(watched.payment.seq, Look::Proved(outcome))];
    if app.store().note_looks(looks, app.clock().now()).await?.is_empty() {
        return conflict(found(outcome));
    }
    show(app, PaymentName { payment: request.payment }).await
}

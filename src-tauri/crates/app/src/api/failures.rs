//! Failed and uncertain payments one by one, and what the seller can do about each.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy_primitives::{Address, B256, U256};
use chain::Chain;
use chrono::TimeDelta;
use domain::{
    Asset, AssetId, FailureReason, Mode, NetworkId, Outcome, PaymentId, PaymentSeq, PaymentState, Rail,
};
use serde::{Deserialize, Serialize};
use settler::{LaneState, Prospect, Wait};
use store::{Failure, FailurePlace, Look, Watched};
use ts_rs::TS;

use crate::api::attention::{missing_gas, why};
use crate::api::batches::asset_of;
use crate::api::money::{coin, decimals_of, native};
use crate::api::{MoneyCount, PaymentName, PaymentView};
use crate::engine::Standing;
use crate::facilitators::stands_in;
use crate::networks::title;
use crate::{ApiError, App, ErrorCode};

const LARGEST_PAGE: u32 = 200;
const USUAL_PAGE: u32 = 50;

/// How long a payment may be on its way before it is told as uncertain.
const USUALLY_DECIDED_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// The most payments of one retry.
const MOST_AT_ONCE: u32 = 1000;

/// How many payments one question to the chain covers.
const ASKED_TOGETHER: usize = 100;

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

/// A payment that was not settled, or of which nobody knows yet.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FailureView {
    /// The payment; its amount is what is at stake.
    #[serde(flatten)]
    pub payment: PaymentView,
    /// What is wrong, as one word: a reason, a state, or `on_its_way`.
    pub kind: String,
    /// The same as a sentence.
    pub sentence: String,
    /// Until when it can be settled, in Unix milliseconds.
    pub settle_until: i64,
    /// Seconds until then; null when that is over.
    pub seconds_left: Option<u64>,
    /// Whether it can still be saved.
    pub recoverable: bool,
    /// In how many batches it was.
    pub tries: u32,
    /// When the chain is asked next whether another try would help, in Unix milliseconds; null when it
    /// is not asked any more.
    pub next_try_at: Option<i64>,
    /// What the seller can do, the most helpful first.
    pub actions: Vec<FailureAction>,
    /// What the gas wallet needs, where that is what it waits for.
    pub top_up: Option<TopUpView>,
}

/// What the gas wallet needs before the next settlement can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TopUpView {
    /// The gas wallet.
    pub address: String,
    /// The least that is missing, in wei.
    pub wei: String,
    /// The same in the network's coin, with its point.
    pub formatted: String,
    /// That coin's symbol.
    pub coin: String,
    /// What to do, in a sentence.
    pub sentence: String,
}

/// What the seller can do about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FailureAction {
    /// Try it again at once (`payment_retry`).
    RetryNow,
    /// Let settling offer more for gas (`schedule_set`).
    RaiseCeiling,
    /// Send some of the network's coin to the gas wallet.
    TopUp,
    /// Have the network's facilitator settle it (`payment_retry` with the rail `facilitator`).
    SendThroughFacilitator,
    /// Look after the node, or choose another one.
    CheckNode,
    /// Name the transaction by which somebody else settled it (`payment_settled_elsewhere`).
    MarkSettledElsewhere,
    /// Sell nothing to this payer any more (`payer_set`).
    BlockPayer,
    /// Give it up (`payment_write_off`).
    WriteOff,
    /// Take it up again (`payment_reopen`).
    Reopen,
}

/// Which payments to try again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PaymentRetry {
    /// Their ids, 1000 at most.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub payments: Vec<String>,
    /// Or all that failed for this reason and can still be saved, 1000 at once.
    pub reason: Option<String>,
    /// Only put them back into the queue, to go with the next settlement. Otherwise everything that
    /// waits on their networks is settled now.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub later: bool,
    /// By which rail they go: `direct` for our own transactions, or `facilitator`. Absent is what their network says.
    pub rail: Option<String>,
}

/// What came of trying payments again.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PaymentsRetried {
    /// One for each payment.
    pub items: Vec<RetriedView>,
    /// How many are back in the queue.
    pub queued: u64,
    /// Why settling could not begin at once, one sentence for each network.
    pub hindered: Vec<String>,
}

/// What came of trying one payment again.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RetriedView {
    /// Its id.
    pub payment: String,
    /// Whether it is back in the queue.
    pub queued: bool,
    /// Where it stands now.
    pub state: String,
    /// What was found, in a sentence.
    pub sentence: String,
    /// What the gas wallet needs before it can be sent; null where that is not what it waits for.
    pub top_up: Option<TopUpView>,
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

/// What keeps a network from settling, as far as it can be helped.
#[derive(Default)]
struct Hindrances {
    top_up: Option<TopUpView>,
    facilitator: bool,
    too_dear: bool,
    offline: bool,
}

fn top_up(app: &App, network: NetworkId, missing: Option<U256>) -> Option<TopUpView> {
    let (missing, wallet) = missing.zip(app.keys().wallet())?;
    let (address, coin, formatted) = (wallet.address(), coin(Some(network)), native(missing));
    Some(TopUpView {
        sentence: format!(
            "Send at least {formatted} {coin} on {} to the gas wallet {address}; settling goes on by itself.",
            title(network)
        ),
        address: address.to_string(),
        wei: missing.to_string(),
        formatted,
        coin: coin.to_owned(),
    })
}

async fn hindrances(app: &App, network: NetworkId) -> Result<Hindrances, ApiError> {
    let Some(engine) = app.engine() else {
        return Ok(Hindrances::default());
    };
    let health = app.health_of(network).await;
    let ceiling = app.store().schedule(network).await?.policy.gas_ceiling;
    let blocked = matches!(engine.settler().state().await.get(&network), Some(LaneState::Blocked(_)));
    Ok(Hindrances {
        facilitator: stands_in(app.store(), network).await?,
        top_up: top_up(app, network, missing_gas(app, &health, network).await?),
        too_dear: ceiling.is_some_and(|ceiling| health.gas_price > ceiling),
        offline: health.offline.is_some() || (blocked && health.gas_price == 0),
    })
}

fn actions(failure: &Failure, now: u64, hindered: &Hindrances) -> Vec<FailureAction> {
    let payment = &failure.payment;
    let open = payment.valid_before > now;
    let mut actions = Vec::new();
    match payment.state {
        PaymentState::Queued | PaymentState::Settling => {
            if hindered.offline {
                actions.push(FailureAction::CheckNode);
            }
            if hindered.top_up.is_some() {
                actions.push(FailureAction::TopUp);
            }
            if hindered.too_dear {
                actions.push(FailureAction::RaiseCeiling);
            }
            if payment.state == PaymentState::Queued && hindered.facilitator {
                actions.push(FailureAction::SendThroughFacilitator);
            }
            if payment.state == PaymentState::Queued {
                actions.extend([FailureAction::RetryNow, FailureAction::MarkSettledElsewhere]);
            }
        }
        PaymentState::Failed => {
            if open && can_be_retried(payment.mode, payment.delivery) {
                actions.push(FailureAction::RetryNow);
                if hindered.facilitator {
                    actions.push(FailureAction::SendThroughFacilitator);
                }
            }
            actions.extend([
                FailureAction::MarkSettledElsewhere,
                FailureAction::BlockPayer,
                FailureAction::WriteOff,
            ]);
        }
        PaymentState::Expired => actions.push(FailureAction::WriteOff),
        PaymentState::Cancelled | PaymentState::Diverted => {
            actions.push(FailureAction::BlockPayer);
            if payment.final_at.is_some() {
                actions.push(FailureAction::WriteOff);
            }
        }
        PaymentState::WrittenOff => {
            // What was given up for its gas can only be sent, and that only while its window is open.
            if open || payment.reason != Some(FailureReason::NotWorthGas) {
                actions.push(FailureAction::Reopen);
            }
            actions.push(FailureAction::MarkSettledElsewhere);
        }
        PaymentState::Settled | PaymentState::SettledElsewhere | PaymentState::Voided => {}
    }
    actions
}

/// The buyer of an instant sale that failed before its first byte got nothing, and may have paid
/// another time.
fn can_be_retried(mode: Mode, delivery: domain::Delivery) -> bool {
    mode == Mode::Batched || delivery != domain::Delivery::Waiting
}

fn view(failure: &Failure, now: u64, hindered: &Hindrances) -> FailureView {
    let payment = &failure.payment;
    let (kind, sentence) = match (payment.state, payment.reason) {
        (PaymentState::Settling, _) => ("on_its_way", "It was sent and is not in a block yet."),
        (PaymentState::Queued, Some(reason)) => (reason.as_str(), reason.sentence()),
        (PaymentState::Queued, None) => ("queued", "It waits to be settled."),
        (PaymentState::Settled | PaymentState::SettledElsewhere, _) => {
            (payment.state.as_str(), "The money arrived.")
        }
        (PaymentState::Voided, _) => ("voided", "Nothing was delivered, so the authorization was dropped."),
        (state, reason) => why(state, reason),
    };
    let left = payment.valid_before.checked_sub(now).filter(|left| *left > 0);
    let until = i64::try_from(payment.valid_before).unwrap_or(i64::MAX);
    let watched = matches!(payment.state, PaymentState::Failed | PaymentState::WrittenOff);
    FailureView {
        kind: kind.to_owned(),
        sentence: sentence.to_owned(),
        settle_until: until.saturating_mul(1000),
        seconds_left: left,
        recoverable: left.is_some()
            && matches!(payment.state, PaymentState::Failed | PaymentState::Queued | PaymentState::Settling),
        tries: failure.tries,
        next_try_at: failure.next_look_at.filter(|_| watched).map(|at| at.timestamp_millis()),
        top_up: hindered.top_up.clone().filter(|_| payment.state.is_open()),
        actions: actions(failure, now, hindered),
        payment: payment.into(),
    }
}

async fn views(app: &App, failures: &[Failure], now: u64) -> Result<Vec<FailureView>, ApiError> {
    let mut hindered = BTreeMap::new();
    let mut views = Vec::with_capacity(failures.len());
    for failure in failures {
        let network = failure.payment.asset.network;
        if let std::collections::btree_map::Entry::Vacant(vacant) = hindered.entry(network) {
            vacant.insert(hindrances(app, network).await?);
        }
        if let Some(hindered) = hindered.get(&network) {
            views.push(view(failure, now, hindered));
        }
    }
    Ok(views)
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

async fn named(app: &App, request: &PaymentRetry) -> Result<Vec<PaymentId>, ApiError> {
    let most = usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX);
    match (&request.reason, request.payments.is_empty()) {
        (None, false) if request.payments.len() <= most => {
            request.payments.iter().map(|name| payment_id(name)).collect()
        }
        (None, false) => {
            Err(ApiError::invalid(format!("One command tries at most {MOST_AT_ONCE} payments.")))
        }
        (Some(reason), true) => {
            let (_, reason) = because(reason)?;
            let reason = reason.ok_or_else(|| {
                ApiError::invalid("What expired, was cancelled or diverted cannot be tried again.")
            })?;
            let now = now_in_seconds(app);
            let wanted = store::FailureQuery {
                state: Some(PaymentState::Failed),
                reason: Some(reason),
                limit: MOST_AT_ONCE,
                ..store::FailureQuery::default()
            };
            let (found, _) = app.store().failures(wanted, now).await?;
            let open = found.into_iter().filter(|failure| failure.payment.valid_before > now);
            Ok(open.map(|failure| failure.payment.id).collect())
        }
        (None, true) | (Some(_), false) => {
            Err(ApiError::invalid("Name the payments to try again, or the reason they share."))
        }
    }
}

pub(crate) async fn retry(app: &App, request: PaymentRetry) -> Result<PaymentsRetried, ApiError> {
    let ids = named(app, &request).await?;
    let rail = request.rail.as_deref().map(rail).transpose()?;
    let assets = app.store().assets().await?;
    let mut items = BTreeMap::new();
    let mut asked: BTreeMap<AssetId, Vec<Watched>> = BTreeMap::new();
    for id in &ids {
        let missing = || ApiError::not_found("payment", &id.to_string());
        let (asset, watched) = app.store().look_at(*id).await?.ok_or_else(missing)?;
        let refusal = match watched.state {
            PaymentState::Failed if can_be_retried(watched.payment.mode, watched.delivery) => None,
            PaymentState::Failed => Some("Its buyer got nothing for it and may have paid another time."),
            PaymentState::Queued if rail.is_none() => Some("It waits to be settled already."),
            PaymentState::Queued => None,
            PaymentState::Settling => Some("It is on its way; the chain decides it."),
            PaymentState::WrittenOff => Some("It was given up; take it up again first."),
            PaymentState::Settled
            | PaymentState::SettledElsewhere
            | PaymentState::Expired
            | PaymentState::Cancelled
            | PaymentState::Diverted
            | PaymentState::Voided => Some("It is decided."),
        };
        match refusal {
            Some(sentence) => drop(items.insert(*id, (false, sentence.to_owned()))),
            None => asked.entry(asset).or_default().push(watched),
        }
    }
    let mut queued_on = Vec::new();
    for (id, watched) in &asked {
        let asset = asset_of(&assets, *id)?;
        if rail == Some(Rail::Facilitator) && !stands_in(app.store(), asset.network).await? {
            let why = format!("No facilitator is set up for {}.", title(asset.network));
            return Err(ApiError::new(ErrorCode::Conflict, why));
        }
        let chain = chain_of(app, asset.network)?;
        for watched in watched.chunks(ASKED_TOGETHER) {
            let payments: Vec<_> = watched.iter().map(|watched| &watched.payment).collect();
            let prospects = settler::examine(chain.as_ref(), asset, &payments, app.clock().now()).await?;
            let (looks, told): (Vec<_>, Vec<_>) = payments
                .iter()
                .zip(prospects)
                .map(|(payment, prospect)| {
                    let (look, sentence) = by_hand(prospect);
                    (look.map(|look| (payment.seq, look)), (payment.id, payment.seq, sentence))
                })
                .unzip();
            let looks: Vec<(PaymentSeq, Look)> = looks.into_iter().flatten().collect();
            let retried: Vec<_> =
                looks.iter().filter(|(_, look)| *look == Look::Retry).map(|(seq, _)| *seq).collect();
            // Before they are back in the queue, so that they go by no other.
            if rail.is_some() {
                app.store().want_rail(retried.clone(), rail).await?;
            }
            let waiting: Vec<_> = watched
                .iter()
                .filter(|watched| watched.state == PaymentState::Queued)
                .map(|watched| watched.payment.seq)
                .collect();
            let moved = app.store().note_looks(looks, app.clock().now()).await?;
            for (payment, seq, sentence) in told {
                let queued = retried.contains(&seq) && (moved.contains(&seq) || waiting.contains(&seq));
                if queued && !queued_on.contains(&asset.network) {
                    queued_on.push(asset.network);
                }
                items.insert(payment, (queued, sentence.to_owned()));
            }
        }
    }
    let mut needed = BTreeMap::new();
    for network in &queued_on {
        let top_up = hindrances(app, *network).await?.top_up;
        needed.extend(top_up.map(|top_up| (*network, top_up)));
    }
    let mut hindered = Vec::new();
    if !request.later {
        for network in queued_on {
            if let Err(error) = app.working()?.settler().settle_now(Some(network), Wait::No).await {
                hindered.push(ApiError::from(error).message);
            }
        }
    }
    let mut views = Vec::with_capacity(ids.len());
    for id in ids {
        let Some((queued, mut sentence)) = items.remove(&id) else { continue };
        let payment = app.store().payment(id).await?;
        let needed = payment.as_ref().and_then(|payment| needed.get(&payment.asset.network));
        let wait = needed.filter(|_| queued);
        if let Some(needed) = wait {
            sentence = format!("{sentence} It waits for gas. {}", needed.sentence);
        }
        views.push(RetriedView {
            payment: id.to_string(),
            queued,
            state: payment.map(|payment| payment.state.to_string()).unwrap_or_default(),
            sentence,
            top_up: wait.cloned(),
        });
    }
    let queued = views.iter().filter(|view| view.queued).count() as u64;
    Ok(PaymentsRetried { items: views, queued, hindered })
}

fn rail(text: &str) -> Result<Rail, ApiError> {
    text.parse().map_err(|()| ApiError::invalid("A payment goes by the rail direct or facilitator."))
}

/// What a press of *retry* does, by how the chain stands.
const fn by_hand(prospect: Prospect) -> (Option<Look>, &'static str) {
    match prospect {
        Prospect::Open => (Some(Look::Retry), "It is back in the queue."),
        Prospect::Over => (Some(Look::Over), "Its window is over; it can never be settled."),
        Prospect::Proved(outcome) => (Some(Look::Proved(outcome)), found(outcome)),
        Prospect::Unclear => {
            (None, "The chain does not say yet whether it was settled or can be. Try again in a minute.")
        }
    }
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

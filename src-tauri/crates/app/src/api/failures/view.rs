//! What is shown of a payment that was not settled, and which actions it has.

use std::collections::BTreeMap;

use alloy_primitives::U256;
use domain::{FailureReason, Mode, NetworkId, PaymentState};
use serde::Serialize;
use settler::LaneState;
use store::Failure;
use ts_rs::TS;

use crate::api::PaymentView;
use crate::api::attention::{missing_gas, why};
use crate::api::money::{coin, native};
use crate::facilitators::stands_in;
use crate::networks::title;
use crate::{ApiError, App};

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

/// What keeps a network from settling, as far as it can be helped.
#[derive(Default)]
pub(super) struct Hindrances {
    pub(super) top_up: Option<TopUpView>,
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

pub(super) async fn hindrances(app: &App, network: NetworkId) -> Result<Hindrances, ApiError> {
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
pub(super) fn can_be_retried(mode: Mode, delivery: domain::Delivery) -> bool {
    mode == Mode::Batched || delivery != domain::Delivery::Waiting
}

pub(super) fn view(failure: &Failure, now: u64, hindered: &Hindrances) -> FailureView {
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

pub(super) async fn views(app: &App, failures: &[Failure], now: u64) -> Result<Vec<FailureView>, ApiError> {
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

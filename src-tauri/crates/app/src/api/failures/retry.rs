//! Tries payments again: those that failed, and those that wait for another rail.

use std::collections::BTreeMap;

use domain::{AssetId, PaymentId, PaymentSeq, PaymentState, Rail};
use serde::{Deserialize, Serialize};
use settler::{Prospect, Wait};
use store::{Look, Watched};
use ts_rs::TS;

use super::view::{TopUpView, can_be_retried, hindrances};
use super::{because, chain_of, found, now_in_seconds, payment_id};
use crate::api::batches::asset_of;
use crate::facilitators::stands_in;
use crate::networks::title;
use crate::{ApiError, App, ErrorCode};

/// The most payments of one retry.
const MOST_AT_ONCE: u32 = 1000;

/// How many payments one question to the chain covers.
const ASKED_TOGETHER: usize = 100;

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

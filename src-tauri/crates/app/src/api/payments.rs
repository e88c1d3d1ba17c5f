use std::collections::BTreeSet;

use domain::{Delivery, PaymentId, PaymentSeq, PaymentState, Rail};
use serde::{Deserialize, Serialize};
use store::{Payment, PaymentPage, Total, Undelivered};
use ts_rs::TS;

use crate::api::endpoints::find;
use crate::api::money::{Summing, decimals_of};
use crate::api::payers::address;
use crate::api::{MoneySummary, MoneyView, PaymentDetailView};
use crate::{ApiError, App};

/// How many payments a page has at most.
const LARGEST_PAGE: u32 = 1000;
const USUAL_PAGE: u32 = 50;

/// Which payments to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PaymentQuery {
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those in one of these states.
    pub states: Option<Vec<String>>,
    /// Only those for the endpoint of this path or id.
    pub endpoint: Option<String>,
    /// Only those that the payer of this address made.
    pub payer: Option<String>,
    /// `interrupted` or `waiting`: only those that are owed and have not arrived, broken off or not begun.
    pub delivery: Option<String>,
    /// At most this many, 50 by default, 1000 at most.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub before: Option<String>,
}

/// Names a payment by its id.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PaymentName {
    /// Its id.
    pub payment: String,
}

/// A page of payments.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PaymentList {
    /// Newest first.
    pub items: Vec<PaymentView>,
    /// Where the next page begins; null when this is the last.
    pub next: Option<String>,
    /// How many there are of them on all pages.
    pub total: u64,
    /// What those come to.
    pub summary: MoneySummary,
    /// What helps their buyers, where they were asked for by their delivery.
    pub help: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PaymentView {
    /// Its id, which buyers know as the commitment id.
    pub id: String,
    /// Where it stands.
    pub state: String,
    /// Why it could not be settled, as one word.
    pub reason: Option<String>,
    /// The same as a sentence.
    pub reason_sentence: Option<String>,
    /// The endpoint's path.
    pub endpoint: String,
    /// The endpoint's id.
    pub endpoint_id: String,
    /// The endpoint's name.
    pub endpoint_title: String,
    /// Who paid.
    pub payer: String,
    /// How much.
    #[serde(flatten)]
    pub money: MoneyView,
    /// CAIP-2.
    pub network: String,
    /// Where the money goes.
    pub pay_to: String,
    /// The token's contract.
    pub asset: String,
    /// The authorization's nonce.
    pub nonce: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix seconds; the authorization holds strictly after.
    pub valid_after: u64,
    /// Unix seconds; the authorization holds strictly before.
    pub valid_before: u64,
    /// The protocol version it came in.
    pub protocol: u8,
    /// batched or instant.
    pub mode: String,
    /// How far its bytes have got.
    pub delivery: String,
    /// How many of them.
    pub bytes_sent: u64,
    /// The batch it is or was last in.
    pub batch: Option<i64>,
    /// By which rail it goes or went: `direct` for our own transactions, or `facilitator`; null before.
    pub rail: Option<String>,
    /// The facilitator that was asked, as scheme and host.
    pub facilitator: Option<String>,
    /// The transaction that settled it, or is meant to.
    pub transaction: Option<String>,
    /// The block that decided it.
    pub block: Option<u64>,
    /// Since when that is final, in Unix milliseconds.
    pub final_at: Option<i64>,
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        Self {
            id: payment.id.to_string(),
            state: payment.state.to_string(),
            reason: payment.reason.map(|reason| reason.to_string()),
            reason_sentence: payment.reason.map(|reason| reason.sentence().to_owned()),
            endpoint: payment.path.to_string(),
            endpoint_id: payment.endpoint.to_string(),
            endpoint_title: payment.endpoint_title.clone(),
            payer: payment.payer.to_string(),
            money: MoneyView::of(payment.amount, &payment.asset),
            network: payment.asset.network.to_string(),
            pay_to: payment.pay_to.to_string(),
            asset: payment.asset.address.to_string(),
            nonce: payment.nonce.to_string(),
            created_at: payment.accepted_at.timestamp_millis(),
            valid_after: payment.valid_after,
            valid_before: payment.valid_before,
            protocol: payment.protocol,
            mode: payment.mode.to_string(),
            delivery: payment.delivery.to_string(),
            bytes_sent: payment.bytes_sent,
            batch: payment.batch.map(|batch| batch.0),
            rail: rail(payment).map(|rail| rail.to_string()),
            facilitator: payment.facilitator.clone(),
            transaction: payment.transaction.map(|hash| hash.to_string()),
            block: payment.block,
            final_at: payment.final_at.map(|at| at.timestamp_millis()),
        }
    }
}

/// What a batch was opened for went by one of the two.
fn rail(payment: &Payment) -> Option<Rail> {
    let was_sent = payment.batch.is_some() && payment.state != PaymentState::Queued;
    match (&payment.facilitator, was_sent) {
        (_, false) => None,
        (Some(_), true) => Some(Rail::Facilitator),
        (None, true) => payment.transaction.map(|_| Rail::Direct),
    }
}

fn states(query: &PaymentQuery) -> Result<Vec<PaymentState>, ApiError> {
    let named = query.state.iter().chain(query.states.iter().flatten());
    let states = named.map(|name| name.parse::<PaymentState>()).collect::<Result<BTreeSet<_>, _>>();
    let states = states.map_err(|error| {
        let known: Vec<_> = PaymentState::ALL.iter().map(|state| state.as_str()).collect();
        ApiError::invalid(format!("{error}. The states are {}.", known.join(", ")))
    })?;
    Ok(states.into_iter().collect())
}

pub(crate) async fn list(app: &App, query: PaymentQuery) -> Result<PaymentList, ApiError> {
    let states = states(&query)?;
    let before = query
        .before
        .as_deref()
        .map(str::parse::<PaymentSeq>)
        .transpose()
        .map_err(|_| ApiError::invalid("The page's begin is not one that a page before it gave."))?;
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} payments.")));
    }
    let endpoint = match &query.endpoint {
        Some(name) => Some(find(app, name).await?.endpoint.id),
        None => None,
    };
    let payer = query.payer.as_deref().map(address).transpose()?;
    let decimals = decimals_of(&app.store().assets().await?);
    if let Some(delivery) = query.delivery.as_deref().map(undelivered).transpose()? {
        let wanted = Undelivered { delivery, states, endpoint, payer };
        let (page, totals) = app.store().undelivered(&wanted, before, limit).await?;
        return Ok(listed(&page, &totals, decimals, Some(help(delivery))));
    }
    let mut totals = match (payer, endpoint) {
        (Some(payer), endpoint) => app.store().payer_totals(payer, endpoint).await?,
        (None, Some(endpoint)) => app.store().endpoint_totals(endpoint).await?,
        (None, None) => app.store().totals().await?,
    };
    totals.retain(|total| states.is_empty() || states.contains(&total.state));
    let page = app.store().payments(store::PaymentQuery { states, endpoint, payer, before, limit }).await?;
    Ok(listed(&page, &totals, decimals, None))
}

fn listed(page: &PaymentPage, totals: &[Total], decimals: u8, help: Option<&str>) -> PaymentList {
    PaymentList {
        items: page.items.iter().map(PaymentView::from).collect(),
        next: page.next.map(|next| next.to_string()),
        total: totals.iter().map(|total| total.payments).sum(),
        summary: Summing::of(totals).view(decimals),
        help: help.map(str::to_owned),
    }
}

fn undelivered(word: &str) -> Result<Delivery, ApiError> {
    match word.parse() {
        Ok(delivery @ (Delivery::Waiting | Delivery::Interrupted)) => Ok(delivery),
        Ok(Delivery::Streaming | Delivery::Delivered) | Err(_) => {
            Err(ApiError::invalid(format!("Write interrupted or waiting, not {word:?}.")))
        }
    }
}

/// What helps a buyer whose purchase has not arrived.
const fn help(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => {
            "Nothing of these has left yet: a download is about to begin, or its link was not opened so far. The buyer opens \
             the link, or asks again with a fresh signature of the same wallet, and is not charged again."
        }
        Delivery::Streaming | Delivery::Interrupted | Delivery::Delivered => {
            "These broke off. The buyer opens the download link again, which goes on where it stopped, or asks again with a \
             fresh signature of the same wallet, and is not charged again. You can give the money back, too."
        }
    }
}

pub(crate) async fn show(app: &App, name: PaymentName) -> Result<PaymentDetailView, ApiError> {
    let missing = || ApiError::not_found("payment", &name.payment);
    let id: PaymentId = name.payment.parse().map_err(|_| missing())?;
    let payment = app.store().payment(id).await?.ok_or_else(missing)?;
    let history = app.store().history(payment.seq).await?;
    Ok(PaymentDetailView::of(&payment, &history))
}

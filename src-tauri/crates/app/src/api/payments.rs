use std::collections::BTreeSet;

use domain::{Amount, Asset, AssetId, Delivery, PaymentId, PaymentSeq, PaymentState, Rail};
use serde::{Deserialize, Serialize};
use store::{Narrow, Payment, PaymentPage, Total, Undelivered};
use ts_rs::TS;

use crate::api::endpoints::find;
use crate::api::money::{Summing, decimals_of};
use crate::api::payers::address;
use crate::api::reports::day_of;
use crate::api::{MoneySummary, MoneyView, PaymentDetailView};
use crate::{ApiError, App};

/// How many payments a page has at most.
const LARGEST_PAGE: u32 = 1000;
const USUAL_PAGE: u32 = 50;
/// How many characters a note has at most.
const LONGEST_NOTE: usize = 2000;
/// The end of the year 9999.
const LAST_DAY: i64 = 2_932_896;

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
    /// On this network, in CAIP-2.
    pub network: Option<String>,
    /// Accepted on this UTC day or later, such as `2026-11-01`.
    pub from: Option<String>,
    /// Accepted on this UTC day or earlier.
    pub to: Option<String>,
    /// Of at least this much, such as `0.05`.
    pub least: Option<String>,
    /// Of at most this much.
    pub most: Option<String>,
    /// Only those whose id, payer, transaction or nonce begins with this, at least four hexadecimal digits
    /// of it, or whose endpoint has it in its name or path.
    pub search: Option<String>,
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
    /// Which file of a folder was bought, by its path in it; null where the endpoint is bought as a whole.
    pub file: Option<String>,
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
            file: payment.file.clone(),
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

/// Which payments a query is of, as the store takes it.
pub(crate) enum Wanted {
    /// Whatever became of their content.
    Any(store::PaymentQuery),
    /// Those that have not arrived.
    Undelivered(Undelivered),
}

impl Wanted {
    pub(crate) async fn of(
        app: &App,
        query: &PaymentQuery,
        assets: &[(AssetId, Asset)],
    ) -> Result<Self, ApiError> {
        let states = states(query)?;
        let endpoint = match &query.endpoint {
            Some(name) => Some(find(app, name).await?.endpoint.id),
            None => None,
        };
        let payer = query.payer.as_deref().map(address).transpose()?;
        let narrow = narrow(query, assets)?;
        Ok(match query.delivery.as_deref().map(undelivered).transpose()? {
            Some(delivery) => Self::Undelivered(Undelivered { delivery, states, endpoint, payer, narrow }),
            None => Self::Any(store::PaymentQuery {
                states,
                endpoint,
                payer,
                narrow,
                ..store::PaymentQuery::default()
            }),
        })
    }

    /// A page of them, newest first.
    pub(crate) async fn page(
        &self,
        app: &App,
        before: Option<PaymentSeq>,
        limit: u32,
    ) -> Result<PaymentPage, ApiError> {
        Ok(match self {
            Self::Any(wanted) => {
                app.store().payments(store::PaymentQuery { before, limit, ..wanted.clone() }).await?
            }
            Self::Undelivered(wanted) => app.store().undelivered(wanted, before, limit).await?,
        })
    }

    /// The sums by state of all of them.
    async fn totals(&self, app: &App) -> Result<Vec<Total>, ApiError> {
        Ok(match self {
            Self::Any(wanted) => app.store().totals_of(wanted.clone()).await?,
            Self::Undelivered(wanted) => app.store().undelivered_totals(wanted).await?,
        })
    }

    /// What helps their buyers.
    const fn help(&self) -> Option<&'static str> {
        match self {
            Self::Any(_) => None,
            Self::Undelivered(wanted) => Some(help(wanted.delivery)),
        }
    }
}

pub(crate) async fn list(app: &App, query: PaymentQuery) -> Result<PaymentList, ApiError> {
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
    let assets = app.store().assets().await?;
    let wanted = Wanted::of(app, &query, &assets).await?;
    let page = wanted.page(app, before, limit).await?;
    let totals = wanted.totals(app).await?;
    Ok(PaymentList {
        items: page.items.iter().map(PaymentView::from).collect(),
        next: page.next.map(|next| next.to_string()),
        total: totals.iter().map(|total| total.payments).sum(),
        summary: Summing::of(&totals).view(decimals_of(&assets)),
        help: wanted.help().map(str::to_owned),
    })
}

/// The UTC days of a query, both included.
fn days(query: &PaymentQuery) -> Result<Option<(i64, i64)>, ApiError> {
    let from = query.from.as_deref().map(day_of).transpose()?;
    let to = query.to.as_deref().map(day_of).transpose()?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(ApiError::invalid("The first day comes before the last."));
    }
    Ok((from.is_some() || to.is_some()).then(|| (from.unwrap_or(0), to.unwrap_or(LAST_DAY))))
}

fn narrow(query: &PaymentQuery, assets: &[(AssetId, Asset)]) -> Result<Narrow, ApiError> {
    let decimals = decimals_of(assets);
    let of_network = |name: &String| {
        let ids: Vec<_> = assets
            .iter()
            .filter(|(_, asset)| asset.network.to_string() == *name)
            .map(|(id, _)| *id)
            .collect();
        if ids.is_empty() { Err(ApiError::not_found("network", name)) } else { Ok(ids) }
    };
    Ok(Narrow {
        days: days(query)?,
        assets: query.network.as_ref().map(of_network).transpose()?,
        least: query.least.as_deref().map(|text| bound(text, decimals)).transpose()?,
        most: query.most.as_deref().map(|text| bound(text, decimals)).transpose()?,
        text: query.search.as_deref().and_then(sought),
    })
}

/// The end of a range of amounts.
fn bound(text: &str, decimals: u8) -> Result<Amount, ApiError> {
    Amount::from_decimal(text.trim(), decimals)
        .map_err(|error| ApiError::invalid(format!("{text:?} is not an amount: {error}.")))
}

/// What is looked for, as the store takes it; nothing where nothing was written.
fn sought(text: &str) -> Option<String> {
    Some(text.trim().to_lowercase()).filter(|text| !text.is_empty())
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
    let note = app.store().payment_note(payment.seq).await?;
    let cost = app.store().payment_cost(payment.seq).await?;
    let receipt = app.engine().map(|engine| engine.receipt(id));
    Ok(PaymentDetailView::of(&payment, &history, receipt, note, cost))
}

/// What to write beside a payment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PaymentNote {
    /// Its id.
    pub payment: String,
    /// At most 2000 characters; nothing takes the note away.
    pub note: String,
}

/// Writes something beside a payment. It stays on this computer: no buyer, export or webhook is told of it.
pub(crate) async fn note(app: &App, request: PaymentNote) -> Result<PaymentDetailView, ApiError> {
    let missing = || ApiError::not_found("payment", &request.payment);
    let id: PaymentId = request.payment.parse().map_err(|_| missing())?;
    let note = request.note.trim().to_owned();
    if note.chars().count() > LONGEST_NOTE {
        return Err(ApiError::invalid(format!("A note has at most {LONGEST_NOTE} characters.")));
    }
    app.store().payment(id).await?.ok_or_else(missing)?;
    app.store().note_payment(id, note, app.clock().now()).await?;
    show(app, PaymentName { payment: request.payment }).await
}

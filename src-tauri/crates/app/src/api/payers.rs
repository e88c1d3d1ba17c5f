//! Who has paid, what became of it, and how far each payer is trusted.

use alloy_primitives::Address;
use domain::{Amount, Asset, AssetId, CAP_DECIMALS, PayerStanding, PaymentState, in_millionths};
use serde::{Deserialize, Serialize};
use store::{PayerOrder, PayerRow, StandingRow, Tallied};
use ts_rs::TS;

use crate::api::MoneyCount;
use crate::api::exposure::{ExposureShareView, policy, rfc3339, share};
use crate::{ApiError, App, ErrorCode};

const LARGEST_PAGE: u32 = 200;
const USUAL_PAGE: u32 = 50;

/// Which payers to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PayerQuery {
    /// recent (by their first payment; the default), settled, exposed or lost: the largest first. The
    /// last three leave out who has none of it.
    pub sort: Option<String>,
    /// Only those who stand there: trusted, instant_only or blocked; the last to get there first.
    pub standing: Option<String>,
    /// At most this many, 50 by default, 200 at most.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub before: Option<String>,
}

/// A page of payers.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayerList {
    /// One item for each token a payer has paid in.
    pub items: Vec<PayerView>,
    /// Where the next page begins; null when this is the last.
    pub next: Option<String>,
}

/// Names a payer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PayerName {
    /// Its address.
    pub payer: String,
}

/// Says how far a payer is trusted.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PayerSet {
    /// Its address.
    pub payer: String,
    /// normal, trusted, instant_only or blocked; unblocked lifts a block and leaves caution where there is reason for it.
    pub standing: String,
}

/// What is known of a payer in one token.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayerView {
    /// Who.
    pub payer: String,
    /// CAIP-2; null for a payer who never paid.
    pub network: Option<String>,
    /// When the first payment was accepted, as RFC 3339.
    pub first_seen_at: Option<String>,
    /// When the last one was.
    pub last_seen_at: Option<String>,
    /// All that was accepted.
    pub accepted: MoneyCount,
    /// What came on chain.
    pub settled: MoneyCount,
    /// What failed, expired, was cancelled, diverted or written off.
    pub lost: MoneyCount,
    /// What is open and was delivered before its money arrived.
    pub exposed: MoneyCount,
    /// How far the payer is trusted.
    #[serde(flatten)]
    pub standing: StandingView,
}

/// How far a payer is trusted.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StandingView {
    /// normal, trusted, instant_only or blocked.
    pub standing: String,
    /// What that means and how it came, for a person.
    pub standing_sentence: String,
    /// The outcome of a payment that put the payer there; null where the seller chose.
    pub standing_because: Option<String>,
    /// The id of that payment.
    pub standing_payment: Option<String>,
    /// Since when, as RFC 3339; null for those who always stood there.
    pub standing_since: Option<String>,
}

/// One payer.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayerDetailView {
    /// Who.
    pub payer: String,
    /// How far the payer is trusted.
    #[serde(flatten)]
    pub standing: StandingView,
    /// What is open in all tokens, against the cap of one payer.
    pub exposure: ExposureShareView,
    /// What is known by token; empty for a payer who never paid.
    pub tokens: Vec<PayerView>,
}

pub(crate) async fn list(app: &App, query: PayerQuery) -> Result<PayerList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} payers.")));
    }
    let order = order(&query)?;
    let before = query
        .before
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| ApiError::invalid("The page's begin is not one that a page before it gave."))?;
    let assets = app.store().assets().await?;
    let page = app.store().payers(order, before, limit).await?;
    Ok(PayerList {
        items: page.items.iter().map(|row| view(row, &assets)).collect(),
        next: page.next.map(|next| next.to_string()),
    })
}

fn order(query: &PayerQuery) -> Result<PayerOrder, ApiError> {
    match (&query.standing, query.sort.as_deref()) {
        (Some(_), Some(_)) => Err(ApiError::invalid("Payers of one standing come in an order of their own.")),
        (Some(word), None) => match word.parse() {
            Ok(PayerStanding::Normal) | Err(_) => {
                Err(ApiError::invalid("The standings to list are trusted, instant_only and blocked."))
            }
            Ok(standing) => Ok(PayerOrder::Standing(standing)),
        },
        (None, None | Some("recent")) => Ok(PayerOrder::FirstSeen),
        (None, Some("settled")) => Ok(PayerOrder::Settled),
        (None, Some("exposed")) => Ok(PayerOrder::Exposed),
        (None, Some("lost")) => Ok(PayerOrder::Lost),
        (None, Some(_)) => Err(ApiError::invalid("Payers are sorted by recent, settled, exposed or lost.")),
    }
}

pub(crate) async fn show(app: &App, name: PayerName) -> Result<PayerDetailView, ApiError> {
    let payer = address(&name.payer)?;
    let rows = app.store().payer(payer).await?;
    if rows.is_empty() {
        return Err(ApiError::not_found("payer", &name.payer));
    }
    detail(app, payer, &rows).await
}

pub(crate) async fn set(app: &App, request: PayerSet) -> Result<PayerDetailView, ApiError> {
    let payer = address(&request.payer)?;
    let standing: PayerStanding = match request.standing.as_str() {
        UNBLOCKED => unblocked(app, payer).await?,
        word => word.parse().map_err(|error| ApiError::invalid(format!("{error}.").replacen('t', "T", 1)))?,
    };
    app.store().set_standing(payer, standing, app.clock().now()).await?;
    // Buyers meet it from the next request on.
    app.on_the_shelf().await;
    let rows = app.store().payer(payer).await?;
    detail(app, payer, &rows).await
}

/// The word that lifts a block and nothing else.
const UNBLOCKED: &str = "unblocked";

/// How a payer stands once the block is lifted: whose payments came to nothing pays first, as before the block.
async fn unblocked(app: &App, payer: Address) -> Result<PayerStanding, ApiError> {
    let rows = app.store().payer(payer).await?;
    let standing = rows.first().map(|row| row.standing).unwrap_or_default();
    if standing.standing != PayerStanding::Blocked {
        let how = sentence(&standing);
        return Err(ApiError::new(ErrorCode::Conflict, format!("This payer is not blocked. {how}"))
            .by(format!("stallkeeper payer reset {payer}")));
    }
    let lost = rows.iter().any(|row| row.lost.payments > 0);
    Ok(if lost { PayerStanding::InstantOnly } else { PayerStanding::Normal })
}

async fn detail(app: &App, payer: Address, rows: &[PayerRow]) -> Result<PayerDetailView, ApiError> {
    let assets = app.store().assets().await?;
    let policy = policy(app).await?;
    let (mut payments, mut exposed, mut settled) = (0, Amount::ZERO, 0);
    for row in rows {
        let counted = in_millionths(row.exposed.amount, decimals(row, &assets));
        payments += row.exposed.payments;
        settled += row.settled.payments;
        exposed = exposed.checked_add(counted).unwrap_or(Amount::MAX);
    }
    let standing = rows.first().map(|row| row.standing).unwrap_or_default();
    let cap = match standing.standing {
        PayerStanding::Trusted | PayerStanding::InstantOnly | PayerStanding::Blocked => None,
        PayerStanding::Normal if settled == 0 => {
            policy.per_new_payer.into_iter().chain(policy.per_payer).min()
        }
        PayerStanding::Normal => policy.per_payer,
    };
    Ok(PayerDetailView {
        payer: payer.to_string(),
        standing: StandingView::from(&standing),
        exposure: share(payments, exposed, cap),
        tokens: rows.iter().filter(|row| row.asset.is_some()).map(|row| view(row, &assets)).collect(),
    })
}

pub(crate) fn address(text: &str) -> Result<Address, ApiError> {
    text.trim().parse().map_err(|_| ApiError::invalid("A payer is an address: 0x and 40 hexadecimal digits."))
}

fn decimals(row: &PayerRow, assets: &[(AssetId, Asset)]) -> u8 {
    let asset = assets.iter().find(|(id, _)| Some(*id) == row.asset);
    asset.map_or(CAP_DECIMALS, |(_, asset)| asset.decimals)
}

fn view(row: &PayerRow, assets: &[(AssetId, Asset)]) -> PayerView {
    let network = assets.iter().find(|(id, _)| Some(*id) == row.asset).map(|(_, asset)| asset.network);
    let decimals = decimals(row, assets);
    let money = |tallied: Tallied| MoneyCount::of(tallied.payments, tallied.amount, decimals);
    PayerView {
        payer: row.payer.to_string(),
        network: network.map(|network| network.to_string()),
        first_seen_at: row.first_seen_at.map(rfc3339),
        last_seen_at: row.last_seen_at.map(rfc3339),
        accepted: money(row.accepted),
        settled: money(row.settled),
        lost: money(row.lost),
        exposed: money(row.exposed),
        standing: StandingView::from(&row.standing),
    }
}

impl From<&StandingRow> for StandingView {
    fn from(row: &StandingRow) -> Self {
        Self {
            standing: row.standing.to_string(),
            standing_sentence: sentence(row).to_owned(),
            standing_because: row.because.map(|state| state.to_string()),
            standing_payment: row.payment.map(|payment| payment.to_string()),
            standing_since: row.changed_at.map(rfc3339),
        }
    }
}

const fn sentence(row: &StandingRow) -> &'static str {
    match (row.standing, row.because) {
        (PayerStanding::Normal, _) => "Served as the caps allow.",
        (PayerStanding::Trusted, _) => "You trust this payer beyond the caps of a single one.",
        (PayerStanding::Blocked, _) => "You sell this payer nothing. What was paid for can still be fetched.",
        (PayerStanding::InstantOnly, Some(PaymentState::Cancelled)) => {
            "Served once the money has arrived, because this payer cancelled a payment."
        }
        (PayerStanding::InstantOnly, Some(PaymentState::Diverted)) => {
            "Served once the money has arrived, because this payer sent a payment's money elsewhere."
        }
        (PayerStanding::InstantOnly, Some(_)) => {
            "Served once the money has arrived, because a payment of this payer failed."
        }
        (PayerStanding::InstantOnly, None) => "Served once the money has arrived, as you chose.",
    }
}

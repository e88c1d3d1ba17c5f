use std::sync::Arc;

use ::practice::{Practice, Protocol, Purchase};
use alloy_primitives::{Address, B256};
use domain::{Amount, AuthorizationKey, CanonicalPath, EndpointState};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::networks::address;
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode, random};

/// The practice token has six decimal places, as USDC has everywhere.
const DECIMALS: u8 = 6;

/// The most test purchases one command makes.
const MOST_PURCHASES: u32 = 10_000;

/// How many test purchases are under way at the same time.
const AT_ONCE: usize = 8;

/// Mints practice money.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PracticeFund {
    /// The accounts that get it.
    pub addresses: Vec<String>,
    /// How much each of them gets, as a decimal.
    pub amount: String,
}

/// Practice money that was minted.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PracticeFunded {
    /// The accounts that got it.
    pub addresses: Vec<String>,
    /// How much each of them got, in atomic units.
    pub amount: String,
    /// Decimal places.
    pub decimals: u8,
    /// The amount with its point.
    pub formatted: String,
}

/// Makes test purchases.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PracticeBuy {
    /// The path of what to buy, with its query if it has one.
    pub path: String,
    /// How often; once by default.
    pub times: Option<u32>,
    /// By how many buyers in turn; a fresh one for each purchase by default.
    pub payers: Option<u32>,
    /// `v1` or `v2` (default).
    pub protocol: Option<String>,
    /// Whether the buyers move their money away once they have bought, so that what is not settled by then fails. They
    /// keep it by default.
    pub moves_away: Option<bool>,
}

/// How test purchases went.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PurchaseList {
    /// One for each purchase.
    pub items: Vec<PurchaseView>,
    /// How many of them brought the content.
    pub bought: u64,
    /// Why some or all buyers may have kept their money that were to move it away; null where none has, or was to.
    pub not_moved: Option<String>,
}

/// How a test purchase went.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PurchaseView {
    /// The status of the last answer.
    pub status: Option<u16>,
    /// The buyer.
    pub payer: String,
    /// The price in atomic units, once it was read; null of what costs nothing.
    pub amount: Option<String>,
    /// Bytes of content.
    pub bytes: u64,
    /// Their SHA-256 as hexadecimal digits.
    pub sha256: Option<String>,
    /// The settlement's transaction, where the answer named one.
    pub transaction: Option<String>,
    /// Why nothing was bought.
    pub error: Option<String>,
    /// Whether the buyer owned it already, so that it was fetched again and nothing was paid.
    pub owned: bool,
}

fn chain(app: &App) -> Result<&Arc<Practice>, ApiError> {
    app.working()?.practice().ok_or_else(|| {
        ApiError::new(ErrorCode::Conflict, "Practice money exists in the practice environment only.")
    })
}

pub(crate) async fn fund(app: &App, request: PracticeFund) -> Result<PracticeFunded, ApiError> {
    let amount = Amount::from_decimal(request.amount.trim(), DECIMALS).map_err(|error| {
        ApiError::invalid(format!("The amount {:?} cannot be used: {error}.", request.amount))
    })?;
    let accounts = request.addresses.iter().map(|text| address(text)).collect::<Result<Vec<_>, _>>()?;
    if accounts.is_empty() {
        return Err(ApiError::invalid("Say which account gets the money."));
    }
    let grants: Vec<_> = accounts.iter().map(|account| (*account, amount)).collect();
    chain(app)?.fund(&grants).await?;
    Ok(PracticeFunded {
        addresses: accounts.iter().map(ToString::to_string).collect(),
        amount: amount.to_string(),
        decimals: DECIMALS,
        formatted: amount.to_decimal(DECIMALS),
    })
}

pub(crate) async fn buy(app: &App, request: PracticeBuy) -> Result<PurchaseList, ApiError> {
    let practice = chain(app)?;
    let (path, query) = match request.path.trim_start_matches('/').split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (request.path.trim_start_matches('/'), String::new()),
    };
    let path: CanonicalPath = format!("/{path}")
        .parse()
        .map_err(|error: domain::PathError| ApiError::invalid(sentence(&error.to_string())))?;
    let times = request.times.unwrap_or(1);
    if times == 0 || times > MOST_PURCHASES {
        return Err(ApiError::invalid(format!("One command makes 1 to {MOST_PURCHASES} purchases.")));
    }
    let payers = request.payers.unwrap_or(times);
    if payers == 0 || payers > times {
        return Err(ApiError::invalid("There are at least one and at most as many payers as purchases."));
    }
    let protocol = match request.protocol.as_deref() {
        None | Some("v2") => Protocol::V2,
        Some("v1") => Protocol::V1,
        Some(other) => {
            return Err(ApiError::invalid(format!("{other:?} is not a protocol version; choose v1 or v2.")));
        }
    };
    // What is below an endpoint may be a part of it.
    let on_sale = |listing: &store::Listing| {
        let below = path.as_str().strip_prefix(listing.endpoint.path.as_str());
        listing.endpoint.state != EndpointState::Removed
            && below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    if !app.store().catalogue().await?.iter().any(on_sale) {
        let message = format!("Nothing is sold at {path}.");
        return Err(ApiError::new(ErrorCode::NotFound, message).by("stallkeeper endpoint list"));
    }
    // Through the listener itself: the public address may lead over the internet.
    let url = format!("{}{path}{query}", crate::engine::local_url(app.working()?.address()));
    let keys = (0..payers).map(|_| random::bytes().map(B256::new)).collect::<Result<Vec<_>, _>>()?;
    let purchases = keys
        .iter()
        .copied()
        .cycle()
        .take(times as usize)
        .map(|key| {
            let nonce = B256::new(random::bytes()?);
            Ok(Purchase { url: url.clone(), protocol, key, nonce })
        })
        .collect::<Result<Vec<_>, ApiError>>()?;
    let payers = purchases.iter().take(payers as usize).filter_map(Purchase::payer).collect();
    app.store().note_own_payers(payers).await?;
    let mut purchased = futures::stream::iter(purchases)
        .map(|purchase| async move { practice.buy(&purchase).await.map(|made| (made, purchase.nonce)) })
        .buffered(AT_ONCE);
    let mut items = Vec::with_capacity(times as usize);
    while let Some(purchase) = purchased.next().await {
        let (purchase, nonce) = purchase?;
        items.push(PurchaseView {
            status: purchase.status,
            payer: purchase.payer.to_string(),
            amount: purchase.amount.map(|amount| amount.to_string()),
            bytes: purchase.bytes,
            sha256: purchase.sha256.map(alloy_primitives::hex::encode),
            transaction: purchase.transaction,
            owned: purchase.error.is_none()
                && purchase.amount.is_some()
                && !is_paid(app, purchase.payer, nonce).await?,
            error: purchase.error,
        });
    }
    // What was bought stays bought, whatever becomes of this.
    let not_moved = match request.moves_away {
        Some(true) => practice.move_away(&keys).await.err().map(|error| ApiError::from(error).message),
        _ => None,
    };
    let bought = items.iter().filter(|item| item.error.is_none()).count() as u64;
    Ok(PurchaseList { items, bought, not_moved })
}

/// Whether the buyer's authorization was taken: of one who owns the thing it is thrown away unused.
async fn is_paid(app: &App, payer: Address, nonce: B256) -> Result<bool, ApiError> {
    for (_, asset) in app.store().assets().await? {
        let key = AuthorizationKey { payer, nonce };
        if app.store().payment(key.payment_id(&asset)).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

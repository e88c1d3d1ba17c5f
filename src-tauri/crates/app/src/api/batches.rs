use alloy_primitives::U256;
use domain::{Asset, AssetId, BatchId, Rail};
use serde::{Deserialize, Serialize};
use store::{BatchSummary, ReceiptRow, SavedAttempt, SavedCall};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::money::{coin, native};
use crate::{ApiError, App, ErrorCode};

const LARGEST_PAGE: u32 = 200;
const USUAL_PAGE: u32 = 50;

/// Which batches to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct BatchQuery {
    /// At most this many, 50 by default, 200 at most.
    pub limit: Option<u32>,
    /// Only those with a lower number.
    pub before: Option<i64>,
}

/// Names a batch by its number.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct BatchName {
    /// Its number.
    pub batch: i64,
}

/// A page of batches.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BatchList {
    /// Newest first.
    pub items: Vec<BatchView>,
}

/// Payments that are settled together.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BatchView {
    /// Its number.
    pub id: i64,
    /// Where it stands.
    pub state: String,
    /// CAIP-2.
    pub network: String,
    /// What made it begin: seller, deadline or instant.
    pub started_by: String,
    /// How many payments it holds, without those that were left out before anything was sent.
    pub payments: u64,
    /// What they come to, in atomic units.
    pub total: String,
    /// How many of them it settled.
    pub settled_payments: u64,
    /// What those come to, in atomic units.
    pub settled_total: String,
    /// The total's decimal places.
    pub decimals: u8,
    /// The total with its point.
    pub formatted: String,
    /// By which rail it goes: `direct` for our own transactions, or `facilitator`.
    pub rail: String,
    /// What a facilitator was asked instead, oldest first.
    pub calls: Vec<CallView>,
    /// Its signed transactions, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Wei paid for those that were mined; null while none was.
    pub fee: Option<String>,
    /// The same in the network's coin, with its point.
    pub fee_formatted: Option<String>,
    /// That coin's symbol.
    pub native_symbol: String,
    /// Whether everything it settled is beyond reorganisation.
    pub r#final: bool,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds; null while some of its payments are undecided.
    pub closed_at: Option<i64>,
}

/// A signed transaction of a batch.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttemptView {
    /// Its hash.
    pub hash: String,
    /// The gas wallet that signed it.
    pub wallet: String,
    /// The wallet's nonce.
    pub nonce: u64,
    /// Its gas limit.
    pub gas_limit: u64,
    /// Unix milliseconds.
    pub saved_at: i64,
    /// When it was first handed to a node, in Unix milliseconds.
    pub sent_at: Option<i64>,
    /// The block that holds it.
    pub block: Option<u64>,
    /// Gas used.
    pub gas_used: Option<u64>,
    /// Wei paid, publishing fees included.
    pub cost: Option<String>,
}

/// What a facilitator was asked. What it said proves nothing.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CallView {
    /// Whom: scheme and host.
    pub facilitator: String,
    /// Unix milliseconds.
    pub saved_at: i64,
    /// When it was first asked, in Unix milliseconds.
    pub sent_at: Option<i64>,
    /// What it said last.
    pub answer: Option<String>,
    /// When, in Unix milliseconds.
    pub answered_at: Option<i64>,
    /// The transaction that it named.
    pub named: Option<String>,
}

impl From<&SavedCall> for CallView {
    fn from(call: &SavedCall) -> Self {
        Self {
            facilitator: call.facilitator().to_owned(),
            saved_at: call.saved_at().timestamp_millis(),
            sent_at: call.sent_at().map(|at| at.timestamp_millis()),
            answer: call.answer().map(|(text, _)| text.to_owned()),
            answered_at: call.answer().map(|(_, at)| at.timestamp_millis()),
            named: call.named().map(|hash| hash.to_string()),
        }
    }
}

/// A batch with what became of each payment.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BatchDetailView {
    /// The batch.
    #[serde(flatten)]
    pub batch: BatchView,
    /// Its payments in the order in which they would end.
    pub items: Vec<BatchOutcomeView>,
}

/// What became of one payment in a batch.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BatchOutcomeView {
    /// The payment's id.
    pub payment: String,
    /// How much.
    #[serde(flatten)]
    pub money: MoneyView,
    /// In this batch: pending, settled, settled_elsewhere, excluded or returned.
    pub result: String,
    /// Where the payment stands now.
    pub state: String,
    /// Why it was not settled, as one word.
    pub reason: Option<String>,
    /// The same as a sentence.
    pub reason_sentence: Option<String>,
}

fn attempt((attempt, receipt): &(SavedAttempt, Option<ReceiptRow>)) -> AttemptView {
    AttemptView {
        hash: attempt.hash().to_string(),
        wallet: attempt.wallet().to_string(),
        nonce: attempt.nonce(),
        gas_limit: attempt.gas_limit(),
        saved_at: attempt.saved_at().timestamp_millis(),
        sent_at: attempt.sent_at().map(|at| at.timestamp_millis()),
        block: receipt.as_ref().map(|receipt| receipt.block),
        gas_used: receipt.as_ref().map(|receipt| receipt.gas_used),
        cost: receipt.as_ref().map(|receipt| receipt.cost.to_string()),
    }
}

pub(crate) fn view(batch: &BatchSummary, asset: &Asset) -> BatchView {
    let mut costs = batch.attempts.iter().filter_map(|(_, receipt)| receipt.as_ref()).map(|mined| mined.cost);
    let fee = costs.next().map(|first| costs.fold(first, U256::saturating_add));
    BatchView {
        id: batch.id.0,
        state: batch.state.to_string(),
        network: asset.network.to_string(),
        started_by: batch.started_by.clone(),
        payments: batch.payments,
        total: batch.total.to_string(),
        settled_payments: batch.settled_payments,
        settled_total: batch.settled_total.to_string(),
        decimals: asset.decimals,
        formatted: batch.total.to_decimal(asset.decimals),
        rail: if batch.calls.is_empty() { Rail::Direct } else { Rail::Facilitator }.to_string(),
        calls: batch.calls.iter().map(CallView::from).collect(),
        attempts: batch.attempts.iter().map(attempt).collect(),
        fee: fee.map(|fee| fee.to_string()),
        fee_formatted: fee.map(native),
        native_symbol: coin(Some(asset.network)).to_owned(),
        r#final: batch.final_at.is_some(),
        created_at: batch.opened_at.timestamp_millis(),
        closed_at: batch.closed_at.map(|at| at.timestamp_millis()),
    }
}

pub(crate) fn asset_of(assets: &[(AssetId, Asset)], id: AssetId) -> Result<&Asset, ApiError> {
    let found = assets.iter().find(|(known, _)| *known == id).map(|(_, asset)| asset);
    found.ok_or_else(|| ApiError::new(ErrorCode::Internal, "The batch is in an unknown asset."))
}

pub(crate) async fn list(app: &App, query: BatchQuery) -> Result<BatchList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} batches.")));
    }
    let assets = app.store().assets().await?;
    let batches = app.store().batches(query.before.map(BatchId), limit).await?;
    let items = batches.iter().map(|batch| Ok(view(batch, asset_of(&assets, batch.asset)?)));
    Ok(BatchList { items: items.collect::<Result<_, ApiError>>()? })
}

pub(crate) async fn show(app: &App, name: BatchName) -> Result<BatchDetailView, ApiError> {
    let detail = app.store().batch(BatchId(name.batch)).await?;
    let detail = detail.ok_or_else(|| ApiError::not_found("batch", &name.batch.to_string()))?;
    let assets = app.store().assets().await?;
    let asset = asset_of(&assets, detail.summary.asset)?;
    let items = detail.payments.iter().map(|payment| BatchOutcomeView {
        payment: payment.id.to_string(),
        money: MoneyView::of(payment.amount, asset),
        result: payment.result.to_string(),
        state: payment.state.to_string(),
        reason: payment.reason.map(|reason| reason.to_string()),
        reason_sentence: payment.reason.map(|reason| reason.sentence().to_owned()),
    });
    Ok(BatchDetailView { batch: view(&detail.summary, asset), items: items.collect() })
}

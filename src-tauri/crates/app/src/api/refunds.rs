//! Giving money back: prepared for the seller's own wallet, recorded by the transfer that the chain shows.

use alloy_primitives::{Address, B256};
use domain::{Amount, PaymentState};
use serde::{Deserialize, Serialize};
use store::{NewRefund, Payment, Refund};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::batches::asset_of;
use crate::api::failures::{chain_of, payment_id, transaction_hash};
use crate::{ApiError, App, ErrorCode};

const LARGEST_PAGE: u32 = 1000;
const USUAL_PAGE: u32 = 50;
const LONGEST_NOTE: usize = 500;

/// Which payment to give back, and how much of it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct RefundPrepare {
    /// The payment's id.
    pub payment: String,
    /// How much, such as 0.05; what is left of it by default.
    pub amount: Option<String>,
}

/// A transfer for the seller's own wallet to make. Nothing here signs it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RefundPlan {
    /// The payment's id.
    pub payment: String,
    /// CAIP-2.
    pub network: String,
    /// The token's contract.
    pub asset: String,
    /// Who gets it: the payer, and nobody else.
    pub to: String,
    /// How much.
    #[serde(flatten)]
    pub money: MoneyView,
    /// What was given back of it before.
    pub given_back: MoneyView,
    /// The transfer as EIP-681 writes it, for a link or a QR code.
    pub link: String,
}

/// Names a payment and the transaction that gave it back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct RefundRecord {
    /// The payment's id.
    pub payment: String,
    /// The transaction's hash.
    pub transaction: String,
    /// How much, such as 0.05, where the transaction holds several transfers to the payer.
    pub amount: Option<String>,
    /// What to remember about it.
    pub note: Option<String>,
}

/// Which refunds to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct RefundQuery {
    /// Only those of this payment.
    pub payment: Option<String>,
    /// At most this many, 50 by default, 1000 at most.
    pub limit: Option<u32>,
    /// Only those with a lower number.
    pub before: Option<i64>,
}

/// A page of refunds.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RefundList {
    /// Newest first.
    pub items: Vec<RefundView>,
}

/// Money that was given back.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RefundView {
    /// Its number.
    pub id: i64,
    /// The payment's id.
    pub payment: String,
    /// CAIP-2.
    pub network: String,
    /// Who got it.
    pub payer: String,
    /// Who sent it.
    pub sender: String,
    /// How much.
    #[serde(flatten)]
    pub money: MoneyView,
    /// The transaction that carried it.
    pub transaction: String,
    /// Its block.
    pub block: u64,
    /// What the seller wrote beside it.
    pub note: Option<String>,
    /// When it was recorded, in Unix milliseconds.
    pub recorded_at: i64,
}

async fn paid(app: &App, name: &str) -> Result<Payment, ApiError> {
    let missing = || ApiError::not_found("payment", name);
    let payment = app.store().payment(payment_id(name)?).await?.ok_or_else(missing)?;
    match payment.state {
        PaymentState::Settled | PaymentState::SettledElsewhere => Ok(payment),
        _ => Err(ApiError::new(ErrorCode::Conflict, "Only what arrived can be given back.")),
    }
}

fn amount(text: &str, decimals: u8) -> Result<Amount, ApiError> {
    let amount = Amount::from_decimal(text.trim(), decimals)
        .map_err(|error| ApiError::invalid(crate::error::sentence(&error.to_string())))?;
    if amount == Amount::ZERO { Err(ApiError::invalid("A refund is more than nothing.")) } else { Ok(amount) }
}

pub(crate) async fn prepare(app: &App, request: RefundPrepare) -> Result<RefundPlan, ApiError> {
    let payment = paid(app, &request.payment).await?;
    let decimals = payment.asset.decimals;
    let given = app.store().given_back(payment.seq).await?;
    let left = payment.amount.checked_sub(given).unwrap_or(Amount::ZERO);
    let wanted = request.amount.as_deref().map(|text| amount(text, decimals)).transpose()?.unwrap_or(left);
    if wanted > left || left == Amount::ZERO {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!("Of this payment {} are left to give back.", left.to_decimal(decimals)),
        ));
    }
    Ok(RefundPlan {
        payment: payment.id.to_string(),
        network: payment.asset.network.to_string(),
        asset: payment.asset.address.to_string(),
        to: payment.payer.to_string(),
        money: MoneyView::of(wanted, &payment.asset),
        given_back: MoneyView::of(given, &payment.asset),
        link: link(&payment, wanted),
    })
}

/// EIP-681: a transfer of a token.
fn link(payment: &Payment, amount: Amount) -> String {
    format!(
        "ethereum:{}@{}/transfer?address={}&uint256={amount}",
        payment.asset.address,
        payment.asset.network.chain_id(),
        payment.payer,
    )
}

/// Only what the chain shows is recorded: a transfer of the same token to the payer (I7, I16).
pub(crate) async fn record(app: &App, request: RefundRecord) -> Result<RefundView, ApiError> {
    let payment = paid(app, &request.payment).await?;
    let transaction = transaction_hash(&request.transaction)?;
    let wanted = request.amount.as_deref().map(|text| amount(text, payment.asset.decimals)).transpose()?;
    let note = request.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(ApiError::invalid(format!("A note has at most {LONGEST_NOTE} characters.")));
    }
    let chain = chain_of(app, payment.asset.network)?;
    let conflict = |why: &str| ApiError::new(ErrorCode::Conflict, why);
    let Some((evidence, transfers)) = chain.transfers_in(transaction).await? else {
        return Err(conflict("That transaction is in no block yet."));
    };
    if chain.final_block().await? < evidence.block {
        return Err(ApiError::new(
            ErrorCode::Unavailable,
            "That transaction is not final yet. Record it again in a while.",
        ));
    }
    for transfer in transfers {
        let fits = evidence.transaction == transaction
            && transfer.asset == payment.asset.address
            && transfer.to == payment.payer
            && transfer.from != payment.payer;
        let Ok(moved) = Amount::try_from(transfer.value) else { continue };
        if !fits || moved == Amount::ZERO || wanted.is_some_and(|wanted| wanted != moved) {
            continue;
        }
        if app.store().is_refund(payment.asset_id, transaction, transfer.log_index).await? {
            continue;
        }
        let new = NewRefund {
            payment: payment.id,
            sender: transfer.from,
            amount: moved,
            evidence,
            log_index: transfer.log_index,
            note,
            at: app.clock().now(),
        };
        let refund = app.store().record_refund(new).await?;
        return Ok(view(&refund, &payment.asset));
    }
    Err(conflict("That transaction holds no transfer to the buyer that is not recorded yet."))
}

fn view(refund: &Refund, asset: &domain::Asset) -> RefundView {
    let hash = |hash: B256| hash.to_string();
    let address = |address: Address| address.to_string();
    RefundView {
        id: refund.id,
        payment: refund.payment.to_string(),
        network: asset.network.to_string(),
        payer: address(refund.payer),
        sender: address(refund.sender),
        money: MoneyView::of(refund.amount, asset),
        transaction: hash(refund.transaction),
        block: refund.block,
        note: refund.note.clone(),
        recorded_at: refund.recorded_at.timestamp_millis(),
    }
}

pub(crate) async fn list(app: &App, query: RefundQuery) -> Result<RefundList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} refunds.")));
    }
    let payment = match &query.payment {
        Some(name) => {
            let missing = || ApiError::not_found("payment", name);
            Some(app.store().payment(payment_id(name)?).await?.ok_or_else(missing)?.seq)
        }
        None => None,
    };
    let assets = app.store().assets().await?;
    let refunds = app.store().refunds(payment, query.before, limit).await?;
    let items = refunds.iter().map(|refund| Ok(view(refund, asset_of(&assets, refund.asset)?)));
    Ok(RefundList { items: items.collect::<Result<_, ApiError>>()? })
}

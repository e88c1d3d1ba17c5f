//! The tables that can be written: their columns, and a row for each thing that is asked for.

use chrono::{DateTime, Utc};
use domain::{Asset, AssetId, BatchId, Environment, PaymentSeq};
use store::{Payment, PaymentPage};

use super::writer::{Cell, Writer, digits, number, optional_time, text, time};
use super::{ExportFilter, Exported};
use crate::api::batches::asset_of;
use crate::api::money::{coin, native};
use crate::api::payments::Wanted;
use crate::{ApiError, App};

/// Rows that are read at a time.
const AT_ONCE: u32 = 1000;
const BATCHES_AT_ONCE: u32 = 200;
pub(super) const DAY: i64 = 86_400;

/// What of the filter every row is asked.
pub(super) struct Rows {
    pub(super) environment: Environment,
    pub(super) assets: Vec<(AssetId, Asset)>,
    pub(super) of_assets: Vec<AssetId>,
    pub(super) payer: Option<alloy_primitives::Address>,
    /// Unix seconds, the first and the first that is no more.
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Rows {
    fn wants(&self, asset: AssetId) -> bool {
        self.of_assets.is_empty() || self.of_assets.contains(&asset)
    }

    fn wants_payer(&self, payer: alloy_primitives::Address) -> bool {
        self.payer.is_none_or(|wanted| wanted == payer)
    }

    fn holds(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.to).contains(&at.timestamp())
    }

    /// The first two cells of every row: play money says so.
    fn marks(&self) -> [Cell; 2] {
        let money = if self.environment == Environment::Live { "live" } else { "TEST" };
        [text(money), text(self.environment)]
    }
}

pub(super) const PAYMENTS: &[&str] = &[
    "money",
    "environment",
    "id",
    "state",
    "reason",
    "endpoint",
    "title",
    "file",
    "network",
    "asset",
    "payer",
    "pay_to",
    "amount_atomic",
    "amount",
    "mode",
    "protocol",
    "delivery",
    "bytes_sent",
    "accepted_at",
    "valid_before",
    "batch",
    "transaction",
    "block",
    "final_at",
    "nonce",
];

pub(super) async fn payments(
    app: &App,
    rows: &Rows,
    filter: &ExportFilter,
    mut writer: Writer,
) -> Result<Exported, ApiError> {
    let wanted = Wanted::of(app, &filter.list(), &rows.assets).await?;
    let mut before = None;
    loop {
        let page = match &filter.payments {
            Some(ids) => PaymentPage { items: named(app, ids).await?, next: None },
            None => wanted.page(app, before, AT_ONCE).await?,
        };
        for payment in &page.items {
            let until = i64::try_from(payment.valid_before).ok();
            let until = until.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    text(payment.id),
                    text(payment.state),
                    payment.reason.map(|reason| reason.to_string()).into(),
                    text(&payment.path),
                    text(&payment.endpoint_title),
                    payment.file.clone().into(),
                    text(payment.asset.network),
                    text(payment.asset.address),
                    text(payment.payer),
                    text(payment.pay_to),
                    digits(payment.amount),
                    digits(payment.amount.to_decimal(payment.asset.decimals)),
                    text(payment.mode),
                    number(payment.protocol),
                    text(payment.delivery),
                    number(payment.bytes_sent),
                    time(payment.accepted_at),
                    optional_time(until),
                    payment.batch.map_or(Cell::Nothing, |batch| number(batch.0)),
                    payment.transaction.map(|hash| hash.to_string()).into(),
                    payment.block.map_or(Cell::Nothing, number),
                    optional_time(payment.final_at),
                    text(payment.nonce),
                ])
                .await?;
        }
        before = page.next;
        if before.is_none() {
            return writer.finish().await;
        }
    }
}

/// Payments by their ids, in the order in which those were given.
async fn named(app: &App, ids: &[String]) -> Result<Vec<Payment>, ApiError> {
    if ids.len() > AT_ONCE as usize {
        return Err(ApiError::invalid(format!("At most {AT_ONCE} payments are named at once.")));
    }
    let mut named = Vec::with_capacity(ids.len());
    for text in ids {
        let missing = || ApiError::not_found("payment", text);
        let id = text.parse().map_err(|_| missing())?;
        named.push(app.store().payment(id).await?.ok_or_else(missing)?);
    }
    Ok(named)
}

pub(super) const BATCHES: &[&str] = &[
    "money",
    "environment",
    "batch",
    "state",
    "network",
    "started_by",
    "payments",
    "total_atomic",
    "total",
    "settled_payments",
    "settled_total_atomic",
    "settled_total",
    "transactions",
    "gas_used",
    "cost_wei",
    "cost",
    "coin",
    "opened_at",
    "closed_at",
    "final_at",
];

pub(super) async fn batches(app: &App, rows: &Rows, mut writer: Writer) -> Result<Exported, ApiError> {
    let mut before: Option<BatchId> = None;
    loop {
        let page = app.store().batches(before, BATCHES_AT_ONCE).await?;
        let Some(last) = page.last() else { return writer.finish().await };
        before = Some(last.id);
        for batch in &page {
            if !rows.wants(batch.asset) || !rows.holds(batch.opened_at) {
                continue;
            }
            let asset = asset_of(&rows.assets, batch.asset)?;
            let mined: Vec<_> =
                batch.attempts.iter().filter_map(|(sent, receipt)| Some((sent, receipt.as_ref()?))).collect();
            let hashes: Vec<_> = mined.iter().map(|(sent, _)| sent.hash().to_string()).collect();
            let gas: u64 = mined.iter().map(|(_, receipt)| receipt.gas_used).sum();
            let wei = mined
                .iter()
                .fold(alloy_primitives::U256::ZERO, |sum, (_, receipt)| sum.saturating_add(receipt.cost));
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    number(batch.id.0),
                    text(batch.state),
                    text(asset.network),
                    text(&batch.started_by),
                    number(batch.payments),
                    digits(batch.total),
                    digits(batch.total.to_decimal(asset.decimals)),
                    number(batch.settled_payments),
                    digits(batch.settled_total),
                    digits(batch.settled_total.to_decimal(asset.decimals)),
                    text(hashes.join(" ")),
                    number(gas),
                    digits(wei),
                    digits(native(wei)),
                    text(coin(Some(asset.network))),
                    time(batch.opened_at),
                    optional_time(batch.closed_at),
                    optional_time(batch.final_at),
                ])
                .await?;
        }
    }
}

pub(super) const COSTS: &[&str] = &[
    "money",
    "environment",
    "batch",
    "payment",
    "payer",
    "network",
    "day",
    "cost_wei",
    "cost",
    "coin",
    "cost_dollars",
    "lost",
];

pub(super) async fn costs(app: &App, rows: &Rows, mut writer: Writer) -> Result<Exported, ApiError> {
    let mut after = (BatchId(0), PaymentSeq(0));
    loop {
        let page = app.store().costs(after, AT_ONCE).await?;
        let Some(last) = page.last() else { return writer.finish().await };
        after = (last.batch, last.seq);
        for cost in &page {
            let day = cost.day.checked_mul(DAY).and_then(|at| DateTime::from_timestamp(at, 0));
            let wanted = rows.wants(cost.asset)
                && rows.wants_payer(cost.payer)
                && day.is_some_and(|day| rows.holds(day));
            if !wanted {
                continue;
            }
            let asset = asset_of(&rows.assets, cost.asset)?;
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    number(cost.batch.0),
                    text(cost.payment),
                    text(cost.payer),
                    text(asset.network),
                    day.map(|day| day.date_naive().to_string()).into(),
                    digits(cost.wei),
                    digits(native(cost.wei)),
                    text(coin(Some(asset.network))),
                    cost.value.map_or(Cell::Nothing, |value| digits(value.to_decimal(6))),
                    text(if cost.lost { "yes" } else { "no" }),
                ])
                .await?;
        }
    }
}

pub(super) const REFUNDS: &[&str] = &[
    "money",
    "environment",
    "refund",
    "payment",
    "payer",
    "sender",
    "network",
    "amount_atomic",
    "amount",
    "transaction",
    "block",
    "note",
    "recorded_at",
];

pub(super) async fn refunds(app: &App, rows: &Rows, mut writer: Writer) -> Result<Exported, ApiError> {
    let mut before = None;
    loop {
        let page = app.store().refunds(None, before, AT_ONCE).await?;
        let Some(last) = page.last() else { return writer.finish().await };
        before = Some(last.id);
        for refund in &page {
            if !rows.wants(refund.asset) || !rows.wants_payer(refund.payer) || !rows.holds(refund.recorded_at)
            {
                continue;
            }
            let asset = asset_of(&rows.assets, refund.asset)?;
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    number(refund.id),
                    text(refund.payment),
                    text(refund.payer),
                    text(refund.sender),
                    text(asset.network),
                    digits(refund.amount),
                    digits(refund.amount.to_decimal(asset.decimals)),
                    text(refund.transaction),
                    number(refund.block),
                    refund.note.clone().into(),
                    time(refund.recorded_at),
                ])
                .await?;
        }
    }
}

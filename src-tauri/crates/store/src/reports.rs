//! Reads of the books: what came, what it cost, what was given back, by day, endpoint, network or payer.

use alloy_primitives::{Address, U256};
use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, BatchId, EndpointId, PaymentId, PaymentSeq};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::StoreError;
use crate::column::Columns;
use crate::costs::joined;

/// What the lines of a report are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportBy {
    /// UTC days.
    Day,
    /// Endpoints.
    Endpoint,
    /// Assets, and with them networks.
    Asset,
}

/// A line of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// The asset of its sums.
    pub asset: AssetId,
    /// The UTC day, counted from 1970, in a report by days.
    pub day: Option<i64>,
    /// The endpoint, in a report by endpoints.
    pub endpoint: Option<EndpointId>,
    /// The payer, in a report by payers.
    pub payer: Option<Address>,
    /// How many payments came on chain.
    pub payments: u64,
    /// What they came to.
    pub gross: Amount,
    /// Wei that settling them cost.
    pub paid: U256,
    /// Wei spent on payments that were not settled by it.
    pub lost: U256,
    /// The wei of both for which no price of the coin was known.
    pub unpriced: U256,
    /// What the others were worth, in millionths of a dollar.
    pub cost_value: Amount,
    /// How many refunds.
    pub refunds: u64,
    /// What was given back.
    pub refunded: Amount,
}

const SUMS: &str = "
    coalesce(sum(payments), 0) as payments, coalesce(sum(gross), 0) as gross,
    coalesce(sum(paid_gwei), 0) as paid_gwei, coalesce(sum(paid_rest), 0) as paid_rest,
    coalesce(sum(lost_gwei), 0) as lost_gwei, coalesce(sum(lost_rest), 0) as lost_rest,
    coalesce(sum(unpriced_gwei), 0) as unpriced_gwei, coalesce(sum(unpriced_rest), 0) as unpriced_rest,
    coalesce(sum(cost_value), 0) as cost_value,
    coalesce(sum(refunds), 0) as refunds, coalesce(sum(refunded), 0) as refunded";

pub(crate) fn query(by: ReportBy) -> String {
    let key = match by {
        ReportBy::Day => "day, asset_id",
        ReportBy::Endpoint => "endpoint_id, asset_id",
        ReportBy::Asset => "asset_id",
    };
    format!("select {key}, {SUMS} from books where day between $1 and $2 group by {key} order by {key}")
}

fn line(row: &SqliteRow) -> Result<BookLine, StoreError> {
    let columns = Columns::of("books", row);
    let wei = |gwei, rest| Ok::<_, StoreError>(joined(columns.get::<i64>(gwei)?, columns.get::<i64>(rest)?));
    Ok(BookLine {
        asset: AssetId(columns.get("asset_id")?),
        day: None,
        endpoint: None,
        payer: None,
        payments: columns.unsigned("payments")?,
        gross: columns.amount("gross")?,
        paid: wei("paid_gwei", "paid_rest")?,
        lost: wei("lost_gwei", "lost_rest")?,
        unpriced: wei("unpriced_gwei", "unpriced_rest")?,
        cost_value: columns.amount("cost_value")?,
        refunds: columns.unsigned("refunds")?,
        refunded: columns.amount("refunded")?,
    })
}

/// The books of UTC days, both ends included.
pub(crate) async fn of_days(
    db: &mut SqliteConnection,
    by: ReportBy,
    first: i64,
    last: i64,
) -> Result<Vec<BookLine>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(query(by))).bind(first).bind(last).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("books", row);
            let mut line = line(row)?;
            match by {
                ReportBy::Day => line.day = Some(columns.get("day")?),
                ReportBy::Endpoint => line.endpoint = Some(EndpointId(columns.uuid("endpoint_id")?)),
                ReportBy::Asset => {}
            }
            Ok(line)
        })
        .collect()
}

/// The payers from whom most came, in the order of how much.
pub(crate) const BY_PAYER: &str = "
    select asset_id, payer, count(*) as payments, sum(amount) as gross from payments
    where state in ('settled', 'settled_elsewhere') and decided_at between $1 and $2
    group by asset_id, payer order by sum(amount) desc, payer limit $3";

/// What a payer's payments cost and what was given back, whenever that was.
pub(crate) const OF_PAYER: &str = "
    select coalesce(sum(case b.cost_lost when 0 then b.cost_wei / 1000000000 end), 0) as paid_gwei,
        coalesce(sum(case b.cost_lost when 0 then b.cost_wei % 1000000000 end), 0) as paid_rest,
        coalesce(sum(case b.cost_lost when 1 then b.cost_wei / 1000000000 end), 0) as lost_gwei,
        coalesce(sum(case b.cost_lost when 1 then b.cost_wei % 1000000000 end), 0) as lost_rest,
        coalesce(sum(case when b.cost_value is null then b.cost_wei / 1000000000 end), 0) as unpriced_gwei,
        coalesce(sum(case when b.cost_value is null then b.cost_wei % 1000000000 end), 0) as unpriced_rest,
        coalesce(sum(b.cost_value), 0) as cost_value
    from payments p join batch_payments b on b.payment_seq = p.seq
    where p.asset_id = $1 and p.payer = $2 and b.cost_day between $3 and $4";

const REFUNDED: &str = "
    select count(*) as refunds, coalesce(sum(r.amount), 0) as refunded
    from payments p join refunds r on r.payment_seq = p.seq
    where p.asset_id = $1 and p.payer = $2 and r.recorded_at between $3 and $4";

const DAY: i64 = 86_400_000;

pub(crate) async fn by_payer(
    db: &mut SqliteConnection,
    first: i64,
    last: i64,
    limit: u32,
) -> Result<Vec<BookLine>, StoreError> {
    let (from, to) =
        (first.saturating_mul(DAY), last.saturating_add(1).saturating_mul(DAY).saturating_sub(1));
    let rows = sqlx::query(BY_PAYER).bind(from).bind(to).bind(i64::from(limit)).fetch_all(&mut *db).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let columns = Columns::of("payments", row);
        let (asset, payer) = (AssetId(columns.get("asset_id")?), columns.address("payer")?);
        let costs = sqlx::query(OF_PAYER)
            .bind(asset.0)
            .bind(payer.to_vec())
            .bind(first)
            .bind(last)
            .fetch_one(&mut *db)
            .await?;
        let costs = Columns::of("batch_payments", &costs);
        let refunds = sqlx::query(REFUNDED)
            .bind(asset.0)
            .bind(payer.to_vec())
            .bind(from)
            .bind(to)
            .fetch_one(&mut *db)
            .await?;
        let refunds = Columns::of("refunds", &refunds);
        let wei = |gwei, rest| Ok::<_, StoreError>(joined(costs.get::<i64>(gwei)?, costs.get::<i64>(rest)?));
        lines.push(BookLine {
            asset,
            day: None,
            endpoint: None,
            payer: Some(payer),
            payments: columns.unsigned("payments")?,
            gross: columns.amount("gross")?,
            paid: wei("paid_gwei", "paid_rest")?,
            lost: wei("lost_gwei", "lost_rest")?,
            unpriced: wei("unpriced_gwei", "unpriced_rest")?,
            cost_value: costs.amount("cost_value")?,
            refunds: refunds.unsigned("refunds")?,
            refunded: refunds.amount("refunded")?,
        });
    }
    Ok(lines)
}

/// One payment's share of what one batch's transaction cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// The batch.
    pub batch: BatchId,
    /// The payment.
    pub payment: PaymentId,
    /// Its place, where the next page begins.
    pub seq: PaymentSeq,
    /// The payment's asset.
    pub asset: AssetId,
    /// Who paid it.
    pub payer: Address,
    /// The UTC day of the cost, counted from 1970.
    pub day: i64,
    /// Wei.
    pub wei: U256,
    /// Whether it was spent for nothing.
    pub lost: bool,
    /// Millionths of a dollar, where the price of the coin was known.
    pub value: Option<Amount>,
}

/// Shares in the order of batches and payments, after the given place.
pub(crate) async fn costs(
    db: &mut SqliteConnection,
    after: (BatchId, PaymentSeq),
    limit: u32,
) -> Result<Vec<CostRow>, StoreError> {
    let rows = sqlx::query(
        "select b.*, p.id, p.asset_id, p.payer from batch_payments b join payments p on p.seq = b.payment_seq
         where (b.batch_id, b.payment_seq) > ($1, $2) and b.cost_wei is not null
         order by b.batch_id, b.payment_seq limit $3",
    )
    .bind(after.0.0)
    .bind(after.1.0)
    .bind(i64::from(limit))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("batch_payments", row);
            let value = columns.get::<Option<i64>>("cost_value")?;
            Ok(CostRow {
                batch: BatchId(columns.get("batch_id")?),
                payment: PaymentId(columns.uuid("id")?),
                seq: PaymentSeq(columns.get("payment_seq")?),
                asset: AssetId(columns.get("asset_id")?),
                payer: columns.address("payer")?,
                day: columns.get("cost_day")?,
                wei: U256::from(columns.unsigned::<u64>("cost_wei")?),
                lost: columns.get::<i64>("cost_lost")? != 0,
                value: value.map(|_| columns.amount("cost_value")).transpose()?,
            })
        })
        .collect()
}

/// How long what waits longest has waited, and how many payments should be on their way by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueAge {
    /// How many wait.
    pub queued: u64,
    /// When the oldest of them was accepted.
    pub oldest: Option<DateTime<Utc>>,
    /// The first end of their windows, in Unix seconds.
    pub earliest_valid_before: Option<u64>,
}

pub(crate) async fn queue_age(db: &mut SqliteConnection) -> Result<QueueAge, StoreError> {
    let row = sqlx::query(
        "select count(*) as queued, min(accepted_at) as oldest, min(valid_before) as earliest
         from payments where state = 'queued'",
    )
    .fetch_one(db)
    .await?;
    let columns = Columns::of("payments", &row);
    Ok(QueueAge {
        queued: columns.unsigned("queued")?,
        oldest: columns.optional_time("oldest")?,
        earliest_valid_before: columns.optional_unsigned("earliest")?,
    })
}

use chrono::{DateTime, Utc};
use domain::{
    Amount, AssetId, Authorization, BatchId, EndpointId, FailureReason, Mode, PayerSignature, PaymentId,
    PaymentSeq, PaymentState,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;
use crate::column::Columns;

/// What waits to be settled in one asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueSummary {
    /// How many payments.
    pub count: u64,
    /// What they come to.
    pub total: Amount,
    /// The first end of their windows, in Unix seconds.
    pub earliest_valid_before: Option<u64>,
    /// When the payment that must go first was accepted.
    pub earliest_accepted_at: Option<DateTime<Utc>>,
    /// How many of them are instant sales, whose buyers wait.
    pub instant: u64,
}

/// Which queued payments are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// All of them.
    All,
    /// Instant sales only.
    Instant,
}

/// A payment that is not decided, with all that submitting it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPayment {
    /// Its place in the order of acceptance.
    pub seq: PaymentSeq,
    /// Its id.
    pub id: PaymentId,
    /// What it bought.
    pub endpoint: EndpointId,
    /// When its content leaves.
    pub mode: Mode,
    /// How much.
    pub amount: Amount,
    /// Where the money goes.
    pub pay_to: alloy_primitives::Address,
    /// What the payer signed.
    pub authorization: Authorization,
    /// What the payer signed it with.
    pub signature: PayerSignature,
    /// When it was stored.
    pub accepted_at: DateTime<Utc>,
    /// The chain's newest block then: evidence about it cannot be older than its nonce.
    pub accepted_block: u64,
    /// The seller took it up again although gas costs more than it brings.
    pub insisted: bool,
}

impl OpenPayment {
    /// When it has to be on its way whatever else happens (I6).
    pub fn settle_by(&self) -> DateTime<Utc> {
        domain::settle_by(self.authorization.valid_before, self.accepted_at)
    }
}

pub(crate) fn open_payment(row: &SqliteRow) -> Result<OpenPayment, StoreError> {
    let columns = Columns::of("payments", row);
    let amount = columns.amount("amount")?;
    let pay_to = columns.address("pay_to")?;
    Ok(OpenPayment {
        seq: PaymentSeq(columns.get("seq")?),
        id: PaymentId(columns.uuid("id")?),
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
        mode: columns.word("mode")?,
        amount,
        pay_to,
        authorization: Authorization {
            from: columns.address("payer")?,
            to: pay_to,
            value: amount.into(),
            valid_after: columns.unsigned("valid_after")?,
            valid_before: columns.unsigned("valid_before")?,
            nonce: columns.hash("nonce")?,
        },
        signature: columns.payer_signature()?,
        accepted_at: columns.time("accepted_at")?,
        accepted_block: columns.unsigned("accepted_block")?,
        insisted: columns.word::<PaymentState>("state")? == PaymentState::Queued
            && columns.optional_word("reason")? == Some(FailureReason::NotWorthGas),
    })
}

pub(crate) async fn summary(db: &mut SqliteConnection, asset: AssetId) -> Result<QueueSummary, StoreError> {
    let row = sqlx::query(
        "select count(*) as payments, coalesce(sum(amount), 0) as amount,
            coalesce(sum(mode = 'instant'), 0) as instant
         from payments where asset_id = $1 and state = 'queued'
           and seq not in (select payment_seq from answers where status is null)",
    )
    .bind(asset.0)
    .fetch_one(&mut *db)
    .await?;
    let first = sqlx::query(
        "select valid_before, accepted_at from payments where asset_id = $1 and state = 'queued'
           and seq not in (select payment_seq from answers where status is null)
         order by valid_before limit 1",
    )
    .bind(asset.0)
    .fetch_optional(db)
    .await?;
    let columns = Columns::of("payments", &row);
    let first = first.as_ref().map(|row| Columns::of("payments", row));
    Ok(QueueSummary {
        count: columns.unsigned("payments")?,
        total: columns.amount("amount")?,
        instant: columns.unsigned("instant")?,
        earliest_valid_before: first.as_ref().map(|first| first.unsigned("valid_before")).transpose()?,
        earliest_accepted_at: first.as_ref().map(|first| first.time("accepted_at")).transpose()?,
    })
}

/// Each in the words of the partial index that serves it. What a service has not answered yet may still be dropped.
pub(crate) const QUEUED: &str = "
    select * from payments where asset_id = $1 and state = 'queued'
      and seq not in (select payment_seq from answers where status is null)
    order by valid_before, seq limit $2";
pub(crate) const QUEUED_INSTANT: &str = "
    select * from payments where asset_id = $1 and state = 'queued' and mode = 'instant'
      and seq not in (select payment_seq from answers where status is null)
    order by valid_before, seq limit $2";

pub(crate) async fn queued(
    db: &mut SqliteConnection,
    asset: AssetId,
    choice: Choice,
    limit: u32,
) -> Result<Vec<OpenPayment>, StoreError> {
    let query = match choice {
        Choice::All => QUEUED,
        Choice::Instant => QUEUED_INSTANT,
    };
    let rows = sqlx::query(query).bind(asset.0).bind(i64::from(limit)).fetch_all(db).await?;
    rows.iter().map(open_payment).collect()
}

/// Those of the named payments that wait in an asset, the ones that end first at the front.
pub(crate) async fn queued_named(
    db: &mut SqliteConnection,
    asset: AssetId,
    ids: &[PaymentId],
) -> Result<Vec<OpenPayment>, StoreError> {
    let mut found = Vec::new();
    for id in ids {
        let row = sqlx::query(
            "select * from payments where id = $1 and asset_id = $2 and state = 'queued'
               and seq not in (select payment_seq from answers where status is null)",
        )
        .bind(id.0.as_bytes().as_slice())
        .bind(asset.0)
        .fetch_optional(&mut *db)
        .await?;
        found.extend(row.as_ref().map(open_payment).transpose()?);
    }
    found.sort_by_key(|payment| (payment.authorization.valid_before, payment.seq));
    found.dedup_by_key(|payment| payment.seq);
    Ok(found)
}

pub(crate) async fn in_batch(
    db: &mut SqliteConnection,
    batch: BatchId,
) -> Result<Vec<OpenPayment>, StoreError> {
    let rows = sqlx::query(
        "select p.* from payments p join batch_payments b on b.payment_seq = p.seq
         where b.batch_id = $1 and b.result = 'pending' order by p.valid_before, p.seq",
    )
    .bind(batch.0)
    .fetch_all(db)
    .await?;
    rows.iter().map(open_payment).collect()
}

/// What is delivered, or about to be, before its money is on chain: everything open but
/// instant sales.
pub(crate) const EXPOSURE: &str = "
    select a.id as asset_id,
        (select coalesce(sum(t.amount), 0) from endpoint_totals t
         where t.asset_id = a.id and t.state in ('queued', 'settling'))
        - (select coalesce(sum(p.amount), 0) from payments p
           where p.asset_id = a.id and p.state = 'queued' and p.mode = 'instant')
        - (select coalesce(sum(p.amount), 0) from batches b join payments p on p.batch_id = b.id
           where b.asset_id = a.id and b.state in ('preparing', 'submitted')
             and p.state = 'settling' and p.mode = 'instant') as amount
    from assets a order by a.id";

pub(crate) async fn exposure(db: &mut SqliteConnection) -> Result<Vec<(AssetId, Amount)>, StoreError> {
    let rows = sqlx::query(EXPOSURE).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("endpoint_totals", row);
            Ok((AssetId(columns.get("asset_id")?), columns.amount("amount")?))
        })
        .collect()
}

/// Whether anything at all waits, is on its way (which an open batch holds), or is not final yet.
pub(crate) const IS_ANYTHING_OPEN: &str = "
    select exists (select 1 from payments where state = 'queued')
        or exists (select 1 from batches where state in ('preparing', 'submitted'))
        or exists (select 1 from payments where evidence_block is not null and final_at is null) as open";

pub(crate) async fn is_anything_open(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    let row = sqlx::query(IS_ANYTHING_OPEN).fetch_one(db).await?;
    Ok(row.try_get::<i64, _>("open")? != 0)
}

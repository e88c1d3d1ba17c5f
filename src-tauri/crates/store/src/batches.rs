use std::fmt;

use alloy_primitives::{B256, U256};
use chrono::{DateTime, Utc};
use domain::{
    Amount, AssetId, AttemptId, BatchId, BatchState, FailureReason, PaymentId, PaymentResult, PaymentSeq,
    PaymentState, Purpose,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::attempts::{self, SavedAttempt};
use crate::calls::{self, SavedCall};
use crate::column::Columns;
use crate::queue::{self, OpenPayment};
use crate::totals::Totals;
use crate::{StoreError, restored};

/// What made a batch begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The seller asked.
    Seller,
    /// The first authorization was about to end.
    Deadline,
    /// A buyer waits for it.
    Instant,
    /// The schedule said so.
    Schedule,
    /// A payer was about to be good for less than was delivered.
    Exposure,
    /// What came back to the queue was taken up again.
    Recovery,
}

impl Trigger {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Deadline => "deadline",
            Self::Instant => "instant",
            Self::Schedule => "schedule",
            Self::Exposure => "exposure",
            Self::Recovery => "recovery",
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Payments to be settled together.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// The asset they are in.
    pub asset: AssetId,
    /// Which of the queued ones.
    pub payments: Vec<PaymentSeq>,
    /// What made it begin.
    pub trigger: Trigger,
    /// When.
    pub at: DateTime<Utc>,
}

/// A batch that is not decided.
#[derive(Clone, Debug)]
pub struct OpenBatch {
    /// Its number.
    pub id: BatchId,
    /// Where it stands.
    pub state: BatchState,
    /// The asset its payments are in.
    pub asset: AssetId,
    /// Those of its payments that are not decided.
    pub payments: Vec<OpenPayment>,
    /// The signed transactions that can settle it, oldest first.
    pub attempts: Vec<SavedAttempt>,
    /// Those that were made to clear the way for them.
    pub fillers: Vec<SavedAttempt>,
    /// What a facilitator was asked instead, oldest first.
    pub calls: Vec<SavedCall>,
    /// When it began.
    pub opened_at: DateTime<Utc>,
}

/// A batch in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSummary {
    /// Its number.
    pub id: BatchId,
    /// Where it stands.
    pub state: BatchState,
    /// The asset its payments are in.
    pub asset: AssetId,
    /// What made it begin.
    pub started_by: String,
    /// How many payments it holds, without those that were left out before anything was sent.
    pub payments: u64,
    /// What they come to.
    pub total: Amount,
    /// How many of them it settled.
    pub settled_payments: u64,
    /// What those come to.
    pub settled_total: Amount,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// When the last of its payments was decided.
    pub closed_at: Option<DateTime<Utc>>,
    /// Since when all that it settled is beyond reorganisation.
    pub final_at: Option<DateTime<Utc>>,
    /// Its signed transactions with where they were mined, oldest first; those that only cleared the
    /// way come last.
    pub attempts: Vec<(SavedAttempt, Option<ReceiptRow>)>,
    /// What a facilitator was asked instead, oldest first.
    pub calls: Vec<SavedCall>,
}

/// Where an attempt was mined and what it cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The block.
    pub block: u64,
    /// Its hash.
    pub block_hash: B256,
    /// Whether the outer call succeeded.
    pub succeeded: bool,
    /// Gas used.
    pub gas_used: u64,
    /// Wei paid.
    pub cost: U256,
}

/// One payment in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchPayment {
    /// Its id.
    pub id: PaymentId,
    /// How much.
    pub amount: Amount,
    /// Where it stands now.
    pub state: PaymentState,
    /// What became of it in this batch.
    pub result: PaymentResult,
    /// Why it was not settled.
    pub reason: Option<FailureReason>,
}

/// A batch with its payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchDetail {
    /// The batch.
    pub summary: BatchSummary,
    /// Its payments in the order in which they end.
    pub payments: Vec<BatchPayment>,
}

/// Takes the payments that are still queued into a new batch. From here on their signatures count as
/// public.
pub(crate) async fn open(db: &mut SqliteConnection, batch: NewBatch) -> Result<OpenBatch, StoreError> {
    let at = batch.at.timestamp_millis();
    let id: i64 = sqlx::query(
        "insert into batches (asset_id, started_by, state, opened_at) values ($1, $2, 'preparing', $3) returning id",
    )
    .bind(batch.asset.0)
    .bind(batch.trigger.as_str())
    .bind(at)
    .fetch_one(&mut *db)
    .await?
    .try_get("id")?;
    let mut totals = Totals::default();
    let mut taken = 0_u32;
    for seq in &batch.payments {
        let row = sqlx::query(
            "update payments set state = 'settling', batch_id = $2, handed_over_at = coalesce(handed_over_at, $3)
             where seq = $1 and state = 'queued' and asset_id = $4
               and seq not in (select payment_seq from answers where status is null) returning *",
        )
        .bind(seq.0)
        .bind(id)
        .bind(at)
        .bind(batch.asset.0)
        .fetch_optional(&mut *db)
        .await?;
        let Some(row) = row else { continue };
        let payment = queue::open_payment(&row)?;
        let accepted = payment.accepted_at;
        totals.take(batch.asset, payment.endpoint, accepted, PaymentState::Queued, payment.amount);
        totals.add(batch.asset, payment.endpoint, accepted, PaymentState::Settling, payment.amount);
        sqlx::query("insert into batch_payments (batch_id, payment_seq, result) values ($1, $2, 'pending')")
            .bind(id)
            .bind(seq.0)
            .execute(&mut *db)
            .await?;
        taken += 1;
    }
    if taken == 0 {
        return Err(StoreError::Conflict("none of the payments is queued any more".to_owned()));
    }
    totals.write(db).await?;
    // A copy of the file that was made until now does not know whose signatures are public (T63).
    restored::count(db).await?;
    load_open(db, BatchId(id)).await
}

/// Notes for whose request a batch was opened.
pub(crate) async fn note_request(
    db: &mut SqliteConnection,
    batch: BatchId,
    key: &str,
) -> Result<(), StoreError> {
    sqlx::query("update batches set request_key = $2 where id = $1")
        .bind(batch.0)
        .bind(key)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn load_open(db: &mut SqliteConnection, id: BatchId) -> Result<OpenBatch, StoreError> {
    let row = sqlx::query("select * from batches where id = $1")
        .bind(id.0)
        .fetch_optional(&mut *db)
        .await?
        .ok_or(StoreError::NotFound("batch"))?;
    let columns = Columns::of("batches", &row);
    let attempts = attempts::of_batch(db, id).await?;
    let (attempts, fillers) = attempts.into_iter().partition(|attempt| attempt.purpose() == Purpose::Settle);
    Ok(OpenBatch {
        id,
        state: columns.word("state")?,
        asset: AssetId(columns.get("asset_id")?),
        opened_at: columns.time("opened_at")?,
        payments: queue::in_batch(db, id).await?,
        attempts,
        fillers,
        calls: calls::of_batch(db, id).await?,
    })
}

pub(crate) async fn all_open(
    db: &mut SqliteConnection,
    asset: AssetId,
) -> Result<Vec<OpenBatch>, StoreError> {
    let rows = sqlx::query(
        "select id from batches where asset_id = $1 and state in ('preparing', 'submitted') order by id",
    )
    .bind(asset.0)
    .fetch_all(&mut *db)
    .await?;
    let mut open = Vec::with_capacity(rows.len());
    for row in rows {
        open.push(load_open(db, BatchId(row.try_get("id")?)).await?);
    }
    Ok(open)
}

async fn summary(db: &mut SqliteConnection, row: &SqliteRow) -> Result<BatchSummary, StoreError> {
    let columns = Columns::of("batches", row);
    let id = BatchId(columns.get("id")?);
    let sums = sqlx::query(
        "select count(*) as payments, coalesce(sum(p.amount), 0) as amount,
            coalesce(sum(b.result = 'settled'), 0) as settled_payments,
            coalesce(sum(case when b.result = 'settled' then p.amount else 0 end), 0) as settled_amount
         from batch_payments b join payments p on p.seq = b.payment_seq
         where b.batch_id = $1 and (
            b.carried = 1 or b.result not in ('excluded', 'returned')
            or exists (select 1 from attempts a where a.batch_id = b.batch_id and a.payment_seq = b.payment_seq))",
    )
    .bind(id.0)
    .fetch_one(&mut *db)
    .await?;
    let sums = Columns::of("batch_payments", &sums);
    let mut attempts = Vec::new();
    for attempt in attempts::of_batch(db, id).await? {
        let receipt = receipt(db, attempt.id()).await?;
        attempts.push((attempt, receipt));
    }
    Ok(BatchSummary {
        id,
        state: columns.word("state")?,
        asset: AssetId(columns.get("asset_id")?),
        started_by: columns.get("started_by")?,
        payments: sums.unsigned("payments")?,
        total: sums.amount("amount")?,
        settled_payments: sums.unsigned("settled_payments")?,
        settled_total: sums.amount("settled_amount")?,
        opened_at: columns.time("opened_at")?,
        closed_at: columns.optional_time("closed_at")?,
        final_at: columns.optional_time("final_at")?,
        attempts,
        calls: calls::of_batch(db, id).await?,
    })
}

async fn receipt(db: &mut SqliteConnection, attempt: AttemptId) -> Result<Option<ReceiptRow>, StoreError> {
    let row = sqlx::query("select * from receipts where attempt_id = $1")
        .bind(attempt.0)
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let columns = Columns::of("receipts", &row);
        Ok(ReceiptRow {
            block: columns.unsigned("block")?,
            block_hash: columns.hash("block_hash")?,
            succeeded: columns.get("succeeded")?,
            gas_used: columns.unsigned("gas_used")?,
            cost: columns.wei("cost_wei")?,
        })
    })
    .transpose()
}

/// Newest first.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    before: Option<BatchId>,
    limit: u32,
) -> Result<Vec<BatchSummary>, StoreError> {
    let rows = sqlx::query("select * from batches where id < $1 order by id desc limit $2")
        .bind(before.map_or(i64::MAX, |id| id.0))
        .bind(i64::from(limit))
        .fetch_all(&mut *db)
        .await?;
    let mut batches = Vec::with_capacity(rows.len());
    for row in &rows {
        batches.push(summary(db, row).await?);
    }
    Ok(batches)
}

pub(crate) async fn detail(
    db: &mut SqliteConnection,
    id: BatchId,
) -> Result<Option<BatchDetail>, StoreError> {
    let Some(row) =
        sqlx::query("select * from batches where id = $1").bind(id.0).fetch_optional(&mut *db).await?
    else {
        return Ok(None);
    };
    let summary = summary(db, &row).await?;
    let rows = sqlx::query(
        "select p.id, p.amount, p.state, b.result, b.reason from batch_payments b
         join payments p on p.seq = b.payment_seq where b.batch_id = $1 order by p.valid_before, p.seq",
    )
    .bind(id.0)
    .fetch_all(db)
    .await?;
    let payments = rows
        .iter()
        .map(|row| {
            let columns = Columns::of("batch_payments", row);
            Ok(BatchPayment {
                id: PaymentId(columns.uuid("id")?),
                amount: columns.amount("amount")?,
                state: columns.word("state")?,
                result: columns.word("result")?,
                reason: columns.optional_word("reason")?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Some(BatchDetail { summary, payments }))
}

//! What happened to one payment, as far as it was noted with its time.

use alloy_primitives::B256;
use chrono::{DateTime, Utc};
use domain::{BatchId, FailureReason, PaymentResult, PaymentSeq};
use sqlx::SqliteConnection;

use crate::StoreError;
use crate::calls::{self, SavedCall};
use crate::column::Columns;

/// The moments of one payment's life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// When its signature began to count as public.
    pub handed_over_at: Option<DateTime<Utc>>,
    /// When its outcome was written down.
    pub decided_at: Option<DateTime<Utc>>,
    /// When the seller gave it up.
    pub written_off_at: Option<DateTime<Utc>>,
    /// The batches it was in, oldest first.
    pub stays: Vec<Stay>,
}

/// A payment's time in one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The batch.
    pub batch: BatchId,
    /// When it was taken in.
    pub opened_at: DateTime<Utc>,
    /// When the batch's last payment was decided.
    pub closed_at: Option<DateTime<Utc>>,
    /// What became of it there.
    pub result: PaymentResult,
    /// Why it was not settled there.
    pub reason: Option<FailureReason>,
    /// The batch's transactions, oldest first.
    pub sendings: Vec<Sending>,
    /// What a facilitator was asked about it there, oldest first.
    pub calls: Vec<SavedCall>,
}

/// A transaction on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Its hash.
    pub hash: B256,
    /// When it was first handed to a node.
    pub sent_at: Option<DateTime<Utc>>,
    /// The block that holds it, and when that was seen.
    pub mined: Option<(u64, DateTime<Utc>)>,
}

pub(crate) const STAYS: &str = "
    select b.id, b.opened_at, b.closed_at, p.result, p.reason
    from batch_payments p join batches b on b.id = p.batch_id where p.payment_seq = $1 order by b.id";

pub(crate) async fn of(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<History, StoreError> {
    let Some(row) =
        sqlx::query("select handed_over_at, decided_at, written_off_at from payments where seq = $1")
            .bind(payment.0)
            .fetch_optional(&mut *db)
            .await?
    else {
        return Ok(History::default());
    };
    let columns = Columns::of("payments", &row);
    let mut history = History {
        handed_over_at: columns.optional_time("handed_over_at")?,
        decided_at: columns.optional_time("decided_at")?,
        written_off_at: columns.optional_time("written_off_at")?,
        stays: Vec::new(),
    };
    for row in sqlx::query(STAYS).bind(payment.0).fetch_all(&mut *db).await? {
        let columns = Columns::of("batch_payments", &row);
        let batch = BatchId(columns.get("id")?);
        history.stays.push(Stay {
            batch,
            opened_at: columns.time("opened_at")?,
            closed_at: columns.optional_time("closed_at")?,
            result: columns.word("result")?,
            reason: columns.optional_word("reason")?,
            sendings: sendings(db, batch).await?,
            calls: calls::of_payment(db, batch, payment).await?,
        });
    }
    Ok(history)
}

async fn sendings(db: &mut SqliteConnection, batch: BatchId) -> Result<Vec<Sending>, StoreError> {
    let rows = sqlx::query(
        "select t.hash, t.sent_at, r.block, r.seen_at from attempts t
         left join receipts r on r.attempt_id = t.id where t.batch_id = $1 and t.purpose = 'settle'
            and t.rail = 'direct' order by t.id",
    )
    .bind(batch.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("attempts", row);
            let mined = columns.optional_unsigned("block")?.zip(columns.optional_time("seen_at")?);
            Ok(Sending { hash: columns.hash("hash")?, sent_at: columns.optional_time("sent_at")?, mined })
        })
        .collect()
}

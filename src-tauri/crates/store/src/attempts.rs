use alloy_primitives::{Address, B256, Bytes};
use chrono::{DateTime, Utc};
use domain::{AttemptId, BatchId, NetworkId, Purpose, Rail};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::{Columns, signed};
use crate::{StoreError, costs};

/// A signed transaction that nobody has seen yet.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// The batch it is made for.
    pub batch: BatchId,
    /// Whether it settles that batch, or clears the way for what does.
    pub purpose: Purpose,
    /// The network it is for.
    pub network: NetworkId,
    /// The gas wallet that signed it.
    pub wallet: Address,
    /// The wallet's nonce.
    pub nonce: u64,
    /// The transaction's hash.
    pub hash: B256,
    /// The signed bytes.
    pub raw: Bytes,
    /// Its gas limit.
    pub gas_limit: u64,
    /// Wei per gas at most.
    pub max_fee_per_gas: u128,
    /// Wei per gas for the block's producer.
    pub max_priority_fee_per_gas: u128,
    /// When it was signed.
    pub at: DateTime<Utc>,
}

/// A signed transaction that is durable. Only the store makes one, and only one of these can be
/// sent: so nothing is ever sent that a restart would not know of (I9, T40).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedAttempt {
    id: AttemptId,
    batch: BatchId,
    purpose: Purpose,
    wallet: Address,
    nonce: u64,
    hash: B256,
    raw: Bytes,
    gas_limit: u64,
    max_fee_per_gas: u128,
    max_priority_fee_per_gas: u128,
    saved_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl SavedAttempt {
    /// Its row.
    pub const fn id(&self) -> AttemptId {
        self.id
    }

    /// The batch it is made for.
    pub const fn batch(&self) -> BatchId {
        self.batch
    }

    /// Whether it settles that batch, or clears the way for what does.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The gas wallet that signed it.
    pub const fn wallet(&self) -> Address {
        self.wallet
    }

    /// The wallet's nonce.
    pub const fn nonce(&self) -> u64 {
        self.nonce
    }

    /// The transaction's hash.
    pub const fn hash(&self) -> B256 {
        self.hash
    }

    /// The signed bytes.
    pub const fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Its gas limit.
    pub const fn gas_limit(&self) -> u64 {
        self.gas_limit
    }

    /// Wei per gas at most.
    pub const fn max_fee_per_gas(&self) -> u128 {
        self.max_fee_per_gas
    }

    /// Wei per gas for the block's producer.
    pub const fn max_priority_fee_per_gas(&self) -> u128 {
        self.max_priority_fee_per_gas
    }

    /// When it became durable.
    pub const fn saved_at(&self) -> DateTime<Utc> {
        self.saved_at
    }

    /// When it was first handed to a node.
    pub const fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.sent_at
    }

    pub(crate) fn from_row(row: &SqliteRow) -> Result<Self, StoreError> {
        let columns = Columns::of("attempts", row);
        Ok(Self {
            id: AttemptId(columns.get("id")?),
            batch: BatchId(columns.get("batch_id")?),
            purpose: columns.word("purpose")?,
            wallet: columns.address("wallet")?,
            nonce: columns.unsigned("nonce")?,
            hash: columns.hash("hash")?,
            raw: Bytes::copy_from_slice(columns.get("raw")?),
            gas_limit: columns.unsigned("gas_limit")?,
            max_fee_per_gas: columns.word("max_fee_per_gas")?,
            max_priority_fee_per_gas: columns.word("max_priority_fee_per_gas")?,
            saved_at: columns.time("saved_at")?,
            sent_at: columns.optional_time("sent_at")?,
        })
    }
}

pub(crate) async fn save(db: &mut SqliteConnection, attempt: NewAttempt) -> Result<SavedAttempt, StoreError> {
    let row = sqlx::query(
        "insert into attempts (
            batch_id, rail, chain_id, wallet, nonce, hash, raw, gas_limit, max_fee_per_gas,
            max_priority_fee_per_gas, saved_at, purpose
         ) values ($1, $11, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12) returning *",
    )
    .bind(attempt.batch.0)
    .bind(signed(attempt.network.chain_id()))
    .bind(attempt.wallet.as_slice())
    .bind(signed(attempt.nonce))
    .bind(attempt.hash.as_slice())
    .bind(attempt.raw.as_ref())
    .bind(signed(attempt.gas_limit))
    .bind(attempt.max_fee_per_gas.to_string())
    .bind(attempt.max_priority_fee_per_gas.to_string())
    .bind(attempt.at.timestamp_millis())
    .bind(Rail::Direct.as_str())
    .bind(attempt.purpose.as_str())
    .fetch_one(&mut *db)
    .await?;
    let changed = sqlx::query(
        "update batches set state = 'submitted' where id = $1 and state in ('preparing', 'submitted')",
    )
    .bind(attempt.batch.0)
    .execute(&mut *db)
    .await?;
    if changed.rows_affected() != 1 {
        return Err(StoreError::Conflict("the batch is closed".to_owned()));
    }
    costs::note_carried(db, attempt.batch).await?;
    SavedAttempt::from_row(&row)
}

pub(crate) async fn note_sent(
    db: &mut SqliteConnection,
    attempt: AttemptId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("update attempts set sent_at = coalesce(sent_at, $2) where id = $1")
        .bind(attempt.0)
        .bind(at.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// The transactions of a batch, oldest first; those that only cleared the way come last.
pub(crate) async fn of_batch(
    db: &mut SqliteConnection,
    batch: BatchId,
) -> Result<Vec<SavedAttempt>, StoreError> {
    let rows =
        sqlx::query("select * from attempts where batch_id = $1 and rail = $2 order by purpose desc, id")
            .bind(batch.0)
            .bind(Rail::Direct.as_str())
            .fetch_all(db)
            .await?;
    rows.iter().map(SavedAttempt::from_row).collect()
}

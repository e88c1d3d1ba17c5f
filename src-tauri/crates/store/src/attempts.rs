use alloy_primitives::{Address, B256, Bytes};
use chrono::{DateTime, Utc};
use domain::{AttemptId, BatchId, NetworkId};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::StoreError;
use crate::column::{Columns, signed};

/// A signed transaction that nobody has seen yet.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// The batch it settles.
    pub batch: BatchId,
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
    wallet: Address,
    nonce: u64,
    hash: B256,
    raw: Bytes,
    gas_limit: u64,
    saved_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl SavedAttempt {
    /// Its row.
    pub const fn id(&self) -> AttemptId {
        self.id
    }

    /// The batch it settles.
    pub const fn batch(&self) -> BatchId {
        self.batch
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
            wallet: columns.address("wallet")?,
            nonce: columns.unsigned("nonce")?,
            hash: columns.hash("hash")?,
            raw: Bytes::copy_from_slice(columns.get("raw")?),
            gas_limit: columns.unsigned("gas_limit")?,
            saved_at: columns.time("saved_at")?,
            sent_at: columns.optional_time("sent_at")?,
        })
    }
}

pub(crate) async fn save(db: &mut SqliteConnection, attempt: NewAttempt) -> Result<SavedAttempt, StoreError> {
    let row = sqlx::query(
        "insert into attempts (
            batch_id, rail, chain_id, wallet, nonce, hash, raw, gas_limit, max_fee_per_gas,
            max_priority_fee_per_gas, saved_at
         ) values ($1, 'direct', $2, $3, $4, $5, $6, $7, $8, $9, $10) returning *",
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
    .fetch_one(&mut *db)
    .await?;
    let changed = sqlx::query(
        "update batches set state = 'submitted' where id = $1 and state in ('preparing', 'submitted')",
    )
    .bind(attempt.batch.0)
    .execute(db)
    .await?;
    if changed.rows_affected() != 1 {
        return Err(StoreError::Conflict("the batch is closed".to_owned()));
    }
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

pub(crate) async fn of_batch(
    db: &mut SqliteConnection,
    batch: BatchId,
) -> Result<Vec<SavedAttempt>, StoreError> {
    let rows = sqlx::query("select * from attempts where batch_id = $1 order by id")
        .bind(batch.0)
        .fetch_all(db)
        .await?;
    rows.iter().map(SavedAttempt::from_row).collect()
}

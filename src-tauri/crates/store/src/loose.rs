//! Signed transactions of closed batches that may still be mined, or taken back: nobody waits for what they settle, but
//! they cost what they cost (I16).

use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{AssetId, AttemptId, BatchId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::runs;
use crate::column::Columns;
use crate::{Change, Proved, Store, StoreError, Unfinal};

/// A transaction of ours that is not known to be final, nor to be impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loose {
    /// The attempt.
    pub attempt: AttemptId,
    /// The batch it was made for, which is closed.
    pub batch: BatchId,
    /// Who signed it.
    pub wallet: Address,
    /// With which nonce.
    pub nonce: u64,
    /// The transaction.
    pub hash: B256,
    /// Where it was mined.
    pub seen: Option<Unfinal>,
    /// When it was made.
    pub saved_at: DateTime<Utc>,
}

impl Store {
    /// The transactions of closed batches that may still come or go, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn loose(&self, asset: AssetId) -> Result<Vec<Loose>, StoreError> {
        let rows = sqlx::query(LOOSE).bind(asset.0).fetch_all(&mut *self.reader().await?).await?;
        rows.iter().map(loose).collect()
    }

    /// Nothing can become of these any more that is not known, nor of others with the same nonce of the same wallet.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_attempts(&self, attempts: Vec<AttemptId>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((end(db, &attempts, now).await?, vec![Change::Batches])) })
            })
            .await
    }
}

pub(crate) const LOOSE: &str = "
    select t.id, t.batch_id, t.wallet, t.nonce, t.hash, t.saved_at, r.block, r.block_hash
    from attempts t join batches b on b.id = t.batch_id
    left join receipts r on r.attempt_id = t.id
    where t.chain_id = (select chain_id from assets where id = $1) and b.asset_id = $1 and b.state not in ('preparing', 'submitted')
        and t.ended_at is null and t.rail = 'direct'
    order by t.id";

fn loose(row: &SqliteRow) -> Result<Loose, StoreError> {
    let columns = Columns::of("attempts", row);
    let seen = match columns.optional_unsigned("block")? {
        Some(block) => Some(Unfinal { block, block_hash: columns.hash("block_hash")? }),
        None => None,
    };
    Ok(Loose {
        attempt: AttemptId(columns.get("id")?),
        batch: BatchId(columns.get("batch_id")?),
        wallet: columns.address("wallet")?,
        nonce: columns.unsigned("nonce")?,
        hash: columns.hash("hash")?,
        seen,
        saved_at: columns.time("saved_at")?,
    })
}

async fn end(db: &mut SqliteConnection, attempts: &[AttemptId], at: DateTime<Utc>) -> Result<(), StoreError> {
    for attempt in attempts {
        sqlx::query(
            "update attempts set ended_at = $2 where ended_at is null and rail = 'direct'
                and (chain_id, wallet, nonce) = (select chain_id, wallet, nonce from attempts where id = $1)",
        )
        .bind(attempt.0)
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The transactions that proved something are final with it.
pub(crate) async fn end_proved(
    db: &mut SqliteConnection,
    proved: &[Proved],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut transactions: Vec<_> = proved.iter().map(|one| one.evidence.transaction).collect();
    transactions.dedup();
    for run in runs(&transactions) {
        let mut query = QueryBuilder::<Sqlite>::new("with proved (hash) as (");
        query.push_values(run, |mut row, transaction| {
            row.push_bind(transaction.to_vec());
        });
        query.push(") select t.id from proved join attempts t on t.hash = proved.hash and t.rail = 'direct'");
        let rows = query.build().fetch_all(&mut *db).await?;
        let ids = rows.iter().map(|row| Ok(AttemptId(Columns::of("attempts", row).get("id")?)));
        end(db, &ids.collect::<Result<Vec<_>, StoreError>>()?, at).await?;
    }
    Ok(())
}

/// The batch that a transaction of ours was made for.
pub(crate) async fn made_for(
    db: &mut SqliteConnection,
    transaction: B256,
) -> Result<Option<BatchId>, StoreError> {
    let row = sqlx::query(
        "select batch_id from attempts where hash = $1 and rail = 'direct' and purpose = 'settle'",
    )
    .bind(transaction.as_slice())
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok(BatchId(Columns::of("attempts", &row).get("batch_id")?))).transpose()
}

//! Money given back to buyers: rows of their own, each with the transfer that proves it.

use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, Evidence, PaymentId, PaymentSeq};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;
use crate::column::{Columns, signed};
use crate::costs::Books;
use crate::totals::day;

/// A transfer to the payer, as the chain showed it.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// The payment it gives back.
    pub payment: PaymentId,
    /// Who sent it.
    pub sender: Address,
    /// How much.
    pub amount: Amount,
    /// Where it was seen.
    pub evidence: Evidence,
    /// The place of the transfer in its block.
    pub log_index: u64,
    /// What the seller wrote beside it.
    pub note: Option<String>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// A recorded refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its number.
    pub id: i64,
    /// The payment it gives back.
    pub payment: PaymentId,
    /// That payment's asset.
    pub asset: AssetId,
    /// Who got it.
    pub payer: Address,
    /// Who sent it.
    pub sender: Address,
    /// How much.
    pub amount: Amount,
    /// The transaction that carried it.
    pub transaction: B256,
    /// Its block.
    pub block: u64,
    /// What the seller wrote beside it.
    pub note: Option<String>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Records a refund; a transfer counts once, and no more is given back than was paid.
pub(crate) async fn record(db: &mut SqliteConnection, new: &NewRefund) -> Result<Refund, StoreError> {
    let row = sqlx::query("select seq, asset_id, endpoint_id, payer, amount from payments where id = $1")
        .bind(new.payment.0.as_bytes().as_slice())
        .fetch_optional(&mut *db)
        .await?
        .ok_or(StoreError::NotFound("payment"))?;
    let columns = Columns::of("payments", &row);
    let seq = PaymentSeq(columns.get("seq")?);
    let paid = columns.amount("amount")?;
    let given = given_back(db, seq).await?;
    if given.checked_add(new.amount).is_none_or(|sum| sum > paid) {
        return Err(StoreError::Conflict("more would be given back than was paid".to_owned()));
    }
    let asset = AssetId(columns.get("asset_id")?);
    let endpoint = domain::EndpointId(columns.uuid("endpoint_id")?);
    let inserted = sqlx::query(
        "insert into refunds (payment_seq, asset_id, endpoint_id, payer, sender, amount, transaction_hash,
            log_index, block, block_hash, note, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (asset_id, transaction_hash, log_index) do nothing returning id",
    )
    .bind(seq.0)
    .bind(asset.0)
    .bind(endpoint.0.as_bytes().as_slice())
    .bind(columns.address("payer")?.to_vec())
    .bind(new.sender.as_slice())
    .bind(new.amount.as_i64())
    .bind(new.evidence.transaction.as_slice())
    .bind(signed(new.log_index))
    .bind(signed(new.evidence.block))
    .bind(new.evidence.block_hash.as_slice())
    .bind(new.note.as_deref())
    .bind(new.at.timestamp_millis())
    .fetch_optional(&mut *db)
    .await?;
    let Some(inserted) = inserted else {
        return Err(StoreError::Conflict("this transfer was recorded before".to_owned()));
    };
    let mut books = Books::default();
    books.gave_back((asset, endpoint, day(new.at)), new.amount);
    books.write(db).await?;
    one(db, inserted.try_get("id")?).await
}

/// What was given back of a payment so far.
pub(crate) async fn given_back(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<Amount, StoreError> {
    let row = sqlx::query("select coalesce(sum(amount), 0) as amount from refunds where payment_seq = $1")
        .bind(payment.0)
        .fetch_one(db)
        .await?;
    Columns::of("refunds", &row).amount("amount")
}

/// Whether a transfer was recorded as a refund already.
pub(crate) async fn is_recorded(
    db: &mut SqliteConnection,
    asset: AssetId,
    transaction: B256,
    log_index: u64,
) -> Result<bool, StoreError> {
    let found =
        sqlx::query("select 1 from refunds where asset_id = $1 and transaction_hash = $2 and log_index = $3")
            .bind(asset.0)
            .bind(transaction.as_slice())
            .bind(signed(log_index))
            .fetch_optional(db)
            .await?;
    Ok(found.is_some())
}

const SELECT: &str = "
    select r.*, p.id as payment_id from refunds r join payments p on p.seq = r.payment_seq";

fn refund(row: &SqliteRow) -> Result<Refund, StoreError> {
    let columns = Columns::of("refunds", row);
    Ok(Refund {
        id: columns.get("id")?,
        payment: PaymentId(columns.uuid("payment_id")?),
        asset: AssetId(columns.get("asset_id")?),
        payer: columns.address("payer")?,
        sender: columns.address("sender")?,
        amount: columns.amount("amount")?,
        transaction: columns.hash("transaction_hash")?,
        block: columns.unsigned("block")?,
        note: columns.get("note")?,
        recorded_at: columns.time("recorded_at")?,
    })
}

async fn one(db: &mut SqliteConnection, id: i64) -> Result<Refund, StoreError> {
    let query = format!("{SELECT} where r.id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(id).fetch_one(db).await?;
    refund(&row)
}

/// Newest first.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    payment: Option<PaymentSeq>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Refund>, StoreError> {
    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new(SELECT);
    query.push(" where r.id < ").push_bind(before.unwrap_or(i64::MAX));
    if let Some(payment) = payment {
        query.push(" and r.payment_seq = ").push_bind(payment.0);
    }
    query.push(" order by r.id desc limit ").push_bind(i64::from(limit));
    let rows = query.build().fetch_all(db).await?;
    rows.iter().map(refund).collect()
}

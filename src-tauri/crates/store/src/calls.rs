//! What facilitators are asked: saved before it leaves, with what came back.

use std::collections::HashMap;

use alloy_primitives::B256;
use chrono::{DateTime, Utc};
use domain::{AssetId, AttemptId, BatchId, NetworkId, Offer, PaymentSeq, Purpose, Rail};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::{Columns, signed};
use crate::{Change, Store, StoreError, offers};

/// A question to a facilitator that nobody has asked yet.
#[derive(Clone, Debug)]
pub struct NewCall {
    /// The batch its payment is in.
    pub batch: BatchId,
    /// The payment it is to settle.
    pub payment: PaymentSeq,
    /// The network it is for.
    pub network: NetworkId,
    /// Whom: scheme and host.
    pub facilitator: String,
    /// The body of the request.
    pub body: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// A question to a facilitator that is durable. Only the store makes one, and only one of these can be asked: so nothing
/// is ever asked that a restart would not know of (I9, T40).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCall {
    id: AttemptId,
    batch: BatchId,
    payment: PaymentSeq,
    facilitator: String,
    body: String,
    saved_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    named: Option<B256>,
    answer: Option<(String, DateTime<Utc>)>,
}

impl SavedCall {
    /// Its row.
    pub const fn id(&self) -> AttemptId {
        self.id
    }

    /// The batch its payment is in.
    pub const fn batch(&self) -> BatchId {
        self.batch
    }

    /// The payment it is to settle.
    pub const fn payment(&self) -> PaymentSeq {
        self.payment
    }

    /// Whom: scheme and host.
    pub fn facilitator(&self) -> &str {
        &self.facilitator
    }

    /// The body of the request.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// When it became durable.
    pub const fn saved_at(&self) -> DateTime<Utc> {
        self.saved_at
    }

    /// When it was first asked.
    pub const fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.sent_at
    }

    /// The transaction that the facilitator named last. Proves nothing.
    pub const fn named(&self) -> Option<B256> {
        self.named
    }

    /// What the facilitator said last, and when. Proves nothing.
    pub fn answer(&self) -> Option<(&str, DateTime<Utc>)> {
        self.answer.as_ref().map(|(text, at)| (text.as_str(), *at))
    }
}

/// What a payment was asked for, as it is told to a facilitator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidFor {
    /// The offer it answered.
    pub offer: Offer,
    /// Where the thing was sold.
    pub path: String,
    /// Its media type.
    pub media_type: String,
}

fn call(row: &SqliteRow) -> Result<SavedCall, StoreError> {
    let columns = Columns::of("attempts", row);
    let said: Option<String> = columns.get("answer")?;
    Ok(SavedCall {
        id: AttemptId(columns.get("id")?),
        batch: BatchId(columns.get("batch_id")?),
        payment: PaymentSeq(columns.get("payment_seq")?),
        facilitator: columns.get::<Option<String>>("facilitator")?.unwrap_or_default(),
        body: columns.get("request")?,
        saved_at: columns.time("saved_at")?,
        sent_at: columns.optional_time("sent_at")?,
        named: columns.optional_hash("hash")?,
        answer: said.zip(columns.optional_time("answered_at")?),
    })
}

async fn save(db: &mut SqliteConnection, new: &NewCall) -> Result<SavedCall, StoreError> {
    let row = sqlx::query(
        "insert into attempts (batch_id, rail, purpose, chain_id, payment_seq, request, facilitator, saved_at)
         select $1, $2, $3, $4, $5, $6, $7, $8 where exists (
            select 1 from batch_payments where batch_id = $1 and payment_seq = $5 and result = 'pending'
         ) returning *",
    )
    .bind(new.batch.0)
    .bind(Rail::Facilitator.as_str())
    .bind(Purpose::Settle.as_str())
    .bind(signed(new.network.chain_id()))
    .bind(new.payment.0)
    .bind(&new.body)
    .bind(&new.facilitator)
    .bind(new.at.timestamp_millis())
    .fetch_optional(&mut *db)
    .await?
    .ok_or_else(|| StoreError::Conflict("the payment is decided".to_owned()))?;
    sqlx::query("update batches set state = 'submitted' where id = $1 and state = 'preparing'")
        .bind(new.batch.0)
        .execute(db)
        .await?;
    call(&row)
}

/// What was asked for a batch's payments, oldest first.
pub(crate) async fn of_batch(
    db: &mut SqliteConnection,
    batch: BatchId,
) -> Result<Vec<SavedCall>, StoreError> {
    let rows = sqlx::query("select * from attempts where batch_id = $1 and rail = $2 order by id")
        .bind(batch.0)
        .bind(Rail::Facilitator.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(call).collect()
}

/// The same for one of them.
pub(crate) async fn of_payment(
    db: &mut SqliteConnection,
    batch: BatchId,
    payment: PaymentSeq,
) -> Result<Vec<SavedCall>, StoreError> {
    let mut calls = of_batch(db, batch).await?;
    calls.retain(|call| call.payment == payment);
    Ok(calls)
}

async fn note_answer(
    db: &mut SqliteConnection,
    id: AttemptId,
    named: Option<B256>,
    answer: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "update attempts set hash = coalesce($2, hash), answer = $3, answered_at = $4
         where id = $1 and rail = 'facilitator'",
    )
    .bind(id.0)
    .bind(named.map(|hash| hash.to_vec()))
    .bind(answer)
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

async fn want(
    db: &mut SqliteConnection,
    payments: &[PaymentSeq],
    rail: Option<Rail>,
) -> Result<(), StoreError> {
    for payment in payments {
        sqlx::query("update payments set wanted_rail = $2 where seq = $1")
            .bind(payment.0)
            .bind(rail.map(Rail::as_str))
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

impl Store {
    /// Makes a question to a facilitator durable, which is what allows it to be asked.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the payment is decided; it must not be asked then, nor when it could not be stored.
    pub async fn save_call(&self, new: NewCall) -> Result<SavedCall, StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((save(db, &new).await?, vec![Change::Batches])) }))
            .await
    }

    /// Notes what a facilitator said, and the transaction that it named.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_answer(
        &self,
        call: AttemptId,
        named: Option<B256>,
        answer: String,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((note_answer(db, call, named, &answer, at).await?, vec![Change::Batches]))
                })
            })
            .await
    }

    /// By which rail payments are to go next; none leaves it to their network.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn want_rail(&self, payments: Vec<PaymentSeq>, rail: Option<Rail>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((want(db, &payments, rail).await?, Vec::new())) }))
            .await
    }

    /// The queued payments of an asset that are to go by a rail of their own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn wanted_rails(&self, asset: AssetId) -> Result<HashMap<PaymentSeq, Rail>, StoreError> {
        let mut db = self.reader().await?;
        let rows = sqlx::query(
            "select seq, wanted_rail from payments
             where asset_id = $1 and wanted_rail is not null and state = 'queued'",
        )
        .bind(asset.0)
        .fetch_all(&mut *db)
        .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("payments", row);
                Ok((PaymentSeq(columns.get("seq")?), columns.word("wanted_rail")?))
            })
            .collect()
    }

    /// What a payment was asked for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such payment.
    pub async fn paid_for(&self, payment: PaymentSeq) -> Result<PaidFor, StoreError> {
        let mut db = self.reader().await?;
        let row = sqlx::query(
            "select o.id, o.endpoint_id, o.part, o.audience, o.version as offer_version, o.asset_id, o.pay_to,
                p.amount, o.window_seconds, o.created_at, o.honoured_until, a.chain_id, a.address, a.name,
                a.version, a.decimals,
                case when e.kind = 'folder' and coalesce(g.part, '') <> '' then e.path || '/' || g.part
                    else e.path end as path,
                coalesce(f.media_type, t.media_type, 'application/octet-stream') as media_type
             from payments p join offers o on o.id = p.offer_id join assets a on a.id = o.asset_id
                join endpoints e on e.id = p.endpoint_id left join grants g on g.payment_seq = p.seq
                left join files f on f.endpoint_id = e.id and f.part = coalesce(g.part, '')
                left join texts t on t.endpoint_id = e.id
             where p.seq = $1",
        )
        .bind(payment.0)
        .fetch_optional(&mut *db)
        .await?
        .ok_or(StoreError::NotFound("payment"))?;
        let columns = Columns::of("endpoints", &row);
        Ok(PaidFor {
            offer: offers::offer(&row)?,
            path: columns.get("path")?,
            media_type: columns.get("media_type")?,
        })
    }
}

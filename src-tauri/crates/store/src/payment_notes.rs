//! What the seller wrote beside a payment, and what settling that payment cost.

use alloy_primitives::U256;
use chrono::{DateTime, Utc};
use domain::{Amount, PaymentId, PaymentSeq};
use sqlx::SqliteConnection;

use crate::column::Columns;
use crate::{Change, Store, StoreError, payments};

/// A payment's part of what the transactions cost that carried it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentCost {
    /// In wei of the network's coin; none where it was carried by none of ours so far.
    pub wei: Option<U256>,
    /// The same in micro-dollars; none where the price of the coin was not known for all of it.
    pub value: Option<Amount>,
}

async fn note_of(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("select note from payment_notes where payment_seq = $1")
        .bind(payment.0)
        .fetch_optional(db)
        .await?;
    row.map(|row| Columns::of("payment_notes", &row).get("note")).transpose()
}

async fn write(
    db: &mut SqliteConnection,
    payment: PaymentSeq,
    note: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let query = if note.is_empty() {
        sqlx::query("delete from payment_notes where payment_seq = $1").bind(payment.0)
    } else {
        sqlx::query(
            "insert into payment_notes (payment_seq, note, written_at) values ($1, $2, $3)
             on conflict (payment_seq) do update set note = excluded.note, written_at = excluded.written_at",
        )
        .bind(payment.0)
        .bind(note)
        .bind(at.timestamp_millis())
    };
    query.execute(db).await?;
    Ok(())
}

async fn cost_of(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<PaymentCost, StoreError> {
    let row = sqlx::query(
        "select sum(cost_wei) as wei, case when count(cost_value) = count(cost_wei) then sum(cost_value) end as value
         from batch_payments where payment_seq = $1",
    )
    .bind(payment.0)
    .fetch_one(db)
    .await?;
    let columns = Columns::of("batch_payments", &row);
    let value = columns.optional_unsigned("value")?;
    Ok(PaymentCost {
        wei: columns.optional_unsigned::<u64>("wei")?.map(U256::from),
        value: value.and_then(|value: u64| Amount::from_atomic(value).ok()),
    })
}

/// What stands beside a payment.
impl Store {
    /// What the seller wrote beside it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payment_note(&self, payment: PaymentSeq) -> Result<Option<String>, StoreError> {
        note_of(&mut *self.reader().await?, payment).await
    }

    /// Writes something beside it in the place of what stood there; nothing takes that away.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such payment. When the file cannot be written.
    pub async fn note_payment(
        &self,
        payment: PaymentId,
        note: String,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let payment =
                        payments::by_id(db, payment).await?.ok_or(StoreError::NotFound("payment"))?;
                    write(db, payment.seq, &note, at).await?;
                    Ok(((), vec![Change::Payments]))
                })
            })
            .await
    }

    /// What settling it cost.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payment_cost(&self, payment: PaymentSeq) -> Result<PaymentCost, StoreError> {
        cost_of(&mut *self.reader().await?, payment).await
    }
}

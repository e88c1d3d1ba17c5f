//! Payments that were dropped: nobody was charged for them, and nobody can use their authorizations any more.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AssetId, EndpointId, PaymentSeq, PaymentState};
use sqlx::SqliteConnection;

use crate::column::Columns;
use crate::totals::Totals;
use crate::{Change, Store, StoreError, answers};

/// How long one is remembered after its authorization has ended, so that it buys nothing by any clock (T02).
const KEPT: TimeDelta = TimeDelta::days(1);

/// How many are forgotten in one transaction.
const MANY: i64 = 500;

/// Those that are over, the longest first. The newest payment of all stays, because its number must not be given again.
async fn over(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<Vec<PaymentSeq>, StoreError> {
    let rows = sqlx::query(
        "select seq from payments where state = 'voided' and valid_before < $1
            and seq < (select max(seq) from payments)
         order by valid_before limit $2",
    )
    .bind((now - KEPT).timestamp())
    .bind(MANY)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok(PaymentSeq(Columns::of("payments", row).get("seq")?))).collect()
}

async fn forget(db: &mut SqliteConnection, gone: &[PaymentSeq]) -> Result<(), StoreError> {
    let mut totals = Totals::default();
    for seq in gone {
        let row = sqlx::query("delete from payments where seq = $1 and state = 'voided' returning *")
            .bind(seq.0)
            .fetch_optional(&mut *db)
            .await?;
        let Some(row) = row else { continue };
        let columns = Columns::of("payments", &row);
        totals.take(
            AssetId(columns.get("asset_id")?),
            EndpointId(columns.uuid("endpoint_id")?),
            columns.time("accepted_at")?,
            PaymentState::Voided,
            columns.amount("amount")?,
        );
        sqlx::query("delete from payment_names where payment_id = $1")
            .bind(columns.get::<Vec<u8>>("id")?)
            .execute(&mut *db)
            .await?;
    }
    totals.write(db).await
}

impl Store {
    /// Lets go of what nobody can want any more: kept answers that are over, and payments that were dropped. Answers with
    /// how many payments that were.
    ///
    /// # Errors
    /// When the file cannot be written; what was let go of before that is gone.
    pub async fn clear_up(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((answers::clear(db, now).await?, Vec::new())) }))
            .await?;
        let mut forgotten = 0;
        loop {
            let gone = over(&mut *self.reader().await?, now).await?;
            if gone.is_empty() {
                return Ok(forgotten);
            }
            forgotten += gone.len() as u64;
            self.writer
                .run(|db| {
                    Box::pin(async move {
                        forget(db, &gone).await?;
                        Ok(((), vec![Change::Payments]))
                    })
                })
                .await?;
        }
    }
}

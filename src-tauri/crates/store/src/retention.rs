//! Lets go of what is older than the seller wants it kept, a little at a time. What the books are made of stays: payments,
//! batches, attempts, offers, refunds.

use chrono::{DateTime, Utc};

use crate::{Change, Store, StoreError};

/// How many rows go in one transaction, so that nobody who buys waits for it.
const MANY: i64 = 500;

impl Store {
    /// Forgets who came before a UTC day, counted since 1970. Answers with how many rows went.
    ///
    /// # Errors
    /// When the file cannot be written; what went before that is gone.
    pub async fn forget_visits(&self, before: i64) -> Result<u64, StoreError> {
        self.forget(
            "delete from visits where (endpoint_id, day) in (
                select endpoint_id, day from visits where day < $1 order by day limit $2)",
            before,
            // Nobody who follows the endpoints follows who came to them.
            None,
        )
        .await
    }

    /// Forgets what webhooks were told before a moment, and how that went. What is still tried stays.
    ///
    /// # Errors
    /// When the file cannot be written; what went before that is gone.
    pub async fn forget_messages(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.forget(
            "delete from webhook_deliveries where id in (
                select id from webhook_deliveries where next_at is null and made_at < $1 order by made_at limit $2)",
            before.timestamp_millis(),
            Some(Change::Webhooks),
        )
        .await
    }

    async fn forget(
        &self,
        statement: &'static str,
        before: i64,
        change: Option<Change>,
    ) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            let some = self
                .writer
                .run(move |db| {
                    Box::pin(async move {
                        let done = sqlx::query(statement).bind(before).bind(MANY).execute(db).await?;
                        let rows = done.rows_affected();
                        Ok((rows, change.filter(|_| rows > 0).into_iter().collect()))
                    })
                })
                .await?;
            gone += some;
            if some < MANY.unsigned_abs() {
                return Ok(gone);
            }
        }
    }
}

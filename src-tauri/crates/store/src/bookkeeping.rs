//! What following up failures and keeping the books need.

use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, BatchId, PaymentId, PaymentSeq};
use sqlx::Row as _;

use crate::failures::{self, Failure, FailurePlace, FailureQuery};
use crate::reconcile::{self, Booked};
use crate::refunds::{self, NewRefund, Refund};
use crate::reports::{self, BookLine, CostRow, QueueAge, ReportBy};
use crate::watched::{self, Look, Watched};
use crate::{Change, Store, StoreError};

/// Payments that failed.
impl Store {
    /// Failed payments whose time for a look has come, the longest waiting first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn watched(
        &self,
        asset: AssetId,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Watched>, StoreError> {
        watched::due(&mut *self.reader().await?, asset, now, limit).await
    }

    /// When the next failed payment wants a look.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_look(&self, asset: AssetId) -> Result<Option<DateTime<Utc>>, StoreError> {
        watched::next_due(&mut *self.reader().await?, asset).await
    }

    /// When the last open window ends of the failed payments that are looked at: until then somebody could still submit
    /// one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn watched_until(
        &self,
        asset: AssetId,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        watched::until(&mut *self.reader().await?, asset, now).await
    }

    /// One payment as it is looked at, with its asset.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn look_at(&self, payment: PaymentId) -> Result<Option<(AssetId, Watched)>, StoreError> {
        watched::find(&mut *self.reader().await?, payment).await
    }

    /// Writes down what looks at failed payments showed; answers with those that moved to another state.
    ///
    /// # Errors
    /// When the file cannot be written; nothing of it stands then.
    pub async fn note_looks(
        &self,
        looks: Vec<(PaymentSeq, Look)>,
        at: DateTime<Utc>,
    ) -> Result<Vec<PaymentSeq>, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let moved = watched::note(db, &looks, at).await?;
                    // What is not final yet is watched from now on by whoever hears of batches.
                    let told =
                        if moved.is_empty() { vec![] } else { vec![Change::Batches, Change::Payments] };
                    Ok((moved, told))
                })
            })
            .await
    }

    /// Takes a payment up again that the seller had given up. False when it was not given up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn take_up_again(&self, payment: PaymentId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((watched::reopen(db, payment, at).await?, vec![Change::Payments])) })
            })
            .await
    }

    /// A page of failures, the most urgent first, and where the next page begins.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn failures(
        &self,
        wanted: FailureQuery,
        now: u64,
    ) -> Result<(Vec<Failure>, Option<FailurePlace>), StoreError> {
        failures::page(&mut *self.reader().await?, &wanted, now).await
    }

    /// One payment with what was tried.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn failure(&self, payment: PaymentId) -> Result<Option<Failure>, StoreError> {
        failures::of(&mut *self.reader().await?, payment).await
    }

    /// What has been under way since before a moment, and what came back to the queue with a reason.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn uncertain(&self, before: DateTime<Utc>) -> Result<Vec<Failure>, StoreError> {
        failures::uncertain(&mut *self.reader().await?, before).await
    }

    /// Whether payments of an asset wait because the token lets nothing pass, through no fault of their buyers (T21).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_barred(&self, asset: AssetId) -> Result<bool, StoreError> {
        failures::is_barred(&mut *self.reader().await?, asset).await
    }

    /// How many failed payments could still be saved at a Unix second, and what they come to.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn recoverable(&self, now: u64) -> Result<(u64, Amount), StoreError> {
        failures::recoverable(&mut *self.reader().await?, now).await
    }

    /// What failed payments come to whose buyers got something and whose windows are open at `now`, in Unix seconds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn delivered_in_vain(&self, now: u64) -> Result<Amount, StoreError> {
        failures::delivered_in_vain(&mut *self.reader().await?, now).await
    }
}

/// Books.
impl Store {
    /// Records money given back to a buyer.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the transfer was recorded before or more would be given back than
    /// was paid.
    pub async fn record_refund(&self, new: NewRefund) -> Result<Refund, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((refunds::record(db, &new).await?, vec![Change::Payments])) })
            })
            .await
    }

    /// Refunds, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn refunds(
        &self,
        payment: Option<PaymentSeq>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Refund>, StoreError> {
        refunds::list(&mut *self.reader().await?, payment, before, limit).await
    }

    /// What was given back of a payment so far.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn given_back(&self, payment: PaymentSeq) -> Result<Amount, StoreError> {
        refunds::given_back(&mut *self.reader().await?, payment).await
    }

    /// Whether a transfer was recorded as a refund.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_refund(
        &self,
        asset: AssetId,
        transaction: B256,
        log_index: u64,
    ) -> Result<bool, StoreError> {
        refunds::is_recorded(&mut *self.reader().await?, asset, transaction, log_index).await
    }

    /// The books of UTC days counted from 1970, both ends included.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn books(&self, by: ReportBy, first: i64, last: i64) -> Result<Vec<BookLine>, StoreError> {
        reports::of_days(&mut *self.reader().await?, by, first, last).await
    }

    /// The same by payer, those first from whom most came.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn books_by_payer(
        &self,
        first: i64,
        last: i64,
        limit: u32,
    ) -> Result<Vec<BookLine>, StoreError> {
        reports::by_payer(&mut *self.reader().await?, first, last, limit).await
    }

    /// Shares of costs in the order of batches and payments, after the given place.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn costs(&self, after: (BatchId, PaymentSeq), limit: u32) -> Result<Vec<CostRow>, StoreError> {
        reports::costs(&mut *self.reader().await?, after, limit).await
    }

    /// The payout addresses that offers ever named, with their assets.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payout_addresses(&self) -> Result<Vec<(AssetId, Address)>, StoreError> {
        reconcile::addresses(&mut *self.reader().await?).await
    }

    /// The block at which the first payment in an asset was accepted.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_block(&self, asset: AssetId) -> Result<Option<u64>, StoreError> {
        reconcile::first_block(&mut *self.reader().await?, asset).await
    }

    /// What the books hold for a payout address in these blocks, both ends included.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn booked(
        &self,
        asset: AssetId,
        pay_to: Address,
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<Booked>, StoreError> {
        reconcile::booked(&mut *self.reader().await?, asset, pay_to, from_block, to_block).await
    }
}

/// How the file is.
impl Store {
    /// How long what waits has waited.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queue_age(&self) -> Result<QueueAge, StoreError> {
        reports::queue_age(&mut *self.reader().await?).await
    }

    /// Checks the whole file, indexes and references included; a sentence about the first thing that is
    /// wrong, none when it is whole.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn check(&self) -> Result<Option<String>, StoreError> {
        let mut reader = self.reader().await?;
        let row = sqlx::query("pragma integrity_check(1)").fetch_one(&mut *reader).await?;
        let found: String = row.try_get(0)?;
        if found != "ok" {
            return Ok(Some(found));
        }
        let dangling = sqlx::query("pragma foreign_key_check").fetch_optional(&mut *reader).await?;
        Ok(dangling.map(|_| "rows point at rows that do not exist".to_owned()))
    }
}

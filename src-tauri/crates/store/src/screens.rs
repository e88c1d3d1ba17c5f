//! What the seller's screens ask beyond the commands' needs.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{BatchId, EndpointId, NetworkId, PaymentSeq};

use crate::batches::{self, NewBatch, OpenBatch};
use crate::history::{self, History};
use crate::payments::PaymentQuery;
use crate::problems::{self, GiveUp, Problem};
use crate::requests::{self, SettleRequest};
use crate::sums::{self, Arrived, Lately, Total};
use crate::totals::{day, minute};
use crate::{Change, Store, StoreError, endpoints};

/// Sums.
impl Store {
    /// One endpoint's sums by state.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn endpoint_totals(&self, endpoint: EndpointId) -> Result<Vec<Total>, StoreError> {
        sums::of_endpoint(&mut *self.reader().await?, endpoint).await
    }

    /// The sums by state of every endpoint that sold anything.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals_by_endpoint(&self) -> Result<Vec<(EndpointId, Total)>, StoreError> {
        sums::by_endpoint(&mut *self.reader().await?).await
    }

    /// The sums by state of UTC days, counted from 1970, by when payments were accepted; both ends
    /// included, days without payments left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals_by_day(&self, first: i64, last: i64) -> Result<Vec<(i64, Total)>, StoreError> {
        sums::by_day(&mut *self.reader().await?, first, last).await
    }

    /// The sums by state of UTC hours, counted from 1970, by when payments were accepted; both ends included, hours
    /// without payments left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals_by_hour(&self, first: i64, last: i64) -> Result<Vec<(i64, Total)>, StoreError> {
        sums::by_hour(&mut *self.reader().await?, first, last).await
    }

    /// The sums by state of those endpoints that were bought most often in UTC days, counted from 1970 and both included.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn best_sellers(
        &self,
        days: (i64, i64),
        limit: u32,
    ) -> Result<Vec<(EndpointId, Total)>, StoreError> {
        sums::best(&mut *self.reader().await?, days, limit).await
    }

    /// What of each endpoint, or of one, came on chain on the UTC day of a moment and in the weeks before; what had
    /// nothing is left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn arrived_lately(
        &self,
        at: DateTime<Utc>,
        endpoint: Option<EndpointId>,
    ) -> Result<Vec<(EndpointId, Lately)>, StoreError> {
        sums::lately(&mut *self.reader().await?, day(at), endpoint).await
    }

    /// The sums by state of what a query lists on all its pages.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals_of(&self, wanted: PaymentQuery) -> Result<Vec<Total>, StoreError> {
        sums::of_list(&mut *self.reader().await?, &wanted).await
    }

    /// What came on chain on the UTC day of a moment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn arrived_on_day_of(&self, at: DateTime<Utc>) -> Result<Arrived, StoreError> {
        sums::arrived(&mut *self.reader().await?, day(at)).await
    }

    /// What had come on chain on the UTC day before that of a moment by the same time, to the minute.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn arrived_the_day_before_by(&self, at: DateTime<Utc>) -> Result<Arrived, StoreError> {
        let before = at - TimeDelta::days(1);
        let midnight = day(before) * 24 * 60;
        sums::arrived_between(&mut *self.reader().await?, midnight, minute(before)).await
    }
}

/// Payments in detail.
impl Store {
    /// The moments of one payment's life.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn history(&self, payment: PaymentSeq) -> Result<History, StoreError> {
        history::of(&mut *self.reader().await?, payment).await
    }

    /// Payments that need attention, by why.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn problems(&self) -> Result<Vec<Problem>, StoreError> {
        problems::list(&mut *self.reader().await?).await
    }

    /// Gives payments up that need attention. Answers how many; those that stand elsewhere, or that the
    /// chain could still take back, are left as they are.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a reason has more or fewer payments than expected. When the file
    /// cannot be written; what was counted before stays given up.
    pub async fn give_up(&self, wanted: GiveUp, at: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut closed = 0;
        let mut begun = false;
        loop {
            let wanted = wanted.clone();
            let checked = std::mem::replace(&mut begun, true);
            let (some, more) = self
                .writer
                .run(move |db| {
                    Box::pin(async move {
                        if let (GiveUp::Because(reason), false) = (&wanted, checked) {
                            problems::expect(db, reason).await?;
                        }
                        Ok((problems::give_up(db, &wanted, at).await?, vec![Change::Payments]))
                    })
                })
                .await?;
            closed += some;
            if !more {
                return Ok(closed);
            }
        }
    }

    /// Brings a removed endpoint back to where it stood.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its path was taken meanwhile or it was not removed,
    /// [`StoreError::NotFound`] when there is none.
    pub async fn restore_endpoint(&self, endpoint: EndpointId) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(
                    async move { Ok((endpoints::restore(db, endpoint).await?, vec![Change::Endpoints])) },
                )
            })
            .await
    }
}

/// Named requests to settle.
impl Store {
    /// Opens a batch for a named request, which is written down with it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when none of the payments is queued any more.
    pub async fn open_requested_batch(
        &self,
        batch: NewBatch,
        request: SettleRequest,
    ) -> Result<OpenBatch, StoreError> {
        let opened = self
            .writer
            .run(move |db| {
                Box::pin(async move {
                    requests::note(db, &request, batch.at).await?;
                    let open = batches::open(db, batch).await?;
                    batches::note_request(db, open.id, &request.key).await?;
                    Ok((open, vec![Change::Batches, Change::Payments]))
                })
            })
            .await?;
        self.put_beside().await;
        Ok(opened)
    }

    /// Writes a named request down for which nothing waited.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_settle_request(
        &self,
        request: SettleRequest,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((requests::note(db, &request, at).await?, Vec::new())) }))
            .await
    }

    /// The batches that were opened for a named request, on one network or on all; none when nobody
    /// asked under that name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn requested_batches(
        &self,
        key: &str,
        network: Option<NetworkId>,
    ) -> Result<Option<Vec<BatchId>>, StoreError> {
        requests::batches(&mut *self.reader().await?, key, network).await
    }
}

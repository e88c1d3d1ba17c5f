use std::path::Path;

use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{
    Amount, Asset, AssetId, AttemptId, BatchId, Delivery, EndpointId, EndpointState, PaymentId, PaymentSeq,
};
use sqlx::Sqlite;
use sqlx::SqlitePool;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::sync::broadcast;

use crate::accept::{self, Acceptance, Accepted};
use crate::attempts::{self, NewAttempt, SavedAttempt};
use crate::batches::{self, BatchDetail, BatchSummary, NewBatch, OpenBatch};
use crate::deliveries::Progress;
use crate::endpoints::{self, Listing, NewEndpoint, NewOffer};
use crate::finality::{self, Unfinal};
use crate::networks::{self, NetworkRow};
use crate::payments::{self, Payment, PaymentPage, PaymentQuery, PaymentRef};
use crate::queue::{self, Choice, OpenPayment, QueueSummary};
use crate::sums::{self, Total};
use crate::verdict::{self, Verdict};
use crate::writer::Writer;
use crate::{Change, Changes, Opened, StoreError, file, settings};

/// Readers that may look at the file at the same time.
const READERS: u32 = 4;

/// Changes that a slow listener may be behind before it is told to read everything again.
const REMEMBERED_CHANGES: usize = 256;

/// The memory of one environment. A clone is another handle to the same file.
///
/// Whatever a writing method reports is on the disk when it returns.
#[derive(Clone, Debug)]
pub struct Store {
    readers: SqlitePool,
    pub(crate) writer: Writer,
    changes: broadcast::Sender<Change>,
}

impl Store {
    /// Opens the data file, checks it, and brings it up to date after making a copy.
    ///
    /// # Errors
    /// When the file is damaged, newer than this program, or cannot be written durably.
    pub async fn open(path: &Path, now: DateTime<Utc>) -> Result<(Self, Opened), StoreError> {
        let (db, opened) = file::open(path, now).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(file::options(path).create_if_missing(false).pragma("query_only", "on"))
            .await?;
        let (changes, _) = broadcast::channel(REMEMBERED_CHANGES);
        let writer = Writer::start(db, path.to_owned(), changes.clone());
        Ok((Self { readers, writer, changes }, opened))
    }

    /// Finishes what was asked before and closes the file in order.
    ///
    /// # Errors
    /// When the last flush failed; everything that was reported is on the disk all the same.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.readers.close().await;
        self.writer.stop().await
    }

    /// What changes from now on.
    pub fn changes(&self) -> Changes {
        Changes::new(self.changes.subscribe())
    }

    pub(crate) async fn reader(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }
}

/// What selling needs.
impl Store {
    /// Every endpoint, paused and removed ones included, with its latest offers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn catalogue(&self) -> Result<Vec<Listing>, StoreError> {
        endpoints::catalogue(&mut *self.reader().await?).await
    }

    /// Accepts a payment, or says why not. Requests that arrive together share one flush.
    ///
    /// # Errors
    /// When nothing could be stored: nobody may be served on it.
    pub async fn accept(&self, acceptance: Acceptance) -> Result<Accepted, StoreError> {
        self.writer.accept(acceptance).await
    }

    /// The payment by which a payer may have the endpoint's content without paying again.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn owned(
        &self,
        endpoint: EndpointId,
        payer: Address,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentRef>, StoreError> {
        accept::owned(&mut *self.reader().await?, endpoint, payer, now).await
    }

    /// Notes how far a delivery has got. Written with the next group; a crash can lose the note but
    /// never the payment.
    pub fn record_delivery(&self, payment: PaymentSeq, delivery: Delivery, bytes_sent: u64) {
        self.writer.progress(Progress { payment, delivery, bytes_sent });
    }

    /// Drops an authorization that bought nothing. False when it is too late for that.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn void(&self, payment: PaymentSeq, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((verdict::void(db, payment, now).await?, vec![Change::Payments])) })
            })
            .await
    }

    /// One payment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payment(&self, id: PaymentId) -> Result<Option<Payment>, StoreError> {
        payments::find(&mut *self.reader().await?, id).await
    }
}

/// What settling needs.
impl Store {
    /// The known assets.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn assets(&self) -> Result<Vec<(AssetId, Asset)>, StoreError> {
        networks::assets(&mut *self.reader().await?).await
    }

    /// What waits in an asset.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queue(&self, asset: AssetId) -> Result<QueueSummary, StoreError> {
        queue::summary(&mut *self.reader().await?, asset).await
    }

    /// The queued payments that end first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued(
        &self,
        asset: AssetId,
        choice: Choice,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError> {
        queue::queued(&mut *self.reader().await?, asset, choice, limit).await
    }

    /// Whether anything waits, is on its way, or is not final yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_anything_open(&self) -> Result<bool, StoreError> {
        queue::is_anything_open(&mut *self.reader().await?).await
    }

    /// Takes those of the payments that are still queued into a batch. From here on their signatures
    /// count as public.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when none of them is queued any more.
    pub async fn open_batch(&self, batch: NewBatch) -> Result<OpenBatch, StoreError> {
        self.writer
            .run(|db| {
                Box::pin(async move {
                    Ok((batches::open(db, batch).await?, vec![Change::Batches, Change::Payments]))
                })
            })
            .await
    }

    /// Makes a signed transaction durable, which is what allows it to be sent.
    ///
    /// # Errors
    /// When it could not be stored; it must not be sent then.
    pub async fn save_attempt(&self, attempt: NewAttempt) -> Result<SavedAttempt, StoreError> {
        self.writer
            .run(|db| {
                Box::pin(async move { Ok((attempts::save(db, attempt).await?, vec![Change::Batches])) })
            })
            .await
    }

    /// Notes when an attempt was first handed to a node.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_broadcast(&self, attempt: AttemptId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(
                    async move { Ok((attempts::note_sent(db, attempt, at).await?, vec![Change::Batches])) },
                )
            })
            .await
    }

    /// Writes down what became of a batch's payments.
    ///
    /// # Errors
    /// When the file cannot be written; nothing of it stands then.
    pub async fn record(&self, verdict: Verdict) -> Result<(), StoreError> {
        self.writer
            .run(|db| {
                Box::pin(async move {
                    verdict::record(db, &verdict).await?;
                    Ok(((), vec![Change::Batches, Change::Payments]))
                })
            })
            .await
    }

    /// The batches that are not decided, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn open_batches(&self, asset: AssetId) -> Result<Vec<OpenBatch>, StoreError> {
        batches::all_open(&mut *self.reader().await?, asset).await
    }

    /// The blocks that proved something and could still be taken back, lowest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unfinal(&self, asset: AssetId) -> Result<Vec<Unfinal>, StoreError> {
        finality::unfinal(&mut *self.reader().await?, asset).await
    }

    /// The batches that are not decided, or that hold something that could still be taken back,
    /// whoever's transaction decided it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unfinished_batches(&self, asset: AssetId) -> Result<Vec<BatchId>, StoreError> {
        finality::unfinished_batches(&mut *self.reader().await?, asset).await
    }

    /// Everything proved at or below the block is beyond reorganisation.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn finalise(
        &self,
        asset: AssetId,
        up_to_block: u64,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    finality::finalise(db, asset, up_to_block, now).await?;
                    Ok(((), vec![Change::Batches, Change::Payments]))
                })
            })
            .await
    }

    /// A block is gone. Payments that our own transactions settled in it wait for those again, the
    /// others are queued again. Answers with the batches whose transactions must be sent again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn take_back(
        &self,
        asset: AssetId,
        block_hash: B256,
        _now: DateTime<Utc>,
    ) -> Result<Vec<BatchId>, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let batches = finality::take_back(db, asset, block_hash).await?;
                    Ok((batches, vec![Change::Batches, Change::Payments]))
                })
            })
            .await
    }
}

/// What the seller's screens and commands need.
impl Store {
    /// Adds an endpoint with its first offer.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the path is taken.
    pub async fn add_endpoint(
        &self,
        new: NewEndpoint,
        first: NewOffer,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(
                    async move { Ok((endpoints::add(db, &new, first, now).await?, vec![Change::Endpoints])) },
                )
            })
            .await
    }

    /// Quotes new requirements for endpoints from now on, all or none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn quote(
        &self,
        quotes: Vec<(EndpointId, NewOffer)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    for (endpoint, offer) in quotes {
                        endpoints::quote(db, endpoint, offer, now).await?;
                    }
                    Ok(((), vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Pauses, resumes or removes an endpoint.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none or it was removed.
    pub async fn set_endpoint_state(
        &self,
        endpoint: EndpointId,
        state: EndpointState,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((endpoints::set_state(db, endpoint, state).await?, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// A page of payments, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payments(&self, query: PaymentQuery) -> Result<PaymentPage, StoreError> {
        payments::page(&mut *self.reader().await?, query).await
    }

    /// Batches, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn batches(
        &self,
        before: Option<BatchId>,
        limit: u32,
    ) -> Result<Vec<BatchSummary>, StoreError> {
        batches::list(&mut *self.reader().await?, before, limit).await
    }

    /// One batch with its payments.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn batch(&self, id: BatchId) -> Result<Option<BatchDetail>, StoreError> {
        batches::detail(&mut *self.reader().await?, id).await
    }

    /// Every asset's sums by state.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals(&self) -> Result<Vec<Total>, StoreError> {
        sums::by_state(&mut *self.reader().await?).await
    }

    /// What was delivered, or is about to be, and is not on chain yet: per asset, instant sales left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn exposure(&self) -> Result<Vec<(AssetId, Amount)>, StoreError> {
        queue::exposure(&mut *self.reader().await?).await
    }

    /// The networks that were set up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn networks(&self) -> Result<Vec<NetworkRow>, StoreError> {
        networks::list(&mut *self.reader().await?).await
    }

    /// Sets a network up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_network(&self, network: NetworkRow, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((networks::set(db, &network, now).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// The asset's row, with what its contract says now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn know_asset(&self, asset: Asset) -> Result<AssetId, StoreError> {
        self.writer
            .run(|db| {
                Box::pin(async move { Ok((networks::know_asset(db, &asset).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// The settings that differ from their defaults.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn settings(&self) -> Result<Vec<(String, String)>, StoreError> {
        settings::all(&mut *self.reader().await?).await
    }

    /// Changes a setting.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_setting(&self, key: String, value: String) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((settings::set(db, &key, &value).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// A fact about this file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn fact(&self, key: &str) -> Result<Option<String>, StoreError> {
        settings::fact(&mut *self.reader().await?, key).await
    }

    /// Notes a fact about this file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_fact(&self, key: &'static str, value: String) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((settings::set_fact(db, key, &value).await?, Vec::new())) })
            })
            .await
    }
}

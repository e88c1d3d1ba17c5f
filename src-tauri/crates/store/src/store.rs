use std::path::{Path, PathBuf};
use std::sync::Arc;

use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{
    Asset, AssetId, AttemptId, BatchId, Delivery, EndpointId, NetworkId, Part, PaymentId, PaymentSeq,
    RequestBinding,
};
use futures::future::try_join_all;
use sqlx::Sqlite;
use sqlx::SqlitePool;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::sync::broadcast;

use crate::accept::{Acceptance, Accepted};
use crate::answers::{self, Answer, Answered, Keep};
use crate::attempts::{self, NewAttempt, SavedAttempt};
use crate::batches::{self, NewBatch, OpenBatch};
use crate::deliveries::Progress;
use crate::endpoints::{self, Listing};
use crate::finality::{self, Unfinal};
use crate::networks;
use crate::owners;
use crate::payments::{self, Payment, PaymentRef};
use crate::queue::{self, Choice, OpenPayment, QueueSummary};
use crate::verdict::{self, Verdict};
use crate::whole::{self, Unread};
use crate::writer::Writer;
use crate::{Change, Changes, Opened, Proved, StoreError, file};

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
    pub(crate) path: Arc<Path>,
    pub(crate) unread: Arc<Unread>,
}

impl Store {
    /// Opens the data file, checks it, and brings it up to date after making a copy. A large file is left
    /// [unread](Opened::unread).
    ///
    /// # Errors
    /// When the file is damaged, newer than this program, or cannot be written durably.
    pub async fn open(path: &Path, now: DateTime<Utc>) -> Result<(Self, Opened), StoreError> {
        Self::open_reading(path, now, whole::AT_ONCE).await
    }

    /// As [`open`](Self::open), for a file that is read whole at once up to so many bytes.
    pub(crate) async fn open_reading(
        path: &Path,
        now: DateTime<Utc>,
        at_once: u64,
    ) -> Result<(Self, Opened), StoreError> {
        let (db, opened, unread) = file::open(path, now, at_once).await?;
        let readers = open_readers(path).await?;
        let (changes, _) = broadcast::channel(REMEMBERED_CHANGES);
        let writer = Writer::start(db, path.to_owned(), changes.clone());
        let unread = Arc::new(Unread::new(unread));
        Ok((Self { readers, writer, changes, path: path.into(), unread }, opened))
    }

    /// Finishes what was asked before and closes the file in order.
    ///
    /// # Errors
    /// When the last flush failed; everything that was reported is on the disk all the same.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.unread.end().await;
        self.readers.close().await;
        if let Err(error) = self.count().await {
            tracing::debug!(%error, "the file is closed without being counted");
        }
        self.writer.stop().await
    }

    /// How long the log beside the data file is, in bytes. Some tens of millions are usual; more means that somebody
    /// reads in the file for very long (T64).
    pub fn log_bytes(&self) -> u64 {
        file::log_bytes(&self.path)
    }

    /// What changes from now on.
    pub fn changes(&self) -> Changes {
        Changes::new(self.changes.subscribe())
    }

    pub(crate) async fn reader(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }
}

/// Opens all readers, for as long as the store is open. Whoever is given up while a reader is opened or tried out leaves
/// it open after everything was closed; so that is done here, and each is tried out when it is given back. Only one that
/// failed then is opened again later.
async fn open_readers(path: &Path) -> Result<SqlitePool, StoreError> {
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(file::reading(path))
        .await?;
    try_join_all((0..READERS).map(|_| readers.acquire())).await?;
    Ok(readers)
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

    /// The payment by which a payer may have a part of an endpoint's content without paying again.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn owned(
        &self,
        endpoint: EndpointId,
        part: &Part,
        payer: Address,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentRef>, StoreError> {
        owners::owned(&mut *self.reader().await?, (endpoint, part, payer), None, now).await
    }

    /// As [`owned`](Self::owned), for who is quoted what has the digest `on_sale`: where owners keep what they bought, nothing
    /// but that.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn owned_as_quoted(
        &self,
        endpoint: EndpointId,
        part: &Part,
        payer: Address,
        on_sale: B256,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentRef>, StoreError> {
        owners::owned(&mut *self.reader().await?, (endpoint, part, payer), Some(on_sale), now).await
    }

    /// Notes how far a delivery has got. Written with the next group; a crash can lose the note but
    /// never the payment.
    pub fn record_delivery(&self, payment: PaymentSeq, delivery: Delivery, bytes_sent: u64) {
        self.writer.progress(Progress { payment, delivery, bytes_sent });
    }

    /// Notes that a service has answered with this status and these headers, so that what paid for it can be settled, and
    /// what is kept for whoever asks again. At once where somebody waits for the settlement, else with the next group.
    pub fn record_answer(
        &self,
        payment: PaymentSeq,
        status: u16,
        headers: String,
        keep: Keep,
        waited_for: bool,
    ) {
        self.writer.answered(Answered { payment, status, headers, keep, waited_for });
    }

    /// What a service answered to a payment; none when it was never asked, or that is long ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn answer(
        &self,
        payment: PaymentSeq,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>, StoreError> {
        answers::of(&mut *self.reader().await?, payment, now).await
    }

    /// Whether a payment's answer may still be wanted out of the file that it waits in, or is just being written there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_answer_wanted(&self, payment: PaymentId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        answers::is_wanted(&mut *self.reader().await?, payment, now).await
    }

    /// Lets go of an answer whose file is gone, so that whoever signs for the request again buys it anew.
    ///
    /// # Errors
    /// When that could not be stored.
    pub async fn lose_answer(&self, payment: PaymentSeq) -> Result<(), StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((answers::lose(db, payment).await?, Vec::new())) }))
            .await
    }

    /// Where answers wait that are too long for the data file: a folder beside it.
    pub fn answers_folder(&self) -> PathBuf {
        self.path.with_extension("answers")
    }

    /// The payment by which a payer may have a service's answer to this very request, which did not arrive.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn owed_answer(
        &self,
        endpoint: EndpointId,
        part: &Part,
        payer: Address,
        request: RequestBinding,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentRef>, StoreError> {
        answers::owed(&mut *self.reader().await?, (endpoint, part, payer), request, now).await
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
    /// The known assets; those that something is quoted in now come first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn assets(&self) -> Result<Vec<(AssetId, Asset)>, StoreError> {
        networks::assets(&mut *self.reader().await?).await
    }

    /// The assets whose amounts are added up with those of one on this network: what was ever paid in, and what is
    /// quoted in elsewhere.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn assets_beside(&self, network: NetworkId) -> Result<Vec<(AssetId, Asset)>, StoreError> {
        networks::assets_beside(&mut *self.reader().await?, network).await
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

    /// Those of the named payments that wait in an asset.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_named(
        &self,
        asset: AssetId,
        ids: &[PaymentId],
    ) -> Result<Vec<OpenPayment>, StoreError> {
        queue::queued_named(&mut *self.reader().await?, asset, ids).await
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
        let opened = self
            .writer
            .run(|db| {
                Box::pin(async move {
                    Ok((batches::open(db, batch).await?, vec![Change::Batches, Change::Payments]))
                })
            })
            .await?;
        self.put_beside().await;
        Ok(opened)
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

    /// What was proved is beyond reorganisation. What was taken down since it was read was not asked about, and is left
    /// alone, as is a payment whose evidence is another one now (T53).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn finalise(
        &self,
        asset: AssetId,
        proved: Vec<Proved>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    finality::finalise(db, asset, &proved, now).await?;
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
    pub async fn take_back(&self, asset: AssetId, block_hash: B256) -> Result<Vec<BatchId>, StoreError> {
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

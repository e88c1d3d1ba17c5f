//! The one writer. Whatever waits for it when it is free goes into one commit, so that many requests
//! share one flush to the disk.

use std::path::PathBuf;

use domain::PaymentSeq;
use futures::future::BoxFuture;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::timeout_at;

use crate::accept::{self, Acceptance, Accepted};
use crate::answers::Answered;
use crate::deliveries::{Noted, Notes, Progress};
use crate::{Change, StoreError, file, owners};

/// The most requests that share one commit. Bounds the wait of the first of them.
const GROUP: usize = 256;

/// How often those who are ready to run come before a group is closed: a request that is nearly here
/// shares its commit.
const ROUNDS: usize = 4;

/// How many requests may wait before those who ask are slowed down.
const WAITING: usize = 4096;

type Step = Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Stepped> + Send>;

/// How a step ended, as far as the writer cares.
enum Stepped {
    /// It is durable, or it was refused for what is stored.
    Well(Vec<Change>),
    /// The database failed under it.
    Broken,
}

pub(crate) struct Accepting {
    pub(crate) acceptance: Acceptance,
    pub(crate) reply: oneshot::Sender<Result<Accepted, StoreError>>,
}

enum Work {
    Accept(Box<Accepting>),
    Progress(Progress),
    Answered(Answered),
    Step(Step),
    Stop(oneshot::Sender<Result<(), StoreError>>),
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    work: mpsc::Sender<Work>,
}

impl Writer {
    /// Gives the connection to a task of its own.
    pub(crate) fn start(db: SqliteConnection, path: PathBuf, changes: broadcast::Sender<Change>) -> Self {
        let (work, inbox) = mpsc::channel(WAITING);
        tokio::spawn(Loop { db, path, changes, notes: Notes::default(), next: None }.run(inbox));
        Self { work }
    }

    pub(crate) async fn accept(&self, acceptance: Acceptance) -> Result<Accepted, StoreError> {
        if !acceptance.can_be_kept() {
            return Err(StoreError::Conflict("the authorization's times are out of range".to_owned()));
        }
        let (reply, answer) = oneshot::channel();
        let accepting = Box::new(Accepting { acceptance, reply });
        let mut awaited = Awaited { writer: self, answer };
        self.work.send(Work::Accept(accepting)).await.map_err(|_| StoreError::Closed)?;
        (&mut awaited.answer).await.map_err(|_| StoreError::Closed)?
    }

    /// Notes how far a delivery has got; dropped when thousands wait already. Then it counts as under
    /// way until the next note, or until the next start finds that it broke off.
    pub(crate) fn progress(&self, progress: Progress) {
        if self.work.try_send(Work::Progress(progress)).is_err() {
            tracing::debug!("a delivery's progress was not noted");
        }
    }

    /// Notes what a service answered, in the end also where thousands wait.
    pub(crate) fn answered(&self, answered: Answered) {
        if let Err(mpsc::error::TrySendError::Full(work)) = self.work.try_send(Work::Answered(answered)) {
            let sender = self.work.clone();
            tokio::spawn(async move { drop(sender.send(work).await) });
        }
    }

    /// Runs `step` in a transaction of its own, which is durable when this returns and undone when
    /// the step fails.
    pub(crate) async fn run<T, F>(&self, step: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<(T, Vec<Change>), StoreError>>
            + Send
            + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let step: Step = Box::new(move |db| {
            Box::pin(async move {
                let (result, stepped) = match in_transaction(db, step).await {
                    Ok((value, changes)) => (Ok(value), Stepped::Well(changes)),
                    Err(error @ StoreError::Database(_)) => (Err(error), Stepped::Broken),
                    Err(error) => (Err(error), Stepped::Well(Vec::new())),
                };
                // Whoever asked may have gone; what was decided stands all the same.
                drop(reply.send(result));
                stepped
            })
        });
        self.work.send(Work::Step(step)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Finishes what was asked before, then closes the file in order.
    pub(crate) async fn stop(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        if self.work.send(Work::Stop(reply)).await.is_err() {
            return Ok(());
        }
        answer.await.unwrap_or(Ok(()))
    }
}

/// A buyer's wait for an answer. Whoever leaves it lying may have bought something all the same.
struct Awaited<'w> {
    writer: &'w Writer,
    answer: oneshot::Receiver<Result<Accepted, StoreError>>,
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        // From here on the writer finds nobody there; what it had answered before is here.
        self.answer.close();
        if let Ok(Ok(accepted)) = self.answer.try_recv()
            && let Some(note) = left_behind(&accepted)
        {
            self.writer.progress(note);
        }
    }
}

/// What has to be noted when nobody is there for the answer: a payment that was stored for this very
/// request can be claimed, because no byte of it left and none will (T32).
const fn left_behind(accepted: &Accepted) -> Option<Progress> {
    match accepted {
        Accepted::New(payment) => Some(Progress::broken_off(payment.seq)),
        Accepted::Repeat(_)
        | Accepted::Owned(_)
        | Accepted::InFlight(_)
        | Accepted::Used(_)
        | Accepted::Overdrawn { .. }
        | Accepted::Capped(_)
        | Accepted::Blocked
        | Accepted::Distrusted
        | Accepted::NotNow => None,
    }
}

async fn in_transaction<T, F>(db: &mut SqliteConnection, step: F) -> Result<(T, Vec<Change>), StoreError>
where
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<(T, Vec<Change>), StoreError>>,
{
    let mut transaction = db.begin_with("begin immediate").await?;
    let outcome = step(&mut transaction).await?;
    transaction.commit().await?;
    Ok(outcome)
}

struct Loop {
    db: SqliteConnection,
    path: PathBuf,
    changes: broadcast::Sender<Change>,
    /// What was told of deliveries and is not written yet.
    notes: Notes,
    /// The number of the next payment, unless the file must be asked.
    next: Option<PaymentSeq>,
}

impl Loop {
    async fn run(mut self, mut inbox: mpsc::Receiver<Work>) {
        let mut waiting = Vec::with_capacity(GROUP);
        let stopped = loop {
            let received = inbox.recv_many(&mut waiting, GROUP);
            let received = match self.notes.due() {
                Some(due) => timeout_at(due, received).await,
                None => Ok(received.await),
            };
            if received == Ok(0) {
                break None;
            }
            for _ in 0..ROUNDS {
                tokio::task::yield_now().await;
                while waiting.len() < GROUP
                    && let Ok(work) = inbox.try_recv()
                {
                    waiting.push(work);
                }
            }
            if let Some(reply) = self.work_through(&mut waiting).await {
                break Some(reply);
            }
        };
        self.group(Vec::new(), true).await;
        let closed = async {
            file::note_clean_stop(&mut self.db).await?;
            file::close(self.db).await
        }
        .await;
        if let Some(reply) = stopped {
            drop(reply.send(closed));
        }
    }

    /// Takes acceptances as one group, everything else one after the other.
    async fn work_through(
        &mut self,
        waiting: &mut Vec<Work>,
    ) -> Option<oneshot::Sender<Result<(), StoreError>>> {
        let mut accepting = Vec::new();
        let mut steps = Vec::new();
        let mut stop = None;
        for work in waiting.drain(..) {
            match work {
                // Who left before the turn came has bought nothing.
                Work::Accept(one) if one.reply.is_closed() => {}
                Work::Accept(one) => accepting.push(*one),
                Work::Progress(one) => self.notes.add(one),
                Work::Answered(one) => self.notes.add_answer(one),
                Work::Step(one) => steps.push(one),
                Work::Stop(reply) => stop = Some(reply),
            }
        }
        // A step sees what was noted before it was asked for.
        let with_notes = self.notes.must_be_written() || !steps.is_empty();
        self.group(accepting, with_notes).await;
        for step in steps {
            match step(&mut self.db).await {
                Stepped::Well(changes) => self.tell(changes),
                Stepped::Broken => self.reopen().await,
            }
        }
        stop
    }

    async fn group(&mut self, accepting: Vec<Accepting>, with_notes: bool) {
        let mut noted = if with_notes { self.notes.take() } else { Noted::default() };
        if accepting.is_empty() && noted.is_empty() {
            return;
        }
        let number = self.next.take();
        let result = async {
            let mut transaction = self.db.begin_with("begin immediate").await?;
            // First what broke off: whoever tries again may be in the same group.
            noted.write(&mut transaction).await?;
            let owners = owners::claimable(&mut transaction, &accepting).await?;
            if !owners.is_empty() && !with_notes {
                // And what was delivered since: it may have been the last that was owed.
                noted = self.notes.take();
                noted.write(&mut transaction).await?;
            }
            let mut next = match number {
                Some(number) => number,
                None => accept::next_number(&mut transaction).await?,
            };
            let accepted = accept::group(&mut transaction, &accepting, &owners, &mut next).await?;
            transaction.commit().await?;
            Ok::<_, StoreError>((accepted, next))
        }
        .await;
        match result {
            Ok((accepted, next)) => {
                self.next = Some(next);
                // Told before the buyers are served: an instant sale waits for what follows from it.
                let any_new = accepted.iter().any(|one| matches!(one, Accepted::New(_)));
                // What was answered can be settled from now on.
                self.tell((any_new || !noted.answered.is_empty()).then_some(Change::Payments));
                self.tell((!noted.deliveries.is_empty()).then_some(Change::Deliveries));
                for (one, accepted) in accepting.into_iter().zip(accepted) {
                    if let Err(Ok(unheard)) = one.reply.send(Ok(accepted)) {
                        left_behind(&unheard).into_iter().for_each(|note| self.notes.add(note));
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, "payments and notes about deliveries could not be stored");
                self.notes.put_back(noted);
                for one in accepting {
                    drop(one.reply.send(Err(error.clone())));
                }
                self.reopen().await;
            }
        }
    }

    /// After a failed commit nothing about the connection is taken for granted (T62).
    async fn reopen(&mut self) {
        match file::options(&self.path).create_if_missing(false).connect().await {
            Ok(db) => self.db = db,
            Err(error) => tracing::error!(%error, "the data file could not be opened again"),
        }
    }

    fn tell(&self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            // Nobody listening is fine: whoever starts to listen reads first.
            drop(self.changes.send(change));
        }
    }
}

//! How far the bytes of each payment have got.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use domain::{Delivery, PaymentSeq};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use tokio::time::Instant;

use crate::StoreError;
use crate::accept::runs;
use crate::answers::{self, Answered};
use crate::column::signed;

/// How long a note may wait for others, so that they share a commit.
const WAIT: Duration = Duration::from_millis(200);

/// How many payments' notes are written at once whatever the time.
const MANY: usize = 1024;

/// How many bytes of answers are written at once whatever the time.
const MUCH: usize = 4 * 1024 * 1024;

/// How long notes rest that could not be written, unless something else is written before.
const AGAIN: Duration = Duration::from_secs(1);

/// A note about one delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) payment: PaymentSeq,
    pub(crate) delivery: Delivery,
    pub(crate) bytes_sent: u64,
}

impl Progress {
    /// What breaks off before the first byte.
    pub(crate) const fn broken_off(payment: PaymentSeq) -> Self {
        Self { payment, delivery: Delivery::Interrupted, bytes_sent: 0 }
    }

    fn then(self, later: Self) -> Self {
        let delivery =
            if self.delivery == Delivery::Delivered { Delivery::Delivered } else { later.delivery };
        Self { delivery, bytes_sent: self.bytes_sent.max(later.bytes_sent), ..later }
    }
}

/// The newest note of each payment, until it is written. Nobody waits for it.
#[derive(Default)]
pub(crate) struct Notes {
    waiting: HashMap<PaymentSeq, Progress>,
    answered: Vec<Answered>,
    /// How much memory the answers take.
    bytes: usize,
    /// Whether one of them decides what a buyer gets who may come again at once, or who waits.
    urgent: bool,
    /// When the oldest of them must be written.
    due: Option<Instant>,
}

impl Notes {
    pub(crate) fn add(&mut self, note: Progress) {
        self.urgent |= note.delivery == Delivery::Interrupted;
        self.waiting.entry(note.payment).and_modify(|earlier| *earlier = earlier.then(note)).or_insert(note);
        let at_once = self.urgent || self.waiting.len() >= MANY;
        self.be_due(if at_once { Duration::ZERO } else { WAIT });
    }

    /// Adds what a service answered.
    pub(crate) fn add_answer(&mut self, answered: Answered) {
        self.bytes += answered.bytes();
        self.urgent |= answered.waited_for;
        self.answered.push(answered);
        let at_once = self.urgent || self.bytes >= MUCH;
        self.be_due(if at_once { Duration::ZERO } else { WAIT });
    }

    /// When they must be written, if there are any.
    pub(crate) const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether the next commit has to hold them.
    pub(crate) fn must_be_written(&self) -> bool {
        self.urgent || self.due.is_some_and(|due| due <= Instant::now())
    }

    pub(crate) fn take(&mut self) -> Noted {
        self.due = None;
        self.urgent = false;
        self.bytes = 0;
        let deliveries = self.waiting.drain().map(|(_, note)| note).collect();
        Noted { deliveries, answered: std::mem::take(&mut self.answered) }
    }

    /// Keeps what was taken and could not be written.
    pub(crate) fn put_back(&mut self, taken: Noted) {
        let later = std::mem::replace(&mut self.answered, taken.answered);
        self.answered.extend(later);
        for earlier in taken.deliveries {
            self.urgent |= earlier.delivery == Delivery::Interrupted;
            match self.waiting.entry(earlier.payment) {
                Entry::Occupied(mut later) => *later.get_mut() = earlier.then(*later.get()),
                Entry::Vacant(place) => drop(place.insert(earlier)),
            }
        }
        if !self.waiting.is_empty() || !self.answered.is_empty() {
            self.be_due(AGAIN);
        }
    }

    fn be_due(&mut self, wait: Duration) {
        let due = Instant::now() + wait;
        self.due = Some(self.due.map_or(due, |earlier| earlier.min(due)));
    }
}

/// Notes that were taken to be written.
#[derive(Default)]
pub(crate) struct Noted {
    pub(crate) deliveries: Vec<Progress>,
    pub(crate) answered: Vec<Answered>,
}

impl Noted {
    pub(crate) const fn is_empty(&self) -> bool {
        self.deliveries.is_empty() && self.answered.is_empty()
    }

    /// Writes them.
    pub(crate) async fn write(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        // First the answers: one that broke off is kept by then, if it is kept at all.
        answers::note(db, &self.answered).await?;
        note(db, &self.deliveries).await
    }
}

/// Writes notes, one for each payment. A finished delivery stays finished whatever a later download
/// of the same thing does.
async fn note(db: &mut SqliteConnection, notes: &[Progress]) -> Result<(), StoreError> {
    for run in runs(notes) {
        let mut query = QueryBuilder::<Sqlite>::new("with noted (seq, delivery, bytes) as (");
        query.push_values(run, |mut row, note| {
            row.push_bind(note.payment.0)
                .push_bind(note.delivery.as_str())
                .push_bind(signed(note.bytes_sent));
        });
        query.push(
            ") update payments set delivery = noted.delivery, bytes_sent = max(payments.bytes_sent, noted.bytes)
               from noted where payments.seq = noted.seq and payments.delivery <> 'delivered'",
        );
        query.build().execute(&mut *db).await?;
    }
    let broken: Vec<PaymentSeq> =
        notes.iter().filter(|note| note.delivery == Delivery::Interrupted).map(|note| note.payment).collect();
    // What broke off can be claimed with a fresh signature even where nothing is owned.
    for run in runs(&broken) {
        let mut query = QueryBuilder::<Sqlite>::new("update grants set claimable = 1 where payment_seq in (");
        let mut list = query.separated(", ");
        for seq in run {
            list.push_bind(seq.0);
        }
        query.push(") and (select delivery from payments where seq = grants.payment_seq) = 'interrupted'");
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// What had not ended when the file was closed. `waiting` stands there twice because that names the index.
macro_rules! unfinished {
    () => {
        "select seq from payments where delivery = 'streaming' and state <> 'voided'
         union all
         select seq from payments
         where delivery in ('waiting', 'interrupted') and delivery = 'waiting' and state <> 'voided'
           and (mode = 'batched' or state in ('queued', 'settling', 'settled', 'settled_elsewhere'))"
    };
}

pub(crate) const MAKE_CLAIMABLE: &str =
    concat!("update grants set claimable = 1 where payment_seq in (", unfinished!(), ")");
pub(crate) const BREAK_OFF: &str =
    concat!("update payments set delivery = 'interrupted' where seq in (", unfinished!(), ")");

/// At the start no connection is left from before: whatever had not ended broke off. An instant sale that came to nothing
/// before its first byte had ended: its buyer was told, and it must not look as if it could be collected after all.
pub(crate) async fn break_off_unfinished(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(MAKE_CLAIMABLE).execute(&mut *db).await?;
    sqlx::query(BREAK_OFF).execute(db).await?;
    Ok(())
}

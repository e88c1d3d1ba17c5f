//! How far the bytes of each payment have got.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use domain::{Delivery, PaymentSeq};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use tokio::time::Instant;

use crate::StoreError;
use crate::accept::runs;
use crate::column::signed;

/// How long a note may wait for others, so that they share a commit.
const WAIT: Duration = Duration::from_millis(200);

/// How many payments' notes are written at once whatever the time.
const MANY: usize = 1024;

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
    /// Whether one of them is about what broke off, which decides what its buyer gets on coming
    /// again, and that may be at once.
    broke_off: bool,
    /// When the oldest of them must be written.
    due: Option<Instant>,
}

impl Notes {
    pub(crate) fn add(&mut self, note: Progress) {
        self.broke_off |= note.delivery == Delivery::Interrupted;
        self.waiting.entry(note.payment).and_modify(|earlier| *earlier = earlier.then(note)).or_insert(note);
        let at_once = self.broke_off || self.waiting.len() >= MANY;
        self.be_due(if at_once { Duration::ZERO } else { WAIT });
    }

    /// When they must be written, if there are any.
    pub(crate) const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether the next commit has to hold them.
    pub(crate) fn must_be_written(&self) -> bool {
        self.broke_off || self.due.is_some_and(|due| due <= Instant::now())
    }

    pub(crate) fn take(&mut self) -> Vec<Progress> {
        self.due = None;
        self.broke_off = false;
        self.waiting.drain().map(|(_, note)| note).collect()
    }

    /// Keeps what was taken and could not be written.
    pub(crate) fn put_back(&mut self, taken: Vec<Progress>) {
        for earlier in taken {
            self.broke_off |= earlier.delivery == Delivery::Interrupted;
            match self.waiting.entry(earlier.payment) {
                Entry::Occupied(mut later) => *later.get_mut() = earlier.then(*later.get()),
                Entry::Vacant(place) => drop(place.insert(earlier)),
            }
        }
        if !self.waiting.is_empty() {
            self.be_due(AGAIN);
        }
    }

    fn be_due(&mut self, wait: Duration) {
        let due = Instant::now() + wait;
        self.due = Some(self.due.map_or(due, |earlier| earlier.min(due)));
    }
}

/// Writes notes, one for each payment. A finished delivery stays finished whatever a later download
/// of the same thing does.
pub(crate) async fn note(db: &mut SqliteConnection, notes: &[Progress]) -> Result<(), StoreError> {
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

/// At the start no connection is left from before: whatever had not ended broke off. An instant sale that came to nothing
/// before its first byte had ended: its buyer was told, and it must not look as if it could be collected after all.
pub(crate) async fn break_off_unfinished(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(
        "update grants set claimable = 1 where payment_seq in (
            select seq from payments where delivery in ('waiting', 'streaming') and state <> 'voided' and (
                mode = 'batched' or delivery = 'streaming'
                or state in ('queued', 'settling', 'settled', 'settled_elsewhere')
            )
         )",
    )
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "update payments set delivery = 'interrupted'
         where delivery in ('waiting', 'streaming') and state <> 'voided' and (
            mode = 'batched' or delivery = 'streaming'
            or state in ('queued', 'settling', 'settled', 'settled_elsewhere')
         )",
    )
    .execute(db)
    .await?;
    Ok(())
}

//! When payments have to be sent whatever else happens, so that nothing dies in the queue.

use chain::Block;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{AssetId, LONGEST_SEND_MARGIN, end_of_window};
use store::{Choice, OpenPayment, Store, StoreError, Trigger};

use crate::halt::{Halt, ask, is_away};
use crate::lane::Lane;

/// How many queued payments are first read to find the next deadline.
const SOONEST: u32 = 128;

/// How old the knowledge of the next deadline may be: well below the least margin ahead of one.
const DUE_AGE: TimeDelta = TimeDelta::seconds(5);

/// The most that a chain's clock is believed to be ahead: a node that lies about the time can hasten
/// a transaction, but not by more (T53).
const MOST_AHEAD: TimeDelta = TimeDelta::hours(2);

/// The latest time of a block that is believed, in Unix seconds.
pub(crate) fn latest_believed(now: DateTime<Utc>) -> u64 {
    (now + MOST_AHEAD).timestamp().max(0).cast_unsigned()
}

/// When the next queued payment has to be sent, and when that was found out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Due {
    pub(crate) next: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
}

impl Due {
    /// Makes sure that it is found out anew.
    pub(crate) const fn forget(&mut self) {
        self.read_at = None;
    }
}

impl Lane {
    /// When a deadline calls, opens batches for everything that waits in its asset (I6).
    pub(crate) async fn take_due(&mut self) -> Result<(), Halt> {
        let now = self.clock.now();
        if !self.due_is_stale(now) {
            return Ok(());
        }
        let mut next = None;
        for (id, asset) in self.assets().await? {
            let mut due = self.next_due(id).await?;
            if due.is_some() {
                self.see_head().await?;
            }
            if due.is_some_and(|due| due <= self.judging_time()) {
                self.write_off_unworthy(id, &asset).await?;
                self.take(id, &asset, Choice::All, Trigger::Deadline).await?;
                due = self.next_due(id).await?;
            }
            next = [next, due].into_iter().flatten().min();
        }
        self.due = Due { next, read_at: Some(now) };
        Ok(())
    }

    fn due_is_stale(&self, now: DateTime<Utc>) -> bool {
        let age = self.due.read_at.map(|read_at| now.signed_duration_since(read_at).abs());
        age.is_none_or(|age| age > DUE_AGE) || self.due.next.is_some_and(|next| next <= self.judging_time())
    }

    /// Reads what the chain's time is. A facilitator needs no node of ours to settle by, so where there is one, a node
    /// that is away holds up nothing (I6): none is answered, and the chain counts as far ahead as it was last seen.
    pub(crate) async fn see_head(&mut self) -> Result<Option<Block>, Halt> {
        match ask(&self.stop, self.config.chain.head()).await {
            Err(Halt::Chain(error)) if self.config.facilitator.is_some() && is_away(&error) => Ok(None),
            head => {
                let head = head?;
                self.see_chain_time(&head);
                Ok(Some(head))
            }
        }
    }

    /// The later of this computer's and the chain's clock: a deadline has to hold on both (T10).
    pub(crate) fn judging_time(&self) -> DateTime<Utc> {
        self.clock.now() + self.chain_ahead
    }

    pub(crate) fn see_chain_time(&mut self, head: &Block) {
        let chain =
            i64::try_from(head.timestamp).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let ahead = chain.map(|chain| chain.signed_duration_since(self.clock.now()));
        self.chain_ahead = ahead.unwrap_or_default().clamp(TimeDelta::zero(), MOST_AHEAD);
    }

    /// When the next payment of an asset has to be sent, but for those that came back just now.
    async fn next_due(&self, asset: AssetId) -> Result<Option<DateTime<Utc>>, Halt> {
        let now = self.clock.now();
        let rests = |payment: &OpenPayment| self.put_back.holds(payment.seq, payment.settle_by(), now);
        Ok(first_among(&self.store, asset, |payment| !rests(payment)).await?)
    }
}

/// When the first of an asset's queued payments has to be on its way whatever else happens (I6).
///
/// # Errors
/// When the file cannot be read.
pub async fn first_deadline(store: &Store, asset: AssetId) -> Result<Option<DateTime<Utc>>, StoreError> {
    first_among(store, asset, |_| true).await
}

async fn first_among(
    store: &Store,
    asset: AssetId,
    counts: impl Fn(&OpenPayment) -> bool,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut limit = SOONEST;
    loop {
        let payments = store.queued(asset, Choice::All, limit).await?;
        let due = payments.iter().filter(|payment| counts(payment)).map(OpenPayment::settle_by).min();
        // They come in order of their windows' ends, and none is sent more than the longest
        // margin ahead of that: beyond it, no further payment can be due earlier.
        let all = u32::try_from(payments.len()).is_ok_and(|read| read < limit);
        let beyond =
            payments.last().map(|last| end_of_window(last.authorization.valid_before) - LONGEST_SEND_MARGIN);
        if all || due.zip(beyond).is_some_and(|(due, beyond)| due <= beyond) {
            return Ok(due);
        }
        limit = limit.saturating_mul(8);
    }
}

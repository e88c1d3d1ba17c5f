//! What to settle now: instant sales, what its deadline calls for, or everything.

use alloy_primitives::U256;
use chain::{Block, Fees, Sender};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Asset, AssetId, NetworkId, PaymentSeq};
use store::{Choice, NewBatch, OpenPayment, StoreError, Trigger};

use crate::deadline::{LONGEST_MARGIN, end_of_window, send_by};
use crate::halt::{Halt, ask};
use crate::judge::{Refusals, judge, returns};
use crate::lane::{Chosen, Lane};
use crate::plan::{Candidate, Times, most_per_transaction, plan};

/// How many queued payments are read at once.
const PAGE: u32 = 10_000;

/// How many queued payments are first read to find the next deadline.
const SOONEST: u32 = 128;

/// How old the knowledge of the next deadline may be: well below the least margin ahead of one.
const DUE_AGE: TimeDelta = TimeDelta::seconds(5);

/// The most that a chain's clock is believed to be ahead: a node that lies about the time can hasten
/// a transaction, but not by more (T53).
const MOST_AHEAD: TimeDelta = TimeDelta::hours(2);

/// The gas cap of a network that is not known: the largest limit of one transaction since EIP-7825.
const USUAL_GAS_CAP: u64 = 1 << 24;

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

/// Chain and wallet as they were just read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) head: Block,
    pub(crate) sender: Sender,
    pub(crate) fees: Fees,
}

impl Standing {
    /// Whether the gas wallet can pay for a transaction with `payments` payments at worst.
    pub(crate) fn affords(&self, payments: usize) -> bool {
        let worst =
            U256::from(chain::gas_limit(payments)).saturating_mul(U256::from(self.fees.max_fee_per_gas));
        self.sender.balance >= worst
    }
}

/// The most payments of one transaction on a network.
pub(crate) fn most(network: NetworkId) -> usize {
    most_per_transaction(network.known().map_or(USUAL_GAS_CAP, |network| network.transaction_gas_cap))
}

impl Lane {
    /// Opens batches for the instant sales that wait; all of them share what is sent next.
    pub(crate) async fn take_instant(&mut self) -> Result<(), Halt> {
        for (id, asset) in self.assets().await? {
            self.take(id, &asset, Choice::Instant, Trigger::Instant).await?;
        }
        Ok(())
    }

    /// Opens batches for everything that waits.
    pub(crate) async fn take_everything(&mut self) -> Result<(), Halt> {
        for (id, asset) in self.assets().await? {
            while self.take(id, &asset, Choice::All, Trigger::Seller).await? == PAGE {}
        }
        Ok(())
    }

    /// When a deadline calls, opens batches for everything that waits in its asset (design §5.6).
    pub(crate) async fn take_due(&mut self) -> Result<(), Halt> {
        let now = self.clock.now();
        if !self.due_is_stale(now) {
            return Ok(());
        }
        let mut next = None;
        for (id, asset) in self.assets().await? {
            let mut due = self.next_due(id).await?;
            if due.is_some() {
                let head = ask(&self.stop, self.config.chain.head()).await?;
                self.see_chain_time(&head);
            }
            if due.is_some_and(|due| due <= self.judging_time()) {
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

    /// The later of this computer's and the chain's clock: a deadline has to hold on both (T10).
    pub(crate) fn judging_time(&self) -> DateTime<Utc> {
        self.clock.now() + self.chain_ahead
    }

    fn see_chain_time(&mut self, head: &Block) {
        let chain =
            i64::try_from(head.timestamp).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let ahead = chain.map(|chain| chain.signed_duration_since(self.clock.now()));
        self.chain_ahead = ahead.unwrap_or_default().clamp(TimeDelta::zero(), MOST_AHEAD);
    }

    /// When the next payment of an asset has to be sent, but for those that came back just now.
    async fn next_due(&self, asset: AssetId) -> Result<Option<DateTime<Utc>>, Halt> {
        let mut limit = SOONEST;
        loop {
            let payments = self.store.queued(asset, Choice::All, limit).await?;
            let due = self.due_among(&payments);
            // They come in order of their windows' ends, and none is sent more than the longest
            // margin ahead of that: beyond it, no further payment can be due earlier.
            let all = u32::try_from(payments.len()).is_ok_and(|read| read < limit);
            let beyond =
                payments.last().map(|last| end_of_window(last.authorization.valid_before) - LONGEST_MARGIN);
            if all || due.zip(beyond).is_some_and(|(due, beyond)| due <= beyond) {
                return Ok(due);
            }
            limit = limit.saturating_mul(8);
        }
    }

    fn due_among(&self, payments: &[OpenPayment]) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        payments.iter().filter(|payment| !self.put_back.holds(payment.seq, now)).map(send_by).min()
    }

    /// Opens batches for queued payments of one asset, and decides those that are past their window.
    /// Says how many payments were read, or zero when nothing was opened.
    async fn take(
        &mut self,
        id: AssetId,
        asset: &Asset,
        choice: Choice,
        trigger: Trigger,
    ) -> Result<u32, Halt> {
        let mut payments = self.store.queued(id, choice, PAGE).await?;
        let read = u32::try_from(payments.len()).unwrap_or(PAGE);
        let now = self.clock.now();
        if trigger != Trigger::Seller {
            payments.retain(|payment| !self.put_back.holds(payment.seq, now));
        }
        if payments.is_empty() {
            return Ok(0);
        }
        let standing = self.standing().await?;
        let times = Times { chain: standing.head.timestamp, local: now.timestamp().max(0).cast_unsigned() };
        let plan = plan(payments.iter().map(Candidate::from), times, most(self.config.network));
        for payment in &plan.early {
            self.put_back.put(*payment, now);
        }
        let past = payments.iter().filter(|payment| plan.past.contains(&payment.seq)).collect::<Vec<_>>();
        let decided = self.decide_past(id, asset, &past, trigger).await?;

        // What is past its window called for evidence only, not for everybody's transaction.
        let due = |payment: &OpenPayment| {
            send_by(payment) <= self.judging_time() && !plan.past.contains(&payment.seq)
        };
        if plan.transactions.is_empty() || (trigger == Trigger::Deadline && !payments.iter().any(due)) {
            return Ok(if decided > 0 { read } else { 0 });
        }
        if !plan.transactions.first().is_some_and(|payments| standing.affords(payments.len())) {
            return Err(Halt::NoGasMoney);
        }
        self.open(id, asset, plan.transactions, trigger, standing).await?;
        Ok(read)
    }

    /// Opens one batch for each planned transaction. Payments of instant sales go ahead of others.
    async fn open(
        &mut self,
        id: AssetId,
        asset: &Asset,
        transactions: Vec<Vec<PaymentSeq>>,
        trigger: Trigger,
        standing: Standing,
    ) -> Result<(), Halt> {
        let instant = trigger == Trigger::Instant;
        let mut place = 0;
        for payments in transactions {
            let batch = NewBatch { asset: id, payments, trigger, at: self.clock.now() };
            let batch = match self.store.open_batch(batch).await {
                Ok(batch) => batch,
                // None of them is queued any more: what was dropped meanwhile needs no batch.
                Err(StoreError::Conflict(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let chosen = Chosen { batch, asset: asset.clone(), instant, standing: Some(standing) };
            if instant {
                self.ready.insert(place, chosen);
                place += 1;
            } else {
                self.ready.push_back(chosen);
            }
        }
        self.due.forget();
        Ok(())
    }

    /// Closes the payments whose window is over on chain, each by its evidence. Their signatures are
    /// not shown to anybody for it. Says how many were decided.
    async fn decide_past(
        &mut self,
        id: AssetId,
        asset: &Asset,
        past: &[&OpenPayment],
        trigger: Trigger,
    ) -> Result<usize, Halt> {
        let now = self.clock.now();
        let mut decided = 0;
        for past in past.chunks(chain::MAX_PAYMENTS_PER_TRANSACTION) {
            let judged = judge(&*self.config.chain, asset, past, &[], Refusals::Leave);
            let (open, mut closed): (Vec<_>, Vec<_>) =
                ask(&self.stop, judged).await?.into_iter().partition(|(_, outcome)| returns(*outcome));
            for (payment, _) in open {
                self.put_back.put(payment, now);
            }
            if closed.is_empty() {
                continue;
            }
            let payments = closed.iter().map(|(payment, _)| *payment).collect();
            let batch = self.store.open_batch(NewBatch { asset: id, payments, trigger, at: now }).await?;
            closed.retain(|(payment, _)| batch.payments.iter().any(|open| open.seq == *payment));
            decided += closed.len();
            self.record(batch.id, None, closed).await?;
        }
        Ok(decided)
    }

    /// Reads chain and wallet.
    pub(crate) async fn standing(&mut self) -> Result<Standing, Halt> {
        let chain = &*self.config.chain;
        let read = async {
            tokio::try_join!(chain.head(), chain.sender(self.config.wallet.address()), chain.fees())
        };
        let (head, sender, fees) = ask(&self.stop, read).await?;
        self.see_chain_time(&head);
        Ok(Standing { head, sender, fees })
    }

    /// The assets of this lane's network.
    pub(crate) async fn assets(&mut self) -> Result<Vec<(AssetId, Asset)>, Halt> {
        if self.assets.is_empty() {
            self.assets = self.store.assets().await?;
            self.assets.retain(|(_, asset)| asset.network == self.config.network);
        }
        Ok(self.assets.clone())
    }
}

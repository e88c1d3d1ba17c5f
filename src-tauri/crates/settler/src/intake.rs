//! What to settle now: instant sales, what its deadline calls for, or everything.

use alloy_primitives::U256;
use chain::{Block, Fees, Sender};
use domain::{Asset, AssetId, BatchId, Outcome, PaymentSeq};
use store::{Choice, NewBatch, OpenBatch, OpenPayment, StoreError, Trigger};
use tokio::time::Instant;
use wallet::WalletError;

use crate::appetite::Appetite;
use crate::deadline::latest_believed;
use crate::halt::{Halt, ask, is_away};
use crate::judge::{Refusals, judge, returns, transfers};
use crate::lane::{Chosen, Lane};
use crate::pace::Return;
use crate::plan::{Candidate, Plan, Times, plan};

/// How many queued payments are read at once.
pub(crate) const PAGE: u32 = 10_000;

/// What became of a look at the queue.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// There is more in the queue than was looked at, and looking again gets further.
    pub(crate) more: bool,
    /// Batches that were closed at once.
    pub(crate) closed: Vec<BatchId>,
}

/// Chain and wallet as they were just read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) head: Block,
    pub(crate) sender: Sender,
    pub(crate) fees: Fees,
}

impl Standing {
    /// Whether the gas wallet can pay for a transaction at worst.
    pub(crate) fn covers(&self, gas_limit: u64, fees: Fees) -> bool {
        self.sender.balance >= self.worst(gas_limit, fees)
    }

    /// What a transaction takes at most, in wei.
    pub(crate) fn worst(&self, gas_limit: u64, fees: Fees) -> U256 {
        U256::from(gas_limit).saturating_mul(U256::from(fees.max_fee_per_gas))
    }
}

impl Lane {
    /// Opens batches for the instant sales that wait; all of them share what is sent next.
    pub(crate) async fn take_instant(&mut self) -> Result<(), Halt> {
        for (id, asset) in self.assets().await? {
            self.take(id, &asset, Choice::Instant, Trigger::Instant).await?;
        }
        Ok(())
    }

    /// Opens batches for what came back to the queue after it had been chosen, and has rested.
    pub(crate) async fn take_again(&mut self) -> Result<(), Halt> {
        let rested = self.put_back.rested(self.clock.now());
        if rested.is_empty() || self.is_beyond_ceiling().await? {
            return Ok(());
        }
        for (id, asset) in self.assets().await? {
            // It may have come back because nobody pays its gas.
            self.write_off_unworthy(id, &asset).await?;
            self.take(id, &asset, Choice::All, Trigger::Recovery).await?;
        }
        self.put_back.taken_up(&rested);
        Ok(())
    }

    /// How much goes into one transaction of an asset now.
    pub(crate) fn appetite(&self, asset: AssetId) -> Appetite {
        self.appetites.get(&asset).copied().unwrap_or_else(|| Appetite::new(self.config.largest))
    }

    /// Learns from a transaction that was mined: whether it did all its work.
    pub(crate) fn note_appetite(&mut self, asset: AssetId, carried: usize, undone: usize) {
        let mut appetite = self.appetite(asset);
        if undone > 0 {
            tracing::warn!(network = %self.config.network, carried, undone, "a transaction did not do all its work");
            appetite.ran_dry(carried);
        } else {
            appetite.went_well(self.config.largest);
        }
        self.appetites.insert(asset, appetite);
    }

    /// Opens batches for everything that waits. Answers with the batches that were closed at once,
    /// because nothing in them could be sent any more.
    pub(crate) async fn take_everything(&mut self) -> Result<Vec<BatchId>, Halt> {
        let mut closed = Vec::new();
        for (id, asset) in self.assets().await? {
            loop {
                let taken = self.take(id, &asset, Choice::All, Trigger::Seller).await?;
                closed.extend(taken.closed);
                if !taken.more {
                    break;
                }
            }
        }
        Ok(closed)
    }

    /// Opens batches for queued payments of one asset, and decides those that are past their window.
    pub(crate) async fn take(
        &mut self,
        id: AssetId,
        asset: &Asset,
        choice: Choice,
        trigger: Trigger,
    ) -> Result<Taken, Halt> {
        let reading = Instant::now();
        let mut payments = self.store.queued(id, choice, PAGE).await?;
        self.reading_took = reading.elapsed();
        let full = u32::try_from(payments.len()).is_ok_and(|read| read >= PAGE);
        let now = self.clock.now();
        if trigger == Trigger::Recovery {
            let rested = self.put_back.rested(now);
            payments.retain(|payment| rested.contains(&payment.seq));
        } else if trigger != Trigger::Seller {
            payments.retain(|payment| !self.put_back.holds(payment.seq, payment.settle_by(), now));
        }
        self.take_these(id, asset, payments, full, trigger).await
    }

    /// Opens batches for these payments of one asset, to go by our own transactions, and decides those that are past
    /// their window. With `full` there are more in the queue than these.
    pub(crate) async fn take_directly(
        &mut self,
        id: AssetId,
        asset: &Asset,
        mut payments: Vec<OpenPayment>,
        full: bool,
        trigger: Trigger,
    ) -> Result<Taken, Halt> {
        if trigger != Trigger::Seller
            && !payments.is_empty()
            && let Some(least) = self.least_worth(asset).await?
        {
            payments.retain(|payment| !self.is_left(payment, least));
        }
        if payments.is_empty() {
            return Ok(Taken::default());
        }
        let now = self.clock.now();
        let standing = self.standing().await?;
        let times = Times {
            chain: standing.head.timestamp.min(latest_believed(now)),
            local: now.timestamp().max(0).cast_unsigned(),
        };
        let candidates = payments.iter().map(|payment| {
            let candidate = Candidate::from(payment);
            Candidate { apart: candidate.apart || self.put_back.is_apart(payment.seq), ..candidate }
        });
        let allowed = self.allowed_of_a_day().await?;
        let most = self.most_covered(id, &standing, allowed);
        let plan = plan(candidates, times, most);
        for payment in &plan.early {
            self.put_back.put(*payment, Return::Wait, now);
        }

        // What is past its window calls for evidence only, not for everybody's transaction.
        let (past, sendable): (Vec<_>, Vec<_>) =
            payments.iter().partition(|payment| times.is_past(payment.authorization.valid_before));
        let is_due = |payment: &&OpenPayment| payment.settle_by() <= self.judging_time();
        let called = trigger != Trigger::Deadline || sendable.iter().any(is_due);
        let opens = called && !plan.transactions.is_empty();
        let mut hindered = None;
        if opens {
            // What cannot be signed stays in the queue, where it can still be voided or shown to be waiting.
            if self.config.wallet.is_locked() {
                return Err(Halt::Wallet(WalletError::Locked.to_string()));
            }
            let first = self.gas_limit_of_first(id, &plan, &payments);
            let worst = standing.worst(first, standing.fees);
            if worst > standing.sender.balance {
                hindered = Some(Halt::NoGasMoney);
            } else if allowed.is_some_and(|allowed| worst > allowed) {
                hindered = Some(Halt::DayIsSpent);
            } else {
                self.open(id, asset, plan.transactions, trigger, standing).await?;
            }
        }
        let closed = self.decide_past(id, asset, &past, trigger).await?;
        if let Some(halt) = hindered {
            return Err(halt);
        }
        Ok(Taken { more: full && (opens || !closed.is_empty()), closed })
    }

    /// How many payments one transaction carries so that gas money and the day's allowance cover it at worst (I6); as
    /// many as usual where they do not cover one.
    fn most_covered(&self, id: AssetId, standing: &Standing, allowed: Option<U256>) -> usize {
        let appetite = self.appetite(id);
        let money = standing.sender.balance.min(allowed.unwrap_or(U256::MAX));
        let covers = |payments: &usize| standing.worst(appetite.gas_limit(*payments), standing.fees) <= money;
        (1..=appetite.most()).rev().find(covers).unwrap_or_else(|| appetite.most())
    }

    /// The gas limit of the first planned transaction.
    fn gas_limit_of_first(&self, id: AssetId, plan: &Plan, payments: &[OpenPayment]) -> u64 {
        let Some(first) = plan.transactions.first() else { return 0 };
        let carried = payments.iter().filter(|payment| first.contains(&payment.seq)).collect::<Vec<_>>();
        self.gas_limit(id, &carried)
    }

    /// The gas limit of a transaction with these payments.
    pub(crate) fn gas_limit(&self, id: AssetId, payments: &[&OpenPayment]) -> u64 {
        if payments.iter().any(|payment| payment.signature.is_of_code()) {
            // What it may cost was fixed before it was accepted, and no failure makes it more (T51).
            return chain::gas_limit_of(&transfers(payments));
        }
        self.appetite(id).gas_limit(payments.len())
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
        // What was read holds for the first of them.
        let mut standing = Some(standing);
        for payments in transactions {
            let batch = NewBatch { asset: id, payments, trigger, at: self.clock.now() };
            let Some(batch) = self.open_batch(batch).await? else { continue };
            let chosen = Chosen::new(batch, asset.clone(), instant, standing.take());
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

    /// Closes the payments whose window is over on chain, each by its evidence. Answers with the batches
    /// that hold what was closed.
    pub(crate) async fn decide_past(
        &mut self,
        id: AssetId,
        asset: &Asset,
        past: &[&OpenPayment],
        trigger: Trigger,
    ) -> Result<Vec<BatchId>, Halt> {
        let (batches, open) = self.decide(id, asset, past, trigger).await?;
        let now = self.clock.now();
        for payment in open {
            self.put_back.put(payment, Return::Wait, now);
        }
        Ok(batches)
    }

    /// Closes those queued payments about which the chain has spoken. Their signatures are not shown to
    /// anybody for it. Answers with the batches that hold what was closed, and with what stays open.
    pub(crate) async fn decide(
        &mut self,
        id: AssetId,
        asset: &Asset,
        payments: &[&OpenPayment],
        trigger: Trigger,
    ) -> Result<(Vec<BatchId>, Vec<PaymentSeq>), Halt> {
        let now = self.clock.now();
        let (mut batches, mut left) = (Vec::new(), Vec::new());
        for some in payments.chunks(chain::MAX_PAYMENTS_PER_TRANSACTION) {
            let outcomes = self.judge_or_leave(asset, some, Refusals::Leave).await?;
            let (open, mut closed): (Vec<_>, Vec<_>) =
                outcomes.into_iter().partition(|(_, outcome)| returns(*outcome));
            left.extend(open.into_iter().map(|(payment, _)| payment));
            if closed.is_empty() {
                continue;
            }
            let payments = closed.iter().map(|(payment, _)| *payment).collect();
            let Some(batch) = self.open_batch(NewBatch { asset: id, payments, trigger, at: now }).await?
            else {
                continue;
            };
            closed.retain(|(payment, _)| batch.payments.iter().any(|open| open.seq == *payment));
            self.record(batch.id, None, closed, Return::Wait).await?;
            batches.push(batch.id);
        }
        Ok((batches, left))
    }

    /// Takes queued payments into a new batch; none when none of them is queued any more.
    pub(crate) async fn open_batch(&self, batch: NewBatch) -> Result<Option<OpenBatch>, Halt> {
        let opened = match self.request.clone() {
            Some(request) => self.store.open_requested_batch(batch, request).await,
            None => self.store.open_batch(batch).await,
        };
        match opened {
            Ok(batch) => Ok(Some(batch)),
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Judges payments that are not to hold up others (I10): when the chain answers, but not this, they
    /// stay undecided and go back to the queue.
    pub(crate) async fn judge_or_leave(
        &self,
        asset: &Asset,
        payments: &[&OpenPayment],
        refusals: Refusals<'_>,
    ) -> Result<Vec<(PaymentSeq, Outcome)>, Halt> {
        match ask(&self.stop, judge(&*self.config.chain, asset, payments, &[], refusals, self.clock.now()))
            .await
        {
            Err(Halt::Chain(error)) if !is_away(&error) => {
                tracing::warn!(network = %self.config.network, %error, "payments could not be judged");
                Ok(payments.iter().map(|payment| (payment.seq, Outcome::Unknown)).collect())
            }
            judged => judged,
        }
    }

    /// Reads chain and wallet.
    pub(crate) async fn standing(&mut self) -> Result<Standing, Halt> {
        let chain = &*self.config.chain;
        let read = async {
            tokio::try_join!(chain.head(), chain.sender(self.config.wallet.address()), chain.fees())
        };
        let (head, sender, fees) = ask(&self.stop, read).await?;
        self.see_chain_time(&head);
        let free = sender.balance.saturating_sub(self.promised());
        Ok(Standing { head, sender: Sender { balance: free, ..sender }, fees })
    }

    /// What the wallet's transactions on their way may still take: one that it cannot pay besides them would never be
    /// mined, and nothing after it.
    fn promised(&self) -> U256 {
        let wallet = self.config.wallet.address();
        let flying = self.flights.iter().filter_map(|flight| flight.attempt_of(wallet));
        flying
            .map(|attempt| {
                U256::from(attempt.gas_limit()).saturating_mul(U256::from(attempt.max_fee_per_gas()))
            })
            .fold(U256::ZERO, U256::saturating_add)
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

//! Transactions on their way: watched until the chain has decided every payment they carry.

use alloy_primitives::{Address, B256};
use chain::{ChainError, Mined};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Asset, AttemptId, FailureReason, Outcome, PaymentSeq};
use store::{MinedAttempt, OpenBatch, OpenPayment, SavedAttempt};

use crate::halt::{Halt, ask, hindrance};
use crate::judge::{Refusals, by_event, judge, questions, returns, take_event};
use crate::lane::Lane;
use crate::pace::{Backoff, Return};

/// How often the node is asked for a transaction: at first, and in the end. An instant sale's buyer
/// waits, so that one is always asked for often.
const FIRST_LOOK: TimeDelta = TimeDelta::milliseconds(100);
const LAST_LOOK: TimeDelta = TimeDelta::seconds(1);
const INSTANT_LOOK: TimeDelta = TimeDelta::milliseconds(50);
/// After which an instant sale's buyer was told to come back later, and the node may rest.
const INSTANT_WAIT: TimeDelta = TimeDelta::seconds(60);

/// How often the same bytes are sent again: a node may have dropped them.
const FIRST_RESEND: TimeDelta = TimeDelta::seconds(2);
const LONGEST_RESEND: TimeDelta = TimeDelta::minutes(1);

/// How many blocks after a wallet nonce was seen used by another transaction our own is given up.
const OVERTAKEN_DEPTH: u64 = 3;

pub(crate) const BEYOND_CEILING: &str = "Gas costs more than your ceiling, so the transaction waits. It goes on by itself \
when gas gets cheaper, when you raise the ceiling, or when a deadline comes.";

/// A batch whose signed transactions may be mined at any moment.
#[derive(Debug)]
pub(crate) struct Flight {
    /// With the payments that are undecided, and every attempt made for it.
    pub(crate) batch: OpenBatch,
    pub(crate) asset: Asset,
    /// What the node last said against it.
    pub(crate) hindrance: Option<ChainError>,
    /// The newest attempt was handed over since it was made or read.
    pub(crate) sent: bool,
    /// Why the seller's own limits keep it from being offered for more.
    pub(crate) limited: Option<&'static str>,
    /// A wallet nonce before its own that nobody holds a transaction for, and since when.
    pub(crate) gap: Option<(u64, DateTime<Utc>)>,
    instant: bool,
    since: DateTime<Utc>,
    look: Backoff,
    resend: Backoff,
    /// The block at which the wallet nonce was first seen used by another transaction.
    overtaken_at: Option<u64>,
    /// An attempt was mined and recorded; the payments that are left only need evidence.
    mined: bool,
}

impl Flight {
    pub(crate) fn new(batch: OpenBatch, asset: Asset, instant: bool, now: DateTime<Utc>) -> Self {
        let (first, last) = if instant { (INSTANT_LOOK, INSTANT_LOOK) } else { (FIRST_LOOK, LAST_LOOK) };
        Self {
            batch,
            asset,
            hindrance: None,
            sent: false,
            limited: None,
            gap: None,
            instant,
            since: now,
            look: Backoff::new(first, last, now),
            resend: Backoff::new(FIRST_RESEND, LONGEST_RESEND, now),
            overtaken_at: None,
            mined: false,
        }
    }

    /// Why it does not get on, in a sentence for the seller.
    pub(crate) fn hindered(&self) -> Option<String> {
        self.limited.map(str::to_owned).or_else(|| self.hindrance.as_ref().map(hindrance))
    }

    /// When the first of its payments has to be on its way whatever else happens.
    pub(crate) fn settle_by(&self) -> Option<DateTime<Utc>> {
        self.batch.payments.iter().map(OpenPayment::settle_by).min()
    }

    /// Whether its transaction may still be mined.
    pub(crate) const fn is_flying(&self) -> bool {
        !self.mined
    }

    /// What a wallet signed last for it, while that may be mined.
    pub(crate) fn attempt_of(&self, wallet: Address) -> Option<&SavedAttempt> {
        self.batch.attempts.last().filter(|attempt| self.is_flying() && attempt.wallet() == wallet)
    }

    /// The nonce that it will use up of a wallet.
    pub(crate) fn nonce_of(&self, wallet: Address) -> Option<u64> {
        self.attempt_of(wallet).map(SavedAttempt::nonce)
    }

    /// The hash of the newest attempt.
    pub(crate) fn hash(&self) -> Option<B256> {
        self.batch.attempts.last().map(SavedAttempt::hash)
    }

    /// When the node is to be asked next.
    pub(crate) const fn next_look(&self) -> DateTime<Utc> {
        self.look.next()
    }

    /// Notes what the node said to the bytes.
    pub(crate) fn handed_over(&mut self, answer: Option<ChainError>, now: DateTime<Utc>) {
        self.sent = true;
        self.hindrance = answer;
        self.resend.missed(now);
    }

    fn hashes(&self) -> Vec<B256> {
        self.batch.attempts.iter().map(SavedAttempt::hash).collect()
    }

    fn looked(&mut self, now: DateTime<Utc>) {
        if self.instant && now.signed_duration_since(self.since) > INSTANT_WAIT {
            self.instant = false;
            self.look = Backoff::new(FIRST_LOOK, LAST_LOOK, now);
        }
        self.look.missed(now);
    }
}

/// Where an attempt was mined, for the books.
pub(crate) const fn seen(attempt: AttemptId, mined: &Mined) -> MinedAttempt {
    MinedAttempt {
        attempt,
        evidence: mined.evidence,
        succeeded: mined.succeeded,
        gas_used: mined.gas_used,
        cost: mined.cost,
    }
}

impl Lane {
    /// Looks at every transaction on its way that is due for it.
    pub(crate) async fn follow(&mut self) -> Result<(), Halt> {
        let mut trouble = Ok(());
        let mut index = 0;
        while index < self.flights.len() {
            let now = self.clock.now();
            if !self.flights[index].look.is_due(now) {
                index += 1;
                continue;
            }
            // Out of the list while it is looked at; whatever fails, it is put back in its place.
            let mut flight = self.flights.remove(index);
            let landed = self.look(&mut flight).await;
            if matches!(landed, Ok(true)) {
                // Its payments that came back may be due again.
                self.due.forget();
                continue;
            }
            flight.looked(now);
            self.flights.insert(index, flight);
            index += 1;
            match landed {
                Ok(_) => {}
                Err(Halt::Chain(error)) => trouble = Err(Halt::Chain(error)),
                Err(halt) => return Err(halt),
            }
        }
        trouble
    }

    /// Looks for evidence about one batch; true when each of its payments is decided.
    async fn look(&mut self, flight: &mut Flight) -> Result<bool, Halt> {
        if flight.mined {
            return self.decide_leftovers(flight).await;
        }
        if let Some((attempt, mined)) = self.mined(flight).await? {
            return self.conclude(flight, &attempt, mined).await;
        }
        if flight.resend.is_due(self.clock.now()) {
            self.hand_over(flight).await?;
            if self.decide_unmined(flight).await? {
                return Ok(true);
            }
            self.hurry(flight).await?;
        } else if flight.hindrance == Some(ChainError::NonceUsed) && self.decide_unmined(flight).await? {
            return Ok(true);
        }
        Ok(false)
    }

    /// The attempt that was mined, of all that share the wallet nonce (T45).
    async fn mined(&self, flight: &Flight) -> Result<Option<(SavedAttempt, Mined)>, Halt> {
        for attempt in flight.batch.attempts.iter().rev() {
            let mined = ask(&self.stop, self.config.chain.mined(attempt.hash())).await?;
            // A receipt of another transaction proves nothing about this one (T53).
            if let Some(mined) = mined.filter(|mined| mined.evidence.transaction == attempt.hash()) {
                return Ok(Some((attempt.clone(), mined)));
            }
        }
        Ok(None)
    }

    /// Decides the payments of a mined transaction by its events; those without one by other evidence.
    async fn conclude(
        &mut self,
        flight: &mut Flight,
        attempt: &SavedAttempt,
        mined: Mined,
    ) -> Result<bool, Halt> {
        let ours = flight.hashes();
        let mut events = mined.events.clone();
        let mut outcomes = Vec::with_capacity(flight.batch.payments.len());
        let mut silent = Vec::new();
        for payment in &flight.batch.payments {
            match take_event(&mut events, &flight.asset, payment) {
                Some(event) => outcomes.push((payment.seq, by_event(&event, payment, &ours))),
                None => silent.push(payment),
            }
        }
        let judged = match self.judge_silent(&flight.asset, &silent, &ours).await {
            Ok(judged) => self.give_up_on_code(&flight.asset, &silent, judged, mined.evidence.block).await,
            Err(halt) => Err(halt),
        };
        let left = match judged {
            Ok(judged) => {
                outcomes.extend(judged);
                Vec::new()
            }
            // The good ones do not wait for what is wrong with the others (I10).
            Err(Halt::Chain(_)) => silent.into_iter().cloned().collect(),
            Err(halt) => return Err(halt),
        };
        self.record_fillers(flight).await?;
        let undone = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Unknown).count();
        let carried = flight.batch.payments.len();
        self.record(flight.batch.id, Some(seen(attempt.id(), &mined)), outcomes, Return::Dear).await?;
        self.note_appetite(flight.batch.asset, carried, undone);
        self.last_mined = self.last_mined.max(Some((attempt.nonce(), self.clock.now())));
        flight.mined = true;
        flight.batch.payments = left;
        Ok(flight.batch.payments.is_empty())
    }

    /// Code that accepted a signature until its transaction was mined, and not in it, may do so for ever, each time for
    /// our gas (I11, T19, T51). Nothing was delivered, so it is not tried again.
    async fn give_up_on_code(
        &self,
        asset: &Asset,
        silent: &[&OpenPayment],
        mut judged: Vec<(PaymentSeq, Outcome)>,
        mined_in: u64,
    ) -> Result<Vec<(PaymentSeq, Outcome)>, Halt> {
        let of_code: Vec<_> = silent.iter().copied().filter(|one| one.signature.is_of_code()).collect();
        if of_code.is_empty() {
            return Ok(judged);
        }
        let facts = ask(&self.stop, self.config.chain.payers(&questions(asset, &of_code))).await?;
        for (payment, facts) in of_code.iter().zip(facts) {
            // A nonce that is used has its event, which is only not found yet.
            let refused = !facts.nonce_used && facts.block >= mined_in;
            for (_, outcome) in judged.iter_mut().filter(|(seq, _)| refused && *seq == payment.seq) {
                if *outcome == Outcome::Unknown {
                    *outcome = Outcome::Failed(FailureReason::SignatureRefused);
                }
            }
        }
        Ok(judged)
    }

    async fn decide_leftovers(&mut self, flight: &mut Flight) -> Result<bool, Halt> {
        let left = flight.batch.payments.iter().collect::<Vec<_>>();
        let outcomes = self.judge_silent(&flight.asset, &left, &flight.hashes()).await?;
        self.record(flight.batch.id, None, outcomes, Return::Dear).await?;
        Ok(true)
    }

    async fn judge_silent(
        &self,
        asset: &Asset,
        payments: &[&OpenPayment],
        ours: &[B256],
    ) -> Result<Vec<(PaymentSeq, Outcome)>, Halt> {
        let from = self.config.wallet.address();
        ask(
            &self.stop,
            judge(&*self.config.chain, asset, payments, ours, Refusals::Ask(from), self.clock.now()),
        )
        .await
    }

    /// Decides a batch whose transaction can no longer do anything: its wallet nonce went to another
    /// transaction, or every window in it is over. Until then nothing is signed anew for the same
    /// payments (I9).
    async fn decide_unmined(&mut self, flight: &mut Flight) -> Result<bool, Halt> {
        let overtaken = self.is_overtaken(flight).await?;
        let payments = flight.batch.payments.iter().collect::<Vec<_>>();
        // One that others follow has to be mined all the same, or they never will be (T42).
        if !overtaken && (self.is_followed(flight) || !self.all_windows_over(&payments).await?) {
            return Ok(false);
        }
        let ours = flight.hashes();
        let judged =
            judge(&*self.config.chain, &flight.asset, &payments, &ours, Refusals::Leave, self.clock.now());
        let outcomes = ask(&self.stop, judged).await?;
        if !overtaken && outcomes.iter().any(|(_, outcome)| returns(*outcome)) {
            return Ok(false);
        }
        // Mined after all, between the looks: its receipt says more.
        if self.mined(flight).await?.is_some() {
            return Ok(false);
        }
        self.record_fillers(flight).await?;
        self.record(flight.batch.id, None, outcomes, Return::Again).await?;
        Ok(true)
    }

    /// Whether another transaction took the wallet nonce of every attempt, and blocks were built on it.
    async fn is_overtaken(&self, flight: &mut Flight) -> Result<bool, Halt> {
        let chain = &*self.config.chain;
        let Some(attempt) = flight.batch.attempts.last() else { return Ok(true) };
        let (sender, head) =
            ask(&self.stop, async { tokio::try_join!(chain.sender(attempt.wallet()), chain.head()) }).await?;
        if sender.mined_nonce <= attempt.nonce() {
            flight.overtaken_at = None;
            return Ok(false);
        }
        let since = *flight.overtaken_at.get_or_insert(head.number);
        Ok(head.number >= since.saturating_add(OVERTAKEN_DEPTH))
    }

    /// Whether another transaction waits for this one's wallet nonce to be used.
    fn is_followed(&self, flight: &Flight) -> bool {
        let Some(attempt) = flight.batch.attempts.last() else { return false };
        let nonces = self.flights.iter().filter_map(|other| other.nonce_of(attempt.wallet()));
        nonces.max() > Some(attempt.nonce())
    }

    async fn all_windows_over(&self, payments: &[&OpenPayment]) -> Result<bool, Halt> {
        let end = payments.iter().map(|payment| payment.authorization.valid_before).max().unwrap_or(0);
        if self.judging_time().timestamp().max(0).cast_unsigned() < end {
            return Ok(false);
        }
        let head = ask(&self.stop, self.config.chain.head()).await?;
        Ok(head.timestamp >= end)
    }
}

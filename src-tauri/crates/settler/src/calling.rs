//! Payments that a facilitator is asked to settle: what is known of each, and when it is asked and looked for again.

use std::collections::HashMap;

use alloy_primitives::B256;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Asset, Mode, PaymentSeq, end_of_window};
use facilitator::AskError;
use store::{OpenBatch, OpenPayment, SavedCall};
use x402::SettleAnswer;

use crate::pace::Backoff;

/// How often the chain is asked for a payment that the facilitator says is on its way, or done.
const FIRST_LOOK: TimeDelta = TimeDelta::milliseconds(100);
const LAST_LOOK: TimeDelta = TimeDelta::seconds(2);
/// The same for an instant sale, whose buyer waits.
const INSTANT_LOOK: TimeDelta = TimeDelta::milliseconds(500);
/// The same while it says nothing.
const FIRST_QUIET_LOOK: TimeDelta = TimeDelta::seconds(2);
const LAST_QUIET_LOOK: TimeDelta = TimeDelta::seconds(30);

/// How often the same is asked again after a refusal, or when nothing that counts came back.
const FIRST_RETRY: TimeDelta = TimeDelta::seconds(5);
const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(5);

/// How long what is said to be done may take to show on chain before the same is asked once more.
const FIRST_DOUBT: TimeDelta = TimeDelta::seconds(30);
const LONGEST_DOUBT: TimeDelta = TimeDelta::minutes(5);

/// A batch whose payments a facilitator is asked to settle, one by one.
#[derive(Debug)]
pub(crate) struct Calling {
    /// With the payments that are undecided.
    pub(crate) batch: OpenBatch,
    pub(crate) asset: Asset,
    /// Its buyers wait.
    pub(crate) instant: bool,
    /// What is known of each.
    pub(crate) questions: HashMap<PaymentSeq, Question>,
    pub(crate) look: Backoff,
    /// Our own transaction carries the same payments and may still be mined: whoever is faster, each nonce is used once.
    pub(crate) beside: bool,
}

/// One payment as far as the facilitator goes.
#[derive(Debug)]
pub(crate) struct Question {
    /// What it is asked, once that is saved.
    pub(crate) call: Option<SavedCall>,
    /// The transaction that the facilitator named last.
    pub(crate) named: Option<B256>,
    /// When it is asked, or asked again.
    pub(crate) next: Backoff,
    /// Since when it is said to be done, or on its way.
    pub(crate) hinted_at: Option<DateTime<Utc>>,
    /// How often it was refused in a row.
    pub(crate) refusals: u32,
    /// It was refused, and how the token would take it was not asked since.
    pub(crate) doubted: bool,
    /// What keeps it, in the middle of a sentence.
    pub(crate) trouble: Option<String>,
    /// It was asked before the last time.
    pub(crate) again: bool,
}

impl Question {
    fn new(call: Option<SavedCall>, now: DateTime<Utc>) -> Self {
        Self {
            named: call.as_ref().and_then(SavedCall::named),
            call,
            next: Backoff::new(FIRST_RETRY, LONGEST_RETRY, now),
            hinted_at: None,
            refusals: 0,
            doubted: false,
            trouble: None,
            again: false,
        }
    }

    /// Whether it was ever asked.
    pub(crate) const fn is_asked(&self) -> bool {
        self.call.is_some()
    }

    /// However long the facilitator wants to be left alone: it is asked again when the payment has to be sent (I6).
    fn no_later_than(&mut self, settle_by: DateTime<Utc>, now: DateTime<Utc>) {
        if now < settle_by && self.next.next() > settle_by {
            let longest = LONGEST_RETRY.max(settle_by.signed_duration_since(now));
            self.next = Backoff::new(FIRST_RETRY, longest, settle_by);
        }
    }

    /// Takes an answer in, which decides nothing. Answers with what is kept of it: a word or two, and the
    /// transaction that was named.
    pub(crate) fn hear(
        &mut self,
        answer: Result<SettleAnswer, AskError>,
        now: DateTime<Utc>,
    ) -> (String, Option<B256>) {
        match answer {
            Ok(SettleAnswer::Settled { transaction }) => {
                self.hint(now);
                ("settled".to_owned(), transaction)
            }
            Ok(SettleAnswer::Pending { transaction }) => {
                self.hint(now);
                ("pending".to_owned(), transaction)
            }
            Ok(SettleAnswer::Refused { reason }) => {
                self.refusals = self.refusals.saturating_add(1);
                self.trouble = Some(format!("it answers {reason:?}"));
                if self.hinted_at.take().is_some() {
                    self.next = Backoff::new(FIRST_RETRY, LONGEST_RETRY, now);
                }
                self.doubted = true;
                self.next.missed(now);
                (format!("refused: {reason}"), None)
            }
            Err(error) => {
                self.refusals = self.refusals.saturating_add(u32::from(!error.may_have_acted()));
                self.trouble = Some(error.to_string());
                if let Some(rest) = rest(&error) {
                    self.next = Backoff::new(rest, LONGEST_RETRY.max(rest), now);
                }
                self.next.missed(now);
                (format!("no answer: {error}"), None)
            }
        }
    }

    /// What is kept of an answer that came when nobody waited for it any more.
    pub(crate) fn heard_late(
        answer: Result<SettleAnswer, AskError>,
        now: DateTime<Utc>,
    ) -> (String, Option<B256>) {
        Self::new(None, now).hear(answer, now)
    }

    fn hint(&mut self, now: DateTime<Utc>) {
        if self.hinted_at.is_none() {
            self.hinted_at = Some(now);
            self.next = Backoff::new(FIRST_DOUBT, LONGEST_DOUBT, now);
        }
        (self.refusals, self.trouble) = (0, None);
        self.next.missed(now);
    }
}

/// The first and the longest distance between two looks at the chain.
const fn looks(instant: bool, hinted: bool) -> (TimeDelta, TimeDelta) {
    match (instant, hinted) {
        (true, true) => (FIRST_LOOK, INSTANT_LOOK),
        (true, false) => (INSTANT_LOOK, LAST_LOOK),
        (false, true) => (FIRST_LOOK, LAST_LOOK),
        (false, false) => (FIRST_QUIET_LOOK, LAST_QUIET_LOOK),
    }
}

/// For how long a facilitator wants to be left alone.
fn rest(error: &AskError) -> Option<TimeDelta> {
    match error {
        AskError::Busy { retry_after, .. } => {
            retry_after.and_then(|rest| TimeDelta::from_std(rest).ok()).filter(|rest| *rest > FIRST_RETRY)
        }
        AskError::NotReached
        | AskError::NoAnswer
        | AskError::Unauthorised { .. }
        | AskError::Redirected
        | AskError::NotAnAnswer { .. }
        | AskError::Credential => None,
    }
}

impl Calling {
    /// A batch that was opened now, or found on disk.
    pub(crate) fn new(batch: OpenBatch, asset: Asset, instant: bool, now: DateTime<Utc>) -> Self {
        let newest = |payment: PaymentSeq| batch.calls.iter().rev().find(|call| call.payment() == payment);
        let question =
            |payment: &OpenPayment| (payment.seq, Question::new(newest(payment.seq).cloned(), now));
        let questions = batch.payments.iter().map(question).collect();
        let (first, last) = looks(instant, false);
        Self { batch, asset, instant, questions, look: Backoff::new(first, last, now), beside: false }
    }

    /// When the facilitator had its time with a payment, and what is left is for our own transaction (I6): half of what
    /// there was between the moment it has to be sent, or the batch was opened, and its end.
    pub(crate) fn half_way(&self, payment: &OpenPayment) -> DateTime<Utc> {
        let end = end_of_window(payment.authorization.valid_before);
        let begin = payment.settle_by().max(self.batch.opened_at);
        begin + end.signed_duration_since(begin) / 2
    }

    /// The same for a batch whose own transaction may still be mined.
    pub(crate) fn beside(batch: OpenBatch, asset: Asset, now: DateTime<Utc>) -> Self {
        let instant = batch.payments.iter().any(|payment| payment.mode == Mode::Instant);
        Self { beside: true, ..Self::new(batch, asset, instant, now) }
    }

    /// Takes an answer about one of its payments in, and looks at the chain at once.
    pub(crate) fn hear(
        &mut self,
        payment: PaymentSeq,
        answer: Result<SettleAnswer, AskError>,
        now: DateTime<Utc>,
    ) -> (String, Option<B256>) {
        let Some(question) = self.questions.get_mut(&payment) else {
            return Question::heard_late(answer, now);
        };
        let (said, named) = question.hear(answer, now);
        let asked = self.batch.payments.iter().find(|asked| asked.seq == payment);
        if let Some(settle_by) = asked.map(OpenPayment::settle_by) {
            question.no_later_than(settle_by, now);
        }
        question.named = named.or(question.named);
        self.look_now(now);
        (said, named)
    }

    /// Looks at once, and then as often as what was said calls for.
    fn look_now(&mut self, now: DateTime<Utc>) {
        let hinted = self.questions.values().any(|question| question.hinted_at.is_some());
        let (first, last) = looks(self.instant, hinted);
        self.look = Backoff::new(first, last, now);
    }

    /// When there is something to do about it without being called: to look, or to ask about those for whom
    /// `is_free` says that they could be asked about.
    pub(crate) fn next(&self, is_free: impl Fn(&OpenPayment) -> bool) -> DateTime<Utc> {
        let free = self.batch.payments.iter().filter(|payment| is_free(payment));
        let questions = free.filter_map(|payment| self.questions.get(&payment.seq));
        questions.map(|question| question.next.next()).fold(self.look.next(), DateTime::min)
    }

    /// Takes decided payments out.
    pub(crate) fn forget(&mut self, decided: &[PaymentSeq]) {
        self.batch.payments.retain(|payment| !decided.contains(&payment.seq));
        self.questions.retain(|payment, _| !decided.contains(payment));
    }

    /// What keeps one of its payments.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.batch.payments.iter().find_map(|payment| self.questions.get(&payment.seq)?.trouble.as_deref())
    }
}

//! Asks a facilitator: save → ask → look. What it answers is a hint; only the token's events decide (I7, T56).

use alloy_primitives::{B256, U256};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{FacilitatorUse, Outcome, PaymentSeq, Rail};
use facilitator::{AskError, Facilitator, Quiet};
use store::{NewCall, OpenPayment, SavedCall};
use x402::{Resource, SettleAnswer, settle_request};

use crate::afterwards::proof_in;
use crate::calling::{Calling, Question};
use crate::halt::{Halt, ask, is_away};
use crate::judge::{Refusals, judge};
use crate::lane::Lane;
use crate::pace::Return;
use crate::rail::FacilitatorRail;
use crate::worth::is_unworthy;

/// How many questions of one lane wait for their answers at the same time.
const MOST_AT_ONCE: usize = 4;

/// How many of them are for buyers who wait: a facilitator that is slow must not keep them behind the others.
const FOR_INSTANT: usize = 1;

/// How long a facilitator that asked to be left alone is, when a payment has to be sent: it may have changed its mind.
const REST_WHEN_DUE: TimeDelta = TimeDelta::seconds(30);

/// How long what the facilitator says is done may be missing on chain when a deadline has come, before our own
/// transaction is sent.
const TRUST: TimeDelta = TimeDelta::seconds(60);

/// How often in a row a facilitator that only stands in may refuse before our own transaction is tried again.
const MOST_REFUSALS: u32 = 3;

/// What came back for one payment.
pub(crate) type Answered = (SavedCall, Result<SettleAnswer, AskError>);

/// Asks a saved question; there is no other way to ask one (I9).
async fn ask_saved(facilitator: Facilitator, call: SavedCall) -> Answered {
    let answer = facilitator.settle(call.body()).await;
    (call, answer)
}

impl Lane {
    /// Looks for what was asked, and asks what is due, as far as there is room.
    pub(crate) async fn follow_calls(&mut self) -> Result<(), Halt> {
        while let Some(answered) = self.answers.try_join_next() {
            if let Ok(answered) = answered {
                self.hear(answered).await?;
            }
        }
        self.call_beside_flights();
        let mut trouble = Ok(());
        let mut index = 0;
        while index < self.callings.len() {
            // Out of the list while it is looked at; whatever fails, it is put back in its place.
            let mut calling = self.callings.remove(index);
            let done = self.follow_calling(&mut calling).await;
            if calling.batch.payments.is_empty() && !(calling.beside && self.flies(calling.batch.id)) {
                self.due.forget();
            } else {
                self.callings.insert(index, calling);
                index += 1;
            }
            match done {
                Ok(()) => {}
                Err(Halt::Chain(error)) => trouble = Err(Halt::Chain(error)),
                Err(halt) => return Err(halt),
            }
        }
        trouble
    }

    /// Writes down what a facilitator said.
    pub(crate) async fn hear(&mut self, (call, answer): Answered) -> Result<(), Halt> {
        let now = self.clock.now();
        self.asking.remove(&call.payment());
        if let Err(error) = &answer {
            tracing::warn!(network = %self.config.network, facilitator = call.facilitator(), %error, "a facilitator gave no answer that counts");
        }
        let calling = self.callings.iter_mut().find(|calling| calling.batch.id == call.batch());
        let (said, named) = match calling {
            Some(calling) => calling.hear(call.payment(), answer, now),
            // Decided while it was asked: what it said is kept all the same.
            None => Question::heard_late(answer, now),
        };
        Ok(self.store.note_answer(call.id(), named, said, now).await?)
    }

    async fn follow_calling(&mut self, calling: &mut Calling) -> Result<(), Halt> {
        if calling.beside {
            self.keep_what_flies(calling);
        }
        let now = self.clock.now();
        let looked = if calling.look.is_due(now) { self.look_at_calling(calling).await } else { Ok(()) };
        if calling.look.is_due(now) {
            calling.look.missed(now);
        }
        match looked {
            // Who cannot be asked for evidence is no reason not to ask for settlement.
            Ok(()) | Err(Halt::Chain(_)) => {}
            Err(halt) => return Err(halt),
        }
        // Nor is who cannot be asked what our own transaction would cost.
        let given = match self.give_back(calling).await {
            Ok(()) => Ok(()),
            Err(Halt::Chain(error)) => Err(Halt::Chain(error)),
            Err(halt) => return Err(halt),
        };
        self.ask_due(calling).await?;
        looked.and(given)
    }

    /// Looks for evidence about what was asked, or is past its window.
    async fn look_at_calling(&mut self, calling: &mut Calling) -> Result<(), Halt> {
        let clock = self.judging_time().timestamp().max(0).cast_unsigned();
        let is_open = |payment: &&OpenPayment| {
            calling.questions.get(&payment.seq).is_some_and(Question::is_asked)
                || payment.authorization.valid_before <= clock
        };
        let wanted: Vec<_> = calling.batch.payments.iter().filter(is_open).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut outcomes = Vec::new();
        let (mut silent, mut doubted) = (Vec::new(), Vec::new());
        for payment in wanted {
            let question = calling.questions.get(&payment.seq);
            let named = question.and_then(|question| question.named);
            let proof = match named {
                Some(named) => match self.proof_by(calling, payment, named).await {
                    // What one of them was said to be in cannot be read: its own events tell (I10).
                    Err(Halt::Chain(error)) if !is_away(&error) => None,
                    proof => proof?,
                },
                None => None,
            };
            if let Some(outcome) = proof {
                outcomes.push((payment.seq, outcome));
            } else if question.is_some_and(|question| question.doubted) {
                doubted.push(payment);
            } else {
                silent.push(payment);
            }
        }
        let asked: Vec<_> = doubted.iter().map(|payment| payment.seq).collect();
        let (chain, now) = (&*self.config.chain, self.clock.now());
        let from = self.config.wallet.address();
        for (payments, refusals) in [(silent, Refusals::Leave), (doubted, Refusals::Ask(from))] {
            if !payments.is_empty() {
                let judged = judge(chain, &calling.asset, &payments, &[], refusals, now);
                outcomes.extend(ask(&self.stop, judged).await?);
            }
        }
        outcomes.retain(|(_, outcome)| *outcome != Outcome::Unknown);
        for (_, outcome) in &mut outcomes {
            // Whoever's transaction it was: it was asked for.
            if let Outcome::SettledElsewhere(evidence) = *outcome {
                *outcome = Outcome::Settled(evidence);
            }
        }
        for payment in asked {
            if let Some(question) = calling.questions.get_mut(&payment) {
                question.doubted = false;
            }
        }
        self.close(calling, outcomes, Return::Wait).await
    }

    /// What the transaction that the facilitator named proves, if anything.
    async fn proof_by(
        &self,
        calling: &Calling,
        payment: &OpenPayment,
        named: B256,
    ) -> Result<Option<Outcome>, Halt> {
        ask(&self.stop, proof_in(&*self.config.chain, &calling.asset, payment, named)).await
    }

    async fn close(
        &mut self,
        calling: &mut Calling,
        outcomes: Vec<(PaymentSeq, Outcome)>,
        way: Return,
    ) -> Result<(), Halt> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let decided: Vec<_> = outcomes.iter().map(|(payment, _)| *payment).collect();
        self.record(calling.batch.id, None, outcomes, way).await?;
        calling.forget(&decided);
        Ok(())
    }

    /// Gives payments back to the queue, for our own transactions, that the facilitator lets down: when their time has
    /// come, or earlier where it only stands in. Not while an answer is waited for, as long as there is time for that.
    async fn give_back(&mut self, calling: &mut Calling) -> Result<(), Halt> {
        // What our own transaction carries is not in the queue again before that can do nothing any more (I9).
        if calling.beside {
            return Ok(());
        }
        let mut let_down = self.taken_over(calling, &self.let_down(calling)).await?;
        if let_down.is_empty() {
            return Ok(());
        }
        // It may have settled them since the last look.
        match self.look_at_calling(calling).await {
            Err(Halt::Chain(error)) if !is_away(&error) => {}
            looked => looked?,
        }
        let_down.retain(|payment| calling.questions.contains_key(payment));
        if let_down.is_empty() {
            return Ok(());
        }
        tracing::warn!(network = %self.config.network, payments = let_down.len(), "a facilitator let payments down; our own transactions take them");
        self.store.want_rail(let_down.clone(), Some(Rail::Direct)).await?;
        let outcomes = let_down.into_iter().map(|payment| (payment, Outcome::Unknown)).collect();
        self.close(calling, outcomes, Return::Again).await
    }

    fn let_down(&self, calling: &Calling) -> Vec<OpenPayment> {
        let (now, judging) = (self.clock.now(), self.judging_time());
        let stands_in =
            self.config.facilitator.as_ref().is_none_or(|rail| rail.used == FacilitatorUse::WithoutGas);
        let is_let_down = |payment: &&OpenPayment| {
            let Some(question) = calling.questions.get(&payment.seq) else { return false };
            let trusted = question.hinted_at.is_some_and(|at| now.signed_duration_since(at).abs() < TRUST);
            let late = payment.settle_by() <= judging && question.is_asked();
            // Nobody came to ask it, or nothing came of it: there is time left for our own transaction (I6).
            let last_chance = calling.half_way(payment) <= judging;
            let answered = !self.asking.contains(&payment.seq)
                && (self.config.facilitator.is_none()
                    || (late && (question.trouble.is_some() || question.hinted_at.is_some()))
                    || (stands_in && question.refusals >= MOST_REFUSALS));
            !trusted && (last_chance || answered)
        };
        calling.batch.payments.iter().filter(is_let_down).cloned().collect()
    }

    /// Those of the payments that our own transactions can take now, or that have to be sent and are not worth one: these
    /// are written off in the open once they are back. Any other would only go round until its window is over.
    async fn taken_over(
        &mut self,
        calling: &Calling,
        payments: &[OpenPayment],
    ) -> Result<Vec<PaymentSeq>, Halt> {
        if payments.is_empty() || self.config.wallet.is_locked() {
            return Ok(Vec::new());
        }
        let least = self.least_worth(&calling.asset).await?;
        let (standing, allowed) = (self.standing().await?, self.allowed_of_a_day().await?);
        let money = standing.sender.balance.min(allowed.unwrap_or(U256::MAX));
        let judging = self.judging_time();
        let is_taken = |payment: &&OpenPayment| {
            if least.is_some_and(|least| is_unworthy(payment, least)) {
                return payment.settle_by() <= judging;
            }
            standing.worst(self.gas_limit(calling.batch.asset, &[payment]), standing.fees) <= money
        };
        Ok(payments.iter().filter(is_taken).map(|payment| payment.seq).collect())
    }

    /// When there is something to do about a facilitator's payments without being called.
    pub(crate) fn next_call(&self) -> Option<DateTime<Utc>> {
        let clock = self.judging_time().timestamp().max(0).cast_unsigned();
        let quiet = self.quiet();
        let is_free = |payment: &OpenPayment| {
            payment.authorization.valid_before > clock
                && !self.asking.contains(&payment.seq)
                && !self.has_to_rest(payment, quiet)
        };
        let next = |calling: &Calling| {
            let has_room = self.has_room_to_ask(calling.instant);
            calling.next(|payment| has_room && is_free(payment))
        };
        self.callings.iter().map(next).min()
    }

    fn has_room_to_ask(&self, instant: bool) -> bool {
        let most = if instant { MOST_AT_ONCE } else { MOST_AT_ONCE - FOR_INSTANT };
        self.config.facilitator.is_some() && self.asking.len() < most
    }

    fn quiet(&self) -> Option<Quiet> {
        self.config.facilitator.as_ref().and_then(|rail| rail.client.quiet())
    }

    /// Whether a payment waits because the facilitator asked to be left alone, whichever payment it said so about. What
    /// has to be sent does not wait until tomorrow (I6).
    fn has_to_rest(&self, payment: &OpenPayment, quiet: Option<Quiet>) -> bool {
        let now = self.clock.now();
        let is_due = payment.settle_by() <= now;
        quiet.is_some_and(|quiet| now < quiet.until && !(is_due && now >= quiet.since + REST_WHEN_DUE))
    }

    /// Whether a payment waits that was never asked about and can be now: it goes before all that are asked again, but
    /// for one of them at a time, so that a facilitator which hangs on some keeps none from its first turn, nor the new
    /// ones those that were refused once.
    fn is_first_waiting(&self, calling: &Calling) -> bool {
        let now = self.clock.now();
        let clock = self.judging_time().timestamp().max(0).cast_unsigned();
        let quiet = self.quiet();
        let waits = |calling: &Calling| {
            self.has_room_to_ask(calling.instant)
                && calling.batch.payments.iter().any(|payment| {
                    payment.authorization.valid_before > clock
                        && !self.has_to_rest(payment, quiet)
                        && calling
                            .questions
                            .get(&payment.seq)
                            .is_some_and(|question| !question.is_asked() && question.next.is_due(now))
                })
        };
        waits(calling) || self.callings.iter().any(waits)
    }

    /// Whether an answer to a question that was asked before is waited for.
    fn asks_again(&self, calling: &Calling) -> bool {
        let again = |calling: &Calling| {
            let mut questions = calling.questions.iter();
            questions.any(|(payment, question)| question.again && self.asking.contains(payment))
        };
        again(calling) || self.callings.iter().any(again)
    }

    /// Asks what is due, each saved before.
    async fn ask_due(&mut self, calling: &mut Calling) -> Result<(), Halt> {
        let Some(rail) = self.config.facilitator.clone() else { return Ok(()) };
        let now = self.clock.now();
        let clock = self.judging_time().timestamp().max(0).cast_unsigned();
        let (quiet, first_waits) = (self.quiet(), self.is_first_waiting(calling));
        let mut only_first = first_waits && self.asks_again(calling);
        for payment in &calling.batch.payments {
            if !self.has_room_to_ask(calling.instant) {
                return Ok(());
            }
            if self.has_to_rest(payment, quiet) {
                continue;
            }
            let Some(question) = calling.questions.get_mut(&payment.seq) else { continue };
            let is_over = payment.authorization.valid_before <= clock;
            let is_asked = question.is_asked();
            let has_to_wait = is_asked && only_first;
            if is_over || has_to_wait || !question.next.is_due(now) || self.asking.contains(&payment.seq) {
                continue;
            }
            let host = rail.client.url().label();
            // The same bytes again, as long as it is asked at the same place and in the same version.
            let version = format!(r#"{{"x402Version":{},"#, rail.version.number());
            let is_still_right =
                |call: &SavedCall| call.facilitator() == host && call.body().starts_with(&version);
            let saved = question.call.take().filter(is_still_right);
            let call = match saved {
                Some(call) => call,
                None => match self.save_call(&rail, calling.batch.id, payment).await? {
                    Some(call) => call,
                    None => {
                        question.trouble =
                            Some("version 1 of the protocol has no name for the network".into());
                        question.next.missed(now);
                        continue;
                    }
                },
            };
            self.store.note_broadcast(call.id(), now).await?;
            question.call = Some(call.clone());
            question.again = is_asked;
            only_first |= first_waits && is_asked;
            self.asking.insert(payment.seq);
            self.answers.spawn(ask_saved(rail.client.clone(), call));
        }
        Ok(())
    }

    /// Makes a question durable. None when it cannot be asked.
    async fn save_call(
        &self,
        rail: &FacilitatorRail,
        batch: domain::BatchId,
        payment: &OpenPayment,
    ) -> Result<Option<SavedCall>, Halt> {
        let sold = self.store.paid_for(payment.seq).await?;
        let url = format!("{}{}", rail.stall_url.trim_end_matches('/'), sold.path);
        let resource = Resource { url: &url, description: "", mime_type: &sold.media_type };
        let (authorization, signature) = (&payment.authorization, payment.signature.as_bytes());
        let Some(body) = settle_request(rail.version, &sold.offer, &resource, authorization, signature)
        else {
            return Ok(None);
        };
        let new = NewCall {
            batch,
            payment: payment.seq,
            network: self.config.network,
            facilitator: rail.client.url().label(),
            body,
            at: self.clock.now(),
        };
        Ok(Some(self.store.save_call(new).await?))
    }

    /// Why what a facilitator was asked does not get on, in a sentence for the seller.
    pub(crate) fn call_trouble(&self) -> Option<String> {
        let trouble = self.callings.iter().find_map(Calling::trouble)?;
        let host = self.config.facilitator.as_ref()?.client.url().host();
        Some(format!(
            "The facilitator {host} does not settle: {trouble}. It is asked again by itself; what it says decides nothing."
        ))
    }
}

//! Sign → save → send (I9).

use std::collections::HashSet;

use alloy_primitives::B256;
use chain::{ChainError, Fees, Sender, Unsigned, settlement_call};
use chrono::TimeDelta;
use domain::{Asset, BatchId, Outcome, PaymentSeq, Purpose};
use store::{NewAttempt, OpenPayment, SavedAttempt};

use crate::flight::Flight;
use crate::halt::{Halt, ask, is_away};
use crate::intake::Standing;
use crate::judge::{Refusals, Tried, transfers, tried};
use crate::lane::{Chosen, Lane};
use crate::pace::Return;

/// The fees, with a few wei of ceiling that tell the batch apart: the same payments can be signed for
/// the same wallet nonce again after a reorganisation, and must not become the same bytes as before.
fn distinct(fees: Fees, batch: BatchId) -> Fees {
    let mark = u128::from(batch.0.unsigned_abs() % 1_000);
    Fees { max_fee_per_gas: fees.max_fee_per_gas.saturating_add(mark), ..fees }
}

/// How many parts of one batch are simulated at most.
const MOST_QUESTIONS: usize = 64;

/// How many transactions of other programs with the same key may wait at the node: one that lies about them would have
/// us sign what can never be mined (T42, T53).
const MOST_FOREIGN: u64 = 64;

/// How far behind a node may be that is asked for the wallet's nonce.
const LAG: TimeDelta = TimeDelta::minutes(1);

/// A transaction that is about to be signed, and what is remembered of it.
pub(crate) struct Draft {
    pub(crate) batch: BatchId,
    pub(crate) purpose: Purpose,
    pub(crate) nonce: u64,
    pub(crate) gas_limit: u64,
    pub(crate) fees: Fees,
    pub(crate) unsigned: Unsigned,
}

impl Lane {
    /// Brings one opened batch on its way. After a failure it waits, still open, for the next try.
    pub(crate) async fn send(&mut self, mut chosen: Chosen) -> Result<(), Halt> {
        match self.try_to_send(&mut chosen).await {
            Ok(Some(flight)) => {
                self.flights.push(flight);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(halt) if self.may_go_otherwise(&halt, &chosen) => {
                // What is left may cover fewer of them, or the facilitator stands in: they are planned anew.
                let outcomes = chosen.batch.payments.iter().map(|payment| (payment.seq, Outcome::Unknown));
                self.record(chosen.batch.id, None, outcomes.collect(), Return::Again).await?;
                Err(halt)
            }
            Err(halt) => {
                self.ready.push_front(chosen);
                Err(halt)
            }
        }
    }

    /// Whether payments that were chosen for one transaction may get on in another way.
    fn may_go_otherwise(&self, halt: &Halt, chosen: &Chosen) -> bool {
        let stood_in_for = self.config.facilitator.is_some()
            && match halt {
                Halt::Wallet(_) => true,
                Halt::Chain(error) => is_away(error) && chosen.settle_by <= self.judging_time(),
                Halt::Stopped | Halt::Store(_) | Halt::NoGasMoney | Halt::DayIsSpent => false,
            };
        let smaller = chosen.batch.payments.len() > 1 || self.config.facilitator.is_some();
        (halt.is_about_gas() && smaller) || stood_in_for
    }

    async fn try_to_send(&mut self, chosen: &mut Chosen) -> Result<Option<Flight>, Halt> {
        // Good for this try only: what hinders it may take long.
        let standing = chosen.standing.take();
        self.drop_doomed(chosen).await?;
        let payments = chosen.batch.payments.iter().collect::<Vec<_>>();
        if payments.is_empty() {
            return Ok(None);
        }
        let standing = match standing {
            Some(standing) => standing,
            None => self.standing().await?,
        };
        let draft = self.draft(chosen, &payments, standing).await?;
        let attempt = self.sign_and_save(draft).await?;
        chosen.batch.attempts.push(attempt);
        let now = self.clock.now();
        let mut flight = Flight::new(chosen.batch.clone(), chosen.asset.clone(), chosen.instant, now);
        self.hand_over(&mut flight).await?;
        Ok(Some(flight))
    }

    /// The transaction for what is left of a batch.
    async fn draft(
        &mut self,
        chosen: &Chosen,
        payments: &[&OpenPayment],
        standing: Standing,
    ) -> Result<Draft, Halt> {
        let network = self.config.network;
        let mut fees = standing.fees;
        if chosen.settle_by > self.judging_time()
            && let Some(ceiling) = self.ceiling().await?
        {
            fees = fees.within(ceiling);
        }
        let fees = distinct(fees, chosen.batch.id);
        let gas_limit = self.gas_limit(chosen.batch.asset, payments);
        if !standing.covers(gas_limit, fees) {
            return Err(Halt::NoGasMoney);
        }
        if !self.day_allows(gas_limit, fees.max_fee_per_gas).await? {
            return Err(Halt::DayIsSpent);
        }
        let nonce = self.next_nonce(&standing)?;
        let call = settlement_call(&chosen.asset, self.config.multicall, &transfers(payments));
        let unsigned = Unsigned::new(network, nonce, call, gas_limit, fees);
        Ok(Draft { batch: chosen.batch.id, purpose: Purpose::Settle, nonce, gas_limit, fees, unsigned })
    }

    /// Takes out what the token would refuse, so that it costs nobody gas (I10, T48), and whoever has code by now, so
    /// that it does to nobody else what code can do (T20, T51).
    async fn drop_doomed(&mut self, chosen: &mut Chosen) -> Result<(), Halt> {
        let payments = chosen.batch.payments.iter().collect::<Vec<_>>();
        let (Tried { refused, apart }, unanswered) = self.tried_in_parts(&chosen.asset, &payments).await?;
        let of = |seqs: &dyn Fn(&PaymentSeq) -> bool| {
            payments.iter().copied().filter(|payment| seqs(&payment.seq)).collect::<Vec<_>>()
        };
        let doomed = of(&|seq| refused.contains_key(seq));
        let mut outcomes = Vec::new();
        if !doomed.is_empty() {
            outcomes = self.judge_or_leave(&chosen.asset, &doomed, Refusals::Known(&refused)).await?;
        }
        outcomes.extend(unanswered.iter().map(|seq| (*seq, Outcome::Unknown)));
        if !outcomes.is_empty() {
            self.record(chosen.batch.id, None, outcomes, Return::Wait).await?;
        }
        let parted = of(&|seq| apart.contains(seq) && !refused.contains_key(seq));
        let parted = parted.iter().map(|payment| (payment.seq, Outcome::Unknown)).collect::<Vec<_>>();
        if !parted.is_empty() {
            self.record(chosen.batch.id, None, parted, Return::Apart).await?;
        }
        let goes =
            |seq: &PaymentSeq| refused.contains_key(seq) || unanswered.contains(seq) || apart.contains(seq);
        chosen.batch.payments.retain(|payment| !goes(&payment.seq));
        Ok(())
    }

    /// Which of the payments the token would refuse, and which of them nothing could be found out about.
    /// A node that does not work them out together is asked for halves, and halves of those, so that
    /// whatever it stumbles over holds up nothing else (I10, T50).
    async fn tried_in_parts(
        &self,
        asset: &Asset,
        payments: &[&OpenPayment],
    ) -> Result<(Tried, HashSet<PaymentSeq>), Halt> {
        let chain = &*self.config.chain;
        let from = self.config.wallet.address();
        let (mut known, mut unanswered) = (Tried::default(), HashSet::new());
        let mut parts = vec![payments];
        let mut trouble = None;
        for questions in 0_usize.. {
            let Some(part) = parts.pop() else { break };
            if questions >= MOST_QUESTIONS {
                unanswered.extend(part.iter().map(|payment| payment.seq));
                continue;
            }
            match ask(&self.stop, tried(chain, from, asset, part)).await {
                Ok(tried) => {
                    known.refused.extend(tried.refused);
                    known.apart.extend(tried.apart);
                }
                Err(Halt::Chain(error)) if !is_away(&error) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    if first.is_empty() {
                        unanswered.extend(second.iter().map(|payment| payment.seq));
                    } else {
                        parts.extend([second, first]);
                    }
                    trouble = Some(error);
                }
                Err(halt) => return Err(halt),
            }
        }
        match trouble {
            // It answers nothing of the kind, which says nothing about any of them.
            Some(error) if unanswered.len() == payments.len() => Err(Halt::Chain(error)),
            Some(_) | None => Ok((known, unanswered)),
        }
    }

    /// Signs a transaction and makes it durable; nothing that was not can be sent.
    pub(crate) async fn sign_and_save(&self, draft: Draft) -> Result<SavedAttempt, Halt> {
        let Draft { batch, purpose, nonce, gas_limit, fees, unsigned } = draft;
        let digest: B256 = unsigned.signing_hash();
        let signature =
            self.config.wallet.sign_hash(&digest).map_err(|error| Halt::Wallet(error.to_string()))?;
        let signed = unsigned.sign(signature);
        let attempt = NewAttempt {
            batch,
            purpose,
            network: self.config.network,
            wallet: self.config.wallet.address(),
            nonce,
            hash: signed.hash,
            raw: signed.raw,
            gas_limit,
            max_fee_per_gas: fees.max_fee_per_gas,
            max_priority_fee_per_gas: fees.max_priority_fee_per_gas,
            at: self.clock.now(),
        };
        Ok(self.store.save_attempt(attempt).await?)
    }

    /// The wallet nonce after everything that is mined, that the node holds, and that we sent and may
    /// still be mined (T42). What was seen mined a moment ago counts too, because a node may lag behind;
    /// later only the chain does, because its block may have gone.
    pub(crate) fn next_nonce(&self, standing: &Standing) -> Result<u64, Halt> {
        let wallet = self.config.wallet.address();
        let flying = self.flights.iter().filter_map(|flight| flight.nonce_of(wallet));
        let now = self.clock.now();
        let seen = self.last_mined.filter(|(_, at)| now.signed_duration_since(*at).abs() < LAG);
        let ours = flying.chain(seen.map(|(nonce, _)| nonce)).max();
        let Sender { pending_nonce, mined_nonce, .. } = standing.sender;
        let known = mined_nonce.max(ours.map_or(0, |nonce| nonce.saturating_add(1)));
        if pending_nonce.saturating_sub(known) > MOST_FOREIGN {
            let odd = format!(
                "a node says that the gas wallet sent {pending_nonce} transactions; {known} are known"
            );
            return Err(Halt::Chain(ChainError::Unknown(odd)));
        }
        Ok(pending_nonce.max(known))
    }

    /// Shows a batch's newest transaction to the node; those it replaced are only watched. Only bytes that are saved can be shown, and the
    /// node's answer decides nothing: whatever it says, the chain is watched (I9, T46).
    pub(crate) async fn hand_over(&self, flight: &mut Flight) -> Result<(), Halt> {
        let Some(newest) = flight.batch.attempts.last() else { return Ok(()) };
        let answer = match ask(&self.stop, self.broadcast(newest)).await {
            Ok(()) => None,
            Err(Halt::Chain(error)) => Some(error),
            Err(halt) => return Err(halt),
        };
        if newest.sent_at().is_none() && !flight.sent {
            self.store.note_broadcast(newest.id(), self.clock.now()).await?;
        }
        flight.handed_over(answer, self.clock.now());
        Ok(())
    }

    async fn broadcast(&self, attempt: &SavedAttempt) -> Result<(), chain::ChainError> {
        self.config.chain.broadcast(attempt.raw()).await
    }
}

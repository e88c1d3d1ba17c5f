//! Sign → save → send (I9).

use alloy_primitives::B256;
use chain::{Fees, Sender, Unsigned, settlement_call};
use chrono::TimeDelta;
use domain::{Asset, BatchId, Purpose};
use store::{NewAttempt, OpenPayment, SavedAttempt};

use crate::flight::Flight;
use crate::halt::{Halt, ask};
use crate::intake::Standing;
use crate::judge::{Refusals, refused, transfers};
use crate::lane::{Chosen, Lane};

/// The fees, with a few wei of ceiling that tell the batch apart: the same payments can be signed for
/// the same wallet nonce again after a reorganisation, and must not become the same bytes as before.
fn distinct(fees: Fees, batch: BatchId) -> Fees {
    let mark = u128::from(batch.0.unsigned_abs() % 1_000);
    Fees { max_fee_per_gas: fees.max_fee_per_gas.saturating_add(mark), ..fees }
}

/// How far behind a node may be that is asked for the wallet's nonce.
const LAG: TimeDelta = TimeDelta::minutes(1);

impl Lane {
    /// Brings one opened batch on its way. After a failure it waits, still open, for the next try.
    pub(crate) async fn send(&mut self, mut chosen: Chosen) -> Result<(), Halt> {
        match self.try_to_send(&mut chosen).await {
            Ok(Some(flight)) => {
                self.flights.push(flight);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(halt) => {
                self.ready.push_front(chosen);
                Err(halt)
            }
        }
    }

    async fn try_to_send(&mut self, chosen: &mut Chosen) -> Result<Option<Flight>, Halt> {
        self.drop_doomed(chosen).await?;
        let payments = chosen.batch.payments.iter().collect::<Vec<_>>();
        if payments.is_empty() {
            return Ok(None);
        }
        let standing = match chosen.standing.take() {
            Some(standing) => standing,
            None => self.standing().await?,
        };
        if !standing.affords(payments.len()) {
            return Err(Halt::NoGasMoney);
        }
        let attempt = self.sign_and_save(chosen.batch.id, &chosen.asset, &payments, &standing).await?;
        chosen.batch.attempts.push(attempt);
        let now = self.clock.now();
        let mut flight = Flight::new(chosen.batch.clone(), chosen.asset.clone(), chosen.instant, now);
        self.hand_over(&mut flight).await?;
        Ok(Some(flight))
    }

    /// Takes out what the token would refuse, so that it costs nobody gas (I10, T48).
    async fn drop_doomed(&mut self, chosen: &mut Chosen) -> Result<(), Halt> {
        let chain = &*self.config.chain;
        let payments = chosen.batch.payments.iter().collect::<Vec<_>>();
        let from = self.config.wallet.address();
        let refused = ask(&self.stop, refused(chain, from, &chosen.asset, &payments)).await?;
        if refused.is_empty() {
            return Ok(());
        }
        let is_doomed = |payment: &OpenPayment| refused.contains_key(&payment.seq);
        let doomed = payments.into_iter().filter(|payment| is_doomed(payment)).collect::<Vec<_>>();
        let outcomes = self.judge_or_leave(&chosen.asset, &doomed, Refusals::Known(&refused)).await?;
        self.record(chosen.batch.id, None, outcomes).await?;
        chosen.batch.payments.retain(|payment| !is_doomed(payment));
        Ok(())
    }

    async fn sign_and_save(
        &self,
        batch: BatchId,
        asset: &Asset,
        payments: &[&OpenPayment],
        standing: &Standing,
    ) -> Result<SavedAttempt, Halt> {
        let network = self.config.network;
        let wallet = self.config.wallet.address();
        let nonce = self.next_nonce(standing);
        let call = settlement_call(asset, self.config.multicall, &transfers(payments));
        let gas_limit = chain::gas_limit(payments.len());
        let fees = distinct(standing.fees, batch);
        let unsigned = Unsigned::new(network, nonce, call, gas_limit, fees);
        let digest: B256 = unsigned.signing_hash();
        let signature =
            self.config.wallet.sign_hash(&digest).map_err(|error| Halt::Wallet(error.to_string()))?;
        let signed = unsigned.sign(signature);
        let attempt = NewAttempt {
            batch,
            purpose: Purpose::Settle,
            network,
            wallet,
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
    fn next_nonce(&self, standing: &Standing) -> u64 {
        let wallet = self.config.wallet.address();
        let flying = self.flights.iter().filter_map(|flight| flight.nonce_of(wallet));
        let now = self.clock.now();
        let seen = self.last_mined.filter(|(_, at)| now.signed_duration_since(*at).abs() < LAG);
        let ours = flying.chain(seen.map(|(nonce, _)| nonce)).max();
        let Sender { pending_nonce, mined_nonce, .. } = standing.sender;
        pending_nonce.max(mined_nonce).max(ours.map_or(0, |nonce| nonce.saturating_add(1)))
    }

    /// Shows a batch's transactions to the node. Only bytes that are saved can be shown, and the
    /// node's answer decides nothing: whatever it says, the chain is watched (I9, T46).
    pub(crate) async fn hand_over(&self, flight: &mut Flight) -> Result<(), Halt> {
        let mut answer = None;
        for attempt in &flight.batch.attempts {
            answer = match ask(&self.stop, self.broadcast(attempt)).await {
                Ok(()) => None,
                Err(Halt::Chain(error)) => Some(error),
                Err(halt) => return Err(halt),
            };
            if attempt.sent_at().is_none() && !flight.sent {
                self.store.note_broadcast(attempt.id(), self.clock.now()).await?;
            }
        }
        flight.handed_over(answer, self.clock.now());
        Ok(())
    }

    async fn broadcast(&self, attempt: &SavedAttempt) -> Result<(), chain::ChainError> {
        self.config.chain.broadcast(attempt.raw()).await
    }
}

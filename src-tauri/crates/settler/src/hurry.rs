//! What is done about a transaction that the network passes over: a higher price for the same wallet
//! nonce (T44), or something to fill the nonce that it waits for (T42).

use chain::{ChainError, FILLER_GAS, Fees, Unsigned};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Purpose;
use store::{SavedAttempt, Verdict};

use crate::flight::{BEYOND_CEILING, Flight, seen};
use crate::halt::{DAY_IS_SPENT, Halt, ask};
use crate::intake::Standing;
use crate::lane::Lane;
use crate::send::Draft;

/// How long the network has to take a transaction before another price is offered.
const PATIENCE: TimeDelta = TimeDelta::seconds(15);

/// How long a nonce before ours may be missing: another program may have used it at another node.
const GAP_PATIENCE: TimeDelta = TimeDelta::minutes(1);

/// How many times what the network asks is offered at most when a node finds even that too little: a
/// node that lies must not spend the gas wallet (T53).
const MOST_ABOVE: u128 = 4;

impl Lane {
    /// Sees to it that a transaction which is not mined can be.
    pub(crate) async fn hurry(&mut self, flight: &mut Flight) -> Result<(), Halt> {
        let wallet = self.config.wallet.address();
        let Some(newest) = flight.batch.attempts.last().cloned() else { return Ok(()) };
        let now = self.clock.now();
        if now.signed_duration_since(newest.saved_at()).abs() < PATIENCE {
            return Ok(());
        }
        let standing = self.standing().await?;
        if newest.wallet() != wallet {
            return self.sign_anew(flight, &newest, &standing).await;
        }
        if standing.sender.mined_nonce > newest.nonce() {
            return Ok(());
        }
        self.outbid(flight, &newest, &standing).await?;
        self.fill_gap(flight, newest.nonce(), &standing, now).await
    }

    /// Offers more for the same call with the same nonce, when what was offered is no longer enough.
    async fn outbid(
        &mut self,
        flight: &mut Flight,
        newest: &SavedAttempt,
        standing: &Standing,
    ) -> Result<(), Halt> {
        let offered = offer(newest);
        flight.limited = None;
        let too_little = flight.hindrance == Some(ChainError::FeeTooLow)
            && offered.max_fee_per_gas / MOST_ABOVE < standing.fees.max_fee_per_gas;
        if offered.suffices(standing.fees) && !too_little {
            return Ok(());
        }
        let least = offered.replaced_by(Fees { max_fee_per_gas: 0, max_priority_fee_per_gas: 0 });
        let mut fees = offered.replaced_by(standing.fees);
        let is_due = flight.settle_by().is_some_and(|settle_by| settle_by <= self.judging_time());
        if !is_due && let Some(ceiling) = self.ceiling().await? {
            if least.max_fee_per_gas > ceiling {
                flight.limited = Some(BEYOND_CEILING);
                return Ok(());
            }
            fees.max_fee_per_gas = fees.max_fee_per_gas.min(ceiling);
            fees.max_priority_fee_per_gas = fees.max_priority_fee_per_gas.min(ceiling);
        }
        if !standing.covers(newest.gas_limit(), fees) {
            flight.hindrance = Some(ChainError::OutOfGasMoney);
            return Ok(());
        }
        let dearer = fees.max_fee_per_gas.saturating_sub(offered.max_fee_per_gas);
        if !self.day_allows(newest.gas_limit(), dearer).await? {
            flight.limited = Some(DAY_IS_SPENT);
            return Ok(());
        }
        let Some(unsigned) = Unsigned::at_another_price(newest.raw(), fees) else { return Ok(()) };
        let (batch, nonce, gas_limit) = (flight.batch.id, newest.nonce(), newest.gas_limit());
        let draft = Draft { batch, purpose: Purpose::Settle, nonce, gas_limit, fees, unsigned };
        let attempt = self.sign_and_save(draft).await?;
        tracing::info!(network = %self.config.network, batch = flight.batch.id.0, hash = %attempt.hash(), "a transaction is offered at a higher price");
        flight.batch.attempts.push(attempt);
        flight.sent = false;
        self.hand_over(flight).await
    }

    /// The wallet that signed was replaced, and what it offered is not enough any more or cannot be paid: the wallet of
    /// now signs the same call. Whichever is mined first, the token takes each authorization once.
    async fn sign_anew(
        &mut self,
        flight: &mut Flight,
        newest: &SavedAttempt,
        standing: &Standing,
    ) -> Result<(), Halt> {
        let is_stuck = flight.hindrance.is_some() || !offer(newest).suffices(standing.fees);
        if !is_stuck {
            return Ok(());
        }
        let (gas_limit, fees) = (newest.gas_limit(), standing.fees);
        if !standing.covers(gas_limit, fees) {
            return Err(Halt::NoGasMoney);
        }
        if !self.day_allows(gas_limit, fees.max_fee_per_gas).await? {
            flight.limited = Some(DAY_IS_SPENT);
            return Ok(());
        }
        let nonce = self.next_nonce(standing)?;
        let Some(unsigned) = Unsigned::of_another_wallet(newest.raw(), nonce, fees) else { return Ok(()) };
        let batch = flight.batch.id;
        let draft = Draft { batch, purpose: Purpose::Settle, nonce, gas_limit, fees, unsigned };
        let attempt = self.sign_and_save(draft).await?;
        tracing::info!(network = %self.config.network, batch = batch.0, hash = %attempt.hash(), "the gas wallet of now signs what another one did");
        flight.batch.attempts.push(attempt);
        flight.sent = false;
        self.hand_over(flight).await
    }

    /// Uses up a nonce that comes before ours and that nobody holds a transaction for: one of another
    /// program, say, that was never mined.
    async fn fill_gap(
        &self,
        flight: &mut Flight,
        nonce: u64,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<(), Halt> {
        let wallet = self.config.wallet.address();
        let missing = standing.sender.pending_nonce.max(standing.sender.mined_nonce);
        let is_ours =
            self.flights.iter().any(|other| other.nonce_of(wallet).is_some_and(|nonce| nonce <= missing));
        if missing >= nonce || is_ours {
            flight.gap = None;
            return Ok(());
        }
        let since = match flight.gap {
            Some((seen, since)) if seen == missing => since,
            Some(_) | None => {
                flight.gap = Some((missing, now));
                return Ok(());
            }
        };
        if now.signed_duration_since(since).abs() < GAP_PATIENCE {
            return Ok(());
        }
        let earlier = flight.batch.fillers.iter().rev().find(|filler| filler.nonce() == missing);
        let fees = match earlier {
            None => standing.fees,
            Some(earlier) if offer(earlier).suffices(standing.fees) => {
                return self.send_filler(earlier).await;
            }
            Some(earlier) => offer(earlier).replaced_by(standing.fees),
        };
        if !standing.covers(FILLER_GAS, fees) {
            flight.hindrance = Some(ChainError::OutOfGasMoney);
            return Ok(());
        }
        if !self.day_allows(FILLER_GAS, fees.max_fee_per_gas).await? {
            flight.limited = Some(DAY_IS_SPENT);
            return Ok(());
        }
        let unsigned = Unsigned::filler(self.config.network, wallet, missing, fees);
        let (batch, nonce, gas_limit) = (flight.batch.id, missing, FILLER_GAS);
        let draft = Draft { batch, purpose: Purpose::Fill, nonce, gas_limit, fees, unsigned };
        let filler = self.sign_and_save(draft).await?;
        tracing::warn!(network = %self.config.network, nonce = missing, "a wallet nonce that nobody uses is used up");
        self.send_filler(&filler).await?;
        flight.batch.fillers.push(filler);
        Ok(())
    }

    /// What the node says to a filler decides nothing: the next look shows whether the nonce is used.
    async fn send_filler(&self, filler: &SavedAttempt) -> Result<(), Halt> {
        match ask(&self.stop, self.config.chain.broadcast(filler.raw())).await {
            Ok(()) | Err(Halt::Chain(_)) => {}
            Err(halt) => return Err(halt),
        }
        if filler.sent_at().is_none() {
            self.store.note_broadcast(filler.id(), self.clock.now()).await?;
        }
        Ok(())
    }

    /// Writes down what the fillers of a batch cost, before the batch is closed.
    pub(crate) async fn record_fillers(&self, flight: &Flight) -> Result<(), Halt> {
        for filler in &flight.batch.fillers {
            let mined = ask(&self.stop, self.config.chain.mined(filler.hash())).await?;
            if let Some(mined) = mined.filter(|mined| mined.evidence.transaction == filler.hash()) {
                let attempt = Some(seen(filler.id(), &mined));
                let at = self.clock.now();
                self.store
                    .record(Verdict { batch: flight.batch.id, attempt, outcomes: Vec::new(), at })
                    .await?;
            }
        }
        Ok(())
    }
}

/// What a transaction offers.
const fn offer(attempt: &SavedAttempt) -> Fees {
    Fees {
        max_fee_per_gas: attempt.max_fee_per_gas(),
        max_priority_fee_per_gas: attempt.max_priority_fee_per_gas(),
    }
}

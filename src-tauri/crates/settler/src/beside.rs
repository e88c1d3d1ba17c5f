//! The facilitator beside our own transaction: gas money ran out after it was signed, and its payments have to be sent.

use chain::ChainError;
use domain::BatchId;

use crate::calling::Calling;
use crate::flight::Flight;
use crate::halt::DAY_IS_SPENT;
use crate::lane::Lane;

/// Whether it is gas money that keeps a transaction from being mined.
fn is_out_of_gas_money(flight: &Flight) -> bool {
    flight.hindrance == Some(ChainError::OutOfGasMoney) || flight.limited == Some(DAY_IS_SPENT)
}

impl Lane {
    /// Has the facilitator asked also for what our own transactions carry, when it has to be sent and there is no gas
    /// money left for it (I6). They are watched all the same: both together pay once, because a nonce is used once.
    pub(crate) fn call_beside_flights(&mut self) {
        if self.config.facilitator.is_none() {
            return;
        }
        let (now, judging) = (self.clock.now(), self.judging_time());
        for flight in &self.flights {
            let is_due = flight.settle_by().is_some_and(|settle_by| settle_by <= judging);
            let is_called = self.callings.iter().any(|calling| calling.batch.id == flight.batch.id);
            if is_due && !is_called && flight.is_flying() && is_out_of_gas_money(flight) {
                tracing::warn!(network = %self.config.network, batch = flight.batch.id.0, "no gas money is left for a transaction; the facilitator is asked beside it");
                self.callings.push(Calling::beside(flight.batch.clone(), flight.asset.clone(), now));
            }
        }
    }

    /// Whether a batch has a transaction of ours on its way.
    pub(crate) fn flies(&self, batch: BatchId) -> bool {
        self.flights.iter().any(|flight| flight.batch.id == batch)
    }

    /// Forgets what our own transaction has decided.
    pub(crate) fn keep_what_flies(&self, calling: &mut Calling) {
        let flight = self.flights.iter().find(|flight| flight.batch.id == calling.batch.id);
        let open = flight.map_or(&[][..], |flight| &flight.batch.payments);
        let is_decided = |payment: &&store::OpenPayment| !open.iter().any(|open| open.seq == payment.seq);
        let decided: Vec<_> =
            calling.batch.payments.iter().filter(is_decided).map(|payment| payment.seq).collect();
        calling.forget(&decided);
    }

    /// Whether buyers who wait are seen to whatever our own transactions wait for: the facilitator settles everything, or
    /// what no gas money is left for.
    pub(crate) fn sells_beside_flights(&self) -> bool {
        let mut flying = self.flights.iter().filter(|flight| flight.is_flying());
        self.is_facilitated() || (self.config.facilitator.is_some() && flying.all(is_out_of_gas_money))
    }
}

//! By which rail a payment goes: our own transaction, or a facilitator.

use std::collections::HashMap;

use domain::{Asset, AssetId, FacilitatorUse, PaymentSeq, Rail};
use facilitator::Facilitator;
use store::{NewBatch, OpenPayment, Trigger};
use x402::Version;

use crate::calling::Calling;
use crate::deadline::latest_believed;
use crate::halt::{Halt, is_away};
use crate::intake::Taken;
use crate::lane::Lane;
use crate::pace::Return;
use crate::plan::{Candidate, Times, plan};

/// How many payments one batch of a facilitator's holds: few enough that a screen shows how it goes.
pub(crate) const TOGETHER: u64 = 50;

/// A facilitator that settles payments of a network.
#[derive(Clone, Debug)]
pub struct FacilitatorRail {
    /// The facilitator.
    pub client: Facilitator,
    /// What it settles.
    pub used: FacilitatorUse,
    /// In which version of the protocol it is asked.
    pub version: Version,
    /// Where buyers reach the stall, which begins the address of what was sold.
    pub stall_url: String,
}

impl Lane {
    /// Whether a facilitator settles everything here, so that gas and the gas wallet are nobody's concern.
    pub(crate) fn is_facilitated(&self) -> bool {
        self.config.facilitator.as_ref().is_some_and(|rail| rail.used == FacilitatorUse::Always)
    }

    /// Opens batches for these payments of one asset, each by its rail, and decides those that are past their window.
    /// With `full` there are more in the queue than these.
    pub(crate) async fn take_these(
        &mut self,
        id: AssetId,
        asset: &Asset,
        payments: Vec<OpenPayment>,
        full: bool,
        trigger: Trigger,
    ) -> Result<Taken, Halt> {
        let Some(rail) = self.config.facilitator.clone() else {
            return self.take_directly(id, asset, payments, full, trigger).await;
        };
        let wanted = if payments.is_empty() { HashMap::new() } else { self.store.wanted_rails(id).await? };
        let usual = self.usual_rail(&rail, trigger);
        let (called, direct): (Vec<_>, Vec<_>) = payments
            .into_iter()
            .partition(|payment| wanted.get(&payment.seq).copied().unwrap_or(usual) == Rail::Facilitator);
        let mut taken = self.take_for_calls(id, asset, called, full, trigger).await?;
        if direct.is_empty() {
            return Ok(taken);
        }
        let more = match self.take_directly(id, asset, direct.clone(), full, trigger).await {
            // What our own transactions cannot pay for, the facilitator can settle.
            Err(halt) if halt.is_about_gas() || matches!(halt, Halt::Wallet(_)) => {
                self.take_for_calls(id, asset, direct, full, trigger).await?
            }
            // Nor do they leave without a node, and what is due does not wait for one (I6).
            Err(Halt::Chain(error)) if trigger == Trigger::Deadline && is_away(&error) => {
                let mut due = direct;
                due.retain(|payment| payment.settle_by() <= self.judging_time());
                self.take_for_calls(id, asset, due, full, trigger).await?
            }
            taken => taken?,
        };
        taken.more |= more.more;
        taken.closed.extend(more.closed);
        Ok(taken)
    }

    /// The same for payments that a facilitator is to settle: it is asked for one after the other.
    async fn take_for_calls(
        &mut self,
        id: AssetId,
        asset: &Asset,
        payments: Vec<OpenPayment>,
        full: bool,
        trigger: Trigger,
    ) -> Result<Taken, Halt> {
        if payments.is_empty() {
            return Ok(Taken::default());
        }
        let now = self.clock.now();
        let head = self.see_head().await?;
        let times = Times {
            // Only the chain says that a window is over.
            chain: head.map_or(0, |head| head.timestamp.min(latest_believed(now))),
            local: now.timestamp().max(0).cast_unsigned(),
        };
        let plan = plan(payments.iter().map(Candidate::from), times, 1);
        for payment in &plan.early {
            self.put_back.put(*payment, Return::Wait, now);
        }
        let past: Vec<_> = payments.iter().filter(|payment| plan.past.contains(&payment.seq)).collect();
        let is_due = |payment: &OpenPayment| payment.settle_by() <= self.judging_time();
        let called = trigger != Trigger::Deadline
            || payments.iter().any(|payment| is_due(payment) && !plan.past.contains(&payment.seq));
        let sendable: Vec<PaymentSeq> = plan.transactions.into_iter().flatten().collect();
        let opens = called && !sendable.is_empty();
        if opens {
            self.open_for_calls(id, asset, &sendable, trigger).await?;
        }
        let closed = self.decide_past(id, asset, &past, trigger).await?;
        Ok(Taken { more: full && (opens || !closed.is_empty()), closed })
    }

    /// The rail of a payment that is wanted by none of its own. A buyer who waits does so for whoever settles now.
    fn usual_rail(&self, rail: &FacilitatorRail, trigger: Trigger) -> Rail {
        let can_wait = trigger != Trigger::Instant || self.config.wallet.is_locked();
        match rail.used {
            FacilitatorUse::Always if can_wait || rail.client.is_at_hand() => Rail::Facilitator,
            FacilitatorUse::Always | FacilitatorUse::WithoutGas => Rail::Direct,
        }
    }

    async fn open_for_calls(
        &mut self,
        id: AssetId,
        asset: &Asset,
        payments: &[PaymentSeq],
        trigger: Trigger,
    ) -> Result<(), Halt> {
        let instant = trigger == Trigger::Instant;
        let mut place = 0;
        for payments in payments.chunks(usize::try_from(TOGETHER).unwrap_or(1)) {
            let batch = NewBatch { asset: id, payments: payments.to_vec(), trigger, at: self.clock.now() };
            let Some(batch) = self.open_batch(batch).await? else { continue };
            let calling = Calling::new(batch, asset.clone(), instant, self.clock.now());
            // Buyers who wait go first.
            if instant {
                self.callings.insert(place, calling);
                place += 1;
            } else {
                self.callings.push(calling);
            }
        }
        self.due.forget();
        Ok(())
    }
}

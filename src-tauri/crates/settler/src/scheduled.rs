//! Settling because the schedule says so.

use chain::Fees;
use chrono::{DateTime, TimeDelta, Utc};
use store::{Choice, Trigger};

use crate::agenda::{Agenda, Cause, Step, Waiting};
use crate::halt::{Halt, ask};
use crate::lane::Lane;

/// How old a known price of gas may be when it decides whether a run waits.
const GAS_AGE: TimeDelta = TimeDelta::seconds(15);

/// What a lane knows of its network's schedule.
#[derive(Debug, Default)]
pub(crate) struct Scheduled {
    /// None until it was read.
    agenda: Option<Agenda>,
    /// When the run began whose batches are not all signed.
    running: Option<DateTime<Utc>>,
    /// What a transaction offered, and when that was asked.
    fees: Option<(Fees, DateTime<Utc>)>,
    /// When to look at it again without being called.
    pub(crate) next: Option<DateTime<Utc>>,
}

impl Scheduled {
    /// Makes sure that the seller's choice is read anew.
    pub(crate) const fn forget(&mut self) {
        self.agenda = None;
    }

    /// What the run took may be back in the queue: it is made up for.
    pub(crate) const fn interrupted(&mut self) {
        self.running = None;
        self.agenda = None;
    }
}

impl Lane {
    /// When the schedule calls, opens batches for everything that waits. Deadlines have been looked after
    /// before, so that no price of gas stands in their way (I6).
    pub(crate) async fn take_scheduled(&mut self) -> Result<(), Halt> {
        let now = self.clock.now();
        let agenda = self.agenda().await?;
        self.scheduled.next = None;
        if agenda.policy.is_manual() {
            return Ok(());
        }
        let waiting = self.waiting(&agenda, now).await?;
        let Some(cause) = agenda.cause(&waiting, now) else {
            self.scheduled.next = agenda.next(&waiting, now).map(|(at, _)| at);
            return Ok(());
        };
        if waiting.payments > 0 {
            let step = self.step(&agenda, cause).await?;
            match step {
                Step::Settle => self.take_scheduled_ones().await?,
                Step::WaitForGas => {
                    self.scheduled.next = Some(now + GAS_AGE);
                    return Ok(());
                }
                Step::LeaveOut => {
                    tracing::info!(network = %self.config.network, "gas costs more than the ceiling: a run is left out");
                }
            }
        }
        if cause == Cause::Schedule {
            self.scheduled.running = Some(now);
        }
        Ok(())
    }

    /// Writes a run down once everything that it took is signed. Until then a crash brings back what was
    /// not, and the run with it: none is left out, and none is done twice.
    pub(crate) async fn finish_run(&mut self) -> Result<(), Halt> {
        let Some(began) = self.scheduled.running else { return Ok(()) };
        if self.ready.iter().all(|chosen| chosen.instant) {
            self.store.note_run(self.config.network, began).await?;
            self.scheduled.running = None;
            self.scheduled.forget();
        }
        Ok(())
    }

    /// The schedule, counted from the run that goes on now if there is one.
    async fn agenda(&mut self) -> Result<Agenda, Halt> {
        let mut agenda = match self.scheduled.agenda {
            Some(agenda) => agenda,
            None => {
                let schedule = self.store.schedule(self.config.network).await?;
                Agenda { policy: schedule.policy, since: schedule.since() }
            }
        };
        // A clock that was set back is noticed once; from then on the wait goes by.
        agenda.since = agenda.since.min(self.clock.now());
        self.scheduled.agenda = Some(agenda);
        agenda.since = agenda.since.max(self.scheduled.running.unwrap_or(agenda.since));
        Ok(agenda)
    }

    /// The most wei per gas that the seller pays for what can wait; none when that was left open, or somebody else
    /// pays.
    pub(crate) async fn ceiling(&mut self) -> Result<Option<u128>, Halt> {
        if self.is_facilitated() {
            return Ok(None);
        }
        Ok(self.agenda().await?.policy.gas_ceiling)
    }

    /// Whether gas costs more than the seller pays for what can wait.
    pub(crate) async fn is_beyond_ceiling(&mut self) -> Result<bool, Halt> {
        let Some(ceiling) = self.ceiling().await? else { return Ok(false) };
        Ok(self.fees_lately().await?.max_fee_per_gas > ceiling)
    }

    /// What waits, as far as it can call. What came back to the queue is tried again by itself and does
    /// not make a sum full: it would be sent in a circle.
    async fn waiting(&mut self, agenda: &Agenda, now: DateTime<Utc>) -> Result<Waiting, Halt> {
        let sums = agenda.policy.at_amount.is_some() || agenda.policy.at_count.is_some();
        let mut waiting = Waiting::default();
        if !sums && agenda.cause(&waiting, now).is_none() {
            return Ok(waiting);
        }
        for (id, _) in self.assets().await? {
            let (payments, amount) = self.store.queued_sum(id).await?;
            waiting.add(payments, amount);
        }
        if agenda.cause(&waiting, now).is_none() || self.put_back.is_empty() {
            return Ok(waiting);
        }
        waiting = Waiting::default();
        for (id, _) in self.assets().await? {
            for payment in self.store.queued(id, Choice::All, u32::MAX).await? {
                if !self.put_back.knows(payment.seq) {
                    waiting.add(1, payment.amount);
                }
            }
        }
        Ok(waiting)
    }

    /// What to do about a cause at what gas costs now.
    async fn step(&mut self, agenda: &Agenda, cause: Cause) -> Result<Step, Halt> {
        if agenda.policy.gas_ceiling.is_none() || self.is_facilitated() {
            return Ok(agenda.step(cause, 0));
        }
        Ok(agenda.step(cause, self.fees_lately().await?.max_fee_per_gas))
    }

    /// What a transaction offered a moment ago: enough to decide whether something waits.
    pub(crate) async fn fees_lately(&mut self) -> Result<Fees, Halt> {
        let now = self.clock.now();
        if let Some((fees, at)) = self.scheduled.fees
            && now.signed_duration_since(at).abs() < GAS_AGE
        {
            return Ok(fees);
        }
        let fees = ask(&self.stop, self.config.chain.fees()).await?;
        self.scheduled.fees = Some((fees, now));
        Ok(fees)
    }

    async fn take_scheduled_ones(&mut self) -> Result<(), Halt> {
        for (id, asset) in self.assets().await? {
            while self.take(id, &asset, Choice::All, Trigger::Schedule).await?.more {}
        }
        Ok(())
    }
}

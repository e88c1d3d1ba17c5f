use chrono::{DateTime, Utc};
use domain::{Amount, SettlePolicy};

/// What waits on a network, as far as the planner has to know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many payments.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
    /// When the first of them has to be sent whatever else happens (I6).
    pub settle_by: Option<DateTime<Utc>>,
}

impl Waiting {
    /// Counts more of it in.
    pub fn add(&mut self, payments: u64, amount: Amount) {
        self.payments = self.payments.saturating_add(payments);
        self.amount = self.amount.checked_add(amount).unwrap_or(Amount::MAX);
    }
}

/// What calls for settling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A payment has to be sent, or its window ends.
    Deadline,
    /// As much waits as the seller said.
    Amount,
    /// As many payments wait as the seller said.
    Count,
    /// The time of a run has come.
    Schedule,
}

impl Cause {
    /// The word in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Amount => "amount",
            Self::Count => "count",
            Self::Schedule => "schedule",
        }
    }
}

/// What to do about a cause at a price of gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Settle everything that waits.
    Settle,
    /// Wait until gas costs no more than the ceiling, or a deadline calls.
    WaitForGas,
    /// Wait for the next run.
    LeaveOut,
}

/// When a network's queue is settled by itself. Pure: it knows what it is told and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agenda {
    /// What the seller chose.
    pub policy: SettlePolicy,
    /// The last run, or when the policy was chosen if that is later.
    pub since: DateTime<Utc>,
}

impl Agenda {
    /// What calls for settling now.
    pub fn cause(&self, waiting: &Waiting, now: DateTime<Utc>) -> Option<Cause> {
        self.next(waiting, now).filter(|(at, _)| *at <= now).map(|(_, cause)| cause)
    }

    /// When settling is called for next, if nothing more is sold, and by what: `now` or later. What gas
    /// costs then is not known, so a run may still wait or be left out.
    pub fn next(&self, waiting: &Waiting, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Cause)> {
        let Self { policy, .. } = self;
        let amount = policy.at_amount.is_some_and(|amount| waiting.amount >= amount);
        let count = policy.at_count.is_some_and(|count| waiting.payments >= u64::from(count));
        let called = [
            (waiting.settle_by, Cause::Deadline),
            ((amount && waiting.payments > 0).then_some(now), Cause::Amount),
            ((count && waiting.payments > 0).then_some(now), Cause::Count),
            (self.run(now), Cause::Schedule),
        ];
        let called = called.into_iter().filter_map(|(at, cause)| Some((at?.max(now), cause)));
        // Of causes at the same moment the first in the list counts: a deadline asks no price.
        called.min_by_key(|(at, _)| *at)
    }

    /// When the next run is due; earlier than `now` when it was missed. A clock that was set back must
    /// not stretch the wait.
    fn run(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.policy.run_after(self.since.min(now))
    }

    /// What to do about a cause when a transaction signed now would offer `gas` wei per gas. A deadline is
    /// kept whatever it costs.
    pub const fn step(&self, cause: Cause, gas: u128) -> Step {
        let Self { policy, .. } = self;
        let too_dear = match policy.gas_ceiling {
            Some(ceiling) => gas > ceiling,
            None => false,
        };
        match cause {
            Cause::Deadline => Step::Settle,
            Cause::Amount | Cause::Count if too_dear => Step::WaitForGas,
            Cause::Schedule if too_dear && policy.wait_for_gas => Step::WaitForGas,
            Cause::Schedule if too_dear => Step::LeaveOut,
            Cause::Amount | Cause::Count | Cause::Schedule => Step::Settle,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::Interval;
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn money(atomic: u64) -> Amount {
        Amount::from_atomic(atomic).unwrap()
    }

    fn every(text: &str) -> SettlePolicy {
        SettlePolicy { every: Some(text.parse().unwrap()), ..SettlePolicy::default() }
    }

    const SOME: Waiting = Waiting { payments: 1, amount: Amount::ZERO, settle_by: None };

    /// I6.
    #[test]
    fn without_any_choice_only_the_deadline_calls() {
        let agenda = Agenda { policy: SettlePolicy::default(), since: at(0) };
        assert_eq!(agenda.next(&SOME, at(1_000_000)), None);
        let waiting = Waiting { settle_by: Some(at(500)), ..SOME };
        assert_eq!(agenda.next(&waiting, at(0)), Some((at(500), Cause::Deadline)));
        assert_eq!(agenda.cause(&waiting, at(499)), None);
        assert_eq!(agenda.cause(&waiting, at(500)), Some(Cause::Deadline));
    }

    #[test]
    fn an_amount_or_a_count_that_is_reached_calls_at_once() {
        let policy =
            SettlePolicy { at_amount: Some(money(20)), at_count: Some(3), ..SettlePolicy::default() };
        let agenda = Agenda { policy, since: at(0) };
        let cause = |payments, amount| {
            agenda.cause(&Waiting { payments, amount: money(amount), settle_by: None }, at(1))
        };
        assert_eq!(cause(2, 19), None);
        assert_eq!(cause(2, 20), Some(Cause::Amount));
        assert_eq!(cause(3, 19), Some(Cause::Count));
        assert_eq!(cause(0, 0), None);
    }

    /// T67.
    #[test]
    fn a_run_that_was_missed_in_sleep_calls_once() {
        let slept = Agenda { policy: every("2h"), since: at(0) };
        let now = at(7 * 3_600);
        assert_eq!(slept.cause(&SOME, now), Some(Cause::Schedule));
        let ran = Agenda { since: now, ..slept };
        assert_eq!(ran.next(&SOME, now), Some((at(9 * 3_600), Cause::Schedule)));
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stretch_the_wait() {
        let agenda = Agenda { policy: every("2h"), since: at(100 * 3_600) };
        assert_eq!(agenda.next(&SOME, at(0)), Some((at(2 * 3_600), Cause::Schedule)));
    }

    #[test]
    fn dear_gas_holds_up_everything_but_a_deadline() {
        let dear = SettlePolicy { gas_ceiling: Some(10), ..SettlePolicy::default() };
        let step = |policy, cause, gas| Agenda { policy, since: at(0) }.step(cause, gas);
        for cause in [Cause::Deadline, Cause::Amount, Cause::Count, Cause::Schedule] {
            assert_eq!(step(dear, cause, 10), Step::Settle);
            assert_eq!(step(SettlePolicy::default(), cause, u128::MAX), Step::Settle);
        }
        assert_eq!(step(dear, Cause::Deadline, 11), Step::Settle);
        assert_eq!(step(dear, Cause::Count, 11), Step::WaitForGas);
        assert_eq!(step(dear, Cause::Schedule, 11), Step::LeaveOut);
        let patient = SettlePolicy { wait_for_gas: true, ..dear };
        assert_eq!(step(patient, Cause::Schedule, 11), Step::WaitForGas);
    }

    prop_compose! {
        fn agendas()(
            minutes in prop::option::of(1_u32..3_000),
            at_amount in prop::option::of(1_u64..1_000),
            at_count in prop::option::of(1_u32..1_000),
            gas_ceiling in prop::option::of(0_u128..100),
            wait_for_gas in any::<bool>(),
            since in 0_i64..1_000_000,
        ) -> Agenda {
            let policy = SettlePolicy {
                every: minutes.and_then(Interval::from_minutes),
                at_amount: at_amount.map(money),
                at_count,
                gas_ceiling,
                wait_for_gas,
                ..SettlePolicy::default()
            };
            Agenda { policy, since: at(since) }
        }
    }

    proptest! {
        /// I6, T09: whatever the seller chose and whatever gas costs, what waits is sent by its deadline.
        #[test]
        fn nothing_is_ever_left_later_than_the_earliest_deadline(
            agenda in agendas(), payments in 1_u64..2_000, amount in 0_u64..2_000,
            now in 0_i64..2_000_000, left in -1_000_i64..1_000_000, gas in 0_u128..200,
        ) {
            let settle_by = at(now + left);
            let waiting = Waiting { payments, amount: money(amount), settle_by: Some(settle_by) };
            let (next, cause) = agenda.next(&waiting, at(now)).unwrap();
            prop_assert!(next >= at(now) && next <= settle_by.max(at(now)));
            if cause == Cause::Deadline || settle_by <= at(now) {
                prop_assert_eq!(cause, Cause::Deadline);
                prop_assert_eq!(agenda.step(cause, gas), Step::Settle);
            }
        }

        /// A lane that sleeps until it is called wakes ever later, and no call is lost.
        #[test]
        fn the_next_wake_never_goes_back_as_time_goes_on(
            agenda in agendas(), payments in 0_u64..2_000, amount in 0_u64..2_000,
            now in 0_i64..2_000_000, later in 0_i64..100_000, left in 0_i64..1_000_000,
        ) {
            let settle_by = (payments > 0).then(|| at(now + left));
            let waiting = Waiting { payments, amount: money(amount), settle_by };
            let first = agenda.next(&waiting, at(now));
            let second = agenda.next(&waiting, at(now + later));
            prop_assert_eq!(first.is_some(), second.is_some());
            if let (Some((first, _)), Some((second, _))) = (first, second) {
                prop_assert!(second >= first);
                prop_assert!(second <= first.max(at(now + later)) || agenda.since > at(now));
            }
        }

        /// After a run the next one is later; without it the call stands.
        #[test]
        fn a_run_quiets_its_own_call_and_only_that(agenda in agendas(), slept in 0_i64..1_000_000) {
            let now = agenda.since + TimeDelta::seconds(slept);
            let called = agenda.cause(&Waiting::default(), now).is_some();
            let ran = Agenda { since: now, ..agenda };
            prop_assert_eq!(ran.cause(&Waiting::default(), now), None);
            let due = agenda.policy.run_after(agenda.since).is_some_and(|run| run <= now);
            prop_assert_eq!(called, due);
        }
    }
}

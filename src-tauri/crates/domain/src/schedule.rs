//! When a network's queue is settled by itself: what the seller chose, and what follows from it.

mod interval;
mod times;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::interval::{Interval, IntervalError};
pub use self::times::{LocalTime, LocalTimeError, Weekdays, Weekly, WeeklyError, Zone, ZoneError};
use crate::{Amount, MANUAL_WINDOW, MAX_WINDOW, Window};

/// What a window holds beyond the longest wait for a run: room for the time ahead of its end at which a
/// payment is sent at the latest, for a backlog, and for buyers whose clocks are wrong (T09).
const MARGIN: TimeDelta = TimeDelta::minutes(30);

/// What it holds more when runs wait for cheaper gas: the price of gas has its days and nights.
const GAS_MARGIN: TimeDelta = TimeDelta::hours(24);

/// When the queue of one network is settled. Whatever is chosen here combines: the first of it calls. The
/// first deadline always calls, so that nothing dies in the queue (I6); the default is that and the
/// seller's own hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettlePolicy {
    /// This long after the last run.
    pub every: Option<Interval>,
    /// At this time of every day.
    pub daily: Option<LocalTime>,
    /// At this time of some days of the week.
    pub weekly: Option<Weekly>,
    /// Where those times of day are meant.
    pub zone: Zone,
    /// When this much waits.
    pub at_amount: Option<Amount>,
    /// When this many payments wait.
    pub at_count: Option<u32>,
    /// The most wei per gas that a run may offer. A deadline is kept whatever gas costs.
    pub gas_ceiling: Option<u128>,
    /// Whether a run that finds gas above the ceiling waits for it to fall. Otherwise it is left out.
    pub wait_for_gas: bool,
}

impl SettlePolicy {
    /// Whether only the seller and the deadlines settle.
    pub const fn is_manual(&self) -> bool {
        !self.has_times() && self.at_amount.is_none() && self.at_count.is_none()
    }

    /// Whether there are runs at times of their own.
    pub const fn has_times(&self) -> bool {
        self.every.is_some() || self.daily.is_some() || self.weekly.is_some()
    }

    /// The first run after `since`, the moment of the last one or of the choice; none without times.
    pub fn run_after(&self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let every = self.every.and_then(|interval| since.checked_add_signed(interval.span()));
        let daily = self.daily.and_then(|at| times::first_after(since, Weekdays::ALL, at, self.zone));
        let weekly = self.weekly.and_then(|it| times::first_after(since, it.days, it.at, self.zone));
        [every, daily, weekly].into_iter().flatten().min()
    }

    /// The longest that two runs can be apart; none without times.
    pub fn longest_gap(&self) -> Option<TimeDelta> {
        let every = self.every.map(Interval::span);
        let daily = self.daily.map(|_| times::longest_gap(Weekdays::ALL));
        let weekly = self.weekly.map(|weekly| times::longest_gap(weekly.days));
        [every, daily, weekly].into_iter().flatten().min()
    }

    /// How long buyers' authorizations are asked to be valid: the longest gap and a margin (I6, T09).
    pub fn window(&self) -> Window {
        let Some(gap) = self.longest_gap() else { return MANUAL_WINDOW };
        let margin = if self.wait_for_gas { MARGIN + GAS_MARGIN } else { MARGIN };
        let seconds = u32::try_from((gap + margin).num_seconds()).unwrap_or(u32::MAX);
        Window::from_seconds(seconds.min(MAX_WINDOW.seconds())).unwrap_or(MAX_WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settle_by;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn minutes(window: Window) -> u32 {
        window.seconds() / 60
    }

    #[test]
    fn without_times_nothing_runs_and_buyers_sign_for_three_days() {
        let manual = SettlePolicy::default();
        assert!(manual.is_manual());
        assert_eq!(manual.run_after(utc("2027-01-01T00:00:00Z")), None);
        assert_eq!(manual.window(), MANUAL_WINDOW);
        let at_count = SettlePolicy { at_count: Some(100), ..manual };
        assert!(!at_count.is_manual());
        assert_eq!(at_count.window(), MANUAL_WINDOW);
    }

    #[test]
    fn windows_follow_the_longest_gap() {
        let every = SettlePolicy { every: Some("2h".parse().unwrap()), ..SettlePolicy::default() };
        let daily = SettlePolicy { daily: Some("18:00".parse().unwrap()), ..SettlePolicy::default() };
        let weekly = SettlePolicy { weekly: Some("mon,18:00".parse().unwrap()), ..SettlePolicy::default() };
        let twice =
            SettlePolicy { weekly: Some("mon,thu,18:00".parse().unwrap()), ..SettlePolicy::default() };
        let windows = [every, daily, weekly, twice].map(|policy| minutes(policy.window()));
        assert_eq!(windows, [2 * 60 + 30, 25 * 60 + 30, 169 * 60 + 30, 97 * 60 + 30]);
        let both = SettlePolicy { daily: daily.daily, ..every };
        assert_eq!(both.window(), every.window());
        assert_eq!(minutes(SettlePolicy { wait_for_gas: true, ..every }.window()), 26 * 60 + 30);
        assert_eq!(SettlePolicy { wait_for_gas: true, ..weekly }.window(), MAX_WINDOW);
    }

    #[test]
    fn of_all_that_is_chosen_the_first_calls() {
        let policy = SettlePolicy {
            every: Some("20h".parse().unwrap()),
            daily: Some("18:00".parse().unwrap()),
            weekly: Some("fri,12:00".parse().unwrap()),
            ..SettlePolicy::default()
        };
        // 2027-01-01 is a Friday.
        assert_eq!(policy.run_after(utc("2027-01-01T10:00:00Z")), Some(utc("2027-01-01T12:00:00Z")));
        assert_eq!(policy.run_after(utc("2027-01-01T12:00:00Z")), Some(utc("2027-01-01T18:00:00Z")));
        assert_eq!(policy.run_after(utc("2027-01-01T18:00:00Z")), Some(utc("2027-01-02T14:00:00Z")));
    }

    prop_compose! {
        fn policies()(
            every in prop::option::of(1_u32..=Interval::MOST_MINUTES),
            daily in prop::option::of(0_u16..1_440),
            weekly in prop::option::of((1_u8..128, 0_u16..1_440)),
            zone in prop::sample::select(vec![
                "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
                "Africa/Casablanca", "Pacific/Apia", "America/St_Johns",
            ]),
            wait_for_gas in any::<bool>(),
        ) -> SettlePolicy {
            SettlePolicy {
                every: every.and_then(Interval::from_minutes),
                daily: daily.and_then(LocalTime::from_minutes),
                weekly: weekly.and_then(|(days, at)| {
                    Some(Weekly { days: Weekdays::from_bits(days)?, at: LocalTime::from_minutes(at)? })
                }),
                zone: zone.parse().unwrap(),
                wait_for_gas,
                ..SettlePolicy::default()
            }
        }
    }

    proptest! {
        /// I6, T09: runs come one after the other, never further apart than windows were made for.
        #[test]
        fn the_next_run_is_later_and_never_beyond_the_longest_gap(
            policy in policies(), since in 1_750_000_000_i64..2_400_000_000, later in 0_i64..2_000_000,
        ) {
            let since = DateTime::from_timestamp(since, 0).unwrap();
            let next = policy.run_after(since);
            prop_assert_eq!(next.is_some(), policy.has_times());
            if let (Some(next), Some(gap)) = (next, policy.longest_gap()) {
                prop_assert!(next > since);
                prop_assert!(next <= since + gap, "{} after {}", next - since, gap);
                let later = policy.run_after(since + TimeDelta::seconds(later)).unwrap();
                prop_assert!(later >= next, "a later start must not bring an earlier run");
            }
        }

        /// I6: whoever signs for the whole window is settled by a run, before the deadline has to call.
        #[test]
        fn a_run_comes_before_the_deadline_of_what_was_signed_for_the_window(
            policy in policies(), accepted_at in 1_750_000_000_i64..2_400_000_000,
        ) {
            let accepted_at = DateTime::from_timestamp(accepted_at, 0).unwrap();
            let end = accepted_at + TimeDelta::seconds(i64::from(policy.window().seconds()));
            let settle_by = settle_by(end.timestamp().cast_unsigned(), accepted_at);
            if let Some(run) = policy.run_after(accepted_at) {
                prop_assert!(run < settle_by);
            }
        }
    }
}

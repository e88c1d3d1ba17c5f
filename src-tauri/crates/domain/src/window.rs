use chrono::{DateTime, TimeDelta, Utc};

/// How long an authorization may wait to be settled: `maxTimeoutSeconds` on the wire.
///
/// The client signs `validBefore` = its own now plus this. The seller's schedule decides it (I6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window(u32);

/// The window while settling is manual: three days.
pub const MANUAL_WINDOW: Window = Window(72 * 3600);

/// The longest window that is ever asked of a buyer: eight days.
pub const MAX_WINDOW: Window = Window(8 * 24 * 3600);

impl Window {
    /// A window of the given seconds, at least one and at most [`MAX_WINDOW`].
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        if seconds == 0 || seconds > MAX_WINDOW.0 { None } else { Some(Self(seconds)) }
    }

    /// In seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// The least time an arriving authorization must have left to be queued. Half the window: a
    /// buyer's clock may be off, and a signed quote may have waited, but what is left must cover
    /// the wait that the schedule promises.
    pub fn least_left(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.0 / 2))
    }
}

/// The longest that a payment is ever sent ahead of its window's end.
pub const LONGEST_SEND_MARGIN: TimeDelta = TimeDelta::minutes(10);
const LEAST_SEND_MARGIN: TimeDelta = TimeDelta::seconds(30);

/// The year 9999, in Unix seconds.
const FAR_AHEAD: i64 = 253_370_764_800;

/// The end of an authorization's window, from its `validBefore` in Unix seconds. One beyond the
/// calendar counts as its end: far ahead is as good as for ever, and leaves room to subtract from.
pub fn end_of_window(valid_before: u64) -> DateTime<Utc> {
    let seconds = i64::try_from(valid_before).unwrap_or(i64::MAX).min(FAR_AHEAD);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// When a payment has to be on its way whatever else happens (I6): ahead of its window's end by a
/// tenth of what was left of it on acceptance, at least half a minute, at most
/// [`LONGEST_SEND_MARGIN`].
pub fn settle_by(valid_before: u64, accepted_at: DateTime<Utc>) -> DateTime<Utc> {
    let end = end_of_window(valid_before);
    let left = end.signed_duration_since(accepted_at);
    end - (left / 10).clamp(LEAST_SEND_MARGIN, LONGEST_SEND_MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted_at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// I6.
    #[test]
    fn a_payment_is_sent_a_tenth_of_its_window_early_within_bounds() {
        for (left, margin) in [(60, 30), (300, 30), (3_000, 300), (6_000, 600), (72 * 3_600, 600)] {
            let end = accepted_at() + TimeDelta::seconds(left);
            let settle_by = settle_by(end.timestamp().cast_unsigned(), accepted_at());
            assert_eq!(settle_by, end - TimeDelta::seconds(margin), "{left}");
        }
    }

    #[test]
    fn a_window_without_end_is_no_trouble() {
        assert!(settle_by(u64::MAX, accepted_at()) > accepted_at() + TimeDelta::days(365_000));
    }
}

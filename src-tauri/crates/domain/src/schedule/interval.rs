use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

/// A distance between runs: whole minutes, at least one, at most seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval(u32);

/// The text is no distance between runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a distance between runs; write minutes, hours or days such as 15m, 2h or 1d, at most 7d"
)]
pub struct IntervalError(String);

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

impl Interval {
    /// The longest: authorizations are good for eight days at most.
    pub const MOST_MINUTES: u32 = 7 * DAY;

    /// So many minutes.
    pub const fn from_minutes(minutes: u32) -> Option<Self> {
        if minutes == 0 || minutes > Self::MOST_MINUTES { None } else { Some(Self(minutes)) }
    }

    /// As a span of time.
    pub fn span(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.0))
    }
}

/// In the largest unit that fits: `90m`, `2h`, `1d`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            minutes if minutes % DAY == 0 => write!(f, "{}d", minutes / DAY),
            minutes if minutes % HOUR == 0 => write!(f, "{}h", minutes / HOUR),
            minutes => write!(f, "{minutes}m"),
        }
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let wrong = || IntervalError(text.chars().take(40).collect());
        let (number, unit) = match text.as_bytes().last() {
            Some(b'm') => (text.trim_end_matches('m'), 1),
            Some(b'h') => (text.trim_end_matches('h'), HOUR),
            Some(b'd') => (text.trim_end_matches('d'), DAY),
            _ => return Err(wrong()),
        };
        let digits = number.bytes().all(|byte| byte.is_ascii_digit()) && text.len() == number.len() + 1;
        let number = number.parse::<u32>().ok().filter(|_| digits);
        number.and_then(|number| number.checked_mul(unit)).and_then(Self::from_minutes).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_read_and_written_in_its_largest_unit() {
        for (text, minutes, written) in [
            ("1m", 1, "1m"),
            ("90m", 90, "90m"),
            ("120m", 120, "2h"),
            ("24h", 1_440, "1d"),
            ("7d", 10_080, "7d"),
        ] {
            let interval: Interval = text.parse().unwrap();
            assert_eq!(interval.span(), TimeDelta::minutes(minutes), "{text}");
            assert_eq!(interval.to_string(), written);
        }
        for wrong in
            ["", "m", "0m", "2", "2hh", "2 h", "-2h", "+2h", "1.5h", "8d", "169h", "99999999999h", "2s", "٢h"]
        {
            assert!(wrong.parse::<Interval>().is_err(), "{wrong:?}");
        }
    }
}

//! Times and prices of gas in words.

use alloy_primitives::U256;
use alloy_primitives::utils::format_units;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Zone;

/// A span of time, rounded down so that it is never too long: `25 minutes`, `2 hours 5 minutes`, `3 days`.
pub(crate) fn span(span: TimeDelta) -> String {
    let minutes = span.num_minutes();
    let words = |count: i64, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let (large, small) = if minutes < 60 {
        (words(minutes, "minute"), None)
    } else if minutes < 48 * 60 {
        (words(minutes / 60, "hour"), words(minutes % 60, "minute"))
    } else {
        (words(minutes / (24 * 60), "day"), words(minutes / 60 % 24, "hour"))
    };
    let parts: Vec<_> = [large, small].into_iter().flatten().collect();
    if parts.is_empty() { "a minute".to_owned() } else { parts.join(" ") }
}

/// A moment as a wall clock shows it: `2027-01-01 18:00 (Europe/Berlin)`.
pub(crate) fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    format!("{} ({zone})", zone.shown(at))
}

/// Wei per gas in gwei, without trailing zeros: `0.5`, `0`.
pub(crate) fn gwei(wei: u128) -> String {
    let text = format_units(U256::from(wei), "gwei").unwrap_or_default();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_their_two_largest_units() {
        for (minutes, words) in [
            (0, "a minute"),
            (1, "1 minute"),
            (25, "25 minutes"),
            (60, "1 hour"),
            (125, "2 hours 5 minutes"),
            (47 * 60 + 59, "47 hours 59 minutes"),
            (72 * 60, "3 days"),
            (7 * 24 * 60 + 60, "7 days 1 hour"),
        ] {
            assert_eq!(span(TimeDelta::minutes(minutes)), words);
        }
    }

    #[test]
    fn gas_is_priced_in_gwei_to_the_last_wei() {
        for (wei, words) in [(0, "0"), (1, "0.000000001"), (500_000_000, "0.5"), (30_000_000_000, "30")] {
            assert_eq!(gwei(wei), words);
        }
    }
}

//! How long things took.

use std::time::Duration;

/// Durations of one kind, in order.
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    /// Takes the durations in any order.
    pub(crate) fn new(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    /// The smallest duration that at least `percent` of a hundred do not exceed; zero when there are none.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(values: impl IntoIterator<Item = u64>) -> Latencies {
        Latencies::new(values.into_iter().map(Duration::from_millis).collect())
    }

    #[test]
    fn a_percentile_is_a_duration_that_was_measured() {
        let latencies = milliseconds((1..=200).rev());
        assert_eq!(latencies.percentile(50), Duration::from_millis(100));
        assert_eq!(latencies.percentile(99), Duration::from_millis(198));
        assert_eq!(latencies.count(), 200);
    }

    #[test]
    fn one_slow_request_in_ten_is_the_99th_percentile() {
        assert_eq!(milliseconds([1, 1, 1, 1, 1, 1, 1, 1, 1, 70]).percentile(99), Duration::from_millis(70));
    }

    #[test]
    fn nothing_took_no_time() {
        assert_eq!(milliseconds([]).percentile(99), Duration::ZERO);
    }
}

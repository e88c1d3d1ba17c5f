use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// As much of its budget as a node may be asked for at once after a pause.
const BURST: Duration = Duration::from_secs(2);

/// The longest that a call waits for its turn; after that another node does better.
const PATIENCE: Duration = Duration::from_secs(4);

/// How many calls a node may be sent in a second, so that it need not say that they are too many (T52).
///
/// What a node has to search for counts more than once.
#[derive(Debug)]
pub(crate) struct Budget {
    per_second: Option<u32>,
    /// When the calls that were let through so far would have been asked at an even pace.
    paid_until: Mutex<Option<Instant>>,
}

impl Budget {
    /// `None` is no limit.
    pub(crate) fn new(per_second: Option<u32>) -> Self {
        Self { per_second: per_second.filter(|calls| *calls > 0), paid_until: Mutex::new(None) }
    }

    pub(crate) fn per_second(&self) -> Option<u32> {
        self.per_second
    }

    /// Takes one call's share. Answers how long to wait before it is sent; `None` when that would be too
    /// long, and then nothing was taken.
    pub(crate) fn take(&self, method: &str, now: Instant) -> Option<Duration> {
        let Some(per_second) = self.per_second else { return Some(Duration::ZERO) };
        let share = Duration::from_secs(1).saturating_mul(weight(method)) / per_second;
        let mut paid_until = self.paid_until.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = paid_until.filter(|until| *until > now).unwrap_or(now);
        let ahead = begin + share - now;
        let wait = ahead.saturating_sub(BURST.max(share));
        if wait > PATIENCE {
            return None;
        }
        *paid_until = Some(begin + share);
        Some(wait)
    }

    /// Whether a call would have to wait now.
    pub(crate) fn is_used_up(&self, now: Instant) -> bool {
        let Some(per_second) = self.per_second else { return false };
        let share = Duration::from_secs(1) / per_second;
        let paid_until = *self.paid_until.lock().unwrap_or_else(PoisonError::into_inner);
        paid_until.is_some_and(|until| until + share > now + BURST.max(share))
    }
}

/// How many calls a method counts for.
fn weight(method: &str) -> u32 {
    match method {
        "eth_getLogs" => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T52: a node's own limit is not found out by running into it.
    #[test]
    fn calls_beyond_the_budget_wait_for_their_turn_and_no_longer_than_is_sensible() {
        let budget = Budget::new(Some(5));
        let now = Instant::now();
        let waits: Vec<_> = (0..31).map(|_| budget.take("eth_call", now)).collect();
        assert!(waits[..10].iter().all(|wait| *wait == Some(Duration::ZERO)), "{waits:?}");
        assert_eq!(waits[10], Some(Duration::from_millis(200)));
        assert_eq!(waits[29], Some(Duration::from_secs(4)));
        assert_eq!(waits[30], None);
        assert!(budget.is_used_up(now));
        let later = now + Duration::from_secs(60);
        assert!(!budget.is_used_up(later));
        assert_eq!(budget.take("eth_call", later), Some(Duration::ZERO));
    }

    #[test]
    fn a_search_counts_for_several_calls_and_no_limit_is_none() {
        let (budget, now) = (Budget::new(Some(1)), Instant::now());
        assert_eq!(budget.take("eth_getLogs", now), Some(Duration::ZERO));
        assert_eq!(budget.take("eth_call", now), Some(Duration::from_secs(3)));
        let free = Budget::new(None);
        assert!((0..10_000).all(|_| free.take("eth_getLogs", now) == Some(Duration::ZERO)));
    }
}

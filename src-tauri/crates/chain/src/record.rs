use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::Block;
use crate::classify::Failure;

/// How long a node is left alone after its first failure in a row; doubled with each further one.
const FIRST_REST: Duration = Duration::from_millis(500);
/// And how long at most.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// What the calls to one node have shown of it.
#[derive(Debug)]
pub(crate) struct Record {
    seen: Mutex<Seen>,
    /// Where its rests differ from those of other nodes and other programs.
    jitter: u64,
}

/// The same at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// How many calls were sent to it.
    pub(crate) calls: u64,
    /// How many of the last ones failed in a row.
    pub(crate) failures: u32,
    /// How long its answers take: the last one, smoothed by those before.
    pub(crate) latency: Option<Duration>,
    /// Its newest block, and when that was asked.
    pub(crate) head: Option<(Block, Instant)>,
    /// What went wrong last, and when.
    pub(crate) last_error: Option<(Failure, Instant)>,
    /// Until when it is left alone if another node can be asked.
    pub(crate) rests_until: Option<Instant>,
}

impl Seen {
    pub(crate) fn is_resting(&self, now: Instant) -> bool {
        self.rests_until.is_some_and(|until| now < until)
    }
}

impl Record {
    pub(crate) fn new(jitter: u64) -> Self {
        Self { seen: Mutex::default(), jitter }
    }

    pub(crate) fn seen(&self) -> Seen {
        self.lock().clone()
    }

    /// It answered, if only to refuse.
    pub(crate) fn answered(&self, took: Duration) {
        let mut seen = self.lock();
        seen.calls += 1;
        seen.failures = 0;
        seen.rests_until = None;
        seen.latency = Some(seen.latency.map_or(took, |before| (before * 3 + took) / 4));
    }

    /// It did not do what a node does. It rests, longer each time, and never as long as others do. Calls that were under
    /// way together fail together, and that counts once.
    pub(crate) fn failed(&self, failure: Failure, began: Instant, now: Instant) {
        let mut seen = self.lock();
        seen.calls += 1;
        if seen.last_error.as_ref().is_none_or(|(_, before)| *before < began) || seen.failures == 0 {
            seen.failures = seen.failures.saturating_add(1);
        }
        let doubled = FIRST_REST.saturating_mul(1 << seen.failures.saturating_sub(1).min(16));
        let longest = doubled.min(LONGEST_REST);
        seen.rests_until = Some(now + longest / 2 + longest / 2_000 * self.per_mille(seen.failures));
        seen.last_error = Some((failure, now));
    }

    pub(crate) fn saw_head(&self, head: Block, now: Instant) {
        self.lock().head = Some((head, now));
    }

    /// Somewhere between none and a thousand, elsewhere for each failure and each node.
    fn per_mille(&self, failures: u32) -> u32 {
        let mixed = (self.jitter ^ u64::from(failures).rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        u32::try_from((mixed >> 32) % 1_000).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(record: &Record, now: Instant) -> Duration {
        record.seen().rests_until.unwrap() - now
    }

    /// T52: a node in trouble is not asked in step by everybody.
    #[test]
    fn rests_grow_to_a_minute_and_differ_between_nodes() {
        let mut now = Instant::now();
        let records = [Record::new(1), Record::new(2)];
        let mut before = [Duration::ZERO; 2];
        for round in 0..40_u32 {
            now += Duration::from_millis(1);
            let rests = records.each_ref().map(|record| {
                record.failed(Failure::Away("x".to_owned()), now, now);
                rest(record, now)
            });
            let doubled = (FIRST_REST * 2_u32.pow(round.min(10))).min(LONGEST_REST);
            assert!(rests.iter().all(|rest| *rest >= doubled / 2 && *rest <= doubled), "{round}: {rests:?}");
            assert_ne!(rests[0], rests[1]);
            assert!(round > 6 || (rests[0] > before[0] / 2 && rests[1] > before[1] / 2));
            before = rests;
        }
        records[0].answered(Duration::from_millis(5));
        assert!(!records[0].seen().is_resting(now));
        assert_eq!(records[0].seen().failures, 0);
    }

    /// T52: a hiccup while many ask is one hiccup.
    #[test]
    fn calls_that_fail_together_make_one_rest_and_not_the_longest() {
        let (record, began) = (Record::new(1), Instant::now());
        for number in 0..40 {
            record.failed(Failure::Away("x".to_owned()), began, began + Duration::from_millis(number));
        }
        assert_eq!(record.seen().failures, 1);
        let now = began + Duration::from_millis(40);
        assert!(rest(&record, now) <= FIRST_REST);
        record.failed(Failure::Away("x".to_owned()), now, now);
        assert_eq!(record.seen().failures, 2);
    }

    #[test]
    fn one_slow_answer_does_not_make_a_slow_node() {
        let record = Record::new(1);
        record.answered(Duration::from_millis(100));
        record.answered(Duration::from_millis(500));
        assert_eq!(record.seen().latency, Some(Duration::from_millis(200)));
    }
}

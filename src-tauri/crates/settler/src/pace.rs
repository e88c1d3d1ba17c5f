use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, PaymentSeq};

/// When something is tried again: soon at first, then at growing distances up to a longest one.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: TimeDelta,
    longest: TimeDelta,
    wait: TimeDelta,
    next: DateTime<Utc>,
}

impl Backoff {
    /// Due at once, and `first` after the first miss.
    pub(crate) const fn new(first: TimeDelta, longest: TimeDelta, now: DateTime<Utc>) -> Self {
        Self { first, longest, wait: first, next: now }
    }

    /// Whether it is time. A clock that was set back must not stretch the wait beyond the longest.
    pub(crate) fn is_due(&self, now: DateTime<Utc>) -> bool {
        now >= self.next || self.next.signed_duration_since(now) > self.longest
    }

    pub(crate) const fn next(&self) -> DateTime<Utc> {
        self.next
    }

    /// Waits longer before the next time.
    pub(crate) fn missed(&mut self, now: DateTime<Utc>) {
        self.next = now + self.wait;
        self.wait = self.longest.min(self.wait + self.wait);
    }

    /// Begins anew: due at once.
    pub(crate) const fn restart(&mut self, now: DateTime<Utc>) {
        self.wait = self.first;
        self.next = now;
    }
}

/// Waits until the time of day has moved by `span`, or for that long, whichever comes first: a
/// clock that is set back must not stop the watching of a transaction.
pub(crate) async fn pause(clock: &dyn Clock, span: TimeDelta) {
    let at = clock.now() + span;
    tokio::select! {
        () = clock.sleep_until(at) => {}
        () = tokio::time::sleep(span.to_std().unwrap_or_default()) => {}
    }
}

const FIRST_RETRY: TimeDelta = TimeDelta::seconds(2);
const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(1);

/// Payments that came back to the queue. Without this memory an instant payment, or one at its
/// deadline, that the token will not take now would be tried again in a circle.
#[derive(Debug, Default)]
pub(crate) struct PutBack(HashMap<PaymentSeq, Backoff>);

impl PutBack {
    pub(crate) fn holds(&self, payment: PaymentSeq, now: DateTime<Utc>) -> bool {
        self.0.get(&payment).is_some_and(|backoff| !backoff.is_due(now))
    }

    /// Whether nothing came back that was not settled or closed since.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the payment came back, rested or not.
    pub(crate) fn knows(&self, payment: PaymentSeq) -> bool {
        self.0.contains_key(&payment)
    }

    pub(crate) fn put(&mut self, payment: PaymentSeq, now: DateTime<Utc>) {
        self.0.entry(payment).or_insert_with(|| Backoff::new(FIRST_RETRY, LONGEST_RETRY, now)).missed(now);
    }

    pub(crate) fn forget(&mut self, payment: PaymentSeq) {
        self.0.remove(&payment);
    }

    /// When the first of them may be tried again.
    pub(crate) fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.values().filter(|backoff| !backoff.is_due(now)).map(Backoff::next).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn waits_double_up_to_the_longest_and_begin_anew() {
        let mut backoff = Backoff::new(TimeDelta::seconds(1), TimeDelta::seconds(5), at(0));
        assert!(backoff.is_due(at(0)));
        let mut waits = Vec::new();
        for _ in 0..5 {
            backoff.missed(at(0));
            waits.push((backoff.next() - at(0)).num_seconds());
        }
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        backoff.restart(at(0));
        assert!(backoff.is_due(at(0)));
        backoff.missed(at(0));
        assert_eq!(backoff.next(), at(1));
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stretch_a_wait() {
        let mut backoff = Backoff::new(TimeDelta::seconds(1), TimeDelta::seconds(5), at(3_600));
        backoff.missed(at(3_600));
        assert!(!backoff.is_due(at(3_600)));
        assert!(backoff.is_due(at(0)));
    }

    #[test]
    fn a_payment_that_came_back_rests_before_it_is_tried_again() {
        let mut put_back = PutBack::default();
        put_back.put(PaymentSeq(1), at(0));
        assert!(put_back.holds(PaymentSeq(1), at(1)));
        assert!(!put_back.holds(PaymentSeq(2), at(1)));
        assert_eq!(put_back.next(at(1)), Some(at(2)));
        assert!(!put_back.holds(PaymentSeq(1), at(2)));
        put_back.put(PaymentSeq(1), at(2));
        assert!(put_back.holds(PaymentSeq(1), at(5)));
        put_back.forget(PaymentSeq(1));
        assert!(!put_back.holds(PaymentSeq(1), at(5)));
        assert_eq!(put_back.next(at(5)), None);
    }
}

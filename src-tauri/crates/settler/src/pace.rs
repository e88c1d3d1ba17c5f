use std::collections::{BTreeSet, HashMap};

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

/// The same after a try that cost gas: nobody must be able to make us pay for one after the other (I11).
const FIRST_DEAR_RETRY: TimeDelta = TimeDelta::seconds(90);
const LONGEST_DEAR_RETRY: TimeDelta = TimeDelta::hours(1);

/// How payments come back to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    /// To wait for whatever calls next.
    Wait,
    /// To be taken up again by themselves: they had been chosen, and it was not for them that they failed.
    Again,
    /// The same after a try that cost gas.
    Dear,
    /// To be taken up again by itself and in no company: its payer has code by now (T20, T51).
    Apart,
}

/// Payments that came back to the queue. Without this memory an instant payment, or one at its
/// deadline, that the token will not take now would be tried again in a circle; and one that had been
/// chosen before would lie there until the next time that everything is chosen.
#[derive(Debug, Default)]
pub(crate) struct PutBack(HashMap<PaymentSeq, Rest>);

#[derive(Debug)]
struct Rest {
    backoff: Backoff,
    /// When it came back the last time.
    since: DateTime<Utc>,
    /// The last try cost gas.
    dear: bool,
    /// It is to be taken up again when it has rested.
    again: bool,
    /// It goes alone.
    apart: bool,
}

impl PutBack {
    /// Whether a payment that has to be sent by then is still to rest. A rest that began before ends then: nobody dies
    /// of a long one (I6).
    pub(crate) fn holds(&self, payment: PaymentSeq, settle_by: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let rests = |rest: &Rest| !rest.backoff.is_due(now) && (settle_by <= rest.since || now < settle_by);
        self.0.get(&payment).is_some_and(rests)
    }

    /// Whether nothing came back that was not settled or closed since.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the payment is to go alone.
    pub(crate) fn is_apart(&self, payment: PaymentSeq) -> bool {
        self.0.get(&payment).is_some_and(|rest| rest.apart)
    }

    /// Whether the payment came back, rested or not.
    pub(crate) fn knows(&self, payment: PaymentSeq) -> bool {
        self.0.contains_key(&payment)
    }

    pub(crate) fn put(&mut self, payment: PaymentSeq, way: Return, now: DateTime<Utc>) {
        let dear = way == Return::Dear;
        let (first, longest) =
            if dear { (FIRST_DEAR_RETRY, LONGEST_DEAR_RETRY) } else { (FIRST_RETRY, LONGEST_RETRY) };
        let fresh = || Rest {
            backoff: Backoff::new(first, longest, now),
            since: now,
            dear,
            again: false,
            apart: false,
        };
        let rest = self.0.entry(payment).or_insert_with(fresh);
        if dear && !rest.dear {
            *rest = Rest { apart: rest.apart, ..fresh() };
        }
        rest.again |= way != Return::Wait;
        rest.apart |= way == Return::Apart;
        rest.since = now;
        rest.backoff.missed(now);
    }

    pub(crate) fn forget(&mut self, payment: PaymentSeq) {
        self.0.remove(&payment);
    }

    /// When the first of them may be tried again.
    pub(crate) fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.values().filter(|rest| !rest.backoff.is_due(now)).map(|rest| rest.backoff.next()).min()
    }

    /// Those that are to be taken up again and have rested.
    pub(crate) fn rested(&self, now: DateTime<Utc>) -> BTreeSet<PaymentSeq> {
        let rested = self.0.iter().filter(|(_, rest)| rest.again && rest.backoff.is_due(now));
        rested.map(|(payment, _)| *payment).collect()
    }

    /// Notes that these were taken up again.
    pub(crate) fn taken_up(&mut self, payments: &BTreeSet<PaymentSeq>) {
        for payment in payments {
            if let Some(rest) = self.0.get_mut(payment) {
                rest.again = false;
            }
        }
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
        put_back.put(PaymentSeq(1), Return::Wait, at(0));
        assert!(put_back.holds(PaymentSeq(1), at(9_999), at(1)));
        assert!(!put_back.holds(PaymentSeq(2), at(9_999), at(1)));
        assert_eq!(put_back.next(at(1)), Some(at(2)));
        assert!(!put_back.holds(PaymentSeq(1), at(9_999), at(2)));
        put_back.put(PaymentSeq(1), Return::Wait, at(2));
        assert!(put_back.holds(PaymentSeq(1), at(9_999), at(5)));
        put_back.forget(PaymentSeq(1));
        assert!(!put_back.holds(PaymentSeq(1), at(9_999), at(5)));
        assert_eq!(put_back.next(at(5)), None);
    }

    /// I11.
    #[test]
    fn what_cost_gas_rests_longer_and_is_taken_up_again_once() {
        let mut put_back = PutBack::default();
        put_back.put(PaymentSeq(1), Return::Wait, at(0));
        put_back.put(PaymentSeq(2), Return::Dear, at(0));
        assert!(put_back.rested(at(89)).is_empty());
        let rested = put_back.rested(at(90));
        assert_eq!(rested, BTreeSet::from([PaymentSeq(2)]), "the first was never sent");
        put_back.taken_up(&rested);
        assert!(put_back.rested(at(1_000)).is_empty());
        put_back.put(PaymentSeq(2), Return::Dear, at(90));
        assert!(put_back.rested(at(90 + 179)).is_empty());
        assert_eq!(put_back.rested(at(90 + 180)), rested);
    }
}

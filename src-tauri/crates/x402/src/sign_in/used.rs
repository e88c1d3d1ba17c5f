use std::collections::HashSet;

use alloy_primitives::hex;
use chrono::{DateTime, TimeDelta, Utc};

use super::SIGN_IN_SECONDS;

/// The nonces of sign-ins that opened something, each good for one use. A nonce is forgotten when no sign-in with it
/// could be young enough any more, so what it takes is bounded by time; a number bounds it as well.
///
/// Only sign-ins whose signature was verified and which open something belong here: then nobody who has bought nothing
/// can fill it.
#[derive(Debug)]
pub struct UsedNonces {
    most: usize,
    since: DateTime<Utc>,
    young: HashSet<[u8; 16]>,
    old: HashSet<[u8; 16]>,
}

impl UsedNonces {
    /// Empty, for at most `most` nonces within [`SIGN_IN_SECONDS`].
    pub fn new(most: usize, now: DateTime<Utc>) -> Self {
        Self { most, since: now, young: HashSet::new(), old: HashSet::new() }
    }

    /// Notes a nonce. False when it was used before, when it is none of ours, or when there is no room: then the buyer
    /// is asked to sign again.
    pub fn first_use(&mut self, nonce: &str, now: DateTime<Utc>) -> bool {
        self.forget(now);
        let mut bytes = [0; 16];
        if hex::decode_to_slice(nonce, &mut bytes).is_err() {
            return false;
        }
        !self.old.contains(&bytes) && self.young.len() < self.most && self.young.insert(bytes)
    }

    /// Two generations: what was noted in one of them is kept for as long as a challenge counts, at least.
    fn forget(&mut self, now: DateTime<Utc>) {
        let lifetime = TimeDelta::seconds(SIGN_IN_SECONDS);
        let age = now.signed_duration_since(self.since);
        if age > lifetime {
            self.old = if age > lifetime * 2 { HashSet::new() } else { std::mem::take(&mut self.young) };
            self.young.clear();
            self.since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "00000001a1b2c3d4e5f60718293a4b5c";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn nonce(number: u32) -> String {
        format!("{number:032x}")
    }

    #[test]
    fn a_nonce_is_good_for_one_use_for_as_long_as_its_challenge_counts() {
        for first in [0, 1, 299, 300] {
            let mut used = UsedNonces::new(10, at(0));
            assert!(used.first_use(NONCE, at(first)));
            for later in [0, 1, 150, 299, 300] {
                assert!(!used.first_use(NONCE, at(first + later)), "{first} + {later}");
            }
            assert!(!used.first_use(&NONCE.to_uppercase(), at(first + 300)), "the same number");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_by_time_and_by_number() {
        let mut used = UsedNonces::new(3, at(0));
        assert!((0..3).all(|number| used.first_use(&nonce(number), at(1))));
        assert!(!used.first_use(&nonce(3), at(2)), "no room");
        assert!((3..6).all(|number| used.first_use(&nonce(number), at(301))));
        assert!(!used.first_use(&nonce(0), at(301)));
        assert!(used.young.len() + used.old.len() <= 6);
        assert!(used.first_use(&nonce(9), at(10_000)));
        assert_eq!((used.young.len(), used.old.len()), (1, 0));
        for wrong in ["", "00", &NONCE[..31], "g0000001a1b2c3d4e5f60718293a4b5c"] {
            assert!(!used.first_use(wrong, at(10_000)), "{wrong:?}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let mut used = UsedNonces::new(3, at(1_000));
        assert!(used.first_use(NONCE, at(1_000)));
        assert!(!used.first_use(NONCE, at(0)));
        assert!(!used.first_use(NONCE, at(1_300)));
    }
}

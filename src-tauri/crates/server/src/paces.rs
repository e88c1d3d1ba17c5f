//! How often somebody may come.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use alloy_primitives::Address;

use crate::limits::Limits;

/// What may be saved up: whoever has not come for so long may come that much at once.
const SAVED: Duration = Duration::from_secs(60);

/// How many are remembered of each kind. Whoever is forgotten begins anew.
const MOST: usize = 16_384;

/// How often those are forgotten who have not come for a while, at most.
const SWEPT: Duration = Duration::from_secs(1);

/// As many payments as one with a bad signature counts: finding that out is the dearest that a stranger can ask for
/// without paying (T73).
const BAD_SIGNATURE: u32 = 30;

/// As many payments as one counts that a service was asked for in vain: it did its work, and nobody paid for it.
const IN_VAIN: u32 = 60;

/// The paces at which payers and addresses may come. Every one of them counts by itself.
pub(crate) struct Paces {
    payer: Pace<Address>,
    payments: Pace<IpAddr>,
    terms: Pace<IpAddr>,
    usual: Limits,
}

impl Paces {
    pub(crate) fn new(usual: Limits) -> Self {
        let paces = Self { payer: Pace::default(), payments: Pace::default(), terms: Pace::default(), usual };
        paces.follow(&[]);
        paces
    }

    /// Takes what the seller chose, and the usual where nothing was chosen; zero sets no limit.
    pub(crate) fn follow(&self, settings: &[(String, String)]) {
        let chosen = |name: &str, usual: u32| {
            let found = settings.iter().find(|(key, _)| key == name);
            found.and_then(|(_, value)| value.parse().ok()).unwrap_or(usual)
        };
        self.payer.set(chosen(Limits::OF_PAYER, self.usual.payments_of_payer_a_minute));
        self.payments.set(chosen(Limits::OF_ADDRESS, self.usual.payments_of_address_a_minute));
        self.terms.set(chosen(Limits::TERMS, self.usual.terms_of_address_a_minute));
    }

    /// One more payment that is proved to be this payer's, or how long to wait. To be asked of nobody who has not signed,
    /// so that nobody can use up another's turns.
    pub(crate) fn payer(&self, payer: Address) -> Result<(), Duration> {
        self.payer.take(payer, Instant::now())
    }

    /// What this payer asked a service for last came to nothing: it costs nothing, so it must not come often (T31).
    pub(crate) fn in_vain(&self, payer: Address) {
        self.payer.charge(payer, IN_VAIN - 1, Instant::now());
    }

    /// One more payment from an address.
    pub(crate) fn payment(&self, address: IpAddr) -> Result<(), Duration> {
        self.payments.take(place(address), Instant::now())
    }

    /// What came from there last was signed by nobody.
    pub(crate) fn bad_signature(&self, address: IpAddr) {
        self.payments.charge(place(address), BAD_SIGNATURE - 1, Instant::now());
    }

    /// One more demand that is shown to an address.
    pub(crate) fn terms(&self, address: IpAddr) -> Result<(), Duration> {
        self.terms.take(place(address), Instant::now())
    }
}

/// Whoever has one address of version 6 mostly has all of its network.
pub(crate) fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// One pace, at which everybody of a kind may come.
struct Pace<K> {
    /// How often in a minute; zero for as often as they like.
    a_minute: AtomicU32,
    seen: Mutex<Seen<K>>,
}

struct Seen<K> {
    /// When everything would be used up that each of them took, if it were used at the pace.
    busy_until: HashMap<K, Instant>,
    swept: Option<Instant>,
}

impl<K> Default for Pace<K> {
    fn default() -> Self {
        let seen = Seen { busy_until: HashMap::new(), swept: None };
        Self { a_minute: AtomicU32::new(0), seen: Mutex::new(seen) }
    }
}

impl<K: Eq + Hash> Pace<K> {
    fn set(&self, a_minute: u32) {
        self.a_minute.store(a_minute, Ordering::Relaxed);
    }

    /// How long one turn takes; none where there is no limit.
    fn turn(&self) -> Option<Duration> {
        SAVED.checked_div(self.a_minute.load(Ordering::Relaxed))
    }

    /// Takes a turn, or says how long to wait for one.
    fn take(&self, who: K, now: Instant) -> Result<(), Duration> {
        let Some(turn) = self.turn() else { return Ok(()) };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let until = seen.busy_until.get(&who).map_or(now, |until| now.max(*until)) + turn;
        let ahead = until.duration_since(now);
        if ahead > SAVED.max(turn) {
            return Err(ahead.saturating_sub(SAVED));
        }
        seen.note(who, until, now);
        Ok(())
    }

    /// Takes turns whether there are any or not; never so many that one would have to wait for longer than it takes to
    /// save all of them up.
    fn charge(&self, who: K, turns: u32, now: Instant) {
        let Some(turn) = self.turn() else { return };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let until = seen.busy_until.get(&who).map_or(now, |until| now.max(*until)) + turn * turns;
        seen.note(who, until.min(now + 2 * SAVED), now);
    }
}

impl<K: Eq + Hash> Seen<K> {
    fn note(&mut self, who: K, until: Instant, now: Instant) {
        if self.busy_until.len() >= MOST && !self.busy_until.contains_key(&who) {
            if self.swept.is_some_and(|swept| now.duration_since(swept) < SWEPT) {
                // So many come at once that they cannot all be told apart; the other limits hold still.
                return;
            }
            self.swept = Some(now);
            self.busy_until.retain(|_, until| *until > now);
            if self.busy_until.len() >= MOST {
                return;
            }
        }
        self.busy_until.insert(who, until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(a_minute: u32) -> Pace<u32> {
        let pace = Pace::default();
        pace.set(a_minute);
        pace
    }

    #[test]
    fn a_minute_of_turns_can_be_taken_at_once_and_then_they_come_at_the_pace() {
        let (pace, now) = (pace(60), Instant::now());
        assert!((0..60).all(|_| pace.take(1, now).is_ok()));
        assert_eq!(pace.take(1, now), Err(Duration::from_secs(1)));
        assert!(pace.take(2, now).is_ok(), "everybody counts by themselves");
        let later = now + Duration::from_secs(1);
        assert!(pace.take(1, later).is_ok());
        assert!(pace.take(1, later).is_err());
    }

    #[test]
    fn one_turn_in_a_minute_is_one_and_none_is_no_limit() {
        let now = Instant::now();
        let slow = pace(1);
        assert!(slow.take(1, now).is_ok());
        assert_eq!(slow.take(1, now), Err(Duration::from_secs(60)));
        let free = pace(0);
        assert!((0..1000).all(|_| free.take(1, now).is_ok()));
        assert!(free.seen.lock().unwrap().busy_until.is_empty());
    }

    #[test]
    fn what_is_charged_holds_nobody_off_for_longer_than_a_minute() {
        let (pace, now) = (pace(60), Instant::now());
        pace.charge(1, 1000, now);
        assert!(pace.take(1, now).is_err_and(|wait| wait <= Duration::from_secs(61)));
        assert!(pace.take(1, now + Duration::from_secs(62)).is_ok());
    }

    // T73
    #[test]
    fn however_many_come_the_memory_for_them_is_bounded_and_those_who_left_make_room() {
        let (pace, now) = (pace(60), Instant::now());
        for who in 0..40_000 {
            assert!(pace.take(who, now).is_ok());
        }
        assert!(pace.seen.lock().unwrap().busy_until.len() <= MOST);
        let later = now + Duration::from_secs(120);
        assert!(pace.take(50_000, later).is_ok());
        assert_eq!(pace.seen.lock().unwrap().busy_until.len(), 1);
    }

    #[test]
    fn the_addresses_of_one_network_of_version_6_are_one() {
        let place = |text: &str| super::place(text.parse().unwrap());
        assert_eq!(place("2001:db8:1:2:3::4"), place("2001:db8:1:2:9::8"));
        assert_ne!(place("2001:db8:1:2::"), place("2001:db8:1:3::"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
    }
}

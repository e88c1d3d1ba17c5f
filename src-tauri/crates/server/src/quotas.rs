//! Requests that a service answers for nothing: so many a day for each address, or for each wallet.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::EndpointId;

use crate::paces::place;

/// How many are remembered. Beyond that nothing is given to new ones: it is a gift and no right.
const MOST: usize = 65_536;

const SECONDS_A_DAY: i64 = 86_400;

/// What was given today. It is kept in memory only, so a restart begins anew and nobody's address is written down;
/// whoever has many addresses gets it for each, and those who share one share it. Wallets cost nothing, so those that come
/// from one address have together no more than ten of them would.
#[derive(Debug, Default)]
pub(crate) struct Quotas(Mutex<Today>);

#[derive(Debug, Default)]
struct Today {
    day: i64,
    given: HashMap<(EndpointId, Who), u32>,
}

/// Whose requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// Whoever asks from there.
    Address(IpAddr),
    /// Whoever signs in with it.
    Wallet(Address),
    /// All wallets that ask from there.
    Behind(IpAddr),
}

impl Who {
    /// How often as much as one has.
    const fn times(self) -> u32 {
        match self {
            Self::Address(_) | Self::Wallet(_) => 1,
            Self::Behind(_) => 10,
        }
    }
}

impl Quotas {
    /// Takes one of `most` requests that somebody has on the UTC day of `now`; false when none is left.
    pub(crate) fn take(&self, endpoint: EndpointId, who: Who, most: u32, now: DateTime<Utc>) -> bool {
        let day = now.timestamp().div_euclid(SECONDS_A_DAY);
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that is put back brings nothing back.
        if day > today.day {
            *today = Today { day, given: HashMap::new() };
        }
        let most = most.saturating_mul(who.times());
        let who = match who {
            Who::Address(address) => Who::Address(place(address)),
            Who::Behind(address) => Who::Behind(place(address)),
            Who::Wallet(_) => who,
        };
        let who = (endpoint, who);
        if today.given.len() >= MOST && !today.given.contains_key(&who) {
            return false;
        }
        let given = today.given.entry(who).or_default();
        let is_left = *given < most;
        *given += u32::from(is_left);
        is_left
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn each_address_has_so_many_a_day_and_as_many_on_the_next() {
        let quotas = Quotas::default();
        let noon = DateTime::from_timestamp(1_800_014_400, 0).unwrap();
        let (api, other) = (EndpointId::from_random([1; 16]), EndpointId::from_random([2; 16]));
        let [one, two]: [IpAddr; 2] = ["192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap()];
        let take = |endpoint, address, at| quotas.take(endpoint, Who::Address(address), 2, at);
        assert_eq!([(); 3].map(|()| take(api, one, noon)), [true, true, false]);
        assert!(take(api, two, noon) && take(other, one, noon));
        assert!(!take(api, "::ffff:192.0.2.1".parse().unwrap(), noon), "the same address");
        assert!(take(api, one, noon + TimeDelta::days(1)));
        assert!(take(api, one, noon), "of today's two, though the clock was put back");
        assert!(!take(api, one, noon));
    }

    #[test]
    fn each_wallet_has_as_many_and_those_of_one_address_no_more_than_ten_of_them() {
        let (quotas, api) = (Quotas::default(), EndpointId::from_random([1; 16]));
        let take = |who| quotas.take(api, who, 2, DateTime::UNIX_EPOCH);
        let wallet = |number| Who::Wallet(Address::repeat_byte(number));
        assert_eq!([(); 3].map(|()| take(wallet(1))), [true, true, false]);
        assert!(take(wallet(2)));
        let behind = Who::Behind("192.0.2.1".parse().unwrap());
        assert_eq!((0..30).filter(|_| take(behind)).count(), 20);
    }

    #[test]
    fn however_many_come_the_memory_for_them_is_bounded() {
        let quotas = Quotas::default();
        let api = EndpointId::from_random([1; 16]);
        let given = (0..=u32::try_from(MOST).unwrap())
            .filter(|number| {
                let address = IpAddr::from(number.to_be_bytes());
                quotas.take(api, Who::Address(address), 1, DateTime::UNIX_EPOCH)
            })
            .count();
        assert_eq!(given, MOST);
    }
}

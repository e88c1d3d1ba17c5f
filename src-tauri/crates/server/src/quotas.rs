//! Requests that a service answers for nothing: so many a day for each address, or for each wallet.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::EndpointId;

use crate::paces::place;

/// How many are remembered. Beyond that nothing is given to new ones: it is a gift and no right.
const MOST: usize = 65_536;

/// How many of them one address may fill, whoever signs in from there: it takes many addresses to fill them all.
const MOST_OF_ONE: u32 = 128;

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
    /// How many of those each address has filled.
    filled: HashMap<IpAddr, u32>,
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

    /// From where it is asked.
    const fn address(self) -> Option<IpAddr> {
        match self {
            Self::Address(address) | Self::Behind(address) => Some(address),
            Self::Wallet(_) => None,
        }
    }

    fn placed(self) -> Self {
        match self {
            Self::Address(address) => Self::Address(place(address)),
            Self::Behind(address) => Self::Behind(place(address)),
            Self::Wallet(_) => self,
        }
    }
}

/// One request that is left for somebody. Nobody else takes any meanwhile, and one that is dropped was not taken.
pub(crate) struct Left<'q> {
    today: MutexGuard<'q, Today>,
    of: Vec<(EndpointId, Who)>,
}

impl Left<'_> {
    pub(crate) fn take(self) {
        let Self { mut today, of } = self;
        let before = today.given.len();
        for who in &of {
            *today.given.entry(*who).or_default() += 1;
        }
        let new = today.given.len() - before;
        if let (Some(address), Ok(new @ 1..)) = (asked_from(&of), u32::try_from(new)) {
            *today.filled.entry(address).or_default() += new;
        }
    }
}

fn asked_from(of: &[(EndpointId, Who)]) -> Option<IpAddr> {
    of.iter().find_map(|(_, who)| who.address())
}

impl Quotas {
    /// One of `most` requests on the UTC day of `now`, if each of `all` has one left. Whoever is refused takes no place
    /// among those that are remembered.
    pub(crate) fn left(
        &self,
        endpoint: EndpointId,
        all: impl IntoIterator<Item = Who>,
        most: u32,
        now: DateTime<Utc>,
    ) -> Option<Left<'_>> {
        let day = now.timestamp().div_euclid(SECONDS_A_DAY);
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that is put back brings nothing back.
        if day > today.day {
            *today = Today { day, ..Today::default() };
        }
        let of: Vec<_> = all.into_iter().map(|who| (endpoint, who.placed())).collect();
        let given = |who| today.given.get(who).copied();
        let is_left =
            of.iter().all(|who| given(who).unwrap_or_default() < most.saturating_mul(who.1.times()));
        let new = of.iter().filter(|who| given(who).is_none()).count();
        let filled = asked_from(&of).and_then(|address| today.filled.get(&address).copied());
        let is_full = today.given.len() + new > MOST || filled.unwrap_or_default() >= MOST_OF_ONE;
        let has_room = new == 0 || !is_full;
        (is_left && has_room).then_some(Left { today, of })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn take<const N: usize>(quotas: &Quotas, endpoint: EndpointId, all: [Who; N], most: u32) -> bool {
        quotas.left(endpoint, all, most, DateTime::UNIX_EPOCH).map(Left::take).is_some()
    }

    #[test]
    fn each_address_has_so_many_a_day_and_as_many_on_the_next() {
        let quotas = Quotas::default();
        let noon = DateTime::from_timestamp(1_800_014_400, 0).unwrap();
        let (api, other) = (EndpointId::from_random([1; 16]), EndpointId::from_random([2; 16]));
        let [one, two]: [IpAddr; 2] = ["192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap()];
        let take = |endpoint, address, at| {
            quotas.left(endpoint, [Who::Address(address)], 2, at).map(Left::take).is_some()
        };
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
        let take = |who| take(&quotas, api, [who], 2);
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
                take(&quotas, api, [Who::Address(address)], 1)
            })
            .count();
        assert_eq!(given, MOST);
    }

    // I15
    #[test]
    fn one_address_with_ever_new_wallets_leaves_room_for_everybody_else() {
        let (quotas, api) = (Quotas::default(), EndpointId::from_random([1; 16]));
        let ask = |number: u32, behind: &str| {
            let wallet = Address::left_padding_from(&number.to_be_bytes());
            take(&quotas, api, [Who::Wallet(wallet), Who::Behind(behind.parse().unwrap())], 2)
        };
        let many = u32::try_from(MOST).unwrap() + 5;
        assert_eq!((0..many).filter(|number| ask(*number, "192.0.2.1")).count(), 20);
        assert_eq!(quotas.0.lock().unwrap().given.len(), 21, "twenty wallets and their address");
        assert!(ask(many, "192.0.2.2"));
        // Who was refused for where they asked from has lost nothing.
        assert_eq!([(); 3].map(|()| ask(many - 1, "192.0.2.3")), [true, true, false]);
    }

    // I15
    #[test]
    fn however_much_is_given_away_one_address_fills_few_of_the_places() {
        let (quotas, api) = (Quotas::default(), EndpointId::from_random([1; 16]));
        let ask = |number: u32, behind: &str| {
            let wallet = Address::left_padding_from(&number.to_be_bytes());
            take(&quotas, api, [Who::Wallet(wallet), Who::Behind(behind.parse().unwrap())], 10_000)
        };
        let given = (0..u32::try_from(MOST).unwrap()).filter(|number| ask(*number, "192.0.2.1")).count();
        assert!(given <= usize::try_from(MOST_OF_ONE).unwrap(), "{given}");
        assert!(ask(0, "192.0.2.1"), "who has a place keeps it");
        assert!(ask(u32::MAX, "192.0.2.2"), "and others have theirs");
    }

    #[test]
    fn what_is_left_and_not_taken_is_left_still() {
        let (quotas, api) = (Quotas::default(), EndpointId::from_random([1; 16]));
        let wallet = [Who::Wallet(Address::repeat_byte(1))];
        for _ in 0..3 {
            assert!(quotas.left(api, wallet, 1, DateTime::UNIX_EPOCH).is_some());
        }
        assert!(quotas.0.lock().unwrap().given.is_empty());
        assert_eq!([(); 2].map(|()| take(&quotas, api, wallet, 1)), [true, false]);
    }
}

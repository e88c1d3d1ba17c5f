//! Who visits the stall, what they have, and what they saw.

use alloy_primitives::{Address, B256, keccak256};
use integration::{Authorization, Buyer, Signed, Terms, Version};

use crate::schedule::{Goods, HONEST, PEOPLE};

/// What each of them has at first: enough for some purchases, not for all that the impatient sign.
const UNITS: u64 = 1_000_000;
/// An honest one has more than a schedule can spend.
const PLENTY: u64 = 100_000_000;

/// Everybody, with keys and nonces that come again with the same seed.
pub(crate) struct People {
    seed: u64,
    buyers: Vec<Buyer>,
    nonces: u64,
}

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Nothing that anybody heard: the engine died, or the connection broke.
    Lost,
    /// An answer.
    With {
        /// The status.
        status: u16,
        /// Whether the body is exactly what is sold there.
        goods: bool,
        /// The id of the payment that the receipt names.
        payment: Option<String>,
        /// The error code, or nothing.
        code: String,
    },
}

/// A request with a payment, and what the one who sent it knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) what: usize,
    pub(crate) signed: Signed,
    /// Whether it is what the terms asked for, for what they asked it for.
    pub(crate) fair: bool,
    /// Unix milliseconds of the simulated clock.
    pub(crate) began: i64,
    pub(crate) answered: Answered,
}

impl People {
    /// The people of a schedule.
    pub(crate) fn of(seed: u64) -> Self {
        let key = |who: usize| Buyer::with_key(hash(seed, "key", who as u64));
        Self { seed, buyers: (0..PEOPLE).map(key).collect(), nonces: 0 }
    }

    pub(crate) fn buyer(&self, who: usize) -> &Buyer {
        &self.buyers[who]
    }

    /// What each of them has at first.
    pub(crate) fn purses(&self) -> Vec<(Address, u64)> {
        let purse = |who: usize| if who < HONEST { PLENTY } else { UNITS };
        self.buyers.iter().enumerate().map(|(who, buyer)| (buyer.address(), purse(who))).collect()
    }

    /// Who has this address.
    pub(crate) fn who(&self, address: Address) -> Option<usize> {
        self.buyers.iter().position(|buyer| buyer.address() == address)
    }

    /// Where the money goes, at first and after so many changes.
    pub(crate) fn pay_to(&self, changes: u64) -> Address {
        Address::from_word(hash(self.seed, "payout", changes))
    }

    /// An authorization that pays the terms, not signed yet.
    pub(crate) fn authorization(&mut self, who: usize, terms: &Terms, now: u64) -> Authorization {
        self.nonces += 1;
        Authorization {
            from: self.buyers[who].address(),
            to: terms.pay_to,
            value: terms.amount,
            valid_after: 0,
            valid_before: now + terms.window,
            nonce: hash(self.seed, "nonce", self.nonces),
        }
    }
}

/// The two versions in turn.
pub(crate) fn version(number: usize) -> Version {
    if number.is_multiple_of(2) { Version::Two } else { Version::One }
}

/// What is sold under a path.
pub(crate) fn content(goods: &Goods) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(goods.bytes + 32);
    let mut word = keccak256(goods.path);
    while bytes.len() < goods.bytes {
        bytes.extend_from_slice(word.as_slice());
        word = keccak256(word);
    }
    bytes.truncate(goods.bytes);
    bytes
}

fn hash(seed: u64, what: &str, number: u64) -> B256 {
    keccak256([seed.to_be_bytes().as_slice(), what.as_bytes(), &number.to_be_bytes()].concat())
}

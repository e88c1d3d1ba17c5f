//! How much goes into one transaction after one ran dry.

/// How many times the usual gas a single payment is given at most.
const MOST_GENEROUS: u64 = 8;

/// How many transactions in a row do all their work before the next carries more.
const GOOD_ONES: u32 = 5;

/// How many payments one transaction of an asset carries, and how much gas. After one that ran out of
/// gas, or did a part of its work, half as many; and after one with a single payment twice the gas
/// (T49). After some that did all their work it grows again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Appetite {
    most: usize,
    generosity: u64,
    good: u32,
}

impl Appetite {
    /// As much as the network allows.
    pub(crate) const fn new(most: usize) -> Self {
        Self { most, generosity: 1, good: 0 }
    }

    /// The most payments of one transaction.
    pub(crate) const fn most(self) -> usize {
        self.most
    }

    /// The gas limit of a transaction with that many payments.
    pub(crate) fn gas_limit(self, payments: usize) -> u64 {
        let generosity = if payments <= 1 { self.generosity } else { 1 };
        chain::gas_limit(payments).saturating_mul(generosity)
    }

    /// A transaction with that many payments left some of them undone.
    pub(crate) fn ran_dry(&mut self, payments: usize) {
        self.good = 0;
        if payments > 1 {
            self.most = self.most.min(payments / 2).max(1);
        } else {
            self.generosity = MOST_GENEROUS.min(self.generosity.saturating_mul(2));
        }
    }

    /// A transaction did all its work on a network that allows `most`.
    pub(crate) fn went_well(&mut self, most: usize) {
        self.good = self.good.saturating_add(1);
        if self.good < GOOD_ONES {
            return;
        }
        self.good = 0;
        self.most = most.min(self.most.saturating_mul(2));
        self.generosity = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T49: it comes down to single payments and their gas, and back to what is usual.
    #[test]
    fn every_transaction_that_ran_dry_halves_the_next_and_some_good_ones_double_it() {
        let mut appetite = Appetite::new(250);
        let mut shares = Vec::new();
        for _ in 0..9 {
            shares.push(appetite.most());
            appetite.ran_dry(appetite.most());
        }
        assert_eq!(shares, [250, 125, 62, 31, 15, 7, 3, 1, 1]);
        assert_eq!(appetite.gas_limit(1), chain::gas_limit(1) * 4);
        assert_eq!(appetite.gas_limit(2), chain::gas_limit(2));
        appetite.ran_dry(1);
        appetite.ran_dry(1);
        assert_eq!(appetite.gas_limit(1), chain::gas_limit(1) * 8);
        for _ in 0..9 * GOOD_ONES {
            appetite.went_well(250);
        }
        assert_eq!(appetite, Appetite::new(250));
    }

    #[test]
    fn a_small_transaction_that_ran_dry_says_nothing_good_about_larger_ones() {
        let mut appetite = Appetite::new(10);
        appetite.ran_dry(250);
        assert_eq!(appetite.most(), 10);
        appetite.ran_dry(4);
        assert_eq!(appetite.most(), 2);
    }
}

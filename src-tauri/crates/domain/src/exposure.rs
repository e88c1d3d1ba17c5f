//! How much a seller gives before its money has arrived (I5, T05). Exposure is value that is
//! delivered, or about to be, and not settled; an instant sale never has any.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Amount, Environment, PayerStanding};

/// The decimal places that caps are counted in: millionths of a token, whichever token it is.
pub const CAP_DECIMALS: u8 = 6;

/// The bounds of what is given before its money has arrived. A bound that is missing does not bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExposurePolicy {
    /// The price above which a sale is always instant.
    pub per_sale: Option<Amount>,
    /// One payer, on all networks.
    pub per_payer: Option<Amount>,
    /// One payer who has not yet had a payment settled.
    pub per_new_payer: Option<Amount>,
    /// All payers of one network.
    pub per_network: Option<Amount>,
    /// All payers of the stall.
    pub total: Option<Amount>,
    /// The longest that anything may stay unsettled before new sales on its network are bounded, and
    /// after which it is settled whatever the schedule says.
    pub oldest: Option<TimeDelta>,
    /// What becomes of a sale that would pass a bound.
    pub beyond: Beyond,
}

/// What becomes of a sale that would pass a cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// It is settled first and delivered then.
    #[default]
    Instant,
    /// It is refused.
    Refuse,
}

/// A bound that a sale would pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cap {
    /// Of one payer.
    Payer,
    /// Of one payer who is new.
    NewPayer,
    /// Of one network.
    Network,
    /// Of the whole stall.
    Total,
    /// Of age.
    Oldest,
}

/// How exposed the stall is before a sale, in millionths of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// By the payer, on all networks.
    pub payer: Amount,
    /// Whether a payment of the payer has settled before.
    pub payer_has_settled: bool,
    /// On the sale's network.
    pub network: Amount,
    /// In all.
    pub total: Amount,
    /// Since when the oldest of the network waits.
    pub oldest: Option<DateTime<Utc>>,
}

/// How a sale is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Delivered now, settled later.
    Batched,
    /// Settled first.
    Instant,
    /// Not made, because a cap would be passed.
    Refused(Cap),
    /// Not made, because the payer is blocked.
    Blocked,
}

impl ExposurePolicy {
    /// What holds where the seller has chosen nothing: practice money needs no bounds, and elsewhere a
    /// stranger's word is good for the price of a coffee.
    pub const fn default_for(environment: Environment) -> Self {
        const fn tokens(whole: u64) -> Option<Amount> {
            match Amount::from_atomic(whole * 1_000_000) {
                Ok(amount) => Some(amount),
                Err(_) => None,
            }
        }
        match environment {
            Environment::Practice => Self {
                per_sale: None,
                per_payer: None,
                per_new_payer: None,
                per_network: None,
                total: None,
                oldest: None,
                beyond: Beyond::Instant,
            },
            Environment::Test | Environment::Live => Self {
                per_sale: tokens(10),
                per_payer: tokens(20),
                per_new_payer: tokens(5),
                per_network: tokens(200),
                total: tokens(500),
                oldest: None,
                beyond: Beyond::Instant,
            },
        }
    }

    /// How a batched sale of `price` is made.
    pub fn admit(
        &self,
        standing: PayerStanding,
        exposed: &Exposed,
        price: Amount,
        now: DateTime<Utc>,
    ) -> Admission {
        match standing {
            PayerStanding::Blocked => return Admission::Blocked,
            PayerStanding::InstantOnly => return Admission::Instant,
            PayerStanding::Normal if is_passed(self.per_sale, Amount::ZERO, price) => {
                return Admission::Instant;
            }
            PayerStanding::Normal | PayerStanding::Trusted => {}
        }
        match (self.passed(standing, exposed, price, now), self.beyond) {
            (None, _) => Admission::Batched,
            (Some(_), Beyond::Instant) => Admission::Instant,
            (Some(cap), Beyond::Refuse) => Admission::Refused(cap),
        }
    }

    /// The first cap that a sale of `price` would pass.
    fn passed(
        &self,
        standing: PayerStanding,
        exposed: &Exposed,
        price: Amount,
        now: DateTime<Utc>,
    ) -> Option<Cap> {
        let is_bound = standing != PayerStanding::Trusted;
        let is_new = is_bound && !exposed.payer_has_settled;
        let age = exposed.oldest.map(|oldest| now.signed_duration_since(oldest));
        [
            (Cap::NewPayer, is_new && is_passed(self.per_new_payer, exposed.payer, price)),
            (Cap::Payer, is_bound && is_passed(self.per_payer, exposed.payer, price)),
            (Cap::Network, is_passed(self.per_network, exposed.network, price)),
            // What cannot be added up any more is bounded without a cap (T68).
            (Cap::Total, is_passed(self.total.or(Some(Amount::MAX)), exposed.total, price)),
            (Cap::Oldest, self.oldest.zip(age).is_some_and(|(cap, age)| age > cap)),
        ]
        .into_iter()
        .find_map(|(cap, passed)| passed.then_some(cap))
    }
}

fn is_passed(cap: Option<Amount>, exposed: Amount, price: Amount) -> bool {
    cap.is_some_and(|cap| exposed.checked_add(price).is_none_or(|sum| sum > cap))
}

/// What an amount of a token with the given decimal places counts as against a cap, rounded up.
pub fn in_millionths(amount: Amount, decimals: u8) -> Amount {
    let units = u128::from(amount.atomic());
    let counted = if decimals > CAP_DECIMALS {
        10_u128.checked_pow(u32::from(decimals - CAP_DECIMALS)).map_or(1, |one| units.div_ceil(one))
    } else {
        units.saturating_mul(10_u128.pow(u32::from(CAP_DECIMALS - decimals)))
    };
    u64::try_from(counted).ok().and_then(|units| Amount::from_atomic(units).ok()).unwrap_or(Amount::MAX)
}

impl Beyond {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names nothing that could become of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sale beyond a cap is either instant or refuse")]
pub struct UnknownBeyond;

impl FromStr for Beyond {
    type Err = UnknownBeyond;

    fn from_str(text: &str) -> Result<Self, UnknownBeyond> {
        [Self::Instant, Self::Refuse].into_iter().find(|word| word.as_str() == text).ok_or(UnknownBeyond)
    }
}

impl Cap {
    /// The word in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::NewPayer => "new_payer",
            Self::Network => "network",
            Self::Total => "total",
            Self::Oldest => "oldest",
        }
    }

    /// One sentence for the buyer whose payment is refused for it.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Payer | Self::NewPayer => {
                "Earlier payments of this wallet have to settle before the seller takes another. Nothing was charged."
            }
            Self::Network | Self::Total | Self::Oldest => {
                "The seller has to settle earlier payments before taking another. Nothing was charged."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(units: u64) -> Amount {
        Amount::from_atomic(units).unwrap()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn nothing() -> Exposed {
        let zero = Amount::ZERO;
        Exposed { payer: zero, payer_has_settled: true, network: zero, total: zero, oldest: None }
    }

    fn policy() -> ExposurePolicy {
        ExposurePolicy {
            per_sale: Some(amount(50)),
            per_payer: Some(amount(100)),
            per_new_payer: Some(amount(20)),
            per_network: Some(amount(1_000)),
            total: Some(amount(1_500)),
            oldest: Some(TimeDelta::hours(24)),
            beyond: Beyond::Refuse,
        }
    }

    /// I5: what fits a cap to the last unit passes, one more does not.
    #[test]
    fn each_cap_holds_to_the_last_unit() {
        let at =
            |exposed: Exposed, price| policy().admit(PayerStanding::Normal, &exposed, amount(price), now());
        for (cap, room, exposed) in [
            (Cap::Payer, 10, Exposed { payer: amount(90), ..nothing() }),
            (Cap::NewPayer, 5, Exposed { payer: amount(15), payer_has_settled: false, ..nothing() }),
            (Cap::Network, 7, Exposed { network: amount(993), ..nothing() }),
            (Cap::Total, 3, Exposed { total: amount(1_497), ..nothing() }),
        ] {
            assert_eq!(at(exposed, room), Admission::Batched, "{cap:?}");
            assert_eq!(at(exposed, room + 1), Admission::Refused(cap));
        }
        let waits = |hours| Exposed { oldest: Some(now() - TimeDelta::hours(hours)), ..nothing() };
        assert_eq!(at(waits(24), 1), Admission::Batched);
        assert_eq!(at(waits(25), 1), Admission::Refused(Cap::Oldest));
        assert_eq!(at(nothing(), 50), Admission::Batched);
        assert_eq!(at(nothing(), 51), Admission::Instant);
    }

    /// T68.
    #[test]
    fn what_can_no_longer_be_added_up_is_bounded_also_without_caps() {
        let full = Exposed { total: Amount::MAX, ..nothing() };
        let admitted = ExposurePolicy::default().admit(PayerStanding::Normal, &full, amount(1), now());
        assert_eq!(admitted, Admission::Instant);
    }

    #[test]
    fn the_seller_says_whether_a_sale_beyond_a_cap_is_instant_or_refused() {
        let full = Exposed { total: amount(1_500), ..nothing() };
        let instant = ExposurePolicy { beyond: Beyond::Instant, ..policy() };
        let admitted = |policy: ExposurePolicy| policy.admit(PayerStanding::Normal, &full, amount(1), now());
        assert_eq!(admitted(policy()), Admission::Refused(Cap::Total));
        assert_eq!(admitted(instant), Admission::Instant);
    }

    #[test]
    fn standing_comes_before_caps_and_trust_lifts_only_those_of_one_payer() {
        let used_up = Exposed { payer: amount(100), payer_has_settled: false, ..nothing() };
        let full = Exposed { total: amount(1_500), ..nothing() };
        let at = |standing, exposed| policy().admit(standing, &exposed, amount(60), now());
        assert_eq!(at(PayerStanding::Trusted, used_up), Admission::Batched);
        assert_eq!(at(PayerStanding::Trusted, full), Admission::Refused(Cap::Total));
        assert_eq!(at(PayerStanding::InstantOnly, full), Admission::Instant);
        assert_eq!(at(PayerStanding::Blocked, nothing()), Admission::Blocked);
        for standing in PayerStanding::ALL {
            assert_eq!(standing.as_str().parse(), Ok(standing));
        }
    }

    #[test]
    fn practice_is_without_bounds_and_real_money_is_not() {
        let unbounded = ExposurePolicy::default_for(Environment::Practice);
        assert_eq!(unbounded, ExposurePolicy::default());
        let live = ExposurePolicy::default_for(Environment::Live);
        assert!(live.per_new_payer < live.per_payer && live.per_payer < live.per_network);
        assert!(live.per_new_payer.is_some() && live.per_network < live.total);
    }

    #[test]
    fn every_token_counts_in_millionths_and_never_for_less_than_it_is() {
        assert_eq!(in_millionths(amount(50_000), 6), amount(50_000));
        assert_eq!(in_millionths(amount(5), 2), amount(50_000));
        assert_eq!(in_millionths(amount(1), 18), amount(1));
        assert_eq!(in_millionths(amount(1_000_000_000_001), 18), amount(2));
        assert_eq!(in_millionths(Amount::MAX, 0), Amount::MAX);
    }

    proptest! {
        /// I5: whatever came before, a batched sale leaves every cap unpassed.
        #[test]
        fn nothing_that_is_admitted_passes_a_cap(
            payer in 0_u64..200, network in 0_u64..1_200, total in 0_u64..2_000, price in 1_u64..100, settled: bool,
        ) {
            let exposed = Exposed {
                payer: amount(payer), payer_has_settled: settled, network: amount(network), total: amount(total),
                oldest: None,
            };
            if policy().admit(PayerStanding::Normal, &exposed, amount(price), now()) == Admission::Batched {
                let of_one = if settled { 100 } else { 20 };
                prop_assert!(price <= 50 && payer + price <= of_one);
                prop_assert!(network + price <= 1_000 && total + price <= 1_500);
            }
        }
    }
}

use domain::PaymentSeq;
use store::OpenPayment;

/// What the planner has to know of a queued payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) seq: PaymentSeq,
    /// Unix seconds; valid strictly after.
    pub(crate) valid_after: u64,
    /// Unix seconds; valid strictly before.
    pub(crate) valid_before: u64,
    /// Its payer has code, which would run among the others and could use up their gas (T51).
    pub(crate) apart: bool,
}

impl From<&OpenPayment> for Candidate {
    fn from(payment: &OpenPayment) -> Self {
        Self {
            seq: payment.seq,
            valid_after: payment.authorization.valid_after,
            valid_before: payment.authorization.valid_before,
            apart: payment.signature.is_of_code(),
        }
    }
}

/// Two clocks, in Unix seconds. They may disagree by minutes (T10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    /// The newest block's.
    pub(crate) chain: u64,
    /// This computer's.
    pub(crate) local: u64,
}

impl Times {
    /// Whether a payment's window has opened. The later clock decides: the newest block may be old,
    /// and a payment that the token finds too early only goes back to the queue.
    pub(crate) fn has_begun(self, valid_after: u64) -> bool {
        valid_after < self.chain.max(self.local)
    }

    /// Whether the chain says that a payment's window has closed. A wrong clock of this computer
    /// must not give up good money.
    pub(crate) const fn is_past(self, valid_before: u64) -> bool {
        valid_before <= self.chain
    }
}

/// The most payments that one transaction carries on a network with the given gas cap.
pub fn most_per_transaction(gas_cap: u64) -> usize {
    let fitting = (1..=chain::MAX_PAYMENTS_PER_TRANSACTION).take_while(|n| chain::gas_limit(*n) <= gas_cap);
    fitting.last().unwrap_or(1)
}

/// What to do with the queued payments now. Every payment stands in exactly one of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// One batch, and so one transaction, each; the earliest deadlines first.
    pub(crate) transactions: Vec<Vec<PaymentSeq>>,
    /// Must not be sent yet.
    pub(crate) early: Vec<PaymentSeq>,
    /// Past their window: only evidence can decide them.
    pub(crate) past: Vec<PaymentSeq>,
}

/// Spreads payments over transactions: a direct call for one or two, and for each whose payer has code;
/// otherwise as many together as `most` allows (I10).
pub(crate) fn plan(payments: impl IntoIterator<Item = Candidate>, times: Times, most: usize) -> Plan {
    let mut plan = Plan::default();
    let mut now = Vec::new();
    for payment in payments {
        if times.is_past(payment.valid_before) {
            plan.past.push(payment.seq);
        } else if times.has_begun(payment.valid_after) {
            now.push(payment);
        } else {
            plan.early.push(payment.seq);
        }
    }
    now.sort_by_key(|payment| (payment.valid_before, payment.seq));
    let (apart, together): (Vec<_>, Vec<_>) = now.into_iter().partition(|payment| payment.apart);
    let mut transactions: Vec<_> = apart.into_iter().map(|payment| vec![payment]).collect();
    let mut rest = together.as_slice();
    while !rest.is_empty() {
        let (taken, left) = rest.split_at(next_share(rest.len(), most));
        transactions.push(taken.to_vec());
        rest = left;
    }
    transactions.sort_by_key(|payments| payments.first().map(|first| (first.valid_before, first.seq)));
    let numbers = |payments: Vec<Candidate>| payments.into_iter().map(|payment| payment.seq).collect();
    plan.transactions = transactions.into_iter().map(numbers).collect();
    plan
}

/// How many of `left` payments the next transaction takes.
const fn next_share(left: usize, most: usize) -> usize {
    if left <= 2 || most <= 2 {
        1
    } else if left <= most {
        left
    } else if left - most == 2 && most > 3 {
        // Three in the last transaction instead of two transactions with one each.
        most - 1
    } else {
        most
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Times = Times { chain: 1_000, local: 1_000 };

    fn open(count: i64) -> Vec<Candidate> {
        (0..count)
            .map(|seq| Candidate { seq: PaymentSeq(seq), valid_after: 0, valid_before: 5_000, apart: false })
            .collect()
    }

    fn shares(count: i64, most: usize) -> Vec<usize> {
        plan(open(count), NOW, most).transactions.iter().map(Vec::len).collect()
    }

    #[test]
    fn one_or_two_payments_go_directly_and_more_go_together() {
        assert_eq!(shares(0, 250), Vec::<usize>::new());
        assert_eq!(shares(1, 250), [1]);
        assert_eq!(shares(2, 250), [1, 1]);
        assert_eq!(shares(3, 250), [3]);
        assert_eq!(shares(250, 250), [250]);
        assert_eq!(shares(251, 250), [250, 1]);
        assert_eq!(shares(252, 250), [249, 3]);
        assert_eq!(shares(10_000, 250), vec![250; 40]);
    }

    /// T50.
    #[test]
    fn a_transaction_never_asks_for_more_gas_than_its_network_allows() {
        assert_eq!(most_per_transaction(1 << 24), 250);
        assert_eq!(most_per_transaction(chain::gas_limit(40)), 40);
        assert_eq!(most_per_transaction(chain::gas_limit(41) - 1), 40);
        assert_eq!(most_per_transaction(0), 1);
    }

    /// T51.
    #[test]
    fn whoever_has_code_goes_alone_in_the_order_of_deadlines() {
        let mut payments = open(5);
        payments[1] = Candidate { apart: true, valid_before: 4_000, ..payments[1] };
        payments[3].apart = true;
        let of = |seqs: &[i64]| seqs.iter().copied().map(PaymentSeq).collect::<Vec<_>>();
        assert_eq!(plan(payments, NOW, 250).transactions, [of(&[1]), of(&[0, 2, 4]), of(&[3])]);
    }

    #[test]
    fn the_chains_clock_alone_closes_a_window_and_the_later_clock_opens_it() {
        let payment = Candidate { seq: PaymentSeq(1), valid_after: 900, valid_before: 1_500, apart: false };
        let at = |chain, local| plan([payment], Times { chain, local }, 250);
        assert_eq!(at(100, 900).early, [PaymentSeq(1)]);
        assert_eq!(at(100, 901).transactions, [[PaymentSeq(1)]]);
        assert_eq!(at(901, 100).transactions, [[PaymentSeq(1)]]);
        assert_eq!(at(1_499, 9_999).transactions, [[PaymentSeq(1)]]);
        assert_eq!(at(1_500, 100).past, [PaymentSeq(1)]);
    }

    proptest! {
        #[test]
        fn every_payment_is_planned_exactly_once_in_order_of_its_deadline(
            windows in prop::collection::vec((0_u64..2_000, 0_u64..3_000, prop::bool::weighted(0.05)), 0..900),
            most in 1_usize..=250,
            chain in 0_u64..2_000,
            local in 0_u64..2_000,
        ) {
            let times = Times { chain, local };
            let payments = windows.iter().zip(0_i64..).map(|((after, before, apart), seq)| Candidate {
                seq: PaymentSeq(seq), valid_after: *after, valid_before: *before, apart: *apart,
            }).collect::<Vec<_>>();
            let plan = plan(payments.iter().copied(), times, most);
            let of = |seq: &PaymentSeq| payments[usize::try_from(seq.0).unwrap()];

            let mut seen = plan.transactions.iter().flatten().chain(&plan.early).chain(&plan.past)
                .copied().collect::<Vec<_>>();
            seen.sort();
            prop_assert_eq!(seen, payments.iter().map(|payment| payment.seq).collect::<Vec<_>>());

            // The first of each transaction is the earliest of it, and none waits behind one that is later.
            let first = plan.transactions.iter().map(|payments| of(&payments[0]).valid_before).collect::<Vec<_>>();
            prop_assert!(first.is_sorted());
            for payments in &plan.transactions {
                prop_assert!(payments.iter().map(|seq| of(seq).valid_before).is_sorted());
            }
            let deadlines = plan.transactions.iter().flatten().map(|seq| of(seq).valid_before).collect::<Vec<_>>();
            prop_assert!(deadlines.iter().all(|deadline| !times.is_past(*deadline)));
            prop_assert!(plan.transactions.iter().flatten().all(|seq| times.has_begun(of(seq).valid_after)));
            prop_assert!(plan.past.iter().all(|seq| times.is_past(of(seq).valid_before)));

            prop_assert!(plan.transactions.iter().all(|payments| payments.len() <= most));
            prop_assert!(plan.transactions.iter().all(|payments| payments.len() != 2));
            let joined = plan.transactions.iter().filter(|payments| payments.len() > 1).flatten();
            prop_assert!(joined.clone().all(|seq| !of(seq).apart), "code runs among others");
            prop_assert!(plan.transactions.iter().all(|payments| !payments.is_empty()));
        }
    }
}

//! I8: whatever happens in whatever order, every payment is in exactly one state, takes only steps
//! that exist, and everything else that is kept agrees with the payments' own rows.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::Address;
use domain::{BatchId, Delivery, FailureReason, Mode, Outcome, PaymentSeq, PaymentState};
use futures::future::join_all;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

use super::fixture::{BLOCK, PRICE, Stall, after, amount, evidence, hash, mined, new_attempt, payer};
use crate::{Acceptance, Accepted, GiveUp, Look, StoreError};

/// How many payers there are.
const PAYERS: u64 = 4;

/// A request: payer, nonce, whether for the guide, balance in songs, how many blocks the node that told the balance lags
/// behind, and whether it is settled before it is delivered.
type Request = (u64, u64, bool, u64, u64, bool);

#[derive(Clone, Debug)]
enum Step {
    /// Requests that arrive together.
    Accept(Vec<Request>),
    OpenBatch {
        skip: usize,
        take: usize,
    },
    SaveAttempt {
        batch: usize,
    },
    /// The outcomes of a batch's first pending payments, in a new block or the newest one.
    Record {
        batch: usize,
        outcomes: Vec<Kind>,
        new_block: bool,
    },
    RepeatVerdict {
        batch: usize,
        outcome: Kind,
    },
    TakeBack {
        depth: u64,
    },
    Finalise {
        depth: u64,
    },
    Void {
        payment: usize,
    },
    Deliver {
        payment: usize,
        delivery: Delivery,
    },
    GiveUp {
        payment: usize,
    },
    /// What waits is not worth its gas.
    WriteOff {
        skip: usize,
        take: usize,
    },
    TakeUpAgain {
        payment: usize,
    },
    /// What a look at a payment that nobody waits for shows.
    Look {
        payment: usize,
        shown: Kind,
        retry: bool,
    },
    /// A part of a payment is given back.
    Refund {
        payment: usize,
        amount: u64,
        transfer: u64,
    },
    Restart,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Settled,
    Elsewhere,
    Cancelled,
    Diverted,
    Expired,
    Failed,
    Passing,
    Unknown,
}

impl Kind {
    fn outcome(self, block: u64) -> Outcome {
        match self {
            Self::Settled => Outcome::Settled(evidence(block)),
            Self::Elsewhere => Outcome::SettledElsewhere(evidence(block)),
            Self::Cancelled => Outcome::Cancelled(evidence(block)),
            Self::Diverted => Outcome::Diverted(evidence(block)),
            Self::Expired => Outcome::Expired,
            Self::Failed => Outcome::Failed(FailureReason::Underfunded),
            Self::Passing => Outcome::Failed(FailureReason::Paused),
            Self::Unknown => Outcome::Unknown,
        }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        5 => Just(Kind::Settled),
        2 => Just(Kind::Elsewhere),
        1 => Just(Kind::Cancelled),
        1 => Just(Kind::Diverted),
        1 => Just(Kind::Expired),
        1 => Just(Kind::Failed),
        1 => Just(Kind::Passing),
        1 => Just(Kind::Unknown),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let request = (0..PAYERS, 0..12_u64, any::<bool>(), 0..8_u64, 0..4_u64, any::<bool>());
    let delivery =
        prop_oneof![Just(Delivery::Streaming), Just(Delivery::Interrupted), Just(Delivery::Delivered)];
    prop_oneof![
        8 => vec(request, 1..8).prop_map(Step::Accept),
        5 => (0..3_usize, 1..6_usize).prop_map(|(skip, take)| Step::OpenBatch { skip, take }),
        3 => (0..4_usize).prop_map(|batch| Step::SaveAttempt { batch }),
        8 => (0..4_usize, vec(kind(), 0..6), any::<bool>())
            .prop_map(|(batch, outcomes, new_block)| Step::Record { batch, outcomes, new_block }),
        2 => (0..9_usize, kind()).prop_map(|(batch, outcome)| Step::RepeatVerdict { batch, outcome }),
        4 => (0..4_u64).prop_map(|depth| Step::TakeBack { depth }),
        1 => (0..6_u64).prop_map(|depth| Step::Finalise { depth }),
        2 => (0..20_usize).prop_map(|payment| Step::Void { payment }),
        3 => (0..20_usize, delivery).prop_map(|(payment, delivery)| Step::Deliver { payment, delivery }),
        2 => (0..20_usize).prop_map(|payment| Step::GiveUp { payment }),
        2 => (0..3_usize, 1..4_usize).prop_map(|(skip, take)| Step::WriteOff { skip, take }),
        2 => (0..20_usize).prop_map(|payment| Step::TakeUpAgain { payment }),
        4 => (0..20_usize, kind(), any::<bool>())
            .prop_map(|(payment, shown, retry)| Step::Look { payment, shown, retry }),
        1 => (0..20_usize, 1..PRICE, 0..9_u64)
            .prop_map(|(payment, amount, transfer)| Step::Refund { payment, amount, transfer }),
        1 => Just(Step::Restart),
    ]
}

struct World {
    stall: Stall,
    /// The chain's newest block. A block that was taken back never returns: the next one has a new number.
    block: u64,
    attempts: u64,
    batches: i64,
    states: BTreeMap<PaymentSeq, PaymentState>,
    /// Instant sales whose buyers were told that they failed.
    told: BTreeSet<PaymentSeq>,
}

impl World {
    async fn take(&mut self, step: Step) {
        match step {
            Step::Accept(requests) => self.accept(requests).await,
            Step::OpenBatch { skip, take } => {
                let queued =
                    self.stall.store.queued(self.stall.asset, crate::Choice::All, 100).await.unwrap();
                let chosen: Vec<PaymentSeq> =
                    queued.iter().skip(skip).take(take).map(|one| one.seq).collect();
                match self.stall.try_batch(&chosen).await {
                    Ok(opened) => {
                        assert_eq!(opened.payments.len(), chosen.len());
                        self.batches = self.batches.max(opened.id.0);
                    }
                    Err(StoreError::Conflict(_)) => assert!(chosen.is_empty()),
                    Err(error) => panic!("{error}"),
                }
            }
            Step::SaveAttempt { batch } => {
                let open = self.stall.store.open_batches(self.stall.asset).await.unwrap();
                if let Some(batch) = open.get(batch) {
                    let attempt = new_attempt(batch.id, self.attempts, self.attempts);
                    self.attempts += 1;
                    self.stall.store.save_attempt(attempt).await.unwrap();
                }
            }
            Step::Record { batch, outcomes, new_block } => {
                let open = self.stall.store.open_batches(self.stall.asset).await.unwrap();
                let Some(batch) = open.get(batch) else { return };
                self.block += u64::from(new_block);
                let outcomes: Vec<_> = batch
                    .payments
                    .iter()
                    .zip(outcomes)
                    .map(|(payment, kind)| (payment.seq, kind.outcome(self.block)))
                    .collect();
                let attempt = batch.attempts.last().map(|attempt| mined(attempt, self.block));
                self.stall.record_mined(batch.id, attempt, &outcomes).await;
            }
            Step::RepeatVerdict { batch, outcome } => {
                let id = BatchId(batch as i64 + 1);
                let Some(detail) = self.stall.store.batch(id).await.unwrap() else { return };
                if detail.summary.closed_at.is_some() {
                    let everyone: Vec<_> =
                        self.states.keys().map(|seq| (*seq, outcome.outcome(self.block))).collect();
                    self.stall.record(id, &everyone).await;
                    assert_eq!(self.stall.store.batch(id).await.unwrap(), Some(detail));
                }
            }
            Step::TakeBack { depth } => {
                let gone = hash(self.block.saturating_sub(depth));
                self.stall.store.take_back(self.stall.asset, gone).await.unwrap();
                self.block += 1;
            }
            Step::Finalise { depth } => {
                let up_to = self.block.saturating_sub(depth);
                self.stall.finalise(up_to, after(300)).await;
            }
            Step::Void { payment } => {
                if let Some((seq, state)) = self.states.iter().nth(payment) {
                    let voided = self.stall.store.void(*seq, after(20)).await.unwrap();
                    assert!(!voided || *state == PaymentState::Queued);
                }
            }
            Step::Deliver { payment, delivery } => {
                if let Some(seq) = self.states.keys().nth(payment).filter(|seq| !self.told.contains(seq)) {
                    self.stall.store.record_delivery(*seq, delivery, 7);
                }
            }
            Step::GiveUp { payment } => {
                if let Some((seq, state)) = self.states.iter().nth(payment) {
                    let wanted = GiveUp::Payments(vec![self.stall.payment(*seq).await.id]);
                    let closed = self.stall.store.give_up(wanted, after(400)).await.unwrap();
                    assert!(closed == 0 || state.needs_attention());
                }
            }
            Step::WriteOff { skip, take } => {
                let queued =
                    self.stall.store.queued(self.stall.asset, crate::Choice::All, 100).await.unwrap();
                let unworthy = queued.iter().skip(skip).take(take).map(|one| one.seq).collect();
                self.stall.store.write_off_unworthy(unworthy, after(390)).await.unwrap();
            }
            Step::TakeUpAgain { payment } => {
                if let Some((seq, state)) = self.states.iter().nth(payment) {
                    let id = self.stall.payment(*seq).await.id;
                    let reopened = self.stall.store.take_up_again(id, after(410)).await.unwrap();
                    assert_eq!(reopened, *state == PaymentState::WrittenOff);
                }
            }
            Step::Look { payment, shown, retry } => {
                if let Some((seq, state)) = self.states.iter().nth(payment) {
                    // Nobody asks for that again of which the buyer was told that it failed.
                    let retry = retry && !self.told.contains(seq);
                    let look = if retry { Look::Retry } else { Look::Proved(shown.outcome(self.block)) };
                    let moved = self.stall.store.note_looks(vec![(*seq, look)], after(420)).await.unwrap();
                    let may_move = matches!(
                        state,
                        PaymentState::Queued | PaymentState::Failed | PaymentState::WrittenOff
                    );
                    assert!(moved.is_empty() || may_move, "{state}");
                }
            }
            Step::Refund { payment, amount: atomic, transfer } => {
                if let Some(seq) = self.states.keys().nth(payment) {
                    let refund = crate::NewRefund {
                        payment: self.stall.payment(*seq).await.id,
                        sender: Address::ZERO,
                        amount: amount(atomic),
                        evidence: evidence(transfer),
                        log_index: transfer,
                        note: None,
                        at: after(430),
                    };
                    match self.stall.store.record_refund(refund).await {
                        Ok(_) | Err(StoreError::Conflict(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            Step::Restart => {}
        }
    }

    async fn accept(&mut self, requests: Vec<Request>) {
        let asked: Vec<Acceptance> = requests
            .iter()
            .map(|(payer, nonce, guide, songs, lag, instant)| {
                let plain =
                    if *guide { self.stall.guide(*payer, *nonce) } else { self.stall.song(*payer, *nonce) };
                let mode = if *instant { Mode::Instant } else { Mode::Batched };
                let block = self.block.saturating_sub(*lag);
                Acceptance { balance: amount(songs * PRICE), block, mode, ..plain }
            })
            .collect();
        let accepted = join_all(asked.iter().map(|request| self.stall.store.accept(request.clone()))).await;
        let mut sold = 0;
        for (request, accepted) in asked.iter().zip(accepted) {
            match accepted.unwrap() {
                Accepted::New(payment) => {
                    sold += 1;
                    assert!(!self.states.contains_key(&payment.seq));
                    assert!(request.balance >= amount(PRICE));
                }
                Accepted::Owned(earlier) => {
                    assert_ne!(earlier.id, request.authorization.payment_id(&request.offer.asset));
                }
                Accepted::Overdrawn { balance, held } => {
                    assert!(held.checked_add(amount(PRICE)).unwrap() > balance);
                }
                Accepted::Repeat(_)
                | Accepted::InFlight(_)
                | Accepted::Used(_)
                | Accepted::Capped(_)
                | Accepted::Blocked
                | Accepted::Distrusted
                | Accepted::NotNow => {}
            }
        }
        assert_eq!(self.stall.states().await.len(), self.states.len() + sold);
    }

    /// No row disappears, and every change of state is one that exists.
    async fn check(&mut self, taken_back: bool) {
        let now: BTreeMap<_, _> = self.stall.states().await.into_iter().collect();
        for (seq, was) in &self.states {
            let is = now[seq];
            // A reorganisation leads back to where it stood.
            let allowed = was.can_become(is) || (taken_back && is.can_become(*was));
            assert!(*was == is || allowed, "{seq}: {was} to {is}");
        }
        assert!(now.iter().all(|(seq, is)| self.states.contains_key(seq) || *is == PaymentState::Queued));
        self.states = now;
        self.stall.assert_conserved().await;
        self.check_buyers().await;
    }

    /// Whoever paid, or was given credit, has what was bought; whoever was told that it failed is never charged for it.
    async fn check_buyers(&mut self) {
        // What was noted about deliveries is written before this.
        self.stall.store.note_looks(Vec::new(), after(1)).await.unwrap();
        let mut owners = BTreeSet::new();
        for (seq, state) in &self.states {
            let payment = self.stall.payment(*seq).await;
            if payment.mode == Mode::Instant
                && payment.delivery == Delivery::Waiting
                && *state == PaymentState::Failed
            {
                self.told.insert(*seq);
            } else if state.is_paid() {
                // Somebody else submitted it, so that the buyer may have it after all.
                self.told.remove(seq);
            }
            if self.told.contains(seq) {
                assert!(!state.is_open(), "{seq} is collected after all");
                assert_eq!(payment.delivery, Delivery::Waiting, "{seq}");
            }
            let owes_nothing = state.is_open()
                || state.is_paid()
                || (*state == PaymentState::WrittenOff && payment.reason == Some(FailureReason::NotWorthGas));
            if owes_nothing
                && (payment.endpoint == self.stall.guide.endpoint
                    || payment.delivery == Delivery::Interrupted)
            {
                owners.insert((payment.endpoint, payment.payer));
            }
        }
        for endpoint in [self.stall.guide.endpoint, self.stall.song.endpoint] {
            for payer in (0..PAYERS).map(payer) {
                let owned =
                    self.stall.store.owned(endpoint, &domain::Part::WHOLE, payer, after(20)).await.unwrap();
                assert_eq!(owned.is_some(), owners.contains(&(endpoint, payer)), "{owned:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_or_counted_twice_in_any_order_of_events(steps in vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stall = Stall::open().await;
            let mut world = World {
                stall,
                block: BLOCK,
                attempts: 0,
                batches: 0,
                states: BTreeMap::new(),
                told: BTreeSet::new(),
            };
            for step in steps {
                let taken_back = matches!(step, Step::TakeBack { .. });
                if matches!(step, Step::Restart) {
                    world.stall = world.stall.restart().await;
                }
                world.take(step).await;
                world.check(taken_back).await;
            }
        });
    }
}

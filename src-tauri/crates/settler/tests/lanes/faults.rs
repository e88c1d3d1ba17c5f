use alloy_primitives::U256;
use chain::{AuthorizationFate, ChainError};
use chrono::TimeDelta;
use domain::{Mode, PaymentState};
use settler::{Settler, Wait};

use crate::node::{Question, Reception};
use crate::stall::{PAY_TO, PRICE, Sale, Stall, press};

/// I10: a node that answers nothing about a bad payment holds up no good one.
#[tokio::test]
async fn good_payments_settle_while_nothing_can_be_found_out_about_a_bad_one() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(stall.sell().await);
    }
    stall.node.cancelled(sales[0].key);
    stall.node.mute(&[Question::Events]);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(sales[1].key, PAY_TO, PRICE);
    stall.node.mine();
    for sale in &sales[2..] {
        stall.until_state(*sale, PaymentState::Settled).await;
    }
    stall.pass(TimeDelta::minutes(5)).await;
    // Between two looks at it, it waits for the next.
    stall.until_state(sales[0], PaymentState::Queued).await;
    assert_eq!(stall.state(sales[1]).await, PaymentState::Settling);
    stall.node.mute(&[]);
    stall.until_state(sales[1], PaymentState::SettledElsewhere).await;
    press(&settler).await;
    stall.until_state(sales[0], PaymentState::Cancelled).await;
    settler.stop().await;
}

/// T52: the node goes away between choosing and signing.
#[tokio::test]
async fn a_batch_that_could_not_be_simulated_is_sent_when_the_node_answers_again() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.mute(&[Question::Simulation]);
    let settler = stall.settler().await;
    let report = press(&settler).await;
    stall.pass(TimeDelta::minutes(5)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Settling);
    assert!(stall.node.transactions().is_empty());
    stall.node.mute(&[]);
    stall.node.mine_at_once();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.payment(sale).await.batch, report.batches.first().copied());
    settler.stop().await;
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let sides = things.len().max(1) as u64;
        things.get(usize::try_from(self.roll(sides)).unwrap())
    }
}

async fn misfortune(stall: &mut Stall, settler: Settler, sales: &mut Vec<Sale>, dice: &mut Dice) -> Settler {
    let unused = sales.iter().copied().filter(|sale| stall.node.fate(sale.key).is_none()).collect::<Vec<_>>();
    match dice.roll(16) {
        0..=2 => {
            for _ in 0..=dice.roll(6) {
                let mode = if dice.roll(3) == 0 { Mode::Instant } else { Mode::Batched };
                sales.push(stall.sell_for(mode, 7 * 24 * 3_600).await);
            }
        }
        3 | 4 => drop(settler.settle_now(None, Wait::No).await),
        5..=7 => stall.node.mine(),
        8 => stall.node.reorganise(usize::try_from(1 + dice.roll(2)).unwrap()),
        9 => {
            let refused = Reception::Refuse(ChainError::Unknown("what a node says".into()));
            let receptions = [Reception::Keep, Reception::KeepAndBreak, Reception::Lose, refused];
            stall.node.receive(dice.pick(&receptions).unwrap().clone());
        }
        10 => stall.node.set_away(dice.roll(2) == 0),
        11 => {
            let questions = [Question::Simulation, Question::Payers, Question::Events];
            stall.node.mute(dice.pick(&[&questions[..], &questions[..1], &questions[1..], &[]]).unwrap());
        }
        12 => {
            if let Some(sale) = dice.pick(&unused) {
                stall.node.cancelled(sale.key);
            }
        }
        13 => {
            if let Some(sale) = dice.pick(&unused) {
                let to = *dice.pick(&[PAY_TO, PAY_TO, sale.key.payer]).unwrap();
                stall.node.used_by_another(sale.key, to, PRICE);
            }
        }
        14 => stall.node.take_wallet_nonce(),
        _ => {
            stall.restart(settler).await;
            return stall.settler().await;
        }
    }
    settler
}

async fn everything_ends_where_the_chain_says(seed: u64) {
    let mut stall = Stall::open().await;
    let mut settler = stall.settler().await;
    let mut dice = Dice(seed);
    let mut sales = Vec::new();
    for _ in 0..60 {
        settler = misfortune(&mut stall, settler, &mut sales, &mut dice).await;
        let span = TimeDelta::milliseconds(dice.roll(20_000).cast_signed());
        stall.pass(span).await;
    }

    stall.node.set_away(false);
    stall.node.mute(&[]);
    stall.node.receive(Reception::Keep);
    stall.node.mine_at_once();
    let what = format!("an end of all payments of seed {seed}");
    stall
        .until(&what, || async {
            stall.node.mine();
            drop(settler.settle_now(None, Wait::No).await);
            for sale in &sales {
                let payment = stall.payment(*sale).await;
                if payment.state.is_open() || payment.final_at.is_none() {
                    return false;
                }
            }
            true
        })
        .await;

    let mut paid = 0;
    for sale in &sales {
        let state = stall.state(*sale).await;
        let fate = stall.node.fate(sale.key);
        let fits = match fate {
            Some(AuthorizationFate::Used { transfer }) if transfer == Some((PAY_TO, U256::from(PRICE))) => {
                paid += 1;
                state.is_paid()
            }
            Some(AuthorizationFate::Used { .. }) => state == PaymentState::Diverted,
            Some(AuthorizationFate::Cancelled) => state == PaymentState::Cancelled,
            None => false,
        };
        assert!(fits, "seed {seed}: {state} while the token says {fate:?}");
    }
    assert_eq!(stall.node.balance(PAY_TO), paid * PRICE, "seed {seed}");
    let totals = stall.store.totals().await.unwrap();
    assert_eq!(totals.iter().map(|total| total.payments).sum::<u64>(), sales.len() as u64, "seed {seed}");
    settler.stop().await;
}

/// I7, I8, I9, I10, T42: whatever goes wrong on the way, in the end every payment is where the chain says,
/// and the money is what the payments say.
#[tokio::test]
async fn after_any_misfortune_the_books_agree_with_the_chain() {
    futures::future::join_all(
        [107, 126, 1, 2, 3, 4, 5, 6, 7, 8].into_iter().map(everything_ends_where_the_chain_says),
    )
    .await;
}

//! Payers who were given something before their money arrived are watched (T05, T06, T20).

use chrono::TimeDelta;
use domain::{Clock as _, ExposurePolicy, FailureReason, Mode, PaymentState};
use settler::Wait;

use crate::ledger::payments_in;
use crate::node::Question;
use crate::stall::{PRICE, Stall, TOKEN};

impl Stall {
    /// What began each batch, oldest first.
    async fn begun_by(&self) -> Vec<String> {
        self.batches().await.into_iter().map(|batch| batch.summary.started_by).collect()
    }
}

/// T05: what cannot be paid any more is known at once; nobody else's payment is hurried by it.
#[tokio::test]
async fn a_payer_who_spent_the_money_elsewhere_is_found_out_long_before_the_deadline() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let (thief, honest) = (stall.sell().await, stall.sell().await);
    stall.pass(TimeDelta::seconds(30)).await;
    assert!(stall.batches().await.is_empty());
    stall.node.spend(thief.key.payer);
    stall.until_state(thief, PaymentState::Failed).await;
    assert_eq!(stall.reason(thief).await, Some(FailureReason::Underfunded));
    stall.pass(TimeDelta::seconds(30)).await;
    assert_eq!(stall.state(honest).await, PaymentState::Queued);
    assert_eq!(stall.begun_by().await, ["exposure"]);
    assert!(stall.node.received().is_empty());
    settler.stop().await;
}

/// T05: what is left of a payer's money pays for as much as it can.
#[tokio::test]
async fn of_a_payer_who_is_good_for_less_than_was_delivered_the_rest_is_taken_at_once() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let first = stall.sell().await;
    stall.node.fund(first.key.payer, PRICE);
    let second = stall.sell_again(first).await;
    let other = stall.sell().await;
    stall.pass(TimeDelta::seconds(20)).await;
    assert!(stall.batches().await.is_empty());
    stall.node.set_balance(first.key.payer, PRICE);
    stall.until_state(first, PaymentState::Settled).await;
    stall.until_state(second, PaymentState::Failed).await;
    assert_eq!(stall.state(other).await, PaymentState::Queued);
    assert_eq!(stall.node.balance(first.key.payer), 0);
    settler.stop().await;
}

/// T06.
#[tokio::test]
async fn a_cancelled_payment_is_known_to_be_cancelled_without_a_transaction() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let sale = stall.sell().await;
    stall.node.cancelled(sale.key);
    stall.until_state(sale, PaymentState::Cancelled).await;
    assert_eq!(stall.begun_by().await, ["exposure"]);
    assert!(stall.node.received().is_empty());
    settler.stop().await;
}

/// T20: code appears without a log.
#[tokio::test]
async fn a_payer_whose_address_gets_code_is_found_out() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let (smart, plain) = (stall.sell().await, stall.sell().await);
    stall.pass(TimeDelta::seconds(20)).await;
    stall.node.give_code(smart.key.payer);
    stall.until_state(smart, PaymentState::Failed).await;
    assert_eq!(stall.reason(smart).await, Some(FailureReason::PayerHasCode));
    assert_eq!(stall.state(plain).await, PaymentState::Queued);
    settler.stop().await;
}

/// I10, T20, T51: code that accepts what its key signed is paid by in a transaction of its own, and the others do not
/// wait for it.
#[tokio::test]
async fn who_got_code_that_accepts_the_old_signature_pays_alone_and_the_others_together() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(stall.sell().await);
    }
    let smart = sales[2];
    stall.node.give_willing_code(smart.key.payer);
    settler.settle_now(None, Wait::No).await.unwrap();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let carried: Vec<_> = stall.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect();
    assert_eq!(carried, [4, 1]);
    settler.stop().await;
}

/// A move that happened while nobody looked shows when somebody looks again.
#[tokio::test]
async fn what_happened_while_the_program_was_closed_or_the_node_away_is_noticed_afterwards() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let (closed, silent) = (stall.sell().await, stall.sell().await);
    stall.restart(settler).await;
    stall.node.spend(closed.key.payer);
    let settler = stall.settler().await;
    stall.until_state(closed, PaymentState::Failed).await;
    stall.node.mute(&[Question::Movements, Question::Payers]);
    stall.pass(TimeDelta::seconds(20)).await;
    stall.node.spend(silent.key.payer);
    stall.pass(TimeDelta::seconds(20)).await;
    assert_eq!(stall.state(silent).await, PaymentState::Queued);
    stall.node.mute(&[]);
    stall.until_state(silent, PaymentState::Failed).await;
    settler.stop().await;
}

/// I5: nothing stays unsettled longer than the seller allows.
#[tokio::test]
async fn what_waits_as_long_as_the_seller_allows_is_settled_whatever_the_schedule_says() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let policy = ExposurePolicy { oldest: Some(TimeDelta::minutes(10)), ..ExposurePolicy::default() };
    stall.store.set_exposure_policy(policy, stall.clock.now()).await.unwrap();
    let settler = stall.settler().await;
    let mut sales = Vec::new();
    for _ in 0..3 {
        sales.push(stall.sell_for(Mode::Batched, 3 * 24 * 3_600).await);
    }
    stall.pass(TimeDelta::minutes(8)).await;
    assert!(stall.batches().await.is_empty());
    stall.pass(TimeDelta::minutes(2)).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    assert_eq!(stall.begun_by().await, ["exposure"]);
    assert_eq!(payments_in(&stall.node.transactions()[0], TOKEN), 3);
    settler.stop().await;
}

use alloy_primitives::Address;
use chrono::TimeDelta;
use domain::{Mode, PaymentState};
use settler::Wait;

use crate::node::Question;
use crate::stall::{PAY_TO, PRICE, Stall, press};

/// T06, I7: a used nonce is not a payment.
#[tokio::test]
async fn a_cancelled_authorization_is_cancelled_and_not_settled() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.cancelled(sale.key);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(sale, PaymentState::Cancelled).await;
    assert!(stall.node.received().is_empty());
    settler.stop().await;
}

/// T07, I7, I8: somebody else submitted it, and the money arrived.
#[tokio::test]
async fn a_payment_that_somebody_else_submitted_is_settled_elsewhere() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let foreign = stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    assert_eq!(stall.payment(sale).await.transaction, Some(foreign));
    assert!(stall.node.received().is_empty());
    settler.stop().await;
}

/// T07, T08: the same, between our simulation and the block.
#[tokio::test]
async fn a_payment_that_was_overtaken_in_the_block_is_settled_elsewhere() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(sales[1].key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until_state(sales[1], PaymentState::SettledElsewhere).await;
    assert_eq!(stall.state(sales[0]).await, PaymentState::Settled);
    assert_eq!(stall.state(sales[2]).await, PaymentState::Settled);
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
    settler.stop().await;
}

/// I7: a payer who signs one nonce twice books nothing twice.
#[tokio::test]
async fn a_nonce_that_paid_somebody_else_is_diverted() {
    let mut stall = Stall::open().await;
    let to_itself = stall.sell().await;
    let less = stall.sell().await;
    stall.node.used_by_another(to_itself.key, to_itself.key.payer, PRICE);
    stall.node.used_by_another(less.key, PAY_TO, PRICE - 1);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(to_itself, PaymentState::Diverted).await;
    stall.until_state(less, PaymentState::Diverted).await;
    assert_eq!(stall.node.balance(PAY_TO), PRICE - 1);
    settler.stop().await;
}

/// I7: one transfer pays for one payment, also when the payer made another with the same amount.
#[tokio::test]
async fn a_transfer_of_another_nonce_pays_for_nothing() {
    let mut stall = Stall::open().await;
    let paid = stall.sell().await;
    let unpaid = stall.sell_again(paid).await;
    stall.node.used_by_another(paid.key, PAY_TO, PRICE);
    stall.node.used_by_another(unpaid.key, Address::repeat_byte(0xee), 0);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(paid, PaymentState::SettledElsewhere).await;
    stall.until_state(unpaid, PaymentState::Diverted).await;
    settler.stop().await;
}

/// T05: the payer emptied the wallet; the loss is that payment and no other.
#[tokio::test]
async fn a_payer_without_money_fails_alone() {
    let mut stall = Stall::open().await;
    let good = stall.sell().await;
    let first = stall.sell().await;
    let second = stall.sell_again(first).await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(good, PaymentState::Settled).await;
    stall.until_state(first, PaymentState::Settled).await;
    stall.until_state(second, PaymentState::Failed).await;
    settler.stop().await;
}

/// T53, I7: a node that is believed about the time would end everything that is queued, for good.
#[tokio::test]
async fn a_node_that_lies_about_the_time_ends_nobodys_window() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let sale = stall.sell_for(Mode::Batched, 24 * 3_600).await;
    let settler = stall.settler().await;
    stall.node.pretend_time(Some(u64::MAX / 4));
    stall.pass(TimeDelta::minutes(2)).await;
    let _ = settler.settle_now(None, Wait::No).await;
    stall.pass(TimeDelta::minutes(2)).await;
    assert_ne!(stall.state(sale).await, PaymentState::Expired);
    stall.node.pretend_time(None);
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// I10, T52: while one of two nodes is away nothing is final, but the good ones need not wait for that.
#[tokio::test]
async fn without_a_final_block_the_doomed_are_taken_out_and_the_good_ones_go() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let mut good = Vec::new();
    for _ in 0..4 {
        good.push(stall.sell().await);
    }
    let doomed = stall.sell_again(good[0]).await;
    stall.open_batch(&good[2..]).await;
    stall.node.mute(&[Question::FinalBlock]);
    let settler = stall.settler().await;
    press(&settler).await;
    for sale in good {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    stall.until_state(doomed, PaymentState::Failed).await;
    settler.stop().await;
}

/// T46, I7: time alone expires nothing; a final block does.
#[tokio::test]
async fn a_payment_expires_only_when_a_final_block_says_so() {
    let mut stall = Stall::open().await;
    stall.node.set_away(true);
    let sale = stall.sell_for(Mode::Batched, 600).await;
    let settler = stall.settler().await;
    stall.pass(TimeDelta::hours(2)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Queued, "the node is away");
    let end = stall.payment(sale).await.valid_before;
    stall.node.set_time(end);
    stall.node.set_away(false);
    stall.node.mine();
    stall.pass(TimeDelta::minutes(5)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Queued, "the block is not final");
    stall.node.mine_empty(3);
    stall.until_state(sale, PaymentState::Expired).await;
    assert!(stall.node.received().is_empty());
    settler.stop().await;
}

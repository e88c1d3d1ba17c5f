use chrono::TimeDelta;
use domain::PaymentState;

use crate::ledger::nonce_of;
use crate::node::Question;
use crate::stall::{PAY_TO, PRICE, Stall, press};

/// Whether it is known where the first transaction of a batch was mined, and so what it cost.
async fn has_cost(stall: &Stall, batch: usize) -> bool {
    stall.batches().await[batch].summary.attempts[0].1.is_some()
}

/// T47, I7: what a lost block held is settled again by the same bytes, once.
#[tokio::test]
async fn a_payment_in_a_lost_block_is_settled_again_by_the_same_bytes() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    stall.node.reorganise(1);
    assert_eq!(stall.node.balance(PAY_TO), 0);
    stall.until("the bytes at the node", || async { stall.node.waiting() == 1 }).await;
    stall.node.mine();
    stall.until("the money", || async { stall.node.balance(PAY_TO) == 3 * PRICE }).await;
    stall.node.mine_empty(3);
    for sale in sales {
        stall.until("finality", || async { stall.payment(sale).await.final_at.is_some() }).await;
        assert_eq!(stall.state(sale).await, PaymentState::Settled);
    }
    let received = stall.node.received();
    assert!(received.iter().all(|raw| *raw == received[0]));
    assert_eq!(stall.batches().await.len(), 1);
    settler.stop().await;
}

/// T47: somebody else's transaction is lost; the authorization is good again.
#[tokio::test]
async fn a_payment_settled_elsewhere_in_a_lost_block_waits_again() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    stall.node.reorganise(1);
    stall.until_state(sale, PaymentState::Queued).await;
    stall.node.mine_at_once();
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

/// T42: a transaction that moved nothing left no evidence, and its block went. Its wallet nonce is free.
#[tokio::test]
async fn a_wallet_nonce_that_went_with_its_block_is_used_again() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.starve();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Queued).await;
    stall.node.reorganise(1);
    stall.node.feed();
    stall.pass(TimeDelta::minutes(2)).await;
    stall.node.mine_at_once();
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert!(stall.node.transactions().iter().all(|raw| nonce_of(raw) == 0));
    settler.stop().await;
}

/// T47: a part of the batch is not decided yet when its block goes.
#[tokio::test]
async fn a_batch_in_a_lost_block_is_sent_again_with_its_undecided_payments() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mute(&[Question::Payers]);
    stall.node.used_by_another(sales[0].key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until_state(sales[1], PaymentState::Settled).await;
    assert_eq!(stall.state(sales[0]).await, PaymentState::Settling);
    stall.node.reorganise(1);
    stall.until_state(sales[1], PaymentState::Settling).await;
    stall.until("the bytes at the node", || async { stall.node.waiting() == 1 }).await;
    stall.node.mute(&[]);
    stall.node.mine();
    stall.until_state(sales[0], PaymentState::SettledElsewhere).await;
    stall.until_state(sales[1], PaymentState::Settled).await;
    stall.until_state(sales[2], PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
    assert_eq!(stall.node.transactions().len(), 1);
    settler.stop().await;
}

/// I16: what goes with its block is not spent, and what comes again is, also where nobody waits for it any more.
#[tokio::test]
async fn what_a_transaction_cost_goes_with_its_block_and_comes_back_with_it() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    assert!(has_cost(&stall, 0).await, "it was mined, and moved nothing");
    stall.node.reorganise(1);
    stall.until("no cost", || async { !has_cost(&stall, 0).await }).await;
    assert_eq!(stall.state(sale).await, PaymentState::SettledElsewhere);
    stall.node.comes_again(stall.node.transactions()[0].clone());
    stall.node.mine();
    stall.until("the cost", || has_cost(&stall, 0)).await;
    stall.node.mine_empty(3);
    stall.until("its end", || async { stall.loose().await.is_empty() }).await;
    assert_eq!(stall.node.transactions().len(), 1);
    settler.stop().await;
}

/// The same where its wallet nonce went to something else: it can never come again.
#[tokio::test]
async fn a_transaction_whose_nonce_another_one_used_is_let_be() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    stall.node.reorganise(1);
    stall.until("no cost", || async { !has_cost(&stall, 0).await }).await;
    assert_eq!(stall.loose().await.len(), 1);
    stall.node.take_wallet_nonce();
    stall.pass(TimeDelta::seconds(10)).await;
    assert_eq!(stall.loose().await.len(), 1, "that is not final yet");
    stall.node.mine_empty(3);
    stall.until("its end", || async { stall.loose().await.is_empty() }).await;
    settler.stop().await;
}

/// I7: whatever batch waits for the payment by then, a transaction of ours settled it.
#[tokio::test]
async fn what_our_own_transaction_settles_when_it_comes_again_is_settled_by_us() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    stall.node.reorganise(2);
    stall.until_state(sale, PaymentState::Queued).await;
    stall.node.comes_again(stall.node.transactions()[0].clone());
    stall.node.mine();
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    stall.until("the cost", || has_cost(&stall, 0)).await;
    stall.node.mine_empty(3);
    stall.until("finality", || async { stall.payment(sale).await.final_at.is_some() }).await;
    let batches = stall.batches().await;
    assert_eq!((batches.len(), batches[0].summary.settled_payments), (2, 1));
    assert_eq!(batches[0].summary.state, domain::BatchState::Final);
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

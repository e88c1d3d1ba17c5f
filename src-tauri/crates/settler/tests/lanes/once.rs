//! Named requests to settle: once for each key.

use chain::ChainError;
use settler::{SettleReport, Settler, Wait};

use crate::ledger::payments_in;
use crate::stall::{PAY_TO, PRICE, Stall, TOKEN, press};

async fn once(settler: &Settler, key: &str) -> SettleReport {
    settler.settle_once(key, Wait::No).await.unwrap()
}

/// T41, I9.
#[tokio::test]
async fn five_quick_presses_with_one_key_send_one_transaction() {
    let mut stall = Stall::open().await;
    for _ in 0..7 {
        stall.sell().await;
    }
    let settler = stall.settler().await;
    let presses = futures::future::join_all((0..5).map(|_| once(&settler, "press"))).await;
    for report in &presses {
        assert_eq!(report.batches.len(), 1);
        assert_eq!(report.batches, presses[0].batches);
    }
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_idle(&settler).await;
    assert_eq!(stall.node.transactions().len(), 1);
    assert_eq!(payments_in(&stall.node.received()[0], TOKEN), 7);
    assert_eq!(stall.node.balance(PAY_TO), 7 * PRICE);
    settler.stop().await;
}

/// I9.
#[tokio::test]
async fn a_key_begins_nothing_again_whatever_has_come_since_and_however_often_the_program_restarts() {
    let mut stall = Stall::open().await;
    stall.sell().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let first = once(&settler, "first").await;
    assert_eq!(first.batches.len(), 1);
    stall.until_idle(&settler).await;
    stall.sell().await;
    let again = once(&settler, "first").await;
    assert_eq!(again.batches, first.batches);
    assert_eq!(again.left, 1);

    stall.restart(settler).await;
    let settler = stall.settler().await;
    assert_eq!(once(&settler, "first").await.batches, first.batches);
    assert_eq!(stall.waiting().await, 1);
    let second = once(&settler, "second").await;
    assert_ne!(second.batches, first.batches);
    assert_eq!(stall.waiting().await, 0);
    settler.stop().await;
}

#[tokio::test]
async fn a_key_under_which_nothing_waited_stays_empty() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    assert!(once(&settler, "early").await.batches.is_empty());
    stall.sell().await;
    assert!(once(&settler, "early").await.batches.is_empty());
    assert_eq!(stall.waiting().await, 1);
    settler.stop().await;
}

#[tokio::test]
async fn a_key_answers_what_it_made_and_not_what_others_began() {
    let mut stall = Stall::open().await;
    stall.sell().await;
    let settler = stall.settler().await;
    let others = press(&settler).await;
    stall.sell().await;
    let own = once(&settler, "own").await;
    assert_eq!(own.batches.len(), 1);
    assert_ne!(own.batches, others.batches);
    settler.stop().await;
}

#[tokio::test]
async fn a_key_that_was_hindered_is_not_used_up() {
    let mut stall = Stall::open().await;
    stall.sell().await;
    stall.node.set_away(true);
    let settler = stall.settler().await;
    let refused = settler.settle_once("patient", Wait::No).await;
    assert!(
        matches!(refused, Err(settler::SettleError::Chain(ChainError::Unreachable { .. }))),
        "{refused:?}"
    );
    stall.node.set_away(false);
    assert_eq!(once(&settler, "patient").await.batches.len(), 1);
    settler.stop().await;
}

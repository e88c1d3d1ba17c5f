use chrono::TimeDelta;
use domain::{Mode, PaymentState};

use crate::ledger::payments_in;
use crate::stall::{Stall, TOKEN};

/// I6, T09: nothing dies in the queue, and what is sent takes the others along.
#[tokio::test]
async fn the_earliest_deadline_sends_the_whole_queue() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let long = [stall.sell_for(Mode::Batched, 7_200).await, stall.sell_for(Mode::Batched, 9_000).await];
    let short = stall.sell_for(Mode::Batched, 3_600).await;
    stall.pass(TimeDelta::minutes(53)).await;
    assert!(stall.node.received().is_empty(), "its margin is six minutes");
    stall.pass(TimeDelta::minutes(2)).await;
    for sale in [short, long[0], long[1]] {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let received = stall.node.transactions();
    assert_eq!(received.iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>(), [3]);
    settler.stop().await;
}

/// T10: a chain whose clock is ahead closes windows earlier.
#[tokio::test]
async fn a_chain_whose_clock_is_ahead_is_heeded() {
    let mut stall = Stall::open().await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    stall.node.set_time(crate::ledger::START + 55 * 60);
    stall.node.mine();
    let settler = stall.settler().await;
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T09: a sale that arrives while another waits can be the one that is due first.
#[tokio::test]
async fn a_later_sale_with_a_shorter_window_is_sent_in_time() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    stall.sell_for(Mode::Batched, 72 * 3_600).await;
    stall.pass(TimeDelta::minutes(5)).await;
    let short = stall.sell_for(Mode::Batched, 300).await;
    stall.pass(TimeDelta::seconds(280)).await;
    stall.until_state(short, PaymentState::Settled).await;
    settler.stop().await;
}

use chain::ChainError;
use chrono::TimeDelta;
use domain::{BatchState, FailureReason, Mode, NetworkId, PaymentState};
use settler::{LaneState, SettleError, Settler, SettlerConfig, Wait};

use crate::ledger::{nonce_of, payments_in};
use crate::node::Reception;
use crate::stall::{PAY_TO, PRICE, Stall, TOKEN, press};

/// T41, I9.
#[tokio::test]
async fn five_quick_presses_send_one_transaction() {
    let mut stall = Stall::open().await;
    for _ in 0..7 {
        stall.sell().await;
    }
    let settler = stall.settler().await;
    let presses = futures::future::join_all((0..5).map(|_| press(&settler))).await;
    for report in &presses {
        assert_eq!(report.batches, presses[0].batches);
        assert_eq!(report.left, 0);
    }
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_idle(&settler).await;
    assert_eq!(stall.node.transactions().len(), 1);
    assert_eq!(payments_in(&stall.node.received()[0], TOKEN), 7);
    assert_eq!(stall.node.balance(PAY_TO), 7 * PRICE);
    let batches = stall.batches().await;
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].summary.state, BatchState::Settled);
    assert_eq!(batches[0].summary.settled_payments, 7);
}

#[tokio::test]
async fn two_payments_go_directly_and_in_the_same_block() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(2).await;
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let received = stall.node.transactions();
    assert_eq!(received.iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(received.iter().map(nonce_of).collect::<Vec<_>>(), [0, 1]);
    settler.stop().await;
}

/// T50: what does not fit into one transaction waits for the next, at most two at a time.
#[tokio::test]
async fn six_hundred_payments_settle_in_three_transactions() {
    let mut stall = Stall::open().await;
    for _ in 0..600 {
        stall.sell().await;
    }
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let report = press(&settler).await;
    assert_eq!(report.batches.len(), 3);
    stall.until_idle(&settler).await;
    let received = stall.node.transactions();
    assert_eq!(received.iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>(), [250, 250, 100]);
    assert_eq!(stall.node.balance(PAY_TO), 600 * PRICE);
}

/// T48, I10.
#[tokio::test]
async fn one_bad_payment_holds_up_none_of_the_good_ones() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..10 {
        sales.push(stall.sell().await);
    }
    stall.node.refuse(sales[4].key.nonce, FailureReason::Blocked);
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_idle(&settler).await;
    for (index, sale) in sales.into_iter().enumerate() {
        let expected = if index == 4 { PaymentState::Failed } else { PaymentState::Settled };
        assert_eq!(stall.state(sale).await, expected, "{index}");
    }
    assert_eq!(payments_in(&stall.node.received()[0], TOKEN), 9);
    assert_eq!(stall.batches().await[0].summary.state, BatchState::PartlySettled);
}

/// T48: one that turns bad between the simulation and the block.
#[tokio::test]
async fn a_payment_that_is_refused_in_the_block_fails_alone() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..4 {
        sales.push(stall.sell().await);
    }
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.refuse(sales[2].key.nonce, FailureReason::Underfunded);
    stall.node.mine();
    stall.until_idle(&settler).await;
    assert_eq!(stall.state(sales[2]).await, PaymentState::Failed);
    assert_eq!(stall.reason(sales[2]).await, Some(FailureReason::Underfunded));
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
}

#[tokio::test]
async fn only_the_payments_that_were_chosen_are_settled() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(stall.sell().await);
    }
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let mut chosen = Vec::new();
    for place in [1, 3, 4] {
        chosen.push(stall.payment(sales[place]).await.id);
    }
    let report = settler.settle_these(chosen.clone(), Some("these"), Wait::No).await.unwrap();
    assert_eq!((report.batches.len(), report.left), (1, 0));
    for place in [1, 3, 4] {
        stall.until_state(sales[place], PaymentState::Settled).await;
    }
    for left in [0, 2] {
        assert_eq!(stall.state(sales[left]).await, PaymentState::Queued);
    }
    let again = settler.settle_these(chosen.clone(), Some("these"), Wait::No).await.unwrap();
    assert_eq!(again.batches, report.batches, "under the same key nothing is begun twice");
    let nothing = settler.settle_these(chosen, None, Wait::No).await.unwrap();
    assert!(nothing.batches.is_empty(), "they are settled");
    assert_eq!(stall.node.transactions().len(), 1);
    settler.stop().await;
}

/// T21: what the token's issuer does to everybody, or to the seller, fails no buyer's payment.
#[tokio::test]
async fn payments_wait_while_the_token_is_paused_or_the_payout_address_blocked() {
    for reason in [FailureReason::Paused, FailureReason::PayoutBlocked] {
        let mut stall = Stall::open().await;
        let sale = stall.sell().await;
        stall.node.refuse(sale.key.nonce, reason);
        let settler = stall.settler().await;
        press(&settler).await;
        stall.until("the payment's return", || async { stall.waiting().await == 1 }).await;
        assert_eq!(stall.state(sale).await, PaymentState::Queued);
        assert_eq!(stall.reason(sale).await, Some(reason));
        assert!(stall.node.transactions().is_empty());
        assert_eq!(stall.batches().await[0].summary.state, BatchState::Dissolved);
        stall.node.allow(sale.key.nonce);
        stall.node.mine_at_once();
        press(&settler).await;
        stall.until_state(sale, PaymentState::Settled).await;
        settler.stop().await;
    }
}

/// T49: a transaction that runs dry fails nobody.
#[tokio::test]
async fn payments_of_a_transaction_that_ran_out_of_gas_go_back_to_the_queue() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..3 {
        sales.push(stall.sell().await);
    }
    stall.node.starve();
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until("their return", || async { stall.waiting().await == 3 }).await;
    stall.node.feed();
    press(&settler).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
}

/// T46: nobody is told that a payment failed because an answer was lost.
#[tokio::test]
async fn an_answer_that_never_came_is_no_failure() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.receive(Reception::KeepAndBreak);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.pass(TimeDelta::minutes(10)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Settling);
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.mined_count(), 1);
    settler.stop().await;
}

/// I9: however often it is sent, it is the same transaction.
#[tokio::test]
async fn bytes_that_a_node_lost_are_sent_again_unchanged() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.receive(Reception::Lose);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_received(3).await;
    stall.node.receive(Reception::Keep);
    stall.until("the bytes at the node", || async { stall.node.waiting() == 1 }).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    let received = stall.node.received();
    assert!(received.iter().all(|raw| *raw == received[0]));
    let attempts = &stall.batches().await[0].summary.attempts;
    assert_eq!(attempts.len(), 1);
    settler.stop().await;
}

/// T43: whatever words a node finds, the chain decides.
#[tokio::test]
async fn no_error_of_a_node_decides_a_payment() {
    let unreachable = ChainError::Unreachable { network: NetworkId::BASE_SEPOLIA, detail: "429".into() };
    for error in [
        ChainError::NonceUsed,
        ChainError::FeeTooLow,
        ChainError::OutOfGasMoney,
        ChainError::Refused("execution reverted".into()),
        ChainError::Unknown("already known".into()),
        unreachable,
    ] {
        let mut stall = Stall::open().await;
        let sale = stall.sell().await;
        stall.node.receive(Reception::Refuse(error.clone()));
        let settler = stall.settler().await;
        press(&settler).await;
        stall
            .until("a sentence", || async {
                matches!(settler.state().await[&NetworkId::BASE_SEPOLIA], LaneState::Blocked(_))
            })
            .await;
        stall.node.mine_empty(10);
        stall.pass(TimeDelta::minutes(5)).await;
        assert_eq!(stall.state(sale).await, PaymentState::Settling, "{error}");
        stall.node.receive(Reception::Keep);
        stall.until("the bytes at the node", || async { stall.node.waiting() == 1 }).await;
        stall.node.mine();
        stall.until_state(sale, PaymentState::Settled).await;
        assert_eq!(stall.node.mined_count(), 1, "{error}");
        let sent = stall.node.transactions();
        // What is too little for the node is offered again for more, and with the same nonce (T44).
        assert!(sent.len() == 1 || error == ChainError::FeeTooLow, "{error}");
        assert!(sent.iter().all(|raw| nonce_of(raw) == 0), "{error}");
        settler.stop().await;
    }
}

/// T43, T42: another program used the gas wallet's nonce first.
#[tokio::test]
async fn a_nonce_that_another_transaction_took_brings_the_payments_back() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.take_wallet_nonce();
    stall.pass(TimeDelta::minutes(3)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Settling, "one block could still be taken back");
    stall.node.mine_empty(3);
    stall.until_state(sale, PaymentState::Queued).await;
    press(&settler).await;
    stall.until("another transaction", || async { stall.node.waiting() == 1 }).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(nonce_of(stall.node.received().last().unwrap()), 1);
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

/// T53: our transaction took the nonce, and the node denies it.
#[tokio::test]
async fn money_that_a_node_hides_is_still_found_by_its_event() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    let hash = alloy_primitives::keccak256(&stall.node.received()[0]);
    stall.node.hide(hash);
    stall.node.mine();
    stall.pass(TimeDelta::minutes(3)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Settling);
    stall.node.mine_empty(5);
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.payment(sale).await.transaction, Some(hash));
    settler.stop().await;
}

/// T44.
#[tokio::test]
async fn without_gas_money_nothing_is_signed_and_a_sentence_says_why() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.set_gas_money(1);
    let settler = stall.settler().await;
    let error = settler.settle_now(None, Wait::No).await.unwrap_err();
    assert!(matches!(error, SettleError::Chain(ChainError::OutOfGasMoney)), "{error}");
    assert_eq!(stall.state(sale).await, PaymentState::Queued);
    assert!(stall.batches().await.is_empty());
    stall.node.set_gas_money(u64::MAX);
    stall.node.mine_at_once();
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

#[tokio::test]
async fn without_a_node_nothing_begins() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.set_away(true);
    let settler = stall.settler().await;
    let error = settler.settle_now(None, Wait::No).await.unwrap_err();
    assert!(matches!(error, SettleError::Chain(ChainError::Unreachable { .. })), "{error}");
    assert_eq!(stall.state(sale).await, PaymentState::Queued);
    let error = settler.settle_now(Some(NetworkId::from_chain_id(1)), Wait::No).await.unwrap_err();
    assert!(matches!(error, SettleError::NoLane(_)), "{error}");
    settler.stop().await;
}

/// Buyers who wait share a transaction, and nobody has to press anything.
#[tokio::test]
async fn instant_sales_settle_by_themselves_and_together() {
    let mut stall = Stall::open().await;
    let queued = stall.sell().await;
    let settler = stall.settler().await;
    let first = stall.sell_for(Mode::Instant, 3_600).await;
    stall.until_sent(1).await;
    let second = stall.sell_for(Mode::Instant, 3_600).await;
    stall.until_sent(2).await;
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(stall.sell_for(Mode::Instant, 3_600).await);
    }
    stall.pass(TimeDelta::seconds(1)).await;
    stall.node.mine();
    stall.until_state(first, PaymentState::Settled).await;
    stall.until_state(second, PaymentState::Settled).await;
    stall.until_sent(3).await;
    stall.node.mine();
    for sale in others {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let shares = stall.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>();
    assert_eq!(shares, [1, 1, 5]);
    assert_eq!(stall.state(queued).await, PaymentState::Queued);
    settler.stop().await;
}

/// An instant sale that the token will not take now is not tried in a circle.
#[tokio::test]
async fn an_instant_sale_that_came_back_rests_before_the_next_try() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    stall.node.refuse(alloy_primitives::U256::from(1).into(), FailureReason::Paused);
    let sale = stall.sell_for(Mode::Instant, 3_600).await;
    stall.pass(TimeDelta::minutes(2)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Queued);
    let tries = stall.batches().await.len();
    assert!((2..=10).contains(&tries), "{tries}");
    settler.stop().await;
}

#[tokio::test]
async fn waiting_for_the_end_ends_when_everything_is_final() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    let waiting = {
        let settler = settler.clone();
        tokio::spawn(async move { settler.settle_now(None, Wait::Final).await })
    };
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    stall.pass(TimeDelta::minutes(1)).await;
    assert!(!waiting.is_finished(), "a block that is not final is no end");
    stall.node.mine_empty(3);
    stall.until("the end", || async { waiting.is_finished() }).await;
    let report = waiting.await.unwrap().unwrap();
    assert_eq!(report.left, 0);
    assert_eq!(stall.batches().await[0].summary.state, BatchState::Final);
    assert!(stall.payment(sale).await.final_at.is_some());
}

/// With nothing in the queue there is still something to wait for, whoever's transaction it was.
#[tokio::test]
async fn waiting_for_the_end_includes_what_was_sent_before() {
    let mut stall = Stall::open().await;
    let (ours, theirs) = (stall.sell().await, stall.sell().await);
    stall.node.used_by_another(theirs.key, PAY_TO, PRICE);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(theirs, PaymentState::SettledElsewhere).await;
    stall.until_sent(1).await;
    let wait = || {
        let settler = settler.clone();
        tokio::spawn(async move { settler.settle_now(None, Wait::Final).await })
    };
    let on_its_way = wait();
    stall.pass(TimeDelta::minutes(1)).await;
    assert!(!on_its_way.is_finished(), "a transaction that is not mined is no end");
    stall.node.mine();
    stall.until_state(ours, PaymentState::Settled).await;
    let not_final = wait();
    stall.pass(TimeDelta::minutes(1)).await;
    assert!(!on_its_way.is_finished() && !not_final.is_finished(), "a block that is not final is no end");
    stall.node.mine_empty(3);
    stall.until("the end", || async { on_its_way.is_finished() && not_final.is_finished() }).await;
    let batches: Vec<_> = stall.batches().await.iter().map(|batch| batch.summary.id).collect();
    for waited in [on_its_way, not_final] {
        assert_eq!(waited.await.unwrap().unwrap().batches, batches);
    }
    for sale in [ours, theirs] {
        assert!(stall.payment(sale).await.final_at.is_some());
    }
    let afterwards = settler.settle_now(None, Wait::Final).await.unwrap();
    assert!(afterwards.batches.is_empty(), "what is final is nobody's business any more");
    settler.stop().await;
}

/// Nothing was reached to settle with: that is no success.
#[tokio::test]
async fn what_waits_on_a_network_without_a_lane_is_said() {
    let mut stall = Stall::open().await;
    let config = SettlerConfig { store: stall.store.clone(), clock: stall.clock.clone(), lanes: Vec::new() };
    let settler = Settler::start(config).await;
    assert!(settler.settle_now(None, Wait::Final).await.unwrap().batches.is_empty());
    stall.sell().await;
    for wait in [Wait::No, Wait::Final] {
        let refused = settler.settle_now(None, wait).await;
        assert!(matches!(refused, Err(SettleError::NoLane(NetworkId::BASE_SEPOLIA))), "{refused:?}");
    }
    settler.set_lane(stall.lane()).await;
    stall.node.mine_at_once();
    assert_eq!(settler.settle_now(None, Wait::No).await.unwrap().batches.len(), 1);
    settler.stop().await;
}

/// The dry run shows no signature and changes nothing.
#[tokio::test]
async fn the_dry_run_says_what_would_be_sent_and_changes_nothing() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(stall.sell().await);
    }
    stall.node.cancelled(sales[1].key);
    let settler = stall.settler().await;
    let previews = settler.preview(NetworkId::BASE_SEPOLIA, None).await.unwrap();
    let [preview] = &previews[..] else { panic!("{previews:?}") };
    assert_eq!((preview.count, preview.total.atomic(), preview.batches), (4, 4 * PRICE, 1));
    assert_eq!(preview.gas, 42_800 + 4 * 50_250 + 17_100, "the first money of the payout address");
    assert_eq!(preview.fee, alloy_primitives::U256::from(preview.gas * 1_000));
    assert_eq!(preview.exclusions.len(), 1);
    assert_eq!(preview.exclusions[0].payment, sales[1].id);
    assert_eq!(preview.exclusions[0].reason, FailureReason::NonceUsed);
    assert_eq!(stall.waiting().await, 5);
    assert!(stall.batches().await.is_empty() && stall.node.transactions().is_empty());
    stall.node.fund(PAY_TO, 1);
    let again = settler.preview(NetworkId::BASE_SEPOLIA, None).await.unwrap().remove(0);
    assert_eq!(again.gas, 42_800 + 4 * 50_250, "it holds something already");
    settler.stop().await;
}

#[tokio::test]
async fn a_lane_gets_another_node_while_its_transaction_is_on_its_way() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    settler.set_lane(stall.lane()).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.mined_count(), 1);
    settler.stop().await;
    assert!(matches!(settler.settle_now(None, Wait::No).await, Err(SettleError::Stopped)));
}

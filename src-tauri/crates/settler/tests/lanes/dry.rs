use chrono::TimeDelta;
use domain::{Clock as _, FailureReason, PaymentState};
use settler::LaneState;

use crate::ledger::payments_in;
use crate::node::Question;
use crate::stall::{PAY_TO, PRICE, Sale, Stall, TOKEN, press};

async fn sell(stall: &mut Stall, count: usize) -> Vec<Sale> {
    let mut sales = Vec::new();
    for _ in 0..count {
        sales.push(stall.sell().await);
    }
    sales
}

/// T49, I10, I11: a transaction that ran dry is followed by one with half as many payments, until they fit.
#[tokio::test]
async fn after_a_transaction_ran_dry_the_next_carries_half_as_many() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 40).await;
    // Enough for at most ten: 660,000 for 10, 66,000 each.
    stall.node.set_gas_per_payment(66_000);
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let shares = stall.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>();
    assert_eq!(shares, [40, 20, 20, 10, 10, 10, 10]);
    assert_eq!(stall.node.balance(PAY_TO), 40 * PRICE);
    settler.stop().await;
}

/// T49: one that succeeds as a whole and did a part of its work. What is paid is paid, the rest goes again.
#[tokio::test]
async fn what_a_transaction_left_undone_is_done_by_the_next() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 12).await;
    stall.node.stop_after(Some(7));
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_queued(5).await;
    let mut paid = 0;
    for sale in &sales {
        paid += usize::from(stall.state(*sale).await == PaymentState::Settled);
    }
    assert_eq!(paid, 7);
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let shares = stall.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>();
    assert_eq!(shares, [12, 5]);
    assert_eq!(stall.node.balance(PAY_TO), 12 * PRICE);
    let recovered = &stall.batches().await[1].summary;
    assert_eq!(recovered.started_by, "recovery");
    settler.stop().await;
}

/// I10: what a transaction left undone is not worked out together by the node, because of one of them: the others do not
/// wait for it.
#[tokio::test]
async fn what_was_left_undone_goes_again_also_when_one_of_it_cannot_be_worked_out() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 12).await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.stop_after(Some(7));
    stall.node.poison(sales[9].key.nonce);
    stall.node.mine();
    stall.until_state(sales[11], PaymentState::Queued).await;
    stall.node.stop_after(None);
    stall.node.mine_at_once();
    for (number, sale) in sales.into_iter().enumerate() {
        if number != 9 {
            stall.until_state(sale, PaymentState::Settled).await;
        }
    }
    settler.stop().await;
}

/// I11: a payment whose every try costs gas is tried ever more rarely.
#[tokio::test]
async fn a_payment_that_burns_gas_is_tried_ever_more_rarely() {
    let mut stall = Stall::open().await;
    let sale = stall.sell_for(domain::Mode::Instant, 8 * 3_600).await;
    stall.node.starve();
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    stall.pass(TimeDelta::hours(6)).await;
    let tries = stall.node.transactions().len();
    assert!((4..=14).contains(&tries), "{tries}");
    stall.node.feed();
    stall.pass(TimeDelta::hours(1)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// I6: a rest that grew long ends when its payment has to be sent.
#[tokio::test]
async fn a_long_rest_ends_at_the_deadline() {
    let mut stall = Stall::open().await;
    let sold_at = stall.clock.now();
    let sale = stall.sell_for(domain::Mode::Batched, 140 * 60).await;
    let deadline = domain::settle_by(stall.payment(sale).await.valid_before, sold_at);
    stall.node.starve();
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    // It rests a minute and a half, then twice as long after each try: up to 48 minutes after the sixth.
    for tries in 1..=6 {
        stall.until_sent(tries).await;
        stall.until_queued(1).await;
        stall.clock.advance(TimeDelta::seconds(90 << (tries - 1)));
    }
    stall.until_sent(7).await;
    stall.until_queued(1).await;
    let rested = stall.clock.now() + TimeDelta::hours(1);
    assert!(deadline < rested, "its rest would last beyond the deadline");
    stall.node.feed();
    stall.pass(deadline - stall.clock.now() - TimeDelta::minutes(2)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Queued, "it rests");
    stall.clock.advance(TimeDelta::minutes(3));
    stall.until_state(sale, PaymentState::Settled).await;
    assert!(stall.clock.now() < rested, "it did not rest to the end");
    settler.stop().await;
}

/// I6, I10: gas money for ten of forty settles ten at a time.
#[tokio::test]
async fn as_many_go_together_as_the_gas_money_covers() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 40).await;
    stall.node.mine_at_once();
    stall.node.set_gas_money(700_000 * 1_000);
    let settler = stall.settler().await;
    press(&settler).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let shares = stall.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>();
    assert_eq!(shares, [10, 10, 10, 10]);
    settler.stop().await;
}

/// I10, I11: gas money for one transaction signs one, so that no other stands in the way of what comes after it.
#[tokio::test]
async fn nothing_is_signed_that_could_not_be_paid_beside_what_is_on_its_way() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 2).await;
    stall.node.set_gas_money(130_000 * 1_000);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.pass(TimeDelta::minutes(2)).await;
    let sent: std::collections::HashSet<_> = stall.node.transactions().into_iter().collect();
    assert_eq!(sent.len(), 1);
    stall.node.mine_at_once();
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    settler.stop().await;
}

/// I6, I10: the same for a batch that was opened while there was enough.
#[tokio::test]
async fn a_batch_that_became_too_dear_is_planned_anew() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 20).await;
    stall.node.mine_at_once();
    stall.node.mute(&[Question::Simulation]);
    let settler = stall.settler().await;
    press(&settler).await;
    stall
        .until("a try that failed", || async {
            settler.state().await.values().all(|state| matches!(state, LaneState::Blocked(_)))
        })
        .await;
    assert_eq!(stall.state(sales[0]).await, PaymentState::Settling);
    stall.node.set_gas_money(700_000 * 1_000);
    stall.node.mute(&[]);
    stall.pass(TimeDelta::minutes(1)).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let shares = stall.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>();
    assert_eq!(shares, [10, 10]);
    settler.stop().await;
}

/// I10, T50: a node that cannot simulate a batch because of one payment is asked for halves; the good ones
/// go out together, and nothing is decided about the one.
#[tokio::test]
async fn a_batch_that_cannot_be_simulated_is_halved_until_the_good_ones_go() {
    let mut stall = Stall::open().await;
    let sales = sell(&mut stall, 60).await;
    stall.node.poison(sales[17].key.nonce);
    stall.node.poison(sales[44].key.nonce);
    stall.node.refuse(sales[5].key.nonce, FailureReason::Blocked);
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_idle(&settler).await;
    for (index, sale) in sales.into_iter().enumerate() {
        let expected = match index {
            5 => PaymentState::Failed,
            17 | 44 => PaymentState::Queued,
            _ => PaymentState::Settled,
        };
        assert_eq!(stall.state(sale).await, expected, "{index}");
    }
    assert_eq!(payments_in(&stall.node.received()[0], TOKEN), 57);
    settler.stop().await;
}

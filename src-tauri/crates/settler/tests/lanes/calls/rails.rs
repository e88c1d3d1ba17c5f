//! A facilitator beside our own transactions: which of the two a payment goes by, and that it is paid once.

use chain::ChainError;
use chrono::TimeDelta;
use domain::{FacilitatorUse, FailureReason, Mode, PaymentState, Rail};
use settler::{LaneConfig, LaneState};

use super::{asked_about, start, through, until_asked, with_stand_in};
use crate::facilitator::{Deed, Says, ScriptedFacilitator, key_in};
use crate::node::{Question, Reception};
use crate::stall::{PAY_TO, PRICE, Stall, press};

#[tokio::test]
async fn a_facilitator_that_stands_in_is_asked_only_without_gas_money() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    stall.node.mine_at_once();
    let settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
    let first = stall.sell().await;
    press(&settler).await;
    stall.until_state(first, PaymentState::Settled).await;
    assert_eq!((facilitator.bodies().len(), stall.node.mined_count()), (0, 1));
    stall.node.set_gas_money(0);
    let second = stall.sell().await;
    press(&settler).await;
    stall.until_state(second, PaymentState::Settled).await;
    assert_eq!((facilitator.bodies().len(), stall.node.mined_count()), (1, 1));
    settler.stop().await;
}

/// The other rail takes what a facilitator lets down, and both at once pay once: the nonce is used once.
#[tokio::test]
async fn what_a_facilitator_lets_down_goes_by_our_own_transaction_and_both_at_once_pay_once() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Done(None));
    let settler = start(&stall, through(&stall, &facilitator)).await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    press(&settler).await;
    until_asked(&stall, &facilitator, 1).await;
    stall.pass(TimeDelta::minutes(20)).await;
    assert!(stall.node.received().is_empty(), "while it is asked, nobody else sends it");
    // The deadline comes: our own transaction leaves, and the facilitator acts in the same moment.
    stall.pass(TimeDelta::minutes(36)).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until("its end", || async { stall.state(sale).await.is_paid() }).await;
    assert_eq!(stall.node.balance(PAY_TO), PRICE, "paid once");
    settler.stop().await;
}

/// I6, I10: one that takes every question and never answers keeps nothing from our own wallet.
#[tokio::test]
async fn what_a_silent_facilitator_never_comes_to_is_settled_by_our_own_transactions() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Silent);
    stall.node.mine_at_once();
    let settler = start(&stall, through(&stall, &facilitator)).await;
    let mut sales = Vec::new();
    for _ in 0..30 {
        sales.push(stall.sell_for(Mode::Batched, 3_600).await);
    }
    press(&settler).await;
    until_asked(&stall, &facilitator, 3).await;
    stall.pass(TimeDelta::minutes(56)).await;
    assert!(stall.node.transactions().is_empty(), "it still has time");
    let settled = || async {
        let mut settled = 0;
        for sale in &sales {
            settled += usize::from(stall.state(*sale).await == PaymentState::Settled);
        }
        settled
    };
    stall.until("our own transactions", || async { settled().await == 30 }).await;
    settler.stop().await;
}

/// I6: nor does it hold what has little time, while its answer is waited for.
#[tokio::test]
async fn a_silent_facilitator_keeps_a_short_payment_only_until_half_its_time_is_over() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Silent);
    stall.node.mine_at_once();
    let settler = start(&stall, through(&stall, &facilitator)).await;
    let sale = stall.sell_for(Mode::Instant, 120).await;
    until_asked(&stall, &facilitator, 1).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.mined_count(), 1);
    settler.stop().await;
}

/// What was chosen while there was gas goes to the facilitator when there is none any more.
#[tokio::test]
async fn a_facilitator_stands_in_also_for_what_was_chosen_before_the_gas_was_gone() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    stall.node.mine_at_once();
    stall.node.mute(&[Question::Simulation]);
    let settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
    let sale = stall.sell().await;
    press(&settler).await;
    stall
        .until("a try that failed", || async {
            settler.state().await.values().all(|state| matches!(state, LaneState::Blocked(_)))
        })
        .await;
    stall.node.set_gas_money(0);
    stall.node.mute(&[]);
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!((facilitator.bodies().len(), stall.node.mined_count()), (1, 0));
    settler.stop().await;
}

/// T25: the facilitator had its chance; what is left is a transaction that costs more than it brings.
#[tokio::test]
async fn what_is_refused_and_not_worth_its_gas_is_written_off_at_its_deadline_after_one_question() {
    for used in [FacilitatorUse::WithoutGas, FacilitatorUse::Always] {
        let mut stall = Stall::open().await;
        let facilitator = ScriptedFacilitator::start(&stall).await;
        facilitator.script(Deed::Nothing, Says::Refuses("no"));
        stall.know_price().await;
        stall.node.set_fees(10_000_000_000, 0);
        let rail = Some(facilitator.rail(&stall, used));
        let settler = start(&stall, LaneConfig { facilitator: rail, ..stall.lane() }).await;
        let sale = stall.sell_for(Mode::Batched, 3_600).await;
        stall.pass(TimeDelta::minutes(51)).await;
        stall.until_state(sale, PaymentState::WrittenOff).await;
        assert_eq!(stall.reason(sale).await, Some(FailureReason::NotWorthGas));
        assert_eq!((asked_about(&facilitator, sale).len(), stall.node.received().len()), (1, 0), "{used}");
        settler.stop().await;
    }
}

/// Gas money for a usual transaction is none for one that runs code: going round would only cost time.
#[tokio::test]
async fn what_our_gas_money_does_not_cover_stays_with_the_facilitator() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Refuses("try_later"));
    stall.node.set_gas_money(200_000 * 1_000);
    let settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
    let sale = stall.sell_to_code(1_800).await;
    stall.until("refusals", || async { asked_about(&facilitator, sale).len() >= 4 }).await;
    stall.pass(TimeDelta::minutes(22)).await;
    facilitator.script(Deed::Settles, Says::Truth);
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!((stall.batches().await.len(), stall.node.received().len()), (1, 0));
    settler.stop().await;
}

/// I6, I9: gas money ran out after the transaction was signed. What it carries goes to the facilitator when it has to be
/// sent, also after a restart, and is paid once when there is gas money again.
#[tokio::test]
async fn what_no_gas_money_is_left_for_is_settled_by_the_facilitator_beside_our_own_transaction() {
    for restarts in [false, true] {
        let mut stall = Stall::open().await;
        let facilitator = ScriptedFacilitator::start(&stall).await;
        facilitator.script(Deed::Nothing, Says::Refuses("try_later"));
        let mut settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
        let (first, second) = (stall.sell().await, stall.sell().await);
        stall.node.receive(Reception::Refuse(ChainError::OutOfGasMoney));
        press(&settler).await;
        stall.until_sent(1).await;
        stall.node.set_gas_money(0);
        stall.pass(TimeDelta::minutes(40)).await;
        assert!(asked_about(&facilitator, first).is_empty(), "there may be gas money in time");
        stall.pass(TimeDelta::minutes(11)).await;
        stall.until("the question", || async { !asked_about(&facilitator, first).is_empty() }).await;
        if restarts {
            stall.restart(settler).await;
            settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
            stall.pass(TimeDelta::seconds(30)).await;
        }
        assert_eq!(stall.state(first).await, PaymentState::Settling);
        facilitator.script(Deed::Settles, Says::Truth);
        for sale in [first, second] {
            stall.until_state(sale, PaymentState::Settled).await;
        }
        stall.node.set_gas_money(1_000_000_000);
        stall.node.receive(Reception::Keep);
        stall.node.mine_at_once();
        let third = stall.sell().await;
        press(&settler).await;
        stall.until_state(third, PaymentState::Settled).await;
        assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
        settler.stop().await;
    }
}

/// The same in the other order: our own transaction is mined after all, and what it paid is asked for no more.
#[tokio::test]
async fn what_our_own_transaction_settles_after_all_is_asked_for_no_more() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Refuses("try_later"));
    let settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
    let sale = stall.sell().await;
    stall.node.receive(Reception::Refuse(ChainError::OutOfGasMoney));
    press(&settler).await;
    stall.pass(TimeDelta::minutes(51)).await;
    stall.until("the question", || async { !asked_about(&facilitator, sale).is_empty() }).await;
    stall.node.receive(Reception::Keep);
    stall.node.mine_at_once();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.batches().await.len(), 1);
    stall.until_idle(&settler).await;
    let asked = facilitator.bodies().len();
    stall.pass(TimeDelta::minutes(5)).await;
    assert_eq!(facilitator.bodies().len(), asked);
    settler.stop().await;
}

/// A buyer who waits does not wait for gas money that others need.
#[tokio::test]
async fn transactions_without_gas_money_keep_no_instant_sale_from_the_facilitator() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
    stall.node.receive(Reception::Refuse(ChainError::OutOfGasMoney));
    let queued = [stall.sell().await, stall.sell().await];
    press(&settler).await;
    stall.until_sent(2).await;
    stall.node.set_gas_money(0);
    let instant = stall.sell_for(Mode::Instant, 600).await;
    stall.until_state(instant, PaymentState::Settled).await;
    assert_eq!(facilitator.bodies().iter().map(|body| key_in(body)).collect::<Vec<_>>(), [instant.key]);
    assert_eq!(stall.state(queued[0]).await, PaymentState::Settling);
    settler.stop().await;
}

#[tokio::test]
async fn a_payment_goes_by_the_rail_that_the_seller_wants_for_it() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    stall.node.mine_at_once();
    let (direct, called) = (stall.sell().await, stall.sell().await);
    let seq = stall.payment(called).await.seq;
    stall.store.want_rail(vec![seq], Some(Rail::Facilitator)).await.unwrap();
    let settler = start(&stall, with_stand_in(&stall, &facilitator)).await;
    press(&settler).await;
    stall.until_state(direct, PaymentState::Settled).await;
    stall.until_state(called, PaymentState::Settled).await;
    assert_eq!(facilitator.bodies().iter().map(|body| key_in(body)).collect::<Vec<_>>(), [called.key]);
    settler.stop().await;
}

//! A facilitator settles, refuses, keeps silent and lies; the chain decides.

use alloy_primitives::B256;
use chain::{AuthorizationFate, ChainError};
use chrono::TimeDelta;
use domain::{BatchState, FacilitatorUse, FailureReason, Mode, PaymentState, Rail};
use facilitator::Facilitator;
use settler::{FacilitatorRail, LaneConfig, LaneState, Settler, SettlerConfig};
use wallet::{Credential, CredentialKind, GasWallet};
use x402::Version;

use crate::facilitator::{Deed, Says, ScriptedFacilitator, key_in};
use crate::node::{Question, Reception};
use crate::stall::{PAY_TO, PRICE, Sale, Stall, press};

async fn start(stall: &Stall, lane: LaneConfig) -> Settler {
    let (store, clock) = (stall.store.clone(), stall.clock.clone());
    Settler::start(SettlerConfig { store, clock, lanes: vec![lane] }).await
}

/// A lane without any gas wallet.
fn without_wallet(stall: &Stall, facilitator: &ScriptedFacilitator) -> LaneConfig {
    let rail = Some(facilitator.rail(stall, FacilitatorUse::Always));
    LaneConfig { wallet: GasWallet::none(), facilitator: rail, ..stall.lane() }
}

/// A lane whose facilitator stands in when there is no gas.
fn with_stand_in(stall: &Stall, facilitator: &ScriptedFacilitator) -> LaneConfig {
    LaneConfig { facilitator: Some(facilitator.rail(stall, FacilitatorUse::WithoutGas)), ..stall.lane() }
}

async fn until_asked(stall: &Stall, facilitator: &ScriptedFacilitator, times: usize) {
    stall.until("the question", || async { facilitator.bodies().len() >= times }).await;
}

fn asked_about(facilitator: &ScriptedFacilitator, sale: Sale) -> Vec<String> {
    facilitator.bodies().into_iter().filter(|body| key_in(body) == sale.key).collect()
}

#[tokio::test]
async fn a_facilitator_settles_everything_and_no_wallet_is_needed() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let mut sales = Vec::new();
    for _ in 0..7 {
        sales.push(stall.sell().await);
    }
    press(&settler).await;
    for sale in &sales {
        stall.until_state(*sale, PaymentState::Settled).await;
        let fate = stall.node.fate(sale.key).unwrap();
        assert!(matches!(fate, AuthorizationFate::Used { transfer: Some((to, _)) } if to == PAY_TO));
        assert_eq!(asked_about(&facilitator, *sale).len(), 1);
    }
    assert!(stall.node.received().is_empty(), "nothing was sent by ourselves");
    assert_eq!(stall.node.balance(PAY_TO), 7 * PRICE);
    stall.node.mine_empty(3);
    stall.until("finality", || async { stall.batches().await[0].summary.state == BatchState::Final }).await;
    let batch = stall.batches().await.remove(0);
    assert_eq!((batch.summary.attempts.len(), batch.summary.calls.len()), (0, 7));
    settler.stop().await;
}

/// I7, T56: whatever it says is done, the payment waits for the token's own event.
#[tokio::test]
async fn what_a_facilitator_says_is_done_is_settled_once_the_chain_says_so_and_by_what_it_says() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let other = stall.sell().await;
    press(&settler).await;
    stall.until_state(other, PaymentState::Settled).await;
    let of_another = stall.payment(other).await.transaction;
    for says in [
        Says::Done(Some(B256::repeat_byte(0xab))),
        Says::Done(of_another),
        Says::Done(None),
        Says::Pending(Some(B256::repeat_byte(0xcd))),
        Says::Pending(None),
    ] {
        facilitator.script(Deed::Nothing, says.clone());
        let sale = stall.sell().await;
        press(&settler).await;
        stall.until("the question", || async { !asked_about(&facilitator, sale).is_empty() }).await;
        stall.pass(TimeDelta::minutes(5)).await;
        assert_eq!(stall.state(sale).await, PaymentState::Settling, "{says:?}");
        let asked = asked_about(&facilitator, sale);
        assert!(asked.len() > 1 && asked.iter().all(|body| *body == asked[0]), "the same is asked again");
        let true_one = stall.node.used_by_another(sale.key, PAY_TO, PRICE);
        stall.until_state(sale, PaymentState::Settled).await;
        assert_eq!(stall.payment(sale).await.transaction, Some(true_one), "{says:?}");
    }
    settler.stop().await;
}

/// T56: it did what it was asked, and says that it did not, or something that is no answer at all.
#[tokio::test]
async fn what_is_on_chain_is_found_whatever_the_facilitator_says_or_does_not_say() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    for says in [
        Says::Done(None),
        Says::Done(Some(B256::ZERO)),
        Says::Refuses("insufficient_funds"),
        Says::Raw("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 13\r\n\r\n<html></html>"),
        Says::Raw("HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"),
        Says::Raw("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"success\":fal"),
        Says::HangsUp,
    ] {
        facilitator.script(Deed::Settles, says.clone());
        let sale = stall.sell().await;
        press(&settler).await;
        stall.until_state(sale, PaymentState::Settled).await;
        assert!(stall.node.fate(sale.key).is_some(), "{says:?}");
    }
    settler.stop().await;
}

/// Nothing of this says that a payment failed; it is asked again at growing distances, in the same words.
#[tokio::test]
async fn after_a_refusal_the_same_is_asked_again_until_it_is_done() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    for says in [
        Says::Refuses("unexpected_settle_error"),
        Says::Raw("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"),
        Says::Raw("HTTP/1.1 401 Who\r\ncontent-length: 2\r\n\r\n{}"),
        Says::Raw("HTTP/1.1 429 Slow\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n"),
        Says::HangsUp,
    ] {
        facilitator.script(Deed::Nothing, says.clone());
        let sale = stall.sell().await;
        press(&settler).await;
        stall.until("the second question", || async { asked_about(&facilitator, sale).len() >= 2 }).await;
        stall.pass(TimeDelta::minutes(3)).await;
        assert_eq!(stall.state(sale).await, PaymentState::Settling, "{says:?}");
        assert!(asked_about(&facilitator, sale).len() < 12, "{says:?}: it is not pestered");
        let state = settler.state().await;
        let blocked =
            |state: &LaneState| matches!(state, LaneState::Blocked(why) if why.contains("facilitator"));
        assert!(state.values().all(blocked), "{says:?}: {state:?}");
        facilitator.script(Deed::Settles, Says::Truth);
        stall.until_state(sale, PaymentState::Settled).await;
        let asked = asked_about(&facilitator, sale);
        assert!(asked.iter().all(|body| *body == asked[0]), "I9: the same bytes");
        stall.until_idle(&settler).await;
    }
    settler.stop().await;
}

/// A facilitator refuses for a reason; the token itself names it.
#[tokio::test]
async fn a_payment_that_the_token_refuses_fails_for_the_tokens_reason_and_holds_up_no_other() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let (spent, cancelled, good) = (stall.sell().await, stall.sell().await, stall.sell().await);
    stall.node.spend(spent.key.payer);
    stall.node.refuse(spent.key.nonce, FailureReason::Underfunded);
    stall.node.cancelled(cancelled.key);
    facilitator.script(Deed::Nothing, Says::Refuses("whatever"));
    press(&settler).await;
    stall.until_state(spent, PaymentState::Failed).await;
    stall.until_state(cancelled, PaymentState::Cancelled).await;
    assert_eq!(stall.reason(spent).await, Some(FailureReason::Underfunded));
    assert_eq!(stall.state(good).await, PaymentState::Settling);
    facilitator.script(Deed::Settles, Says::Truth);
    stall.until_state(good, PaymentState::Settled).await;
    settler.stop().await;
}

/// I9, T40: killed between saving and asking, and between the answer and writing it down.
#[tokio::test]
async fn a_restart_asks_the_same_again_and_nothing_is_paid_twice() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    for (does, says) in
        [(Deed::Nothing, Says::HangsUp), (Deed::Settles, Says::HangsUp), (Deed::Settles, Says::Done(None))]
    {
        facilitator.script(does, says.clone());
        // Nobody looks at the chain, so that the answer leads nowhere before the program ends.
        stall.node.mute(&[crate::node::Question::Payers]);
        let sale = stall.sell().await;
        let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
        press(&settler).await;
        stall.until("the question", || async { !asked_about(&facilitator, sale).is_empty() }).await;
        stall.restart(settler).await;
        assert_eq!(stall.state(sale).await, PaymentState::Settling);
        stall.node.mute(&[]);
        facilitator.script(Deed::Settles, Says::Truth);

        let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
        stall.until_state(sale, PaymentState::Settled).await;
        let asked = asked_about(&facilitator, sale);
        assert!(asked.iter().all(|body| *body == asked[0]), "{does:?} {says:?}");
        settler.stop().await;
    }
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
}

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
    let rail = Some(facilitator.rail(&stall, FacilitatorUse::Always));
    let settler = start(&stall, LaneConfig { facilitator: rail, ..stall.lane() }).await;
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
    let rail = Some(facilitator.rail(&stall, FacilitatorUse::Always));
    let settler = start(&stall, LaneConfig { facilitator: rail, ..stall.lane() }).await;
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

/// I6: it wants to be left alone until tomorrow, but the payment cannot wait that long.
#[tokio::test]
async fn a_facilitator_that_asks_for_quiet_is_asked_again_when_the_payment_has_to_be_sent() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let busy = "HTTP/1.1 429 Slow\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n";
    facilitator.script(Deed::Nothing, Says::Raw(busy));
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let sale = stall.sell_for(Mode::Batched, 3 * 3_600).await;
    press(&settler).await;
    until_asked(&stall, &facilitator, 1).await;
    facilitator.script(Deed::Settles, Says::Truth);
    stall.pass(TimeDelta::minutes(165)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Settling, "it is left alone");
    stall.pass(TimeDelta::minutes(8)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// I6: what it says about one payment it says about all: it is not knocked at for each.
#[tokio::test]
async fn quiet_is_kept_for_every_payment_until_one_has_to_be_sent() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let busy = "HTTP/1.1 429 Slow\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n";
    facilitator.script(Deed::Nothing, Says::Raw(busy));
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let mut sales = Vec::new();
    for _ in 0..10 {
        sales.push(stall.sell_for(Mode::Batched, 3 * 3_600).await);
    }
    press(&settler).await;
    until_asked(&stall, &facilitator, 1).await;
    stall.pass(TimeDelta::hours(2)).await;
    assert!(facilitator.bodies().len() <= 3, "as many as are asked at once");
    facilitator.script(Deed::Settles, Says::Truth);
    stall.pass(TimeDelta::minutes(53)).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    settler.stop().await;
}

/// A buyer who waits must not wait in vain: where nobody settles at the moment, nothing is sold that way.
#[tokio::test]
async fn a_facilitator_counts_only_while_it_is_at_hand() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let ready = async |lane: LaneConfig| {
        let settler = start(&stall, lane).await;
        let ready = !settler.ready().await.is_empty();
        settler.stop().await;
        ready
    };
    let locked = |lane: LaneConfig| {
        let rail = lane.facilitator.clone().map(|rail| {
            let credential = Some(Credential::locked(CredentialKind::Bearer));
            let url = rail.client.url().clone();
            let client = Facilitator::new(url, credential, stall.clock.clone(), [1; 32]).unwrap();
            FacilitatorRail { client, ..rail }
        });
        LaneConfig { facilitator: rail, ..lane }
    };
    assert!(ready(without_wallet(&stall, &facilitator)).await);
    assert!(!ready(locked(without_wallet(&stall, &facilitator))).await);
    assert!(ready(locked(with_stand_in(&stall, &facilitator))).await, "the wallet does");

    // It settles everything, but nobody can tell it who asks: our own transaction is there for whoever waits.
    stall.node.mine_at_once();
    let always = Some(facilitator.rail(&stall, FacilitatorUse::Always));
    let settler = start(&stall, locked(LaneConfig { facilitator: always, ..stall.lane() })).await;
    assert!(!settler.ready().await.is_empty());
    let sale = stall.sell_for(Mode::Instant, 600).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!((facilitator.bodies().len(), stall.node.mined_count()), (0, 1));
    settler.stop().await;
}

/// The same of one that does not let us in, until it does again.
#[tokio::test]
async fn a_facilitator_that_fails_all_the_time_is_not_counted_on() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Raw("HTTP/1.1 401 Who\r\ncontent-length: 2\r\n\r\n{}"));
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let sale = stall.sell().await;
    press(&settler).await;
    until_asked(&stall, &facilitator, 1).await;
    assert!(!settler.ready().await.is_empty(), "once is nothing");
    stall.until("its end", || async { settler.ready().await.is_empty() }).await;
    assert!(facilitator.bodies().len() >= 3);
    facilitator.script(Deed::Settles, Says::Truth);
    stall.until_state(sale, PaymentState::Settled).await;
    assert!(!settler.ready().await.is_empty());
    settler.stop().await;
}

/// I6: nor does it hold what has little time, while its answer is waited for.
#[tokio::test]
async fn a_silent_facilitator_keeps_a_short_payment_only_until_half_its_time_is_over() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Silent);
    stall.node.mine_at_once();
    let rail = Some(facilitator.rail(&stall, FacilitatorUse::Always));
    let settler = start(&stall, LaneConfig { facilitator: rail, ..stall.lane() }).await;
    let sale = stall.sell_for(Mode::Instant, 120).await;
    until_asked(&stall, &facilitator, 1).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.mined_count(), 1);
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

/// The version it was set up with was the wrong one: with the right one it is asked anew, not in the old words.
#[tokio::test]
async fn another_version_is_another_question() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Refuses("unsupported_version"));
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let sale = stall.sell().await;
    press(&settler).await;
    until_asked(&stall, &facilitator, 1).await;
    facilitator.script(Deed::Settles, Says::Truth);
    let lane = without_wallet(&stall, &facilitator);
    let rail = lane.facilitator.clone().map(|rail| FacilitatorRail { version: Version::V1, ..rail });
    settler.set_lane(LaneConfig { facilitator: rail, ..lane }).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert!(facilitator.bodies().last().unwrap().starts_with(r#"{"x402Version":1,"#));
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

/// Its buyer waits, so it goes without anybody pressing, and before what is only queued.
#[tokio::test]
async fn an_instant_sale_goes_by_the_facilitator_at_once() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let queued = stall.sell().await;
    let instant = stall.sell_for(Mode::Instant, 600).await;
    stall.until_state(instant, PaymentState::Settled).await;
    assert_eq!(stall.state(queued).await, PaymentState::Queued);
    settler.stop().await;
}

/// I6.
#[tokio::test]
async fn a_deadline_calls_the_facilitator_without_anybody_pressing() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    stall.pass(TimeDelta::minutes(10)).await;
    assert!(facilitator.bodies().is_empty());
    stall.pass(TimeDelta::minutes(46)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// I8: what a reorganisation takes is asked for again.
#[tokio::test]
async fn a_block_that_goes_takes_the_payment_back_to_the_facilitator() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    let settler = start(&stall, without_wallet(&stall, &facilitator)).await;
    let sale = stall.sell().await;
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    stall.node.reorganise(1);
    stall.until("a second question", || async { asked_about(&facilitator, sale).len() >= 2 }).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

/// I6, T52: who settles has a node of its own; ours is away from before the deadline until after it.
#[tokio::test]
async fn with_our_node_away_the_facilitator_is_asked_all_the_same() {
    for stands_in in [false, true] {
        let mut stall = Stall::open().await;
        let facilitator = ScriptedFacilitator::start(&stall).await;
        stall.know_price().await;
        let lane = if stands_in {
            with_stand_in(&stall, &facilitator)
        } else {
            without_wallet(&stall, &facilitator)
        };
        let settler = start(&stall, lane).await;
        let due = stall.sell_for(Mode::Batched, 3_600).await;
        stall.pass(TimeDelta::minutes(40)).await;
        stall.node.set_away(true);
        stall.pass(TimeDelta::minutes(9)).await;
        assert!(facilitator.bodies().is_empty(), "it still has time");
        stall.pass(TimeDelta::minutes(3)).await;
        until_asked(&stall, &facilitator, 1).await;
        stall.pass(TimeDelta::minutes(9)).await;
        assert_eq!(stall.state(due).await, PaymentState::Settling, "nobody saw it");
        stall.node.set_away(false);
        stall.until_state(due, PaymentState::Settled).await;
        assert!(stall.node.received().is_empty(), "stands in: {stands_in}");
        settler.stop().await;
    }
}

/// The same for what it refused before: whether our own transaction could take it cannot be found out.
#[tokio::test]
async fn with_our_node_away_a_refusal_is_not_the_last_word() {
    let mut stall = Stall::open().await;
    let facilitator = ScriptedFacilitator::start(&stall).await;
    facilitator.script(Deed::Nothing, Says::Refuses("try_later"));
    let rail = Some(facilitator.rail(&stall, FacilitatorUse::Always));
    let settler = start(&stall, LaneConfig { facilitator: rail, ..stall.lane() }).await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    press(&settler).await;
    until_asked(&stall, &facilitator, 1).await;
    stall.pass(TimeDelta::minutes(40)).await;
    stall.node.set_away(true);
    stall.pass(TimeDelta::minutes(12)).await;
    facilitator.script(Deed::Settles, Says::Truth);
    let asked = facilitator.bodies().len();
    until_asked(&stall, &facilitator, asked + 1).await;
    stall.node.set_away(false);
    stall.until_state(sale, PaymentState::Settled).await;
    assert!(stall.node.received().is_empty());
    settler.stop().await;
}

//! A facilitator settles, refuses, keeps silent and lies; the chain decides.

mod rails;
mod when;

use alloy_primitives::B256;
use chain::AuthorizationFate;
use chrono::TimeDelta;
use domain::{BatchState, FacilitatorUse, FailureReason, PaymentState};
use settler::{FacilitatorRail, LaneConfig, LaneState, Settler, SettlerConfig};
use wallet::GasWallet;
use x402::Version;

use crate::facilitator::{Deed, Says, ScriptedFacilitator, key_in};
use crate::stall::{PAY_TO, PRICE, Sale, Stall, press};

async fn start(stall: &Stall, lane: LaneConfig) -> Settler {
    let (store, clock) = (stall.store.clone(), stall.clock.clone());
    Settler::start(SettlerConfig { store, clock, lanes: vec![lane] }).await
}

/// A lane that asks its facilitator whenever it can.
fn through(stall: &Stall, facilitator: &ScriptedFacilitator) -> LaneConfig {
    LaneConfig { facilitator: Some(facilitator.rail(stall, FacilitatorUse::Always)), ..stall.lane() }
}

/// The same without any gas wallet.
fn without_wallet(stall: &Stall, facilitator: &ScriptedFacilitator) -> LaneConfig {
    LaneConfig { wallet: GasWallet::none(), ..through(stall, facilitator) }
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

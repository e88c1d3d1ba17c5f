//! When a facilitator is asked, when it is left alone, and when it is counted on.

use chrono::TimeDelta;
use domain::{Mode, PaymentState};
use facilitator::Facilitator;
use settler::{FacilitatorRail, LaneConfig};
use wallet::{Credential, CredentialKind};

use super::{start, through, until_asked, with_stand_in, without_wallet};
use crate::facilitator::{Deed, Says, ScriptedFacilitator};
use crate::stall::{Stall, press};

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
    let settler = start(&stall, locked(through(&stall, &facilitator))).await;
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
    let settler = start(&stall, through(&stall, &facilitator)).await;
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

use chrono::TimeDelta;
use domain::{Mode, PaymentState};
use settler::Wait;

use crate::ledger::{calls_of, nonce_of};
use crate::node::Reception;
use crate::stall::{Sale, Stall, TOKEN, press};

/// One transaction on its way, one payment that is overdue, and one whose buyer waits.
async fn everything_at_once(stall: &mut Stall) -> [Sale; 3] {
    let flying = stall.sell_for(Mode::Batched, 72 * 3_600).await;
    stall.node.receive(Reception::Lose);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    let urgent = stall.sell_for(Mode::Batched, 3_600).await;
    stall.restart(settler).await;
    stall.clock.advance(TimeDelta::minutes(57));
    let new = stall.sell_for(Mode::Instant, 3_600).await;
    stall.node.forget_received();
    stall.node.receive(Reception::Keep);
    [flying, urgent, new]
}

/// The payments in the order in which their transactions were handed over.
fn order(stall: &Stall) -> Vec<alloy_primitives::B256> {
    let sent = stall.node.transactions();
    sent.iter().flat_map(|raw| calls_of(raw, TOKEN)).map(|call| call.nonce).collect()
}

fn expected(sales: [Sale; 3]) -> Vec<alloy_primitives::B256> {
    let [flying, urgent, new] = sales;
    [urgent, flying, new].map(|sale| sale.key.nonce).to_vec()
}

async fn settles(stall: &Stall, sales: [Sale; 3]) {
    stall.until_sent(2).await;
    stall.node.mine();
    stall.until_sent(3).await;
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
}

/// T67, I6: at the start what is due goes first, then what is on its way, then new work.
#[tokio::test]
async fn at_the_start_the_urgent_goes_first_then_what_is_on_its_way_then_new_work() {
    let mut stall = Stall::open().await;
    let sales = everything_at_once(&mut stall).await;
    let settler = stall.settler().await;
    settles(&stall, sales).await;
    assert_eq!(order(&stall), expected(sales));
    let nonces = stall.node.transactions().iter().map(nonce_of).collect::<Vec<_>>();
    assert_eq!(nonces, [1, 0, 2], "the saved bytes keep their place in the chain");
    settler.stop().await;
}

/// T67: the same after the computer slept, whatever the lane was waiting for.
#[tokio::test]
async fn after_a_sleep_the_urgent_goes_first() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let flying = stall.sell_for(Mode::Batched, 72 * 3_600).await;
    stall.node.receive(Reception::Lose);
    press(&settler).await;
    stall.until_sent(1).await;
    let urgent = stall.sell_for(Mode::Batched, 3_600).await;
    stall.pass(TimeDelta::seconds(20)).await;
    stall.node.forget_received();
    stall.node.receive(Reception::Keep);
    stall.clock.advance(TimeDelta::minutes(56));
    stall.until_sent(2).await;
    assert_eq!(order(&stall), [urgent, flying].map(|sale| sale.key.nonce));
    stall.node.mine();
    stall.until_state(flying, PaymentState::Settled).await;
    stall.until_state(urgent, PaymentState::Settled).await;
    settler.stop().await;
}

/// T52, T67: the network comes back after hours; what became due meanwhile goes first and at once.
#[tokio::test]
async fn when_the_network_is_back_the_urgent_goes_first() {
    let mut stall = Stall::open().await;
    let sales = everything_at_once(&mut stall).await;
    stall.node.set_away(true);
    let settler = stall.settler().await;
    stall.pass(TimeDelta::minutes(1)).await;
    assert!(stall.node.received().is_empty());
    stall.node.set_away(false);
    settles(&stall, sales).await;
    assert_eq!(order(&stall), expected(sales));
    settler.stop().await;
}

/// T52, T67: who pressed in vain meanwhile has not put off what is due: it is tried again before anything is looked at.
#[tokio::test]
async fn when_the_network_is_back_the_urgent_goes_first_also_after_presses_in_vain() {
    let mut stall = Stall::open().await;
    let sales = everything_at_once(&mut stall).await;
    stall.node.set_away(true);
    let settler = stall.settler().await;
    stall.pass(TimeDelta::minutes(1)).await;
    for _ in 0..3 {
        assert!(settler.settle_now(None, Wait::No).await.is_err(), "the network is away");
    }
    stall.node.set_away(false);
    settles(&stall, sales).await;
    assert_eq!(order(&stall), expected(sales));
    settler.stop().await;
}

/// A node is replaced by another one that knows nothing of what was sent.
#[tokio::test]
async fn when_the_node_is_replaced_the_urgent_goes_first() {
    let mut stall = Stall::open().await;
    let sales = everything_at_once(&mut stall).await;
    stall.node.set_away(true);
    let settler = stall.settler().await;
    stall.pass(TimeDelta::minutes(1)).await;
    stall.node.set_away(false);
    settler.set_lane(stall.lane()).await;
    settles(&stall, sales).await;
    assert_eq!(order(&stall), expected(sales));
    settler.stop().await;
}

/// T47, T67: the chain was set back while nobody could ask it. What became due meanwhile goes first, even with
/// the wallet nonce that the lost block gave back; what was lost with the block is settled again.
#[tokio::test]
async fn when_the_chain_was_rewound_the_urgent_goes_first() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let lost = stall.sell_for(Mode::Batched, 72 * 3_600).await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(lost, PaymentState::Settled).await;
    let urgent = stall.sell_for(Mode::Batched, 3_600).await;
    stall.node.set_away(true);
    stall.pass(TimeDelta::minutes(2)).await;
    stall.node.reorganise(1);
    stall.node.forget_received();
    stall.clock.advance(TimeDelta::minutes(55));
    stall.node.set_away(false);
    stall.until_sent(2).await;
    assert_eq!(order(&stall)[..2], [urgent, lost].map(|sale| sale.key.nonce));
    stall
        .until("both to be settled", || async {
            stall.node.mine();
            stall.state(lost).await == PaymentState::Settled
                && stall.state(urgent).await == PaymentState::Settled
        })
        .await;
    assert_eq!(stall.node.balance(crate::stall::PAY_TO), 2 * crate::stall::PRICE);
    settler.stop().await;
}

use alloy_primitives::U256;
use chrono::TimeDelta;
use domain::{Amount, Clock as _, FailureReason, Mode, NetworkId, PaymentState, SettlePolicy};

use crate::ledger::payments_in;
use crate::node::Question;
use crate::stall::{PRICE, Sale, Stall, TOKEN};

const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;
const DAYS: u64 = 24 * 3_600;

fn every(text: &str) -> SettlePolicy {
    SettlePolicy { every: Some(text.parse().unwrap()), ..SettlePolicy::default() }
}

impl Stall {
    async fn choose(&self, policy: SettlePolicy) {
        self.store.set_schedule(NETWORK, policy, self.clock.now()).await.unwrap();
    }

    async fn sell_for_days(&mut self) -> Sale {
        self.sell_for(Mode::Batched, 3 * DAYS).await
    }

    async fn ran(&self) -> bool {
        self.store.schedule(NETWORK).await.unwrap().ran_at.is_some()
    }

    /// What began each batch, oldest first.
    async fn began(&self) -> Vec<String> {
        self.batches().await.into_iter().map(|batch| batch.summary.started_by).collect()
    }

    fn sent(&self) -> Vec<usize> {
        self.node.transactions().iter().map(|raw| payments_in(raw, TOKEN)).collect()
    }
}

#[tokio::test]
async fn a_run_takes_everything_that_waits_at_its_time_and_not_before() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    stall.choose(every("30m")).await;
    let settler = stall.settler().await;
    let sales = [stall.sell_for_days().await, stall.sell_for_days().await, stall.sell_for_days().await];
    stall.pass(TimeDelta::minutes(29)).await;
    assert!(stall.node.received().is_empty());
    stall.pass(TimeDelta::minutes(2)).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    assert_eq!((stall.sent(), stall.began().await), (vec![3], vec!["schedule".to_owned()]));
    settler.stop().await;
}

/// T67: neither left out nor done twice.
#[tokio::test]
async fn a_restart_goes_on_counting_and_a_run_that_was_slept_through_happens_once() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    stall.choose(every("30m")).await;
    let settler = stall.settler().await;
    let first = stall.sell_for_days().await;
    stall.pass(TimeDelta::minutes(31)).await;
    stall.until_state(first, PaymentState::Settled).await;
    stall.until("the run written down", || async { stall.ran().await }).await;
    stall.restart(settler).await;

    let settler = stall.settler().await;
    let second = stall.sell_for_days().await;
    stall.pass(TimeDelta::minutes(20)).await;
    assert_eq!(stall.sent(), [1], "the run before the restart is not repeated");
    stall.restart(settler).await;

    stall.clock.advance(TimeDelta::hours(5));
    let settler = stall.settler().await;
    stall.until_state(second, PaymentState::Settled).await;
    let third = stall.sell_for_days().await;
    stall.pass(TimeDelta::minutes(25)).await;
    assert_eq!(stall.sent(), [1, 1], "ten runs were slept through, and made up for by one");
    stall.pass(TimeDelta::minutes(10)).await;
    stall.until_state(third, PaymentState::Settled).await;
    settler.stop().await;
}

/// A crash between choosing and signing brings the payments back into the queue, and the run with them.
#[tokio::test]
async fn a_run_that_was_cut_short_is_made_up_for() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    stall.node.mute(&[Question::Simulation]);
    stall.choose(every("30m")).await;
    let settler = stall.settler().await;
    let sale = stall.sell_for_days().await;
    stall.clock.advance(TimeDelta::minutes(31));
    stall.until_state(sale, PaymentState::Settling).await;
    assert!(!stall.ran().await);
    stall.restart(settler).await;

    stall.node.mute(&[]);
    let settler = stall.settler().await;
    stall.until_state(sale, PaymentState::Settled).await;
    stall.until("the run written down", || async { stall.ran().await }).await;
    settler.stop().await;
}

#[tokio::test]
async fn as_many_or_as_much_as_the_seller_said_is_sent_at_once() {
    for policy in [
        SettlePolicy { at_count: Some(3), ..SettlePolicy::default() },
        SettlePolicy { at_amount: Some(Amount::from_atomic(3 * PRICE).unwrap()), ..SettlePolicy::default() },
    ] {
        let mut stall = Stall::open().await;
        stall.node.mine_at_once();
        stall.choose(policy).await;
        let settler = stall.settler().await;
        stall.sell_for_days().await;
        stall.sell_for_days().await;
        stall.pass(TimeDelta::minutes(5)).await;
        assert!(stall.node.received().is_empty());
        let third = stall.sell_for_days().await;
        stall.until_state(third, PaymentState::Settled).await;
        assert_eq!((stall.sent(), stall.began().await), (vec![3], vec!["schedule".to_owned()]));
        settler.stop().await;
    }
}

/// I11: what the token will not take is not tried in a circle because it makes the queue full.
#[tokio::test]
async fn what_came_back_does_not_fill_the_queue_again() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    stall.choose(SettlePolicy { at_count: Some(3), ..SettlePolicy::default() }).await;
    let settler = stall.settler().await;
    for number in 1_u64..=3 {
        stall.node.refuse(U256::from(number).into(), FailureReason::Paused);
        stall.sell_for_days().await;
    }
    stall.until("a first try", || async { !stall.began().await.is_empty() }).await;
    stall.pass(TimeDelta::hours(2)).await;
    let tries = stall.began().await.iter().filter(|began| *began == "schedule").count();
    assert_eq!(tries, 1);
    settler.stop().await;
}

#[tokio::test]
async fn a_run_waits_for_gas_to_fall_or_is_left_out_as_the_seller_chose() {
    for wait_for_gas in [true, false] {
        let mut stall = Stall::open().await;
        stall.node.mine_at_once();
        stall.choose(SettlePolicy { gas_ceiling: Some(5_000), wait_for_gas, ..every("30m") }).await;
        stall.node.set_gas_price(5_001);
        let settler = stall.settler().await;
        let sale = stall.sell_for_days().await;
        stall.pass(TimeDelta::minutes(40)).await;
        assert!(stall.node.received().is_empty());
        assert_eq!(stall.ran().await, !wait_for_gas);
        stall.node.set_gas_price(5_000);
        stall.pass(TimeDelta::minutes(1)).await;
        if !wait_for_gas {
            assert!(stall.node.received().is_empty(), "only the next run asks again");
            stall.pass(TimeDelta::minutes(21)).await;
        }
        stall.until_state(sale, PaymentState::Settled).await;
        settler.stop().await;
    }
}

/// I6, T09: waiting for cheaper gas ends where it is no longer safe.
#[tokio::test]
async fn at_its_deadline_a_payment_is_sent_whatever_gas_costs() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    stall.node.set_gas_price(1_000_000);
    stall.choose(SettlePolicy { gas_ceiling: Some(1), wait_for_gas: true, ..every("10m") }).await;
    let settler = stall.settler().await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    stall.pass(TimeDelta::minutes(53)).await;
    assert!(stall.node.received().is_empty());
    stall.pass(TimeDelta::minutes(2)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.began().await, ["deadline"]);
    settler.stop().await;
}

#[tokio::test]
async fn a_new_choice_counts_from_when_it_was_made() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let settler = stall.settler().await;
    let sale = stall.sell_for_days().await;
    stall.pass(TimeDelta::hours(1)).await;
    assert!(stall.node.received().is_empty(), "by hand, unless something else is chosen");
    stall.choose(every("30m")).await;
    stall.pass(TimeDelta::minutes(28)).await;
    assert!(stall.node.received().is_empty());
    stall.pass(TimeDelta::minutes(4)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T25, I11: at its deadline, what costs more than it brings is given up in the open and never sent.
#[tokio::test]
async fn what_is_not_worth_its_gas_waits_for_cheaper_gas_and_is_written_off_at_its_deadline() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    // A thousand gwei: 75 dollars for a payment of five cents.
    stall.node.set_gas_price(1_000_000_000_000);
    stall.store.set_setting(format!("{}ETH", store::COIN_PRICE), "3000".into()).await.unwrap();
    stall.choose(every("30m")).await;
    let settler = stall.settler().await;
    let long = stall.sell_for_days().await;
    let short = stall.sell_for(Mode::Batched, 3_600).await;
    stall.pass(TimeDelta::minutes(50)).await;
    assert_eq!(stall.state(short).await, PaymentState::Queued);
    stall.pass(TimeDelta::minutes(6)).await;
    stall.until_state(short, PaymentState::WrittenOff).await;
    assert_eq!(stall.reason(short).await, Some(FailureReason::NotWorthGas));
    assert!(stall.node.received().is_empty());

    stall.node.set_gas_price(1_000);
    stall.pass(TimeDelta::minutes(35)).await;
    stall.until_state(long, PaymentState::Settled).await;
    settler.stop().await;
}

/// T25: what only the price of gas gave up comes back when that falls, and what the seller wants sent is sent.
#[tokio::test]
async fn what_was_given_up_for_its_gas_is_sent_when_gas_falls_or_the_seller_insists() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let dear = 1_000_000_000_000;
    stall.node.set_gas_price(dear);
    stall.store.set_setting(format!("{}ETH", store::COIN_PRICE), "3000".into()).await.unwrap();
    let settler = stall.settler().await;
    let [first, second] =
        [stall.sell_for(Mode::Batched, 3_600).await, stall.sell_for(Mode::Batched, 3_600).await];
    stall.pass(TimeDelta::minutes(56)).await;
    for sale in [first, second] {
        stall.until_state(sale, PaymentState::WrittenOff).await;
    }
    let id = stall.payment(first).await.id;
    assert!(stall.store.take_up_again(id, stall.clock.now()).await.unwrap());
    stall.until_state(first, PaymentState::Settled).await;
    assert_eq!(stall.state(second).await, PaymentState::WrittenOff, "gas is as dear as before");
    stall.node.set_gas_price(1_000);
    stall.pass(TimeDelta::minutes(2)).await;
    stall.until_state(second, PaymentState::Settled).await;
    settler.stop().await;
}

/// Nothing is guessed: where nobody said what a coin is worth, every payment is sent in time.
#[tokio::test]
async fn without_the_price_of_a_coin_everything_is_worth_its_gas() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    stall.node.set_gas_price(1_000_000_000_000);
    let settler = stall.settler().await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    stall.pass(TimeDelta::minutes(55)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

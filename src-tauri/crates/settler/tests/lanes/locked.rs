use chrono::TimeDelta;
use domain::PaymentState;
use settler::{LaneState, SettleError, Settler, SettlerConfig, Wait};
use wallet::GasWallet;

use crate::stall::{PAY_TO, PRICE, Stall, press};

/// I6: what cannot be signed stays queued, where it is seen to wait, and goes out when its deadline comes or somebody
/// asks after the wallet is unlocked. What was sent before is followed all the same.
#[tokio::test]
async fn a_locked_wallet_keeps_everything_queued_and_what_was_sent_is_still_followed() {
    let mut stall = Stall::open().await;
    let sent = stall.sell().await;
    let lane = stall.lane();
    let wallet = lane.wallet.clone();
    let config = SettlerConfig { store: stall.store.clone(), clock: stall.clock.clone(), lanes: vec![lane] };
    let settler = Settler::start(config).await;
    press(&settler).await;
    stall.until_sent(1).await;
    wallet.lock();
    stall.node.mine();
    stall.until_state(sent, PaymentState::Settled).await;

    let waits = stall.sell().await;
    let refused = settler.settle_now(None, Wait::No).await.unwrap_err();
    assert!(matches!(refused, SettleError::Wallet(_)), "{refused}");
    assert_eq!(stall.state(waits).await, PaymentState::Queued);
    let state = settler.state().await;
    let says = |state: &LaneState| matches!(state, LaneState::Blocked(why) if why.contains("locked"));
    assert!(state.values().all(says), "{state:?}");
    // Its deadline comes, and still nothing is taken out of the queue.
    stall.pass(TimeDelta::minutes(58)).await;
    assert_eq!(stall.state(waits).await, PaymentState::Queued);
    assert_eq!(stall.node.transactions().len(), 1);

    wallet.unlock(&GasWallet::from_key_bytes(&mut [7; 32]).unwrap()).unwrap();
    stall.node.mine_at_once();
    stall.pass(TimeDelta::seconds(20)).await;
    stall.until_state(waits, PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), 2 * PRICE);
    settler.stop().await;
}

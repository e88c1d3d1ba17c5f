use domain::PaymentState;
use settler::{LaneConfig, Settler, SettlerConfig};

use crate::ledger::payments_in;
use crate::stall::{PAY_TO, PRICE, Stall, TOKEN, press};

/// T58: what stands where Multicall3 should is never called, and everything is settled all the same.
#[tokio::test]
async fn without_a_multicall3_to_trust_every_payment_is_a_call_of_the_token() {
    let mut stall = Stall::open().await;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(stall.sell().await);
    }
    stall.node.mine_at_once();
    let lanes = vec![LaneConfig { largest: 1, ..stall.lane() }];
    let settler =
        Settler::start(SettlerConfig { store: stall.store.clone(), clock: stall.clock.clone(), lanes }).await;
    press(&settler).await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let sent = stall.node.transactions();
    assert_eq!(sent.iter().map(|raw| payments_in(raw, TOKEN)).collect::<Vec<_>>(), [1; 5]);
    assert_eq!(stall.node.balance(PAY_TO), 5 * PRICE);
    settler.stop().await;
}

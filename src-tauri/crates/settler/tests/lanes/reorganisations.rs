use domain::PaymentState;

use crate::stall::{PAY_TO, PRICE, Stall, press};

/// T47, I7: what a lost block held is settled again by the same bytes, once.
#[tokio::test]
async fn a_payment_in_a_lost_block_is_settled_again_by_the_same_bytes() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    stall.node.reorganise(1);
    assert_eq!(stall.node.balance(PAY_TO), 0);
    stall.until("the bytes at the node", || async { stall.node.waiting() == 1 }).await;
    stall.node.mine();
    stall.until("the money", || async { stall.node.balance(PAY_TO) == 3 * PRICE }).await;
    stall.node.mine_empty(3);
    for sale in sales {
        stall.until("finality", || async { stall.payment(sale).await.final_at.is_some() }).await;
        assert_eq!(stall.state(sale).await, PaymentState::Settled);
    }
    let received = stall.node.received();
    assert!(received.iter().all(|raw| *raw == received[0]));
    assert_eq!(stall.batches().await.len(), 1);
    settler.stop().await;
}

/// T47: somebody else's transaction is lost; the authorization is good again.
#[tokio::test]
async fn a_payment_settled_elsewhere_in_a_lost_block_waits_again() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    stall.node.reorganise(1);
    stall.until_state(sale, PaymentState::Queued).await;
    stall.node.mine_at_once();
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

use alloy_primitives::{B256, keccak256};
use chrono::TimeDelta;
use domain::{Clock as _, Evidence, Outcome, PaymentState};
use store::Look;

use crate::node::Second;
use crate::stall::{Stall, press};

/// T53, I7: what one node told makes nothing final while another one tells otherwise, or nothing.
#[tokio::test]
async fn nothing_is_final_before_a_second_node_tells_the_same() {
    for doubt in [Second::Differs, Second::SawNoEvents, Second::Away] {
        let mut stall = Stall::open().await;
        stall.node.second(doubt);
        let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
        let settler = stall.settler().await;
        press(&settler).await;
        stall.until_sent(1).await;
        stall.node.mine();
        for sale in sales {
            stall.until_state(sale, PaymentState::Settled).await;
        }
        stall.node.mine_empty(9);
        for _ in 0..5 {
            stall.pass(TimeDelta::seconds(11)).await;
        }
        for sale in sales {
            assert_eq!(stall.payment(sale).await.final_at, None, "{doubt:?}");
        }
        stall.node.second(Second::Agrees);
        for sale in sales {
            stall.until("finality", || async { stall.payment(sale).await.final_at.is_some() }).await;
        }
        settler.stop().await;
    }
}

/// T53, I7: what one node makes us take down while another one is asked about the rest waits for its own turn, however
/// old its block.
#[tokio::test]
async fn what_is_taken_down_while_a_second_node_is_asked_is_not_final_unasked() {
    let mut stall = Stall::open().await;
    stall.node.second(Second::Agrees);
    stall.node.slow_second(true);
    let settled = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(settled, PaymentState::Settled).await;
    stall.node.mine_empty(9);
    stall.until("the question", || async { stall.node.second_asked() > 0 }).await;

    let told = stall.sell().await;
    let asset = stall.store.assets().await.unwrap()[0].0;
    let seen = stall.store.unfinal(asset).await.unwrap()[0];
    let invented = B256::repeat_byte(0x13);
    let evidence = Evidence { block: seen.block, block_hash: seen.block_hash, transaction: invented };
    let look = Look::Proved(Outcome::SettledElsewhere(evidence));
    let seq = stall.payment(told).await.seq;
    assert_eq!(stall.store.note_looks(vec![(seq, look)], stall.clock.now()).await.unwrap(), [seq]);

    stall.node.slow_second(false);
    stall.until("finality", || async { stall.payment(settled).await.final_at.is_some() }).await;
    stall.pass(TimeDelta::seconds(11)).await;
    assert_eq!(stall.payment(told).await.final_at, None);
    settler.stop().await;
}

/// T53, I7: a receipt that one node invented settles nothing and holds nothing up: once both tell that there was no such
/// transaction, its payments wait for it again.
#[tokio::test]
async fn what_one_node_invented_is_taken_back_once_both_tell_otherwise() {
    let mut stall = Stall::open().await;
    stall.node.second(Second::Differs);
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    stall.node.mine_empty(9);
    stall.pass(TimeDelta::seconds(11)).await;

    stall.node.hide(keccak256(&stall.node.transactions()[0]));
    stall.node.second(Second::SawNothing);
    for sale in sales {
        stall.until_state(sale, PaymentState::Settling).await;
        assert_eq!(stall.payment(sale).await.block, None);
    }
    settler.stop().await;
}

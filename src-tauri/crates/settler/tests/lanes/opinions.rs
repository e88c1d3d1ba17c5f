use chrono::TimeDelta;
use domain::PaymentState;

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

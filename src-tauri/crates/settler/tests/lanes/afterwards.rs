use chrono::TimeDelta;
use domain::{Delivery, Mode, PaymentState};

use crate::stall::{PAY_TO, PRICE, Sale, Stall, press};

/// A payment that was delivered and then failed, because its payer had spent the money.
async fn failed(stall: &mut Stall, settler: &settler::Settler) -> Sale {
    let first = stall.sell().await;
    let second = stall.sell_again(first).await;
    for sale in [first, second] {
        let seq = stall.payment(sale).await.seq;
        stall.store.record_delivery(seq, Delivery::Delivered, 1);
    }
    stall.node.mine_at_once();
    press(settler).await;
    stall.until_state(second, PaymentState::Failed).await;
    second
}

/// T05: automatic retries.
#[tokio::test]
async fn a_buyer_who_fills_the_wallet_up_again_is_paid_by_in_the_end() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let sale = failed(&mut stall, &settler).await;
    stall.pass(TimeDelta::minutes(4)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Failed, "still without money");
    let sent = stall.node.transactions().len();
    stall.node.fund(sale.key.payer, PRICE);
    stall.until_state(sale, PaymentState::Queued).await;
    assert_eq!(stall.node.transactions().len(), sent, "looking costs nothing");
    press(&settler).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T07, I7, I8: a failed payment's signature is public; whoever submits it pays us.
#[tokio::test]
async fn a_failed_payment_that_somebody_submits_later_counts() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let sale = failed(&mut stall, &settler).await;
    stall.node.fund(sale.key.payer, PRICE);
    let foreign = stall.node.used_by_another(sale.key, PAY_TO, PRICE);
    stall.until_state(sale, PaymentState::SettledElsewhere).await;
    assert_eq!(stall.payment(sale).await.transaction, Some(foreign));
    stall.node.mine_empty(4);
    stall.until("finality", || async { stall.payment(sale).await.final_at.is_some() }).await;
    settler.stop().await;
}

/// I10: what failed for good is let be once its window is over, and no node is asked about it again.
#[tokio::test]
async fn looking_ends_when_the_window_is_over_on_chain() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let sale = failed(&mut stall, &settler).await;
    let asset = stall.payment(sale).await.asset_id;
    stall.node.set_time(crate::ledger::START + 3_700);
    stall.node.mine_empty(4);
    stall
        .until("an end of looking", || async { stall.store.next_look(asset).await.unwrap().is_none() })
        .await;
    assert_eq!(stall.state(sale).await, PaymentState::Failed);
    settler.stop().await;
}

/// The buyer of an instant sale was told that it failed, and may have paid another time.
#[tokio::test]
async fn a_failed_instant_sale_is_not_collected_later() {
    let mut stall = Stall::open().await;
    let sale = stall.sell_for(Mode::Instant, 3_600).await;
    stall.node.refuse(sale.key.nonce, domain::FailureReason::Underfunded);
    let settler = stall.settler().await;
    stall.until_state(sale, PaymentState::Failed).await;
    stall.pass(TimeDelta::minutes(3)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Failed);
    settler.stop().await;
}

//! What is told in a line beside the stall.

use chrono::TimeDelta;
use domain::{Delivery, Mode, PaymentSeq};

use super::fixture::{Stall, after, amount, payer};
use crate::Acceptance;

async fn sold(stall: &Stall, since: PaymentSeq, minutes: i64) -> (u64, u64, Option<String>, PaymentSeq) {
    let now = after(10) + TimeDelta::minutes(minutes);
    let sold = stall.store.sold_since(Some(since), amount(0), now).await.unwrap();
    (sold.payments, sold.amount.atomic(), sold.title, sold.until)
}

#[tokio::test]
async fn who_begins_to_listen_hears_of_later_sales_only_and_never_of_the_sellers_own() {
    let stall = Stall::open().await;
    let first = stall.sell(stall.song(1, 0)).await;
    let begin = stall.store.sold_since(None, amount(0), after(10)).await.unwrap();
    assert_eq!((begin.payments, begin.until), (0, first.seq));
    stall.store.note_own_payers(vec![payer(9)]).await.unwrap();
    stall.sell(stall.song(9, 0)).await;
    let second = stall.sell(stall.song(2, 0)).await;
    let one = second.amount.atomic();
    assert_eq!(
        sold(&stall, begin.until, 0).await,
        (1, one, Some(stall.payment(second.seq).await.endpoint_title), second.seq)
    );
    stall.sell(stall.song(3, 0)).await;
    let last = stall.sell(stall.song(4, 0)).await.seq;
    assert_eq!(sold(&stall, begin.until, 0).await, (3, 3 * one, None, last));
    assert_eq!(sold(&stall, last, 0).await, (0, 0, None, last));
    let at_least =
        async |least| stall.store.sold_since(Some(begin.until), amount(least), after(10)).await.unwrap();
    assert_eq!((at_least(one).await.payments, at_least(one + 1).await.payments), (3, 0));
    assert_eq!(at_least(one + 1).await.until, last);
    // Whoever heard of more than there is heard of another data file.
    assert_eq!(sold(&stall, PaymentSeq(last.0 + 50), 0).await, (0, 0, None, last));
}

#[tokio::test]
async fn an_instant_sale_is_told_once_it_is_decided_and_keeps_nobody_waiting_for_long() {
    let stall = Stall::open().await;
    let first = stall.sell(stall.song(1, 0)).await.seq;
    let instant = Acceptance { mode: Mode::Instant, ..stall.song(2, 0) };
    let instant = stall.sell(instant).await;
    let after_it = stall.sell(stall.song(3, 0)).await.seq;
    assert_eq!(sold(&stall, first, 0).await.3, first);
    assert_eq!(sold(&stall, first, 3).await, (2, 2 * instant.amount.atomic(), None, after_it));
    stall.settle_one(instant.seq, 0, 120).await;
    assert_eq!(sold(&stall, first, 0).await.0, 2);
}

#[tokio::test]
async fn what_is_leaving_is_counted_until_it_has_left() {
    let stall = Stall::open().await;
    let payment = stall.sell(stall.song(1, 0)).await;
    assert_eq!(stall.store.delivering().await.unwrap(), 0);
    for (delivery, count) in [(Delivery::Streaming, 1), (Delivery::Delivered, 0)] {
        stall.store.record_delivery(payment.seq, delivery, 5);
        // Notes share a commit with whatever is written next.
        stall.store.set_setting("x".to_owned(), "y".to_owned()).await.unwrap();
        assert_eq!(stall.store.delivering().await.unwrap(), count, "{delivery:?}");
    }
    assert_ne!(payment.amount, amount(0));
}

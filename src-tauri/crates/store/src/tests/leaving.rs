//! Buyers who leave while their payment is being stored (T32), and notes that are written later.

use std::time::Duration;

use domain::Delivery;
use futures::future::join_all;
use futures::poll;
use sqlx::Connection as _;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::fixture::{PRICE, Stall, amount, new};
use crate::{Acceptance, Accepted, Change};

/// Lets the writer come as far as it can.
async fn let_it_work() {
    for _ in 0..64 {
        yield_now().await;
    }
}

#[tokio::test]
async fn a_buyer_who_leaves_before_the_turn_has_bought_nothing() {
    let stall = Stall::open().await;
    let mut leaving = Box::pin(stall.store.accept(stall.song(0, 0)));
    assert!(poll!(&mut leaving).is_pending());
    drop(leaving);
    let again = stall.sell(stall.song(0, 1)).await;
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    assert_eq!(stall.held(0).await, PRICE);
    // The first authorization was not used up.
    assert!(stall.sell(stall.song(0, 0)).await.seq > again.seq);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_buyer_who_leaves_while_the_payment_is_stored_can_claim_it() {
    let stall = Stall::open().await;
    let mut other = stall.look().await;
    let lock = other.begin_with("begin immediate").await.unwrap();
    let mut leaving = Box::pin(stall.store.accept(stall.song(0, 0)));
    assert!(poll!(&mut leaving).is_pending());
    let_it_work().await;
    drop(leaving);
    lock.rollback().await.unwrap();
    let claimed = stall.store.accept(stall.song(0, 1)).await.unwrap();
    assert!(matches!(claimed, Accepted::Owned(_)), "{claimed:?}");
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    assert_eq!(stall.held(0).await, PRICE);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_buyer_who_leaves_before_reading_the_answer_can_claim_the_payment() {
    let stall = Stall::open().await;
    let mut changes = stall.store.changes();
    let mut leaving = Box::pin(stall.store.accept(stall.song(0, 0)));
    assert!(poll!(&mut leaving).is_pending());
    assert_eq!(changes.next().await, Some(Change::Payments));
    let_it_work().await;
    drop(leaving);
    let claimed = stall.store.accept(stall.song(0, 1)).await.unwrap();
    assert!(matches!(claimed, Accepted::Owned(_)), "{claimed:?}");
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_note_is_written_by_itself() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    let mut changes = stall.store.changes();
    stall.store.record_delivery(sold.seq, Delivery::Delivered, 1_000);
    let told = timeout(Duration::from_secs(10), changes.next()).await.unwrap();
    assert_eq!(told, Some(Change::Deliveries));
    assert_eq!(stall.payment(sold.seq).await.delivery, Delivery::Delivered);
}

/// Numbers are given without asking the file; they must be those that are stored.
#[tokio::test]
async fn what_is_told_of_a_payment_is_stored_under_its_number() {
    let stall = Stall::open().await;
    let mut last = 0;
    for round in 0..3 {
        let requests = (0..200_u64).map(|number| {
            // Copies, payers without money, and owners who ask again, among others who buy.
            let balance = amount(if number % 7 == 0 { 0 } else { 1_000_000 });
            let plain = match number % 5 {
                0 => stall.song(number, 100 * round),
                1 => stall.song(number / 3, 100 * round),
                _ => stall.guide(number / 2, number + 1_000 * round),
            };
            stall.store.accept(Acceptance { balance, ..plain })
        });
        let told = tokio::task::unconstrained(join_all(requests)).await;
        let mut highest = last;
        for accepted in told {
            if let Accepted::New(payment) = accepted.unwrap() {
                assert_eq!(stall.payment(payment.seq).await.id, payment.id);
                assert!(payment.seq.0 > last, "a number that was given before");
                highest = highest.max(payment.seq.0);
            }
        }
        assert!(highest > last);
        last = highest;
        stall.assert_conserved().await;
    }
    let kept = new(stall.store.accept(stall.song(5_000, 1)).await.unwrap());
    assert_eq!(kept.seq.0, stall.number("select max(seq) from payments").await);
}

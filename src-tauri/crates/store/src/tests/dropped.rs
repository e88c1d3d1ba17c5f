//! What was dropped is not kept for ever.

use domain::PaymentState;

use super::fixture::{Stall, after};
use crate::{Accepted, Use};

/// I8, T02: nobody was charged for it, and its authorization is over, before anything of it goes.
#[tokio::test]
async fn a_dropped_payment_is_forgotten_a_day_after_its_authorization_ended_and_its_number_is_not_given_again()
 {
    let stall = Stall::open().await;
    let dropped = stall.sell(stall.song(0, 0)).await;
    let sold = stall.sell(stall.song(1, 1)).await;
    let last = stall.sell(stall.song(2, 2)).await;
    for seq in [dropped.seq, last.seq] {
        assert!(stall.store.void(seq, after(20)).await.unwrap());
    }
    let ends = i64::try_from(dropped.valid_before).unwrap() - after(0).timestamp();
    assert_eq!(stall.store.clear_up(after(ends + 86_000)).await.unwrap(), 0);
    let again = stall.store.accept(stall.song(0, 0)).await.unwrap();
    assert!(matches!(again, Accepted::Used(Use::Other)), "{again:?}");
    assert_eq!(stall.store.clear_up(after(ends + 87_000)).await.unwrap(), 1);
    assert!(stall.store.payment(dropped.id).await.unwrap().is_none());
    assert_eq!(stall.state(sold.seq).await, PaymentState::Queued);
    assert_eq!(stall.state(last.seq).await, PaymentState::Voided, "the newest keeps its number");
    stall.assert_conserved().await;
    let stall = stall.restart().await;
    let next = stall.sell(stall.song(3, 3)).await;
    assert!(next.seq > last.seq);
    assert_eq!(stall.store.clear_up(after(ends + 87_000)).await.unwrap(), 1);
    stall.assert_conserved().await;
}

use alloy_primitives::B256;
use domain::{BatchState, FacilitatorUse, NetworkId, Outcome, PaymentSeq, PaymentState, Rail};

use super::fixture::{Stall, after, evidence};
use crate::{FacilitatorRow, NewCall, OpenBatch, StoreError};

const FACILITATOR: &str = "https://facilitator.example";

fn call(batch: &OpenBatch, payment: PaymentSeq) -> NewCall {
    NewCall {
        batch: batch.id,
        payment,
        network: NetworkId::BASE_SEPOLIA,
        facilitator: FACILITATOR.to_owned(),
        body: format!("{{\"payment\":{payment}}}"),
        at: after(60),
    }
}

/// I9: what is asked is on disk before, and comes back byte for byte.
#[tokio::test]
async fn a_question_to_a_facilitator_comes_back_as_it_was_saved() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let batch = stall.batch(&sold).await;
    let saved = stall.store.save_call(call(&batch, sold[0])).await.unwrap();
    assert_eq!((saved.sent_at(), saved.named(), saved.answer()), (None, None, None));
    stall.store.note_broadcast(saved.id(), after(61)).await.unwrap();
    let named = B256::repeat_byte(7);
    stall.store.note_answer(saved.id(), Some(named), "pending".to_owned(), after(62)).await.unwrap();
    stall.store.note_answer(saved.id(), None, "no answer".to_owned(), after(63)).await.unwrap();
    let stall = stall.restart().await;
    let open = stall.store.open_batches(stall.asset).await.unwrap().remove(0);
    assert_eq!((open.state, open.attempts.len(), open.calls.len()), (BatchState::Submitted, 0, 1));
    let kept = &open.calls[0];
    assert_eq!((kept.id(), kept.batch(), kept.payment()), (saved.id(), batch.id, sold[0]));
    assert_eq!((kept.body(), kept.facilitator()), (saved.body(), FACILITATOR));
    assert_eq!((kept.saved_at(), kept.sent_at(), kept.named()), (after(60), Some(after(61)), Some(named)));
    assert_eq!(kept.answer(), Some(("no answer", after(63))));
    let shown = stall.payment(sold[0]).await;
    assert_eq!(shown.facilitator.as_deref(), Some(FACILITATOR));
    assert_eq!(shown.transaction, None, "what a facilitator names is no transaction of the payment");
    assert_eq!(stall.payment(sold[1]).await.facilitator, None);
    let stays = stall.store.history(sold[0]).await.unwrap().stays;
    assert_eq!(stays[0].calls, open.calls);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn nothing_is_asked_about_a_payment_that_is_decided_or_in_another_batch() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(2).await;
    let (first, second) = (stall.batch(&sold[..1]).await, stall.batch(&sold[1..]).await);
    let elsewhere = stall.store.save_call(call(&first, sold[1])).await;
    assert!(matches!(elsewhere, Err(StoreError::Conflict(_))), "{elsewhere:?}");
    stall.store.save_call(call(&second, sold[1])).await.unwrap();
    stall.record(second.id, &[(sold[1], Outcome::Settled(evidence(9)))]).await;
    let decided = stall.store.save_call(call(&second, sold[1])).await;
    assert!(matches!(decided, Err(StoreError::Conflict(_))), "{decided:?}");
    assert_eq!(stall.payment(sold[1]).await.state, PaymentState::Settled);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_payment_is_told_with_the_offer_it_answered() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    let paid_for = stall.store.paid_for(sold[0]).await.unwrap();
    let payment = stall.payment(sold[0]).await;
    assert_eq!(
        (paid_for.offer.amount, paid_for.offer.pay_to, paid_for.path.as_str()),
        (payment.amount, payment.pay_to, payment.path.as_str())
    );
    assert!(stall.store.paid_for(PaymentSeq(999)).await.is_err());
}

#[tokio::test]
async fn a_wish_for_a_rail_stands_until_it_is_taken_back() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    stall.store.want_rail(sold[..2].to_vec(), Some(Rail::Facilitator)).await.unwrap();
    stall.store.want_rail(sold[1..2].to_vec(), Some(Rail::Direct)).await.unwrap();
    let stall = stall.restart().await;
    let wanted = stall.store.wanted_rails(stall.asset).await.unwrap();
    assert_eq!(wanted, [(sold[0], Rail::Facilitator), (sold[1], Rail::Direct)].into());
    stall.store.want_rail(sold.clone(), None).await.unwrap();
    assert!(stall.store.wanted_rails(stall.asset).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_network_has_one_facilitator_at_most() {
    let stall = Stall::open().await;
    let network = NetworkId::BASE_SEPOLIA;
    let row = FacilitatorRow {
        network,
        url: "https://facilitator.example/x402".to_owned(),
        used: FacilitatorUse::Always,
        protocol: 2,
        credential: Some("cdp".to_owned()),
        key_id: Some("key-1".to_owned()),
    };
    stall.store.set_facilitator(row.clone(), after(1)).await.unwrap();
    let other = FacilitatorRow { used: FacilitatorUse::WithoutGas, credential: None, key_id: None, ..row };
    stall.store.set_facilitator(other.clone(), after(2)).await.unwrap();
    assert_eq!(stall.store.facilitators().await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(stall.store.facilitator(network).await.unwrap(), Some(other));
    assert!(stall.store.remove_facilitator(network).await.unwrap());
    assert!(!stall.store.remove_facilitator(network).await.unwrap());
    assert_eq!(stall.store.facilitator(network).await.unwrap(), None);
}

//! Buy once, receive again (T03).

use domain::{Delivery, FailureReason, Mode, Outcome, OwnedFor};
use futures::future::join_all;

use super::fixture::{PRICE, Stall, after, evidence, hash, new, payer};
use crate::{Acceptance, Accepted};

fn owned(accepted: Accepted) -> domain::PaymentSeq {
    match accepted {
        Accepted::Owned(payment) => payment.seq,
        other => panic!("not owned: {other:?}"),
    }
}

#[tokio::test]
async fn an_owners_fresh_authorization_is_discarded() {
    let stall = Stall::open().await;
    let bought = stall.sell(stall.guide(0, 0)).await;
    let again = stall.store.accept(stall.guide(0, 1)).await.unwrap();
    assert_eq!(owned(again), bought.seq);
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    assert_eq!(stall.held(0).await, PRICE);
    // Another payer pays, and so does the owner of one thing for another.
    stall.sell(stall.guide(1, 0)).await;
    stall.sell(stall.song(0, 2)).await;
    stall.assert_conserved().await;
}

#[tokio::test]
async fn nobody_pays_twice_for_an_owned_file_by_asking_twice_at_once() {
    let stall = Stall::open().await;
    let requests =
        [stall.guide(0, 0), stall.guide(0, 1), stall.guide(0, 0), stall.guide(0, 1), stall.guide(1, 2)];
    let accepted: Vec<Accepted> = join_all(requests.map(|request| stall.store.accept(request)))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let first = new(accepted[0].clone());
    assert_eq!(owned(accepted[1].clone()), first.seq);
    assert!(matches!(accepted[2], Accepted::Repeat(_)));
    assert_eq!(owned(accepted[3].clone()), first.seq);
    new(accepted[4].clone());
    assert_eq!(stall.number("select count(*) from payments").await, 2);
    assert_eq!(stall.held(0).await, PRICE);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn owning_ends_after_its_time() {
    let stall = Stall::open().await;
    stall.sell(stall.guide(0, 0)).await;
    let ends = OwnedFor::DEFAULT.ends(stall.guide(0, 0).at);
    let at = |at, nonce| stall.store.accept(Acceptance { at, ..stall.guide(0, nonce) });
    owned(at(ends - chrono::TimeDelta::milliseconds(1), 1).await.unwrap());
    let endpoint = stall.guide.endpoint;
    assert!(
        stall
            .store
            .owned(endpoint, &domain::Part::WHOLE, payer(0), ends - chrono::TimeDelta::milliseconds(1))
            .await
            .unwrap()
            .is_some()
    );
    assert!(stall.store.owned(endpoint, &domain::Part::WHOLE, payer(0), ends).await.unwrap().is_none());
    new(at(ends, 1).await.unwrap());
}

#[tokio::test]
async fn owned_for_nothing_means_that_every_purchase_is_charged() {
    let stall = Stall::open().await;
    for nonce in 0..3 {
        let sold = stall.sell(stall.song(0, nonce)).await;
        stall.store.record_delivery(sold.seq, Delivery::Delivered, 1_000);
    }
    let (one, other) =
        tokio::join!(stall.store.accept(stall.song(0, 7)), stall.store.accept(stall.song(0, 8)));
    assert_ne!(new(one.unwrap()).seq, new(other.unwrap()).seq);
    assert_eq!(stall.held(0).await, 5 * PRICE);
}

/// The note of what broke off is given before the next request: it counts even in the same group.
#[tokio::test]
async fn an_interrupted_delivery_can_be_claimed_until_it_is_delivered() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.store.record_delivery(sold.seq, Delivery::Interrupted, 400);
    assert_eq!(owned(stall.store.accept(stall.song(0, 1)).await.unwrap()), sold.seq);
    assert_eq!(stall.payment(sold.seq).await.bytes_sent, 400);
    stall.store.record_delivery(sold.seq, Delivery::Delivered, 1_000);
    new(stall.store.accept(stall.song(0, 1)).await.unwrap());
    assert_eq!(stall.number("select count(*) from payments").await, 2);
}

#[tokio::test]
async fn a_finished_delivery_stays_finished_whatever_a_later_download_does() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    // In one group, and in several.
    stall.store.record_delivery(sold.seq, Delivery::Delivered, 1_000);
    stall.store.record_delivery(sold.seq, Delivery::Streaming, 0);
    stall.store.record_delivery(sold.seq, Delivery::Interrupted, 10);
    new(stall.store.accept(stall.song(0, 1)).await.unwrap());
    stall.store.record_delivery(sold.seq, Delivery::Interrupted, 20);
    new(stall.store.accept(stall.song(0, 2)).await.unwrap());
    let shown = stall.payment(sold.seq).await;
    assert_eq!((shown.delivery, shown.bytes_sent), (Delivery::Delivered, 1_000));
}

#[tokio::test]
async fn what_was_on_its_way_to_a_buyer_at_a_restart_can_be_claimed() {
    let stall = Stall::open().await;
    let waiting = stall.sell(stall.song(0, 0)).await;
    let streaming = stall.sell(stall.song(1, 0)).await;
    let delivered = stall.sell(stall.song(2, 0)).await;
    let voided = stall.sell(stall.song(3, 0)).await;
    stall.store.record_delivery(streaming.seq, Delivery::Streaming, 5);
    stall.store.record_delivery(delivered.seq, Delivery::Delivered, 1_000);
    assert!(stall.store.void(voided.seq, after(20)).await.unwrap());
    let stall = stall.restart().await;
    assert_eq!(owned(stall.store.accept(stall.song(0, 1)).await.unwrap()), waiting.seq);
    assert_eq!(owned(stall.store.accept(stall.song(1, 1)).await.unwrap()), streaming.seq);
    new(stall.store.accept(stall.song(2, 1)).await.unwrap());
    new(stall.store.accept(stall.song(3, 1)).await.unwrap());
    stall.assert_conserved().await;
}

/// The buyer of an instant sale that failed was told so and got nothing: that did not break off, and must not look as if
/// it could be collected after all.
#[tokio::test]
async fn an_instant_sale_that_failed_did_not_break_off_at_a_restart() {
    let stall = Stall::open().await;
    let instant = |payer| Acceptance { mode: Mode::Instant, ..stall.song(payer, 0) };
    let failed = stall.sell(instant(0)).await.seq;
    let under_way = stall.sell(instant(1)).await.seq;
    let batched = stall.sell(stall.song(2, 0)).await.seq;
    let batch = stall.batch(&[failed, batched]).await.id;
    let refused = Outcome::Failed(FailureReason::Underfunded);
    stall.record(batch, &[(failed, refused), (batched, refused)]).await;
    let stall = stall.restart().await;
    assert_eq!(stall.payment(failed).await.delivery, Delivery::Waiting);
    assert_eq!(
        stall.payment(batched).await.delivery,
        Delivery::Interrupted,
        "it may have been served on credit"
    );
    assert_eq!(owned(stall.store.accept(stall.song(1, 1)).await.unwrap()), under_way);
    stall.assert_conserved().await;
}

/// T25: that gas cost more than it brings is no fault of the buyer.
#[tokio::test]
async fn what_was_written_off_for_its_gas_stays_owned() {
    let stall = Stall::open().await;
    let bought = stall.sell(stall.guide(0, 0)).await.seq;
    let broken_off = stall.sell(stall.song(1, 0)).await.seq;
    stall.store.record_delivery(bought, Delivery::Delivered, 1_000);
    stall.store.record_delivery(broken_off, Delivery::Interrupted, 10);
    stall.store.write_off_unworthy(vec![bought, broken_off], after(60)).await.unwrap();
    assert_eq!(owned(stall.store.accept(stall.guide(0, 1)).await.unwrap()), bought);
    assert_eq!(owned(stall.store.accept(stall.song(1, 1)).await.unwrap()), broken_off);
    assert_eq!(stall.number("select count(*) from payments").await, 2);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_was_not_paid_for_is_not_owned() {
    for outcome in [
        Outcome::Cancelled(evidence(120)),
        Outcome::Diverted(evidence(120)),
        Outcome::Expired,
        Outcome::Failed(FailureReason::Underfunded),
    ] {
        let stall = Stall::open().await;
        let bought = stall.sell(stall.guide(0, 0)).await;
        let batch = stall.batch(&[bought.seq]).await.id;
        stall.record(batch, &[(bought.seq, outcome)]).await;
        // A download that breaks off afterwards changes nothing about that.
        stall.store.record_delivery(bought.seq, Delivery::Interrupted, 10);
        let again = stall.store.accept(stall.guide(0, 1)).await.unwrap();
        assert!(matches!(again, Accepted::New(_)), "{outcome:?}: {again:?}");
        stall.assert_conserved().await;
    }
}

#[tokio::test]
async fn what_was_paid_stays_owned_and_a_reorganisation_gives_back_what_it_had_taken() {
    let stall = Stall::open().await;
    let bought = stall.sell(stall.guide(0, 0)).await;
    stall.settle_one(bought.seq, 0, 120).await;
    assert_eq!(owned(stall.store.accept(stall.guide(0, 1)).await.unwrap()), bought.seq);

    let cancelled = stall.sell(stall.guide(1, 0)).await;
    let batch = stall.batch(&[cancelled.seq]).await.id;
    stall.record(batch, &[(cancelled.seq, Outcome::Cancelled(evidence(121)))]).await;
    let endpoint = stall.guide.endpoint;
    assert!(stall.store.owned(endpoint, &domain::Part::WHOLE, payer(1), after(20)).await.unwrap().is_none());
    stall.store.take_back(stall.asset, hash(121)).await.unwrap();
    let owned_again =
        stall.store.owned(endpoint, &domain::Part::WHOLE, payer(1), after(20)).await.unwrap().unwrap();
    assert_eq!(owned_again.seq, cancelled.seq);
    stall.assert_conserved().await;
}

/// The price may change and the endpoint go: what was bought stays bought.
#[tokio::test]
async fn owning_outlives_price_changes_and_removal() {
    let stall = Stall::open().await;
    let bought = stall.sell(stall.guide(0, 0)).await;
    let endpoint = stall.guide.endpoint;
    let dearer = super::fixture::new_offer(stall.asset, 3 * PRICE);
    stall.store.quote(vec![(endpoint, dearer)], after(30)).await.unwrap();
    stall.store.set_endpoint_state(endpoint, domain::EndpointState::Removed).await.unwrap();
    assert_eq!(owned(stall.store.accept(stall.guide(0, 1)).await.unwrap()), bought.seq);
}

//! Paying once: copies, repeats, owners, and payments for other things (T01, T03, T12, T13).

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::{Clock as _, EndpointState, OwnedFor};
use futures::future::join_all;
use store::{NewBatch, Trigger};

use crate::buyer::{BOTH, Version, encode};
use crate::http;
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Goods, PRICE, Stall};

const CHARGED_EACH_TIME: Goods = Goods { owned_for: OwnedFor::NEVER, ..GOODS };

// T01
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_copies_of_one_payment_in_every_spelling_leave_one_row_and_one_hold() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    // Enough for this one payment only: a second hold would be refused.
    stall.chain.fund(buyer.address(), PRICE);
    let signed = stall.sign(&buyer, GUIDE).await;
    let mut short_v = signed.clone();
    short_v.signature[64] -= 27;
    let copies = (0..100).map(|copy| {
        let spelling = if copy % 3 == 0 { &short_v } else { &signed };
        stall.pay(GUIDE, spelling, BOTH[copy % 2])
    });
    let replies = join_all(copies).await;
    let ids: HashSet<String> = replies
        .iter()
        .map(|reply| {
            assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
            reply.decoded("PAYMENT-RESPONSE")["extra"]["commitmentId"].to_string()
        })
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn a_copy_that_comes_seconds_later_is_told_the_very_same() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    for version in BOTH {
        let told = stall.pay(GUIDE, &signed, version).await.decoded("PAYMENT-RESPONSE");
        stall.clock.advance(TimeDelta::seconds(5));
        assert_eq!(stall.pay(GUIDE, &signed, version).await.decoded("PAYMENT-RESPONSE"), told);
    }
}

#[tokio::test]
async fn an_owner_signs_afresh_and_is_not_charged() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let (_, bought) = stall.buy(&buyer, GUIDE, Version::Two).await;
    stall.chain.fund(buyer.address(), PRICE);
    for version in BOTH {
        let (_, again) = stall.buy(&buyer, GUIDE, version).await;
        assert_eq!((again.status, again.body.as_slice()), (200, GUIDE_TEXT));
        let id = |reply: &http::Reply| reply.decoded("PAYMENT-RESPONSE")["extra"]["commitmentId"].clone();
        assert_eq!(id(&again), id(&bought));
    }
    assert_eq!(stall.payments().await.len(), 1);
    stall.clock.advance(TimeDelta::days(31));
    let (_, later) = stall.buy(&buyer, GUIDE, Version::Two).await;
    assert_eq!(later.status, 402, "the balance covers no second purchase");
    stall.chain.fund(buyer.address(), 10 * PRICE);
    assert_eq!(stall.buy(&buyer, GUIDE, Version::Two).await.1.status, 200);
    assert_eq!(stall.payments().await.len(), 2, "ownership has ended");
}

#[tokio::test]
async fn an_endpoint_that_nobody_owns_charges_every_time() {
    let stall = Stall::open().await;
    stall.add("/each", "each.txt", b"again", CHARGED_EACH_TIME).await;
    let buyer = stall.buyer("ada");
    for _ in 0..3 {
        assert_eq!(stall.buy(&buyer, "/each", Version::Two).await.1.status, 200);
    }
    assert_eq!(stall.payments().await.len(), 3);
}

// T03
#[tokio::test]
async fn an_authorization_proves_nothing_once_a_node_may_have_shown_it() {
    let stall = Stall::open().await;
    stall.add("/each", "each.txt", b"again", CHARGED_EACH_TIME).await;
    let (signed, _) = stall.buy(&stall.buyer("ada"), "/each", Version::Two).await;
    assert_eq!(stall.pay("/each", &signed, Version::Two).await.status, 200, "not handed over yet");
    let payments = vec![stall.payment().await.seq];
    let batch = NewBatch { asset: stall.asset_id, payments, trigger: Trigger::Seller, at: stall.clock.now() };
    stall.store.open_batch(batch).await.unwrap();
    // T46: neither yes nor no while it is on its way, also when the chain has used it already.
    let waiting = stall.pay("/each", &signed, Version::Two).await;
    assert_eq!((waiting.status, waiting.error().as_str()), (503, "settlement_pending"));
    assert!(waiting.header("retry-after").is_some());
    stall.chain.use_nonce(signed.key());
    assert_eq!(stall.pay("/each", &signed, Version::Two).await.status, 503);
    assert_eq!(stall.payments().await.len(), 1);
}

// T13
#[tokio::test]
async fn a_payment_for_one_thing_never_buys_another_at_the_same_price() {
    let stall = Stall::open().await;
    stall.add("/other", "other.txt", b"something else", GOODS).await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, GUIDE).await;
    // Before it was spent: it says what it is for.
    let reply = stall.pay("/other", &signed, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_payment_requirements"));
    assert_eq!(stall.pay(GUIDE, &signed, Version::One).await.status, 200);
    // After it was spent: whatever it says.
    let mut silent = signed.payment(Version::Two);
    silent.as_object_mut().unwrap().remove("resource");
    for (path, name, header) in [
        ("/other", "PAYMENT-SIGNATURE", encode(&silent)),
        ("/other", "X-PAYMENT", signed.header(Version::One).1),
        ("/guide?edition=2", "X-PAYMENT", signed.header(Version::One).1),
    ] {
        let reply = stall.pay_with(path, name, &header).await;
        assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_transaction_state"), "{path}");
    }
    assert_eq!(stall.payments().await.len(), 1);
}

// T12
#[tokio::test]
async fn a_quote_in_flight_is_honoured_for_a_while_and_then_is_not() {
    let stall = Stall::open().await;
    let (quick, slow) = (stall.buyer("quick"), stall.buyer("slow"));
    let (quick, slow) = (stall.sign(&quick, GUIDE).await, stall.sign(&slow, GUIDE).await);
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.store.quote(vec![(id, stall.offer(PRICE * 2))], stall.clock.now()).await.unwrap();
    let doubled = (PRICE * 2).to_string();
    crate::stall::eventually("the new price is quoted", async || {
        stall.get(GUIDE).await.decoded("PAYMENT-REQUIRED")["accepts"][0]["amount"] == doubled
    })
    .await;
    assert_eq!(stall.pay(GUIDE, &quick, Version::Two).await.status, 200);
    stall.clock.advance(TimeDelta::hours(1));
    let late = stall.pay(GUIDE, &slow, Version::Two).await;
    assert_eq!(
        (late.status, late.error().as_str()),
        (402, "invalid_exact_evm_payload_authorization_value_mismatch")
    );
    assert_eq!(late.json()["accepts"][0]["maxAmountRequired"], doubled);
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn a_removed_endpoint_is_gone_for_strangers_and_stays_for_owners() {
    let stall = Stall::open().await;
    let (owner, stranger) = (stall.buyer("owner"), stall.buyer("stranger"));
    stall.buy(&owner, GUIDE, Version::Two).await;
    let (fresh, spent) = (stall.sign(&owner, GUIDE).await, stall.sign(&owner, GUIDE).await);
    let strangers = stall.sign(&stranger, GUIDE).await;
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.set_state(id, GUIDE, EndpointState::Removed, 404).await;
    let reply = stall.pay(GUIDE, &fresh, Version::Two).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
    assert_eq!(stall.pay(GUIDE, &strangers, Version::Two).await.status, 404);
    stall.chain.use_nonce(spent.key());
    assert_eq!(stall.pay(GUIDE, &spent, Version::Two).await.status, 404, "its signature may be public");
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn a_paused_endpoint_asks_nobody_to_pay() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.set_state(id, GUIDE, EndpointState::Paused, 503).await;
    let reply = stall.pay(GUIDE, &signed, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "paused"));
    assert!(reply.header("retry-after").is_some());
    assert!(stall.payments().await.is_empty());
    stall.set_state(id, GUIDE, EndpointState::Live, 402).await;
    assert_eq!(stall.pay(GUIDE, &signed, Version::Two).await.status, 200);
}

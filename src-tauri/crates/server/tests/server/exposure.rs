//! Caps on what is given before its money has arrived, and who is given nothing (I5, T05).

use alloy_primitives::B256;
use domain::{
    Amount, Beyond, Clock as _, Evidence, ExposurePolicy, Mode, Outcome, PayerStanding, PaymentState,
};
use futures::future::join_all;
use store::{NewBatch, Trigger, Verdict};

use crate::buyer::{BOTH, Buyer, Version};
use crate::http::Reply;
use crate::stall::{GUIDE, GUIDE_TEXT, PRICE, Stall, eventually};

async fn capped(guides: u64, beyond: Beyond) -> Stall {
    let stall = Stall::open().await;
    let total = Amount::from_atomic(guides * PRICE).ok();
    let policy = ExposurePolicy { total, beyond, ..ExposurePolicy::default() };
    stall.store.set_exposure_policy(policy, stall.clock.now()).await.unwrap();
    stall
}

/// Everybody pays at the same moment, each from a wallet of their own.
async fn rush(stall: &Stall, buyers: &[Buyer]) -> Vec<Reply> {
    let demand = stall.get(GUIDE).await;
    let signed: Vec<_> = buyers.iter().map(|buyer| buyer.answer(&demand, stall.clock.seconds())).collect();
    join_all(signed.iter().map(|signed| stall.pay(GUIDE, signed, Version::Two))).await
}

async fn exposed(stall: &Stall) -> u64 {
    stall.store.exposures().await.unwrap()[0].amount.atomic()
}

/// I5, T05: whatever the race, what was delivered unpaid stays within the cap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_buyers_at_once_never_pass_a_cap() {
    let stall = capped(7, Beyond::Refuse).await;
    let buyers: Vec<_> = (0..100).map(|number| stall.buyer(&format!("buyer {number}"))).collect();
    let replies = rush(&stall, &buyers).await;
    let served = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(served, 7);
    for refused in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((refused.status, refused.error().as_str()), (402, "cap_reached"));
        assert_eq!(refused.decoded("PAYMENT-REQUIRED")["error"], "cap_reached");
        assert!(refused.json()["errorMessage"].as_str().unwrap().contains("Nothing was charged"));
        // The terms are as good as before: later the same buyer may pay by them.
        assert_eq!(refused.decoded("PAYMENT-REQUIRED")["accepts"][0]["amount"], PRICE.to_string());
        assert!(!refused.body.windows(GUIDE_TEXT.len()).any(|part| part == GUIDE_TEXT));
    }
    assert_eq!(exposed(&stall).await, 7 * PRICE);
    assert_eq!(stall.payments().await.len(), 7);
    let (_, reply) = stall.buy(&stall.buyer("late"), GUIDE, Version::One).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, "cap_reached"));
}

/// I5: beyond the cap the money comes first; all who wait are settled by what the settler opens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_a_cap_buyers_are_served_once_their_money_has_arrived() {
    let stall = capped(2, Beyond::Instant).await;
    let buyers: Vec<_> = (0..10).map(|number| stall.buyer(&format!("buyer {number}"))).collect();
    let settling = async {
        eventually("eight wait", async || stall.store.queue(stall.asset_id).await.unwrap().instant == 8)
            .await;
        assert_eq!(exposed(&stall).await, 2 * PRICE);
        let mut payments = stall.payments().await;
        payments.retain(|payment| payment.mode == Mode::Instant);
        let undelivered = |payment: &store::Payment| payment.bytes_sent == 0;
        assert!(payments.iter().all(undelivered));
        let payments: Vec<_> = payments.iter().map(|payment| payment.seq).collect();
        let at = stall.clock.now();
        let batch = NewBatch { asset: stall.asset_id, payments, trigger: Trigger::Instant, at };
        let batch = stall.store.open_batch(batch).await.unwrap();
        let settled = Outcome::Settled(Evidence {
            block: 9,
            block_hash: B256::repeat_byte(9),
            transaction: B256::repeat_byte(0xaa),
        });
        let outcomes = batch.payments.iter().map(|payment| (payment.seq, settled)).collect();
        stall.store.record(Verdict { batch: batch.id, attempt: None, outcomes, at }).await.unwrap();
    };
    let (replies, ()) = tokio::join!(rush(&stall, &buyers), settling);
    assert!(replies.iter().all(|reply| reply.status == 200 && reply.body == GUIDE_TEXT));
    let states = stall.payments().await.into_iter().map(|payment| payment.state);
    assert_eq!(states.filter(|state| *state == PaymentState::Settled).count(), 8);
    assert_eq!(exposed(&stall).await, 2 * PRICE);
}

#[tokio::test]
async fn the_blocked_are_refused_before_the_chain_is_asked_and_keep_what_they_paid_for() {
    let stall = Stall::open().await;
    stall.add("/song", "song.txt", b"la la la", crate::stall::GOODS).await;
    let buyer = stall.buyer("ada");
    let (_, reply) = stall.buy(&buyer, GUIDE, Version::Two).await;
    assert_eq!(reply.status, 200);
    let refused = stall.sign(&buyer, "/song").await;
    stall.store.set_standing(buyer.address(), PayerStanding::Blocked, stall.clock.now()).await.unwrap();
    // The store refuses at once; the server hears of it a moment later.
    eventually("the block is known before the chain is asked", async || {
        let asked = stall.chain.asked();
        let reply = stall.pay("/song", &refused, Version::Two).await;
        reply.error() == "payer_blocked" && stall.chain.asked() == asked
    })
    .await;
    let asked = stall.chain.asked();
    for version in BOTH {
        let (_, reply) = stall.buy(&buyer, "/song", version).await;
        assert_eq!((reply.status, reply.error().as_str()), (402, "payer_blocked"));
        assert_eq!(reply.decoded("PAYMENT-REQUIRED")["error"], "payer_blocked");
        assert!(reply.json()["errorMessage"].as_str().unwrap().contains("can still fetch"));
        let (_, reply) = stall.buy(&buyer, GUIDE, version).await;
        assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
    }
    assert_eq!(stall.chain.asked(), asked);
    assert_eq!(stall.payments().await.len(), 1);
    // Somebody else is not kept waiting for it.
    let (_, reply) = stall.buy(&stall.buyer("bob"), "/song", Version::Two).await;
    assert_eq!(reply.status, 200);
    stall.store.set_standing(buyer.address(), PayerStanding::Normal, stall.clock.now()).await.unwrap();
    eventually("the block is lifted", async || {
        stall.buy(&buyer, "/song", Version::Two).await.1.status == 200
    })
    .await;
}

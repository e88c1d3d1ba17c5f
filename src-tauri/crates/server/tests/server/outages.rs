//! What cannot be asked or stored is not sold.

use domain::NetworkId;
use std::sync::Arc;

use crate::buyer::Version;
use crate::stall::{GUIDE, GUIDE_TEXT, Stall, eventually};

// I5: balances are never guessed.
#[tokio::test]
async fn without_the_chain_nobody_new_is_charged_and_owners_are_served() {
    let stall = Stall::open().await;
    let (owner, stranger) = (stall.buyer("owner"), stall.buyer("stranger"));
    let (spent, _) = stall.buy(&owner, GUIDE, Version::Two).await;
    stall.chain.set_away(true);
    let (_, reply) = stall.buy(&stranger, GUIDE, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "chain_unavailable"));
    assert!(reply.header("retry-after").is_some());
    let (_, reply) = stall.buy(&owner, GUIDE, Version::Two).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
    assert_eq!(
        stall.pay(GUIDE, &spent, Version::Two).await.status,
        200,
        "its own payment, not handed over yet"
    );
    assert_eq!(stall.payments().await.len(), 1);
    stall.chain.set_away(false);
    assert_eq!(stall.buy(&stranger, GUIDE, Version::Two).await.1.status, 200);
}

// T54
#[tokio::test]
async fn an_offer_on_a_chain_that_is_not_verified_is_not_put_before_anybody() {
    let stall = Stall::open().await;
    let (owner, stranger) = (stall.buyer("owner"), stall.buyer("stranger"));
    stall.buy(&owner, GUIDE, Version::Two).await;
    let (owners, strangers) = (stall.sign(&owner, GUIDE).await, stall.sign(&stranger, GUIDE).await);
    stall.networks.withdraw(NetworkId::BASE_SEPOLIA);
    stall.until(GUIDE, 503).await;
    let reply = stall.get(GUIDE).await;
    assert_eq!(reply.error(), "not_for_sale_now");
    assert!(reply.header("retry-after").is_some() && reply.header("payment-required").is_none());
    assert_eq!(stall.pay(GUIDE, &strangers, Version::Two).await.status, 503);
    assert_eq!(stall.pay(GUIDE, &owners, Version::Two).await.status, 200);
    stall.networks.verified(Arc::clone(&stall.chain) as Arc<dyn ::chain::Chain>);
    stall.until(GUIDE, 402).await;
    assert_eq!(stall.pay(GUIDE, &strangers, Version::Two).await.status, 200);
    assert_eq!(stall.payments().await.len(), 2);
}

/// I6: a network may be given up while a payer is asked about, and then nobody would settle what was sold on it.
#[tokio::test]
async fn what_was_withdrawn_while_a_payer_was_asked_about_is_not_sold() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    stall.chain.set_slow(true);
    let asked = stall.chain.asked();
    let (reply, ()) = tokio::join!(stall.pay(GUIDE, &signed, Version::Two), async {
        eventually("a question", async || stall.chain.asked() > asked).await;
        stall.networks.withdraw(NetworkId::BASE_SEPOLIA);
        stall.until(GUIDE, 503).await;
        stall.chain.set_slow(false);
    });
    assert_eq!((reply.status, reply.error().as_str()), (503, "chain_unavailable"));
    assert!(stall.payments().await.is_empty());
}

// T62
#[tokio::test]
async fn what_cannot_be_stored_is_not_sold() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    stall.store.close().await.unwrap();
    let reply = stall.pay(GUIDE, &signed, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "store_unavailable"));
    assert!(!reply.body.windows(GUIDE_TEXT.len()).any(|window| window == GUIDE_TEXT));
}

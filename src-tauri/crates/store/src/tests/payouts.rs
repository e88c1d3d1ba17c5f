use alloy_primitives::Address;
use chrono::TimeDelta;
use domain::NetworkId;

use super::fixture::{PRICE, Stall, after, new_offer};
use crate::{NetworkRow, NewOffer, PayoutProof, ProofKind, StoreError};

const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;
const OLD: Address = Address::repeat_byte(0x55);
const NEW: Address = Address::repeat_byte(0x66);

async fn set_up(stall: &Stall) {
    let row = NetworkRow {
        rpc_urls: vec!["http://127.0.0.1:9".to_owned()],
        pay_to: Some(OLD),
        ..NetworkRow::new(NETWORK)
    };
    stall.store.set_network(row, after(0)).await.unwrap();
}

/// T55, and I3: what was signed for the old address is settled to the old address.
#[tokio::test]
async fn a_changed_payout_address_is_recorded_and_what_was_sold_keeps_the_old_one() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    let sold = stall.sell_songs(1).await[0];
    let before = stall.payment(sold).await.pay_to;
    let quote = NewOffer { pay_to: NEW, ..new_offer(stall.asset, PRICE) };
    stall.store.set_payout(NETWORK, NEW, vec![(stall.song.endpoint, quote)], after(10)).await.unwrap();

    assert_eq!(stall.store.networks().await.unwrap()[0].pay_to, Some(NEW));
    let listings = stall.store.catalogue().await.unwrap();
    let song = listings.iter().find(|listing| listing.endpoint.id == stall.song.endpoint).unwrap();
    assert_eq!((song.offers[0].pay_to, song.offers[1].pay_to), (NEW, before));
    assert_eq!(stall.payment(sold).await.pay_to, before);

    let stall = stall.restart().await;
    let changes = stall.store.payout_changes(after(10) - TimeDelta::hours(24)).await.unwrap();
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((change.network, change.from, change.to, change.at), (NETWORK, Some(OLD), NEW, after(10)));
    assert_eq!(stall.store.payout_changes(after(11)).await.unwrap(), []);
    // The same address again is no change.
    stall.store.set_payout(NETWORK, NEW, Vec::new(), after(20)).await.unwrap();
    assert_eq!(stall.store.payout_changes(after(11)).await.unwrap(), []);
}

#[tokio::test]
async fn a_change_that_cannot_be_quoted_changes_nothing() {
    let stall = Stall::open().await;
    let unknown = stall.store.set_payout(NETWORK, NEW, Vec::new(), after(10)).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("network"))), "{unknown:?}");
    set_up(&stall).await;
    let nothing = domain::EndpointId::from_random([9; 16]);
    let quotes = vec![(nothing, new_offer(stall.asset, PRICE))];
    assert!(stall.store.set_payout(NETWORK, NEW, quotes, after(10)).await.is_err());
    assert_eq!(stall.store.networks().await.unwrap()[0].pay_to, Some(OLD));
    assert_eq!(stall.store.payout_changes(after(0)).await.unwrap(), []);
}

#[tokio::test]
async fn a_signature_proves_an_address_everywhere_and_a_payment_only_on_its_network() {
    let stall = Stall::open().await;
    let elsewhere = NetworkId::from_chain_id(8453);
    let proof =
        |how, at| PayoutProof { network: NETWORK, address: NEW, how, proof: "what was shown".to_owned(), at };
    assert_eq!(stall.store.payout_proof(NETWORK, NEW).await.unwrap(), None);
    let payment = proof(ProofKind::Payment, after(1));
    stall.store.note_payout_proof(payment.clone()).await.unwrap();
    assert_eq!(stall.store.payout_proof(NETWORK, NEW).await.unwrap(), Some(payment));
    assert_eq!(stall.store.payout_proof(elsewhere, NEW).await.unwrap(), None);
    let signature = proof(ProofKind::Signature, after(2));
    stall.store.note_payout_proof(signature.clone()).await.unwrap();
    for network in [NETWORK, elsewhere] {
        assert_eq!(stall.store.payout_proof(network, NEW).await.unwrap(), Some(signature.clone()));
        assert_eq!(stall.store.payout_proof(network, OLD).await.unwrap(), None);
    }
}

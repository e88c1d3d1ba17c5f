use alloy_primitives::Address;
use chrono::TimeDelta;
use domain::NetworkId;

use super::fixture::{PRICE, Stall, after, new_offer};
use crate::{NetworkRow, PayoutProof, ProofKind, StoreError};

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
    stall.store.set_payout(NETWORK, NEW, after(10)).await.unwrap();

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
    stall.store.set_payout(NETWORK, NEW, after(20)).await.unwrap();
    assert_eq!(stall.store.payout_changes(after(11)).await.unwrap(), []);
}

#[tokio::test]
async fn no_address_is_changed_on_a_network_that_is_not_set_up() {
    let stall = Stall::open().await;
    let unknown = stall.store.set_payout(NETWORK, NEW, after(10)).await;
    assert!(matches!(unknown, Err(StoreError::NotFound("network"))), "{unknown:?}");
    assert_eq!(stall.store.payout_changes(after(0)).await.unwrap(), []);
}

/// T55: whoever read the address before it was changed, the price that is written down pays to the new one.
#[tokio::test]
async fn a_price_that_was_read_with_the_old_address_pays_to_the_new_one() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    let read_before = new_offer(stall.asset, 2 * PRICE);
    let amount = read_before.amount;
    assert_eq!(read_before.pay_to, OLD);
    stall.store.set_payout(NETWORK, NEW, after(10)).await.unwrap();
    stall.store.quote(vec![(stall.song.endpoint, read_before)], after(11)).await.unwrap();
    let listings = stall.store.catalogue().await.unwrap();
    let song = listings.iter().find(|listing| listing.endpoint.id == stall.song.endpoint).unwrap();
    let current: Vec<_> = song.current().map(|offer| (offer.pay_to, offer.amount)).collect();
    assert_eq!(current, [(NEW, amount)]);
}

/// T55: what stayed quoted when its network was removed is paid to where the network pays when it comes back.
#[tokio::test]
async fn a_network_that_comes_back_pays_to_the_address_it_comes_back_with() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    stall.store.remove_network(NETWORK, after(10)).await.unwrap();
    assert_eq!(stall.store.last_paid_to(NETWORK).await.unwrap(), Some(OLD));
    let row = NetworkRow { pay_to: Some(NEW), ..NetworkRow::new(NETWORK) };
    stall.store.set_network(row, after(20)).await.unwrap();
    for listing in stall.store.catalogue().await.unwrap() {
        assert!(listing.current().all(|offer| offer.pay_to == NEW), "{listing:?}");
    }
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

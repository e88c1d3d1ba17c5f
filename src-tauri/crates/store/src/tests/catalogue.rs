use alloy_primitives::Address;
use domain::{EndpointState, NetworkId, OwnedFor};

use super::fixture::{PRICE, Stall, after, amount, new_endpoint, new_offer, usdc};
use crate::{Change, NetworkRow, StoreError};

#[tokio::test]
async fn endpoints_are_listed_with_their_offers_newest_first() {
    let stall = Stall::open().await;
    let guide = stall.guide.endpoint;
    stall.store.quote(vec![(guide, new_offer(stall.asset, 2 * PRICE))], after(30)).await.unwrap();
    let listings = stall.store.catalogue().await.unwrap();
    assert_eq!(
        listings.iter().map(|one| one.endpoint.path.as_str()).collect::<Vec<_>>(),
        ["/guide", "/song"]
    );
    let offers = &listings[0].offers;
    assert_eq!(offers.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((offers[0].amount, offers[0].honoured_until), (amount(2 * PRICE), None));
    // I3: the old price is honoured for a while and stays what it was.
    assert_eq!(offers[1].amount, amount(PRICE));
    assert!(offers[1].is_honoured_at(after(31)));
    assert!(!offers[1].is_honoured_at(after(3_600)));
    assert_eq!(offers[0].asset, usdc());
}

#[tokio::test]
async fn a_path_leads_to_one_endpoint_until_that_is_removed() {
    let stall = Stall::open().await;
    let offer = new_offer(stall.asset, PRICE);
    let again = new_endpoint(3, "/guide", OwnedFor::NEVER);
    let refused = stall.store.add_endpoint(again.clone(), offer, after(40)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    stall.store.set_endpoint_state(stall.guide.endpoint, EndpointState::Paused).await.unwrap();
    assert!(stall.store.add_endpoint(again.clone(), offer, after(40)).await.is_err());
    stall.store.set_endpoint_state(stall.guide.endpoint, EndpointState::Removed).await.unwrap();
    stall.store.add_endpoint(again, offer, after(40)).await.unwrap();
    let gone = stall.store.set_endpoint_state(stall.guide.endpoint, EndpointState::Live).await;
    assert!(matches!(gone, Err(StoreError::NotFound("endpoint"))), "{gone:?}");
    assert_eq!(stall.store.catalogue().await.unwrap().len(), 3);
}

#[tokio::test]
async fn new_prices_come_all_or_none() {
    let stall = Stall::open().await;
    let unknown = domain::EndpointId::from_random([9; 16]);
    let offer = new_offer(stall.asset, 5 * PRICE);
    assert!(
        stall.store.quote(vec![(stall.guide.endpoint, offer), (unknown, offer)], after(5)).await.is_err()
    );
    let listings = stall.store.catalogue().await.unwrap();
    assert_eq!(listings[0].offers, [(*stall.guide).clone()]);
}

#[tokio::test]
async fn networks_settings_facts_and_assets_read_back_as_they_were_set() {
    let stall = Stall::open().await;
    let row = |urls: &[&str], pay_to| NetworkRow {
        network: NetworkId::BASE_SEPOLIA,
        rpc_urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        pay_to,
    };
    let first = row(&["https://one.example/?key=\"1\"", "https://two.example"], None);
    stall.store.set_network(first.clone(), after(1)).await.unwrap();
    assert_eq!(stall.store.networks().await.unwrap(), [first]);
    let second = row(&[], Some(Address::repeat_byte(9)));
    stall.store.set_network(second.clone(), after(2)).await.unwrap();
    assert_eq!(stall.store.networks().await.unwrap(), [second]);

    stall.store.set_setting("listen".to_owned(), "127.0.0.1:1".to_owned()).await.unwrap();
    stall.store.set_setting("listen".to_owned(), "127.0.0.1:2".to_owned()).await.unwrap();
    let settings = stall.store.settings().await.unwrap();
    assert_eq!(settings, [("listen".to_owned(), "127.0.0.1:2".to_owned())]);

    stall.store.set_fact("genesis", "0x1".to_owned()).await.unwrap();
    assert_eq!(stall.store.fact("genesis").await.unwrap().as_deref(), Some("0x1"));
    assert_eq!(stall.store.fact("nothing").await.unwrap(), None);

    let renamed = domain::Asset { name: "USD Coin".to_owned(), ..usdc() };
    assert_eq!(stall.store.know_asset(renamed.clone()).await.unwrap(), stall.asset);
    assert_eq!(stall.store.assets().await.unwrap(), [(stall.asset, renamed)]);
}

#[tokio::test]
async fn the_feed_speaks_after_the_commit_and_tells_who_lagged_to_read_everything() {
    let stall = Stall::open().await;
    let mut changes = stall.store.changes();
    let sold = stall.sell(stall.song(0, 0)).await;
    assert_eq!(changes.next().await, Some(Change::Payments));
    assert!(stall.store.payment(sold.id).await.unwrap().is_some());
    // A repeat changes nothing and says nothing.
    stall.store.accept(stall.song(0, 0)).await.unwrap();
    stall.store.record_delivery(sold.seq, domain::Delivery::Delivered, 1);
    assert_eq!(changes.next().await, Some(Change::Deliveries));
    stall.batch(&[sold.seq]).await;
    assert_eq!(changes.next().await, Some(Change::Batches));
    assert_eq!(changes.next().await, Some(Change::Payments));
    for number in 0..300 {
        stall.store.set_setting("n".to_owned(), number.to_string()).await.unwrap();
    }
    assert_eq!(changes.next().await, Some(Change::Everything));
    let store = stall.store.clone();
    let path = stall.path();
    drop(stall);
    store.close().await.unwrap();
    drop(store);
    while let Some(change) = changes.next().await {
        assert_eq!(change, Change::Settings, "{}", path.display());
    }
}

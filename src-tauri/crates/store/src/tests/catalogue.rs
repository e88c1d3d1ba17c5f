use alloy_primitives::{Address, B256};
use domain::{Asset, EndpointState, FailureReason, Finality, NetworkId, Outcome, OwnedFor};

use super::fixture::{PRICE, Stall, after, amount, evidence, new_endpoint, new_offer, usdc};
use crate::{Change, Look, NetworkFinding, NetworkRow, StoreError};

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
    let refused = stall.store.add_endpoint(again.clone(), offer.clone(), after(40)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    stall.store.set_endpoint_state(stall.guide.endpoint, EndpointState::Paused).await.unwrap();
    assert!(stall.store.add_endpoint(again.clone(), offer.clone(), after(40)).await.is_err());
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
        stall
            .store
            .quote(vec![(stall.guide.endpoint, offer.clone()), (unknown, offer.clone())], after(5))
            .await
            .is_err()
    );
    let listings = stall.store.catalogue().await.unwrap();
    assert_eq!(listings[0].offers, [(*stall.guide).clone()]);
}

#[tokio::test]
async fn a_price_in_one_asset_leaves_those_in_others_alone() {
    let stall = Stall::open().await;
    let guide = stall.guide.endpoint;
    let base = Asset { network: NetworkId::from_chain_id(8453), ..usdc() };
    let base = stall.store.know_asset(base).await.unwrap();
    let quoted = |stall: &Stall| {
        let store = stall.store.clone();
        async move {
            let listings = store.catalogue().await.unwrap();
            let offers = listings[0].current().map(|offer| (offer.asset_id, offer.version, offer.amount));
            offers.collect::<Vec<_>>()
        }
    };
    stall.store.quote(vec![(guide, new_offer(base, PRICE))], after(1)).await.unwrap();
    assert_eq!(quoted(&stall).await, [(base, 2, amount(PRICE)), (stall.asset, 1, amount(PRICE))]);

    let both = vec![(guide, new_offer(stall.asset, 2 * PRICE)), (guide, new_offer(base, 2 * PRICE))];
    stall.store.quote(both, after(2)).await.unwrap();
    assert_eq!(quoted(&stall).await, [(base, 3, amount(2 * PRICE)), (stall.asset, 3, amount(2 * PRICE))]);

    // However often one price changes, what is quoted in the other asset stays.
    for round in 0..40 {
        stall.store.quote(vec![(guide, new_offer(base, round + 1))], after(3)).await.unwrap();
    }
    assert_eq!(quoted(&stall).await, [(base, 43, amount(40)), (stall.asset, 3, amount(2 * PRICE))]);
}

/// An endpoint that is quoted nowhere could not be shown with a price.
/// A token that was chosen by mistake, and in which nobody paid, stands in nobody's way.
#[tokio::test]
async fn a_token_that_was_only_tried_out_counts_nowhere() {
    let stall = Stall::open().await;
    let network = NetworkId::BASE_SEPOLIA;
    let odd = Asset { address: Address::repeat_byte(0x18), decimals: 18, ..usdc() };
    let odd = stall.store.know_asset(odd).await.unwrap();
    let in_use = || async {
        let beside = stall.store.assets_beside(network).await.unwrap();
        beside.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    let first = || async { stall.store.assets().await.unwrap()[0].0 };
    let both = [stall.guide.endpoint, stall.song.endpoint];
    let quotes = |asset| both.map(|endpoint| (endpoint, new_offer(asset, PRICE))).to_vec();
    stall.store.quote(quotes(odd), after(1)).await.unwrap();
    stall.store.withdraw_offers(stall.asset, after(1)).await.unwrap();
    assert_eq!((first().await, in_use().await), (odd, vec![]));
    stall.store.quote(quotes(stall.asset), after(2)).await.unwrap();
    stall.store.withdraw_offers(odd, after(2)).await.unwrap();
    stall.sell_songs(1).await;
    assert_eq!((first().await, in_use().await), (stall.asset, vec![stall.asset]));
}

/// T22, T53: whatever a node says later, amounts stay amounts of the same units.
#[tokio::test]
async fn the_decimal_places_of_a_token_never_change() {
    let stall = Stall::open().await;
    let fewer = Asset { decimals: 2, name: "Other".to_owned(), ..usdc() };
    assert!(matches!(stall.store.know_asset(fewer).await, Err(StoreError::Conflict(_))));
    let renamed = Asset { name: "USD Coin".to_owned(), ..usdc() };
    assert_eq!(stall.store.know_asset(renamed.clone()).await.unwrap(), stall.asset);
    assert_eq!(stall.store.assets().await.unwrap(), [(stall.asset, renamed)]);
}

#[tokio::test]
async fn the_last_asset_of_an_endpoint_is_not_withdrawn() {
    let stall = Stall::open().await;
    let guide = stall.guide.endpoint;
    let base = Asset { network: NetworkId::from_chain_id(8453), ..usdc() };
    let base = stall.store.know_asset(base).await.unwrap();
    stall.store.quote(vec![(guide, new_offer(base, PRICE))], after(1)).await.unwrap();
    stall.store.set_network(NetworkRow::new(NetworkId::BASE_SEPOLIA), after(1)).await.unwrap();
    stall.store.remove_network(NetworkId::BASE_SEPOLIA, after(2)).await.unwrap();
    assert_eq!(stall.store.networks().await.unwrap(), []);
    let listings = stall.store.catalogue().await.unwrap();
    let current = |place: usize| listings[place].current().map(|offer| offer.asset_id).collect::<Vec<_>>();
    assert_eq!((current(0), current(1)), (vec![base], vec![stall.asset]));
    let gone = stall.store.remove_network(NetworkId::BASE_SEPOLIA, after(3)).await;
    assert!(matches!(gone, Err(StoreError::NotFound("network"))), "{gone:?}");
}

/// I6: nobody would settle what waits on a network that is gone, or see what happens to it.
#[tokio::test]
async fn a_network_stays_while_anything_on_it_is_not_settled_for_good() {
    let stall = Stall::open().await;
    let network = NetworkId::BASE_SEPOLIA;
    let base = Asset { network: NetworkId::from_chain_id(8453), ..usdc() };
    let base = stall.store.know_asset(base).await.unwrap();
    stall.store.quote(vec![(stall.guide.endpoint, new_offer(base, PRICE))], after(1)).await.unwrap();
    stall.store.set_network(NetworkRow::new(network), after(1)).await.unwrap();
    let kept = async || {
        let refused = stall.store.remove_network(network, after(2)).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
        assert_eq!(stall.store.networks().await.unwrap().len(), 1);
        assert_eq!(stall.store.catalogue().await.unwrap()[0].current().count(), 2);
    };
    let sold = stall.sell(stall.song(0, 0)).await.seq;
    kept().await;
    let batch = stall.batch(&[sold]).await.id;
    kept().await;
    stall.record(batch, &[(sold, Outcome::Settled(evidence(120)))]).await;
    kept().await;
    stall.finalise(120, after(300)).await;
    // One that failed can still be paid while its signature holds, and nobody would see that either.
    let failed = stall.sell(stall.song(1, 0)).await.seq;
    let batch = stall.batch(&[failed]).await.id;
    stall.record(batch, &[(failed, Outcome::Failed(FailureReason::Underfunded))]).await;
    kept().await;
    let end = stall.song(1, 0).authorization.valid_before;
    let until = async || stall.store.watched_until(stall.asset, after(301)).await.unwrap();
    assert_eq!(until().await.map(|until| until.timestamp().cast_unsigned()), Some(end));
    stall.store.note_looks(vec![(failed, Look::Over)], after(301)).await.unwrap();
    assert_eq!(until().await, None);
    stall.store.remove_network(network, after(302)).await.unwrap();
}

#[tokio::test]
async fn what_was_found_of_a_network_is_kept_until_it_is_removed() {
    let stall = Stall::open().await;
    let network = NetworkId::BASE_SEPOLIA;
    let row = NetworkRow {
        token: Some(Address::repeat_byte(7)),
        calls_per_second: Some(9),
        ..NetworkRow::new(network)
    };
    stall.store.set_network(row.clone(), after(1)).await.unwrap();
    assert_eq!(stall.store.networks().await.unwrap(), std::slice::from_ref(&row));
    assert_eq!(stall.store.network_finding(network).await.unwrap(), None);
    for multicall_code in [Some(B256::repeat_byte(2)), None] {
        let found = NetworkFinding {
            token: Address::repeat_byte(7),
            token_code: B256::repeat_byte(1),
            multicall_code,
            finality: Finality::Safe,
            block_gas_limit: 30_000_000,
            checked_at: after(5),
        };
        stall.store.set_network_finding(network, found.clone()).await.unwrap();
        stall.store.set_network(row.clone(), after(6)).await.unwrap();
        assert_eq!(stall.store.network_finding(network).await.unwrap(), Some(found));
    }
    stall.store.remove_network(network, after(7)).await.unwrap();
    assert_eq!(stall.store.network_finding(network).await.unwrap(), None);
}

#[tokio::test]
async fn networks_settings_facts_and_assets_read_back_as_they_were_set() {
    let stall = Stall::open().await;
    let row = |urls: &[&str], pay_to| NetworkRow {
        rpc_urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        pay_to,
        ..NetworkRow::new(NetworkId::BASE_SEPOLIA)
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

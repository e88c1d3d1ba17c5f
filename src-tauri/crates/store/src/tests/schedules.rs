//! What the seller chose is kept, and the windows of offers follow it.

use chrono::TimeDelta;
use domain::{MANUAL_WINDOW, NetworkId, OwnedFor, SettlePolicy};

use super::fixture::{PRICE, Stall, after, amount, new_endpoint, new_offer, usdc};
use crate::Schedule;

const BASE: NetworkId = NetworkId::from_chain_id(8453);

fn every_choice() -> SettlePolicy {
    SettlePolicy {
        every: Some("90m".parse().unwrap()),
        daily: Some("18:00".parse().unwrap()),
        weekly: Some("mon,thu,07:30".parse().unwrap()),
        zone: "Europe/Berlin".parse().unwrap(),
        at_amount: Some(amount(20_000_000)),
        at_count: Some(100),
        gas_ceiling: Some(u128::MAX),
        wait_for_gas: true,
    }
}

#[tokio::test]
async fn every_choice_and_the_last_run_survive_a_restart() {
    let stall = Stall::open().await;
    let network = NetworkId::BASE_SEPOLIA;
    assert_eq!(stall.store.schedule(network).await.unwrap(), Schedule::default());
    stall.store.set_schedule(network, every_choice(), after(10)).await.unwrap();
    stall.store.note_run(network, after(20)).await.unwrap();
    let stall = stall.restart().await;
    let kept = Schedule { policy: every_choice(), changed_at: Some(after(10)), ran_at: Some(after(20)) };
    assert_eq!(stall.store.schedule(network).await.unwrap(), kept);
    assert_eq!(kept.since(), after(20));
    assert_eq!(stall.store.schedule(BASE).await.unwrap(), Schedule::default());

    stall.store.set_schedule(network, SettlePolicy::default(), after(30)).await.unwrap();
    let chosen = stall.store.schedule(network).await.unwrap();
    assert_eq!((chosen.policy, chosen.since()), (SettlePolicy::default(), after(30)));
}

/// I6: buyers are asked for windows that outlast the schedule; whoever was quoted before can still buy.
#[tokio::test]
async fn offers_are_quoted_anew_when_the_window_changes_and_only_then() {
    let stall = Stall::open().await;
    let network = NetworkId::BASE_SEPOLIA;
    let policy = SettlePolicy { every: Some("2h".parse().unwrap()), ..SettlePolicy::default() };
    stall.store.set_schedule(network, policy, after(10)).await.unwrap();
    for listing in stall.store.catalogue().await.unwrap() {
        let [current, before] = &listing.offers[..] else { panic!("{:?}", listing.offers) };
        assert_eq!((current.version, current.window), (2, policy.window()));
        assert_eq!((current.amount, current.pay_to), (before.amount, before.pay_to));
        assert_eq!((before.version, before.window), (1, MANUAL_WINDOW));
        assert!(before.is_honoured_at(after(10) + TimeDelta::minutes(9)));
        assert!(!before.is_honoured_at(after(10) + TimeDelta::minutes(11)));
    }
    let more = SettlePolicy { at_count: Some(5), ..policy };
    stall.store.set_schedule(network, more, after(20)).await.unwrap();
    assert!(stall.store.catalogue().await.unwrap().iter().all(|listing| listing.offers.len() == 2));
}

#[tokio::test]
async fn offers_on_other_networks_keep_their_windows() {
    let stall = Stall::open().await;
    let base = stall.store.know_asset(domain::Asset { network: BASE, ..usdc() }).await.unwrap();
    let endpoint = new_endpoint(3, "/there", OwnedFor::NEVER);
    stall.store.add_endpoint(endpoint, new_offer(base, PRICE), after(0)).await.unwrap();
    let policy = SettlePolicy { every: Some("2h".parse().unwrap()), ..SettlePolicy::default() };
    stall.store.set_schedule(NetworkId::BASE_SEPOLIA, policy, after(10)).await.unwrap();
    let listings = stall.store.catalogue().await.unwrap();
    let there = listings.iter().find(|listing| listing.endpoint.path.as_str() == "/there").unwrap();
    assert_eq!(there.offers.len(), 1);
    assert_eq!(there.offers[0].window, MANUAL_WINDOW);
}

#[tokio::test]
async fn what_waits_is_summed_as_it_comes_and_goes() {
    let stall = Stall::open().await;
    assert_eq!(stall.store.queued_sum(stall.asset).await.unwrap(), (0, amount(0)));
    let payments = stall.sell_songs(3).await;
    assert_eq!(stall.store.queued_sum(stall.asset).await.unwrap(), (3, amount(3 * PRICE)));
    stall.batch(&payments[..2]).await;
    assert_eq!(stall.store.queued_sum(stall.asset).await.unwrap(), (1, amount(PRICE)));
}

use alloy_primitives::Address;
use domain::NetworkId;
use serde_json::{Value, json};

use super::fixture::Stall;
use crate::{Environment, ErrorCode};

const PAY_TO: &str = "0x5555555555555555555555555555555555555555";

#[tokio::test]
async fn the_networks_that_an_environment_can_sell_on_are_listed_those_that_are_set_up_first() {
    for (environment, count, others) in
        [(Environment::Test, 8, "eip155:8453"), (Environment::Live, 9, "eip155:84532")]
    {
        let stall = Stall::open_in(environment).await;
        let before = stall.ask("network_list", Value::Null).await;
        let items = before["items"].as_array().unwrap();
        assert_eq!(items.len(), count);
        assert!(items.iter().all(|item| item["state"] == "not_set_up" && item["network"] != others));
        stall.app.stop().await;
    }
    let stall = Stall::open().await;
    stall.network().await;
    let listed = stall.ask("network_list", Value::Null).await;
    let first = &listed["items"][0];
    assert_eq!((&first["network"], &first["state"]), (&json!("eip155:84532"), &json!("waiting")));
    assert_eq!((&first["title"], &first["coin"]), (&json!("Base Sepolia"), &json!("ETH")));
    assert_eq!(first["paidByDefault"], true);
    assert_eq!(first["setUp"]["payTo"].as_str().unwrap().to_lowercase(), PAY_TO);
    assert_eq!(listed["items"].as_array().unwrap().len(), 8);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_network_that_cannot_be_reached_says_so_and_never_shows_a_key() {
    let stall = Stall::open().await;
    let nodes =
        ["http://127.0.0.1:9/v2/hunter2", "http://127.0.0.1:9/v2/hunter2", "http://127.0.0.1:7/?key=hunter2"];
    let set = json!({ "network": "eip155:84532", "rpcUrls": nodes, "payTo": PAY_TO, "callsPerSecond": 7 });
    let set = stall.ask("network_set", set).await;
    assert_eq!(set["ready"], false);
    let checked = stall.ask("network_check", json!({ "network": "eip155:84532" })).await;
    assert_eq!((&checked["ready"], &checked["acceptable"]), (&json!(false), &json!(false)));
    assert!(checked["waitingFor"].as_str().unwrap().contains("does not answer"), "{checked}");
    let nothing = stall.refused("network_check", json!({ "network": "eip155:84532", "accept": true })).await;
    assert_eq!(nothing.code, ErrorCode::Conflict);
    let listed = stall.ask("network_list", Value::Null).await;
    let set_up = &listed["items"][0]["setUp"];
    assert_eq!(
        set_up["rpcUrls"],
        json!(["http://127.0.0.1:9", "http://127.0.0.1:7"]),
        "twice the same is one"
    );
    assert_eq!(set_up["callsPerSecond"], 7);
    assert!(!listed.to_string().contains("hunter2"));
    stall.app.stop().await;
}

#[tokio::test]
async fn a_node_stays_with_its_key_when_others_come_and_go() {
    let stall = Stall::open_in(Environment::Test).await;
    let network = "eip155:84532";
    let set = |body: Value| {
        let mut body = body;
        body["network"] = json!(network);
        body
    };
    let first = ["http://127.0.0.1:9/v2/hunter2", "http://127.0.0.1:7/key"];
    let view = stall.ask("network_set", set(json!({ "rpcUrls": first }))).await;
    assert_eq!((&view["coin"], &view["explorer"]), (&json!("ETH"), &json!("https://sepolia.basescan.org")));
    stall.ask("network_set", set(json!({ "keep": [1, 0], "rpcUrls": ["http://127.0.0.1:5"] }))).await;
    let urls = stall.app.store().networks().await.unwrap()[0].rpc_urls.clone();
    assert_eq!(urls, [first[1], first[0], "http://127.0.0.1:5"]);
    let gone = stall.refused("network_set", set(json!({ "keep": [3] }))).await;
    assert_eq!(gone.code, ErrorCode::Conflict);
    let none = stall.refused("network_set", set(json!({ "keep": [] }))).await;
    assert_eq!(none.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

#[tokio::test]
async fn wrong_choices_for_a_network_are_refused() {
    let stall = Stall::open().await;
    let usdc = NetworkId::BASE_SEPOLIA.known().unwrap().usdc.to_string();
    let nodes: Vec<_> = (0..9).map(|port| format!("http://127.0.0.1:{port}")).collect();
    for wrong in [
        json!({ "network": "eip155:8453", "rpcUrls": ["http://127.0.0.1:9"] }),
        json!({ "network": "eip155:31337", "rpcUrls": ["http://127.0.0.1:9"] }),
        json!({ "network": "eip155:84532" }),
        json!({ "network": "eip155:84532", "rpcUrls": ["ws://127.0.0.1:9"] }),
        json!({ "network": "eip155:84532", "rpcUrls": nodes }),
        json!({ "network": "eip155:84532", "rpcUrls": ["http://127.0.0.1:9"], "payTo": usdc }),
        json!({ "network": "eip155:84532", "rpcUrls": ["http://127.0.0.1:9"], "token": "0x12" }),
    ] {
        assert_eq!(stall.refused("network_set", wrong).await.code, ErrorCode::InvalidRequest);
    }
    assert_eq!(stall.app.store().networks().await.unwrap(), []);
    for command in ["network_check", "network_remove"] {
        let unknown = stall.refused(command, json!({ "network": "eip155:84532" })).await;
        assert_eq!(unknown.code, ErrorCode::NotFound);
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn a_network_on_which_payments_wait_is_not_given_up() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let guide = stall.add("/guide").await;
    let name = json!({ "network": "eip155:84532" });
    stall.sell(&guide).await;
    assert_eq!(stall.refused("network_remove", name.clone()).await.code, ErrorCode::Conflict);
    assert_eq!(stall.app.store().networks().await.unwrap().len(), 1);
    stall.app.stop().await;

    let stall = Stall::open().await;
    stall.network().await;
    stall.add("/guide").await;
    assert_eq!(stall.ask("network_remove", name).await["title"], "Base Sepolia");
    assert_eq!(stall.app.store().networks().await.unwrap(), []);
    // What is for sale keeps its price for when the network comes back.
    let listed = stall.ask("endpoint_list", Value::Null).await;
    assert_eq!(listed["items"][0]["formatted"], "0.05");
    assert_eq!(listed["items"][0]["offers"][0]["ready"], false);
    stall.app.stop().await;
}

/// I6: whoever buys while a network is given up is sold something that somebody settles.
#[tokio::test]
async fn a_network_on_which_somebody_bought_meanwhile_is_kept_and_sold_on() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let guide = stall.add("/guide").await;
    let row = stall.app.store().networks().await.unwrap().remove(0);
    // Nothing waited when it was asked for.
    stall.sell(&guide).await;
    let kept = crate::api::give_up(&stall.app, row.clone()).await.unwrap_err();
    assert_eq!((kept.code, kept.message.contains("just now")), (ErrorCode::Conflict, true));
    assert_eq!(stall.app.store().networks().await.unwrap(), std::slice::from_ref(&row));
    let listing = stall.app.store().catalogue().await.unwrap().remove(0);
    assert_eq!(listing.current().count(), 1);
    assert!(stall.app.working().unwrap().connection(row.network).is_some(), "and is reached again");
    stall.app.stop().await;
}

/// One offer for each network, at one price, told in the table's order.
#[tokio::test]
async fn what_is_for_sale_is_offered_on_a_network_that_is_added_later() {
    let stall = Stall::open().await;
    stall.network().await;
    let guide = stall.add("/guide").await;
    let store = stall.app.store();
    let network = NetworkId::from_chain_id(43_113);
    let asset = domain::Asset { network, address: Address::repeat_byte(0x43), ..guide.asset.clone() };
    let id = store.know_asset(asset.clone()).await.unwrap();
    let now = domain::Clock::now(&*stall.clock);
    crate::offers::extend(store, (id, &asset), now).await.unwrap();
    assert_eq!(store.catalogue().await.unwrap()[0].offers.len(), 1, "it is not known where the money goes");

    let pay_to = Address::repeat_byte(0x77);
    let row = store::NetworkRow { pay_to: Some(pay_to), ..store::NetworkRow::new(network) };
    store.set_network(row, now).await.unwrap();
    for _ in 0..2 {
        crate::offers::extend(store, (id, &asset), now).await.unwrap();
    }
    let shown = stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await;
    let offers = shown["offers"].as_array().unwrap();
    let told: Vec<_> =
        offers.iter().map(|offer| (offer["networkTitle"].as_str().unwrap(), &offer["formatted"])).collect();
    assert_eq!(told, [("Base Sepolia", &json!("0.05")), ("Avalanche Fuji", &json!("0.05"))]);
    assert_eq!(offers[1]["payTo"], json!(pay_to.to_string()));

    // Another token of the same network takes the place of the first one.
    let euro = domain::Asset { address: Address::repeat_byte(0x44), ..asset };
    let euro_id = store.know_asset(euro.clone()).await.unwrap();
    crate::offers::extend(store, (euro_id, &euro), now).await.unwrap();
    let listing = store.catalogue().await.unwrap().remove(0);
    let current: Vec<_> = listing.current().map(|offer| offer.asset.address).collect();
    assert_eq!(current, [euro.address, guide.asset.address]);
    stall.app.stop().await;
}

//! What is away, seen in the real window: the node, the way from outside.

use std::time::Duration;

use integration::{Environment, Outside, Stall, Window, eventually, freeze, node_of, thaw};
use serde_json::{Value, json};

/// Acceptance 25; T54.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_node_makes_it_offline_with_a_reason_within_ten_seconds_and_back_by_itself() {
    let window = Window::open().await;
    let page = window.page();
    let stall = page.part("region", "Your stall").await;
    stall.says("Selling").await;

    let [node] = node_of(&window.stall().data())[..] else { panic!("one node runs for the stall") };
    freeze(node);
    let took = stall.says_within("Offline", Duration::from_secs(10)).await;
    println!("Offline {took:?} after the node fell silent");
    let status = window.stall().cli(&["status"]).await;
    let reason = status["offlineReason"].as_str().expect("a reason");
    assert!(reason.len() > 10 && reason.ends_with('.'), "{reason} is no sentence");
    stall.says(reason).await;
    // The page is still there, and so is the rest of the window.
    page.press("link", "Payments").await;
    page.part("heading", "Payments").await;

    thaw(node);
    stall.says("Selling").await;
    stall.no_longer_says(reason).await;
    eventually("the stall sells again", async || window.visitor().await.ask("/nothing").await.status == 404)
        .await;
}

/// Acceptance 25.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_breaks_makes_it_offline_and_comes_back_under_its_address_or_says_the_new_one() {
    let outside = Outside::with(&["cloudflared"]).await;
    let mut stall = Stall::closed(Environment::Practice);
    outside.around(&mut stall);
    let window = Window::of(stall).await;
    let (stall, page) = (window.stall(), window.page());
    let card = page.part("region", "Your stall").await;
    card.says("Selling").await;
    let text = |value: &Value| value.as_str().expect("an address").to_owned();
    let break_it = async || {
        outside.crash(outside.calls().last().expect("a tunnel"));
        card.says_within("Offline", Duration::from_secs(10)).await;
        card.says("cloudflared").await;
    };

    let first = text(&stall.cli(&["reach", "set", "cloudflare_quick"]).await["url"]);
    card.says("flare.com").await;
    break_it().await;
    page.says(&format!("Links that begin with {first} do not work any more.")).await;
    card.says("Selling").await;
    page.press("button", "Close").await;
    page.no_longer_says("do not work any more").await;

    let token = outside.file("token", "eyJhIjoiNGM2ZjkwMWQiLCJ0IjoiYSBzZWNyZXQifQ\n");
    let local = text(&stall.cli(&["status"]).await["networks"][0]["rpcUrl"]);
    outside.plan(&json!({ "host": "stall.example", "target": local }));
    let address = ["--address", "https://stall.example", "--token-file", &token];
    stall.cli(&[&["reach", "set", "cloudflare_named"][..], &address].concat()).await;
    card.says("stall.example").await;
    break_it().await;
    card.says("Selling").await;
    card.says("stall.example").await;
    assert!(!page.text().await.contains("do not work any more"), "a permanent address does not change");
}

//! A node that is away, seen in the real window.

use std::time::Duration;

use integration::{Window, eventually, freeze, node_of, thaw};

/// Statement 25 of a seller's expectations; T54.
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

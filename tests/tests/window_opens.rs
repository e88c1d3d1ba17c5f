//! The real window: what it shows when it opens, and that there is only one of it.

use integration::{Stall, Window, eventually};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, funded};

const PAGES: [&str; 6] = ["Home", "Endpoints", "Payments", "Settlements", "Needs attention", "Settings"];

#[tokio::test(flavor = "multi_thread")]
async fn a_new_window_says_that_money_is_not_real_that_it_sells_and_where() {
    let window = Window::open().await;
    let page = window.page();
    page.says("Practice: money here is not real.").await;
    let stall = page.part("region", "Your stall").await;
    stall.says("Selling").await;
    let url = window.url().await;
    stall.says(url.trim_start_matches("http://")).await;
    assert_eq!(window.visitor().await.ask("/nothing").await.status, 404);

    for name in PAGES {
        page.press("link", name).await;
        page.part("heading", name).await;
        assert!(!page.text().await.contains("stopped working"), "{name} stopped working");
        assert!(page.has("link", "Home").await);
        page.says("Practice: money here is not real.").await;
    }
}

/// Statement 24 of a seller's expectations.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_brings_the_window_to_the_front_and_ends() {
    let window = Window::open().await;
    window.page().says("Selling").await;
    window.cover();
    assert!(!window.is_in_front());
    assert!(window.start_again().await, "the second program did not end well");
    eventually("the window in front", async || window.is_in_front()).await;
    eventually("the keyboard in the window", async || window.has_keyboard()).await;
    // It is the same stall, and it goes on.
    assert_eq!(window.visitor().await.ask("/nothing").await.status, 404);
}

/// T62: one engine for a folder.
#[tokio::test(flavor = "multi_thread")]
async fn a_stall_that_is_served_already_gets_a_window_which_leaves_it_open() {
    let stall = Stall::start().await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let url = stall.url().to_owned();
    let mut window = Window::of(stall).await;
    let page = window.page();
    let stall = page.part("region", "Your stall").await;
    stall.says(url.trim_start_matches("http://")).await;
    stall.says("Selling").await;
    page.press("link", "Payments").await;
    page.says("No payments yet").await;
    let buyer = funded(window.stall(), "1.00").await;
    buy(window.stall(), &buyer).await;
    page.says("Ready to settle").await;

    window.close();
    buy(window.stall(), &buyer).await;
    window.reopen().await;
    let page = window.page();
    // The bar moves everything below it.
    page.says("Practice: money here is not real.").await;
    page.press("link", "Payments").await;
    page.says("2 payments").await;
    window.stall_mut().close();
    page.says("has ended").await;
}

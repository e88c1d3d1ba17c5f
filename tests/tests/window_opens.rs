//! The real window: what it shows when it opens, and that there is only one of it.

use integration::{Key, Stall, Window, eventually};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, funded};

const PAGES: [&str; 6] = ["Home", "Endpoints", "Payments", "Settlements", "Needs attention", "Settings"];

/// A title that would run in a page, and one that is read the other way round.
const HOSTILE: &str = "\"><img src=x onerror=\"document.title='taken'\"> \u{202e}gpj.exe\u{200d}";

/// Acceptance 4; T79: the page stays where it is. T80: names stay names.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_window_says_that_money_is_not_real_that_it_sells_and_where() {
    let window = Window::open().await;
    let page = window.page();
    page.says("Practice: money here is not real.").await;
    // Nothing is set up yet, so the way to a first sale opens by itself.
    page.part("heading", "Set up your stall").await;
    let stall = page.part("region", "Your stall").await;
    stall.says("Selling").await;
    let url = window.url().await;
    stall.says(url.trim_start_matches("http://")).await;
    assert_eq!(window.visitor().await.ask("/nothing").await.status, 404);

    let hostile = window.stall().goods().join("\"><img src=x onerror=alert(1)>.txt");
    std::fs::write(&hostile, GOODS).unwrap();
    let hostile = hostile.to_str().unwrap();
    window
        .stall()
        .cli(&["endpoint", "add", "--file", hostile, "--path", "/x", "--price", "0.05", "--title", HOSTILE])
        .await;
    window.stall().cli(&["practice", "buy", "/x"]).await;
    for name in PAGES {
        page.press("link", name).await;
        page.part("heading", name).await;
        assert_eq!(page.strangers().await, 0, "something of a stranger's stands in {name}");
        assert!(!page.text().await.contains("stopped working"), "{name} stopped working");
        assert!(page.has("link", "Home").await);
        page.says("Practice: money here is not real.").await;
    }
    page.press("link", "Payments").await;
    page.says(r#""><img src=x onerror="document.title='taken'">"#).await;
    for elsewhere in
        ["https://example.org/", "http://127.0.0.1:4021/", "data:text/html,x", "file:///etc/passwd"]
    {
        let place = page.tries_to_go(elsewhere).await;
        assert!(place.starts_with("tauri://localhost/"), "{elsewhere} leads to {place}");
    }
    page.part("heading", "Payments").await;

    // Another environment takes the place of this one, and nothing of it is shown there.
    page.press("link", "Settings").await;
    page.press("button", "Go to Test network").await;
    let dialog = page.part("alertdialog", "Go to Test network?").await;
    dialog.says("1 payment of $0.05 is not on chain yet.").await;
    dialog.press("button", "Go to Test network").await;
    page.says("Test: money here is not real.").await;
    page.press("link", "Payments").await;
    page.says("No payments yet").await;
    // Asked without naming an environment: the one that runs answers.
    let data = window.stall().data();
    let status =
        window.stall().run_plainly(&["status", "--json", "--data-dir", data.to_str().unwrap()]).await;
    assert_eq!(status.succeeded()["environment"], "test");
}

/// Acceptance 24.
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

/// Acceptance 16 and 21; T62: one engine for a folder.
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

    // What is removed can be put back for a while, and its link is the same.
    page.chord(&[Key::Control], Some('k')).await;
    page.types("goods").await;
    page.part("dialog", "Search and commands").await.says("goods").await;
    page.chord(&[Key::Enter], None).await;
    page.press("button", "Remove").await;
    eventually("an endpoint that is gone", async || window.stall().visitor().ask(PATH).await.status == 404)
        .await;
    page.press("button", "Undo").await;
    eventually("the same link", async || window.stall().visitor().ask(PATH).await.status == 402).await;

    // How the list is narrowed outlasts a look at a payment, and the program.
    page.press("link", "Payments").await;
    page.press("button", "Ready*").await;
    page.part("button", "Clear filters").await;
    page.tab_to("row", "*").await;
    page.chord(&[Key::Enter], None).await;
    page.says("What happened").await;
    page.go_back().await;
    page.no_longer_says("What happened").await;
    page.part("button", "Clear filters").await;

    window.close();
    buy(window.stall(), &buyer).await;
    window.reopen().await;
    let page = window.page();
    // The bar moves everything below it.
    page.says("Practice: money here is not real.").await;
    page.press("link", "Payments").await;
    page.says("2 payments").await;
    page.press("button", "Clear filters").await;
    page.is_rid_of("button", "Clear filters").await;
    window.stall_mut().close();
    page.says("has ended").await;
}

//! The real window of a stall.

use integration::Window;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_window_says_that_money_is_not_real_that_it_sells_and_where() {
    let window = Window::open().await;
    let page = window.page();
    page.says("Practice: money here is not real.").await;
    let store = page.part("region", "Your store").await;
    store.says("Selling").await;
    let url = window.url().await;
    store.says(url.trim_start_matches("http://")).await;
    assert_eq!(window.visitor().await.ask("/nothing").await.status, 404);
}

//! The real window with the keyboard alone.

use alloy_primitives::U256;
use integration::{Books, Key, UNITS, Window, eventually};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy_at, crowd};

/// Statements 8, 13 and 18 of a seller's expectations.
#[tokio::test(flavor = "multi_thread")]
async fn payments_are_read_and_settled_without_a_pointer() {
    let window = Window::open().await;
    let (stall, page) = (window.stall(), window.page());
    page.says("Selling").await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let books = Books::open(stall).await;
    let visitor = window.visitor().await;
    for buyer in crowd(stall, 3).await {
        buy_at(&visitor, &buyer).await;
    }

    page.types("gy").await;
    page.says("3 payments").await;
    page.tab_to("row", "*").await;
    let first = page.focus().await;
    page.chord(&[Key::Enter], None).await;
    page.says("What happened").await;
    page.types("j").await;
    page.chord(&[Key::Escape], None).await;
    page.no_longer_says("What happened").await;
    eventually("the keyboard on another row", async || {
        let second = page.focus().await;
        second.0 == "row" && second != first
    })
    .await;

    page.chord(&[Key::Control, Key::Shift], Some('S')).await;
    page.part("alertdialog", "Settle 3 payments?").await.says("You receive $0.15").await;
    let cancel = ("button".to_owned(), "Cancel".to_owned());
    eventually("the keyboard on Cancel", async || page.focus().await == cancel).await;
    page.tab_to("button", "Settle $0.15").await;
    page.chord(&[Key::Enter], None).await;
    page.says("3 of 3 payments").await;
    page.says("$0.15 arrived").await;
    assert_eq!(books.agree(stall).await, U256::from(3 * UNITS));
}

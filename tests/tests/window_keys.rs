//! The real window with the keyboard alone.

use alloy_primitives::U256;
use integration::{Books, Key, UNITS, Window, eventually};

use crate::shared::{GOODS, PATH, buy, buy_at, crowd, funded, stall};

/// Acceptance 1, 8, 12, 13, 15, 17 and 18; T83.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_at_the_stall_needs_no_pointer() {
    let window = Window::open().await;
    let (stall, page) = (window.stall(), window.page());
    page.says("Selling").await;
    let books = Books::open(stall).await;
    let enter = async || page.chord(&[Key::Enter], None).await;
    let escape = async || page.chord(&[Key::Escape], None).await;

    // A file gets its price.
    let file = stall.goods().join("goods.pdf");
    std::fs::write(&file, GOODS).unwrap();
    page.types("n").await;
    window.choose_in_dialog(&file).await;
    page.part("dialog", "Price a file").await.says("goods.pdf").await;
    page.tab_to("textbox", "Title").await;
    page.chord(&[Key::Control], Some('a')).await;
    page.types("=Goods").await;
    page.tab_to("textbox", "Price").await;
    page.types("0.05").await;
    page.chord(&[Key::Control, Key::Enter], None).await;
    page.part("button", "Copy link").await;
    // The keyboard may be on it already.
    if page.focus().await != ("button".to_owned(), "Copy link".to_owned()) {
        page.tab_to("button", "Copy link").await;
    }
    enter().await;
    let url = format!("{}{PATH}", window.url().await);
    eventually("the link on the clipboard", async || window.clipboard().as_deref() == Some(&*url)).await;
    escape().await;

    let visitor = window.visitor().await;
    let buyers = crowd(stall, 4).await;
    for buyer in &buyers[..3] {
        buy_at(&visitor, buyer).await;
    }

    // Payments are read.
    page.types("gy").await;
    page.says("3 payments").await;
    page.types("j").await;
    eventually("the keyboard on a row", async || page.focus().await.0 == "row").await;
    let first = page.focus().await;
    enter().await;
    page.says("What happened").await;
    page.types("j").await;
    escape().await;
    page.no_longer_says("What happened").await;
    eventually("the keyboard on another row", async || {
        let second = page.focus().await;
        second.0 == "row" && second != first
    })
    .await;

    // They are settled.
    page.chord(&[Key::Control, Key::Shift], Some('S')).await;
    page.part("alertdialog", "Settle 3 payments?").await.says("You receive $0.15").await;
    let cancel = ("button".to_owned(), "Cancel".to_owned());
    eventually("the keyboard on Cancel", async || page.focus().await == cancel).await;
    page.tab_to("button", "Settle $0.15").await;
    enter().await;
    page.says("3 of 3 payments").await;
    page.says("$0.15 arrived").await;
    assert_eq!(books.agree(stall).await, U256::from(3 * UNITS));

    // One is found by the beginning of its transaction's hash.
    let hash = stall.payments().await[0]["transaction"].as_str().expect("a hash").to_owned();
    page.chord(&[Key::Control], Some('k')).await;
    page.part("dialog", "Search and commands").await;
    page.types(&hash[..6]).await;
    page.part("dialog", "Search and commands").await.says("=Goods").await;
    enter().await;
    page.says("What happened").await;
    page.tab_to("button", "Copy the transaction's hash").await;
    enter().await;
    eventually("the hash on the clipboard", async || window.clipboard().as_deref() == Some(&*hash)).await;
    page.hears("Copied").await;
    escape().await;

    // What the list shows goes into a file, and nothing else.
    buy_at(&visitor, &buyers[3]).await;
    page.says("4 payments").await;
    page.types("/").await;
    page.types("status:settled").await;
    enter().await;
    page.says("3 payments").await;
    page.chord(&[Key::Tab], None).await;
    page.types("e").await;
    let start = ("button".to_owned(), "Choose the file…".to_owned());
    eventually("the keyboard on the export", async || page.focus().await == start).await;
    enter().await;
    let table = stall.goods().join("settled.csv");
    window.choose_in_dialog(&table).await;
    page.hears("3 rows").await;
    let written = std::fs::read_to_string(&table).unwrap();
    let rows: Vec<_> = written.lines().skip(1).collect();
    assert_eq!(rows.len(), 3, "{written}");
    for row in rows {
        assert!(row.contains(",'=Goods,") && row.contains("TEST") && row.contains(",settled,"), "{row}");
    }

    // The keys are listed, and letters can be turned off.
    page.chord(&[Key::Shift], Some('?')).await;
    page.part("dialog", "Keys").await.says("Export what is shown").await;
    escape().await;
    page.is_rid_of("dialog", "Keys").await;
    page.chord(&[Key::Control], Some(',')).await;
    page.tab_to("switch", "Single-letter keys").await;
    page.types(" ").await;
    page.types("gy").await;
    page.chord(&[Key::Control], Some('k')).await;
    page.part("dialog", "Search and commands").await;
    escape().await;
    page.part("heading", "Settings").await;
}

/// Acceptance 18, where the hand was at the pointer before.
#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_by_keys_after_a_press_of_the_pointer_sees_where_the_keyboard_is() {
    let (stall, _books) = stall().await;
    buy(&stall, &funded(&stall, "1.00").await).await;
    let window = Window::of(stall).await;
    let page = window.page();
    page.press("link", "Payments").await;
    page.says("1 payment").await;
    let is_seen_on_the_row = async || page.focus().await.0 == "row" && page.shows_focus().await;
    page.types("j").await;
    eventually("the keyboard seen on the row", is_seen_on_the_row).await;
    page.chord(&[Key::Enter], None).await;
    page.part("dialog", "Payment*").await.press("button", "Close").await;
    page.no_longer_says("What happened").await;
    page.types("k").await;
    eventually("the keyboard seen on the row again", is_seen_on_the_row).await;
}

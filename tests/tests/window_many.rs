//! The list of very many payments in the real window.

use std::time::Duration;

use integration::{Part, Stall, Window, Work, eventually};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::seed::a_hundred_thousand;
use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, buy_at, crowd, funded};

const NEW: usize = 5;

/// Long enough for the page to do all that a new payment makes it do.
const SHORTLY: Duration = Duration::from_secs(1);

/// A stall with 100,000 settled payments, and its window.
async fn window() -> Window {
    let mut stall = Stall::start().await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let buyer = funded(&stall, "1.00").await;
    buy(&stall, &buyer).await;
    assert_eq!(stall.settle().await.code, 0);
    stall.close();
    a_hundred_thousand(&stall.data().join("practice/stall.sqlite")).await;
    let window = Window::of(stall).await;
    window.page().says("Selling").await;
    window
}

async fn read_row(page: &Part) -> Value {
    page.measure(include_str!("page/read_row.js"), json!([])).await
}

/// Acceptance 5, 14 and 19. The figures are printed: how fast this computer is, is no
/// property of the program.
#[tokio::test(flavor = "multi_thread")]
async fn among_a_hundred_thousand_payments_a_new_one_appears_and_the_row_that_is_read_stays() {
    let window = window().await;
    let page = window.page();
    // Home has come to rest, as it has when a seller turns to the list.
    page.says("Each payment stands on the day it was made").await;
    for time in ["first", "second"] {
        let watch = window.watch_page();
        let took = page.measure(include_str!("page/first_page.js"), json!([])).await;
        let Work { altogether, .. } = watch.end();
        println!(
            "100,000 payments: the first page is drawn {took} ms after the {time} press, with {altogether:.1?} of work"
        );
        page.says("100,000 payments").await;
        page.press("link", "Home").await;
        page.says("Each payment stands on the day it was made").await;
    }
    page.press("link", "Payments").await;
    page.says("100,000 payments").await;

    let visitor = window.visitor().await;
    let buyers = crowd(window.stall(), NEW + 1).await;
    let mut seen = Vec::new();
    for (number, buyer) in buyers[..NEW].iter().enumerate() {
        let watch = window.watch_page();
        buy_at(&visitor, buyer).await;
        sleep(SHORTLY).await;
        seen.push(watch.end());
        page.says(&format!("100,00{} payments", number + 1)).await;
    }
    seen.sort();
    let Work { longest, altogether } = seen[NEW / 2];
    println!("100,000 payments: a new one costs {longest:.1?} without a pause, {altogether:.1?} altogether");

    let scroll = "document.querySelector('[role=grid]').parentElement.scrollTop = 2000; arguments[0]()";
    page.measure(scroll, json!([])).await;
    let mut before = Value::Null;
    eventually("rows after scrolling", async || {
        let last = before.take();
        before = read_row(&page).await;
        before == last && before["words"].as_str().is_some_and(|words| !words.is_empty())
    })
    .await;
    buy_at(&visitor, &buyers[NEW]).await;
    page.says("100,006 payments").await;
    page.says("1 new payment").await;
    // What came shortly before is told with it.
    page.hears("new payment").await;
    assert_eq!(read_row(&page).await, before);
}

//! The window goes away in the middle of settling (I8, I9; T40, T67).

use alloy_primitives::{Address, U256};
use integration::{Books, Node, UNITS, Window, eventually, freeze, node_of, thaw};
use serde_json::{Value, json};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy_at, crowd};

/// A window whose seller has just confirmed a settlement of three payments, and the one transaction that was signed
/// for it. The network mines nothing of itself, so that most often the transaction waits; the stall's own blocks, which
/// take it in, come every two seconds.
async fn settling() -> (Window, Books, Vec<Value>) {
    let window = Window::open().await;
    let page = window.page();
    page.says("Selling").await;
    let stall = window.stall();
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let books = Books::open(stall).await;
    let visitor = window.visitor().await;
    for buyer in crowd(stall, 3).await {
        buy_at(&visitor, &buyer).await;
    }
    page.press("link", "Settlements").await;
    page.press("button", "Settle $0.15").await;

    // Looking at it has sent nothing yet.
    page.part("alertdialog", "Settle 3 payments?").await;
    assert_eq!(batches(&window).await.len(), 0);
    let node = stall.node().await;
    node.call("evm_setIntervalMining", json!([0])).await;
    node.call("evm_setAutomine", json!([false])).await;
    page.part("alertdialog", "Settle 3 payments?").await.press("button", "Settle $0.15").await;
    eventually("a transaction", async || hashes(&window).await.len() == 1).await;
    let sent = hashes(&window).await;
    (window, books, sent)
}

async fn batches(window: &Window) -> Vec<Value> {
    let list = window.stall().cli(&["batch", "list"]).await;
    list["items"].as_array().expect("batches").clone()
}

async fn hashes(window: &Window) -> Vec<Value> {
    let batches = batches(window).await;
    let attempts = batches.iter().flat_map(|batch| batch["attempts"].as_array().expect("attempts"));
    attempts.map(|attempt| attempt["hash"].clone()).collect()
}

/// The window is there again: it carries on, and everything has happened exactly once.
async fn ends_settled_once(window: &Window, books: &Books, sent: &[Value]) {
    let page = window.page();
    // It stands above everything else, which moves down when it comes.
    page.says("Practice: money here is not real.").await;
    page.press("link", "Settlements").await;
    let list = page.part("grid", "Batches").await;
    list.says("Settled").await;
    list.no_longer_says("Settling…").await;
    assert_eq!(batches(window).await.len(), 1);
    assert_eq!(hashes(window).await, sent, "another transaction was sent");
    let stall = window.stall();
    assert_eq!(stall.states().await, ["settled"; 3]);
    assert_eq!(books.agree(stall).await, U256::from(3 * UNITS));
    assert_eq!(transactions(window, &stall.node().await).await, 1);
}

/// How many transactions of the gas wallet are in blocks.
async fn transactions(window: &Window, node: &Node) -> u64 {
    let status = window.stall().cli(&["status"]).await;
    let wallet: Address = status["gasWallet"]["address"].as_str().unwrap().parse().unwrap();
    node.transactions_of(wallet).await
}

/// Acceptance 9.
#[tokio::test(flavor = "multi_thread")]
async fn killed_right_after_confirming_it_ends_settled_once() {
    let (mut window, books, sent) = settling().await;
    window.kill9();
    window.reopen().await;
    ends_settled_once(&window, &books, &sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_in_the_middle_of_settling_it_ends_settled_once() {
    let (mut window, books, sent) = settling().await;
    // Nothing is learned of the transaction before the question is read, however busy the computer is.
    let [node] = node_of(&window.stall().data())[..] else { panic!("one node runs for the stall") };
    freeze(node);
    // T67: there is no tray here, so closing means quitting, and the money at stake is named first.
    window.close_frame();
    let question = window.page().part("alertdialog", "Quit while money is at stake?").await;
    question.says("3 payments of together $0.15 are not on chain yet.").await;
    question.says("A settlement is on its way.").await;
    thaw(node);
    question.press_last("button", "Quit").await;
    window.has_ended();
    window.reopen().await;
    ends_settled_once(&window, &books, &sent).await;
}

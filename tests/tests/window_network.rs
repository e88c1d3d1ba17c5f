//! The real window on a test network, whose node is ours.

use alloy_primitives::{Address, U256};
use integration::{Anvil, Buyer, Environment, Key, Stall, TOKEN, Window, eventually, random_word};
use serde_json::Value;

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy_at};

const BASE: &str = "eip155:84532";
const PAGES: [&str; 6] = ["Home", "Endpoints", "Payments", "Settlements", "Needs attention", "Settings"];
const BAR: &str = "Test: money here is not real.";

/// Acceptance 4, 7, 10, 11 and 12; T05, T48.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_on_a_test_network_is_called_out_and_the_rest_settles_by_itself() {
    let mint = Buyer::new();
    let chain = Anvil::start(1, mint.address()).await;
    let mut stall = Stall::closed(Environment::Test);
    let passphrase = stall.goods().join("passphrase");
    std::fs::write(&passphrase, "for this test only\n").unwrap();
    stall.variable("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase.to_str().unwrap());
    let payout = Buyer::new().address();
    stall.cli(&["network", "set", BASE, "--rpc", chain.node().url(), "--pay-to", &payout.to_string()]).await;
    let mut window = Window::of(stall).await;
    let (stall, page) = (window.stall(), window.page());
    eventually("the network", async || {
        let listed = stall.run(&["network", "list"]).await;
        let is_ready = |item: &Value| item["network"] == BASE && item["state"] == "ready";
        listed.code == 0 && listed.json()["items"].as_array().is_some_and(|items| items.iter().any(is_ready))
    })
    .await;
    stall.cli(&["schedule", "set", "--every", "5m", "--at-count", "3"]).await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    for name in PAGES {
        page.press("link", name).await;
        page.part("heading", name).await;
        page.says(BAR).await;
    }

    // Two wait. Each says how long it can, and no schedule may come later.
    let visitor = window.visitor().await;
    let buyers = [(); 4].map(|()| Buyer::new());
    chain.node().mint(&buyers.each_ref().map(Buyer::address), U256::from(1_000_000)).await;
    for buyer in &buyers[..2] {
        buy_at(&visitor, buyer).await;
    }
    page.press("link", "Payments").await;
    page.says("2 payments").await;
    page.tab_to("row", "*").await;
    page.chord(&[Key::Enter], None).await;
    page.part("dialog", "Payment*").await.says("min left").await;
    page.chord(&[Key::Escape], None).await;
    page.press("link", "Settings").await;
    page.part("region", "Settling").await.press("button", "Change…").await;
    let form = page.part("dialog", "When Base Sepolia settles").await;
    form.fill("After some time", "120").await;
    form.press("button", "Save the schedule").await;
    form.says("What waits has to be settled within").await;
    let refused = form.complaint("After some time").await.expect("a schedule that is refused");
    assert!(refused.contains("minutes") && refused.contains("2 hours"), "{refused}");
    form.press("button", "Cancel").await;

    // One of the buyers spends the money elsewhere, and there is nothing to pay the network with.
    let terms = visitor.terms(PATH).await;
    let mut elsewhere = buyers[1].authorization(&terms);
    (elsewhere.to, elsewhere.value) = (Address::from_word(random_word()), U256::from(950_001));
    let emptied = buyers[1].sign_this(&terms, elsewhere);
    chain.node().send(&Buyer::new(), TOKEN, emptied.call()).await;
    for buyer in &buyers[2..] {
        buy_at(&visitor, buyer).await;
    }
    let wallet = stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().to_owned();
    page.press("link", "Look").await;
    page.part("heading", "The gas wallet is low").await;
    page.part("image", "QR code of the gas wallet's address").await;
    page.press("button", "Copy the gas wallet's address").await;
    eventually("the address on the clipboard", async || window.clipboard().as_deref() == Some(&*wallet))
        .await;
    page.press("button", "Show the gas wallet's address in the explorer").await;
    chain.give_gas(wallet.parse().unwrap()).await;
    eventually("what can be settled", async || {
        stall.states().await == ["failed", "settled", "settled", "settled"]
    })
    .await;
    page.says("The buyer's wallet no longer holds enough").await;
    page.says("asked again").await;
    page.is_rid_of("heading", "The gas wallet is low").await;

    // What is on chain is copied with one press or key, and looked at in the network's own explorer.
    let settled = stall.payments().await.into_iter().find(|payment| payment["state"] == "settled").unwrap();
    let hash = settled["transaction"].as_str().unwrap();
    page.press("link", "Payments").await;
    page.chord(&[Key::Control], Some('k')).await;
    page.types(&hash[..10]).await;
    page.part("dialog", "Search and commands").await.says("$0.05").await;
    page.chord(&[Key::Enter], None).await;
    page.part("dialog", "Payment*").await;
    page.tab_to("button", "Copy the transaction's hash").await;
    page.chord(&[Key::Enter], None).await;
    eventually("the hash on the clipboard", async || window.clipboard().as_deref() == Some(hash)).await;
    page.tab_to("button", "Show the transaction's hash in the explorer").await;
    page.chord(&[Key::Enter], None).await;
    let explorer = "https://sepolia.basescan.org";
    let links = [format!("{explorer}/address/{wallet}"), format!("{explorer}/tx/{hash}")];
    eventually("the explorer", async || window.opened() == links).await;

    // The receipt and the table say whose money it is, and with real money none of it is there.
    let receipt = stall.cli(&["payment", "show", settled["id"].as_str().unwrap()]).await;
    let link = receipt["receipt"].as_str().unwrap_or_else(|| panic!("{receipt}"));
    let path = link.strip_prefix(&window.url().await).unwrap();
    let browser = [("accept", "text/html"), ("user-agent", "Mozilla/5.0")];
    let shown = visitor.try_get(path, &browser.map(|(name, value)| (name, value.to_owned()))).await.unwrap();
    assert!(
        String::from_utf8_lossy(&shown.body).contains("Test network: no real money."),
        "{}",
        shown.in_words()
    );
    let table = stall.goods().join("payments.csv");
    stall.cli(&["export", "payments", table.to_str().unwrap()]).await;
    let rows = std::fs::read_to_string(&table).unwrap();
    assert_eq!(rows.lines().skip(1).filter(|row| row.contains("TEST,test,")).count(), 4, "{rows}");
    window.close();
    window.reopen_in(Environment::Live).await;
    let page = window.page();
    // It stands above everything else, which moves down when it comes.
    page.says("Real money is not taken yet.").await;
    page.press("link", "Payments").await;
    page.says("0 payments").await;
    assert!(!page.text().await.contains(BAR));
}

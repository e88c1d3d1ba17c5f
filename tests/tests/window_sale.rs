//! What a seller does all day, in the real window: price a file, watch it sell, settle.

use std::time::Duration;

use alloy_primitives::{Address, U256};
use integration::{Books, Buyer, Client, Key, Part, UNITS, Window, eventually};

use crate::shared::GOODS;

/// The longest that a payment may take to appear.
const SOON: Duration = Duration::from_secs(2);

/// The longest that a large file may take to have its link; how fast this computer is, is no property of the program.
const A_MOMENT: Duration = Duration::from_secs(10);

/// The three sums of the list of payments.
async fn sums(page: &Part) -> Part {
    page.press("link", "Payments").await;
    page.part("list", "What the payments shown come to").await
}

/// The three sums of Home.
async fn home(page: &Part) -> Part {
    page.press("link", "Home").await;
    page.part("region", "Money").await
}

/// Acceptance 1, 5, 6, 8 and 19; I8, I9, T41.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_file_gets_a_price_sells_and_is_settled_once_by_five_quick_presses() {
    let window = Window::open().await;
    let (stall, page) = (window.stall(), window.page());
    page.says("Selling").await;
    let books = Books::open(stall).await;

    let file = stall.goods().join("Field guide.pdf");
    std::fs::write(&file, GOODS).unwrap();
    window.drop_file(&file);
    let sheet = page.part("dialog", "Price a file").await;
    sheet.says("Field guide.pdf").await;
    sheet.fill("Price", "0.0000001").await;
    page.chord(&[Key::Control, Key::Enter], None).await;
    sheet.says("A price has at most 6 decimals.").await;
    let complaint = sheet.complaint("Price").await.expect("a field that is told to be wrong");
    assert!(complaint.contains("A price has at most 6 decimals."), "{complaint}");
    sheet.fill("Price", "0.05").await;
    sheet.says("Buyer pays $0.05").await;
    page.chord(&[Key::Control, Key::Enter], None).await;
    let url = format!("{}/field-guide", window.url().await);
    page.says(&url).await;
    page.part("image", &format!("QR code of {url}")).await;
    page.press("button", "Copy link").await;
    eventually("the link on the clipboard", async || window.clipboard().as_deref() == Some(&*url)).await;
    page.press("button", "Done").await;

    // As large as a film is, of which the disk keeps nothing but the length.
    let film = stall.goods().join("Film.pdf");
    std::fs::File::create(&film).unwrap().set_len(200_000_000).unwrap();
    window.drop_file(&film);
    let sheet = page.part("dialog", "Price a file").await;
    sheet.fill("Price", "0.05").await;
    page.chord(&[Key::Control, Key::Enter], None).await;
    let took = page.says_within(&format!("{}/film", window.url().await), A_MOMENT).await;
    println!("200 MB have their link {took:?} after they got their price");
    page.press("button", "Done").await;

    page.press("link", "Payments").await;
    page.says("No payments yet").await;
    for (client, shown) in
        [(Client::Fetch2, "1 payment "), (Client::Fetch2, "2 payments "), (Client::Fetch1, "3 payments ")]
    {
        let buyer = Buyer::new();
        stall.fund(buyer.address(), "1.00").await;
        let bought = client.buy(&url, &buyer).await;
        assert_eq!(bought["status"], 200, "{bought}");
        let took = page.says_within(shown, SOON).await;
        println!("in sight {took:?} after the buyer had the file");
    }
    sums(&page).await.says("3 payments $0.00 settled $0.15 pending $0.00 needs attention").await;

    home(&page).await.says("Settled today $0.00").await;
    home(&page).await.says("Pending $0.15").await;
    page.press("link", "Settlements").await;
    page.press("button", "Settle $0.15").await;
    let dialog = page.part("alertdialog", "Settle 3 payments?").await;
    let pay_to = stall.pay_to().await.to_string();
    for term in
        ["Payments 3", "Together $0.15", "Network fee about 0.0", "You receive $0.15", "Practice money"]
    {
        dialog.says(term).await;
    }
    dialog.says(&pay_to[pay_to.len() - 4..]).await;
    dialog.press_quickly("button", "Settle $0.15", 5).await;

    page.part("heading", "Batch 1*").await;
    page.says("3 of 3 payments").await;
    page.says("$0.15 arrived").await;
    sums(&page).await.says("3 payments $0.15 settled $0.00 pending $0.00 needs attention").await;
    home(&page).await.says("Settled today $0.15").await;
    home(&page).await.says("Pending $0.00").await;
    assert_eq!(stall.states().await, ["settled"; 3]);
    assert_eq!(books.agree(stall).await, U256::from(3 * UNITS));
    let batches = stall.cli(&["batch", "list"]).await;
    let [batch] = batches["items"].as_array().unwrap().as_slice() else { panic!("one batch: {batches}") };
    assert_eq!(batch["attempts"].as_array().unwrap().len(), 1, "{batch}");
    let wallet: Address =
        stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().parse().unwrap();
    assert_eq!(stall.node().await.transactions_of(wallet).await, 1);
}

/// Acceptance 2 and 3.
#[tokio::test(flavor = "multi_thread")]
async fn the_steps_to_a_first_sale_end_in_six_green_ones_in_the_words_and_numbers_of_the_computer() {
    let (window, panel) = Window::open_beside_a_panel("de_DE").await;
    let (stall, page) = (window.stall(), window.page());
    page.says("Verkauft").await;
    page.press("link", "Start").await;
    page.press("link", "Schritt für Schritt").await;
    page.says(&stall.pay_to().await.to_string()).await;
    page.press("button", "Weiter").await;
    page.says("Du bist hier").await;
    page.press("button", "Weiter").await;

    let file = stall.goods().join("Lied.ogg");
    std::fs::write(&file, GOODS).unwrap();
    window.drop_file(&file);
    let sheet = page.part("dialog", "Datei anbieten").await;
    sheet.fill("Preis", "0,0000001").await;
    sheet.press("button", "Veröffentlichen").await;
    assert!(sheet.complaint("Preis").await.is_some_and(|complaint| complaint.contains("6 ")));
    sheet.fill("Preis", "0,05").await;
    sheet.press("button", "Veröffentlichen").await;
    page.press("button", "Fertig").await;
    page.press("button", "Weiter").await;
    page.press("button", "Weiter").await;

    let steps = page.part("list", "Was bei einem Verkauf geschieht").await;
    assert_eq!(steps.text().await.matches("getan").count(), 0);
    page.press("button", "Testkauf machen").await;
    eventually("six green steps", async || steps.text().await.matches("getan").count() == 6).await;
    page.press("link", "Zahlung ansehen").await;
    page.says("Was geschah").await;
    page.says("0,05 $").await;
    assert_eq!(stall.payments().await[0]["amount"], "50000");
    eventually("the tray", async || panel.menu().iter().any(|line| line.contains("0,05\u{a0}$"))).await;
}

//! Takes the pictures of the README anew, of the real window on a stall that has sold a few things:
//! `cargo run --example readme_pictures -p integration`, after `cargo xtask test` has built the window.

#![expect(clippy::expect_used, reason = "a program that is run by hand and looked at")]

use std::path::Path;

use integration::{Stall, Window};

const WARES: [(&str, &str, &str, &str, usize); 4] = [
    ("harbour-at-dawn.jpg", "Harbour at dawn", "/harbour-at-dawn", "0.05", 9),
    ("field-notes-autumn.pdf", "Field notes, autumn", "/field-notes", "0.20", 6),
    ("kick-and-snare-stems.zip", "Kick and snare stems", "/kick-and-snare", "1.50", 3),
    ("tide-tables-2027.pdf", "Tide tables 2027", "/tide-tables", "0.02", 14),
];

#[tokio::main]
async fn main() {
    let window = Window::open().await;
    let (stall, page) = (window.stall(), window.page());
    page.says("Selling").await;
    for (file, title, path, price, _) in WARES {
        put_up(stall, file, title, path, price).await;
    }
    for (_, _, path, _, times) in WARES {
        buy(stall, path, times).await;
    }
    stall.cli(&["settle", "--wait"]).await;
    for (_, _, path, _, times) in WARES {
        buy(stall, path, times / 3).await;
    }

    page.press("link", "Home").await;
    page.says("Best sellers").await;
    save(&window, "home").await;
    page.press("link", "Settlements").await;
    page.press("button", "Settle $*").await;
    page.part("alertdialog", "Settle 10 payments?").await.says("You receive").await;
    save(&window, "settle").await;
    page.press("button", "Cancel").await;

    let essay = stall.goods().join("Letters from the lighthouse.epub");
    std::fs::write(&essay, vec![7; 1_240_000]).expect("a file");
    window.drop_file(&essay);
    let sheet = page.part("dialog", "Price a file").await;
    sheet.fill("Price", "2.40").await;
    sheet.says("Buyer pays $2.40").await;
    save(&window, "price").await;
}

async fn put_up(stall: &Stall, file: &str, title: &str, path: &str, price: &str) {
    let file = stall.goods().join(file);
    std::fs::write(&file, title).expect("a file");
    let file = file.to_str().expect("a plain path");
    stall.cli(&["endpoint", "add", "--file", file, "--title", title, "--path", path, "--price", price]).await;
}

async fn buy(stall: &Stall, path: &str, times: usize) {
    if times > 0 {
        let times = times.to_string();
        stall.cli(&["practice", "buy", path, "--times", &times, "--payers", &times]).await;
    }
}

async fn save(window: &Window, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/screenshots");
    let file = folder.join(format!("{name}.png"));
    std::fs::write(file, window.picture().await).expect("a picture");
}

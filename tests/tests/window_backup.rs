//! What a seller keeps, lost and put back in the real window.

use std::path::Path;

use integration::{Part, Stall, Window, eventually};
use serde_json::{Value, json};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy_at, crowd};

const PASSPHRASE: &str = "correct horse battery staple";

fn parts(of: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| of[name].clone()).collect()
}

/// All that has to come back.
async fn kept(stall: &Stall) -> Value {
    let endpoint = stall.cli(&["endpoint", "show", PATH]).await;
    let payments = stall.payments().await;
    let money = ["id", "state", "amount", "payer", "payTo", "transaction", "endpointId"];
    json!({
        "endpoint": parts(&endpoint, &["id", "path", "url", "title", "formatted", "state", "sales"]),
        "settings": stall.cli(&["settings", "get"]).await,
        "payments": payments.iter().map(|payment| parts(payment, &money)).collect::<Value>(),
        "payTo": stall.pay_to().await.to_string(),
        "wallet": stall.cli(&["status"]).await["gasWallet"]["address"],
    })
}

async fn backups(page: &Part) {
    // It stands above everything else, which moves down when it comes.
    page.says("Practice: money here is not real.").await;
    page.says("Selling").await;
    page.press("link", "Settings").await;
    page.press("link", "Open backups").await;
}

/// The files below a folder in which this text stands.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().filter_map(Result::ok) {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
        {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Acceptance 21 and 29; I12, T55, T85.
#[tokio::test(flavor = "multi_thread")]
async fn all_that_was_lost_comes_back_out_of_a_backup_that_its_passphrase_alone_opens() {
    let mut window = Window::open().await;
    let page = window.page();
    page.says("Selling").await;
    let stall = window.stall();
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    stall.cli(&["settings", "set", "stall-name", "Ada’s books"]).await;
    let visitor = window.visitor().await;
    for buyer in crowd(stall, 2).await {
        buy_at(&visitor, &buyer).await;
    }
    assert_eq!(stall.settle().await.code, 0);
    let before = kept(stall).await;
    let file = stall.goods().join("stall.backup");

    backups(&page).await;
    page.press("button", "Make a backup…").await;
    let form = page.part("dialog", "Make a backup").await;
    form.press("button", "Choose…").await;
    window.choose_in_dialog(&file).await;
    form.fill("Passphrase of the backup", PASSPHRASE).await;
    form.fill("The same again", PASSPHRASE).await;
    form.press("button", "Make the backup").await;
    page.says("The backup is made and was read again").await;
    let url = window.url().await;
    window.close();

    window.lose_everything(&url);
    window.reopen().await;
    let page = window.page();
    backups(&page).await;
    assert_eq!(window.stall().payments().await.len(), 0);
    page.press("button", "Put a backup back…").await;
    let form = page.part("dialog", "Put a backup back").await;
    form.press("button", "Choose…").await;
    window.choose_in_dialog(&file).await;
    form.fill("Passphrase", "another horse").await;
    form.press("button", "Look into it").await;
    form.says("That is not the passphrase of this backup.").await;
    form.fill("Passphrase", PASSPHRASE).await;
    form.press("button", "Look into it").await;
    form.says("1 endpoint, 2 payments, 0 pending").await;
    form.fill("Type restore to go on", "restore").await;
    form.press("button", "Put it back").await;
    page.says("At the next start this backup takes the place of what is here").await;
    window.close();
    window.reopen().await;
    window.page().says("Selling").await;
    let stall = window.stall();
    eventually("all that was kept", async || kept(stall).await == before).await;
    assert_eq!(window.visitor().await.ask(PATH).await.status, 402);

    // Whoever deletes all of it types a word first.
    let page = window.page();
    page.press("link", "Settings").await;
    // What comes last no longer moves what is pressed.
    page.says("of 5 done").await;
    page.press("link", "Open data").await;
    page.press("button", "Delete…*").await;
    let form = page.part("dialog", "Delete all of Practice").await;
    form.press("button", "Delete at the next start").await;
    form.says("without anything else.").await;

    let zip = stall.goods().join("diagnostics.zip");
    stall.cli(&["diagnostics", "save", zip.to_str().unwrap()]).await;
    for secret in [PASSPHRASE, "another horse"] {
        assert_eq!(files_with(stall.goods().parent().unwrap(), secret), [""; 0]);
    }
}

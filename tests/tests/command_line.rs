//! The command line is a contract for scripts.

use integration::{Environment, Stall, UNITS, eventually};
use serde_json::{Value, json};

use crate::shared::{GOODS, funded};

/// Every one of these fields is there and says something.
fn has(value: &Value, fields: &[&str]) {
    for field in fields {
        let found = field.split('.').try_fold(value, |value, name| value.get(name));
        assert!(found.is_some_and(|found| !found.is_null()), "no {field} in {value:#}");
    }
}

fn amount(value: &Value) -> u64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no amount"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ready_line_and_the_status_say_where_everything_is() {
    let stall = Stall::start().await;
    has(stall.ready(), &["ready", "environment", "url", "control", "pid"]);
    assert_eq!(stall.ready()["environment"], "practice");
    let status = stall.cli(&["status"]).await;
    has(
        &status,
        &["environment", "url", "networks", "gasWallet.address", "gasWallet.balance", "totals", "exposure"],
    );
    assert_eq!(status["url"], stall.ready()["url"]);
    let network = &status["networks"][0];
    has(network, &["network", "chainId", "rpcUrl", "payTo"]);
    has(network, &["asset.address", "asset.name", "asset.version", "asset.decimals"]);
    assert_eq!(network["network"], "eip155:84532");
    assert_eq!(network["chainId"], 84_532);
    assert_eq!(network["asset"]["name"], "USDC");
    assert_eq!(network["asset"]["decimals"], 6);
    assert_eq!(amount(&status["exposure"]), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_added_shown_priced_paused_resumed_and_removed() {
    let stall = Stall::start().await;
    let added = stall.sell("/track", GOODS, &["--title", "A track", "--owned-for", "12h"]).await;
    has(
        &added,
        &["id", "path", "url", "title", "amount", "decimals", "formatted", "mode", "ownedFor", "state"],
    );
    assert_eq!(added["title"], "A track");
    assert_eq!(amount(&added["amount"]), UNITS);
    let id = added["id"].as_str().unwrap();
    let visitor = stall.visitor();
    // What a command changed holds for the next buyer when it has ended.
    let answers = async |status: u16| assert_eq!(visitor.ask("/track").await.status, status);
    answers(402).await;

    for name in [id, "/track"] {
        assert_eq!(stall.cli(&["endpoint", "show", name]).await["id"], added["id"]);
    }
    let list = stall.cli(&["endpoint", "list"]).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);

    stall.cli(&["endpoint", "set-price", "/track", "0.07"]).await;
    assert_eq!(visitor.terms("/track").await.amount.to::<u64>(), 70_000);
    stall.cli(&["endpoint", "pause", "/track"]).await;
    answers(503).await;
    stall.cli(&["endpoint", "resume", "/track"]).await;
    answers(402).await;
    stall.cli(&["endpoint", "remove", "/track"]).await;
    answers(404).await;
    // A path that was given up can be sold again, as another thing.
    let again = stall.sell("/track", GOODS, &[]).await;
    assert_ne!(again["id"], added["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_and_batches_are_listed_shown_and_settled() {
    let stall = Stall::start().await;
    let endpoint = stall.sell("/track", GOODS, &["--owned-for", "0"]).await;
    let bought = stall.cli(&["practice", "buy", "/track", "--times", "4", "--payers", "2"]).await;
    assert_eq!(bought["items"].as_array().map(Vec::len), Some(4), "{bought}");

    let page = stall.cli(&["payment", "list", "--limit", "3"]).await;
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for payment in items {
        has(payment, &["id", "state", "endpoint", "payer", "amount", "network", "createdAt", "validBefore"]);
        assert!(payment.get("batch").is_some() && payment.get("transaction").is_some(), "{payment}");
        assert_eq!((&payment["endpoint"], &payment["endpointId"]), (&json!("/track"), &endpoint["id"]));
        assert_eq!(amount(&payment["amount"]), UNITS);
    }
    assert!(!page["next"].is_null(), "there is a fourth");
    assert_eq!(stall.cli(&["payment", "list", "--state", "settled"]).await["items"], json!([]));

    let preview = stall.cli(&["settle", "--dry-run"]).await;
    has(&preview, &["count", "total", "exclusions"]);
    has(&preview["networks"][0], &["network", "count", "total", "gas", "fee"]);
    assert_eq!(preview["count"], 4);
    assert_eq!(amount(&preview["total"]), 4 * UNITS);
    let settled = stall.settle().await;
    settled.succeeded();

    let batches = stall.cli(&["batch", "list"]).await;
    let batch = &batches["items"][0];
    has(batch, &["id", "state", "network", "payments", "total", "attempts"]);
    has(&batch["attempts"][0], &["hash", "nonce"]);
    assert_eq!(batch["payments"], 4);
    assert_eq!(amount(&batch["total"]), 4 * UNITS);
    let id = match &batch["id"] {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    assert_eq!(stall.cli(&["batch", "show", &id]).await["id"], batch["id"]);

    let listed = stall.payments().await;
    let first = &listed[0];
    assert_eq!(first["state"], "settled");
    assert_eq!(first["batch"], batch["id"]);
    assert_eq!(first["transaction"], batch["attempts"][0]["hash"]);
    let shown = stall.cli(&["payment", "show", first["id"].as_str().unwrap()]).await;
    assert_eq!(shown["id"], first["id"]);
    assert_eq!(stall.settle().await.code, 0, "settling nothing is no failure");
}

/// An empty queue is not the end: what was sent before may not be final.
#[tokio::test(flavor = "multi_thread")]
async fn settling_and_waiting_ends_when_what_was_sent_before_is_final() {
    let stall = Stall::start().await;
    stall.sell("/track", GOODS, &[]).await;
    stall.cli(&["practice", "buy", "/track", "--times", "3"]).await;
    let begun = stall.cli(&["settle"]).await;
    assert_eq!(begun["left"], 0);
    let waited = stall.settle().await.succeeded();
    assert_eq!((&waited["complete"], &waited["settled"]), (&json!(true), &json!(3)), "{waited}");
    assert_eq!(waited["items"][0]["id"], begun["items"][0]["id"]);
    assert_eq!(waited["items"][0]["state"], "final");
    for payment in stall.payments().await {
        assert!(!payment["finalAt"].is_null(), "{payment}");
    }
}

/// People read lists in a terminal of a hundred columns; what they copy stands whole.
#[tokio::test(flavor = "multi_thread")]
async fn lists_for_people_fit_a_terminal() {
    let stall = Stall::start().await;
    stall.sell("/a-track-with-a-long-name", GOODS, &["--title", &"a long title ".repeat(9)]).await;
    let bought = stall.cli(&["practice", "buy", "/a-track-with-a-long-name", "--times", "2"]).await;
    assert_eq!(bought["items"].as_array().map(Vec::len), Some(2));
    stall.settle().await.succeeded();
    let data = stall.data();
    let data = data.to_str().unwrap();
    let payments = stall.payments().await;
    let id = payments[0]["id"].as_str().unwrap();
    for (list, whole) in [
        (&["payment", "list"][..], id),
        (&["endpoint", "list"], "/a-track-with-a-long-name"),
        (&["batch", "list"], "final"),
        (&["settings", "get"], "public-url"),
    ] {
        let ran = stall.run_plainly(&[list, &["--data-dir", data]].concat()).await;
        assert!(ran.code == 0 && ran.stdout.contains(whole), "{whole} in {}", ran.stdout);
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_money_arrives_and_settings_are_kept() {
    let mut stall = Stall::start().await;
    let buyer = funded(&stall, "25.00").await;
    assert_eq!(stall.node().await.balance(buyer.address()).await.to::<u64>(), 25_000_000);
    stall.cli(&["settings", "set", "public-url", "https://stall.example"]).await;
    let settings = stall.cli(&["settings", "get"]).await;
    let kept = settings["items"].as_array().unwrap().iter().find(|item| item["key"] == "public-url").unwrap();
    assert_eq!(kept["value"], "https://stall.example");
    stall.restart().await;
    assert_eq!(stall.cli(&["settings", "get"]).await, settings);
    assert_eq!(stall.node().await.balance(buyer.address()).await.to::<u64>(), 25_000_000);
}

/// Commands that need no engine work on a folder that nothing runs on, and see the same.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_engine_the_books_can_still_be_read() {
    let mut stall = Stall::start().await;
    stall.sell("/track", GOODS, &[]).await;
    stall.cli(&["practice", "buy", "/track"]).await;
    eventually("the note that all of it was delivered", || async {
        stall.payments().await[0]["delivery"] == "delivered"
    })
    .await;
    let (payments, endpoints) = (stall.payments().await, stall.cli(&["endpoint", "list"]).await);
    stall.close();
    assert_eq!(stall.payments().await, payments);
    let mut closed = endpoints.clone();
    closed["items"][0]["url"] = Value::Null;
    closed["items"][0]["offers"][0]["ready"] = Value::Bool(false);
    closed["items"][0]["prices"][0]["url"] = Value::Null;
    assert_eq!(stall.cli(&["endpoint", "list"]).await, closed, "all but link and offer, which lead nowhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_live_stall_sells_nothing_and_lists_what_to_do_first() {
    let stall = Stall::closed(integration::Environment::Practice);
    let data = stall.data();
    let live = async |words: &[&str]| {
        let rest = ["--environment", "live", "--json", "--data-dir", data.to_str().unwrap()];
        stall.run_plainly(&[words, &rest].concat()).await
    };
    let status = live(&["status"]).await.succeeded();
    assert_eq!((&status["environment"], &status["selling"]), (&json!("live"), &json!(false)));
    let list = live(&["live", "checklist"]).await.succeeded();
    assert_eq!(list["ready"], false);
    for item in list["items"].as_array().unwrap() {
        has(item, &["item", "mandatory", "done", "sentence", "next"]);
    }
    let play = ["network", "set", "eip155:84532", "--rpc", "http://127.0.0.1:9"];
    assert_eq!(live(&play).await.refused(), "invalid_request");
}

/// Wrong usage is told apart from everything that can go wrong at work.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_ends_with_exit_code_2() {
    let stall = Stall::closed(integration::Environment::Practice);
    for arguments in [&["no-such-command"][..], &["endpoint", "add"], &["settle", "--no-such-flag"]] {
        assert_eq!(stall.run_plainly(arguments).await.code, 2, "{arguments:?}");
    }
    assert_eq!(stall.run_plainly(&["--help"]).await.code, 0);
}

/// A server runs it under systemd, confined, with the passphrase handed over by it (I12).
#[tokio::test(flavor = "multi_thread")]
async fn the_unit_for_servers_is_one_that_systemd_understands() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["serve", "--listen", "127.0.0.1:4444", "--environment", "test", "--print-unit"];
    let printed = Stall::closed(Environment::Test).run_plainly(&asked).await;
    assert_eq!(printed.code, 0, "{}", printed.in_words());
    assert!(printed.stdout.contains(" serve --environment test --listen 127.0.0.1:4444\n"));
    for line in
        ["NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=stallkeeper", "KillSignal=SIGTERM"]
    {
        assert!(printed.stdout.lines().any(|printed| printed == line), "{line}");
    }
    assert!(printed.stdout.contains("LoadCredential=keystore-passphrase:"));
    let unit = folder.path().join("stallkeeper.service");
    std::fs::write(&unit, &printed.stdout).unwrap();
    let verified = std::process::Command::new("systemd-analyze").arg("verify").arg(&unit).output();
    // Not every machine has it; what it would say is the same everywhere.
    if let Ok(verified) = verified {
        let said = String::from_utf8_lossy(&verified.stderr);
        let about_us: Vec<_> = said.lines().filter(|line| line.contains("stallkeeper.service")).collect();
        assert!(about_us.is_empty(), "{about_us:?}");
    }
}

//! The list of a million payments in the real window: how soon it shows what, what a new payment costs it, what memory it takes.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use integration::{Window, Work};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::family::Family;
use crate::million::{Known, PATH};
use crate::report::{line, median, milliseconds};

const FIRST_PAGE: f64 = 100.0;
const NARROWED: f64 = 200.0;
const INSERT: f64 = 16.0;
const GROWTH: f64 = 100.0;

const NEW: usize = 7;
/// Long enough for the page to do all that a new payment makes it do.
const SHORTLY: Duration = Duration::from_millis(1500);
/// What is loaded or cached by itself is there then.
const CALM: Duration = Duration::from_secs(5);

/// To so many rows the list is scrolled, so many at a time, and no longer than this.
const ROWS: usize = 20_000;
const STRETCH: usize = 1_000;
const SCROLLED_WITHIN: Duration = Duration::from_secs(90);

/// Opens the window and does what a seller does at the list.
pub(crate) async fn run(window: &mut Window, known: &Known) -> anyhow::Result<()> {
    window.reopen().await;
    window.page().says("Selling").await;
    sleep(CALM).await;
    println!("\n1,000,000 payments in the window");
    shown(window, known).await?;
    inserted(window).await?;
    scrolled(window).await
}

async fn shown(window: &Window, known: &Known) -> anyhow::Result<()> {
    let page = window.page();
    let first = page.measure(include_str!("page/change.js"), json!(["link", "Payments"])).await;
    told("first page, from the press", &first, FIRST_PAGE)?;
    page.press("link", "Home").await;
    sleep(SHORTLY).await;
    let again = page.measure(include_str!("page/change.js"), json!(["link", "Payments"])).await;
    told("the same again", &again, FIRST_PAGE)?;
    let beginning = |text: &str| text.chars().take(10).collect::<String>();
    let questions = [
        ("filter: problems", "chip", "Problems".to_owned()),
        ("filter: settled", "chip", "Settled".to_owned()),
        ("filter: an endpoint", "search", format!("endpoint:{PATH}")),
        ("filter: amounts", "search", "amount:>2".to_owned()),
        ("filter: a week", "search", "after:2026-03-01 before:2026-03-08".to_owned()),
        ("search: an endpoint's name", "search", "lighthouse".to_owned()),
        ("search: a name that nothing has", "search", "no such thing".to_owned()),
        ("search: an id's first digits", "search", beginning(&known.id)),
        ("search: a transaction's first digits", "search", beginning(&known.transaction)),
        ("search: a buyer's address", "search", known.payer.clone()),
    ];
    for (what, how, text) in questions {
        sleep(SHORTLY).await;
        let took = page.measure(include_str!("page/change.js"), json!([how, text])).await;
        told(what, &took, NARROWED)?;
        sleep(SHORTLY).await;
        page.measure(include_str!("page/change.js"), json!(["clear", ""])).await;
    }
    Ok(())
}

/// Says when the rows were there and drawn, and the sums above them.
fn told(what: &str, took: &Value, target: f64) -> anyhow::Result<()> {
    let time = |name: &str| took[name].as_f64();
    let drawn = time("drawn").with_context(|| format!("{what}: {took}"))?;
    line(&format!("{what}: drawn"), drawn, "ms", Some(target));
    let sums = time("sums").map_or_else(|| "as before".to_owned(), |sums| format!("{sums:.0} ms"));
    println!(
        "      rows in the page {:.0} ms; sums {sums}; {}",
        time("rows").unwrap_or(f64::NAN),
        took["says"].as_str().unwrap_or_default()
    );
    Ok(())
}

async fn inserted(window: &Window) -> anyhow::Result<()> {
    let mut seen = Vec::new();
    for _ in 0..NEW {
        let watch = window.watch_page();
        window.stall().cli(&["practice", "buy", PATH]).await;
        sleep(SHORTLY).await;
        seen.push(watch.end());
    }
    let Work { longest, altogether } = median(seen).context("a new payment")?;
    line("a new payment: script and layout without a pause", milliseconds(longest), "ms", Some(INSERT));
    line("a new payment: altogether", milliseconds(altogether), "ms", None);
    Ok(())
}

async fn scrolled(window: &Window) -> anyhow::Result<()> {
    let memory = || Family::of(window.pid())?.memory();
    sleep(CALM).await;
    let before = memory()?;
    let members = Family::of(window.pid())?.members()?;
    let (mut most, mut reached) = (before, 0);
    let began = Instant::now();
    while reached < ROWS && began.elapsed() < SCROLLED_WITHIN {
        let row = window.page().measure(include_str!("page/scroll.js"), json!([reached + STRETCH])).await;
        let row =
            row.as_u64().and_then(|row| usize::try_from(row).ok()).context("the row that was reached")?;
        anyhow::ensure!(row > reached, "the list ends at row {row}");
        reached = row;
        most = most.max(memory()?);
    }
    sleep(CALM).await;
    let after = memory()?;
    line(
        &format!("memory while {reached} rows are scrolled through: growth"),
        most.max(after) - before,
        "MB",
        Some(GROWTH),
    );
    println!(
        "      {before:.0} MB before, {most:.0} MB at most, {after:.0} MB {CALM:?} later\n      before: {members}\n      later: {}",
        Family::of(window.pid())?.members()?
    );
    Ok(())
}

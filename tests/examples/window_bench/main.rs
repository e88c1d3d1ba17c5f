//! `window_bench EMPTY_WINDOW [start|idle|payments …]`: measures Stallkeeper's window on a data folder with a million
//! payments, beside a window with nothing in it. Without a part it measures all of them. `STALLKEEPER_TEST_PROGRAMS` names
//! the folder of a release build. `cargo xtask bench window` builds both and runs it; it is no test, and fails only when
//! something cannot be measured.

#![expect(
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a program that is run by hand and prints figures"
)]

use std::path::PathBuf;

use anyhow::Context as _;
use integration::{Stall, Window, desktop_program};

mod eye;
mod family;
mod idle;
mod million;
mod payments;
mod report;
mod start;

/// What can be measured by itself, in the order in which all of it is.
const PARTS: [&str; 3] = ["start", "idle", "payments"];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let empty = arguments.next().map(PathBuf::from).context("usage: window_bench EMPTY_WINDOW [PART …]")?;
    let empty = empty.canonicalize().with_context(|| format!("{} is not there", empty.display()))?;
    let chosen: Vec<String> = arguments.collect();
    if let Some(unknown) = chosen.iter().find(|part| !PARTS.contains(&part.as_str())) {
        anyhow::bail!("there is no part {unknown}");
    }
    let ours = desktop_program();
    anyhow::ensure!(
        ours.is_file(),
        "{} is not built; STALLKEEPER_TEST_PROGRAMS names its folder",
        ours.display()
    );

    let mut stall = Stall::start().await;
    million::sell(&mut stall).await?;
    let mut window = Window::closed(stall);
    let wants = |part: &str| chosen.is_empty() || chosen.iter().any(|one| one == part);
    if wants("start") {
        start::run(&window, &ours, &empty)?;
    }
    let known = million::fill(window.stall()).await?;
    if wants("start") {
        start::with_a_million(&window, &ours)?;
    }
    if wants("idle") {
        idle::run(&window, &ours, &empty)?;
    }
    if wants("payments") {
        payments::run(&mut window, &known).await?;
    }
    Ok(())
}

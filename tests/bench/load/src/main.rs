//! `bench STALLKEEPER [PART …]`: measures Stallkeeper against servers of the same job in one run, and prints tables and ratios.
//! Without a part it measures all of them.
//!
//! Every server has one core to itself; this program, the stub facilitator and the practice chain share another. Wall-clock rates on a
//! shared machine are noisy: the numbers to trust are CPU time per request and ratios taken in one run. It is no test: it fails only
//! when something cannot be measured correctly.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

mod authorization;
mod comparison;
mod connection;
mod cores;
mod delivery;
mod fsync;
mod keys;
mod latencies;
mod load;
mod nginx;
mod offer;
mod payer;
mod peers;
mod process;
mod report;
mod rounds;
mod services;
mod slow;
mod stallkeeper;

/// What can be measured by itself, in the order in which all of it is.
const PARTS: [&str; 5] = ["keys", "sales", "delivery", "slow", "services"];

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments
        .next()
        .map(PathBuf::from)
        .context("usage: bench STALLKEEPER [keys|sales|delivery|slow|services …]")?;
    let program = program.canonicalize().with_context(|| format!("{} is not there", program.display()))?;
    let parts = arguments.map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>();
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        anyhow::bail!("there is no part {unknown}");
    }
    let cores = cores::Cores::take_two()?;
    // Beside the program, not in the folder for temporary files: that one is often in memory, where a sync costs nothing.
    let beside = program.parent().context("the program's folder")?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(beside)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        // Dropping what is measured ends every process it started.
        tokio::select! {
            done = measure(&program, &cores, folder.path(), &parts) => done,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
            _ = terminated.recv() => anyhow::bail!("terminated"),
        }
    })
}

async fn measure(
    program: &Path,
    cores: &cores::Cores,
    folder: &Path,
    chosen: &[String],
) -> anyhow::Result<()> {
    for part in PARTS.into_iter().filter(|part| chosen.is_empty() || chosen.iter().any(|one| one == part)) {
        let folder = folder.join(part);
        std::fs::create_dir(&folder)?;
        match part {
            "keys" => keys::run(cores, &folder)?,
            "sales" => comparison::run(program, cores, &folder).await?,
            "delivery" => delivery::run(program, cores, &folder).await?,
            "slow" => slow::run(program, cores, &folder).await?,
            _ => services::run(program, cores, &folder).await?,
        }
    }
    Ok(())
}

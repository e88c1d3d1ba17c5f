//! `bench STALLKEEPER`: measures Stallkeeper against servers of the same job in one run, and prints one table and the ratios.
//!
//! Every server has one core to itself; this program, the stub facilitator and the practice chain share another. Wall-clock rates on a
//! shared machine are noisy: the numbers to trust are CPU time per request and ratios taken in one run. It is no test: it fails only
//! when something cannot be measured correctly.

use std::path::PathBuf;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

mod authorization;
mod comparison;
mod connection;
mod cores;
mod delivery;
mod fsync;
mod latencies;
mod load;
mod offer;
mod payer;
mod peers;
mod process;
mod report;
mod stallkeeper;

fn main() -> anyhow::Result<()> {
    let program = std::env::args_os().nth(1).map(PathBuf::from).context("usage: bench STALLKEEPER")?;
    let program = program.canonicalize().with_context(|| format!("{} is not there", program.display()))?;
    let cores = cores::Cores::take_two()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        // Dropping the comparison ends every process it started.
        tokio::select! {
            done = comparison::run(&program, &cores) => done,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
            _ = terminated.recv() => anyhow::bail!("terminated"),
        }
    })
}

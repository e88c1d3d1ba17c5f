//! The servers that Stallkeeper is compared with.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::process::Command;

use crate::cores::Cores;
use crate::process::{Place, Process};

/// Starts the facilitator that both peers ask.
pub(crate) async fn stub_facilitator(cores: &Cores, logs: &Path) -> anyhow::Result<Process> {
    let command = Command::new(built_beside("stub-facilitator")?);
    Process::start("stub facilitator", command, Place::Beside, cores, &logs.join("stub-facilitator.log"))
        .await
}

/// Starts the seller built on `x402-axum`.
pub(crate) async fn x402_axum(facilitator: &str, cores: &Cores, logs: &Path) -> anyhow::Result<Process> {
    let mut command = Command::new(built_beside("peer-x402-axum")?);
    command.arg(facilitator);
    Process::start("x402-axum", command, Place::Measured, cores, &logs.join("x402-axum.log")).await
}

/// Starts the seller built on `@x402/express`.
pub(crate) async fn express(facilitator: &str, cores: &Cores, logs: &Path) -> anyhow::Result<Process> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../peers/express");
    anyhow::ensure!(folder.join("node_modules").is_dir(), "run `npm ci` in {} first", folder.display());
    let mut command = Command::new("node");
    command.arg("server.mjs").arg(facilitator).current_dir(folder).env("NODE_ENV", "production");
    Process::start("@x402/express", command, Place::Measured, cores, &logs.join("express.log")).await
}

/// A program of this workspace, built in the same profile as this one.
fn built_beside(name: &str) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name(name);
    anyhow::ensure!(program.is_file(), "{} is not built", program.display());
    program.canonicalize().context("a program's path")
}

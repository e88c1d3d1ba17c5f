//! Stallkeeper itself, in a fresh practice environment: started, given one file to sell, its buyers funded.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::process::Command;

use crate::cores::Cores;
use crate::payer::Payer;
use crate::process::{Place, Process};

const PRICE: &str = "0.01";
const FUNDS: &str = "25.00";

/// The program and the data folder it works on.
pub(crate) struct Stall {
    program: PathBuf,
    data: PathBuf,
}

impl Stall {
    /// A stall in an empty data folder.
    pub(crate) fn new(program: &Path, data: &Path) -> Self {
        Self { program: program.to_owned(), data: data.to_owned() }
    }

    /// Starts serving, alone on the measured core: the practice chain moves to the other one.
    pub(crate) async fn open(&self, cores: &Cores, logs: &Path) -> anyhow::Result<Process> {
        let mut command = Command::new(&self.program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&self.data);
        let stallkeeper =
            Process::start("stallkeeper", command, Place::Measured, cores, &logs.join("stallkeeper.log"))
                .await?;
        for child in stallkeeper.descendants()? {
            cores.move_to_the_others(child)?;
        }
        Ok(stallkeeper)
    }

    /// Puts `file` up for sale at `path`, every purchase of it charged.
    pub(crate) async fn sell(&self, path: &str, file: &Path) -> anyhow::Result<()> {
        let mut command = self.command(&[
            "endpoint",
            "add",
            "--path",
            path,
            "--price",
            PRICE,
            "--owned-for",
            "0",
            "--json",
        ]);
        command.arg("--file").arg(file);
        succeed(command).await
    }

    /// Gives a payer practice money.
    pub(crate) async fn fund(&self, payer: &Payer) -> anyhow::Result<()> {
        succeed(self.command(&["practice", "fund", &payer.address_text(), FUNDS])).await
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("--data-dir").arg(&self.data).kill_on_drop(true);
        command
    }
}

async fn succeed(mut command: Command) -> anyhow::Result<()> {
    let output = command.output().await.context("stallkeeper could not be run")?;
    anyhow::ensure!(
        output.status.success(),
        "{:?} ended with {}: {}{}",
        command.as_std().get_args().collect::<Vec<_>>(),
        output.status,
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    Ok(())
}

//! Stallkeeper itself, in a fresh practice environment: started, given something to sell, its buyers funded.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use secp256k1::Secp256k1;
use tokio::process::Command;

use crate::authorization;
use crate::connection::Connection;
use crate::cores::Cores;
use crate::offer::Offer;
use crate::payer::Payer;
use crate::process::{Place, Process};

const PRICE: &str = "0.01";
const FUNDS: &str = "25.00";
const WANTS_LINK: HeaderValue = HeaderValue::from_static("application/json; profile=stallkeeper-grant");

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

    /// Sells `file` at `path` once, and returns the link by which who bought it receives it again.
    pub(crate) async fn sold(&self, server: &Process, path: &str, file: &Path) -> anyhow::Result<Uri> {
        self.sell(path, file).await?;
        let secp = Secp256k1::new();
        let payer = [Payer::draw(&secp)?];
        for payer in &payer {
            self.fund(payer).await?;
        }
        let path: Uri = path.parse()?;
        let mut connection = Connection::open(server.url()).await?;
        let unpaid = connection.get(&path, None, None).await?;
        let payment = authorization::sign(&secp, &payer, &Offer::read(&unpaid)?, 1)?.pop();
        let bought = connection.get(&path, payment, Some(WANTS_LINK)).await?;
        anyhow::ensure!(bought.status == StatusCode::OK, "it answered {}", bought.in_words());
        let said: serde_json::Value = serde_json::from_slice(&bought.body)?;
        Ok(said["grant"].as_str().context("an answer without a link")?.parse()?)
    }

    /// Passes requests at `path` on to `upstream`, so many a day for nothing.
    pub(crate) async fn give_away(&self, path: &str, upstream: &str, a_day: usize) -> anyhow::Result<()> {
        let add = ["endpoint", "add", "--path", path, "--price", PRICE, "--service", upstream];
        succeed(self.command(&add)).await?;
        succeed(self.command(&["endpoint", "quota", path, "--free-a-day", &a_day.to_string()])).await
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

//! Runs a practice chain until its standard input closes: `practice-chain FOLDER RESOURCES`.
//!
//! It is also the smallest program that holds a practice chain as the app does, so tests kill it.

use std::env;
use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Clock, Sleep};
use practice::{Practice, PracticeConfig, SUPERVISOR_COMMAND, supervise};
use tokio::io::AsyncReadExt as _;

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this program is a composition root")]
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        let wait = (at - self.now()).to_std().unwrap_or_default();
        Box::pin(tokio::time::sleep(wait))
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [command, order] if command == SUPERVISOR_COMMAND => supervise(order),
        [folder, resources] => match run(folder.into(), resources.into()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error}");
                ExitCode::FAILURE
            }
        },
        _ => ExitCode::from(2),
    }
}

#[tokio::main]
async fn run(folder: PathBuf, resources: PathBuf) -> Result<(), Box<dyn Error>> {
    // Keys of play money that nobody else can reach need not be unpredictable.
    let mut random = [0x5a; 64];
    random[..4].copy_from_slice(&std::process::id().to_be_bytes());
    let executable = env::current_exe()?;
    let clock = Arc::new(SystemClock);
    let practice = Practice::start(PracticeConfig { folder, resources, executable, random, clock }).await?;
    writeln!(std::io::stdout(), "{}", practice.url())?;
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(practice.stop().await?)
}

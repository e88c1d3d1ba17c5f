//! One life of an engine: the whole product in a runtime of its own, which can die at any moment.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alloy_primitives::{Address, address};
use app::{ApiError, App, Config, Environment, ErrorCode, Overrides};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::clock::HandClock;
use crate::program::{self, Program};

/// The gas wallet of every schedule, in a file that is quick to open.
const KEY_FILE: &str = r#"{"address":"076248b1c1fb1c1dc081e020d99cbc1e9b3a1a8d","crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c"},"ciphertext":"f55dcba7f51318fde6536a9d3f48328fb81c1a9f1284f4c300610e6563c6892e","kdf":"scrypt","kdfparams":{"dklen":32,"n":2,"p":1,"r":8,"salt":"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"},"mac":"840198101f925d6588cf5045cf40401e624f68e338f78a84a9c97f8276325817"},"id":"5a5a5a5a-5a5a-4a5a-9a5a-5a5a5a5a5a5a","version":3}"#;
const PASSPHRASE: &str = "simulated";

/// The address of its key.
pub(crate) const WALLET: Address = address!("076248B1C1fb1C1Dc081E020D99Cbc1e9b3A1A8d");

/// Its key, which may stand nowhere.
pub(crate) const SECRET: [u8; 32] = {
    let mut key = [0x5a; 32];
    key[31] = 1;
    key
};

/// How long a folder may still be held by an engine that was dropped.
const GIVEN_UP_WITHIN: Duration = Duration::from_secs(10);

/// How an engine dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// All its tasks are dropped where they are.
    Dropped,
    /// As after `kill -9`: the next engine finds the files as they were in one moment.
    Killed,
}

/// A running engine.
pub(crate) struct Life {
    engine: Engine,
    folder: PathBuf,
    url: String,
    /// Turns true when it dies: what it says from then on nobody hears.
    dead: watch::Sender<bool>,
}

/// What runs it.
enum Engine {
    /// A runtime of its own in this program, on the clock that is moved by hand.
    Inside { runtime: Option<Runtime>, app: Option<App> },
    /// The program that people run.
    Program(Program),
}

impl Life {
    /// Puts what an engine needs into an empty data folder.
    pub(crate) fn furnish(folder: &Path) {
        std::fs::create_dir_all(folder.join("test")).expect("a data folder");
        std::fs::write(folder.join("test/gas-key.json"), KEY_FILE).expect("the key file");
        std::fs::write(passphrase_file(folder), PASSPHRASE).expect("the passphrase");
    }

    /// Starts an engine on the folder: in here where the clock is moved, else the program.
    pub(crate) async fn begin(folder: &Path, port: u16, clock: &Arc<HandClock>) -> Self {
        let engine = if clock.is_real() {
            Engine::Program(Program::begin(folder, port, &passphrase_file(folder)).await)
        } else {
            inside(folder, port, clock).await
        };
        let url = format!("http://127.0.0.1:{port}");
        let dead = watch::Sender::new(false);
        Self { engine, folder: folder.to_owned(), url, dead }
    }

    /// Where buyers reach it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Tells when it is dead.
    pub(crate) fn dead(&self) -> watch::Receiver<bool> {
        self.dead.subscribe()
    }

    /// Runs a command.
    pub(crate) async fn ask(&self, name: &'static str, body: Value) -> Result<Value, ApiError> {
        match &self.engine {
            Engine::Inside { runtime: Some(runtime), app: Some(app) } => {
                let app = app.clone();
                let asked = runtime.spawn(async move { app.dispatch(name, body).await });
                asked.await.expect("a command does not panic")
            }
            Engine::Inside { .. } => unreachable!("it lives"),
            Engine::Program(_) => program::ask(self.folder.clone(), name, body).await,
        }
    }

    /// Begins a command whose answer nobody waits for.
    pub(crate) fn tell(&self, name: &'static str, body: Value) {
        match &self.engine {
            Engine::Inside { runtime: Some(runtime), app: Some(app) } => {
                let app = app.clone();
                runtime.spawn(async move { app.dispatch(name, body).await.map(drop).map_err(drop) });
            }
            Engine::Inside { .. } => unreachable!("it lives"),
            Engine::Program(_) => drop(tokio::spawn(program::ask(self.folder.clone(), name, body))),
        }
    }

    /// Makes the nodes known and returns when they can be sold on.
    pub(crate) async fn set_up(&self, nodes: &[String], pay_to: Address) {
        let network = json!({ "network": "eip155:84532", "rpcUrls": nodes, "payTo": pay_to.to_string() });
        let set = self.ask("network_set", network).await.expect("the network can be set up");
        assert_eq!(set["ready"], true, "{set}");
    }

    /// Locks the gas wallet or unlocks it, if it can be done now.
    pub(crate) async fn lock(&self, locked: bool) {
        let done = if locked {
            self.ask("wallet_lock", json!({})).await
        } else {
            let passphrase = passphrase_file(&self.folder);
            self.ask("wallet_unlock", json!({ "passphraseFile": passphrase })).await
        };
        done.map(drop).unwrap_or_default();
    }

    /// Lets the money go to another address, and says whether it does from now on.
    pub(crate) async fn pay_to(&self, address: Address) -> bool {
        let text = address.to_string();
        let word = text.get(text.len() - 6..).unwrap_or_default();
        let payout = json!({ "network": "eip155:84532", "payTo": text, "word": word });
        self.ask("payout_set", payout).await.is_ok()
    }

    /// Waits until the node can be sold on, and says whether that came true.
    pub(crate) async fn connected(&self, within: Duration) -> bool {
        let patience = Instant::now();
        loop {
            let status = self.ask("status", Value::Null).await.unwrap_or_default();
            if status["networks"][0]["ready"] == true {
                return true;
            }
            if patience.elapsed() > within {
                return false;
            }
            sleep(Duration::from_millis(2)).await;
        }
    }

    /// Dies, and answers with the folder in which the next one begins. `cut` takes the node away from it; from that
    /// moment on nothing that it does reaches anybody.
    pub(crate) async fn die(mut self, death: Death, cut: impl FnOnce()) -> PathBuf {
        if let Engine::Program(program) = &mut self.engine {
            program.kill();
        }
        self.dead.send_replace(true);
        cut();
        let folder = match (&self.engine, death) {
            (Engine::Inside { .. }, Death::Killed) => image(&self.folder).await,
            (Engine::Inside { .. } | Engine::Program(_), _) => self.folder.clone(),
        };
        self.end();
        folder
    }

    /// Stops in order.
    pub(crate) async fn stop(mut self) {
        match &mut self.engine {
            Engine::Inside { runtime: Some(runtime), app: Some(app) } => {
                let app = app.clone();
                let stopped = runtime.spawn(async move { app.stop().await });
                stopped.await.expect("stopping does not panic");
            }
            Engine::Inside { .. } => return,
            Engine::Program(program) => program.stop(),
        }
        self.dead.send_replace(true);
        self.end();
    }

    fn end(&mut self) {
        let Engine::Inside { runtime, app } = &mut self.engine else { return };
        let (runtime, app) = (runtime.take(), app.take());
        if let Some(runtime) = runtime {
            let inside = runtime.enter();
            drop(app);
            drop(inside);
            // Where it ends is no place to wait, and another thread may.
            let ending = std::thread::spawn(move || runtime.shutdown_timeout(GIVEN_UP_WITHIN));
            tokio::task::block_in_place(|| ending.join()).expect("a runtime ends");
        }
    }
}

/// Where the passphrase of a folder's key is, which is no part of the folder.
fn passphrase_file(folder: &Path) -> PathBuf {
    folder.with_extension("passphrase")
}

async fn inside(folder: &Path, port: u16, clock: &Arc<HandClock>) -> Engine {
    let overrides = Overrides {
        data_dir: Some(folder.to_owned()),
        environment: Some(Environment::Test),
        listen: Some(([127, 0, 0, 1], port).into()),
    };
    let config = Config {
        clock: Arc::<HandClock>::clone(clock),
        passphrase_file: Some(passphrase_file(folder)),
        ..Config::resolve(overrides).expect("a configuration")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let patience = Instant::now();
    let app = loop {
        match runtime.spawn(App::start(config.clone())).await.expect("starting does not panic") {
            Ok(app) => break app,
            Err(ApiError { code: ErrorCode::InUse | ErrorCode::Conflict, .. })
                if patience.elapsed() < GIVEN_UP_WITHIN =>
            {
                sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("the engine does not start: {error}"),
        }
    };
    Engine::Inside { runtime: Some(runtime), app: Some(app) }
}

impl Drop for Life {
    fn drop(&mut self) {
        if let Engine::Inside { runtime, .. } = &mut self.engine
            && let Some(runtime) = runtime.take()
        {
            runtime.shutdown_background();
        }
    }
}

/// Where the database of a data folder is.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("test/stall.sqlite")
}

/// A connection of our own that only reads.
pub(crate) async fn read_only(folder: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}?mode=ro", database(folder).display());
    SqliteConnection::connect(&url).await.expect("the database can be read")
}

/// A copy of the folder as it is in one moment.
///
/// While a reader holds the state it began with, nothing of the log is overwritten and nothing newer than that state
/// goes from the log into the file. So the file first and the log after it are together what a machine would find that
/// lost power now: everything that was committed is there, and at the log's end perhaps half a commit.
async fn image(folder: &Path) -> PathBuf {
    let mut reader = read_only(folder).await;
    let mut held = reader.begin().await.expect("a state to hold");
    sqlx::query("select count(*) from meta").execute(&mut *held).await.expect("the database can be read");
    let copy = folder.with_extension(next(folder));
    std::fs::create_dir_all(copy.join("test")).expect("another folder");
    let (from, to) = (database(folder), database(&copy));
    let beside = |path: &Path, suffix: &str| PathBuf::from(format!("{}{suffix}", path.display()));
    // By another program: what this one closes of a database file gives up the locks of all who have it open here.
    for (from, to) in [
        (folder.join("test/gas-key.json"), copy.join("test/gas-key.json")),
        (from.clone(), to.clone()),
        (beside(&from, "-wal"), beside(&to, "-wal")),
    ] {
        let copied = Command::new("cp").arg(&from).arg(&to).status().expect("cp runs");
        assert!(copied.success(), "{} cannot be copied", from.display());
    }
    held.rollback().await.expect("a state that was held");
    copy
}

/// The number of the next copy.
fn next(folder: &Path) -> String {
    let number = folder.extension().and_then(|number| number.to_str()).and_then(|text| text.parse().ok());
    (number.unwrap_or(0_u32) + 1).to_string()
}

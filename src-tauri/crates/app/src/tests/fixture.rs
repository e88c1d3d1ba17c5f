//! A stall that is open and has no chain: what would come over the wire is put into its store.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use alloy_primitives::{Address, B256};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Amount, Asset, AssetId, Audience, Authorization, BatchId, Clock, EndpointId, Evidence, MANUAL_WINDOW,
    Mode, NetworkId, Offer, Outcome, OwnedFor, Part, PaymentSeq, RequestBinding, Signature, Sleep,
};
use serde_json::Value;
use store::{
    Acceptance, Accepted, NetworkRow, NewBatch, NewEndpoint, NewOffer, PaymentRef, Trigger, Verdict,
};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{ApiError, App, Config, Environment, Overrides};

pub(crate) const PRICE: u64 = 50_000;

/// Noon, so that half a day either way is another one.
const START: i64 = 1_800_014_400;

/// A clock that stands still until it is moved.
pub(crate) struct HandClock {
    time: watch::Sender<DateTime<Utc>>,
    waits: Mutex<Vec<DateTime<Utc>>>,
}

impl HandClock {
    pub(crate) fn advance(&self, span: TimeDelta) {
        self.time.send_modify(|now| *now += span);
    }

    /// How often somebody began to wait for a moment.
    pub(crate) fn waits_for(&self, moment: DateTime<Utc>) -> usize {
        self.waits.lock().unwrap().iter().filter(|at| **at == moment).count()
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.time.borrow()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        self.waits.lock().unwrap().push(at);
        let mut time = self.time.subscribe();
        Box::pin(async move { drop(time.wait_for(|now| *now >= at).await) })
    }
}

pub(crate) struct Stall {
    pub(crate) app: App,
    pub(crate) clock: Arc<HandClock>,
    folder: TempDir,
    environment: Environment,
    sold: u64,
}

impl Stall {
    pub(crate) async fn open() -> Self {
        Self::open_in(Environment::Test).await
    }

    pub(crate) async fn open_in(environment: Environment) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let time = watch::Sender::new(DateTime::from_timestamp(START, 0).unwrap());
        let clock = Arc::new(HandClock { time, waits: Mutex::default() });
        let app = start(&folder, &clock, environment).await;
        Self { app, clock, folder, environment, sold: 0 }
    }

    pub(crate) async fn restart(self) -> Self {
        self.app.stop().await;
        drop(self.app);
        let app = start(&self.folder, &self.clock, self.environment).await;
        Self { app, ..self }
    }

    /// Starts again in another environment of the same folder.
    pub(crate) async fn restart_in(self, environment: Environment) -> Self {
        Self { environment, ..self }.restart().await
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts again after somebody has looked while it was closed.
    pub(crate) async fn restart_after(self, look: impl AsyncFnOnce(App)) -> Self {
        self.app.stop().await;
        drop(self.app);
        let closed = App::open(config(&self.folder, &self.clock, self.environment)).await.unwrap();
        look(closed.clone()).await;
        closed.stop().await;
        drop(closed);
        let app = start(&self.folder, &self.clock, self.environment).await;
        Self { app, ..self }
    }

    pub(crate) async fn ask(&self, name: &str, body: Value) -> Value {
        self.app.dispatch(name, body).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) async fn refused(&self, name: &str, body: Value) -> ApiError {
        self.app.dispatch(name, body).await.unwrap_err()
    }

    /// A place outside the data folder.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// Asks until the answer is what it should become.
    pub(crate) async fn until(&self, name: &str, is_so: impl Fn(&Value) -> bool) {
        let asking = async {
            while !is_so(&self.ask(name, Value::Null).await) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), asking).await.expect("it never became so");
    }

    /// A file to sell, outside the data folder.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().canonicalize().unwrap().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) async fn asset(&self) -> AssetId {
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: Address::repeat_byte(0x36),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        };
        self.app.store().know_asset(asset).await.unwrap()
    }

    /// A network whose node nobody runs.
    pub(crate) async fn network(&self) {
        let row = NetworkRow {
            rpc_urls: vec!["http://127.0.0.1:9".to_owned()],
            pay_to: Some(Address::repeat_byte(0x55)),
            ..NetworkRow::new(NetworkId::BASE_SEPOLIA)
        };
        self.app.store().set_network(row, self.clock.now()).await.unwrap();
    }

    /// Puts a file up for sale, as `endpoint_add` does once the chain was asked.
    pub(crate) async fn add(&self, path: &str) -> Arc<Offer> {
        // Lists follow the order of creation.
        self.clock.advance(TimeDelta::seconds(1));
        let name = format!("{}.txt", path.trim_start_matches('/'));
        let file = self.file(&name, path);
        let content = server::inspect(&file, &self.folder.path().join("data")).await.unwrap().into();
        let id = EndpointId::from_random(crate::random::bytes().unwrap());
        let endpoint = NewEndpoint {
            id,
            path: path.parse().unwrap(),
            title: name,
            description: String::new(),
            is_listed: true,
            content,
            mode: Mode::Batched,
            owned_for: OwnedFor::NEVER,
        };
        let offer = NewOffer {
            part: Part::WHOLE,
            audience: Audience::Everybody,
            asset: self.asset().await,
            pay_to: Address::repeat_byte(0x55),
            amount: Amount::from_atomic(PRICE).unwrap(),
            window: MANUAL_WINDOW,
        };
        self.app.store().add_endpoint(endpoint, offer, self.clock.now()).await.unwrap();
        let listings = self.app.store().catalogue().await.unwrap();
        let mut listing = listings.into_iter().find(|listing| listing.endpoint.id == id).unwrap();
        Arc::new(listing.offers.remove(0))
    }

    /// Somebody new pays for it now.
    pub(crate) async fn sell(&mut self, offer: &Arc<Offer>) -> PaymentRef {
        self.sold += 1;
        let now = self.clock.now();
        let signed = now.timestamp().cast_unsigned();
        let mut signature = [1; 65];
        signature[64] = 27;
        let acceptance = Acceptance {
            offer: Arc::clone(offer),
            part: Part::WHOLE,
            sha256: None,
            amount: offer.amount,
            mode: Mode::Batched,
            settles_now: true,
            owned_for: OwnedFor::NEVER,
            by_service: false,
            authorization: Authorization {
                from: Address::left_padding_from(&self.sold.to_be_bytes()),
                to: offer.pay_to,
                value: offer.amount.into(),
                valid_after: signed - 600,
                valid_before: signed + u64::from(offer.window.seconds()),
                nonce: B256::left_padding_from(&self.sold.to_be_bytes()),
            },
            signature: Signature::normalise(&signature).unwrap().into(),
            binding: RequestBinding::new("GET", &"/x".parse().unwrap(), None, &self.sold.to_be_bytes()),
            balance: Amount::from_atomic(PRICE).unwrap(),
            block: 1,
            protocol: 2,
            at: now,
        };
        match self.app.store().accept(acceptance).await.unwrap() {
            Accepted::New(payment) => payment,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn batch(&self, payments: &[PaymentSeq]) -> BatchId {
        self.app.store().open_batch(self.new_batch(payments).await).await.unwrap().id
    }

    pub(crate) async fn new_batch(&self, payments: &[PaymentSeq]) -> NewBatch {
        NewBatch {
            asset: self.asset().await,
            payments: payments.to_vec(),
            trigger: Trigger::Seller,
            at: self.clock.now(),
        }
    }

    pub(crate) async fn record(&self, batch: BatchId, outcomes: &[(PaymentSeq, Outcome)]) {
        let verdict = Verdict { batch, attempt: None, outcomes: outcomes.to_vec(), at: self.clock.now() };
        self.app.store().record(verdict).await.unwrap();
    }
}

/// Waits for what comes by itself.
pub(crate) async fn until(happened: impl AsyncFn() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !happened().await {
        assert!(std::time::Instant::now() < deadline, "it did not happen");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

pub(crate) fn evidence(block: u64) -> Evidence {
    Evidence {
        block,
        block_hash: B256::left_padding_from(&block.to_be_bytes()),
        transaction: B256::repeat_byte(0x77),
    }
}

async fn start(folder: &TempDir, clock: &Arc<HandClock>, environment: Environment) -> App {
    App::start(config(folder, clock, environment)).await.unwrap()
}

fn config(folder: &TempDir, clock: &Arc<HandClock>, environment: Environment) -> Config {
    let config = Config::resolve(Overrides {
        data_dir: Some(folder.path().join("data")),
        environment: Some(environment),
        listen: Some("127.0.0.1:0".parse().unwrap()),
    });
    Config { clock: clock.clone(), passphrase_file: None, ..config.unwrap() }
}

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::{Address, address};
use domain::{
    Amount, Asset, AssetId, Audience, Clock as _, Content, EndpointId, EndpointState, Environment,
    MANUAL_WINDOW, Mode, NetworkId, OwnedFor, Part,
};
use server::{
    Doors, Keys, Limits, Networks, Parts, PictureFolder, PublicUrl, Request, Server, Traffic, Wanted, Ways,
};
use store::{NewEndpoint, NewOffer, Payment, PaymentQuery, Store};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wallet::{GrantKey, ReceiptKey, SignInKey};

use crate::buyer::{Buyer, Signed, Version};
use crate::chain::PlayedChain;
use crate::clock::HandClock;
use crate::http::{self, Reply};

pub(crate) const PAY_TO: Address = address!("209693Bc6afc0C5328bA36FaF03C514EF312287C");
pub(crate) const PRICE: u64 = 50_000;
/// What the tests call it.
const NAMES: [&str; 2] = ["stall.test", "x"];
pub(crate) const GUIDE: &str = "/guide";
pub(crate) const GUIDE_TEXT: &[u8] = b"How to keep a stall.";

pub(crate) fn asset() -> Asset {
    Asset {
        network: NetworkId::BASE_SEPOLIA,
        address: address!("036CbD53842c5426634e7929541eC2318f3dCF7e"),
        name: "USDC".to_owned(),
        version: "2".to_owned(),
        decimals: 6,
    }
}

/// A running server with one small file for sale at [`GUIDE`].
pub(crate) struct Stall {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) chain: Arc<PlayedChain>,
    pub(crate) networks: Networks,
    pub(crate) public_url: watch::Sender<PublicUrl>,
    pub(crate) ways: watch::Sender<Ways>,
    pub(crate) doors: Doors,
    pub(crate) traffic: Traffic,
    pub(crate) selling: watch::Sender<bool>,
    pub(crate) asset_id: AssetId,
    pub(crate) stop: CancellationToken,
    pub(crate) run: tokio::task::JoinHandle<()>,
    folder: TempDir,
}

/// How an endpoint is added.
#[derive(Clone, Copy)]
pub(crate) struct Goods {
    pub(crate) mode: Mode,
    pub(crate) owned_for: OwnedFor,
    pub(crate) price: u64,
}

pub(crate) const GOODS: Goods = Goods { mode: Mode::Batched, owned_for: OwnedFor::DEFAULT, price: PRICE };

impl Stall {
    pub(crate) async fn open() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        let (clock, chain) = (Arc::new(HandClock::new()), Arc::new(PlayedChain::new()));
        let stall = Self::open_in(folder, limits, clock, chain).await;
        stall.add(GUIDE, "guide.txt", GUIDE_TEXT, GOODS).await;
        stall
    }

    /// The same stall after it was closed in order and opened again.
    pub(crate) async fn restart(self, limits: Limits) -> Self {
        let Self { store, clock, chain, stop, run, folder, .. } = self;
        stop.cancel();
        run.await.unwrap();
        store.close().await.unwrap();
        Self::open_in(folder, limits, clock, chain).await
    }

    async fn open_in(
        folder: TempDir,
        limits: Limits,
        clock: Arc<HandClock>,
        chain: Arc<PlayedChain>,
    ) -> Self {
        let (store, _) = Store::open(&folder.path().join("data/stall.db"), clock.now()).await.unwrap();
        let asset_id = store.know_asset(asset()).await.unwrap();
        let networks = Networks::new();
        networks.verified(Arc::clone(&chain) as Arc<dyn ::chain::Chain>);
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), limits).unwrap();
        let address = server.local_addr();
        let public_url = watch::Sender::new("https://stall.example".parse().unwrap());
        let ways = watch::Sender::new(Ways { names: NAMES.map(str::to_owned).to_vec(), ..Ways::default() });
        let doors = server.doors();
        let traffic = server.shelf().traffic().clone();
        let selling = watch::Sender::new(true);
        let parts = Parts {
            store: store.clone(),
            networks: networks.clone(),
            public_url: public_url.subscribe(),
            ways: ways.subscribe(),
            selling: selling.subscribe(),
            environment: Environment::Test,
            keys: Keys {
                grants: GrantKey::open_or_create(&folder.path().join("grants.key"), [1; 32]).unwrap(),
                receipts: ReceiptKey::open_or_create(&folder.path().join("receipts.key"), [2; 32]).unwrap(),
                sign_in: SignInKey::new([3; 32]),
            },
            pictures: PictureFolder::new(folder.path().join("pictures")),
            clock: Arc::clone(&clock) as Arc<dyn domain::Clock>,
        };
        let open = server.open(parts).await.unwrap();
        let stop = CancellationToken::new();
        let run = tokio::spawn(open.run(stop.clone()));
        Self {
            address,
            store,
            clock,
            chain,
            networks,
            public_url,
            ways,
            doors,
            traffic,
            selling,
            asset_id,
            stop,
            run,
            folder,
        }
    }

    /// Where a test may lay its files.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Publishes a new file and waits until it is on sale.
    pub(crate) async fn add(&self, path: &str, name: &str, content: &[u8], goods: Goods) -> EndpointId {
        let file = self.file(name);
        fs::write(&file, content).unwrap();
        let inspected = server::inspect(&file, &self.file("data")).await.unwrap();
        let id = self.put_up(path, inspected.into(), &format!("The file {name}"), goods).await;
        self.until(path, 402).await;
        id
    }

    /// Puts anything up for sale.
    pub(crate) async fn put_up(&self, path: &str, content: Content, title: &str, goods: Goods) -> EndpointId {
        let mut id = [0; 16];
        id.copy_from_slice(&alloy_primitives::keccak256(path)[..16]);
        let endpoint = NewEndpoint {
            id: EndpointId::from_random(id),
            path: path.parse().unwrap(),
            title: title.to_owned(),
            description: String::new(),
            is_listed: true,
            content,
            mode: goods.mode,
            owned_for: goods.owned_for,
        };
        let id = endpoint.id;
        self.store.add_endpoint(endpoint, self.offer(goods.price), self.clock.now()).await.unwrap();
        id
    }

    pub(crate) fn offer(&self, price: u64) -> NewOffer {
        let amount = Amount::from_atomic(price).unwrap();
        NewOffer {
            part: Part::WHOLE,
            audience: Audience::Everybody,
            asset: self.asset_id,
            pay_to: PAY_TO,
            amount,
            window: MANUAL_WINDOW,
        }
    }

    pub(crate) async fn set_state(&self, id: EndpointId, path: &str, state: EndpointState, status: u16) {
        self.store.set_endpoint_state(id, state).await.unwrap();
        self.until(path, status).await;
    }

    /// Waits until an unpaid request for `path` is answered with `status`.
    pub(crate) async fn until(&self, path: &str, status: u16) {
        eventually(&format!("{status} at {path}"), async || self.get(path).await.status == status).await;
    }

    /// A fresh buyer with plenty of money.
    pub(crate) fn buyer(&self, name: &str) -> Buyer {
        let buyer = Buyer::new(name);
        self.chain.fund(buyer.address(), 1_000_000_000);
        buyer
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        http::send(self.address, &http::get(path, &[])).await
    }

    /// Signs what is asked for at `path` now.
    pub(crate) async fn sign(&self, buyer: &Buyer, path: &str) -> Signed {
        let demand = self.get(path).await;
        assert_eq!(demand.status, 402, "{demand:?}");
        buyer.answer(&demand, self.clock.seconds())
    }

    pub(crate) async fn pay(&self, path: &str, signed: &Signed, version: Version) -> Reply {
        let (name, value) = signed.header(version);
        self.pay_with(path, name, &value).await
    }

    pub(crate) async fn pay_with(&self, path: &str, name: &str, value: &str) -> Reply {
        http::send(self.address, &http::get(path, &[(name, value)])).await
    }

    /// Asks, signs and pays.
    pub(crate) async fn buy(&self, buyer: &Buyer, path: &str, version: Version) -> (Signed, Reply) {
        let signed = self.sign(buyer, path).await;
        let reply = self.pay(path, &signed, version).await;
        (signed, reply)
    }

    /// The newest requests that are remembered.
    pub(crate) fn requests(&self, limit: usize) -> Vec<Request> {
        let newest = self.traffic.requests(Wanted { endpoint: None, before: None, limit });
        newest.into_iter().map(|(_, request)| request).collect()
    }

    pub(crate) async fn payments(&self) -> Vec<Payment> {
        let query = PaymentQuery { limit: 1000, ..PaymentQuery::default() };
        self.store.payments(query).await.unwrap().items
    }

    /// The only payment there is.
    pub(crate) async fn payment(&self) -> Payment {
        let mut payments = self.payments().await;
        assert_eq!(payments.len(), 1, "{payments:?}");
        payments.remove(0)
    }
}

/// Waits until something is so, and fails when that takes too long.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let patience = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let came = tokio::time::timeout(Duration::from_secs(10), patience).await;
    assert!(came.is_ok(), "never happened: {what}");
}

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Clock, Environment, NetworkId, PaymentId};
use practice::{Practice, PracticeConfig};
use server::{Limits, Networks, Parts, PublicUrl, Server, Shelf, receipt_path};
use settler::{Settler, SettlerConfig};
use store::{NetworkRow, Store};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wallet::{GasWallet, GrantKey, ReceiptKey, SignInKey, WalletError};

use crate::connecting::Connecting;
pub(crate) use crate::connecting::{Connection, Standing};
use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::keys::Keys;
use crate::reach::{self as outside, Ground, Outside};
use crate::{ApiError, Config, ErrorCode, price_changes, random};

/// The fact that says which chain a practice data file belongs to.
const GENESIS: &str = "genesis_hash";

/// How long a new wallet waits for the networks to be in use again.
const ANEW: Duration = Duration::from_secs(10);

/// The parts that sell and settle.
pub(crate) struct Engine {
    address: SocketAddr,
    public_url: watch::Sender<PublicUrl>,
    outside: Outside,
    selling: watch::Sender<bool>,
    networks: Networks,
    shelf: Shelf,
    settler: Settler,
    keys: Keys,
    grants: GrantKey,
    practice: Option<Arc<Practice>>,
    standing: Mutex<HashMap<NetworkId, Arc<Connection>>>,
    store: Store,
    clock: Arc<dyn Clock>,
    opened_at: DateTime<Utc>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Engine {
    /// Starts the parts in the order in which they need each other. Answers with the store too,
    /// because a practice chain that is gone takes its data file with it.
    pub(crate) async fn start(
        config: &Config,
        store: Store,
        folder: &EnvironmentFolder,
        keys: Keys,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<(Store, Self), ApiError> {
        keys.unlock_unasked().await?;
        let listen =
            if config.for_one_command { SocketAddr::new(config.listen.ip(), 0) } else { config.listen };
        let server = Server::bind(listen, Limits::default())
            .map_err(|error| ApiError::new(ErrorCode::Conflict, sentence(&error.to_string())))?;
        let address = server.local_addr();
        let (store, practice) = match config.environment {
            Environment::Practice => {
                let (store, practice) =
                    practice_chain(config, store, folder, keys.wallet().as_ref(), stop, tasks).await?;
                (store, Some(Arc::new(practice)))
            }
            Environment::Test | Environment::Live => (store, None),
        };
        let settler = Settler::start(SettlerConfig {
            store: store.clone(),
            clock: config.clock.clone(),
            lanes: Vec::new(),
        })
        .await;
        outside::open_token(&store, keys.credentials()).await?;
        let wish = outside::wish(&store, keys.credentials()).await?;
        let url = outside::first_url(&wish, if config.for_one_command { config.listen } else { address })?;
        let (public_url, ways) = (watch::Sender::new(url), watch::Sender::default());
        let ground = Ground { address, doors: server.doors(), folder: folder.clone() };
        let (outside, way) = Outside::new(config, wish, ground, ways.clone(), public_url.clone())?;
        let for_buyers = keys_for_buyers(folder)?;
        if !config.for_one_command {
            crate::api::begin_selling(&store).await?;
        }
        let engine = Self {
            address,
            public_url,
            outside,
            selling: watch::Sender::new(
                crate::api::may_sell(&store, config.environment, &keys, config.clock.now()).await?,
            ),
            networks: Networks::new(),
            shelf: server.shelf(),
            settler,
            keys,
            grants: for_buyers.grants.clone(),
            practice,
            standing: Mutex::default(),
            store: store.clone(),
            clock: config.clock.clone(),
            opened_at: config.clock.now(),
            stop: stop.clone(),
            tasks: tasks.clone(),
        };
        engine.keys.credentials().find(&store.facilitators().await?).await;
        engine.connect_networks().await?;
        engine.tell_what_settles().await;
        price_changes::begin_due(&store, config.clock.now()).await?;
        let pictures = folder.pictures();
        pictures.sweep(&store.pictures().await?);
        let open = server
            .open(Parts {
                store: store.clone(),
                networks: engine.networks.clone(),
                public_url: engine.public_url.subscribe(),
                ways: ways.subscribe(),
                selling: engine.selling.subscribe(),
                environment: config.environment,
                keys: for_buyers,
                pictures,
                clock: config.clock.clone(),
            })
            .await
            .map_err(ApiError::internal)?;
        tasks.spawn(open.run(stop.clone()));
        if !config.for_one_command {
            engine.outside.keep(way, stop, tasks);
        }
        Ok((store, engine))
    }

    /// Where buyers reach the stall.
    pub(crate) fn url(&self) -> String {
        self.public_url.borrow().to_string()
    }

    /// Where the buyer's own receipt of a payment is.
    pub(crate) fn receipt(&self, payment: PaymentId) -> String {
        format!("{}{}", *self.public_url.borrow(), receipt_path(&self.grants, payment))
    }

    /// Since when it sells and settles.
    pub(crate) fn opened_at(&self) -> DateTime<Utc> {
        self.opened_at
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How they reach it.
    pub(crate) fn outside(&self) -> &Outside {
        &self.outside
    }

    /// Whether buyers are served; what is said here counts from the next request on.
    pub(crate) fn selling(&self) -> &watch::Sender<bool> {
        &self.selling
    }

    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    pub(crate) fn settler(&self) -> &Settler {
        &self.settler
    }

    pub(crate) fn wallet(&self) -> Option<GasWallet> {
        self.keys.wallet()
    }

    /// Connects every network anew, for a wallet that was not there before: its lane settles with it from now on. Waits
    /// a while until those that could be used can be used again.
    pub(crate) async fn use_new_wallet(&self) {
        let connections: Vec<_> =
            self.standing.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let mut used = Vec::new();
        for connection in connections {
            let was_ready = matches!(*connection.standing.borrow(), Standing::Ready { .. });
            let again = self.connect(connection.row.clone());
            if was_ready {
                used.push(again);
            }
        }
        let all = async {
            for connection in used {
                let mut standing = connection.standing.subscribe();
                drop(standing.wait_for(|standing| matches!(standing, Standing::Ready { .. })).await);
            }
        };
        drop(tokio::time::timeout(ANEW, all).await);
    }

    /// Connects one network anew, for a facilitator that settles there from now on, or no longer. Waits a while until it
    /// can be used again, if it could be.
    pub(crate) async fn use_new_rail(&self, network: NetworkId) {
        let Some(connection) = self.connection(network) else { return };
        let was_ready = matches!(*connection.standing.borrow(), Standing::Ready { .. });
        self.settler.remove_lane(network).await;
        let again = self.connect(connection.row.clone());
        if was_ready {
            let mut standing = again.standing.subscribe();
            let ready = standing.wait_for(|standing| matches!(standing, Standing::Ready { .. }));
            drop(tokio::time::timeout(ANEW, ready).await);
        }
    }

    /// Tells the server on which networks a payment could be settled at once.
    pub(crate) async fn tell_what_settles(&self) {
        let ready = self.settler.ready().await;
        let set_up: Vec<_> =
            self.standing.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect();
        for network in set_up {
            self.networks.settles(network, ready.contains(&network));
        }
    }

    pub(crate) fn practice(&self) -> Option<&Arc<Practice>> {
        self.practice.as_ref()
    }

    /// How a network stands, if it was set up.
    pub(crate) fn connection(&self, network: NetworkId) -> Option<Arc<Connection>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).get(&network).cloned()
    }

    /// Lets the settler finish the step it is in.
    pub(crate) async fn stop(&self) {
        self.settler.stop().await;
    }

    /// Ends the practice chain, after everything that uses it.
    pub(crate) async fn end_practice(&self) {
        if let Some(practice) = &self.practice
            && let Err(error) = practice.stop().await
        {
            tracing::warn!(%error, "the practice chain did not end in order");
        }
    }

    async fn connect_networks(&self) -> Result<(), ApiError> {
        let mut rows = self.store.networks().await?;
        if let Some(practice) = &self.practice {
            let pay_to = rows.iter().find_map(|row| row.pay_to).unwrap_or_else(|| practice.default_payout());
            let row = NetworkRow {
                rpc_urls: vec![practice.url().to_owned()],
                pay_to: Some(pay_to),
                ..NetworkRow::new(NetworkId::BASE_SEPOLIA)
            };
            self.store.set_network(row.clone(), self.clock.now()).await?;
            rows = vec![row];
        }
        for row in rows {
            let connection = self.connect(row);
            if self.practice.is_some() {
                // Its node answers already, so selling can begin when the engine says it is ready.
                let mut standing = connection.standing.subscribe();
                drop(standing.wait_for(|standing| matches!(standing, Standing::Ready { .. })).await);
            }
        }
        Ok(())
    }

    /// Gives a network up: nothing is sold and settled on it any more.
    pub(crate) async fn disconnect(&self, network: NetworkId) {
        let connection = self.standing.lock().unwrap_or_else(PoisonError::into_inner).remove(&network);
        if let Some(connection) = connection {
            connection.stop.cancel();
        }
        self.networks.withdraw(network);
        self.settler.remove_lane(network).await;
    }

    /// Takes a network into use as soon as it can be reached and fits; an earlier connection to it
    /// ends.
    pub(crate) fn connect(&self, row: NetworkRow) -> Arc<Connection> {
        let network = row.network;
        let connection = Arc::new(Connection::new(row, self.stop.child_token()));
        let earlier =
            self.standing.lock().unwrap_or_else(PoisonError::into_inner).insert(network, connection.clone());
        if let Some(earlier) = earlier {
            earlier.stop.cancel();
            self.networks.withdraw(network);
        }
        let work = Connecting {
            connection: connection.clone(),
            practice: self.practice.clone(),
            store: self.store.clone(),
            networks: self.networks.clone(),
            settler: self.settler.clone(),
            keys: self.keys.clone(),
            clock: self.clock.clone(),
            public_url: self.public_url.subscribe(),
        };
        let stop = connection.stop.clone();
        self.tasks.spawn(async move { stop.run_until_cancelled(Box::pin(work.run())).await });
        connection
    }
}

/// The URL of the listener itself.
pub(crate) fn local_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// Starts the private chain and makes sure that the data file belongs to it.
async fn practice_chain(
    config: &Config,
    mut store: Store,
    folder: &EnvironmentFolder,
    wallet: Option<&GasWallet>,
    stop: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<(Store, Practice), ApiError> {
    let practice = Practice::start(PracticeConfig {
        folder: folder.chain(),
        resources: config.practice_resources.clone(),
        executable: config.executable.clone(),
        random: random::bytes()?,
        clock: config.clock.clone(),
    })
    .await?;
    let genesis = practice.genesis_hash().to_string();
    match store.fact(GENESIS).await? {
        Some(pinned) if pinned == genesis => {}
        Some(_) => {
            store.close().await?;
            let aside = folder.set_database_aside(config.clock.now())?;
            tracing::warn!(
                kept = %aside.display(),
                "the practice chain is a new one, so its payments were put aside and practice begins afresh"
            );
            store = Store::open(&folder.database(), config.clock.now()).await?.0;
            store.set_fact(GENESIS, genesis).await?;
        }
        None => store.set_fact(GENESIS, genesis).await?,
    }
    if let Some(wallet) = wallet {
        practice.top_up_gas(wallet.address()).await?;
    }
    let (wanted, mining) = watch::channel(true);
    practice.keep_mining(mining);
    tasks.spawn(stop.clone().run_until_cancelled_owned(keep_informed(store.clone(), wanted)));
    Ok((store, practice))
}

/// The keys that hold no money: made at the first start, but for the one of sign-ins, which every start makes anew.
fn keys_for_buyers(folder: &EnvironmentFolder) -> Result<server::Keys, ApiError> {
    let unusable = |error: WalletError| ApiError::new(ErrorCode::File, sentence(&error.to_string()));
    Ok(server::Keys {
        grants: GrantKey::open_or_create(&folder.grant_key(), random::bytes()?).map_err(unusable)?,
        receipts: ReceiptKey::open_or_create(&folder.receipt_key(), random::bytes()?).map_err(unusable)?,
        sign_in: SignInKey::new(random::bytes()?),
    })
}

/// Tells the practice chain whether anything waits for its time to move.
async fn keep_informed(store: Store, wanted: watch::Sender<bool>) {
    let mut changes = store.changes();
    loop {
        match store.is_anything_open().await {
            Ok(open) => {
                wanted.send_if_modified(|wanted| std::mem::replace(wanted, open) != open);
            }
            Err(error) => tracing::debug!(%error, "the practice chain was not told whether it is needed"),
        }
        if changes.next().await.is_none() {
            return;
        }
        // Changes come in rushes; one look answers many of them.
        tokio::time::sleep(Duration::from_millis(200)).await;
        changes.skip_missed();
    }
}

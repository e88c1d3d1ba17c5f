use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use alloy_primitives::{Address, B256};
use chain::Chain;
use chrono::{DateTime, Utc};
use domain::{Clock, Environment, NetworkId};
use http::HeaderMap;
use store::{Change, Changes, Store, StoreError};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::cache::Cache;
use crate::catalogue::Catalogue;
use crate::chosen::Chosen;
use crate::content::Checks;
use crate::grants::Grants;
use crate::hosts::{Line, Ways};
use crate::identifiers::Identifiers;
use crate::limits::Limits;
use crate::paces::Paces;
use crate::pages::{Documents, Pages, Seller};
use crate::picture_folder::Pictures;
use crate::public_url::PublicUrl;
use crate::quotas::Quotas;
use crate::server::{Keys, Parts};
use crate::service::{Bodies, Spools, Upstreams};
use crate::shelf::{Asks, Stock};
use crate::sign_in::Challenges;
use crate::visitors::Visitors;
use crate::visits::Traffic;

/// Room for the content of small files.
const CACHE_ROOM: usize = 64 * 1024 * 1024;

/// How many strangers' codes the node runs for us at once (T51).
const CODE_TURNS: usize = 8;

/// How long to wait before the endpoints are read again after that failed.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

/// How often it is written down who came: what is counted in between is lost when the program is killed.
const COUNTED: std::time::Duration = std::time::Duration::from_secs(5);

/// How often what nobody wants any more is let go of.
const CLEARED: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// What every answer may need.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) cache: Cache,
    pub(crate) checks: Checks,
    pub(crate) catalogue: watch::Sender<Arc<Catalogue>>,
    /// The ways to services.
    pub(crate) upstreams: Upstreams,
    /// Room for what they are sent.
    pub(crate) bodies: Bodies,
    /// What they answered and nobody has got yet, where that is long.
    pub(crate) spools: Spools,
    /// What services gave away today.
    pub(crate) quotas: Quotas,
    /// Who is sold nothing, so that nobody is asked about them; the store has the last word.
    pub(crate) blocked: watch::Sender<Arc<HashSet<Address>>>,
    /// When an older copy of the data file was put back, if one was.
    pub(crate) restored_at: watch::Sender<Option<DateTime<Utc>>>,
    /// Whether the seller has the stall open.
    pub(crate) selling: watch::Receiver<bool>,
    /// Where buyers reach the stall.
    pub(crate) public_url: watch::Receiver<PublicUrl>,
    /// How else they come.
    pub(crate) ways: watch::Receiver<Ways>,
    /// Whose payments are looked at now, where a tunnel names the address.
    pub(crate) paying: Arc<Visitors>,
    /// How often they may.
    pub(crate) paces: Paces,
    /// Who comes at all.
    pub(crate) traffic: Traffic,
    pub(crate) environment: Environment,
    /// Networks on which nothing can be settled at the moment.
    halted: watch::Receiver<HashSet<NetworkId>>,
    /// How many payers' codes may be run at the same time.
    pub(crate) code_turns: Semaphore,
    /// What the seller shows of themselves.
    pub(crate) seller: watch::Sender<Arc<Seller>>,
    /// What the stall says of what it sells.
    pub(crate) documents: watch::Sender<Arc<Documents>>,
    pub(crate) pages: Pages,
    pub(crate) pictures: Pictures,
    /// Those that somebody may see.
    pub(crate) shown: watch::Sender<HashSet<B256>>,
    /// How the seller wants buyers served.
    pub(crate) chosen: watch::Sender<Chosen>,
    pub(crate) grants: Grants,
    pub(crate) challenges: Arc<Challenges>,
    pub(crate) identifiers: Identifiers,
    pub(crate) keys: Keys,
}

/// What the catalogue is made of and has to follow.
pub(crate) struct Sources {
    pub(crate) changes: Changes,
    pub(crate) networks: watch::Receiver<HashMap<NetworkId, Arc<dyn Chain>>>,
    pub(crate) halted: watch::Receiver<HashSet<NetworkId>>,
    pub(crate) public_url: watch::Receiver<PublicUrl>,
}

impl Shop {
    pub(crate) fn new(parts: Parts, limits: Arc<Limits>, stock: Stock) -> (Self, Sources) {
        let Parts { store, networks, public_url, ways, selling, environment, keys, pictures, clock } = parts;
        let halted = networks.halted();
        let paces = Paces::new(*limits);
        let sources = Sources {
            changes: store.changes(),
            networks: networks.watch(),
            halted: halted.clone(),
            public_url: public_url.clone(),
        };
        let spools = Spools::new(store.answers_folder(), limits.answers);
        let challenges = Challenges::new(keys.sign_in.clone(), keys.receipts.clone(), Arc::clone(&clock));
        let challenges = Arc::new(challenges);
        let (seller, url) = (Arc::default(), public_url.borrow().clone());
        let documents = Documents::of(Arc::default(), Arc::clone(&seller), url);
        let shop = Self {
            store,
            clock,
            limits,
            cache: Cache::new(CACHE_ROOM),
            checks: stock.checks,
            catalogue: stock.catalogue,
            upstreams: Upstreams::new(stock.own),
            quotas: Quotas::default(),
            traffic: stock.traffic,
            environment,
            bodies: Bodies::default(),
            spools,
            blocked: watch::Sender::new(Arc::default()),
            restored_at: watch::Sender::new(None),
            selling,
            public_url,
            ways,
            paying: Arc::default(),
            paces,
            halted,
            code_turns: Semaphore::new(CODE_TURNS),
            seller: watch::Sender::new(seller),
            documents: watch::Sender::new(Arc::new(documents)),
            pages: Pages::new(environment, keys.sign_in.clone()),
            pictures: Pictures::new(pictures),
            shown: watch::Sender::default(),
            chosen: watch::Sender::default(),
            grants: Grants::default(),
            challenges,
            identifiers: Identifiers::default(),
            keys,
        };
        (shop, sources)
    }

    /// The address that a tunnel of ours, or else a proxy of the seller's, says the buyer has (T78).
    pub(crate) fn told(&self, headers: &HeaderMap, line: Line) -> Option<IpAddr> {
        let by_tunnel = self.ways.borrow().told(headers, line);
        by_tunnel.or_else(|| self.chosen.borrow().proxies.told(headers, line))
    }

    /// Whether what is sold on a network can be settled now.
    pub(crate) fn settles(&self, network: NetworkId) -> bool {
        !self.halted.borrow().contains(&network)
    }

    /// Reads the endpoints and replaces the catalogue, and who is blocked.
    pub(crate) async fn reload(&self, sources: &mut Sources) -> Result<(), StoreError> {
        // First of all, so that a link which was revoked opens nothing while the rest is read.
        self.grants.forget();
        let listings = self.store.catalogue().await?;
        let blocked = self.store.blocked_payers().await?.into_iter().collect();
        self.blocked.send_replace(Arc::new(blocked));
        let settings = self.store.settings().await?;
        self.paces.follow(&settings);
        self.traffic.follow(&settings);
        self.chosen.send_replace(Chosen::read(&settings));
        let picture = self.store.seller_picture().await?;
        self.seller.send_replace(Arc::new(Seller { picture, ..Seller::read(settings) }));
        let shown = self.store.pictures().await?;
        self.shown.send_replace(shown.iter().flat_map(|row| [row.large, row.small]).collect());
        self.restored_at.send_replace(self.store.restored_at().await?);
        let networks = sources.networks.borrow_and_update().clone();
        let halted = sources.halted.borrow_and_update().clone();
        let public_url = sources.public_url.borrow_and_update().clone();
        let before = Arc::clone(&self.catalogue.borrow());
        let catalogue =
            Catalogue::build(listings, &networks, &halted, &public_url, &self.challenges, &before);
        catalogue.check_files(&self.checks);
        let catalogue = Arc::new(catalogue);
        self.catalogue.send_replace(Arc::clone(&catalogue));
        let documents = Documents::of(catalogue, Arc::clone(&self.seller.borrow()), public_url);
        self.documents.send_replace(Arc::new(documents));
        Ok(())
    }

    /// Writes down who came, now and then, until `stop`.
    pub(crate) async fn count_visits(&self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(COUNTED)).await.is_some() {
            if let Err(error) = self.traffic.write(&self.store).await {
                tracing::warn!(%error, "who came was not written down yet");
            }
        }
    }

    /// Lets go of what nobody wants any more, at the start and now and then, until `stop`.
    pub(crate) async fn clear_up(&self, stop: CancellationToken) {
        let clear = async {
            loop {
                let now = self.clock.now();
                if let Err(error) = self.store.clear_up(now).await {
                    tracing::warn!(%error, "what is over was not let go of");
                }
                self.spools.clear(&self.store, now).await;
                tokio::time::sleep(CLEARED).await;
            }
        };
        let _: Option<std::convert::Infallible> = stop.run_until_cancelled(clear).await;
    }

    /// Keeps the catalogue as the store, the networks and the public URL say, until `stop`; whoever
    /// asks is told when it holds what the store held.
    pub(crate) async fn follow(&self, mut sources: Sources, mut asks: Asks, stop: CancellationToken) {
        loop {
            let mut asked = None;
            let stale = tokio::select! {
                () = stop.cancelled() => return,
                Some(done) = asks.recv() => {
                    asked = Some(done);
                    true
                }
                change = sources.changes.next() => match change {
                    Some(Change::Endpoints | Change::Settings | Change::Everything) => true,
                    Some(
                        Change::Payments
                        | Change::Batches
                        | Change::Deliveries
                        | Change::Webhooks
                        | Change::Notices,
                    ) => false,
                    None => return,
                },
                Ok(()) = sources.networks.changed() => true,
                Ok(()) = sources.halted.changed() => true,
                Ok(()) = sources.public_url.changed() => true,
            };
            if !stale {
                continue;
            }
            while let Err(error) = self.reload(&mut sources).await {
                tracing::error!(%error, "the endpoints cannot be read; the last known ones stay on sale");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(AGAIN) => {}
                }
            }
            if let Some(done) = asked {
                // Whoever asked may have given up.
                let _ = done.send(());
            }
        }
    }
}

//! A network that was set up: reached, checked, brought into use, and watched from then on.

use std::sync::Arc;
use std::time::Duration;

use chain::{Chain, Freshness, NodeConfig, NodeHealth, Rpc, Terms};
use chrono::TimeDelta;
use domain::{Asset, AssetId, Clock};
use practice::Practice;
use server::Networks;
use settler::{LaneConfig, Settler};
use store::{NetworkRow, Store};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::keys::Keys;
use crate::networks::{Checked, Wanted, judge, title};
use crate::{ApiError, ErrorCode, offers, random};

/// How long to wait before a network that could not be used is tried again; longer each time.
const TRY_AGAIN: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How long a command waits for a network's answer, and for what follows from it.
pub(crate) const FIRST_TRY: Duration = Duration::from_secs(10);
const AFTERWARDS: Duration = Duration::from_millis(500);

/// How often its nodes are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// How often its contracts are.
const CHECK_AGAIN: TimeDelta = TimeDelta::days(1);

/// How old the newest block may be for a payer's balance to count. Blocks come every few seconds; a node that has seen
/// none for minutes was left behind (T52).
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// A network that was set up, usable or not.
pub(crate) struct Connection {
    pub(crate) row: NetworkRow,
    pub(crate) standing: watch::Sender<Standing>,
    pub(crate) stop: CancellationToken,
    rpc: watch::Sender<Option<Rpc>>,
    checked: watch::Sender<Option<Arc<Checked>>>,
    /// Asks for a look now.
    wanted: Notify,
}

/// Whether a network can be sold on.
#[derive(Clone)]
pub(crate) enum Standing {
    /// It was not reached yet, or does not fit; the sentence says why.
    Waiting(String),
    /// Checked: its token is what buyers will sign for.
    Ready { chain: Arc<dyn Chain>, asset_id: AssetId, asset: Asset },
}

impl Connection {
    pub(crate) fn new(row: NetworkRow, stop: CancellationToken) -> Self {
        Self {
            row,
            standing: watch::Sender::new(Standing::Waiting("It was not reached yet.".to_owned())),
            stop,
            rpc: watch::Sender::new(None),
            checked: watch::Sender::new(None),
            wanted: Notify::new(),
        }
    }

    /// Waits, unless a look is wanted now. True when one is.
    async fn pause(&self, span: Duration) -> bool {
        tokio::time::timeout(span, self.wanted.notified()).await.is_ok()
    }

    /// How each of its nodes is; empty before one was reached.
    pub(crate) fn nodes(&self) -> Vec<NodeHealth> {
        self.rpc.borrow().as_ref().map(Rpc::nodes).unwrap_or_default()
    }

    /// The same after a look at each.
    pub(crate) async fn look_at_nodes(&self) -> Vec<NodeHealth> {
        let rpc = self.rpc.borrow().clone();
        if let Some(rpc) = rpc {
            rpc.look_at_nodes().await;
        }
        self.nodes()
    }

    /// Has everything looked at again, and waits a while for it.
    pub(crate) async fn look_again(&self) {
        let (mut checked, mut standing) = (self.checked.subscribe(), self.standing.subscribe());
        checked.mark_unchanged();
        standing.mark_unchanged();
        self.wanted.notify_one();
        let looked = async {
            tokio::select! {
                _ = standing.changed() => {}
                _ = checked.changed() => {
                    // What follows from it may take a moment more.
                    drop(tokio::time::timeout(AFTERWARDS, standing.changed()).await);
                }
            }
        };
        drop(tokio::time::timeout(FIRST_TRY, looked).await);
    }

    /// What was found on chain last.
    pub(crate) fn checked(&self) -> Option<Arc<Checked>> {
        self.checked.borrow().clone()
    }
}

/// Brings one network into use.
pub(crate) struct Connecting {
    pub(crate) connection: Arc<Connection>,
    pub(crate) practice: Option<Arc<Practice>>,
    pub(crate) store: Store,
    pub(crate) networks: Networks,
    pub(crate) settler: Settler,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What a network was reached with.
struct Reached {
    rpc: Rpc,
    checked: Arc<Checked>,
    chain: Arc<dyn Chain>,
}

impl Connecting {
    pub(crate) async fn run(self) {
        let mut wait = TRY_AGAIN;
        let mut reached = loop {
            match self.reach().await {
                Ok(reached) => break reached,
                Err(trouble) => self.rest(trouble, &mut wait).await,
            }
        };
        loop {
            let trouble = match self.use_it(&reached).await {
                Ok(ready) => {
                    wait = TRY_AGAIN;
                    self.connection.standing.send_replace(ready);
                    self.watch(&reached.rpc).await
                }
                Err(trouble) => trouble,
            };
            self.networks.withdraw(self.connection.row.network);
            self.rest(trouble, &mut wait).await;
            reached = loop {
                match self.look_again(&reached).await {
                    Ok(reached) => break reached,
                    Err(trouble) => self.rest(trouble, &mut wait).await,
                }
            };
        }
    }

    async fn rest(&self, trouble: ApiError, wait: &mut Duration) {
        tracing::warn!(network = %self.connection.row.network, error = %trouble, "a network cannot be used");
        self.connection.standing.send_replace(Standing::Waiting(trouble.message));
        self.connection.pause(*wait).await;
        *wait = (*wait * 2).min(LONGEST_WAIT);
    }

    /// Finds its nodes and looks at what is on chain. Whatever keeps it from being sold on, what was sold is settled from
    /// then on (I6).
    async fn reach(&self) -> Result<Reached, ApiError> {
        let row = &self.connection.row;
        let nodes: Vec<_> = row
            .rpc_urls
            .iter()
            .map(|url| NodeConfig { url: url.clone(), per_second: row.calls_per_second })
            .collect();
        Wanted::of(row)?;
        let rpc = Rpc::open(row.network, &nodes, u64::from_be_bytes(random::bytes()?)).await?;
        self.connection.rpc.send_replace(Some(rpc.clone()));
        let checked = self.check(&rpc).await?;
        self.settle_with(rpc, checked).await
    }

    /// The same with nodes that are known. Its lane is left alone unless something changed that concerns it.
    async fn look_again(&self, before: &Reached) -> Result<Reached, ApiError> {
        let rpc = before.rpc.clone();
        let checked = self.check(&rpc).await?;
        let same =
            (checked.largest(), checked.finality) == (before.checked.largest(), before.checked.finality);
        if same {
            return Ok(Reached { rpc, checked, chain: before.chain.clone() });
        }
        self.settle_with(rpc, checked).await
    }

    /// Sells on it, if nothing speaks against it.
    async fn use_it(&self, reached: &Reached) -> Result<Standing, ApiError> {
        let row = &self.connection.row;
        let Reached { checked, chain, .. } = reached;
        if let Some(refusal) = checked.refusal(&title(row.network)) {
            return Err(refusal);
        }
        let (Some(asset), Some(finding)) = (checked.asset.clone(), checked.finding.clone()) else {
            return Err(ApiError::new(ErrorCode::Internal, "The network was not checked."));
        };
        self.same_decimals(&asset).await?;
        self.store.set_network_finding(row.network, finding).await?;
        let asset_id = self.store.know_asset(asset.clone()).await?;
        offers::extend(&self.store, (asset_id, &asset), self.clock.now()).await?;
        self.networks.verified(chain.clone());
        Ok(Standing::Ready { chain: chain.clone(), asset_id, asset })
    }

    /// Looks at what is on chain and compares it with what was found before.
    async fn check(&self, rpc: &Rpc) -> Result<Arc<Checked>, ApiError> {
        let row = &self.connection.row;
        let wanted = Wanted::of(row)?;
        let before = self.store.network_finding(row.network).await?;
        let survey = rpc.survey(wanted.token, wanted.multicall).await?;
        let checked = Arc::new(judge(&wanted, &survey, before.as_ref(), self.clock.now()));
        self.connection.checked.send_replace(Some(checked.clone()));
        Ok(checked)
    }

    fn chain(&self, rpc: &Rpc, checked: &Checked) -> Arc<dyn Chain> {
        let fresh = || Freshness { clock: self.clock.clone(), limit: FRESH };
        let terms = |freshness| Terms { finality: Some(checked.finality), single: checked.single, freshness };
        match &self.practice {
            // It makes no blocks while nobody needs them.
            Some(practice) => Arc::new(practice.chain(Arc::new(rpc.on_terms(terms(None))))),
            None => Arc::new(rpc.on_terms(terms(Some(fresh())))),
        }
    }

    async fn settle_with(&self, rpc: Rpc, checked: Arc<Checked>) -> Result<Reached, ApiError> {
        let wanted = Wanted::of(&self.connection.row)?;
        let chain = self.chain(&rpc, &checked);
        if let Some(wallet) = self.keys.wallet() {
            let lane = LaneConfig {
                network: wanted.network,
                chain: chain.clone(),
                wallet,
                multicall: wanted.multicall,
                largest: checked.largest(),
            };
            self.settler.set_lane(lane).await;
        }
        Ok(Reached { rpc, checked, chain })
    }

    /// Sums over all networks are kept in one number of decimal places.
    async fn same_decimals(&self, asset: &Asset) -> Result<(), ApiError> {
        let rows = self.store.networks().await?;
        let assets = self.store.assets().await?;
        let other = assets.iter().map(|(_, other)| other).find(|other| {
            other.decimals != asset.decimals && rows.iter().any(|row| row.network == other.network)
        });
        match other {
            Some(other) => Err(ApiError::new(
                ErrorCode::Conflict,
                format!(
                    "Nothing is sold on {}. Its token has {} decimal places and that of {} has {}; one stall cannot add them up.",
                    asset.network, asset.decimals, other.network, other.decimals
                ),
            )),
            None => Ok(()),
        }
    }

    /// Looks after a network in use until something about it is no longer as it was.
    async fn watch(&self, rpc: &Rpc) -> ApiError {
        let network = self.connection.row.network;
        let mut checked_at = self.clock.now();
        loop {
            let called = self.connection.pause(LOOK_AGAIN).await;
            if self.practice.is_none() {
                rpc.look_at_nodes().await;
            }
            if !called && self.clock.now().signed_duration_since(checked_at) < CHECK_AGAIN {
                continue;
            }
            match self.check(rpc).await {
                Ok(checked) => {
                    checked_at = self.clock.now();
                    if let Some(refusal) = checked.refusal(&title(network)) {
                        return refusal;
                    }
                }
                Err(error) => {
                    tracing::warn!(%network, %error, "the network's contracts could not be looked at");
                }
            }
        }
    }
}

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use alloy_primitives::Address;
use chain::Chain;
use domain::{Asset, AssetId, BatchId, Clock, FacilitatorUse, NetworkId, PaymentId, PaymentState};
use store::Store;
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wallet::GasWallet;

use crate::afterwards::Afterwards;
use crate::asked::Asked;
use crate::exposure_watch::ExposureWatch;
use crate::lane::{Command, Lane};
use crate::preview::preview;
use crate::watch::Watcher;
use crate::{FacilitatorRail, LaneState, Preview, SettleError};

/// How many commands may wait for a lane before those who ask are slowed down.
const WAITING: usize = 16;

/// What a settler works with.
pub struct SettlerConfig {
    /// Where payments come from and outcomes go.
    pub store: Store,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// One lane for each network.
    pub lanes: Vec<LaneConfig>,
}

/// What a network is settled with.
#[derive(Clone)]
pub struct LaneConfig {
    /// The network.
    pub network: NetworkId,
    /// A node of it.
    pub chain: Arc<dyn Chain>,
    /// The key that pays for transactions.
    pub wallet: GasWallet,
    /// Where the Multicall3 contract stands.
    pub multicall: Address,
    /// The most payments of one transaction: as [`most_per_transaction`](crate::most_per_transaction) says, and one where
    /// no Multicall3 can be trusted (T58).
    pub largest: usize,
    /// A facilitator that settles all of it, or what the wallet cannot pay for.
    pub facilitator: Option<FacilitatorRail>,
}

impl fmt::Debug for LaneConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LaneConfig")
            .field("network", &self.network)
            .field("wallet", &self.wallet.address())
            .field("multicall", &self.multicall)
            .field("largest", &self.largest)
            .field("facilitator", &self.facilitator)
            .finish_non_exhaustive()
    }
}

/// How long [`Settler::settle_now`] waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Until the batches are opened.
    No,
    /// Until nothing is open of them, nor of what was under way or not final before: all of it is
    /// final, failed or back in the queue.
    Final,
}

/// What [`Settler::settle_now`] began, or found under way.
#[derive(Clone, Debug, Default)]
pub struct SettleReport {
    /// The batches under way when it was asked, those it opened among them; when it waited, also
    /// those that were settled and not final.
    pub batches: Vec<BatchId>,
    /// How many payments wait in the queue afterwards.
    pub left: u64,
    /// Networks on which nothing could be begun.
    pub hindered: Vec<(NetworkId, SettleError)>,
}

/// The running settler. Clones are handles to the same one; when the last one goes, the lanes stop.
#[derive(Clone)]
pub struct Settler {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    lanes: Mutex<HashMap<NetworkId, Running>>,
    stop: CancellationToken,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Running {
    config: LaneConfig,
    mailbox: mpsc::Sender<Command>,
    state: watch::Receiver<LaneState>,
    stop: CancellationToken,
    tasks: [JoinHandle<()>; 4],
}

impl Running {
    /// Ends the lane after the store transaction it is in.
    async fn end(self) {
        self.stop.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(network = %self.config.network, %error, "a lane ended badly");
            }
        }
    }
}

impl Settler {
    /// Starts the lanes. Each first takes in what is on disk: what was on its way, then what is due.
    pub async fn start(config: SettlerConfig) -> Self {
        let inner = Inner {
            store: config.store,
            clock: config.clock,
            lanes: Mutex::new(HashMap::new()),
            stop: CancellationToken::new(),
        };
        let settler = Self { inner: Arc::new(inner) };
        for lane in config.lanes {
            settler.set_lane(lane).await;
        }
        settler
    }

    /// Gives a network a lane, or another node or wallet. What the old lane had begun goes on in the
    /// new one; the two never work at the same time.
    pub async fn set_lane(&self, config: LaneConfig) {
        let mut lanes = self.inner.lanes.lock().await;
        if let Some(old) = lanes.remove(&config.network) {
            old.end().await;
        }
        if !self.inner.stop.is_cancelled() {
            lanes.insert(config.network, self.inner.run(config));
        }
    }

    /// Ends a network's lane, after the store transaction it is in.
    pub async fn remove_lane(&self, network: NetworkId) {
        let mut lanes = self.inner.lanes.lock().await;
        if let Some(old) = lanes.remove(&network) {
            old.end().await;
        }
    }

    /// Settles everything that waits, on one network or on all.
    ///
    /// Pressing again while it runs starts nothing twice: what is under way is answered, and only what
    /// has come since is added.
    ///
    /// # Errors
    /// When nothing could be begun anywhere. A payment that fails is no error: its state says so.
    pub async fn settle_now(
        &self,
        network: Option<NetworkId>,
        wait: Wait,
    ) -> Result<SettleReport, SettleError> {
        let networks = network.map(|network| vec![network]);
        self.settle(networks, wait, Asked::default()).await
    }

    /// Settles everything that waits, once for each key: the same key again, at any later time, begins
    /// nothing and answers the batches it made. A key under which nothing could be begun is not used up.
    ///
    /// # Errors
    /// As [`Settler::settle_now`].
    pub async fn settle_once(&self, key: &str, wait: Wait) -> Result<SettleReport, SettleError> {
        match self.asked_before(key, None, wait).await? {
            Some(report) => Ok(report),
            None => self.settle(None, wait, Asked { key: Some(key.to_owned()), payments: None }).await,
        }
    }

    /// Settles those of the payments that wait, and nothing else; under a key as
    /// [`settle_once`](Settler::settle_once) does. The report's batches are those that hold one of them, and what is
    /// left is what of them still waits.
    ///
    /// # Errors
    /// As [`Settler::settle_now`].
    pub async fn settle_these(
        &self,
        payments: Vec<PaymentId>,
        key: Option<&str>,
        wait: Wait,
    ) -> Result<SettleReport, SettleError> {
        if let Some(key) = key
            && let Some(report) = self.asked_before(key, Some(&payments), wait).await?
        {
            return Ok(report);
        }
        let mut networks = Vec::new();
        for id in &payments {
            let payment = self.inner.store.payment(*id).await?;
            let waits = payment.filter(|payment| payment.state.is_open());
            networks.extend(waits.map(|payment| payment.asset.network));
        }
        networks.sort_unstable();
        networks.dedup();
        let asked = Asked { key: key.map(str::to_owned), payments: Some(payments) };
        self.settle(Some(networks), wait, asked).await
    }

    /// What was done under this key, if anything was.
    async fn asked_before(
        &self,
        key: &str,
        payments: Option<&[PaymentId]>,
        wait: Wait,
    ) -> Result<Option<SettleReport>, SettleError> {
        let Some(batches) = self.inner.store.requested_batches(key, None).await? else { return Ok(None) };
        let assets = self.inner.store.assets().await?;
        let mut report = SettleReport { batches, ..SettleReport::default() };
        if wait == Wait::Final {
            let networks = assets.iter().map(|(_, asset)| asset.network).collect::<Vec<_>>();
            self.wait_for(&assets, &networks, &report.batches).await?;
        }
        report.left = self.left(&assets, None, payments).await?;
        Ok(Some(report))
    }

    /// Settles on these networks, or on all.
    async fn settle(
        &self,
        wanted: Option<Vec<NetworkId>>,
        wait: Wait,
        request: Asked,
    ) -> Result<SettleReport, SettleError> {
        if self.inner.stop.is_cancelled() {
            return Err(SettleError::Stopped);
        }
        let mut report = SettleReport::default();
        let assets = self.inner.store.assets().await?;
        let mut asked = Vec::new();
        let (mailboxes, left_out) = self.mailboxes(wanted.as_deref(), &assets).await?;
        for (network, mailbox) in mailboxes {
            let (reply, answer) = oneshot::channel();
            // A lane that has just ended answers by dropping the question.
            drop(mailbox.send(Command::Settle(request.clone(), reply)).await);
            asked.push((network, answer));
        }
        let networks = asked.iter().map(|(network, _)| *network).collect::<Vec<_>>();
        for (network, answer) in asked {
            match answer.await.unwrap_or(Err(SettleError::Stopped)) {
                Ok(batches) => report.batches.extend(batches),
                Err(error) => report.hindered.push((network, error)),
            }
        }
        report.hindered.extend(left_out.iter().map(|network| (*network, SettleError::NoLane(*network))));
        if report.hindered.len() == networks.len() + left_out.len()
            && let Some((_, error)) = report.hindered.pop()
        {
            return Err(error);
        }
        if wait == Wait::Final {
            if request == Asked::default() {
                report.batches.extend(self.unfinished(&assets, &networks).await?);
            }
            report.batches.sort_unstable();
            report.batches.dedup();
            self.wait_for(&assets, &networks, &report.batches).await?;
        }
        report.left = self.left(&assets, wanted.as_deref(), request.payments.as_deref()).await?;
        Ok(report)
    }

    /// How many of the payments wait; of all on these networks when none are named.
    async fn left(
        &self,
        assets: &[(AssetId, Asset)],
        networks: Option<&[NetworkId]>,
        payments: Option<&[PaymentId]>,
    ) -> Result<u64, SettleError> {
        let mut left = 0;
        for id in payments.unwrap_or_default() {
            let payment = self.inner.store.payment(*id).await?;
            left += u64::from(payment.is_some_and(|payment| payment.state == PaymentState::Queued));
        }
        if payments.is_none() {
            for (id, asset) in assets {
                if networks.is_none_or(|networks| networks.contains(&asset.network)) {
                    left += self.inner.store.queue(*id).await?.count;
                }
            }
        }
        Ok(left)
    }

    /// What settling a network now would do; one preview for each of its assets.
    ///
    /// # Errors
    /// When the network has no lane, or chain or store cannot be asked.
    pub async fn preview(
        &self,
        network: NetworkId,
        only: Option<&[PaymentId]>,
    ) -> Result<Vec<Preview>, SettleError> {
        let config = {
            let lanes = self.inner.lanes.lock().await;
            lanes.get(&network).ok_or(SettleError::NoLane(network))?.config.clone()
        };
        let pays_gas = config.facilitator.as_ref().is_none_or(|rail| rail.used == FacilitatorUse::WithoutGas);
        let mut previews = Vec::new();
        let (store, now) = (&self.inner.store, self.inner.clock.now());
        for (id, asset) in store.assets().await? {
            if asset.network == network {
                let preview = preview(store, &*config.chain, now, (id, asset), config.largest, only).await?;
                previews.push(if pays_gas { preview } else { preview.by_facilitator() });
            }
        }
        Ok(previews)
    }

    /// What every lane is doing.
    pub async fn state(&self) -> BTreeMap<NetworkId, LaneState> {
        let lanes = self.inner.lanes.lock().await;
        lanes.iter().map(|(network, lane)| (*network, lane.state.borrow().clone())).collect()
    }

    /// The networks on which a payment could be settled at once, as far as can be told without trying: by a wallet that
    /// signs, in a lane that nothing hinders, or by a facilitator that is at hand.
    pub async fn ready(&self) -> HashSet<NetworkId> {
        let lanes = self.inner.lanes.lock().await;
        let is_ready = |lane: &Running| {
            lane.config.facilitator.as_ref().is_some_and(|rail| rail.client.is_at_hand())
                || !(lane.config.wallet.is_locked() || matches!(*lane.state.borrow(), LaneState::Blocked(_)))
        };
        lanes.iter().filter(|(_, lane)| is_ready(lane)).map(|(network, _)| *network).collect()
    }

    /// Follows what one lane is doing; ends when the lane does.
    pub async fn watch(&self, network: NetworkId) -> Option<watch::Receiver<LaneState>> {
        self.inner.lanes.lock().await.get(&network).map(|lane| lane.state.clone())
    }

    /// Ends all lanes, each after the store transaction it is in. What was sent stays sent, and the
    /// next start goes on from what is on disk.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        let lanes = std::mem::take(&mut *self.inner.lanes.lock().await);
        for (_, lane) in lanes {
            lane.end().await;
        }
    }

    /// The lanes of these networks, or all, and the networks that have something to settle and no lane.
    async fn mailboxes(
        &self,
        networks: Option<&[NetworkId]>,
        assets: &[(AssetId, Asset)],
    ) -> Result<(Vec<(NetworkId, mpsc::Sender<Command>)>, Vec<NetworkId>), SettleError> {
        let lanes: Vec<_> = {
            let lanes = self.inner.lanes.lock().await;
            lanes.iter().map(|(network, lane)| (*network, lane.mailbox.clone())).collect()
        };
        let has_lane = |network: &NetworkId| lanes.iter().any(|(known, _)| known == network);
        let left_out = match networks {
            Some(networks) => networks.iter().copied().filter(|network| !has_lane(network)).collect(),
            None => {
                let with_lane: Vec<_> = lanes.iter().map(|(network, _)| *network).collect();
                self.without_lane(assets, &with_lane).await?
            }
        };
        let wanted = |network: &NetworkId| networks.is_none_or(|networks| networks.contains(network));
        Ok((lanes.into_iter().filter(|(network, _)| wanted(network)).collect(), left_out))
    }

    /// Waits until none of the batches is open or could still be taken back.
    async fn wait_for(
        &self,
        assets: &[(AssetId, Asset)],
        networks: &[NetworkId],
        batches: &[BatchId],
    ) -> Result<(), SettleError> {
        // Listening begins before the first look, so that no change falls between the two.
        let mut changes = self.inner.store.changes();
        while self.unfinished(assets, networks).await?.iter().any(|batch| batches.contains(batch)) {
            let goes_on = tokio::select! {
                () = self.inner.stop.cancelled() => false,
                change = changes.next() => change.is_some(),
            };
            if !goes_on {
                return Err(SettleError::Stopped);
            }
        }
        Ok(())
    }

    /// The batches of these networks that are open or could still be taken back.
    async fn unfinished(
        &self,
        assets: &[(AssetId, Asset)],
        networks: &[NetworkId],
    ) -> Result<Vec<BatchId>, SettleError> {
        let mut batches = Vec::new();
        for (id, asset) in assets {
            if networks.contains(&asset.network) {
                batches.extend(self.inner.store.unfinished_batches(*id).await?);
            }
        }
        Ok(batches)
    }

    /// Networks that have something to settle or to wait for, and nothing to do it with.
    async fn without_lane(
        &self,
        assets: &[(AssetId, Asset)],
        lanes: &[NetworkId],
    ) -> Result<Vec<NetworkId>, SettleError> {
        let mut networks = Vec::new();
        for (id, asset) in assets {
            let store = &self.inner.store;
            if !lanes.contains(&asset.network)
                && (store.queue(*id).await?.count > 0 || !store.unfinished_batches(*id).await?.is_empty())
            {
                networks.push(asset.network);
            }
        }
        Ok(networks)
    }
}

impl Inner {
    fn run(&self, config: LaneConfig) -> Running {
        let stop = self.stop.child_token();
        let (mailbox, inbox) = mpsc::channel(WAITING);
        let (told, state) = watch::channel(LaneState::Idle);
        let lane =
            Lane::new(self.store.clone(), self.clock.clone(), config.clone(), stop.clone(), inbox, told);
        let watcher = Watcher {
            store: self.store.clone(),
            clock: self.clock.clone(),
            chain: config.chain.clone(),
            network: config.network,
            stop: stop.clone(),
            lane: mailbox.clone(),
            missing: HashMap::new(),
            overtaken: HashMap::new(),
        };
        let afterwards = Afterwards {
            store: self.store.clone(),
            clock: self.clock.clone(),
            chain: config.chain.clone(),
            network: config.network,
            wallet: config.wallet.address(),
            stop: stop.clone(),
        };
        let exposure = ExposureWatch {
            store: self.store.clone(),
            clock: self.clock.clone(),
            chain: config.chain.clone(),
            network: config.network,
            stop: stop.clone(),
            lane: mailbox.clone(),
            read_up_to: HashMap::new(),
            turn: Address::ZERO,
        };
        let tasks = [
            tokio::spawn(lane.run()),
            tokio::spawn(watcher.run()),
            tokio::spawn(afterwards.run()),
            tokio::spawn(exposure.run()),
        ];
        Running { config, mailbox, state, stop, tasks }
    }
}

//! A network that was set up: reached, checked, brought into use, and watched from then on.

use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::Address;
use chain::{Barrier, Chain, Freshness, NodeConfig, NodeHealth, Rpc, Terms};
use chrono::TimeDelta;
use domain::{Asset, AssetId, Clock};
use practice::Practice;
use server::{Networks, PublicUrl};
use settler::{FacilitatorRail, LaneConfig, Settler};
use store::{Change, Changes, NetworkRow, Store};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use wallet::GasWallet;

use crate::keys::Keys;
use crate::networks::{Checked, CheckedView, Wanted, judge, price, title};
use crate::{ApiError, ErrorCode, facilitators, offers, random};

/// How long to wait before a network that could not be used is tried again; longer each time.
const TRY_AGAIN: TimeDelta = TimeDelta::seconds(5);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(1);

/// How long a command waits for a network's answer, and for what follows from it.
pub(crate) const FIRST_TRY: Duration = Duration::from_secs(10);
const AFTERWARDS: Duration = Duration::from_millis(500);

/// How often its nodes are looked at, and whether its token lets money pass.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(30);

/// How often its contracts are.
const CHECK_AGAIN: TimeDelta = TimeDelta::days(1);

/// How often its price feed is.
const PRICE_AGAIN: TimeDelta = TimeDelta::minutes(10);

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
    barrier: watch::Sender<Option<Barrier>>,
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
            barrier: watch::Sender::new(None),
            wanted: Notify::new(),
        }
    }

    /// Waits until the time of day has moved by `span`, or for that long, unless a look is wanted now. True when one is.
    async fn pause(&self, clock: &dyn Clock, span: TimeDelta) -> bool {
        let at = clock.now() + span;
        tokio::select! {
            () = self.wanted.notified() => true,
            () = clock.sleep_until(at) => false,
            () = tokio::time::sleep(span.to_std().unwrap_or_default()) => false,
        }
    }

    /// Has it looked at soon, because something changed that it hangs on.
    pub(crate) fn look_soon(&self) {
        self.wanted.notify_one();
    }

    /// Why the token's issuer lets nothing arrive, when that is why nothing is sold.
    pub(crate) fn barrier(&self) -> Option<Barrier> {
        *self.barrier.borrow()
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
    pub(crate) public_url: watch::Receiver<PublicUrl>,
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
                Ok((asset_id, asset)) => {
                    wait = TRY_AGAIN;
                    let chain = reached.chain.clone();
                    self.connection.standing.send_replace(Standing::Ready { chain, asset_id, asset });
                    self.watch(&reached.rpc, asset_id).await
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

    async fn rest(&self, trouble: ApiError, wait: &mut TimeDelta) {
        tracing::warn!(network = %self.connection.row.network, error = %trouble, "a network cannot be used");
        self.connection.standing.send_replace(Standing::Waiting(trouble.message));
        self.connection.pause(&*self.clock, *wait).await;
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
    async fn use_it(&self, reached: &Reached) -> Result<(AssetId, Asset), ApiError> {
        let row = &self.connection.row;
        let Reached { checked, chain, .. } = reached;
        if let Some(refusal) = checked.refusal(&title(row.network)) {
            return Err(refusal);
        }
        let (Some(asset), Some(finding)) = (checked.asset.clone(), checked.finding.clone()) else {
            return Err(ApiError::new(ErrorCode::Internal, "The network was not checked."));
        };
        self.same_decimals(&asset).await?;
        if let Some(refusal) = self.barred(&reached.rpc).await? {
            return Err(refusal);
        }
        self.store.set_network_finding(row.network, finding).await?;
        let asset_id = self.store.know_asset(asset.clone()).await?;
        offers::extend(&self.store, (asset_id, &asset), self.clock.now()).await?;
        self.networks.settles(row.network, self.settler.ready().await.contains(&row.network));
        self.networks.verified(chain.clone());
        Ok((asset_id, asset))
    }

    /// Looks at what is on chain and compares it with what was found before.
    async fn check(&self, rpc: &Rpc) -> Result<Arc<Checked>, ApiError> {
        let row = &self.connection.row;
        let wanted = Wanted::of(row)?;
        let before = self.store.network_finding(row.network).await?;
        let survey = rpc.survey(wanted.token, wanted.multicall).await?;
        let mut checked = judge(&wanted, &survey, before.as_ref(), self.clock.now());
        checked.points.extend(self.read_price(rpc).await?);
        let checked = Arc::new(checked);
        self.connection.checked.send_replace(Some(checked.clone()));
        Ok(checked)
    }

    /// Asks the network's price feed, if it has one, and writes down what counts of it.
    async fn read_price(&self, rpc: &Rpc) -> Result<Option<CheckedView>, ApiError> {
        let wanted = Wanted::of(&self.connection.row)?;
        let (Some(feed), Some(known)) = (wanted.price_feed, wanted.known) else { return Ok(None) };
        let (point, told) = price(known.coin, feed, rpc.price(feed).await, self.clock.now());
        if let Some((price, told_at)) = told {
            self.store.note_coin_price(wanted.network, price, told_at).await?;
        }
        Ok(Some(point))
    }

    /// Why nothing is sold while the token's issuer lets nothing arrive (T21).
    async fn barred(&self, rpc: &Rpc) -> Result<Option<ApiError>, ApiError> {
        let network = self.connection.row.network;
        let token = Wanted::of(&self.connection.row)?.token;
        let row = self.store.networks().await?.into_iter().find(|row| row.network == network);
        let pay_to = row.and_then(|row| row.pay_to);
        let barrier = rpc.barrier(token, pay_to.unwrap_or_default()).await?;
        self.connection.barrier.send_replace(barrier);
        Ok(barrier.map(|barrier| {
            let sentence = in_words(barrier, pay_to.unwrap_or_default());
            ApiError::new(
                ErrorCode::Unavailable,
                format!("Nothing is sold on {}. {sentence}", title(network)),
            )
        }))
    }

    /// Waits until the token refuses payments that their buyers did nothing wrong with; not again before `patience` is
    /// over, because they stay refused for a while after the token has changed its mind.
    async fn refused(&self, changes: &mut Changes, asset: AssetId, patience: TimeDelta) {
        tokio::time::sleep(patience.to_std().unwrap_or_default()).await;
        loop {
            match self.store.is_barred(asset).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the queue could not be read"),
            }
            loop {
                match changes.next().await {
                    Some(Change::Batches | Change::Everything) => break,
                    Some(
                        Change::Payments
                        | Change::Endpoints
                        | Change::Settings
                        | Change::Deliveries
                        | Change::Webhooks
                        | Change::Notices,
                    ) => {}
                    None => std::future::pending().await,
                }
            }
            changes.skip_missed();
        }
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
        let (wallet, facilitator) = (self.keys.wallet(), self.facilitator().await?);
        if wallet.is_some() || facilitator.is_some() {
            let lane = LaneConfig {
                network: wanted.network,
                chain: chain.clone(),
                wallet: wallet.unwrap_or_else(GasWallet::none),
                multicall: wanted.multicall,
                largest: checked.largest(),
                facilitator,
            };
            self.settler.set_lane(lane).await;
        }
        Ok(Reached { rpc, checked, chain })
    }

    /// The facilitator that was set up for the network.
    async fn facilitator(&self) -> Result<Option<FacilitatorRail>, ApiError> {
        let Some(row) = self.store.facilitator(self.connection.row.network).await? else { return Ok(None) };
        let credential = self.keys.credentials().of(&row)?;
        let stall_url = self.public_url.borrow().to_string();
        facilitators::rail(&row, credential, stall_url, self.clock.clone()).map(Some)
    }

    /// Sums over all networks are kept in one number of decimal places. A token that was only tried out is in no sum.
    async fn same_decimals(&self, asset: &Asset) -> Result<(), ApiError> {
        let assets = self.store.assets_beside(asset.network).await?;
        let other = assets.iter().map(|(_, other)| other).find(|other| other.decimals != asset.decimals);
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
    async fn watch(&self, rpc: &Rpc, asset: AssetId) -> ApiError {
        let network = self.connection.row.network;
        let (mut checked_at, mut priced_at) = (self.clock.now(), self.clock.now());
        let mut changes = self.store.changes();
        let mut patience = TimeDelta::zero();
        loop {
            let called = tokio::select! {
                called = self.connection.pause(&*self.clock, LOOK_AGAIN) => called,
                () = self.refused(&mut changes, asset, patience) => false,
            };
            match self.barred(rpc).await {
                Ok(Some(refusal)) => return refusal,
                Ok(None) => patience = TRY_AGAIN,
                Err(error) => {
                    tracing::warn!(%network, %error, "the token could not be asked whether it lets money pass");
                }
            }
            if self.practice.is_none() {
                rpc.look_at_nodes().await;
            }
            if self.clock.now().signed_duration_since(priced_at) >= PRICE_AGAIN {
                priced_at = self.clock.now();
                if let Err(error) = self.read_price(rpc).await {
                    tracing::warn!(%network, %error, "the price of the network's coin could not be kept");
                }
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

fn in_words(barrier: Barrier, pay_to: Address) -> String {
    match barrier {
        Barrier::Paused => {
            "The token's issuer has paused all transfers. What was sold waits, and selling goes on by itself when they are possible again.".to_owned()
        }
        Barrier::PayoutBlocked => format!(
            "The token's issuer has blocked your payout address {pay_to}. What was sold to it waits; choose another address to sell again."
        ),
    }
}

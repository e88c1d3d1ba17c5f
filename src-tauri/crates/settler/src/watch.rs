//! What was seen on chain is not final: it is watched until it is, and taken back when its block goes.

use std::collections::HashMap;
use std::sync::Arc;

use alloy_primitives::B256;
use chain::Chain;
use chrono::TimeDelta;
use domain::{AssetId, AttemptId, Clock, NetworkId};
use store::{Change, Changes, Store, Unfinal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::halt::{Halt, ask};
use crate::lane::Command;
use crate::pace::pause;

const BETWEEN_LOOKS: TimeDelta = TimeDelta::seconds(2);
const AFTER_TROUBLE: TimeDelta = TimeDelta::seconds(10);

/// How many looks in a row a block has to be missing before it counts as gone: a node that lags
/// behind does not have it yet, one that was set back will not have it again.
const MISSING_LOOKS: u32 = 3;

/// For how long it is looked whether a transaction comes, or goes, that nobody waits for. Later it is looked only
/// together with others.
const LOOSE_FOR: TimeDelta = TimeDelta::hours(1);

/// Watches one network beside its lane, so that a slow look never delays a transaction.
pub(crate) struct Watcher {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chain: Arc<dyn Chain>,
    pub(crate) network: NetworkId,
    pub(crate) stop: CancellationToken,
    pub(crate) lane: mpsc::Sender<Command>,
    pub(crate) missing: HashMap<B256, u32>,
    /// At which block a wallet nonce was first seen used up by something else than the attempt that has it.
    pub(crate) overtaken: HashMap<AttemptId, u64>,
}

/// What a look says about one block.
enum Standing {
    Canonical,
    Missing,
    Gone,
}

/// Waits until a batch changed: before that there is nothing new to watch. False when the store closed.
async fn heard_of_batches(changes: &mut Changes) -> bool {
    loop {
        match changes.next().await {
            None => return false,
            Some(Change::Batches | Change::Everything) => return true,
            Some(
                Change::Endpoints
                | Change::Payments
                | Change::Settings
                | Change::Deliveries
                | Change::Webhooks
                | Change::Notices,
            ) => {}
        }
    }
}

impl Watcher {
    /// Watches until told to stop.
    pub(crate) async fn run(mut self) {
        let mut changes = self.store.changes();
        loop {
            let nap = match self.look().await {
                Ok(true) => Some(BETWEEN_LOOKS),
                Ok(false) => None,
                Err(Halt::Stopped) => return,
                Err(halt) => {
                    tracing::warn!(network = %self.network, reason = halt.sentence(), "finality could not be looked at");
                    Some(AFTER_TROUBLE)
                }
            };
            let woken = async {
                match nap {
                    Some(nap) => {
                        pause(&*self.clock, nap).await;
                        true
                    }
                    None => heard_of_batches(&mut changes).await,
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => return,
                goes_on = woken => if !goes_on { return },
            }
        }
    }

    /// One look at everything that is not final. True when there is something left to watch.
    async fn look(&mut self) -> Result<bool, Halt> {
        let mut left = false;
        for (id, asset) in self.store.assets().await? {
            if asset.network == self.network {
                left |= self.look_at(id).await?;
            }
        }
        if !left {
            self.missing.clear();
        }
        Ok(left)
    }

    async fn look_at(&mut self, asset: AssetId) -> Result<bool, Halt> {
        let mut unfinal = self.store.unfinal(asset).await?;
        let loose = self.store.loose(asset).await?;
        if unfinal.is_empty() && loose.is_empty() {
            return Ok(false);
        }
        let mut final_to = ask(&self.stop, self.chain.final_block()).await?;
        unfinal.extend(loose.iter().filter_map(|one| one.seen));
        unfinal.sort_unstable_by_key(|seen| (seen.block, seen.block_hash));
        unfinal.dedup();
        for seen in &unfinal {
            match self.standing(seen).await? {
                Standing::Canonical => {}
                Standing::Missing => final_to = final_to.min(seen.block.saturating_sub(1)),
                Standing::Gone => {
                    tracing::warn!(network = %self.network, block = seen.block, "a block is gone; what it held is settled again");
                    self.take_back(asset, seen.block_hash).await?;
                }
            }
        }
        if unfinal.iter().any(|seen| seen.block <= final_to) {
            let agreed = self.agreed(asset, final_to).await?;
            self.store.finalise(asset, agreed, self.clock.now()).await?;
        }
        self.tie_up(asset, final_to).await?;
        let loose = self.store.loose(asset).await?;
        let now = self.clock.now();
        let is_watched = loose.iter().any(|one| now.signed_duration_since(one.saved_at) < LOOSE_FOR);
        Ok(is_watched || !self.store.unfinal(asset).await?.is_empty())
    }

    /// Opens again what a block proved.
    pub(crate) async fn take_back(&self, asset: AssetId, block_hash: B256) -> Result<(), Halt> {
        self.store.take_back(asset, block_hash).await?;
        // The lane may be gone already; the next start takes in what is on disk.
        drop(self.lane.send(Command::Adopt).await);
        Ok(())
    }

    async fn standing(&mut self, seen: &Unfinal) -> Result<Standing, Halt> {
        let block = ask(&self.stop, self.chain.block(seen.block)).await?;
        match block {
            Some(block) if block.hash == seen.block_hash => {
                self.missing.remove(&seen.block_hash);
                Ok(Standing::Canonical)
            }
            Some(_) => {
                self.missing.remove(&seen.block_hash);
                Ok(Standing::Gone)
            }
            None => {
                let looks = self.missing.entry(seen.block_hash).or_insert(0);
                *looks += 1;
                if *looks < MISSING_LOOKS {
                    return Ok(Standing::Missing);
                }
                self.missing.remove(&seen.block_hash);
                Ok(Standing::Gone)
            }
        }
    }
}

use std::time::Duration;

use alloy_primitives::{B256, U64};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::sync::{Mutex, watch};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::PracticeError;
use crate::rpc::NodeRpc;
use crate::snapshot::Snapshots;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Losing blocks without transactions loses nothing, so they are kept a few at a time.
const EMPTY_BLOCKS_AT_RISK: u64 = 16;
/// Keeping the chain takes at most a tenth of the time.
const REST: u32 = 9;

/// Makes what the chain has become durable, and says how far.
pub(crate) struct Keeper {
    rpc: NodeRpc,
    snapshots: Snapshots,
    durable_block: watch::Sender<u64>,
    kept: Mutex<Option<Block>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Block {
    number: U64,
    hash: B256,
    transactions: Vec<IgnoredAny>,
}

impl Keeper {
    pub(crate) fn new(rpc: NodeRpc, snapshots: Snapshots, durable_block: watch::Sender<u64>) -> Self {
        Self { rpc, snapshots, durable_block, kept: Mutex::new(None) }
    }

    /// Keeps the chain as it is now; when this returns, it would survive a power cut.
    ///
    /// # Errors
    /// When the node does not answer or the snapshot cannot be written.
    pub(crate) async fn keep(&self) -> Result<(), PracticeError> {
        let mut kept = self.kept.lock().await;
        let latest = self.block("latest").await?;
        let dump: String = self.rpc.call("anvil_dumpState", json!([])).await?;
        let snapshots = self.snapshots.clone();
        let snapshot = spawn_blocking(move || snapshots.keep(&dump)).await;
        let snapshot = snapshot.map_err(|error| PracticeError::Node(error.to_string()))??;
        self.durable_block.send_replace(snapshot.block);
        *kept = Some(latest);
        Ok(())
    }

    /// Keeps the chain soon after each block that matters, for as long as it is polled.
    pub(crate) async fn run(&self) {
        loop {
            sleep(LOOK_EVERY).await;
            // A node that does not answer is being started again, and is asked again.
            if !matches!(self.has_news().await, Ok(true)) {
                continue;
            }
            let started = Instant::now();
            if let Err(error) = self.keep().await {
                tracing::warn!(%error, "the practice chain is not kept; nothing new becomes final");
            }
            sleep(started.elapsed() * REST).await;
        }
    }

    /// Whether the chain holds something that the newest snapshot lacks and that would be missed.
    async fn has_news(&self) -> Result<bool, PracticeError> {
        let latest = self.block("latest").await?;
        let (number, hash) = match &*self.kept.lock().await {
            Some(kept) => (kept.number.to::<u64>(), kept.hash),
            None => return Ok(true),
        };
        let newest = latest.number.to::<u64>();
        if newest <= number {
            return Ok(latest.hash != hash);
        }
        if newest - number >= EMPTY_BLOCKS_AT_RISK || !latest.transactions.is_empty() {
            return Ok(true);
        }
        for between in number + 1..newest {
            if !self.block(&format!("{between:#x}")).await?.transactions.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn block(&self, which: &str) -> Result<Block, PracticeError> {
        self.rpc.call("eth_getBlockByNumber", json!([which, false])).await
    }
}

use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::{B256, U64};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::PracticeError;
use crate::rpc::NodeRpc;
use crate::snapshot::Snapshots;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often it looks at a chain that has stood still for [`AT_REST_AFTER`].
const LOOK_AT_REST: Duration = Duration::from_secs(1);
/// As long as five of the stall's own blocks take.
const AT_REST_AFTER: Duration = Duration::from_secs(10);
/// Losing blocks without transactions loses nothing, so they are kept a few at a time.
const EMPTY_BLOCKS_AT_RISK: u64 = 16;
/// A node holds every block in memory, about ten kilobytes each; above this many that no snapshot needs it is worth
/// starting it again.
const SURPLUS_ALLOWED: usize = 2048;
/// Keeping the chain takes at most a tenth of the time.
const REST: u32 = 9;

/// Makes what the chain has become durable, and says how far.
pub(crate) struct Keeper {
    rpc: NodeRpc,
    snapshots: Snapshots,
    durable_block: watch::Sender<u64>,
    kept: Mutex<Option<Block>>,
    renew: Arc<Notify>,
}

/// What the chain holds that the newest snapshot lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// Nothing, or so few empty blocks that they are no loss.
    Nothing,
    /// A good many empty blocks, and nothing else.
    OnlyTime,
    /// Something that would be missed.
    Something,
}

#[derive(Clone, Debug, Deserialize)]
struct Block {
    number: U64,
    hash: B256,
    transactions: Vec<IgnoredAny>,
}

impl Keeper {
    /// `renew` is told when the node has grown too large and nothing is going on.
    pub(crate) fn new(
        rpc: NodeRpc,
        snapshots: Snapshots,
        durable_block: watch::Sender<u64>,
        renew: Arc<Notify>,
    ) -> Self {
        Self { rpc, snapshots, durable_block, kept: Mutex::new(None), renew }
    }

    /// Keeps the chain as it is now; when this returns, it would survive a power cut.
    ///
    /// # Errors
    /// When the node does not answer or the snapshot cannot be written.
    pub(crate) async fn keep(&self) -> Result<(), PracticeError> {
        self.keep_and_count().await.map(drop)
    }

    /// Keeps the chain and answers with the number of blocks that the node holds in vain.
    async fn keep_and_count(&self) -> Result<usize, PracticeError> {
        let mut kept = self.kept.lock().await;
        let latest = self.block("latest").await?;
        let dump: String = self.rpc.call("anvil_dumpState", json!([])).await?;
        let snapshots = self.snapshots.clone();
        let written = spawn_blocking(move || snapshots.keep(&dump)).await;
        let written = written.map_err(|error| PracticeError::Node(error.to_string()))??;
        self.durable_block.send_replace(written.snapshot.block);
        *kept = Some(latest);
        Ok(written.surplus)
    }

    /// Keeps the chain soon after each block that matters, for as long as it is polled.
    pub(crate) async fn run(&self) {
        // The newest block with nothing to keep in it or before it, and when it was first seen.
        let mut calm: Option<(B256, Instant)> = None;
        loop {
            let at_rest = calm.is_some_and(|(_, since)| since.elapsed() > AT_REST_AFTER);
            sleep(if at_rest { LOOK_AT_REST } else { LOOK_EVERY }).await;
            // A node that does not answer is being started again, and is asked again.
            let Ok(latest) = self.block("latest").await else { continue };
            if calm.is_some_and(|(hash, _)| hash == latest.hash) {
                continue;
            }
            calm = None;
            let Ok(news) = self.news_up_to(&latest).await else { continue };
            if news == News::Nothing {
                calm = Some((latest.hash, Instant::now()));
                continue;
            }
            let started = Instant::now();
            match self.keep_and_count().await {
                Ok(surplus) if surplus > SURPLUS_ALLOWED && news == News::OnlyTime => {
                    // What came while the snapshot was written would be lost with the node.
                    if matches!(self.news().await, Ok(News::Nothing)) {
                        self.renew.notify_one();
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the practice chain is not kept; nothing new becomes final");
                }
            }
            sleep(started.elapsed() * REST).await;
        }
    }

    async fn news(&self) -> Result<News, PracticeError> {
        self.news_up_to(&self.block("latest").await?).await
    }

    async fn news_up_to(&self, latest: &Block) -> Result<News, PracticeError> {
        let (number, hash) = match &*self.kept.lock().await {
            Some(kept) => (kept.number.to::<u64>(), kept.hash),
            None => return Ok(News::Something),
        };
        let newest = latest.number.to::<u64>();
        if newest <= number {
            return Ok(if latest.hash == hash { News::Nothing } else { News::Something });
        }
        for new in number + 1..=newest {
            if !self.block(&format!("{new:#x}")).await?.transactions.is_empty() {
                return Ok(News::Something);
            }
        }
        Ok(if newest - number < EMPTY_BLOCKS_AT_RISK { News::Nothing } else { News::OnlyTime })
    }

    async fn block(&self, which: &str) -> Result<Block, PracticeError> {
        self.rpc.call("eth_getBlockByNumber", json!([which, false])).await
    }
}

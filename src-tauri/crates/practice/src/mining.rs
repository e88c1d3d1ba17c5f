use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::rpc::NodeRpc;

const BLOCK_TIME: Duration = Duration::from_secs(2);

/// Mines a block every two seconds while `wanted` holds true; ends when nobody can want anything any more. Without it
/// the node mines only when it is sent a transaction, and the time on chain stands still.
pub(crate) async fn mine_while(rpc: NodeRpc, mut wanted: watch::Receiver<bool>) {
    while wanted.wait_for(|wanted| *wanted).await.is_ok() {
        let mut ticks = interval(BLOCK_TIME);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick is due at once.
        while *wanted.borrow_and_update() {
            tokio::select! {
                _ = ticks.tick() => {
                    // A node that does not answer is being started again, and mines at the next tick.
                    if let Err(error) = rpc.call::<serde_json::Value>("evm_mine", json!([])).await {
                        tracing::debug!(%error, "no block was mined");
                    }
                }
                changed = wanted.changed() => if changed.is_err() { return },
            }
        }
    }
}

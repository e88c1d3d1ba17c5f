//! Settling because somebody asked.

use domain::BatchId;
use store::SettleRequest;

use crate::halt::Halt;
use crate::lane::Lane;

impl Lane {
    /// Opens batches for everything that waits. Answers with what is under way then.
    pub(crate) async fn settle_everything(&mut self) -> Result<Vec<BatchId>, Halt> {
        if !self.recovered {
            self.recover().await?;
        }
        let closed = self.take_everything().await?;
        let mut batches = self.running();
        batches.extend(closed);
        batches.sort_unstable();
        Ok(batches)
    }

    /// The same once for each key; what it opens is written down together with the key (I9).
    pub(crate) async fn settle_once(&mut self, key: String) -> Result<Vec<BatchId>, Halt> {
        let network = self.config.network;
        if let Some(made) = self.store.requested_batches(&key, Some(network)).await? {
            return Ok(made);
        }
        let request = SettleRequest { key, network };
        self.request = Some(request.clone());
        let settled = self.settle_everything().await;
        self.request = None;
        settled?;
        let key = request.key.clone();
        self.store.note_settle_request(request, self.clock.now()).await?;
        Ok(self.store.requested_batches(&key, Some(network)).await?.unwrap_or_default())
    }
}

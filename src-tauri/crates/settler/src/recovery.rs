//! Takes in what is on disk: at the start, after the store failed, and when a block was taken back.

use store::{Choice, Trigger};

use crate::calling::Calling;
use crate::flight::Flight;
use crate::halt::Halt;
use crate::judge::Refusals;
use crate::lane::Lane;
use crate::pace::{PutBack, Return};

impl Lane {
    /// Puts every open batch back on its way: one with saved bytes is watched, and the same bytes are
    /// sent again (T40), as is what a facilitator was asked; one without never reached a node, so its payments return to the queue unless
    /// the chain says otherwise.
    pub(crate) async fn recover(&mut self) -> Result<(), Halt> {
        self.assets.clear();
        // What was believed of a transaction may have gone with its block.
        self.flights.clear();
        self.callings.clear();
        self.last_mined = None;
        self.put_back = PutBack::default();
        let mut unsigned = Vec::new();
        for (id, asset) in self.assets().await? {
            for batch in self.store.open_batches(id).await? {
                if self.ready.iter().any(|chosen| chosen.batch.id == batch.id) {
                    continue;
                }
                let instant = batch.payments.iter().any(|payment| payment.mode == domain::Mode::Instant);
                let flies = !batch.attempts.is_empty();
                if flies && !batch.calls.is_empty() {
                    self.callings.push(Calling::beside(batch.clone(), asset.clone(), self.clock.now()));
                }
                if flies {
                    self.flights.push(Flight::new(batch, asset.clone(), instant, self.clock.now()));
                } else if !batch.calls.is_empty() {
                    self.callings.push(Calling::new(batch, asset.clone(), instant, self.clock.now()));
                } else {
                    unsigned.push((batch, asset.clone()));
                }
            }
        }
        for (batch, asset) in unsigned {
            let payments = batch.payments.iter().collect::<Vec<_>>();
            let outcomes = self.judge_or_leave(&asset, &payments, Refusals::Leave).await?;
            self.record(batch.id, None, outcomes, Return::Again).await?;
        }
        self.rescan().await?;
        self.due.forget();
        self.recovered = true;
        Ok(())
    }

    /// After an older copy of the data file was put back, the chain may know more of the queue than the
    /// file does: what was settled meanwhile is found before anything new is sent (T63).
    async fn rescan(&mut self) -> Result<(), Halt> {
        let network = self.config.network;
        if self.store.is_rescanned(network).await? {
            return Ok(());
        }
        for (id, asset) in self.assets().await? {
            let queued = self.store.queued(id, Choice::All, u32::MAX).await?;
            self.decide(id, &asset, &queued.iter().collect::<Vec<_>>(), Trigger::Recovery).await?;
        }
        self.store.note_rescanned(network).await?;
        tracing::info!(%network, "the queue was compared with the chain, because older data was put back");
        Ok(())
    }
}

//! Settling because somebody asked.

use domain::{BatchId, PaymentId};
use store::{SettleRequest, Trigger};

use crate::halt::Halt;
use crate::lane::Lane;

/// What somebody asked to be settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The name under which it is done once.
    pub(crate) key: Option<String>,
    /// Which payments; everything that waits when none are named.
    pub(crate) payments: Option<Vec<PaymentId>>,
}

impl Lane {
    /// Opens batches for what was asked for. Answers with what is under way of it then.
    pub(crate) async fn settle(&mut self, asked: Asked) -> Result<Vec<BatchId>, Halt> {
        match asked.key {
            Some(key) => self.settle_once(key, asked.payments.as_deref()).await,
            None => self.settle_now(asked.payments.as_deref()).await,
        }
    }

    async fn settle_now(&mut self, payments: Option<&[PaymentId]>) -> Result<Vec<BatchId>, Halt> {
        if !self.recovered {
            self.recover().await?;
        }
        let (closed, mut batches) = match payments {
            Some(payments) => (self.take_named(payments).await?, self.running_with(payments)),
            None => (self.take_everything().await?, self.running()),
        };
        batches.extend(closed);
        batches.sort_unstable();
        // One that a facilitator is asked about beside our own transaction is under way in both.
        batches.dedup();
        Ok(batches)
    }

    /// The same once for each key; what it opens is written down together with the key (I9).
    async fn settle_once(
        &mut self,
        key: String,
        payments: Option<&[PaymentId]>,
    ) -> Result<Vec<BatchId>, Halt> {
        let network = self.config.network;
        if let Some(made) = self.store.requested_batches(&key, Some(network)).await? {
            return Ok(made);
        }
        let request = SettleRequest { key, network };
        self.request = Some(request.clone());
        let settled = self.settle_now(payments).await;
        self.request = None;
        settled?;
        let key = request.key.clone();
        self.store.note_settle_request(request, self.clock.now()).await?;
        Ok(self.store.requested_batches(&key, Some(network)).await?.unwrap_or_default())
    }

    /// Opens batches for those of the payments that wait, whatever they are worth and however long they still
    /// could. Answers with the batches that were closed at once.
    async fn take_named(&mut self, payments: &[PaymentId]) -> Result<Vec<BatchId>, Halt> {
        let mut closed = Vec::new();
        for (id, asset) in self.assets().await? {
            let named = self.store.queued_named(id, payments).await?;
            closed.extend(self.take_these(id, &asset, named, false, Trigger::Seller).await?.closed);
        }
        Ok(closed)
    }

    /// The batches under way that hold one of the payments.
    fn running_with(&self, payments: &[PaymentId]) -> Vec<BatchId> {
        let flying = self.flights.iter().map(|flight| &flight.batch);
        let called = self.callings.iter().map(|calling| &calling.batch);
        let batches = flying.chain(self.ready.iter().map(|chosen| &chosen.batch)).chain(called);
        let holds_one = batches.filter(|batch| batch.payments.iter().any(|one| payments.contains(&one.id)));
        holds_one.map(|batch| batch.id).collect()
    }
}

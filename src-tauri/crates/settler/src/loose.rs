//! Transactions of ours that nobody waits for any more, because what they carried was decided otherwise: a reorganisation
//! takes them and brings them, and their cost with them (I16).

use chain::Opinion;
use domain::AssetId;
use store::{Loose, Verdict};

use crate::flight::seen;
use crate::halt::{Halt, ask};
use crate::watch::Watcher;

impl Watcher {
    /// Notes what was mined meanwhile, and ends what nothing can become of any more.
    pub(crate) async fn tie_up(&mut self, asset: AssetId, final_to: u64) -> Result<(), Halt> {
        let mut ended = Vec::new();
        for one in self.store.loose(asset).await? {
            let is_over = match one.seen {
                Some(seen) => seen.block <= final_to && self.is_agreed(asset, &one).await?,
                None => !self.has_come(&one).await? && self.is_overtaken(&one, final_to).await?,
            };
            if is_over {
                self.overtaken.remove(&one.attempt);
                ended.push(one.attempt);
            }
        }
        if !ended.is_empty() {
            self.store.end_attempts(ended, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Whether it was mined, and what it cost is in the books now.
    async fn has_come(&mut self, one: &Loose) -> Result<bool, Halt> {
        let mined = ask(&self.stop, self.chain.mined(one.hash)).await?;
        // A receipt of another transaction proves nothing (T53).
        let Some(mined) = mined.filter(|mined| mined.evidence.transaction == one.hash) else {
            return Ok(false);
        };
        let attempt = Some(seen(one.attempt, &mined));
        let at = self.clock.now();
        self.store.record(Verdict { batch: one.batch, attempt, outcomes: Vec::new(), at }).await?;
        self.overtaken.remove(&one.attempt);
        Ok(true)
    }

    /// Whether another transaction used its nonce up, and no reorganisation takes that back.
    async fn is_overtaken(&mut self, one: &Loose, final_to: u64) -> Result<bool, Halt> {
        let chain = &*self.chain;
        let (head, sender) =
            ask(&self.stop, async { tokio::try_join!(chain.head(), chain.sender(one.wallet)) }).await?;
        if sender.mined_nonce <= one.nonce {
            self.overtaken.remove(&one.attempt);
            return Ok(false);
        }
        let since = *self.overtaken.entry(one.attempt).or_insert(head.number);
        Ok(since <= final_to)
    }

    /// Whether two nodes tell the same of where it was mined, where two are set up. What both tell otherwise of is taken
    /// back (T53).
    async fn is_agreed(&self, asset: AssetId, one: &Loose) -> Result<bool, Halt> {
        let Some(seen) = one.seen else { return Ok(false) };
        match ask(&self.stop, self.chain.second_opinion(one.hash)).await? {
            Opinion::Sole => Ok(true),
            Opinion::Agreed(mined) if mined.evidence.block_hash == seen.block_hash => Ok(true),
            Opinion::Agreed(_) | Opinion::Nowhere => {
                self.take_back(asset, seen.block_hash).await?;
                Ok(false)
            }
            Opinion::Differs => Ok(false),
        }
    }
}

//! Payers who were given something before their money arrived are watched (T05, T06, T20): when one of
//! them is about to be good for less than was delivered, what waits is settled at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use alloy_primitives::Address;
use chain::{Chain, PayerFacts, PayerQuestion};
use chrono::TimeDelta;
use domain::{Amount, Asset, AssetId, Clock, NetworkId};
use store::{OpenPayment, Store, Trigger};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::halt::{Halt, ask};
use crate::lane::{Command, Lane};
use crate::pace::pause;

/// How often the watched are looked at.
const BETWEEN_LOOKS: TimeDelta = TimeDelta::seconds(5);

/// The most payers of an asset that are watched by their logs, the most exposed ones.
const WATCHED: u32 = 2_000;

/// How many are looked at closely each time: those whose balance moved, and some others in turn, because
/// code appears without a log.
const CLOSELY: usize = 100;

/// How many queued payments of a payer are looked at.
const PAYMENTS: u32 = 50;

/// What is to be settled early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exposed {
    /// In which asset.
    pub(crate) asset: AssetId,
    /// Whose payments; everybody's when none is named.
    pub(crate) payers: Vec<Address>,
}

/// Watches the exposed payers of one network, beside its lane.
pub(crate) struct ExposureWatch {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chain: Arc<dyn Chain>,
    pub(crate) network: NetworkId,
    pub(crate) stop: CancellationToken,
    pub(crate) lane: mpsc::Sender<Command>,
    /// Up to which block each asset's logs were read.
    pub(crate) read_up_to: HashMap<AssetId, u64>,
    /// Who was looked at closely last, in the order of addresses.
    pub(crate) turn: Address,
}

impl ExposureWatch {
    /// Watches until told to stop.
    pub(crate) async fn run(mut self) {
        let mut changes = self.store.changes();
        loop {
            let anybody = match self.look().await {
                Ok(anybody) => anybody,
                Err(Halt::Stopped) => return,
                Err(halt) => {
                    tracing::warn!(network = %self.network, reason = halt.sentence(), "exposed payers could not be watched");
                    true
                }
            };
            let woken = async {
                if anybody {
                    pause(&*self.clock, BETWEEN_LOOKS).await;
                    true
                } else {
                    changes.of_payments().await
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => return,
                goes_on = woken => if !goes_on { return },
            }
            changes.skip_missed();
        }
    }

    /// One look at everybody who is exposed. True when there is anybody.
    async fn look(&mut self) -> Result<bool, Halt> {
        let mut anybody = false;
        for (id, asset) in self.store.assets().await? {
            if asset.network != self.network {
                continue;
            }
            let payers = self.store.exposed_payers(id, WATCHED).await?;
            if payers.is_empty() {
                self.read_up_to.remove(&id);
                continue;
            }
            anybody = true;
            self.look_at_age(id).await?;
            let payers: Vec<Address> = payers.into_iter().map(|(payer, _)| payer).collect();
            self.look_at(id, &asset, &payers).await?;
        }
        Ok(anybody)
    }

    /// What waits nearly as long as the seller allows is settled, so that sales go on as before.
    async fn look_at_age(&self, id: AssetId) -> Result<(), Halt> {
        let Some(oldest) = self.store.exposure_policy().await?.and_then(|policy| policy.oldest) else {
            return Ok(());
        };
        let exposures = self.store.exposures().await?;
        let since = exposures.iter().find(|exposure| exposure.asset == id).and_then(|one| one.oldest);
        let age = since.map(|since| self.clock.now().signed_duration_since(since));
        if age.is_some_and(|age| age >= oldest - oldest / 10) && self.store.queue(id).await?.count > 0 {
            self.tell(Exposed { asset: id, payers: Vec::new() }).await;
        }
        Ok(())
    }

    async fn look_at(&mut self, id: AssetId, asset: &Asset, payers: &[Address]) -> Result<(), Halt> {
        let head = ask(&self.stop, self.chain.head()).await?.number;
        let moved = match self.read_up_to.get(&id) {
            Some(read) if *read < head => {
                let moved = self.chain.payers_moved(asset.address, payers, read + 1, head);
                ask(&self.stop, moved).await?
            }
            Some(_) => Vec::new(),
            // What happened before this program looked shows in the balances only.
            None => payers.to_vec(),
        };
        let closely: BTreeSet<Address> = moved.into_iter().chain(self.in_turn(payers)).collect();
        let mut suspects = Vec::new();
        for some in closely.into_iter().collect::<Vec<_>>().chunks(CLOSELY) {
            suspects.extend(self.look_closely(id, asset, some).await?);
        }
        if !suspects.is_empty() {
            tracing::info!(network = %self.network, payers = suspects.len(), "payers may become worth less than they were given; what waits of them is settled");
            self.tell(Exposed { asset: id, payers: suspects }).await;
        }
        self.read_up_to.insert(id, head);
        Ok(())
    }

    /// The next payers whose turn it is, whatever their balances did.
    fn in_turn(&mut self, payers: &[Address]) -> Vec<Address> {
        let mut ordered = payers.to_vec();
        ordered.sort_unstable();
        let from = ordered.partition_point(|payer| *payer <= self.turn);
        ordered.rotate_left(from);
        ordered.truncate(CLOSELY);
        self.turn = ordered.last().copied().unwrap_or_default();
        ordered
    }

    /// Those of the payers whose queued payments should not wait any longer.
    async fn look_closely(
        &self,
        id: AssetId,
        asset: &Asset,
        payers: &[Address],
    ) -> Result<Vec<Address>, Halt> {
        let mut queued = Vec::with_capacity(payers.len());
        for payer in payers {
            queued.push(self.store.queued_of(id, *payer, PAYMENTS).await?);
        }
        let questions: Vec<_> = queued
            .iter()
            .flatten()
            .map(|payment| PayerQuestion { asset: asset.address, key: payment.authorization.key() })
            .collect();
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let mut facts = ask(&self.stop, self.chain.payers(&questions)).await?.into_iter();
        let mut suspects = Vec::new();
        for (payer, queued) in payers.iter().zip(&queued) {
            let facts: Vec<_> = facts.by_ref().take(queued.len()).collect();
            if is_suspect(queued, &facts) {
                suspects.push(*payer);
            }
        }
        Ok(suspects)
    }

    async fn tell(&self, exposed: Exposed) {
        // A lane that has just ended has nothing to settle any more.
        drop(self.lane.send(Command::Exposed(exposed)).await);
    }
}

/// Whether a payer's queued payments should not wait. More than to cover them is not asked, or payers could
/// make every payment cost a transaction of its own by moving their money about (I11).
fn is_suspect(queued: &[OpenPayment], facts: &[PayerFacts]) -> bool {
    let Some(first) = facts.first() else { return false };
    let owed = queued.iter().try_fold(Amount::ZERO, |sum, payment| sum.checked_add(payment.amount));
    let owed = owed.unwrap_or(Amount::MAX);
    facts.iter().any(|facts| facts.nonce_used) || first.has_code || first.balance < owed
}

impl Lane {
    /// Remembers what is to be settled early.
    pub(crate) fn note_exposed(&mut self, exposed: Exposed) {
        if !self.exposed.contains(&exposed) {
            self.exposed.push(exposed);
        }
    }

    /// Opens batches for what the watch found. What the token would refuse by now is decided by evidence,
    /// as in every batch; the rest is paid while it can be.
    pub(crate) async fn take_exposed(&mut self) -> Result<(), Halt> {
        while let Some(exposed) = self.exposed.first().cloned() {
            let assets = self.assets().await?;
            if let Some((id, asset)) = assets.into_iter().find(|(id, _)| *id == exposed.asset) {
                if exposed.payers.is_empty() {
                    self.take(id, &asset, store::Choice::All, Trigger::Exposure).await?;
                } else {
                    let mut payments = Vec::new();
                    for payer in &exposed.payers {
                        payments.extend(self.store.queued_of(id, *payer, PAYMENTS).await?);
                    }
                    let now = self.clock.now();
                    payments.retain(|payment| !self.put_back.holds(payment.seq, payment.settle_by(), now));
                    self.take_these(id, &asset, payments, false, Trigger::Exposure).await?;
                }
            }
            self.exposed.retain(|one| *one != exposed);
        }
        Ok(())
    }
}

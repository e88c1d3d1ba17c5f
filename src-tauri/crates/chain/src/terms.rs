use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use domain::{Clock, Finality, NetworkId};

use crate::{ChainError, PayerFacts};

/// What was found out about a network when it was set up, and what is asked of it since.
#[derive(Clone, Debug)]
pub struct Terms {
    /// From when on its blocks are final; `None` while that is not known: then the strongest that its nodes offer.
    pub finality: Option<Finality>,
    /// Whether it has no Multicall3 that can be trusted, so that payments are tried and settled one by one (T58).
    pub single: bool,
    /// How old its newest block may be for a balance to count.
    pub freshness: Option<Freshness>,
}

/// A limit for the age of what is believed about payers (T52).
#[derive(Clone)]
pub struct Freshness {
    /// What the newest block is compared with.
    pub clock: Arc<dyn Clock>,
    /// How old it may be.
    pub limit: TimeDelta,
}

impl fmt::Debug for Freshness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Freshness").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Terms {
    /// What the product's table says about a network.
    pub(crate) fn of(network: NetworkId) -> Self {
        Self { finality: network.known().and_then(|known| known.finality), single: false, freshness: None }
    }
}

impl Freshness {
    /// Refuses what a node says that was left behind: the payer may have spent the balance since.
    pub(crate) fn check(&self, network: NetworkId, facts: PayerFacts) -> Result<PayerFacts, ChainError> {
        let read_at = i64::try_from(facts.timestamp).ok().and_then(|at| DateTime::from_timestamp(at, 0));
        let age = read_at.map(|at| self.clock.now().signed_duration_since(at));
        match age {
            Some(age) if age <= self.limit => Ok(facts),
            Some(_) | None => Err(ChainError::Unreachable {
                network,
                detail: format!("its newest block is older than {} seconds", self.limit.num_seconds()),
            }),
        }
    }
}

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use chain::Chain;
use domain::NetworkId;
use tokio::sync::watch;

/// The chains that may be sold on now.
///
/// Whoever checks a chain and its token puts it here when all is well and takes it out when it is
/// not; the server quotes and takes payments on no other (T17, T54). Clones share one list.
#[derive(Clone)]
pub struct Networks {
    open: watch::Sender<HashMap<NetworkId, Arc<dyn Chain>>>,
    halted: watch::Sender<HashSet<NetworkId>>,
}

impl Networks {
    /// None yet.
    pub fn new() -> Self {
        Self { open: watch::Sender::default(), halted: watch::Sender::default() }
    }

    /// From now on offers on this chain's network are sold.
    pub fn verified(&self, chain: Arc<dyn Chain>) {
        self.open.send_modify(|chains| {
            chains.insert(chain.network(), chain);
        });
    }

    /// From now on offers on this network answer 503.
    pub fn withdraw(&self, network: NetworkId) {
        self.open.send_if_modified(|chains| chains.remove(&network).is_some());
    }

    /// Whether a payment on this network could be settled at once, which it can until the contrary is said. What has to
    /// be settled before it is delivered is not offered where it could not.
    pub fn settles(&self, network: NetworkId, now: bool) {
        self.halted.send_if_modified(
            |halted| {
                if now { halted.remove(&network) } else { halted.insert(network) }
            },
        );
    }

    pub(crate) fn halted(&self) -> watch::Receiver<HashSet<NetworkId>> {
        self.halted.subscribe()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<HashMap<NetworkId, Arc<dyn Chain>>> {
        self.open.subscribe()
    }
}

impl Default for Networks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.open.borrow().keys()).finish()
    }
}

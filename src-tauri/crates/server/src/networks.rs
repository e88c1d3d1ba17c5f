use std::collections::HashMap;
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
pub struct Networks(watch::Sender<HashMap<NetworkId, Arc<dyn Chain>>>);

impl Networks {
    /// None yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(HashMap::new()))
    }

    /// From now on offers on this chain's network are sold.
    pub fn verified(&self, chain: Arc<dyn Chain>) {
        self.0.send_modify(|chains| {
            chains.insert(chain.network(), chain);
        });
    }

    /// From now on offers on this network answer 503.
    pub fn withdraw(&self, network: NetworkId) {
        self.0.send_if_modified(|chains| chains.remove(&network).is_some());
    }

    pub(crate) fn watch(&self) -> watch::Receiver<HashMap<NetworkId, Arc<dyn Chain>>> {
        self.0.subscribe()
    }
}

impl Default for Networks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.borrow().keys()).finish()
    }
}

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use alloy_primitives::B256;
use domain::{EndpointId, EndpointState, Part};
use tokio::sync::{mpsc, oneshot, watch};

use crate::catalogue::{Catalogue, Item};
use crate::content::{Checks, Problem};
use crate::visits::Traffic;

/// As many may wait at once; more of them wait to be let in.
const ASKING: usize = 16;

/// What is on sale, for whoever has changed it: the server follows the store by itself, and this
/// tells when it has caught up.
#[derive(Clone)]
pub struct Shelf {
    ask: mpsc::Sender<oneshot::Sender<()>>,
    stock: Stock,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

/// What is on sale, and how its files are read through.
#[derive(Clone, Default)]
pub(crate) struct Stock {
    pub(crate) catalogue: watch::Sender<Arc<Catalogue>>,
    pub(crate) checks: Checks,
    /// Where the server listens, so that no service is that.
    pub(crate) own: Option<SocketAddr>,
    /// Who came lately.
    pub(crate) traffic: Traffic,
}

/// Whether it is for sale, or could be again.
fn is_kept(item: &Item) -> bool {
    item.is_sold && item.endpoint.state != EndpointState::Removed
}

/// The server's end of a [`Shelf`].
pub(crate) type Asks = mpsc::Receiver<oneshot::Sender<()>>;

impl Shelf {
    pub(crate) fn new() -> (Self, Asks) {
        let (ask, asks) = mpsc::channel(ASKING);
        (Self { ask, stock: Stock::default() }, asks)
    }

    pub(crate) fn stock(&self) -> Stock {
        self.stock.clone()
    }

    /// What cannot be sold, or could not be if it were not paused, because its file is not as it was published. Looks at every file, so it may block; a file that
    /// has to be read through first is taken for good until that is done. To be called on a Tokio runtime.
    pub fn spoiled(&self) -> Vec<(EndpointId, Problem)> {
        let catalogue = Arc::clone(&self.stock.catalogue.borrow());
        let kept = catalogue.items().filter(|item| is_kept(item));
        kept.filter_map(|item| match item.goods.look(&self.stock.checks) {
            Ok(_) | Err(Problem::Checking) => None,
            Err(problem) => Some((item.endpoint.id, problem)),
        })
        .collect()
    }

    /// Which earlier versions of an endpoint their owners cannot receive, because their files are not as they were. It may
    /// block; to be called on a Tokio runtime.
    pub fn spoiled_earlier(&self, endpoint: EndpointId) -> Vec<(Part, B256, Problem)> {
        let catalogue = Arc::clone(&self.stock.catalogue.borrow());
        let spoiled =
            catalogue.for_owners(endpoint).filter_map(|item| match item.goods.look(&self.stock.checks) {
                Ok(_) | Err(Problem::Checking) => None,
                Err(problem) => Some((item.part.clone(), item.sha256, problem)),
            });
        spoiled.collect()
    }

    /// Looks at every file that is for sale, or could be again, so that whoever listens to [`Shelf::news`] hears what
    /// nobody asked for. Does nothing where nobody listens. It may block; to be called on a Tokio runtime.
    pub fn look_at_files(&self) {
        if !self.stock.checks.is_heard() {
            return;
        }
        let catalogue = Arc::clone(&self.stock.catalogue.borrow());
        for item in catalogue.items().filter(|item| is_kept(item)) {
            drop(item.goods.look(&self.stock.checks));
        }
    }

    /// Who came lately.
    pub fn traffic(&self) -> &Traffic {
        &self.stock.traffic
    }

    /// Hears when a file is found not to be as it was published, or to be so again.
    pub fn news(&self) -> watch::Receiver<()> {
        self.stock.checks.news()
    }

    /// Returns when buyers are answered by what the store held at the call, or when the server has
    /// stopped and answers nobody.
    pub async fn caught_up(&self) {
        let (done, told) = oneshot::channel();
        if self.ask.send(done).await.is_ok() {
            // Dropped unanswered when the server stops.
            drop(told.await);
        }
    }
}

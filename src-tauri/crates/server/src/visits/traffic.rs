use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::EndpointId;
use store::{Store, StoreError, Visits};

use crate::visits::funnel::{Counts, Step};
use crate::visits::log::{Log, Request, Wanted};

/// Who came lately. A clone is another handle to the same.
#[derive(Clone, Default)]
pub struct Traffic(Arc<Inner>);

#[derive(Default)]
struct Inner {
    counts: Mutex<Counts>,
    log: Mutex<Log>,
    keeps_addresses: AtomicBool,
}

impl fmt::Debug for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traffic").finish_non_exhaustive()
    }
}

impl Traffic {
    /// The setting that says whether buyers' network addresses are kept in the log: `on`, or else not (T90).
    pub const ADDRESSES: &str = "request-addresses";

    /// The newest requests that were answered to the end, the latest first, each with its number.
    pub fn requests(&self, wanted: Wanted) -> Vec<(u64, Request)> {
        self.log().newest(wanted)
    }

    /// In how much time the answers to nineteen of twenty of them began; none where nobody came.
    pub fn p95(&self) -> Option<Duration> {
        self.log().p95()
    }

    /// Writes what was counted down.
    ///
    /// # Errors
    /// When the file cannot be written; it is written the next time then.
    pub async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let taken: Vec<Visits> = self.counts().take();
        if taken.is_empty() {
            return Ok(());
        }
        let written = store.count_visits(taken.clone()).await;
        if written.is_err() {
            self.counts().put_back(&taken);
        }
        written
    }

    /// Does as the seller's settings say.
    pub(crate) fn follow(&self, settings: &[(String, String)]) {
        let keeps = settings.iter().any(|(key, value)| key == Self::ADDRESSES && value == "on");
        if self.0.keeps_addresses.swap(keeps, Ordering::Relaxed) && !keeps {
            self.log().forget_addresses();
        }
    }

    pub(crate) fn keeps_addresses(&self) -> bool {
        self.0.keeps_addresses.load(Ordering::Relaxed)
    }

    pub(crate) fn count(&self, endpoint: EndpointId, day: i64, step: Step) {
        self.counts().count(endpoint, day, step);
    }

    pub(crate) fn push(&self, request: Request) {
        self.log().push(request);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

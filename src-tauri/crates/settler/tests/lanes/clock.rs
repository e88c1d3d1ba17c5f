use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Sleep};
use tokio::sync::watch;

/// A clock that stands still until it is moved.
pub(crate) struct ManualClock(watch::Sender<DateTime<Utc>>);

impl ManualClock {
    pub(crate) fn at(seconds: u64) -> Arc<Self> {
        let start = DateTime::from_timestamp(seconds.cast_signed(), 0).unwrap();
        Arc::new(Self(watch::Sender::new(start)))
    }

    pub(crate) fn advance(&self, span: TimeDelta) {
        self.0.send_modify(|now| *now += span);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        let mut time = self.0.subscribe();
        Box::pin(async move {
            // The sender lives as long as the clock that is borrowed here.
            drop(time.wait_for(|now| *now >= at).await);
        })
    }
}

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Sleep};
use tokio::sync::watch;

/// A clock that stands still until it is moved, the same one through all lives of an engine.
pub(crate) struct HandClock(watch::Sender<DateTime<Utc>>);

impl HandClock {
    /// Shows this time, in Unix seconds.
    pub(crate) fn at(seconds: u64) -> Self {
        let at = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Self(watch::Sender::new(at.unwrap_or_default()))
    }

    /// Moves on by so many milliseconds.
    pub(crate) fn advance(&self, milliseconds: u64) {
        let span = TimeDelta::milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX));
        self.0.send_modify(|now| *now += span);
    }

    /// Unix milliseconds.
    pub(crate) fn milliseconds(&self) -> i64 {
        self.0.borrow().timestamp_millis()
    }

    /// Unix seconds.
    pub(crate) fn seconds(&self) -> u64 {
        self.0.borrow().timestamp().cast_unsigned()
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        let mut time = self.0.subscribe();
        Box::pin(async move { drop(time.wait_for(|now| *now >= at).await) })
    }
}

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Sleep};

/// A clock that stands still until it is moved.
pub(crate) struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap()))
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.now().timestamp().unsigned_abs()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    fn sleep_until(&self, _at: DateTime<Utc>) -> Sleep<'_> {
        Box::pin(std::future::pending())
    }
}

use std::future::Future;
use std::pin::Pin;

use chrono::{DateTime, Utc};

/// A wait that a [`Clock`] hands out.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Where time comes from. One of the product's two seams: a test can move it.
pub trait Clock: Send + Sync + 'static {
    /// The time of day.
    fn now(&self) -> DateTime<Utc>;

    /// Waits until the time of day has reached `at`; returns at once when it has.
    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_>;
}

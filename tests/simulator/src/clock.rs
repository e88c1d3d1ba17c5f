use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Sleep};
use tokio::sync::watch;

/// A clock that stands still until it is moved, the same one through all lives of an engine; or this computer's own,
/// which nobody moves.
pub(crate) enum HandClock {
    /// It stands still.
    Moved(watch::Sender<DateTime<Utc>>),
    /// It is the time of day.
    Real,
}

impl HandClock {
    /// Shows this time, in Unix seconds.
    pub(crate) fn at(seconds: u64) -> Self {
        let at = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Self::Moved(watch::Sender::new(at.unwrap_or_default()))
    }

    /// Moves on by so many milliseconds, where it can be moved.
    pub(crate) fn advance(&self, milliseconds: u64) {
        if let Self::Moved(time) = self {
            let span = TimeDelta::milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX));
            time.send_modify(|now| *now += span);
        }
    }

    /// Whether nobody moves it.
    pub(crate) const fn is_real(&self) -> bool {
        matches!(self, Self::Real)
    }

    /// Unix milliseconds.
    pub(crate) fn milliseconds(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// Unix seconds.
    pub(crate) fn seconds(&self) -> u64 {
        self.now().timestamp().cast_unsigned()
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Moved(time) => *time.borrow(),
            Self::Real => real(),
        }
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        match self {
            Self::Moved(time) => {
                let mut time = time.subscribe();
                Box::pin(async move { drop(time.wait_for(|now| *now >= at).await) })
            }
            Self::Real => {
                let span = (at - real()).to_std().unwrap_or_default();
                Box::pin(tokio::time::sleep(span))
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time of day, for an engine that has no other")]
fn real() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from(UNIX_EPOCH + since)
}

use chrono::{DateTime, Utc};
use domain::{Clock, Sleep, Zone};
use tokio::time::{Duration, sleep};

/// The longest nap. A computer that sleeps does not count the time, so a long wait is cut into naps
/// and the clock is looked at after each (T67).
const NAP: Duration = Duration::from_secs(15);

/// This computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        Box::pin(async move {
            while let Ok(left) = (at - self.now()).to_std() {
                if left.is_zero() {
                    return;
                }
                sleep(left.min(NAP)).await;
            }
        })
    }
}

/// Now, in Unix milliseconds, for whoever stands outside the engine.
pub fn unix_millis() -> i64 {
    SystemClock.now().timestamp_millis()
}

/// The time zone this computer is set to; UTC where it does not say.
pub(crate) fn local_zone() -> Zone {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// A moment in RFC 3339 as the wall clock here shows it.
pub fn local_time_of(text: &str) -> Option<String> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    local_time(at.timestamp_millis())
}

/// So many seconds in words, rounded down: `25 minutes`, `3 days`.
pub fn span_in_words(seconds: i64) -> String {
    crate::api::span(chrono::TimeDelta::seconds(seconds))
}

/// A moment, in Unix milliseconds, as the wall clock here shows it.
pub fn local_time(millis: i64) -> Option<String> {
    let zone = local_zone();
    DateTime::from_timestamp_millis(millis).map(|at| format!("{} {zone}", zone.shown(at)))
}

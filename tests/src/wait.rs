use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Asks again and again until `condition` holds; panics when it has not after half a minute.
pub async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition().await {
        assert!(Instant::now() < deadline, "{what} did not happen in time");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Seconds since 1970, as a buyer's clock has them.
#[expect(clippy::disallowed_methods, reason = "a test is a composition root")]
pub fn unix_now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("the clock is past 1970").as_secs()
}

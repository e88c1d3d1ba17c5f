//! Looks at the published files now and then, because no change of the store tells that somebody wrote to one.

use chrono::TimeDelta;

use crate::App;

/// How often they are looked at while somebody hears what is found.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// Looks again and again.
pub(crate) async fn follow(app: App) {
    let Some(engine) = app.engine() else { return };
    loop {
        app.clock().sleep_until(app.clock().now() + LOOK_AGAIN).await;
        let shelf = engine.shelf().clone();
        // A file may lie on a disk that is away: then the next look waits for this one.
        if let Err(error) = tokio::task::spawn_blocking(move || shelf.look_at_files()).await {
            tracing::warn!(%error, "the published files could not be looked at");
        }
    }
}

//! Tells the server where nothing could be settled at the moment, so that nobody is asked to pay for what is delivered
//! only once it is settled, and to wait for that in vain.

use std::time::Duration;

use crate::App;

/// How often the lanes are looked at: as long as a buyer may be asked in vain after one is hindered.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Follows the gas wallet and the lanes.
pub(crate) async fn follow(app: App) {
    let Some(engine) = app.engine() else { return };
    let mut wallet = app.keys().subscribe();
    loop {
        wallet.mark_unchanged();
        engine.tell_what_settles().await;
        // That it is locked or unlocked is heard at once.
        drop(tokio::time::timeout(LOOK_AGAIN, wallet.changed()).await);
    }
}

//! Prices that begin at a moment: each is quoted when its time has come, also when that was while nothing ran.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use store::{Change, Store, StoreError};

use crate::{App, api};

/// How long to wait when nothing is planned, or the store failed.
const IDLE: TimeDelta = TimeDelta::hours(1);

/// Begins what is due. Who was told an earlier price can pay it for a while longer. Answers when the next one is due.
pub(crate) async fn begin_due(
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    for change in store.price_changes().await? {
        if change.begins_at > now {
            return Ok(Some(change.begins_at));
        }
        let listings = store.catalogue().await?;
        let listing = listings.iter().find(|listing| listing.endpoint.id == change.endpoint);
        let offers = listing.map_or_else(|| Ok(Vec::new()), |listing| api::planned_price(listing, &change));
        let offers = offers.unwrap_or_else(|error| {
            tracing::warn!(change = change.id, error = %error.message, "a planned price cannot be quoted");
            Vec::new()
        });
        tracing::info!(change = change.id, price = %change.price, "a planned price begins");
        store.begin_price_change(change, offers, now).await?;
    }
    Ok(None)
}

/// Begins each price at its time.
pub(crate) async fn follow(app: App) {
    let mut changes = app.store().changes();
    let clock: &dyn Clock = app.clock();
    loop {
        changes.skip_missed();
        let next = match begin_due(app.store(), clock.now()).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "planned prices could not be looked at");
                Some(clock.now() + TimeDelta::minutes(1))
            }
        };
        let planned = async {
            loop {
                match changes.next().await {
                    Some(Change::Endpoints | Change::Everything) => return true,
                    Some(_) => {}
                    None => return false,
                }
            }
        };
        let goes_on = tokio::select! {
            () = clock.sleep_until(next.unwrap_or_else(|| clock.now() + IDLE)) => true,
            goes_on = planned => goes_on,
        };
        if !goes_on {
            return;
        }
    }
}

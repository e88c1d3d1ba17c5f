//! The seller's switch: open for sales or not.

use serde::{Deserialize, Serialize};
use store::Store;
use ts_rs::TS;

use crate::api::{StatusView, status};
use crate::{ApiError, App};

/// The setting that keeps it.
const SELLING: &str = "selling";
const OFF: &str = "off";

/// Opens the stall for sales, or closes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct StallSet {
    /// Whether buyers are served. Kept across restarts.
    pub selling: bool,
}

/// What the seller chose last; open unless closed.
pub(crate) async fn is_selling(store: &Store) -> Result<bool, ApiError> {
    let settings = store.settings().await?;
    Ok(!settings.iter().any(|(key, value)| key == SELLING && value == OFF))
}

pub(crate) async fn set(app: &App, request: StallSet) -> Result<StatusView, ApiError> {
    let value = if request.selling { "" } else { OFF };
    app.store().set_setting(SELLING.to_owned(), value.to_owned()).await?;
    if let Some(engine) = app.engine() {
        engine.selling().send_replace(request.selling);
    }
    status::status(app, ()).await
}

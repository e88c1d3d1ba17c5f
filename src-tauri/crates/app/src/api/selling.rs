//! The seller's switch: open for sales or not. With real money it stays off until what has to be done before is done.

use domain::Environment;
use serde::{Deserialize, Serialize};
use store::Store;
use ts_rs::TS;

use crate::api::{StatusView, live, status};
use crate::keys::Keys;
use crate::{ApiError, App};

/// The setting that keeps it.
const SELLING: &str = "selling";
const OFF: &str = "off";
const ON: &str = "on";

/// Opens the stall for sales, or closes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct StallSet {
    /// Whether buyers are served. Kept across restarts.
    pub selling: bool,
}

/// What the seller chose last: open unless closed, but for real money only if opened.
pub(crate) async fn is_chosen(store: &Store, environment: Environment) -> Result<bool, ApiError> {
    let settings = store.settings().await?;
    let is = |wanted: &str| settings.iter().any(|(key, value)| key == SELLING && value == wanted);
    Ok(if environment == Environment::Live { is(ON) } else { !is(OFF) })
}

/// Whether buyers are served: the seller wants it, and nothing stands against it.
pub(crate) async fn may_sell(store: &Store, environment: Environment, keys: &Keys) -> Result<bool, ApiError> {
    Ok(is_chosen(store, environment).await?
        && (environment != Environment::Live || live::missing(store, keys).await?.is_empty()))
}

pub(crate) async fn set(app: &App, request: StallSet) -> Result<StatusView, ApiError> {
    if request.selling {
        live::must_be_ready(app).await?;
    }
    let value = if request.selling { ON } else { OFF };
    app.store().set_setting(SELLING.to_owned(), value.to_owned()).await?;
    live::turn_switch(app).await?;
    status::status(app, ()).await
}

//! The seller's switch: open for sales or not.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::StatusView;
use crate::{ApiError, App, ErrorCode};

/// Opens the stall for sales, or closes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct StallSet {
    /// Whether buyers are served. Kept across restarts.
    pub selling: bool,
}

pub(crate) async fn set(_app: &App, _request: StallSet) -> Result<StatusView, ApiError> {
    Err(ApiError::new(ErrorCode::NotYet, "Not yet."))
}

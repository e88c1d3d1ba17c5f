//! What came in day by day.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::MoneySummary;
use crate::{ApiError, App, ErrorCode};

/// Which days to list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct RevenueQuery {
    /// How many, today included; 366 at most.
    pub days: u32,
}

/// Days without a gap.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueView {
    /// Oldest first; the last is today.
    pub items: Vec<RevenueDay>,
    /// Where their midnights are.
    pub zone: String,
}

/// The payments of one day, by when they were accepted and by how they stand now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueDay {
    /// The day, such as `2026-11-21`.
    pub day: String,
    /// Their sums.
    #[serde(flatten)]
    pub summary: MoneySummary,
}

pub(crate) async fn revenue(_app: &App, _query: RevenueQuery) -> Result<RevenueView, ApiError> {
    Err(ApiError::new(ErrorCode::NotYet, "Not yet."))
}

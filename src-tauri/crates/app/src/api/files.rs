//! A look at a file before it is priced.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ApiError, App, ErrorCode};

/// Names a file of this computer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct FileInspect {
    /// Its path.
    pub file: String,
}

/// A file that may be sold.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct InspectedFileView {
    /// Where it really is.
    pub path: String,
    /// The name a download would get.
    pub name: String,
    /// A name for people, made of the file's.
    pub title: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type, by its extension.
    pub media_type: String,
    /// Where it could be sold; no other endpoint is there.
    pub suggested_path: String,
}

pub(crate) async fn inspect(_app: &App, _request: FileInspect) -> Result<InspectedFileView, ApiError> {
    Err(ApiError::new(ErrorCode::NotYet, "Not yet."))
}

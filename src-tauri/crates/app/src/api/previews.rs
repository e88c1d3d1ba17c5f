use std::path::PathBuf;

use domain::Content;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::EndpointView;
use crate::api::endpoints::{find, shown};
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode};

/// Lets everybody see a file of an endpoint before they pay, at its link with `?preview`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointPreview {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// The file, which stays where it is; left out for none.
    pub file: Option<String>,
}

pub(crate) async fn set(app: &App, request: EndpointPreview) -> Result<EndpointView, ApiError> {
    let id = find(app, &request.endpoint).await?.endpoint.id;
    let preview = match &request.file {
        Some(path) => {
            let inspected = server::inspect(&PathBuf::from(path), app.data_dir()).await;
            let content =
                inspected.map_err(|error| ApiError::new(ErrorCode::File, sentence(&error.to_string())))?;
            let content: Content = content.into();
            Some(content.file().cloned().ok_or_else(|| ApiError::invalid("A preview is a file."))?)
        }
        None => None,
    };
    app.store().set_preview(id, preview).await?;
    app.on_the_shelf().await;
    shown(app, id).await
}

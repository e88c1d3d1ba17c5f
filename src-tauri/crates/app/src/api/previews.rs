use std::path::PathBuf;

use domain::{Content, CountedBy, Quota};
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

/// Lets a service answer so many requests a day for nothing, to each network address or to each wallet that signs in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointQuota {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// How many, from 1 to 10000; left out for none. They are counted in memory only, so a restart begins anew. Answers
    /// of more than 256 KiB are not given away.
    pub requests_a_day: Option<u32>,
    /// `address`, which is usual: who has many addresses has as many for each, those behind one address share them. Or
    /// `wallet`: each request is signed for (sign-in-with-x) with a key, not by an account's code; wallets cost nothing, so
    /// those that ask from one address have together no more than ten of them would.
    pub counted_by: Option<String>,
}

/// Most requests a day that are given to each.
const MOST_A_DAY: u32 = 10_000;

pub(crate) async fn set_quota(app: &App, request: EndpointQuota) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, &request.endpoint).await?.endpoint;
    if !matches!(endpoint.content, Content::Service(_)) {
        return Err(ApiError::invalid(
            "Only services answer so many requests for nothing. Set a preview instead.",
        ));
    }
    if request.requests_a_day.is_some_and(|most| !(1..=MOST_A_DAY).contains(&most)) {
        return Err(ApiError::invalid(format!("Give 1 to {MOST_A_DAY} requests a day, or none.")));
    }
    let counted_by = request.counted_by.as_deref().map(str::parse).transpose();
    let counted_by: Option<CountedBy> =
        counted_by.map_err(|error: String| ApiError::invalid(sentence(&error)))?;
    let counted_by = counted_by.unwrap_or_default();
    let quota = request.requests_a_day.map(|requests_a_day| Quota { requests_a_day, counted_by });
    app.store().set_free_quota(endpoint.id, quota).await?;
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

pub(crate) async fn set(app: &App, request: EndpointPreview) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, &request.endpoint).await?.endpoint;
    if request.file.is_some() && matches!(endpoint.content, Content::Service(_)) {
        return Err(ApiError::invalid(
            "What a service answers has no preview. Let it answer some requests for nothing instead, or show an answer in its description.",
        )
        .by("stallkeeper endpoint quota"));
    }
    let id = endpoint.id;
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

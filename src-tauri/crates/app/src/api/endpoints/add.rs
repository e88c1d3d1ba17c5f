//! Puts something up for sale.

use domain::{CanonicalPath, EndpointId, Mode, OwnedFor};
use serde::{Deserialize, Serialize};
use store::NewEndpoint;
use ts_rs::TS;

use super::{EndpointView, described, named, quotes, shown};
use crate::api::content::{self, FolderAdd, TextAdd, Ware};
use crate::api::pictures;
use crate::api::services::ServiceSet;
use crate::error::sentence;
use crate::{ApiError, App, random};

/// Puts something up for sale: exactly one of a file, a folder, a text and a service.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointAdd {
    /// The file to sell.
    pub file: Option<String>,
    /// The folder to sell.
    pub folder: Option<FolderAdd>,
    /// The text to sell.
    pub text: Option<TextAdd>,
    /// The program whose answers are sold. Each request is charged.
    pub service: Option<ServiceSet>,
    /// Where it is reached, such as `/guide`.
    pub path: String,
    /// Its price as a decimal, such as `0.05`; of a folder that is sold by its files, that of each.
    pub price: String,
    /// Its name for people; the file's or folder's name by default.
    pub title: Option<String>,
    /// What it is, in a few sentences.
    pub description: Option<String>,
    /// Whether the stall's own pages show it; they do by default.
    pub listed: Option<bool>,
    /// `batched` (default) or `instant`.
    pub mode: Option<String>,
    /// How long buyers own it: `30d` (default), `12h`, or `0` to charge every purchase.
    pub owned_for: Option<String>,
    /// A picture of it for the stall's pages: a PNG, JPEG or WebP file of 10 MB at most.
    pub cover: Option<String>,
}

pub(crate) async fn add(app: &App, request: EndpointAdd) -> Result<EndpointView, ApiError> {
    let path: CanonicalPath = request
        .path
        .parse()
        .map_err(|error: domain::PathError| ApiError::invalid(sentence(&error.to_string())))?;
    let mode = request.mode.as_deref().unwrap_or(Mode::default().as_str()).parse::<Mode>();
    let mode = mode.map_err(|error| ApiError::invalid(sentence(&error)))?;
    let owned_for = match (request.owned_for.as_deref(), &request.service) {
        (Some(text), _) => {
            text.parse::<OwnedFor>().map_err(|error| ApiError::invalid(sentence(&error.to_string())))?
        }
        (None, Some(_)) => OwnedFor::NEVER,
        (None, None) => OwnedFor::DEFAULT,
    };
    if request.service.is_some() && owned_for != OwnedFor::NEVER {
        return Err(ApiError::invalid("Nobody owns what a service does: each request is charged."));
    }
    let offers = quotes(app, &request.price).await?;
    let cover = pictures::kept(app, request.cover.as_deref()).await?;
    let ware = Ware::of(app, &request).await?;
    let title = named(request.title.as_deref())?;
    let description = described(request.description.as_deref())?;
    let new = NewEndpoint {
        id: EndpointId::from_random(random::bytes()?),
        path,
        title: title.unwrap_or(ware.title),
        description: description.unwrap_or_default(),
        is_listed: request.listed.unwrap_or(true),
        content: ware.content,
        mode,
        owned_for,
    };
    content::reachable(&new.path, &new.content)?;
    let id = new.id;
    app.store().add_endpoint_for(new, offers, app.clock().now()).await?;
    if cover.is_some() {
        app.store().set_picture(Some(id), cover).await?;
    }
    app.on_the_shelf().await;
    shown(app, id).await
}

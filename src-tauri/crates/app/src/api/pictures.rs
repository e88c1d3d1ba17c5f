//! Pictures: covers of what is sold, and the seller's own. What is shown is made of the seller's file and kept; the file is not needed again.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use alloy_primitives::{B256, hex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pictures::Picture;
use serde::{Deserialize, Serialize};
use server::PictureFolder;
use store::PictureRow;
use ts_rs::TS;

use crate::api::EndpointView;
use crate::api::endpoints::{find, shown};
use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, App, ErrorCode};

/// Shows a cover of an endpoint on the stall's pages, or none any more.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointCover {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// A PNG, JPEG or WebP file of 10 MB at most; left out for none.
    pub file: Option<String>,
}

/// Shows another picture of the seller on the stall's pages, or none any more.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct SellerPicture {
    /// A PNG, JPEG or WebP file of 10 MB at most; left out for none.
    pub file: Option<String>,
}

/// What pages show of the seller beside the settings.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SellerView {
    /// The seller's picture; null without one.
    pub picture: Option<PictureView>,
}

/// A picture that pages show.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PictureView {
    /// What names its larger size, 800 pixels at most, for `picture_show`.
    pub large: String,
    /// What names its smaller size, 320 pixels at most.
    pub small: String,
    /// Of the larger one, in pixels.
    pub width: u32,
    /// Of the larger one, in pixels.
    pub height: u32,
}

/// Asks for a picture: one that pages show, or what they would show of a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PictureShow {
    /// One of a picture's two names.
    pub picture: Option<String>,
    /// A file on this computer; nothing of it is kept.
    pub file: Option<String>,
}

/// A picture to look at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PictureShown {
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// All of it, in base64.
    pub content: String,
}

impl PictureView {
    pub(crate) fn of(row: &PictureRow) -> Self {
        Self {
            large: hex::encode(row.large),
            small: hex::encode(row.small),
            width: row.width,
            height: row.height,
        }
    }
}

pub(crate) async fn set_cover(app: &App, request: EndpointCover) -> Result<EndpointView, ApiError> {
    let id = find(app, &request.endpoint).await?.endpoint.id;
    let picture = kept(app, request.file.as_deref()).await?;
    app.store().set_picture(Some(id), picture).await?;
    app.on_the_shelf().await;
    shown(app, id).await
}

pub(crate) async fn set_seller(app: &App, request: SellerPicture) -> Result<SellerView, ApiError> {
    let picture = kept(app, request.file.as_deref()).await?;
    app.store().set_picture(None, picture).await?;
    app.on_the_shelf().await;
    seller(app, ()).await
}

pub(crate) async fn seller(app: &App, (): ()) -> Result<SellerView, ApiError> {
    let picture = app.store().seller_picture().await?;
    Ok(SellerView { picture: picture.as_ref().map(PictureView::of) })
}

pub(crate) async fn show(app: &App, request: PictureShow) -> Result<PictureShown, ApiError> {
    let content = match (request.picture, request.file) {
        (Some(name), None) => {
            let unknown = || ApiError::not_found("picture", &name);
            let digest: B256 = name.parse().map_err(|_| unknown())?;
            let folder = folder(app)?;
            on_the_side(move || Ok(folder.read(&digest))).await?.ok_or_else(unknown)?
        }
        (None, Some(file)) => made(&file).await?.large.content,
        (Some(_), Some(_)) | (None, None) => {
            return Err(ApiError::invalid("Name a picture or a file, and only one of them."));
        }
    };
    let media_type = pictures::media_type(&content).unwrap_or_default().to_owned();
    Ok(PictureShown { media_type, content: STANDARD.encode(content) })
}

/// What pages show of a file, kept for them.
pub(crate) async fn kept(app: &App, file: Option<&str>) -> Result<Option<PictureRow>, ApiError> {
    let Some(file) = file else { return Ok(None) };
    let Picture { large, small } = made(file).await?;
    let folder = folder(app)?;
    let failed = |error: std::io::Error| {
        ApiError::new(ErrorCode::File, format!("The picture cannot be kept: {error}."))
    };
    on_the_side(move || {
        Ok(Some(PictureRow {
            width: large.width,
            height: large.height,
            large: folder.keep(&large.content).map_err(failed)?,
            small: folder.keep(&small.content).map_err(failed)?,
        }))
    })
    .await
}

fn folder(app: &App) -> Result<PictureFolder, ApiError> {
    Ok(EnvironmentFolder::of(app.data_dir(), app.environment())?.pictures())
}

/// What pages would show of a file.
async fn made(file: &str) -> Result<Picture, ApiError> {
    let path = PathBuf::from(file);
    on_the_side(move || {
        let content = read(&path)
            .map_err(|error| ApiError::new(ErrorCode::File, format!("{}: {error}.", path.display())))?;
        pictures::make(&content).map_err(|error| ApiError::new(ErrorCode::File, sentence(&error.to_string())))
    })
    .await
}

/// A file, and no more of it than tells that it is too long.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut content = Vec::new();
    file.take(pictures::LONGEST + 1).read_to_end(&mut content)?;
    Ok(content)
}

/// Runs what takes the disk or long, and says so where hostile content stopped it.
async fn on_the_side<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let unreadable = |_| ApiError::new(ErrorCode::File, "The picture cannot be read.");
    tokio::task::spawn_blocking(work).await.map_err(unreadable)?
}

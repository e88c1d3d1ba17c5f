use std::path::{Path, PathBuf};
use std::sync::Arc;

use alloy_primitives::B256;
use domain::{CanonicalPath, Content, Member, PublishedFile, SoldAs, Text};
use serde::{Deserialize, Serialize};
use server::Packing;
use sha2::{Digest as _, Sha256};
use ts_rs::TS;

use crate::api::endpoints::EndpointAdd;
use crate::api::{files, services};
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode};

/// Longest text that is sold out of the store, in bytes.
const LONGEST_TEXT: usize = 1024 * 1024;

/// A folder to be sold.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct FolderAdd {
    /// Where it is on this computer.
    pub path: String,
    /// `files` (default): each by itself; `archive`: all of them at once.
    pub sold_as: Option<String>,
}

/// A text to be sold.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct TextAdd {
    /// All of it.
    pub body: String,
    /// The name a download gets; `text.txt` or `data.json` by default.
    pub file_name: Option<String>,
    /// Its media type: JSON is recognised, anything else is plain text by default.
    pub media_type: Option<String>,
}

/// A text for sale, for whoever wants to change it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointText {
    /// All of it.
    pub body: String,
}

/// What is to be sold, and what it is called unless the seller says otherwise.
pub(crate) struct Ware {
    pub(crate) content: Content,
    pub(crate) title: String,
}

impl Ware {
    pub(crate) async fn of(app: &App, request: &EndpointAdd) -> Result<Self, ApiError> {
        match (&request.file, &request.folder, &request.text, &request.service) {
            (Some(path), None, None, None) => {
                let file = inspected(app, path).await?;
                Ok(Self { title: files::title(&file.file_name), content: file.into() })
            }
            (None, Some(folder), None, None) => {
                let packing = match folder.sold_as.as_deref() {
                    None | Some("files") => Packing::Files,
                    Some("archive") => Packing::Archive,
                    Some(other) => {
                        return Err(ApiError::invalid(format!(
                            "{other:?} is no way to sell a folder; choose files or archive."
                        )));
                    }
                };
                let content = inspected_folder(app, &folder.path, packing, &[]).await?;
                let name =
                    Path::new(&folder.path).file_name().map(|name| name.to_string_lossy().into_owned());
                Ok(Self { title: name.unwrap_or_else(|| "Folder".to_owned()), content })
            }
            (None, None, Some(text), None) => {
                let content = self::text(text.clone())?;
                Ok(Self { title: "Text".to_owned(), content })
            }
            (None, None, None, Some(set)) => {
                let service = services::service(app, None, set.clone())?;
                Ok(Self { title: "Service".to_owned(), content: Content::Service(service) })
            }
            _ => Err(ApiError::invalid(
                "Say what to sell: a file, a folder, a text or a service, and only one of them.",
            )),
        }
    }
}

async fn inspected(app: &App, path: &str) -> Result<server::Inspected, ApiError> {
    server::inspect(&PathBuf::from(path), app.data_dir())
        .await
        .map_err(|error| ApiError::new(ErrorCode::File, sentence(&error.to_string())))
}

async fn inspected_folder(
    app: &App,
    path: &str,
    packing: Packing,
    before: &[Member],
) -> Result<Content, ApiError> {
    server::inspect_folder(&PathBuf::from(path), app.data_dir(), packing, before)
        .await
        .map(Content::from)
        .map_err(|error| ApiError::new(ErrorCode::File, sentence(&error.to_string())))
}

/// What stands in the place of the content now, or in another one.
pub(crate) async fn again(app: &App, content: &Content, from: Option<&str>) -> Result<Content, ApiError> {
    match content {
        Content::File(file) => inspected(app, from.unwrap_or(&file.path)).await.map(Content::from),
        Content::Folder(folder) => {
            let packing = match folder.sold_as {
                SoldAs::Files => Packing::Files,
                SoldAs::Archive { .. } => Packing::Archive,
            };
            inspected_folder(app, from.unwrap_or(&folder.path), packing, &folder.members).await
        }
        Content::Text(_) | Content::Service(_) => {
            Err(ApiError::new(ErrorCode::Conflict, "Only files and folders are published again."))
        }
    }
}

/// A text as it is sold.
pub(crate) fn text(text: TextAdd) -> Result<Content, ApiError> {
    let TextAdd { body, file_name, media_type } = text;
    if body.is_empty() {
        return Err(ApiError::invalid("The text is empty."));
    }
    if body.len() > LONGEST_TEXT {
        return Err(ApiError::invalid("The text is longer than 1 MB; sell it as a file."));
    }
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok()
        && matches!(body.trim_start().as_bytes().first(), Some(b'{' | b'['));
    let (name, kind) =
        if is_json { ("data.json", "application/json") } else { ("text.txt", "text/plain; charset=utf-8") };
    let media_type = media_type.unwrap_or_else(|| kind.to_owned());
    if !media_type.is_ascii() || media_type.len() > 100 || !media_type.contains('/') {
        return Err(ApiError::invalid(format!("{media_type:?} is no media type.")));
    }
    let sha256 = B256::from_slice(&Sha256::digest(body.as_bytes()));
    let file_name = file_name.unwrap_or_else(|| name.to_owned());
    Ok(Content::Text(Text { file_name, media_type, body: Arc::from(body), sha256 }))
}

/// Refuses content some of which could not be reached below the path.
pub(crate) fn reachable(path: &CanonicalPath, content: &Content) -> Result<(), ApiError> {
    if let Content::Folder(folder) = content {
        for member in folder.members.iter() {
            path.below(&member.part).map_err(|error| {
                ApiError::invalid(format!("{} cannot be reached there: {error}.", member.name))
            })?;
        }
    }
    Ok(())
}

/// What is for sale, by its kind.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[ts(export)]
pub enum ContentView {
    /// One file.
    File(FileView),
    /// Files of a folder.
    Folder(FolderView),
    /// A text.
    Text(TextView),
    /// What a program answers.
    Service(ServiceView),
}

/// A file for sale.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FileView {
    /// Where it is on this computer.
    pub path: String,
    /// The name a download gets.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 as hexadecimal digits.
    pub sha256: String,
}

/// A folder for sale.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FolderView {
    /// Where it is on this computer.
    pub path: String,
    /// `files`: each by itself; `archive`: all of them at once.
    pub sold_as: String,
    /// How many files.
    pub files: u64,
    /// Their lengths together.
    pub bytes: u64,
}

/// A text for sale.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TextView {
    /// The name a download gets.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 as hexadecimal digits.
    pub sha256: String,
}

/// A program whose answers are for sale.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ServiceView {
    /// Where it is asked.
    pub upstream: String,
    /// Whether it may be on another computer.
    pub is_remote: bool,
    /// What follows the endpoint's path in the requests it answers.
    pub pattern: String,
    /// What it may be asked.
    pub methods: Vec<String>,
    /// The buyer's headers that reach it.
    pub request_headers: Vec<String>,
    /// Its headers that reach the buyer.
    pub answer_headers: Vec<String>,
    /// The longest body that reaches it, in bytes.
    pub longest_request: u32,
    /// The longest answer that is kept until it is paid for, in bytes.
    pub longest_answer: u32,
    /// How many seconds it may keep a buyer waiting.
    pub patience_seconds: u16,
}

impl ContentView {
    pub(crate) fn of(content: &Content) -> Self {
        match content {
            Content::File(file) => Self::File(FileView::of(file)),
            Content::Folder(folder) => Self::Folder(FolderView {
                path: folder.path.clone(),
                sold_as: match folder.sold_as {
                    SoldAs::Files => "files",
                    SoldAs::Archive { .. } => "archive",
                }
                .to_owned(),
                files: folder.members.len() as u64,
                bytes: folder.members.iter().map(|member| member.file.bytes).sum(),
            }),
            Content::Text(Text { file_name, media_type, body, sha256 }) => Self::Text(TextView {
                name: file_name.clone(),
                media_type: media_type.clone(),
                bytes: body.len() as u64,
                sha256: alloy_primitives::hex::encode(sha256),
            }),
            Content::Service(service) => Self::Service(ServiceView {
                upstream: service.upstream.clone(),
                is_remote: service.is_remote,
                pattern: service.pattern.to_string(),
                methods: service.methods.iter().map(ToString::to_string).collect(),
                request_headers: service.request_headers.iter().map(ToString::to_string).collect(),
                answer_headers: service.answer_headers.iter().map(ToString::to_string).collect(),
                longest_request: service.longest_request,
                longest_answer: service.longest_answer,
                patience_seconds: service.patience.seconds(),
            }),
        }
    }
}

impl FileView {
    pub(crate) fn of(file: &PublishedFile) -> Self {
        Self {
            path: file.path.clone(),
            name: file.file_name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: alloy_primitives::hex::encode(file.sha256),
        }
    }
}

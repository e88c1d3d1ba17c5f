use domain::{Content, PublishedFile, SoldAs, Text};
use serde::Serialize;
use ts_rs::TS;

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
    fn of(file: &PublishedFile) -> Self {
        Self {
            path: file.path.clone(),
            name: file.file_name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: alloy_primitives::hex::encode(file.sha256),
        }
    }
}

//! A look at a file or a folder before it is priced.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use server::{FolderGlance, LeftOut};
use ts_rs::TS;

use crate::api::endpoints::LONGEST_TITLE;
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode};

/// How much of what is left out of a folder is named.
const MOST_LEFT_OUT: usize = 50;

/// Names a file or a folder of this computer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct FileInspect {
    /// Its path.
    pub file: String,
}

/// A file or a folder that may be sold.
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
    /// Its length; of a folder, that of its files together.
    pub bytes: u64,
    /// Its media type, by its extension; of a folder, that of its archive.
    pub media_type: String,
    /// What is in it; null for a file.
    pub folder: Option<InspectedFolderView>,
}

/// What is in a folder that may be sold.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct InspectedFolderView {
    /// How many files would be sold.
    pub files: usize,
    /// How many would not.
    pub left_out_count: usize,
    /// The first of those.
    pub left_out: Vec<LeftOutView>,
}

/// Something in a folder that is not sold with it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LeftOutView {
    /// Its name in the folder.
    pub name: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why something in a folder is not sold with it.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LeftOutReason {
    /// Its name, or that of a folder around it, begins with a dot.
    Hidden,
    /// Its name is one that keys and passwords usually have.
    LooksSecret,
    /// It is a link or something else that is no file.
    NotAFile,
    /// Nothing is in it.
    Empty,
    /// It belongs to the stall itself.
    OwnData,
}

impl From<LeftOut> for LeftOutReason {
    fn from(reason: LeftOut) -> Self {
        match reason {
            LeftOut::Hidden => Self::Hidden,
            LeftOut::LooksSecret => Self::LooksSecret,
            LeftOut::NotAFile => Self::NotAFile,
            LeftOut::Empty => Self::Empty,
            LeftOut::OwnData => Self::OwnData,
        }
    }
}

pub(crate) async fn inspect(app: &App, request: FileInspect) -> Result<InspectedFileView, ApiError> {
    let path = PathBuf::from(&request.file);
    let refused = |error: server::InspectError| ApiError::new(ErrorCode::File, sentence(&error.to_string()));
    // A link to a folder is none: what it leads to may change (T74).
    if tokio::fs::symlink_metadata(&path).await.is_ok_and(|found| found.is_dir()) {
        let folder = server::glance_folder(&path, app.data_dir()).await.map_err(refused)?;
        return Ok(of_folder(folder));
    }
    let file = server::glance(&path, app.data_dir()).await.map_err(refused)?;
    Ok(InspectedFileView {
        title: title(&file.file_name),
        path: file.path,
        name: file.file_name,
        bytes: file.bytes,
        media_type: file.media_type,
        folder: None,
    })
}

fn of_folder(folder: FolderGlance) -> InspectedFileView {
    let FolderGlance { path, files, bytes, left_out } = folder;
    let name =
        Path::new(&path).file_name().map_or_else(|| path.clone(), |name| name.to_string_lossy().into());
    let first = left_out.iter().take(MOST_LEFT_OUT);
    InspectedFileView {
        title: title(&name),
        name,
        bytes,
        media_type: "application/zip".to_owned(),
        folder: Some(InspectedFolderView {
            files,
            left_out_count: left_out.len(),
            left_out: first
                .map(|(name, reason)| LeftOutView { name: name.clone(), reason: (*reason).into() })
                .collect(),
        }),
        path,
    }
}

fn stem(file_name: &str) -> &str {
    file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem)
}

/// The file's name as people would write it: what is sold is called so unless the seller says otherwise.
pub(crate) fn title(file_name: &str) -> String {
    let words = stem(file_name).replace(['_', '-'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = if words.is_empty() { file_name } else { &words };
    title.chars().take(LONGEST_TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_name_without_its_extension() {
        assert_eq!(title("field_guide.pdf"), "field guide");
        assert_eq!(title("morning-rain.flac"), "morning rain");
        assert_eq!(title("_.pdf"), "_.pdf");
    }
}

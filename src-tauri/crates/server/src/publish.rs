use std::path::{Path, PathBuf};

use alloy_primitives::B256;
use domain::{Content, PublishedFile};

use crate::content::{Problem, blocking};
use crate::open_file::OpenFile;

/// A file that may be sold, with what buyers will be quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// Its absolute path, free of symbolic links.
    pub path: String,
    /// The name a buyer's download gets.
    pub file_name: String,
    /// Its media type, by its extension.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: B256,
}

/// A file that may be sold, as far as it can be told without reading it through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Its absolute path, free of symbolic links.
    pub path: String,
    /// The name a buyer's download gets.
    pub file_name: String,
    /// Its media type, by its extension.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
}

/// Why a file is not published.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// It is missing, no regular file, not readable, or being written to.
    #[error("{path}: {problem}")]
    File {
        /// As it was given.
        path: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// It has no content.
    #[error("{0}: the file is empty")]
    Empty(String),
    /// It lies in the folder that holds the stall's own data and keys (T75).
    #[error("{0}: files of the data folder are never sold")]
    OwnData(String),
    /// No file of the folder may be sold.
    #[error("{0}: there is nothing in the folder that could be sold")]
    NothingToSell(String),
    /// More files than are kept open for one endpoint.
    #[error(
        "{path}: the folder has more than {most} files; pack them into an archive of your own, or sell fewer"
    )]
    TooManyFiles {
        /// The folder.
        path: String,
        /// As many as there may be.
        most: usize,
    },
    /// Its path cannot be kept.
    #[error("{0}: the path is not valid Unicode")]
    NotUnicode(String),
}

impl From<Inspected> for Content {
    fn from(file: Inspected) -> Self {
        let Inspected { path, file_name, media_type, bytes, sha256 } = file;
        Self::File(PublishedFile { path, file_name, media_type, bytes, sha256 })
    }
}

/// Reads a file through before it is published.
///
/// The folder may be reached over symbolic links, which are resolved now and for good; the file
/// itself may not be one (T74). `data_folder` is where nothing is sold from.
///
/// # Errors
/// Says why the file cannot be sold.
pub async fn inspect(path: &Path, data_folder: &Path) -> Result<Inspected, InspectError> {
    let read = open(path, data_folder, |file| file.digest().map(Some)).await?;
    let sha256 = read.sha256.unwrap_or_default();
    let Glance { path, file_name, media_type, bytes } = read.glance;
    Ok(Inspected { path, file_name, media_type, bytes, sha256 })
}

/// The same without reading it through, which may take long: what can be said of a file at once.
///
/// # Errors
/// Says why the file cannot be sold.
pub async fn glance(path: &Path, data_folder: &Path) -> Result<Glance, InspectError> {
    Ok(open(path, data_folder, |_| Ok(None)).await?.glance)
}

struct Read {
    glance: Glance,
    sha256: Option<B256>,
}

async fn open(
    path: &Path,
    data_folder: &Path,
    read: impl FnOnce(&OpenFile) -> Result<Option<B256>, Problem> + Send + 'static,
) -> Result<Read, InspectError> {
    let given = path.display().to_string();
    let (path, data_folder) = (path.to_owned(), data_folder.to_owned());
    let opened = blocking(move || {
        let path = resolve(&path)?;
        let forbidden = data_folder.canonicalize().is_ok_and(|folder| path.starts_with(folder));
        if forbidden {
            return Ok(Opened::OwnData);
        }
        let file = OpenFile::open(&path)?;
        Ok(Opened::File { path, bytes: file.identity().bytes(), sha256: read(&file)? })
    })
    .await;
    match opened {
        Err(problem) => Err(InspectError::File { path: given, problem }),
        Ok(Opened::OwnData) => Err(InspectError::OwnData(given)),
        Ok(Opened::File { bytes: 0, .. }) => Err(InspectError::Empty(given)),
        Ok(Opened::File { path, bytes, sha256 }) => {
            let name = path.file_name().and_then(|name| name.to_str());
            let (Some(file_name), Some(path_text)) = (name.map(str::to_owned), path.to_str()) else {
                return Err(InspectError::NotUnicode(given));
            };
            let media_type = media_type(&file_name).to_owned();
            let glance = Glance { path: path_text.to_owned(), file_name, media_type, bytes };
            Ok(Read { glance, sha256 })
        }
    }
}

enum Opened {
    OwnData,
    File { path: PathBuf, bytes: u64, sha256: Option<B256> },
}

/// The folder's real path with the file's own name behind it.
fn resolve(path: &Path) -> Result<PathBuf, Problem> {
    let name = path.file_name().ok_or(Problem::NotAFile)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(|error| Problem::unreadable(&error))?;
    Ok(folder.join(name))
}

/// What a file is, by the extension of its name.
pub(crate) fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "7z" => "application/x-7z-compressed",
        "json" => "application/json",
        "txt" | "log" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "tif" | "tiff" => "image/tiff",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "ogg" | "opus" => "audio/ogg",
        "m4a" => "audio/mp4",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::b256;

    use super::*;

    async fn inspected(path: &Path) -> Result<Inspected, InspectError> {
        inspect(path, Path::new("/nowhere")).await
    }

    #[tokio::test]
    async fn a_file_is_quoted_with_its_real_path_length_and_digest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Guide.PDF");
        std::fs::write(&path, "abc").unwrap();
        let file = inspected(&path).await.unwrap();
        assert_eq!(file.file_name, "Guide.PDF");
        assert_eq!(file.media_type, "application/pdf");
        assert_eq!(file.bytes, 3);
        let sha256 = b256!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(file.sha256, sha256);
        assert_eq!(Path::new(&file.path), folder.path().canonicalize().unwrap().join("Guide.PDF"));
    }

    #[tokio::test]
    async fn a_glance_says_the_same_but_for_the_digest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Guide.PDF");
        std::fs::write(&path, "abc").unwrap();
        let file = inspected(&path).await.unwrap();
        let seen = glance(&path, Path::new("/nowhere")).await.unwrap();
        let Inspected { path: real, file_name, media_type, bytes, .. } = file;
        assert_eq!(seen, Glance { path: real, file_name, media_type, bytes });
        assert!(matches!(glance(&path, folder.path()).await, Err(InspectError::OwnData(_))));
    }

    #[tokio::test]
    async fn what_is_no_plain_readable_file_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        std::fs::write(&empty, "").unwrap();
        assert!(matches!(inspected(&empty).await, Err(InspectError::Empty(_))));
        for (path, expected) in [
            (folder.path().join("missing"), Problem::Missing),
            (folder.path().to_owned(), Problem::NotAFile),
            (folder.path().join("empty/below"), Problem::Missing),
        ] {
            match inspected(&path).await {
                Err(InspectError::File { problem, .. }) => assert_eq!(problem, expected),
                other => panic!("{other:?}"),
            }
        }
    }

    // T74
    #[cfg(unix)]
    #[tokio::test]
    async fn a_symbolic_link_is_refused_and_a_linked_folder_is_resolved_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        std::fs::write(root.join("real/secret"), "abc").unwrap();
        std::os::unix::fs::symlink(root.join("real/secret"), root.join("link")).unwrap();
        std::os::unix::fs::symlink(root.join("real"), root.join("door")).unwrap();
        match inspected(&root.join("link")).await {
            Err(InspectError::File { problem, .. }) => assert_eq!(problem, Problem::SymbolicLink),
            other => panic!("{other:?}"),
        }
        let file = inspected(&root.join("door/secret")).await.unwrap();
        assert_eq!(Path::new(&file.path), root.join("real/secret"));
    }

    // T75
    #[tokio::test]
    async fn the_data_folder_is_never_sold_from() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let key = folder.path().join("data/gas-wallet.json");
        std::fs::write(&key, "secret").unwrap();
        let winding = folder.path().join("data/../data/gas-wallet.json");
        for path in [key, winding] {
            let answer = inspect(&path, &folder.path().join("data")).await;
            assert!(matches!(answer, Err(InspectError::OwnData(_))), "{answer:?}");
        }
    }
}

//! The pictures that pages show: files under the digests of their content, in a folder of the stall's own, which everybody may keep for good.
//! What nobody shows any more is not there for buyers, though its file may be.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use alloy_primitives::{B256, hex};
use bytes::Bytes;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use sha2::{Digest as _, Sha256};
use store::PictureRow;

use crate::body::Body;
use crate::cache::Cache;
use crate::content::{Problem, blocking};
use crate::headers;
use crate::reply::{self, Reply};
use crate::shop::Shop;

/// Where pictures are; the digest follows.
pub(crate) const PREFIX: &str = "/.stallkeeper/pictures/";

/// Room for those that are asked for often. What is sold has a cache of its own, so that no picture's address leads to it.
const ROOM: usize = 16 * 1024 * 1024;

/// The folder that the pictures lie in.
#[derive(Clone, Debug)]
pub struct PictureFolder(PathBuf);

/// What the server shows out of it.
#[derive(Debug)]
pub(crate) struct Pictures {
    folder: PictureFolder,
    cache: Cache,
}

impl Pictures {
    pub(crate) fn new(folder: PictureFolder) -> Self {
        Self { folder, cache: Cache::new(ROOM) }
    }
}

impl PictureFolder {
    /// The folder at `path`, which is made when the first picture is kept.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    fn place(&self, digest: &B256) -> PathBuf {
        self.0.join(hex::encode(digest))
    }

    /// Keeps a picture; whole or not at all, and on the disk when this returns. Answers its digest.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, content: &[u8]) -> io::Result<B256> {
        let digest = B256::from_slice(&Sha256::digest(content));
        let place = self.place(&digest);
        if fs::read(&place).is_ok_and(|kept| kept == content) {
            return Ok(digest);
        }
        make(&self.0)?;
        let beside = place.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, &place)?;
        Ok(digest)
    }

    /// A picture as it was kept; none where its file is gone or is another one.
    pub fn read(&self, digest: &B256) -> Option<Vec<u8>> {
        let content = fs::read(self.place(digest)).ok()?;
        (Sha256::digest(&content)[..] == digest[..]).then_some(content)
    }

    /// Removes what nobody shows. To be called while nobody keeps anything.
    pub fn sweep(&self, shown: &[PictureRow]) {
        let names: Vec<String> =
            shown.iter().flat_map(|row| [row.large, row.small]).map(hex::encode).collect();
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let is_shown = entry.file_name().to_str().is_some_and(|name| names.iter().any(|one| one == name));
            if !is_shown && let Err(error) = fs::remove_file(entry.path()) {
                tracing::debug!(%error, "a picture that nobody shows was not removed");
            }
        }
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Where a picture is found.
pub(crate) fn link(digest: &B256) -> String {
    format!("{PREFIX}{}", hex::encode(digest))
}

/// Answers with the picture of that name, if somebody shows it.
pub(crate) async fn answer(shop: &Shop, name: &str, head: &Parts) -> Reply {
    let Some(digest) = digest(name).filter(|digest| shop.shown.borrow().contains(digest)) else {
        return reply::not_found();
    };
    let Some(content) = content(&shop.pictures, digest).await else { return reply::not_found() };
    let Some(media_type) = pictures::media_type(&content) else { return reply::not_found() };
    let mut headers = headers::common();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let Ok(etag) = HeaderValue::try_from(format!("\"{name}\"")) else { return reply::not_found() };
    let is_kept = head.headers.get(IF_NONE_MATCH) == Some(&etag);
    headers.insert(ETAG, etag);
    if is_kept {
        return reply::whole(StatusCode::NOT_MODIFIED, headers, Body::empty());
    }
    if head.method == http::Method::HEAD {
        headers.insert(CONTENT_LENGTH, content.len().into());
        return reply::whole(StatusCode::OK, headers, Body::empty());
    }
    reply::whole(StatusCode::OK, headers, Body::Plain(content))
}

/// The digest that a name is, in its one spelling.
fn digest(name: &str) -> Option<B256> {
    let digest = (name.len() == 64).then(|| hex::decode(name).ok()).flatten()?;
    let digest = B256::try_from(digest.as_slice()).ok()?;
    (hex::encode(digest) == name).then_some(digest)
}

async fn content(pictures: &Pictures, digest: B256) -> Option<Bytes> {
    if let Some(content) = pictures.cache.get(&digest) {
        return Some(content);
    }
    let folder = pictures.folder.clone();
    let read = blocking(move || folder.read(&digest).map(Bytes::from).ok_or(Problem::Missing)).await;
    let content = read.ok()?;
    pictures.cache.put(digest, content.clone());
    Some(content)
}

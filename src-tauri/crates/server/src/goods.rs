use std::sync::Arc;

use bytes::Bytes;
use domain::Content;

use crate::cache::Cache;
use crate::content::{Checks, Problem, Published, Ready};
use crate::open_file::OpenFile;

/// What an item delivers once it is paid for.
#[derive(Debug)]
pub(crate) enum Goods {
    /// A file on this computer.
    File(Arc<Published>),
    /// A text out of the store.
    Text(Bytes),
}

/// Goods that are as they were published at this moment.
#[derive(Clone, Debug)]
pub(crate) enum Sound {
    /// The descriptor of the file.
    File(Arc<OpenFile>),
    /// All of it.
    Text(Bytes),
}

impl Goods {
    /// Their length.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::File(file) => file.bytes(),
            Self::Text(body) => body.len() as u64,
        }
    }

    /// Looks whether they may be sold now, and begins to read a file through when only that can tell.
    pub(crate) fn look(&self, checks: &Checks) -> Result<Sound, Problem> {
        match self {
            Self::File(file) => file.look(checks).map(Sound::File),
            Self::Text(body) => Ok(Sound::Text(body.clone())),
        }
    }

    /// The same, with a little patience for a file that is being read through.
    pub(crate) async fn sellable(&self, checks: &Checks) -> Result<Sound, Problem> {
        match self {
            Self::File(file) => file.sellable(checks).await.map(Sound::File),
            Self::Text(body) => Ok(Sound::Text(body.clone())),
        }
    }

    /// The goods as they were published, for those who paid for them, whatever stands in their place now.
    pub(crate) async fn owed(&self, checks: &Checks) -> Result<Sound, Problem> {
        match self {
            Self::File(file) => file.owed(checks).await.map(Sound::File),
            Self::Text(body) => Ok(Sound::Text(body.clone())),
        }
    }

    /// Makes them ready to leave.
    pub(crate) async fn ready(&self, sound: Sound, cache: &Cache) -> Result<Ready, Problem> {
        match (self, sound) {
            (Self::File(published), Sound::File(file)) => published.ready(file, cache).await,
            (Self::File(_) | Self::Text(_), Sound::Text(body)) => Ok(Ready::Small(body)),
            (Self::Text(_), Sound::File(_)) => Err(Problem::Changed),
        }
    }
}

impl Goods {
    /// The goods that an endpoint is as a whole. `held` are those at the same path before: a file that is still the same
    /// stays open.
    pub(crate) fn whole(content: &Content, held: Option<&Self>) -> Option<Self> {
        match content {
            Content::File(file) => Some(Self::File(Published::of(file, held))),
            Content::Text(text) => Some(Self::Text(Bytes::copy_from_slice(text.body.as_bytes()))),
            Content::Folder(_) | Content::Service(_) => None,
        }
    }
}

mod files;

use std::sync::Arc;

use bytes::Bytes;
use domain::{Content, Member, PublishedFile, Service, SoldAs};

use crate::archive::{Layout, OpenArchive};
use crate::cache::Cache;
use crate::content::{Checks, Problem, Published, Ready};
use crate::file_body::Source;
use crate::open_file::OpenFile;

pub(crate) use files::Files;

/// What an item delivers once it is paid for.
#[derive(Debug)]
pub(crate) enum Goods {
    /// A file on this computer.
    File(Arc<Published>),
    /// A text out of the store.
    Text(Bytes),
    /// A folder's files as one archive.
    Archive(Archive),
    /// What a program answers. It is asked, and there is nothing of it to look at before.
    Service(Arc<Service>),
}

/// An archive and the files it is made of.
#[derive(Debug)]
pub(crate) struct Archive {
    layout: Arc<Layout>,
    members: Vec<Arc<Published>>,
}

/// Goods that are as they were published at this moment.
#[derive(Clone, Debug)]
pub(crate) enum Sound {
    /// The descriptor of the file.
    File(Arc<OpenFile>),
    /// All of it.
    Text(Bytes),
    /// The descriptors of all files.
    Archive(OpenArchive),
}

impl Archive {
    fn of<'f>(members: &'f [Member], files: &mut Files<'f>) -> Self {
        let published = members.iter().map(|member| files.of(&member.file)).collect();
        Self { layout: Arc::new(Layout::of(members)), members: published }
    }

    fn of_files(&self, files: Vec<Arc<OpenFile>>) -> Sound {
        Sound::Archive(OpenArchive { layout: Arc::clone(&self.layout), files: files.into() })
    }
}

impl Goods {
    /// The goods that an endpoint is as a whole.
    pub(crate) fn whole<'f>(content: &'f Content, files: &mut Files<'f>) -> Option<Self> {
        match content {
            Content::File(file) => Some(Self::file(file, files)),
            Content::Text(text) => Some(Self::Text(Bytes::copy_from_slice(text.body.as_bytes()))),
            Content::Folder(folder) if folder.sold_as != SoldAs::Files => {
                Some(Self::Archive(Archive::of(&folder.members, files)))
            }
            Content::Folder(_) | Content::Service(_) => None,
        }
    }

    /// What a single file is.
    pub(crate) fn file<'f>(file: &'f PublishedFile, files: &mut Files<'f>) -> Self {
        Self::File(files.of(file))
    }

    /// What an earlier version of some content was, made of its files.
    pub(crate) fn earlier<'f>(
        content: &Content,
        members: &'f [Member],
        files: &mut Files<'f>,
    ) -> Option<Self> {
        match content {
            Content::Folder(folder) if folder.sold_as != SoldAs::Files => {
                Some(Self::Archive(Archive::of(members, files)))
            }
            Content::File(_) | Content::Folder(_) => Some(Self::file(&members.first()?.file, files)),
            Content::Text(_) | Content::Service(_) => None,
        }
    }

    fn files(&self) -> &[Arc<Published>] {
        match self {
            Self::File(file) => std::slice::from_ref(file),
            Self::Archive(archive) => &archive.members,
            Self::Text(_) | Self::Service(_) => &[],
        }
    }

    /// Their length.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::File(file) => file.bytes(),
            Self::Text(body) => body.len() as u64,
            Self::Archive(archive) => archive.layout.bytes(),
            Self::Service(_) => 0,
        }
    }

    /// Looks whether they may be sold now, and begins to read a file through when only that can tell.
    pub(crate) fn look(&self, checks: &Checks) -> Result<Sound, Problem> {
        match self {
            Self::File(file) => file.look(checks).map(Sound::File),
            Self::Text(body) => Ok(Sound::Text(body.clone())),
            Self::Service(_) => Ok(Sound::Text(Bytes::new())),
            Self::Archive(archive) => {
                // All are looked at, so that what has to be read through is begun with.
                let files: Vec<_> = archive.members.iter().map(|file| file.look(checks)).collect();
                files.into_iter().collect::<Result<_, _>>().map(|files| archive.of_files(files))
            }
        }
    }

    /// The same, with a little patience for a file that is being read through.
    pub(crate) async fn sellable(&self, checks: &Checks) -> Result<Sound, Problem> {
        match self {
            Self::File(file) => file.sellable(checks).await.map(Sound::File),
            Self::Text(body) => Ok(Sound::Text(body.clone())),
            Self::Service(_) => Ok(Sound::Text(Bytes::new())),
            Self::Archive(archive) => {
                let mut files = Vec::with_capacity(archive.members.len());
                for file in &archive.members {
                    files.push(file.sellable(checks).await?);
                }
                Ok(archive.of_files(files))
            }
        }
    }

    /// The goods as they were published, for those who paid for them, whatever stands in their place now.
    pub(crate) async fn owed(&self, checks: &Checks) -> Result<Sound, Problem> {
        match self {
            Self::File(file) => file.owed(checks).await.map(Sound::File),
            Self::Text(body) => Ok(Sound::Text(body.clone())),
            Self::Service(_) => Ok(Sound::Text(Bytes::new())),
            Self::Archive(archive) => {
                let mut files = Vec::with_capacity(archive.members.len());
                for file in &archive.members {
                    files.push(file.owed(checks).await?);
                }
                Ok(archive.of_files(files))
            }
        }
    }

    /// What is owed, ready to leave. Nobody looks at a file whose content is in memory.
    pub(crate) async fn owed_ready(&self, checks: &Checks, cache: &Cache) -> Result<Ready, Problem> {
        if let Self::File(file) = self
            && let Some(content) = file.kept(cache)
        {
            return Ok(Ready::Small(content));
        }
        self.ready(self.owed(checks).await?, cache).await
    }

    /// Makes them ready to leave.
    pub(crate) async fn ready(&self, sound: Sound, cache: &Cache) -> Result<Ready, Problem> {
        match (self, sound) {
            (Self::File(published), Sound::File(file)) => published.ready(file, cache).await,
            (_, Sound::Text(body)) => Ok(Ready::Small(body)),
            (_, Sound::Archive(archive)) => Ok(Ready::Large(Source::Archive(archive))),
            (Self::Text(_) | Self::Archive(_) | Self::Service(_), Sound::File(file)) => {
                Ok(Ready::Large(Source::File(file)))
            }
        }
    }
}

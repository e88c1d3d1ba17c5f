use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alloy_primitives::B256;
use bytes::Bytes;
use domain::PublishedFile;
use tokio::sync::{Notify, Semaphore, watch};

use crate::cache::Cache;
use crate::file_body::Source;
use crate::goods::Goods;
use crate::open_file::{Identity, OpenFile};

/// Files up to this length are kept in memory from the first time on.
pub(crate) const SMALL: u64 = 256 * 1024;

/// Files up to this length are kept in memory when they are asked for again and again.
const MIDDLING: u64 = 16 * 1024 * 1024;

/// How long a buyer waits for a file that is being read through before the sale.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a file cannot be sold or served as it was published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing is there.
    #[error("the file is missing")]
    Missing,
    /// It is not the file that was published, or somebody wrote to it.
    #[error("the file changed since it was published")]
    Changed,
    /// A symbolic link stands in its place.
    #[error("a symbolic link stands where the file should be")]
    SymbolicLink,
    /// A folder, a pipe or something else stands in its place.
    #[error("it is not a file")]
    NotAFile,
    /// Something else than a folder stands there.
    #[error("it is not a folder")]
    NotAFolder,
    /// Its name cannot be kept.
    #[error("its path is not valid Unicode")]
    NotUnicode,
    /// It is being read through, to see whether it is what was published.
    #[error("the file is being checked")]
    Checking,
    /// The system does not let it be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

impl Problem {
    pub(crate) fn unreadable(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Unreadable(error.to_string()),
        }
    }

    /// What a buyer is told: nothing about this computer.
    pub(crate) const fn sentence(&self) -> &'static str {
        match self {
            Self::Changed => "The file changed since it was published. Nothing was charged.",
            Self::Checking => "The file is being checked. Nothing was charged; try again in a moment.",
            Self::Missing
            | Self::SymbolicLink
            | Self::NotAFile
            | Self::NotAFolder
            | Self::NotUnicode
            | Self::Unreadable(_) => "The file cannot be read at the moment. Nothing was charged.",
        }
    }
}

/// A published file: where it is, what it must be, and the descriptor that was seen to be that.
///
/// New sales need the file at its path to be the one that is held open and to be untouched (T30).
/// Whenever it is not, the file at the path is read through again, so that a file that was put back
/// or merely touched sells on, and one that differs does not.
#[derive(Debug)]
pub(crate) struct Published {
    path: PathBuf,
    bytes: u64,
    sha256: B256,
    found: Mutex<Found>,
    checked: Notify,
}

#[derive(Debug, Default)]
struct Found {
    verified: Option<Arc<OpenFile>>,
    refused: Option<(Identity, Problem)>,
    checking: bool,
    /// What stood in the way of its sale when somebody looked last.
    told: Option<Problem>,
}

/// Reads files through, a few at a time, and tells when one is found to be sold no more, or again.
#[derive(Clone, Debug)]
pub(crate) struct Checks {
    turns: Arc<Semaphore>,
    news: watch::Sender<()>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(2)), news: watch::Sender::new(()) }
    }
}

impl Checks {
    /// Hears whenever a file changed its state.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Whether anybody would hear it.
    pub(crate) fn is_heard(&self) -> bool {
        self.news.receiver_count() > 0
    }
}

/// Content that can be delivered now.
#[derive(Clone, Debug)]
pub(crate) enum Ready {
    /// All of it.
    Small(Bytes),
    /// To be read while it is delivered.
    Large(Source),
}

impl Published {
    /// The file, kept open where it was held before.
    pub(crate) fn of(file: &PublishedFile, held: Option<&Goods>) -> Arc<Self> {
        match held {
            Some(Goods::File(held)) if held.is(file) => Arc::clone(held),
            Some(Goods::File(_) | Goods::Text(_) | Goods::Archive(_) | Goods::Service(_)) | None => {
                Arc::new(Self::new(file))
            }
        }
    }

    /// The same, where several were held.
    pub(crate) fn among(file: &PublishedFile, held: &[Arc<Self>]) -> Arc<Self> {
        let same = held.iter().find(|held| held.is(file));
        same.map_or_else(|| Arc::new(Self::new(file)), Arc::clone)
    }

    fn new(file: &PublishedFile) -> Self {
        Self {
            path: PathBuf::from(&file.path),
            bytes: file.bytes,
            sha256: file.sha256,
            found: Mutex::default(),
            checked: Notify::new(),
        }
    }

    /// Whether it is the same file with the same content.
    fn is(&self, file: &PublishedFile) -> bool {
        self.path.as_os_str() == file.path.as_str() && self.bytes == file.bytes && self.sha256 == file.sha256
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Looks whether the file may be sold now, and begins to read it through when only that can tell.
    pub(crate) fn look(self: &Arc<Self>, checks: &Checks) -> Result<Arc<OpenFile>, Problem> {
        let answer = self.see(checks);
        match &answer {
            Ok(_) => self.tell(None, checks),
            // Whatever it turns out to be is told then.
            Err(Problem::Checking) => {}
            Err(problem) => self.tell(Some(problem), checks),
        }
        answer
    }

    fn tell(&self, problem: Option<&Problem>, checks: &Checks) {
        let mut found = self.found();
        if found.told.as_ref() != problem {
            found.told = problem.cloned();
            drop(found);
            checks.news.send_replace(());
        }
    }

    fn see(self: &Arc<Self>, checks: &Checks) -> Result<Arc<OpenFile>, Problem> {
        let identity = Identity::at(&self.path)?;
        let mut found = self.found();
        if let Some(file) = found.verified.as_ref().filter(|file| file.identity() == identity) {
            return Ok(Arc::clone(file));
        }
        let answer = match &found.refused {
            Some((refused, problem)) if *refused == identity => problem.clone(),
            _ if identity.bytes() != self.bytes => return Err(Problem::Changed),
            _ => Problem::Checking,
        };
        // A file that could not be read may be readable again without looking any different.
        if !found.checking && matches!(answer, Problem::Checking | Problem::Unreadable(_)) {
            found.checking = true;
            drop(found);
            tokio::spawn(Arc::clone(self).check(identity, checks.clone()));
        }
        Err(answer)
    }

    /// The same, with a little patience for a file that is being read through.
    pub(crate) async fn sellable(self: &Arc<Self>, checks: &Checks) -> Result<Arc<OpenFile>, Problem> {
        match self.look(checks) {
            Err(Problem::Checking) => {}
            answer => return answer,
        }
        let looking = async {
            loop {
                let checked = self.checked.notified();
                tokio::pin!(checked);
                checked.as_mut().enable();
                match self.look(checks) {
                    Err(Problem::Checking) => checked.await,
                    answer => return answer,
                }
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.unwrap_or(Err(Problem::Checking))
    }

    /// The file as it was published, for those who paid for it, whatever stands at its path now.
    pub(crate) async fn owed(self: &Arc<Self>, checks: &Checks) -> Result<Arc<OpenFile>, Problem> {
        let held = self.found().verified.clone().filter(|file| file.is_unchanged());
        match held {
            Some(file) => Ok(file),
            None => self.sellable(checks).await,
        }
    }

    /// Makes the content ready to leave: out of memory what is small or much asked for, the rest from the descriptor.
    pub(crate) async fn ready(&self, file: Arc<OpenFile>, cache: &Cache) -> Result<Ready, Problem> {
        if let Some(content) = self.kept(cache) {
            return Ok(Ready::Small(content));
        }
        let (sha256, kept) = (self.sha256, cache.clone());
        let read = {
            let file = Arc::clone(&file);
            move || {
                let content = file.content(sha256)?;
                kept.put(sha256, content.clone());
                Ok(content)
            }
        };
        if self.bytes <= SMALL {
            return blocking(read).await.map(Ready::Small);
        }
        if self.bytes <= MIDDLING
            && let Some(turn) = cache.turn_to_read(&sha256, self.bytes)
        {
            // Nobody waits for it, and whoever reads it now learns of any problem from the descriptor.
            drop(tokio::task::spawn_blocking(move || {
                let _turn = turn;
                read()
            }));
        }
        Ok(Ready::Large(Source::File(file)))
    }

    /// The content, where it is in memory: what has its digest is what was published, whatever became of the file.
    pub(crate) fn kept(&self, cache: &Cache) -> Option<Bytes> {
        if self.bytes <= MIDDLING { cache.get(&self.sha256) } else { None }
    }

    async fn check(self: Arc<Self>, seen: Identity, checks: Checks) {
        let _turn = checks.turns.acquire().await;
        let (path, bytes, sha256) = (self.path.clone(), self.bytes, self.sha256);
        let answer = blocking(move || {
            let file = OpenFile::open(&path)?;
            if file.identity().bytes() == bytes && file.digest()? == sha256 {
                Ok(Arc::new(file))
            } else {
                Err(Problem::Changed)
            }
        })
        .await;
        let told = answer.as_ref().err().cloned();
        let mut found = self.found();
        found.checking = false;
        match answer {
            Ok(file) => {
                found.verified = Some(file);
                found.refused = None;
            }
            Err(problem) => {
                tracing::warn!(path = %self.path.display(), %problem, "a published file cannot be sold");
                found.refused = Some((seen, problem));
            }
        }
        drop(found);
        // Nobody may ask for it soon, and somebody may be looking at what was said before.
        self.tell(told.as_ref(), &checks);
        self.checked.notify_waiters();
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs file work where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(Problem::Unreadable(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use sha2::{Digest as _, Sha256};

    use super::*;

    fn published(path: &Path, content: &[u8]) -> Arc<Published> {
        Arc::new(Published::new(&PublishedFile {
            path: path.to_str().unwrap().to_owned(),
            file_name: "song".to_owned(),
            media_type: "audio/flac".to_owned(),
            bytes: content.len() as u64,
            sha256: B256::from_slice(&Sha256::digest(content)),
        }))
    }

    // T30
    #[tokio::test]
    async fn what_is_asked_for_again_comes_out_of_memory_whatever_becomes_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song");
        let content = vec![7; 1024 * 1024];
        fs::write(&path, &content).unwrap();
        let published = published(&path, &content);
        let goods = Goods::File(Arc::clone(&published));
        let (checks, cache) = (Checks::default(), Cache::new(2 * content.len()));
        let ready = async || goods.owed_ready(&checks, &cache).await.unwrap();
        for time in ["once", "again"] {
            assert!(matches!(ready().await, Ready::Large(_)), "{time}");
        }
        let kept = async {
            while published.kept(&cache).is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), kept).await.unwrap();
        fs::write(&path, "something else").unwrap();
        match ready().await {
            Ready::Small(kept) => assert!(kept == content, "other bytes came"),
            Ready::Large(_) => panic!("it was read from the file"),
        }
    }

    // I15
    #[test]
    fn however_many_ask_at_once_for_a_file_that_is_not_in_memory_it_is_read_as_a_whole_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song");
        let content = vec![7; 1024 * 1024];
        fs::write(&path, &content).unwrap();
        let published = published(&path, &content);
        let cache = Cache::new(2 * content.len());
        let file = Arc::new(OpenFile::open(&path).unwrap());
        let one_at_a_time = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .enable_all()
            .build()
            .unwrap();
        one_at_a_time.block_on(async {
            // Until this ends, no read begins.
            let (go, wait) = std::sync::mpsc::channel::<()>();
            let disk = tokio::task::spawn_blocking(move || wait.recv().unwrap());
            for _ in 0..500 {
                let ready = published.ready(Arc::clone(&file), &cache).await.unwrap();
                assert!(matches!(ready, Ready::Large(_)));
            }
            assert_eq!(Arc::strong_count(&file), 2, "ours, and that of whoever reads it");
            go.send(()).unwrap();
            disk.await.unwrap();
            blocking(|| Ok(())).await.unwrap();
            let ready = published.ready(Arc::clone(&file), &cache).await.unwrap();
            assert!(matches!(ready, Ready::Small(kept) if kept == content));
        });
    }
}

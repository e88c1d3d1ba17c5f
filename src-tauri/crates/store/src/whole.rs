//! Reads the data file from end to end, because a damaged one must not be sold from (T63): a small file before it is
//! used, a large one beside the work, on a connection of its own that rests again and again and ends when it is told to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};
use tokio::sync::Mutex;

use crate::{Store, StoreError, file, settings};

/// Up to this many bytes, log included, a file is read whole before it is used. A quick look at so many takes about a
/// twentieth of a second, a full one three times as long.
pub(crate) const AT_ONCE: u64 = 4 << 20;

/// The fact that a full look is owed, because the one that follows an unclean stop was not finished.
const OWED: &str = "full_look_owed";

/// After so many pages, or steps of a statement, a reading beside the work rests, and hears that it shall end.
const STEPS: i32 = 4000;

/// How long it rests. Most of the time it does nothing.
const REST: Duration = Duration::from_millis(1);

/// Pages that a reading keeps: a full look comes back to those of indexes.
const CACHE: &str = "-16384";

/// How closely is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Every page and row: as every start wants it.
    Quick,
    /// Also whether indexes are as their tables, and rows point at rows that exist: after an unclean stop.
    Full,
}

/// How closely a file must be looked at that was, or was not, closed in order.
pub(crate) async fn wanted(db: &mut SqliteConnection, was_left_open: bool) -> Result<Depth, StoreError> {
    let full = was_left_open
        || file::has_table(db, "meta").await? && settings::fact(db, OWED).await?.as_deref() == Some("1");
    Ok(if full { Depth::Full } else { Depth::Quick })
}

/// Keeps over a stop that the file was not looked at as closely as it must be, or that it was.
pub(crate) async fn note(db: &mut SqliteConnection, unread: Option<Depth>) -> Result<(), StoreError> {
    settings::set_fact(db, OWED, if unread == Some(Depth::Full) { "1" } else { "0" }).await
}

/// What lies beside a file that was found to be damaged, so that no start sells from it again before it was read.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".damaged");
    PathBuf::from(name)
}

/// Whether the file was found to be damaged when it was read beside the work.
pub(crate) fn was_found_damaged(path: &Path) -> bool {
    beside(path).exists()
}

/// It is whole, whatever was found before: another file took its place.
pub(crate) fn forget_damage(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(beside(path)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::file(&beside(path))(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Reads the whole file.
///
/// # Errors
/// [`StoreError::Damaged`] when it is not whole.
pub(crate) async fn look(db: &mut SqliteConnection, depth: Depth) -> Result<(), StoreError> {
    let rows = match depth {
        Depth::Quick => sqlx::query("pragma quick_check(1)").fetch_all(&mut *db).await,
        Depth::Full => sqlx::query("pragma integrity_check(1)").fetch_all(&mut *db).await,
    };
    let rows = rows.map_err(|error| StoreError::Damaged(error.to_string()))?;
    match rows.first().map(|row| row.try_get::<String, _>(0)).transpose()?.as_deref() {
        Some("ok") => {}
        found => return Err(StoreError::Damaged(found.unwrap_or("its check gave no answer").to_owned())),
    }
    if depth == Depth::Full
        && sqlx::query("pragma foreign_key_check").fetch_optional(&mut *db).await?.is_some()
    {
        return Err(StoreError::Damaged("rows point at rows that do not exist".to_owned()));
    }
    Ok(())
}

/// What a store has still to read of its file.
#[derive(Debug)]
pub(crate) struct Unread {
    depth: Option<Depth>,
    ended: AtomicBool,
    /// Held by the reading while its connection is open.
    at_work: Mutex<()>,
}

impl Unread {
    pub(crate) fn new(depth: Option<Depth>) -> Self {
        Self { depth, ended: AtomicBool::new(false), at_work: Mutex::default() }
    }

    /// Ends the reading, and returns when its connection is closed.
    pub(crate) async fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        drop(self.at_work.lock().await);
    }

    #[cfg(test)]
    pub(crate) fn is_at_work(&self) -> bool {
        self.at_work.try_lock().is_err()
    }

    async fn read(self: Arc<Self>, path: Arc<Path>, depth: Depth) -> Result<(), StoreError> {
        let _at_work = self.at_work.lock().await;
        if self.ended.load(Ordering::Relaxed) {
            return Err(StoreError::Closed);
        }
        let mut db = file::reading(&path).pragma("cache_size", CACHE).connect().await?;
        let unread = Arc::clone(&self);
        db.lock_handle().await?.set_progress_handler(STEPS, move || {
            // On the connection's own thread.
            std::thread::sleep(REST);
            !unread.ended.load(Ordering::Relaxed)
        });
        let found = look(&mut db, depth).await;
        drop(db.close().await);
        // What was broken off says nothing.
        if self.ended.load(Ordering::Relaxed) { Err(StoreError::Closed) } else { found }
    }
}

/// Ends the reading that nobody waits for any more.
struct EndsWith<'u>(&'u Unread);

impl Drop for EndsWith<'_> {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
    }
}

impl Store {
    /// Reads what was too large to be read when the file was opened, beside the work; at once done where nothing is
    /// left to read. Ends when the store is closed, or when nobody waits for it any more. What is found damaged is not
    /// opened again before it was read whole.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the file is not whole; [`StoreError::Closed`] when the reading was ended.
    pub async fn read_whole(&self) -> Result<(), StoreError> {
        let Some(depth) = self.unread.depth else { return Ok(()) };
        let ends = EndsWith(&self.unread);
        let reading = tokio::spawn(Arc::clone(&self.unread).read(Arc::clone(&self.path), depth));
        let found = reading.await.unwrap_or(Err(StoreError::Closed));
        drop(ends);
        match &found {
            Ok(()) => {
                self.writer.run(|db| Box::pin(async { Ok((note(db, None).await?, Vec::new())) })).await?;
            }
            Err(StoreError::Damaged(what)) => {
                if let Err(error) = std::fs::write(beside(&self.path), what) {
                    tracing::warn!(%error, "it could not be noted that the data file is damaged");
                }
            }
            Err(_) => {}
        }
        found
    }
}

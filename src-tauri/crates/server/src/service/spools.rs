use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use domain::PaymentId;
use store::Store;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::content::{Problem, blocking};
use crate::service::upstreams::Failure;

/// The files in which long answers wait until their money has come, each named by its payment, so that they are found
/// again when settling takes long or the app was started anew. One is removed when it was delivered or nobody can claim
/// it any more. A clone is a handle to the same files.
#[derive(Clone, Debug)]
pub(crate) struct Spools(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// How many bytes there is room for, and how many are taken.
    room: u64,
    taken: AtomicU64,
}

/// A file that is being written; gone when it is dropped before it is [done](Self::done).
pub(crate) struct Writing {
    spools: Spools,
    payment: PaymentId,
    file: Option<File>,
    bytes: u64,
}

/// An answer in a file, and how much of it is left to be handed over. When nothing is left, its file goes.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) file: File,
    pub(crate) left: u64,
    spools: Spools,
    payment: PaymentId,
}

impl Spools {
    /// What lies in the folder already takes room.
    pub(crate) fn new(folder: PathBuf, room: u64) -> Self {
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        let taken = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
        Self(Arc::new(Inner { folder, room, taken: AtomicU64::new(taken) }))
    }

    fn path(&self, payment: PaymentId) -> PathBuf {
        self.0.folder.join(payment.to_string())
    }

    /// Begins the file of a payment.
    pub(crate) async fn begin(&self, payment: PaymentId) -> Result<Writing, Failure> {
        let (folder, path) = (self.0.folder.clone(), self.path(payment));
        let created = blocking(move || created(&folder, &path).map_err(|error| Problem::unreadable(&error)));
        let file = created.await.map_err(|problem| unkept(&problem))?;
        Ok(Writing { spools: self.clone(), payment, file: Some(File::from_std(file)), bytes: 0 })
    }

    /// The answer to a payment. [`Missing`](Problem::Missing) or [`Changed`](Problem::Changed) when it is not there whole
    /// and never will be.
    pub(crate) async fn open(&self, payment: PaymentId, bytes: u64) -> Result<Spooled, Problem> {
        let opened = async {
            let file = File::open(self.path(payment)).await?;
            let length = file.metadata().await?.len();
            Ok((file, length))
        };
        let (file, length) = opened.await.map_err(|error: io::Error| Problem::unreadable(&error))?;
        if length != bytes {
            return Err(Problem::Changed);
        }
        Ok(Spooled { file, left: bytes, spools: self.clone(), payment })
    }

    /// Removes the file of a payment unless somebody may still want it.
    pub(crate) async fn look_at(&self, store: &Store, payment: PaymentId, now: DateTime<Utc>) {
        match store.is_answer_wanted(payment, now).await {
            Ok(true) => {}
            Ok(false) => self.remove(payment),
            Err(error) => tracing::warn!(%error, "an answer that waits could not be looked up"),
        }
    }

    /// Removes all that nobody wants any more.
    pub(crate) async fn clear(&self, store: &Store, now: DateTime<Utc>) {
        let folder = self.0.folder.clone();
        let named = blocking(move || {
            let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.file_name());
            Ok(names.filter_map(|name| name.to_str()?.parse().ok()).collect::<Vec<PaymentId>>())
        });
        for payment in named.await.unwrap_or_default() {
            self.look_at(store, payment, now).await;
        }
    }

    fn remove(&self, payment: PaymentId) {
        let path = self.path(payment);
        let Ok(file) = fs::metadata(&path) else { return };
        // Who delivers it at the same time may have been here before.
        if fs::remove_file(&path).is_ok() {
            self.0.taken.fetch_sub(file.len(), Ordering::Relaxed);
        }
    }

    fn take(&self, bytes: u64) -> Result<(), Failure> {
        let fits = |taken: u64| taken.checked_add(bytes).filter(|taken| *taken <= self.0.room);
        match self.0.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::NoRoom),
        }
    }
}

impl Writing {
    pub(crate) async fn write(&mut self, data: &[u8]) -> Result<(), Failure> {
        self.spools.take(data.len() as u64)?;
        self.bytes += data.len() as u64;
        let Some(file) = &mut self.file else { return Err(Failure::NoRoom) };
        file.write_all(data).await.map_err(|error| unkept(&Problem::unreadable(&error)))
    }

    /// All of it is there, and stays there whatever happens to the computer.
    pub(crate) async fn done(mut self) -> Result<Spooled, Failure> {
        let Some(mut file) = self.file.take() else { return Err(Failure::NoRoom) };
        let folder = self.spools.0.folder.clone();
        let durable = async {
            file.flush().await?;
            file.sync_all().await?;
            tokio::task::spawn_blocking(move || sync(&folder)).await.map_err(io::Error::other)??;
            file.rewind().await
        };
        if let Err(error) = durable.await {
            self.file = Some(file);
            return Err(unkept(&Problem::unreadable(&error)));
        }
        let (spools, payment) = (self.spools.clone(), self.payment);
        Ok(Spooled { file, left: self.bytes, spools, payment })
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            drop(fs::remove_file(self.spools.path(self.payment)));
            self.spools.0.taken.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if self.left == 0 {
            self.spools.remove(self.payment);
        }
    }
}

fn unkept(problem: &Problem) -> Failure {
    tracing::warn!(%problem, "a service's answer could not be kept until it is paid for");
    Failure::NoRoom
}

/// Nobody else on this computer may read what buyers paid for.
#[cfg(unix)]
fn created(folder: &Path, path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn created(folder: &Path, path: &Path) -> io::Result<fs::File> {
    fs::create_dir_all(folder)?;
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

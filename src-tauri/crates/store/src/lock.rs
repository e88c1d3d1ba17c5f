use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// The ownership of a data folder: one program at a time (T66). Given up when it is dropped, when that is said, or
/// when the program ends in whatever way.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
    folder: PathBuf,
}

impl FolderLock {
    /// Makes the folder, readable by its owner only, and takes it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another program owns it.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(StoreError::file(folder))?;
        let path = folder.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(StoreError::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, folder: folder.to_owned() }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(StoreError::file(&path)(error)),
        }
    }

    /// Lets another one own the folder, also while this is still held somewhere.
    ///
    /// # Errors
    /// When the system does not let go of it.
    pub fn give_up(&self) -> Result<(), StoreError> {
        self.file.unlock().map_err(StoreError::file(&self.folder))
    }

    /// The folder that is owned.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

use std::io;
use std::path::{Path, PathBuf};

/// Why a backup cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The passphrase does not open it.
    #[error("that is not the passphrase of this backup")]
    WrongPassphrase,
    /// It is no backup, or not a whole one.
    #[error("{} is no whole backup: {why}", .path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A later version of the product made it.
    #[error("this backup was made by a later version ({0}); update first")]
    Newer(String),
    /// A name that a data folder does not have.
    #[error("{0:?} is no name of a file in a data folder")]
    Name(String),
}

impl BackupError {
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::File { path: path.to_owned(), error }
    }

    pub(crate) fn damaged(path: &Path, why: impl ToString) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.to_string() }
    }
}

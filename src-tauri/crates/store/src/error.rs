use std::path::PathBuf;
use std::sync::Arc;

/// Why something could not be remembered or recalled. Nothing was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the data file could not be used: {0}")]
    Database(Arc<sqlx::Error>),
    /// A row holds something that no version of this program writes.
    #[error("the data file holds an impossible value in {table}.{column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The data file failed its check.
    #[error("the data file is damaged: {0}")]
    Damaged(String),
    /// The file's schema is newer than this program.
    #[error("the data file was written by a newer version of Stallkeeper")]
    Newer,
    /// Another program owns the data folder.
    #[error("another Stallkeeper is using the data folder {}", .0.display())]
    InUse(PathBuf),
    /// The folder or file cannot be used.
    #[error("{} cannot be used: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: Arc<std::io::Error>,
    },
    /// There is no such row.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The request contradicts what is stored.
    #[error("{0}")]
    Conflict(String),
    /// The store was closed.
    #[error("the data file is closed")]
    Closed,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_CORRUPT and SQLITE_NOTADB in the low byte, whatever the extended code adds.
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
        match code.map(|code| code & 0xff) {
            Some(11 | 26) => Self::Damaged(error.to_string()),
            _ => Self::Database(Arc::new(error)),
        }
    }
}

impl StoreError {
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::File { path: path.to_owned(), error: Arc::new(error) }
    }
}

use std::io;
use std::path::{Path, PathBuf};

/// Why the practice chain could not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// A file or folder of ours could not be read or written.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The practice resources are missing or not what they should be.
    #[error("the practice resources in {} are not usable: {what}", folder.display())]
    Resources {
        /// The folder that was looked at.
        folder: PathBuf,
        /// What is wrong there.
        what: String,
    },
    /// The kept keys cannot be read as keys.
    #[error("{} does not hold the keys of a practice chain", .0.display())]
    Keys(PathBuf),
    /// The node did not start, or ended while it was needed.
    #[error("the practice node is not running: {0}")]
    Node(String),
    /// The node refused a request or did not answer it.
    #[error("the practice node did not do {method}: {what}")]
    Request {
        /// The JSON-RPC method.
        method: &'static str,
        /// The node's words, or those of the connection.
        what: String,
    },
    /// A practice transaction was refused by the contract it called.
    #[error("the practice chain refused transaction {0}")]
    Refused(alloy_primitives::B256),
    /// Something did not happen in the time it normally takes.
    #[error("the practice chain took too long to {0}")]
    TimedOut(&'static str),
    /// A key could not sign.
    #[error("a practice key could not sign: {0}")]
    Sign(#[from] alloy::signers::Error),
}

impl PracticeError {
    /// Names the file that a system error was about.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

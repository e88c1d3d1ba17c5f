use std::io;
use std::path::{Path, PathBuf};

use alloy_primitives::Address;

/// Why a key could not be made, unlocked, kept or used. Never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// The passphrase does not unlock the key file.
    #[error("the passphrase does not open {}", .0.display())]
    WrongPassphrase(PathBuf),
    /// The file is not a key file that can be read.
    #[error("{} is not a key file: {why}", .path.display())]
    NotAKeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is a key already, which must not be lost.
    #[error("{} already holds a key", .0.display())]
    Exists(PathBuf),
    /// The file could not be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are no key: zero, or not below the curve's order.
    #[error("these bytes are no key")]
    NotAKey,
    /// The text is nothing that a facilitator would know its customer by.
    #[error("this is no secret of that kind: {0}")]
    NotACredential(&'static str),
    /// The key is locked away.
    #[error("it is locked")]
    Locked,
    /// The key file is encrypted and no passphrase was given.
    #[error("{} is encrypted; its passphrase is needed", .0.display())]
    NeedsPassphrase(PathBuf),
    /// What was unlocked is not the key that was locked.
    #[error("the key that was found belongs to {found} and not to {wanted}")]
    AnotherKey {
        /// Whose key was locked.
        wanted: Address,
        /// Whose key was found in its place.
        found: Address,
    },
    /// The operating system's key store cannot be used.
    #[error("this computer's key store cannot be used: {0}")]
    SystemStore(String),
    /// The cryptography itself failed, which no input is known to cause.
    #[error("the key could not be used to {0}")]
    Cryptography(&'static str),
}

impl WalletError {
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

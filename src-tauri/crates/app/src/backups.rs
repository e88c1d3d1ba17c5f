//! Backups: what of a data folder goes into one, how it is put back, and the ones that are made by themselves.
//!
//! A backup holds every environment's data file, keys and pictures. The goods stay where they are, as they do in a
//! stall; so do `config.toml` and programs that the seller brought, which belong to this computer.

mod gather;
mod planned;

use std::path::Path;

use ::backup::BackupError;
use chrono::{DateTime, Utc};

pub(crate) use gather::{contents, forget_broken_off, make};
pub use planned::Every;
pub(crate) use planned::{Plan, follow, made_at, problem};

use crate::error::sentence;
use crate::{ApiError, ErrorCode};

impl From<BackupError> for ApiError {
    fn from(error: BackupError) -> Self {
        let code = match &error {
            BackupError::File { error, .. } if error.kind() == std::io::ErrorKind::AlreadyExists => {
                ErrorCode::Conflict
            }
            BackupError::File { .. } | BackupError::Damaged { .. } => ErrorCode::File,
            BackupError::WrongPassphrase | BackupError::Newer(_) | BackupError::Name(_) => {
                ErrorCode::InvalidRequest
            }
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

/// Lets a backup that waits take the place of what is there, before anything of it is opened.
pub(crate) fn put_in_place(data_dir: &Path, now: DateTime<Utc>) -> Result<(), ApiError> {
    if let Some(aside) = ::backup::put_in_place(data_dir, now)? {
        tracing::warn!(aside = %aside.display(), "a backup was put back; what was there is kept aside");
    }
    Ok(())
}

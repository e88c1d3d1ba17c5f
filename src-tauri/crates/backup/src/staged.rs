//! A backup is put back in two steps, so that no crash leaves half of it: everything is read and written beside what is
//! there, and takes its place at the next start, before anything is opened.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::Environment;
use secrecy::SecretString;

use crate::pack::{MANIFEST, sync_folder};
use crate::unpack::unpack;
use crate::{BackupError, Manifest};

/// Where a backup waits; only what is under its whole name is complete.
const STAGED: &str = "restore";
const DRAFT: &str = "restore.part";

/// Reads a backup and lets it wait for the next start. What waited before gives way.
///
/// # Errors
/// As [`unpack`]; nothing has changed then.
pub fn stage(file: &Path, passphrase: &SecretString, data_dir: &Path) -> Result<Manifest, BackupError> {
    let (draft, staged) = (data_dir.join(DRAFT), data_dir.join(STAGED));
    remove(&draft)?;
    let kept = unpack(file, passphrase, &draft).and_then(|manifest| {
        let text = serde_json::to_vec(&manifest).map_err(|error| BackupError::file(&draft)(error.into()))?;
        let place = draft.join(MANIFEST);
        fs::create_dir_all(&draft).map_err(BackupError::file(&draft))?;
        // Only with it is what waits complete.
        let mut file = File::create(&place).map_err(BackupError::file(&place))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(BackupError::file(&place))?;
        sync_folder(&place)?;
        remove(&staged)?;
        fs::rename(&draft, &staged).map_err(BackupError::file(&staged))?;
        sync_folder(&staged)?;
        Ok(manifest)
    });
    if kept.is_err() {
        remove(&draft)?;
    }
    kept
}

/// What waits for the next start.
///
/// # Errors
/// When it cannot be read.
pub fn staged(data_dir: &Path) -> Result<Option<Manifest>, BackupError> {
    let place = data_dir.join(STAGED).join(MANIFEST);
    match fs::read(&place) {
        Ok(text) => {
            serde_json::from_slice(&text).map(Some).map_err(|error| BackupError::damaged(&place, error))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(BackupError::file(&place)(error)),
    }
}

/// Lets the next start be like any other. True if anything waited.
///
/// # Errors
/// When it cannot be removed.
pub fn unstage(data_dir: &Path) -> Result<bool, BackupError> {
    let waited = data_dir.join(STAGED).exists();
    remove(&data_dir.join(STAGED))?;
    remove(&data_dir.join(DRAFT))?;
    Ok(waited)
}

/// Lets what waits take the place of what is there, for whoever owns the folder and has opened nothing in it. What was
/// there is put aside in a folder of its own, never deleted; broken off at any point, the next call goes on. Answers
/// with that folder, if anything waited.
///
/// # Errors
/// When a file cannot be moved.
pub fn put_in_place(data_dir: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>, BackupError> {
    let staged = data_dir.join(STAGED);
    if !staged.join(MANIFEST).exists() {
        return Ok(None);
    }
    let aside = data_dir.join(format!("replaced-{}", now.format("%Y%m%dT%H%M%SZ")));
    fs::create_dir_all(&aside).map_err(BackupError::file(&aside))?;
    for name in Environment::ALL.map(Environment::as_str) {
        let (new, old) = (staged.join(name), data_dir.join(name));
        if !new.exists() {
            continue;
        }
        if old.exists() {
            fs::rename(&old, aside.join(name)).map_err(BackupError::file(&old))?;
        }
        fs::rename(&new, &old).map_err(BackupError::file(&old))?;
        sync_folder(&old)?;
    }
    remove(&staged)?;
    Ok(Some(aside))
}

fn remove(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(BackupError::file(folder)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

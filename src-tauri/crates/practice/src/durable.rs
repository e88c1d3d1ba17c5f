//! Files that are whole after a power cut: written beside, synced, renamed, and the folder synced.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::PracticeError;

/// Puts `contents` at `path`. Whoever reads the path sees the old file or the whole new one, also after a crash.
/// Nobody but the owner may read it.
///
/// # Errors
/// [`PracticeError::File`]; the old file then still stands.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> Result<(), PracticeError> {
    let beside = with_suffix(path, ".new");
    let write = || {
        let mut file = private().open(&beside)?;
        file.write_all(contents)?;
        file.sync_all()
    };
    write().map_err(PracticeError::file(&beside))?;
    std::fs::rename(&beside, path).map_err(PracticeError::file(path))?;
    match path.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Makes renames and removals in `folder` durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), PracticeError> {
    // Other systems neither need nor allow opening a folder for this.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(PracticeError::file(folder))?;
    }
    Ok(())
}

/// Options that create a file only its owner can read.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The path with `suffix` after its file name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(suffix);
    path.with_file_name(name)
}

//! The files that the person chose to save to. Only these are shown in their folder: a path that came
//! from elsewhere could lead anywhere, also to another computer.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What was chosen since the program began.
#[derive(Default)]
pub(crate) struct Saved(Mutex<HashSet<PathBuf>>);

impl Saved {
    pub(crate) fn note(&self, path: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.into());
    }

    pub(crate) fn knows(&self, path: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }
}

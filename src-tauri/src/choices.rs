//! What the seller chose for this computer. It is kept beside the environments and not in one of them, because it is
//! the same for all, and has to be known before any data file is open.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use app::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};

const FILE: &str = "this-computer.json";

/// When this computer is kept from falling asleep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeepAwake {
    Never,
    /// While somebody receives what they paid for.
    #[default]
    Delivering,
    /// While the stall is open for sales.
    Selling,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Choices {
    /// Whether closing the window leaves the stall open, where a tray can bring the window back.
    pub(crate) close_to_tray: bool,
    /// Whether a newer version is looked for each day. Not unless the seller says so: it asks somebody else.
    pub(crate) look_daily: bool,
    pub(crate) keep_awake: KeepAwake,
    /// Whether the seller was told that the window went into the tray.
    pub(crate) told_of_tray: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self { close_to_tray: true, look_daily: false, keep_awake: KeepAwake::default(), told_of_tray: false }
    }
}

/// The choices and the file that keeps them.
pub(crate) struct Kept {
    file: Option<PathBuf>,
    now: Mutex<Choices>,
}

impl Kept {
    /// Those of a data folder. What cannot be read was never chosen.
    pub(crate) fn of(data_dir: Option<&Path>) -> Self {
        let file = data_dir.map(|folder| folder.join(FILE));
        let text = file.as_ref().and_then(|file| std::fs::read(file).ok());
        let now = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Self { file, now: Mutex::new(now) }
    }

    pub(crate) fn get(&self) -> Choices {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes them; nothing has changed when it cannot be kept.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Choices)) -> Result<(), ApiError> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wanted = now.clone();
        change(&mut wanted);
        if wanted != *now {
            if let Some(file) = &self.file {
                write(file, &wanted).map_err(|error| {
                    ApiError::new(ErrorCode::File, format!("{}: {error}.", file.display()))
                })?;
            }
            *now = wanted;
        }
        Ok(())
    }
}

/// Whole or not at all.
fn write(file: &Path, choices: &Choices) -> std::io::Result<()> {
    let beside = file.with_extension("next.json");
    if let Some(folder) = file.parent() {
        make_private(folder)?;
    }
    let mut next = std::fs::File::create(&beside)?;
    next.write_all(&serde_json::to_vec_pretty(choices)?)?;
    next.sync_all()?;
    std::fs::rename(beside, file)
}

/// Makes a folder that is its owner's alone, unless it is there.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_there_at_the_next_start_and_nonsense_was_never_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let kept = Kept::of(Some(&data));
        assert_eq!(kept.get(), Choices::default());
        kept.change(|choices| choices.keep_awake = KeepAwake::Selling).unwrap();
        let again = Kept::of(Some(&data)).get();
        assert_eq!(again, Choices { keep_awake: KeepAwake::Selling, ..Choices::default() });
        std::fs::write(data.join(FILE), "{ \"lookDaily\": 7").unwrap();
        assert_eq!(Kept::of(Some(&data)).get(), Choices::default());
        std::fs::write(data.join(FILE), "{ \"lookDaily\": true }").unwrap();
        assert_eq!(Kept::of(Some(&data)).get(), Choices { look_daily: true, ..Choices::default() });
    }

    #[test]
    fn what_cannot_be_kept_does_not_change() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("file");
        std::fs::write(&in_the_way, "").unwrap();
        let kept = Kept::of(Some(&in_the_way));
        assert_eq!(kept.change(|choices| choices.look_daily = true).unwrap_err().code, ErrorCode::File);
        assert!(!kept.get().look_daily);
    }
}

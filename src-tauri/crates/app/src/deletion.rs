//! Deletes all that one environment has, at the next start and before anything of it is opened, so that no crash leaves
//! half of it. Keys that hold money stay unless the seller says so by a word of its own, and what backups put aside stays
//! where it is. The folder first gets another name: only what is under that one is ever deleted, and until nothing of it
//! is left the environment stays closed and the deletion cannot be taken back.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::iter;
use std::path::{Path, PathBuf};

use ::wallet::SystemStore;
use domain::Environment;
use serde::{Deserialize, Serialize};

use crate::folder::EnvironmentFolder;
use crate::keys::system_key;
use crate::{ApiError, ErrorCode};

/// Where it is written down what the next start deletes.
const WANTED: &str = "delete-next.json";

/// What the next start deletes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deletion {
    pub(crate) environment: Environment,
    /// Whether the gas wallet's key goes too.
    pub(crate) keys: bool,
    /// How many payments there were when it was asked for; none when the data file could not be read.
    pub(crate) payments: Option<u64>,
    /// Why it was not done.
    pub(crate) problem: Option<String>,
    /// Whether the folder has got its other name, or was about to.
    #[serde(default)]
    pub(crate) begun: bool,
}

/// What the next start deletes, if anything.
pub(crate) fn wanted(data_dir: &Path) -> Result<Option<Deletion>, ApiError> {
    let place = data_dir.join(WANTED);
    match fs::read(&place) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| ApiError::new(ErrorCode::File, format!("{}: {error}.", place.display()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&place)(error)),
    }
}

/// Lets the next start delete it, unless it is deleting something already.
pub(crate) fn want(data_dir: &Path, deletion: &Deletion) -> Result<(), ApiError> {
    must_not_have_begun(data_dir)?;
    note(data_dir, deletion)
}

fn note(data_dir: &Path, deletion: &Deletion) -> Result<(), ApiError> {
    let (place, draft) = (data_dir.join(WANTED), data_dir.join(format!("{WANTED}.part")));
    let text = serde_json::to_vec(deletion)
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
    let written = fs::File::create(&draft).and_then(|mut file| {
        std::io::Write::write_all(&mut file, &text)?;
        file.sync_all()
    });
    written.map_err(failed(&draft))?;
    fs::rename(&draft, &place).map_err(failed(&place))?;
    sync(data_dir);
    Ok(())
}

/// Lets the next start delete nothing.
pub(crate) fn spare(data_dir: &Path) -> Result<(), ApiError> {
    must_not_have_begun(data_dir)?;
    forget(data_dir)
}

fn forget(data_dir: &Path) -> Result<(), ApiError> {
    let place = data_dir.join(WANTED);
    match fs::remove_file(&place) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(&place)(error)),
        Ok(()) | Err(_) => {}
    }
    sync(data_dir);
    Ok(())
}

/// What was spared or put in its place is so after a loss of power too.
fn sync(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = fs::File::open(folder)
    {
        // Not every system can do it; the names are there all the same.
        drop(folder.sync_all());
    }
}

/// Whether an environment is being deleted: what is left of it lies under another name.
fn has_begun(data_dir: &Path, environment: Environment) -> bool {
    doomed(&data_dir.join(environment.as_str())).exists()
        && match wanted(data_dir) {
            Ok(deletion) => deletion.is_some_and(|one| one.begun && one.environment == environment),
            // Nobody can tell any more.
            Err(_) => true,
        }
}

fn must_not_have_begun(data_dir: &Path) -> Result<(), ApiError> {
    match Environment::ALL.into_iter().find(|environment| has_begun(data_dir, *environment)) {
        Some(environment) => Err(ApiError::new(
            ErrorCode::Conflict,
            format!(
                "Deleting {environment} has begun and cannot be taken back. The next start goes on with it."
            ),
        )),
        None => Ok(()),
    }
}

/// An environment that is being deleted is not opened: its keys may not be back in their place.
pub(crate) fn may_open(data_dir: &Path, environment: Environment) -> Result<(), ApiError> {
    if !has_begun(data_dir, environment) {
        return Ok(());
    }
    let problem = match wanted(data_dir) {
        Ok(deletion) => deletion.and_then(|deletion| deletion.problem),
        Err(error) => Some(error.message),
    };
    let why = problem.map_or_else(
        || "Start the stall, which ends it.".to_owned(),
        |problem| format!("It cannot go on: {problem} Mend that and start again; other environments open."),
    );
    Err(ApiError::new(ErrorCode::File, format!("Deleting {environment} has begun. {why}")))
}

/// Deletes what the seller wanted deleted, for whoever owns the folder and has opened nothing in it. Broken off at any
/// point, the next start goes on. What was sold since then is not deleted. Whatever cannot be deleted keeps nobody from
/// selling: it is written down why, and the next start tries again.
pub(crate) async fn carry_out(data_dir: &Path) {
    let mut deletion = match wanted(data_dir) {
        Ok(Some(deletion)) => deletion,
        Ok(None) => {
            for environment in Environment::ALL {
                // Nothing is left in it when it ends; a crash may leave the folder.
                drop(fs::remove_dir(doomed(&data_dir.join(environment.as_str()))));
            }
            return;
        }
        Err(error) => {
            tracing::warn!(error = %error.message, "nobody can tell what was to be deleted");
            return;
        }
    };
    let environment = deletion.environment;
    if let Err(error) = delete(data_dir, &mut deletion).await {
        tracing::warn!(%environment, error = %error.message, "an environment was not deleted");
        if let Err(error) = note(data_dir, &Deletion { problem: Some(error.message), ..deletion }) {
            tracing::warn!(error = %error.message, "nor could it be written down why");
        }
    }
}

async fn delete(data_dir: &Path, deletion: &mut Deletion) -> Result<(), ApiError> {
    let Deletion { environment, keys, .. } = *deletion;
    let folder = data_dir.join(environment.as_str());
    let doomed = doomed(&folder);
    if !(deletion.begun && doomed.exists()) {
        must_not_be_a_link(&folder)?;
        must_hold_no_more(data_dir, deletion).await?;
        if doomed.exists() {
            // Of an earlier deletion that was never ended.
            erase(&folder, &doomed, environment, keys)?;
            fs::remove_dir(&doomed).map_err(failed(&doomed))?;
        }
        if !folder.exists() {
            return forget(data_dir);
        }
        deletion.begun = true;
        note(data_dir, deletion)?;
        if let Err(error) = fs::rename(&folder, &doomed) {
            deletion.begun = false;
            return Err(failed(&folder)(error));
        }
        sync(data_dir);
    }
    erase(&folder, &doomed, environment, keys)?;
    forget(data_dir)?;
    // Last of all: as long as it is there, whatever has its old name is newer.
    drop(fs::remove_dir(&doomed));
    tracing::warn!(%environment, keys, "all that this environment had was deleted, as the seller wanted");
    Ok(())
}

fn doomed(folder: &Path) -> PathBuf {
    folder.with_extension("deleted")
}

/// Only the link would be deleted, and nothing that it leads to.
pub(crate) fn must_not_be_a_link(folder: &Path) -> Result<(), ApiError> {
    if !folder.is_symlink() {
        return Ok(());
    }
    let message = format!(
        "Nothing is deleted: {} is a link to another folder. Put that folder in its place first.",
        folder.display()
    );
    Err(ApiError::new(ErrorCode::Conflict, message))
}

/// What was sold since it was asked for was never meant.
async fn must_hold_no_more(data_dir: &Path, deletion: &Deletion) -> Result<(), ApiError> {
    let Deletion { environment, payments, .. } = deletion;
    let Some(existing) = EnvironmentFolder::existing(data_dir, *environment) else { return Ok(()) };
    let sold = match store::at_rest(&existing.database()).await {
        Ok(held) => held.payments.saturating_sub(payments.unwrap_or_default()),
        // It could not be read when it was asked for either.
        Err(_) if payments.is_none() => 0,
        Err(error) => return Err(error.into()),
    };
    if sold == 0 {
        return Ok(());
    }
    let message = format!(
        "Nothing was deleted: {sold} more were sold in {environment} after it was asked for. Ask again."
    );
    Err(ApiError::new(ErrorCode::Conflict, message))
}

/// Deletes all that is in a doomed folder but for the keys that hold money, unless those go too.
fn erase(folder: &Path, doomed: &Path, environment: Environment, keys: bool) -> Result<(), ApiError> {
    must_not_be_a_link(doomed)?;
    if keys {
        forget_system_keys(doomed, environment, |name| {
            SystemStore::open()
                .and_then(|store| store.forget_credential(name))
                .map_err(|error| error.to_string())
        });
    } else {
        take_keys_out(folder, doomed)?;
    }
    for entry in fs::read_dir(doomed).map_err(failed(doomed))? {
        let entry = entry.map_err(failed(doomed))?;
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(failed(&path))?;
    }
    sync(doomed);
    Ok(())
}

/// Puts the keys that hold money back where they were; a name that is taken by now is left alone.
fn take_keys_out(folder: &Path, doomed: &Path) -> Result<(), ApiError> {
    for entry in fs::read_dir(doomed).map_err(failed(doomed))? {
        let entry = entry.map_err(failed(doomed))?;
        if !entry.file_name().to_str().is_some_and(holds_money) {
            continue;
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(failed(folder))?;
        let place = free_place(folder, &entry.file_name());
        fs::rename(entry.path(), &place).map_err(failed(&place))?;
    }
    sync(folder);
    if let Some(data_dir) = folder.parent() {
        sync(data_dir);
    }
    Ok(())
}

/// The name itself, or where something has it already, the same with a number.
fn free_place(folder: &Path, name: &OsStr) -> PathBuf {
    let place = folder.join(name);
    let stem = place.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let end = place.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
    let numbered = (2_u32..).map(|number| folder.join(format!("{stem}-{number}{end}")));
    let free = iter::once(place.clone()).chain(numbered).find(|place| place.symlink_metadata().is_err());
    free.unwrap_or(place)
}

/// Whether a file of that name holds a gas wallet's key, or says where it is; also one that was put aside.
pub(crate) fn holds_money(name: &str) -> bool {
    name.starts_with("gas-key") || name.starts_with("practice-gas-key")
}

/// Takes the keys out of this computer's own store, also those that were put aside there.
fn forget_system_keys(
    doomed: &Path,
    environment: Environment,
    mut forget: impl FnMut(&str) -> Result<(), String>,
) {
    for entry in fs::read_dir(doomed).into_iter().flatten().flatten() {
        if !entry.file_name().to_str().is_some_and(is_system_note) {
            continue;
        }
        if let Ok((_, name)) = system_key(&entry.path(), environment)
            && let Err(error) = forget(&name)
        {
            tracing::warn!(error, "a key stays in this computer's own store");
        }
    }
}

fn is_system_note(name: &str) -> bool {
    name.starts_with("gas-key-in-system") && name.ends_with(".json")
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ApiError {
    move |error| ApiError::new(ErrorCode::File, format!("{}: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED_OF_LIVE: Deletion = Deletion {
        environment: Environment::Live,
        keys: false,
        payments: Some(0),
        problem: None,
        begun: false,
    };

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A live environment with keys and books.
    fn live(data: &Path) -> PathBuf {
        let folder = data.join("live");
        fs::create_dir_all(folder.join("pictures")).unwrap();
        for file in ["stall.sqlite-shm", "receipt-key.hex", "gas-key.json", "gas-key-0x55.json", "pictures/1"]
        {
            fs::write(folder.join(file), file).unwrap();
        }
        folder
    }

    /// Whatever was done before a crash, the next start ends it, and keys that hold money are there at the end.
    #[tokio::test]
    async fn a_deletion_that_was_broken_off_goes_on_and_keys_stay() {
        for (name, broken_off) in [
            ("before anything", (false, false)),
            ("after the folder got its last name", (true, false)),
            ("after its keys were taken out", (true, true)),
        ] {
            let data = tempfile::tempdir().unwrap();
            let folder = live(data.path());
            note(data.path(), &Deletion { begun: broken_off.0, ..WANTED_OF_LIVE }).unwrap();
            if broken_off.0 {
                fs::rename(&folder, doomed(&folder)).unwrap();
            }
            if broken_off.1 {
                fs::create_dir(&folder).unwrap();
                fs::rename(doomed(&folder).join("gas-key.json"), folder.join("gas-key.json")).unwrap();
            }
            carry_out(data.path()).await;
            assert_eq!(names(&folder), ["gas-key-0x55.json", "gas-key.json"], "{name}");
            assert_eq!(names(data.path()), ["live"], "{name}");
            want(data.path(), &Deletion { keys: true, ..WANTED_OF_LIVE }).unwrap();
            carry_out(data.path()).await;
            assert!(names(data.path()).is_empty(), "{name}");
        }
    }

    /// Only what has its last name is deleted, no key is written over, and nobody takes back what has begun.
    #[tokio::test]
    async fn what_came_after_a_deletion_had_begun_stays() {
        for keys in [false, true] {
            let data = tempfile::tempdir().unwrap();
            let folder = live(data.path());
            note(data.path(), &Deletion { keys, begun: true, ..WANTED_OF_LIVE }).unwrap();
            // About to: everything is where it was.
            may_open(data.path(), Environment::Live).unwrap();
            fs::rename(&folder, doomed(&folder)).unwrap();
            for refused in [
                spare(data.path()),
                want(data.path(), &WANTED_OF_LIVE),
                may_open(data.path(), Environment::Live),
            ] {
                assert!(refused.unwrap_err().message.starts_with("Deleting live has begun"));
            }
            may_open(data.path(), Environment::Practice).unwrap();
            fs::create_dir(&folder).unwrap();
            for file in ["gas-key.json", "stall.sqlite"] {
                fs::write(folder.join(file), "newer").unwrap();
            }
            carry_out(data.path()).await;
            for file in ["gas-key.json", "stall.sqlite"] {
                assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), "newer");
            }
            assert_eq!(folder.join("gas-key-2.json").exists(), !keys);
            assert_eq!(names(data.path()), ["live"]);
            may_open(data.path(), Environment::Live).unwrap();
        }
    }

    /// A crash between the end of it and the last of its names deletes nothing of what came since.
    #[tokio::test]
    async fn an_empty_folder_that_a_crash_left_is_no_deletion() {
        let data = tempfile::tempdir().unwrap();
        let folder = live(data.path());
        fs::create_dir(doomed(&folder)).unwrap();
        may_open(data.path(), Environment::Live).unwrap();
        carry_out(data.path()).await;
        assert_eq!(names(data.path()), ["live"]);
        assert!(folder.join("receipt-key.hex").exists());
    }

    #[tokio::test]
    async fn what_backups_put_aside_stays() {
        let data = tempfile::tempdir().unwrap();
        live(data.path());
        let aside = live(&data.path().join("replaced-20260101T000000Z"));
        want(data.path(), &Deletion { keys: true, ..WANTED_OF_LIVE }).unwrap();
        carry_out(data.path()).await;
        assert_eq!(names(data.path()), ["replaced-20260101T000000Z"]);
        assert_eq!(names(&aside).len(), 5);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_to_another_folder_is_not_taken_for_the_folder() {
        let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = live(elsewhere.path());
        std::os::unix::fs::symlink(&folder, data.path().join("live")).unwrap();
        want(data.path(), &WANTED_OF_LIVE).unwrap();
        carry_out(data.path()).await;
        let problem = wanted(data.path()).unwrap().unwrap().problem.unwrap();
        assert!(problem.contains("is a link to another folder"), "{problem}");
        assert_eq!(names(&folder).len(), 5);
        assert!(data.path().join("live").is_symlink());
    }

    #[test]
    fn every_key_that_a_note_names_is_forgotten() {
        let doomed = tempfile::tempdir().unwrap();
        let addresses = [0x11, 0x22].map(alloy_primitives::Address::repeat_byte);
        for (name, address) in [
            ("gas-key-in-system.json".to_owned(), addresses[0]),
            (format!("gas-key-in-system-{}.json", addresses[1]), addresses[1]),
        ] {
            fs::write(doomed.path().join(name), format!("{{\"address\":\"{address}\"}}")).unwrap();
        }
        let mut forgotten = Vec::new();
        forget_system_keys(doomed.path(), Environment::Live, |name| {
            forgotten.push(name.to_owned());
            Ok(())
        });
        forgotten.sort();
        assert_eq!(forgotten, addresses.map(|address| format!("live gas key {address}")));
    }
}

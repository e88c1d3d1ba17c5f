//! Gathers what goes into a backup, while the stall goes on selling.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ::backup::{Contents, Manifest, Name, Packed, Source};
use ::wallet::SystemStore;
use domain::Environment;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::keys::{address_in, blocking, system_key};
use crate::{ApiError, App, ErrorCode, random};

/// What is made again, or of no use elsewhere.
fn is_left_out(name: &str) -> bool {
    // The data file is copied in its own way; those that were put aside stay.
    let is_database =
        name.starts_with("stall.sqlite") || (name.starts_with("stall-") && name.contains(".sqlite"));
    is_database
        || name.starts_with("key-on-its-way-")
        || name.ends_with(".next.json")
        || matches!(
            name,
            "gas-key-in-system.json" | "backup-passphrase" | "reach" | "node.log" | "old-states"
        )
}

/// What an environment of a data folder holds; none where nothing was ever sold in it.
pub(crate) async fn contents(
    app: &App,
    environment: Environment,
) -> Result<Option<store::Contents>, ApiError> {
    let Some(folder) = EnvironmentFolder::existing(app.data_dir(), environment) else { return Ok(None) };
    let reading = async move { Ok(store::contents(&folder.database()).await?) };
    app.to_the_end(reading).await.map(Some)
}

/// Makes a backup of the whole data folder at `to`. Answers also with what could not be taken along, in sentences.
pub(crate) async fn make(
    app: &App,
    to: PathBuf,
    password: SecretString,
    replace: bool,
) -> Result<(Manifest, Packed, Vec<String>), ApiError> {
    let _alone = app.one_backup().try_lock_owned().map_err(|_| {
        ApiError::new(ErrorCode::Conflict, "A backup is being made already. Try again when it is done.")
    })?;
    let data_dir = app.data_dir().to_owned();
    let gathered = Gathered::begin(&data_dir)?;
    let (mut environments, mut sources, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for environment in Environment::ALL {
        let Some(folder) = EnvironmentFolder::existing(&data_dir, environment) else { continue };
        let place = EnvironmentFolder::of(&gathered.0, environment)?;
        // First of all: what the other files say may be newer than the data file, never older.
        let (from, to) = (folder.database(), place.database());
        let held = app.to_the_end(async move { Ok(store::copy(&from, &to).await?) }).await?;
        let (from, to) = (folder.clone(), place.clone());
        let mut files = blocking(move || {
            let mut files = vec![to.database()];
            copy_files(from.path(), to.path(), &mut files)?;
            Ok(files)
        })
        .await?;
        let (gas_wallet, missing) =
            keep_system_key(&folder, &place, environment, password.clone(), &mut files).await?;
        left_out.extend(missing);
        for file in files {
            let below = file.strip_prefix(place.path()).unwrap_or(&file);
            sources.push(Source { name: Name::of(environment, below)?, file });
        }
        environments.push(Contents {
            environment,
            endpoints: held.endpoints,
            payments: held.payments,
            open: held.open,
            payout: held.payout.iter().map(|address| address.to_checksum(None)).collect(),
            gas_wallet,
        });
    }
    let manifest = Manifest::new(env!("CARGO_PKG_VERSION"), app.clock().now(), environments);
    let packing = manifest.clone();
    let packed = blocking(move || {
        // Gone when it is packed.
        let _gathered = gathered;
        Ok(::backup::pack(&to, &password, &packing, &sources, replace)?)
    })
    .await?;
    Ok((manifest, packed, left_out))
}

/// Where they are gathered, inside the data folder.
const GATHERED: &str = "backup.part";

/// Removes what a crash left of a backup: copies of books and keys that nobody looks after.
pub(crate) fn forget_broken_off(data_dir: &Path) {
    drop(Gathered(data_dir.join(GATHERED)));
}

/// Where files stand still until they are packed; one backup is made at a time.
struct Gathered(PathBuf);

impl Gathered {
    fn begin(data_dir: &Path) -> Result<Self, ApiError> {
        let gathered = Self(data_dir.join(GATHERED));
        // What a crash left.
        gathered.remove();
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&gathered.0).map_err(failed(&gathered.0))?;
        Ok(gathered)
    }

    fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.0)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.0.display(), "what was gathered for a backup stays");
        }
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Copies what is in a folder, and below it, and notes the copies.
fn copy_files(from: &Path, to: &Path, files: &mut Vec<PathBuf>) -> Result<(), ApiError> {
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(failed(from))?;
        if name.to_str().is_none_or(is_left_out) {
            continue;
        }
        let copy = to.join(&name);
        if kind.is_dir() {
            fs::create_dir(&copy).map_err(failed(&copy))?;
            copy_files(&entry.path(), &copy, files)?;
        } else if kind.is_file() {
            match fs::copy(entry.path(), &copy) {
                Ok(_) => files.push(copy),
                // Something else took its place meanwhile, or nothing needs it any more.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(failed(&entry.path())(error)),
            }
        }
    }
    Ok(())
}

/// A key in this computer's own store is put into the backup behind the backup's password. Answers with the gas wallet's
/// address, and with a sentence where the key stays behind.
async fn keep_system_key(
    folder: &EnvironmentFolder,
    place: &EnvironmentFolder,
    environment: Environment,
    password: SecretString,
    files: &mut Vec<PathBuf>,
) -> Result<(Option<String>, Option<String>), ApiError> {
    let note = folder.system_note();
    if !note.exists() {
        return Ok((address_in(&folder.gas_key(environment)), None));
    }
    let (address, name) = system_key(&note, environment)?;
    let file = place.gas_key(environment);
    let kept = file.clone();
    let random = random::bytes()?;
    let saved = blocking(move || {
        let wallet = SystemStore::open().and_then(|store| store.load(&name));
        let saved = wallet.and_then(|wallet| wallet.save(&file, password.expose_secret(), random));
        Ok(saved.map_err(|error| sentence(&error.to_string())))
    })
    .await?;
    let missing = saved.err().map(|why| {
        format!("The key of the gas wallet {address} ({environment}) is not in it: {why} Save it to a file of its own.")
    });
    if missing.is_none() {
        files.push(kept);
    }
    Ok((Some(address), missing))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ApiError {
    move |error| ApiError::new(ErrorCode::File, format!("{}: {error}.", path.display()))
}

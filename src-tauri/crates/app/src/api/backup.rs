//! Backups: making one, looking into one, putting one back, and letting them be made by themselves.

use std::path::PathBuf;

use ::backup::{Contents, Manifest};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::export::target;
use crate::api::wallet::{file, passphrase};
use crate::backups::{self, Every, Plan};
use crate::keys::{blocking, check_passphrase};
use crate::{ApiError, App, ErrorCode, deletion};

/// What has to be typed to put a backup back.
const WORD: &str = "restore";

/// The most backups that are kept.
const MOST_KEPT: u32 = 365;

/// Makes a backup of the whole data folder: every environment's data, keys and pictures, but not the goods, which stay
/// where they are.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct BackupMake {
    /// The new file, by its whole path.
    pub path: String,
    /// What opens it later, and nothing else does.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
    /// Whether a file that is there may be replaced.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub replace: bool,
}

/// Names a backup and what opens it.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct BackupLook {
    /// The file, by its whole path.
    pub path: String,
    /// What opens it.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
}

/// Puts a backup back at the next start.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct BackupRestore {
    /// The file, by its whole path.
    pub path: String,
    /// What opens it.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
    /// `restore`, typed by a person.
    pub word: String,
}

/// Lets backups be made by themselves, or no more.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct BackupPlan {
    /// How often; absent for never.
    pub every: Option<Every>,
    /// The folder that they are put in, by its whole path.
    pub folder: Option<String>,
    /// How many are kept, 7 by default.
    pub keep: Option<u32>,
    /// What opens them later. Kept in the data folder in a file for its owner only.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
}

/// A backup that was made.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackupMade {
    /// The file.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// What is in it.
    pub backup: BackupView,
    /// What could not be taken along, in sentences.
    pub left_out: Vec<String>,
}

/// What a backup holds.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackupView {
    /// When it was made, in Unix milliseconds.
    pub made_at: i64,
    /// Which version made it.
    pub version: String,
    /// Its environments.
    pub environments: Vec<BackupContents>,
}

/// One environment in a backup, beside what is there now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackupContents {
    /// practice, test or live.
    pub environment: String,
    /// What the backup holds.
    pub held: BackupCounts,
    /// What it would take the place of; null where nothing is.
    pub here: Option<BackupCounts>,
    /// Whose key pays for settlement in it.
    pub gas_wallet: Option<String>,
    /// Where the two say different things about where the money goes, one sentence.
    pub payout_warning: Option<String>,
}

/// What an environment holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackupCounts {
    /// Endpoints that are on sale or paused.
    pub endpoints: u64,
    /// Payments.
    pub payments: u64,
    /// Payments that wait or are being settled.
    pub open: u64,
    /// Where buyers' money goes.
    pub payout: Vec<String>,
}

/// What is planned, and what waits.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackupState {
    /// How often backups are made by themselves; null for never.
    pub every: Option<Every>,
    /// Where to.
    pub folder: Option<String>,
    /// How many are kept.
    pub keep: Option<u32>,
    /// When one was last made by itself, in Unix milliseconds.
    pub made_at: Option<i64>,
    /// Why the last one could not be made.
    pub problem: Option<String>,
    /// The backup that takes the place of what is here at the next start; null for none.
    pub waiting: Option<BackupView>,
    /// What has to be typed to put one back.
    pub restore_word: String,
}

pub(crate) async fn show(app: &App, (): ()) -> Result<BackupState, ApiError> {
    let plan = Plan::read(app.store()).await?;
    let waiting = match ::backup::staged(app.data_dir())? {
        Some(manifest) => Some(view(app, &manifest).await?),
        None => None,
    };
    Ok(BackupState {
        every: plan.as_ref().map(|plan| plan.every),
        folder: plan.as_ref().map(|plan| plan.folder.to_string_lossy().into_owned()),
        keep: plan.as_ref().map(|plan| plan.keep),
        made_at: backups::made_at(app.store()).await?.map(|at| at.timestamp_millis()),
        problem: backups::problem(app.store()).await?,
        waiting,
        restore_word: WORD.to_owned(),
    })
}

pub(crate) async fn make(app: &App, request: BackupMake) -> Result<BackupMade, ApiError> {
    let password = new(request.passphrase, request.passphrase_file.as_deref())?;
    let path = target(app, &request.path, request.replace)?;
    let (manifest, packed, left_out) = backups::make(app, path, password, request.replace).await?;
    Ok(BackupMade { path: request.path, bytes: packed.bytes, backup: view(app, &manifest).await?, left_out })
}

pub(crate) async fn look(app: &App, request: BackupLook) -> Result<BackupView, ApiError> {
    let (path, password) =
        (file(&request.path)?, its(request.passphrase, request.passphrase_file.as_deref())?);
    let manifest = blocking(move || Ok(::backup::look(&path, &password)?)).await?;
    view(app, &manifest).await
}

pub(crate) async fn restore(app: &App, request: BackupRestore) -> Result<BackupState, ApiError> {
    if request.word.trim() != WORD {
        return Err(ApiError::invalid(format!(
            "Type {WORD} to put this backup in the place of what is here."
        )));
    }
    if deletion::wanted(app.data_dir())?.is_some() {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "The next start deletes what an environment has. Spare it first, in Settings, under Data.",
        )
        .by("stallkeeper data spare"));
    }
    let (path, password) =
        (file(&request.path)?, its(request.passphrase, request.passphrase_file.as_deref())?);
    let data_dir = app.data_dir().to_owned();
    blocking(move || Ok(::backup::stage(&path, &password, &data_dir)?)).await?;
    tracing::info!("a backup waits to take the place of what is here at the next start");
    show(app, ()).await
}

pub(crate) async fn forget(app: &App, (): ()) -> Result<BackupState, ApiError> {
    ::backup::unstage(app.data_dir())?;
    show(app, ()).await
}

pub(crate) async fn plan(app: &App, request: BackupPlan) -> Result<BackupState, ApiError> {
    let kept = app.folder()?.backup_passphrase();
    let Some(every) = request.every else {
        Plan::write(app.store(), None).await?;
        match std::fs::remove_file(&kept) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(crate::keys::wrong(&kept, &error));
            }
            Ok(()) | Err(_) => return show(app, ()).await,
        }
    };
    let folder = folder(request.folder.as_deref())?;
    let keep = request.keep.unwrap_or(7);
    if !(1..=MOST_KEPT).contains(&keep) {
        return Err(ApiError::invalid(format!("Between 1 and {MOST_KEPT} backups are kept.")));
    }
    let typed = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    match typed {
        Some(typed) => {
            check_passphrase(&typed)?;
            wallet::keep_passphrase(&kept, typed.expose_secret())
                .map_err(|error| crate::keys::wrong(&kept, &error))?;
        }
        None if kept.exists() => {}
        None => return Err(missing()),
    }
    Plan::write(app.store(), Some(&Plan { every, folder, keep })).await?;
    show(app, ()).await
}

fn folder(path: Option<&str>) -> Result<PathBuf, ApiError> {
    let folder = file(path.ok_or_else(|| ApiError::invalid("Say which folder the backups are put in."))?)?;
    if !folder.is_dir() {
        return Err(ApiError::new(ErrorCode::File, format!("{} is no folder.", folder.display())));
    }
    Ok(folder)
}

/// A passphrase for a new backup.
fn new(typed: Option<SecretString>, file: Option<&str>) -> Result<SecretString, ApiError> {
    let passphrase = its(typed, file)?;
    check_passphrase(&passphrase)?;
    Ok(passphrase)
}

fn its(typed: Option<SecretString>, file: Option<&str>) -> Result<SecretString, ApiError> {
    passphrase(typed, file)?.ok_or_else(missing)
}

fn missing() -> ApiError {
    ApiError::invalid("A backup needs a passphrase of at least eight characters.")
        .by("--passphrase-file FILE")
}

async fn view(app: &App, manifest: &Manifest) -> Result<BackupView, ApiError> {
    let mut environments = Vec::new();
    for contents in &manifest.environments {
        let here = backups::contents(app, contents.environment).await?.map(counts);
        environments.push(BackupContents {
            environment: contents.environment.to_string(),
            held: held(contents),
            payout_warning: here.as_ref().and_then(|here| payout_warning(contents, here)),
            here,
            gas_wallet: contents.gas_wallet.clone(),
        });
    }
    Ok(BackupView {
        made_at: manifest.made_at.timestamp_millis(),
        version: manifest.version.clone(),
        environments,
    })
}

fn held(contents: &Contents) -> BackupCounts {
    let Contents { endpoints, payments, open, payout, .. } = contents.clone();
    BackupCounts { endpoints, payments, open, payout }
}

fn counts(contents: store::Contents) -> BackupCounts {
    let store::Contents { endpoints, payments, open, payout } = contents;
    let payout = payout.iter().map(|address| address.to_checksum(None)).collect();
    BackupCounts { endpoints, payments, open, payout }
}

fn payout_warning(contents: &Contents, here: &BackupCounts) -> Option<String> {
    if contents.payout == here.payout || contents.payout.is_empty() || here.payout.is_empty() {
        return None;
    }
    Some(format!(
        "In {}, buyers' money goes to {} now; with this backup it goes to {} again.",
        contents.environment,
        here.payout.join(", "),
        contents.payout.join(", ")
    ))
}

//! What lies in the data folder, how long it is kept, and deleting what one environment has.

use std::path::Path;

use domain::{Amount, Environment};
use serde::{Deserialize, Serialize};
use store::AtRest;
use ts_rs::TS;

use crate::api::doctor::free_space;
use crate::api::export::{self, Export, ExportFilter, Exported};
use crate::api::money::MoneyView;
use crate::api::wallet::file;
use crate::deletion::{self, Deletion};
use crate::folder::EnvironmentFolder;
use crate::keys::blocking;
use crate::{ApiError, App, ErrorCode, logs, retention};

/// What has to be typed beside the environment's name to delete a gas wallet's key.
const KEY_WORD: &str = "delete keys";

/// What lies in the data folder.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DataFolderView {
    /// The folder.
    pub folder: String,
    /// How many bytes are free where it lies; null where that cannot be read.
    pub free_bytes: Option<u64>,
    /// How many bytes the log has.
    pub log_bytes: u64,
    /// What each environment has; those in which nothing was ever sold are left out.
    pub environments: Vec<DataOfEnvironment>,
    /// What is let go of by itself, and when.
    pub kept: Vec<DataKept>,
    /// What the next start deletes; null for nothing.
    pub deletion: Option<DataDeletion>,
    /// What has to be typed beside the environment's name to delete its gas wallet's key.
    pub key_word: String,
}

/// What one environment has.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DataOfEnvironment {
    /// practice, test or live: what has to be typed to delete it.
    pub environment: String,
    /// Whether it is the one that is open.
    pub is_open: bool,
    /// How many bytes its data file has, with what lies beside it.
    pub database_bytes: u64,
    /// How many bytes all else in its folder has: pictures, answers, the practice chain.
    pub other_bytes: u64,
    /// Endpoints that are on sale or paused.
    pub endpoints: u64,
    /// Payments.
    pub payments: u64,
    /// Payments that are sold and not on chain.
    pub open: u64,
    /// What those come to.
    pub at_stake: MoneyView,
    /// Batches that are on their way.
    pub in_flight: u64,
    /// Whether the key of a gas wallet lies in it.
    pub has_key: bool,
    /// Why its data file cannot be read, and nothing of it counted; null when it can.
    pub problem: Option<String>,
}

/// Something that is kept for some days and then let go of.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DataKept {
    /// The setting that says for how long: keep-visits, keep-messages or keep-logs.
    pub key: String,
    /// For how many days.
    pub days: u32,
    /// For how many unless the seller says otherwise.
    pub usual: u32,
    /// The fewest that can be chosen.
    pub least: u32,
    /// The most that can be chosen.
    pub most: u32,
}

/// What the next start deletes.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DataDeletion {
    /// practice, test or live.
    pub environment: String,
    /// Whether the gas wallet's key goes too.
    pub keys: bool,
    /// Why the last start did not do it; null when none tried.
    pub problem: Option<String>,
}

/// Lets the next start delete all that an environment has: endpoints, payments, books, settings, pictures.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct DataDelete {
    /// practice, test or live.
    pub environment: String,
    /// The same, typed by a person.
    pub word: String,
    /// Whether it may go although something sold in it is not on chain.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub with_money_at_stake: bool,
    /// `delete keys`, typed by a person, if the gas wallet's key goes too.
    pub key_word: Option<String>,
}

/// Writes all the books into a folder: payments, batches, costs and refunds, a CSV file each.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct DataExport {
    /// The folder, by its whole path.
    pub folder: String,
}

/// The files that were written.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DataExported {
    /// One for each of the books.
    pub items: Vec<Exported>,
}

pub(crate) async fn export_all(app: &App, request: DataExport) -> Result<DataExported, ApiError> {
    let folder = file(&request.folder)?;
    if !folder.is_dir() {
        return Err(ApiError::new(ErrorCode::File, format!("{} is no folder.", folder.display())));
    }
    let at = app.clock().now().format("%Y%m%dT%H%M%SZ");
    let mut items = Vec::new();
    for what in ["payments", "batches", "costs", "refunds"] {
        let path = folder.join(format!("stallkeeper-{}-{what}-{at}.csv", app.environment()));
        let wanted = Export {
            what: what.to_owned(),
            format: None,
            path: path.to_string_lossy().into_owned(),
            replace: false,
            filter: ExportFilter::default(),
        };
        items.push(export::export(app, wanted).await?);
    }
    Ok(DataExported { items })
}

pub(crate) async fn show(app: &App, (): ()) -> Result<DataFolderView, ApiError> {
    let mut environments = Vec::new();
    for environment in Environment::ALL {
        environments.extend(of_environment(app, environment).await?);
    }
    let mut kept = Vec::new();
    for what in retention::ALL {
        kept.push(DataKept {
            key: what.key.to_owned(),
            days: what.days(app.store()).await?,
            usual: what.usual,
            least: what.least,
            most: what.most,
        });
    }
    let deletion =
        deletion::wanted(app.data_dir())?.map(|Deletion { environment, keys, problem, .. }| DataDeletion {
            environment: environment.to_string(),
            keys,
            problem,
        });
    Ok(DataFolderView {
        folder: app.data_dir().to_string_lossy().into_owned(),
        free_bytes: free_space(app.data_dir()),
        log_bytes: logs::bytes(app.data_dir()),
        environments,
        kept,
        deletion,
        key_word: KEY_WORD.to_owned(),
    })
}

async fn of_environment(app: &App, environment: Environment) -> Result<Option<DataOfEnvironment>, ApiError> {
    let Some(folder) = EnvironmentFolder::existing(app.data_dir(), environment) else { return Ok(None) };
    let database = folder.database();
    let reading = async move { Ok(store::at_rest(&database).await?) };
    let (held, problem) = match app.to_the_end(reading).await {
        Ok(held) => (held, None),
        Err(error) => (AtRest::default(), Some(error.message)),
    };
    let place = folder.path().to_owned();
    let (database_bytes, other_bytes, has_key) = blocking(move || Ok(sizes(&place, 0))).await?;
    let decimals = held.owed.first().map_or(6, |(_, decimals)| *decimals);
    let owed = held.owed.iter().filter(|(_, places)| *places == decimals);
    let owed = owed.fold(Amount::ZERO, |sum, (amount, _)| sum.checked_add(*amount).unwrap_or(Amount::MAX));
    Ok(Some(DataOfEnvironment {
        environment: environment.to_string(),
        is_open: environment == app.environment(),
        database_bytes,
        other_bytes,
        endpoints: held.endpoints,
        payments: held.payments,
        open: held.open,
        at_stake: MoneyView::with_decimals(owed, decimals),
        in_flight: held.in_flight,
        has_key,
        problem,
    }))
}

/// How deep folders are looked into; nothing of ours is deeper.
const DEEPEST: u32 = 8;

/// The bytes of data files and of all else below a folder, and whether the key of a gas wallet lies in it.
fn sizes(folder: &Path, depth: u32) -> (u64, u64, bool) {
    let (mut database, mut other, mut has_key) = (0, 0, false);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Ok(found) = entry.metadata() else { continue };
        if found.is_dir() {
            if depth < DEEPEST {
                let (inner, rest, _) = sizes(&entry.path(), depth + 1);
                other += inner + rest;
            }
        } else if depth == 0 && name.starts_with("stall") && name.contains(".sqlite") {
            database += found.len();
        } else {
            has_key |= depth == 0 && deletion::holds_money(&name);
            other += found.len();
        }
    }
    (database, other, has_key)
}

pub(crate) async fn delete(app: &App, request: DataDelete) -> Result<DataFolderView, ApiError> {
    let environment: Environment = request
        .environment
        .parse()
        .map_err(|error: domain::UnknownEnvironment| ApiError::invalid(format!("{error}.")))?;
    if request.word.trim() != environment.as_str() {
        return Err(ApiError::invalid(format!("Type {environment} to delete all that {environment} has.")));
    }
    let keys = match request.key_word.as_deref().map(str::trim) {
        None | Some("") => false,
        Some(KEY_WORD) => true,
        Some(_) => {
            return Err(ApiError::invalid(format!("Type {KEY_WORD} to delete the gas wallet's key too.")));
        }
    };
    if ::backup::staged(app.data_dir())?.is_some() {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "A backup takes the place of what is here at the next start. Leave everything as it is first.",
        )
        .by("stallkeeper backup forget"));
    }
    let Some(held) = of_environment(app, environment).await? else {
        return Err(ApiError::not_found("data of", environment.as_str()));
    };
    deletion::must_not_be_a_link(&app.data_dir().join(environment.as_str()))?;
    if let Some(problem) = held.problem.as_ref().filter(|_| !request.with_money_at_stake) {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!(
                "Nobody can tell what in {environment} is not on chain yet: {problem} Say that this money may be lost."
            ),
        )
        .by("--with-money-at-stake"));
    }
    if held.open > 0 && !request.with_money_at_stake {
        let why = match held.open {
            1 => format!("One payment of ${} in {environment} is not on chain yet", held.at_stake.formatted),
            open => format!(
                "{open} payments of together ${} in {environment} are not on chain yet",
                held.at_stake.formatted
            ),
        };
        let flying = if held.in_flight > 0 { ", and a batch is on its way" } else { "" };
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!("{why}{flying}. Settle first, or say that this money may be lost."),
        )
        .by("--with-money-at-stake"));
    }
    let payments = held.problem.is_none().then_some(held.payments);
    let deletion = Deletion { environment, keys, payments, problem: None, begun: false };
    deletion::want(app.data_dir(), &deletion)?;
    show(app, ()).await
}

pub(crate) async fn spare(app: &App, (): ()) -> Result<DataFolderView, ApiError> {
    deletion::spare(app.data_dir())?;
    show(app, ()).await
}

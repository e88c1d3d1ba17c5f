//! The books as files: payments, batches, costs and refunds as CSV or JSON, written row by row.

mod tables;
mod writer;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::api::failures::assets_of;
use crate::api::payments::PaymentQuery;
use crate::api::reports::day_of;
use crate::{ApiError, App, ErrorCode};

use tables::{BATCHES, COSTS, DAY, PAYMENTS, REFUNDS, Rows, batches, costs, payments, refunds};
use writer::{Format, Writer};

/// What to write where.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct Export {
    /// payments, batches, costs or refunds.
    pub what: String,
    /// csv or json; by default json where the file's name ends in `.json`, and csv otherwise.
    pub format: Option<String>,
    /// The file, by its whole path. Only its owner can read it.
    pub path: String,
    /// Whether a file that is there may be replaced.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub replace: bool,
    /// Only some of it.
    #[serde(default)]
    #[ts(as = "Option<ExportFilter>", optional)]
    pub filter: ExportFilter,
}

/// Which rows to write; what does not apply to the rows is refused.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ExportFilter {
    /// Payments in one of these states.
    pub states: Option<Vec<String>>,
    /// Payments for the endpoint of this path or id.
    pub endpoint: Option<String>,
    /// Payments, costs and refunds of this payer.
    pub payer: Option<String>,
    /// On this network, in CAIP-2.
    pub network: Option<String>,
    /// From this UTC day on, such as `2026-11-01`: of acceptance, opening, cost or recording.
    pub from: Option<String>,
    /// Up to this UTC day.
    pub to: Option<String>,
    /// Payments of at least this much, such as `0.05`.
    pub least: Option<String>,
    /// Payments of at most this much.
    pub most: Option<String>,
    /// Payments that a search finds, as it does in their list.
    pub search: Option<String>,
    /// Payments that are owed and have not arrived: `interrupted` or `waiting`.
    pub delivery: Option<String>,
    /// Only these payments, by their ids, 1000 at most, and nothing else with them.
    pub payments: Option<Vec<String>>,
}

impl ExportFilter {
    /// The list of the payments that it is of.
    fn list(&self) -> PaymentQuery {
        let Self { states, endpoint, payer, network, from, to, least, most, search, delivery, payments: _ } =
            self.clone();
        PaymentQuery {
            states,
            endpoint,
            payer,
            network,
            from,
            to,
            least,
            most,
            search,
            delivery,
            ..PaymentQuery::default()
        }
    }
}

/// What was written.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// How many rows, without the line of names.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// Names an export by the file that it writes.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct ExportName {
    /// The file, by its whole path.
    pub path: String,
}

/// How far an export has got.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExportProgress {
    /// Whether it is being written; false when it is done, was broken off, or never began.
    pub running: bool,
    /// How many rows were written.
    pub rows: u64,
}

/// The exports that are being written, by their files.
pub(crate) type Exports = Arc<Mutex<HashMap<PathBuf, Running>>>;

/// An export that is being written.
#[derive(Clone, Default)]
pub(crate) struct Running {
    rows: Arc<AtomicU64>,
    stop: CancellationToken,
}

/// A place among the exports that are being written, given up at the end.
struct Place {
    exports: Exports,
    path: PathBuf,
    running: Running,
}

impl Place {
    /// One file is written once at a time.
    fn take(app: &App, path: &Path) -> Result<Self, ApiError> {
        let exports = app.exports().clone();
        let running = Running::default();
        match exports.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()) {
            Entry::Occupied(_) => {
                let why = format!("{} is being written already.", path.display());
                return Err(ApiError::new(ErrorCode::Conflict, why));
            }
            Entry::Vacant(place) => drop(place.insert(running.clone())),
        }
        Ok(Self { exports, path: path.to_owned(), running })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
    }
}

pub(crate) async fn export(app: &App, request: Export) -> Result<Exported, ApiError> {
    let is_json = Path::new(&request.path).extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let format = match request.format.as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        None if is_json => Format::Json,
        None => Format::Csv,
        Some(_) => return Err(ApiError::invalid("An export is csv or json.")),
    };
    let path = target(app, &request.path, request.replace)?;
    let filter = &request.filter;
    let of_list = [&filter.endpoint, &filter.least, &filter.most, &filter.search, &filter.delivery]
        .iter()
        .any(|one| one.is_some())
        || filter.states.is_some();
    let of_rows = [&filter.payer, &filter.network, &filter.from, &filter.to].iter().any(|one| one.is_some());
    if filter.payments.is_some() && (of_list || of_rows) {
        return Err(ApiError::invalid("Payments are named, or chosen by what they are; not both at once."));
    }
    let of_payments = of_list || filter.payments.is_some();
    if of_payments && request.what != "payments" {
        return Err(ApiError::invalid(
            "States, endpoints, amounts, deliveries and searches choose among payments only.",
        ));
    }
    if filter.payer.is_some() && request.what == "batches" {
        return Err(ApiError::invalid("A batch is of many payers."));
    }
    let assets = app.store().assets().await?;
    let payer = filter.payer.as_deref().map(str::parse).transpose();
    let day = |day: &Option<String>| day.as_deref().map(day_of).transpose();
    let rows = Rows {
        environment: app.environment(),
        of_assets: assets_of(&assets, filter.network.as_deref())?,
        assets,
        payer: payer.map_err(|_| ApiError::invalid("A payer is an address such as 0x…"))?,
        from: day(&filter.from)?.map_or(i64::MIN, |day| day.saturating_mul(DAY)),
        to: day(&filter.to)?.map_or(i64::MAX, |day| day.saturating_add(1).saturating_mul(DAY)),
    };
    match request.what.as_str() {
        "payments" => payments(app, &rows, filter, Writer::create(app, path, format, PAYMENTS).await?).await,
        "batches" => batches(app, &rows, Writer::create(app, path, format, BATCHES).await?).await,
        "costs" => costs(app, &rows, Writer::create(app, path, format, COSTS).await?).await,
        "refunds" => refunds(app, &rows, Writer::create(app, path, format, REFUNDS).await?).await,
        _ => Err(ApiError::invalid("What can be exported are payments, batches, costs and refunds.")),
    }
}

fn running(app: &App, name: &ExportName) -> Option<Running> {
    let path = whole(Path::new(&name.path)).ok()?;
    app.exports().lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned()
}

pub(crate) async fn progress(app: &App, name: ExportName) -> Result<ExportProgress, ApiError> {
    let running = running(app, &name);
    let rows = running.as_ref().map(|running| running.rows.load(Ordering::Relaxed));
    Ok(ExportProgress { running: running.is_some(), rows: rows.unwrap_or_default() })
}

/// Its file is gone when whoever asked for the export hears that it was broken off.
pub(crate) async fn cancel(app: &App, name: ExportName) -> Result<ExportProgress, ApiError> {
    if let Some(running) = running(app, &name) {
        running.stop.cancel();
    }
    progress(app, name).await
}

/// A file's path, free of symbolic links in what leads to it.
fn whole(path: &Path) -> Result<PathBuf, ApiError> {
    let folder = path.parent().unwrap_or(path);
    let folder = folder.canonicalize().map_err(failed(folder))?;
    Ok(folder.join(path.file_name().unwrap_or_default()))
}

/// Where to write: a whole path outside the data folder, so that nothing that is saved writes over what
/// the stall remembers.
pub(crate) fn target(app: &App, path: &str, replace: bool) -> Result<PathBuf, ApiError> {
    let path = PathBuf::from(path);
    if !path.is_absolute() || path.file_name().is_none() {
        return Err(ApiError::invalid("The file is named by its whole path."));
    }
    let path = whole(&path)?;
    let kept = app.data_dir().canonicalize().map_err(failed(app.data_dir()))?;
    if path.starts_with(kept) {
        return Err(ApiError::invalid("Nothing is written into the stall's own folder."));
    }
    if path.is_dir() || (path.exists() && !replace) {
        return Err(ApiError::new(ErrorCode::Conflict, format!("{} is there already.", path.display())));
    }
    Ok(path)
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ApiError {
    let path = path.display().to_string();
    move |error| ApiError::new(ErrorCode::File, format!("{path}: {error}."))
}

//! What somebody who helps may see: versions, choices, sizes, what the check-up found, the newest of the log. Nothing in
//! it is a secret, a person or an address (T85); the seller sees what is in it before it is saved.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use server::{Chosen, Limits, Traffic};
use ts_rs::TS;

use crate::api::{data, doctor, export, settings};
use crate::keys::blocking;
use crate::redact::{redact, redact_json};
use crate::zip::Archive;
use crate::{ApiError, App, ErrorCode, failure_reports, local_time, logs};

/// How much of the log goes along.
const LOG: usize = 512 * 1024;

/// The longest report of a failure that goes along.
const REPORT: usize = 64 * 1024;

/// The beginnings of settings whose values go along; of others only that something was chosen.
const TOLD: [&str; 7] = [
    "keep-",
    Limits::OF_PAYER,
    Limits::OF_ADDRESS,
    Limits::TERMS,
    Traffic::ADDRESSES,
    Chosen::MOST_DOWNLOADS,
    Chosen::ID_AS_TRANSACTION,
];

/// What diagnostics hold.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnosticsView {
    /// What is in them.
    pub files: Vec<DiagnosticsFile>,
    /// The shortest of it as a text, to be copied.
    pub text: String,
}

/// A file in them.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnosticsFile {
    /// Its name: about.json, settings.json, check-up.json, figures.json, log.jsonl or failures/….
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Saves diagnostics as one ZIP file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct DiagnosticsSave {
    /// The new file, by its whole path.
    pub path: String,
    /// Whether a file that is there may be replaced.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub replace: bool,
}

/// Diagnostics that were saved.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnosticsSaved {
    /// The file.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// What is in it.
    pub files: Vec<DiagnosticsFile>,
}

pub(crate) async fn show(app: &App, (): ()) -> Result<DiagnosticsView, ApiError> {
    let Gathered { files, text } = gather(app).await?;
    Ok(DiagnosticsView { files: listed(&files), text })
}

pub(crate) async fn save(app: &App, request: DiagnosticsSave) -> Result<DiagnosticsSaved, ApiError> {
    let place = export::target(app, &request.path, request.replace)?;
    let files = gather(app).await?.files;
    let list = listed(&files);
    let bytes = blocking(move || write(&place, &files)).await?;
    Ok(DiagnosticsSaved { path: request.path, bytes, files: list })
}

struct Gathered {
    files: Vec<(String, Vec<u8>)>,
    text: String,
}

fn listed(files: &[(String, Vec<u8>)]) -> Vec<DiagnosticsFile> {
    let file = |(name, content): &(String, Vec<u8>)| DiagnosticsFile {
        name: name.clone(),
        bytes: content.len() as u64,
    };
    files.iter().map(file).collect()
}

async fn gather(app: &App) -> Result<Gathered, ApiError> {
    let now = app.clock().now().timestamp_millis();
    let counted = app.store().figures().await.map_err(ApiError::from);
    let schema = counted.as_ref().map(|figures| figures.schema).ok();
    let counted = counted.map(|figures| {
        let rows = figures.rows.into_iter().map(|(name, rows)| (name.to_owned(), json!(rows)));
        Value::Object(rows.collect())
    });
    let about = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "environment": app.environment(),
        "isOpen": app.engine().is_some(),
        "schema": schema,
        "madeAt": local_time(now),
        "networks": or_why(networks(app).await)?,
    });
    let found = or_why(doctor::doctor(app, ()).await)?;
    let held = data::show(app, ()).await.map(|held| {
        json!({ "freeBytes": held.free_bytes, "logBytes": held.log_bytes, "environments": held.environments })
    });
    let mut figures = or_why(held)?;
    figures["rows"] = or_why(counted)?;
    let mut text = redact(&format!(
        "Stallkeeper {} on {} {}, {}, schema {}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        app.environment(),
        about["schema"],
    ));
    if let Some(why) = found["message"].as_str() {
        text.push_str(&format!("{}\n", redact(why)));
    }
    for item in found["items"].as_array().into_iter().flatten() {
        let (check, state) = (item["check"].as_str(), item["state"].as_str());
        let sentence = redact(item["sentence"].as_str().unwrap_or_default());
        text.push_str(&format!("{} {}: {sentence}\n", state.unwrap_or_default(), check.unwrap_or_default()));
    }
    let mut files = vec![
        ("about.json".to_owned(), written(about)?),
        ("settings.json".to_owned(), written(or_why(chosen(app).await)?)?),
        ("check-up.json".to_owned(), written(found)?),
        ("figures.json".to_owned(), written(figures)?),
    ];
    let data_dir = app.data_dir().to_owned();
    files.extend(blocking(move || Ok(told_before(&data_dir))).await?);
    Ok(Gathered { files, text })
}

/// The newest of the log and the reports of failures, once more without anything private.
fn told_before(data_dir: &Path) -> Vec<(String, Vec<u8>)> {
    let lines = logs::newest(data_dir, LOG).lines().fold(String::new(), |text, line| {
        let line = match serde_json::from_str::<Value>(line) {
            Ok(mut event) => {
                redact_json(&mut event);
                event.to_string()
            }
            Err(_) => redact(line),
        };
        text + &line + "\n"
    });
    let mut files = vec![("log.jsonl".to_owned(), lines.into_bytes())];
    for report in failure_reports::reports(&data_dir.join(failure_reports::REPORTS)) {
        let name = report.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(bytes) = std::fs::read(&report) else { continue };
        let text = redact(&String::from_utf8_lossy(bytes.get(..REPORT).unwrap_or(&bytes)));
        files.push((format!("failures/{name}"), text.into_bytes()));
    }
    files
}

/// What was chosen: the values that say how it works, and of all others only that there is one.
async fn chosen(app: &App) -> Result<Value, ApiError> {
    let mut items = serde_json::Map::new();
    for item in settings::get(app, ()).await?.items {
        let is_told = TOLD.iter().any(|told| item.key.starts_with(told));
        let value = item.value.map(|value| if is_told { value } else { "chosen".to_owned() });
        items.insert(item.key, json!(value));
    }
    Ok(Value::Object(items))
}

/// Which networks are set up, and of their nodes only how many.
async fn networks(app: &App) -> Result<Vec<Value>, ApiError> {
    let rows = app.store().networks().await?;
    let network = |row: &store::NetworkRow| {
        json!({
            "network": row.network.to_string(), "nodes": row.rpc_urls.len(), "hasPayout": row.pay_to.is_some(),
            "hasItsOwnToken": row.token.is_some(),
        })
    };
    Ok(rows.iter().map(network).collect())
}

/// What was found, or why it could not be: that is what whoever helps has to know then.
fn or_why<T: Serialize>(found: Result<T, ApiError>) -> Result<Value, ApiError> {
    match found {
        Ok(found) => serde_json::to_value(found),
        Err(error) => serde_json::to_value(error),
    }
    .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

fn written(mut value: Value) -> Result<Vec<u8>, ApiError> {
    redact_json(&mut value);
    serde_json::to_vec_pretty(&value).map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

/// Writes the archive beside its place first, so that no half of one is there.
fn write(place: &Path, files: &[(String, Vec<u8>)]) -> Result<u64, ApiError> {
    let failed =
        |error: std::io::Error| ApiError::new(ErrorCode::File, format!("{}: {error}.", place.display()));
    let mut archive = Archive::default();
    for (name, content) in files {
        archive.add(name, content);
    }
    let bytes = archive.finish();
    let mut partial = place.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // What lies there may be somebody else's, or a way to somewhere else.
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        Ok(()) | Err(_) => {}
    }
    let mut file = options.open(&partial).map_err(failed)?;
    let written = file.write_all(&bytes).and_then(|()| file.sync_all());
    if let Err(error) = written.and_then(|()| std::fs::rename(&partial, place)) {
        drop(std::fs::remove_file(&partial));
        return Err(failed(error));
    }
    Ok(bytes.len() as u64)
}

//! What could go wrong, looked at before it does: the data file, the keys' files, nodes, clock, disk, queue.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::Utc;
use domain::Environment;
use serde::Serialize;
use tokio::time::timeout;
use ts_rs::TS;

use crate::api::attention::low_gas;
use crate::api::failures::{chain_of, now_in_seconds};
use crate::api::webhooks::{WebhookState, standing};
use crate::{ApiError, App};

/// How long a node may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// By how much the clocks of this computer and of the chain may differ (T10).
const SKEW: u64 = 30;
/// How old the newest block of a public network may be.
const OLD_BLOCK: u64 = 300;
/// Megabytes of the log beside the data file that only a reader without an end explains.
const LONG_LOG: u64 = 256;
/// Free space under which selling may stop soon, and under which it is time to look, in bytes.
const LEAST_SPACE: u64 = 200 << 20;
const LITTLE_SPACE: u64 = 1 << 30;

/// What was looked at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DoctorView {
    /// What is wrong first.
    pub items: Vec<DoctorItem>,
    /// Whether nothing is wrong; warnings do not count.
    pub healthy: bool,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DoctorItem {
    /// What: data_file, log, file_modes, node, clock, disk, queue, gas, reach, webhooks or failures.
    pub check: String,
    /// How it is.
    pub state: DoctorState,
    /// The same as a sentence, with what to do.
    pub sentence: String,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DoctorState {
    /// It needs somebody now.
    Wrong,
    /// It will need somebody.
    Warning,
    /// It could not be looked at.
    Unknown,
    /// It is well.
    Well,
}

fn item(check: &str, state: DoctorState, sentence: impl Into<String>) -> DoctorItem {
    DoctorItem { check: check.to_owned(), state, sentence: sentence.into() }
}

pub(crate) async fn doctor(app: &App, (): ()) -> Result<DoctorView, ApiError> {
    let mut items =
        vec![data_file(app).await, log(app), file_modes(app), disk(app.data_dir()), queue(app).await?];
    items.extend(failures(app).await?);
    items.extend(reach(app));
    items.extend(webhooks(app).await?);
    items.extend(networks(app).await?);
    items.sort_by_key(|item| item.state);
    let healthy = items.iter().all(|item| item.state != DoctorState::Wrong);
    Ok(DoctorView { items, healthy })
}

async fn data_file(app: &App) -> DoctorItem {
    match app.store().check().await {
        Ok(None) => item("data_file", DoctorState::Well, "The data file is whole."),
        Ok(Some(wrong)) => item(
            "data_file",
            DoctorState::Wrong,
            format!("The data file is damaged: {wrong}. Close the stall and restore a copy."),
        ),
        Err(error) => {
            item("data_file", DoctorState::Wrong, format!("The data file cannot be read: {error}."))
        }
    }
}

/// T64.
fn log(app: &App) -> DoctorItem {
    let megabytes = app.store().log_bytes() >> 20;
    if megabytes <= LONG_LOG {
        return item("log", DoctorState::Well, format!("The log beside the data file has {megabytes} MB."));
    }
    item(
        "log",
        DoctorState::Warning,
        format!(
            "The log beside the data file has grown to {megabytes} MB, because something reads in the data file for very long. Close other programs that have it open."
        ),
    )
}

/// I12, T84: what holds keys or the books is for its owner alone.
#[cfg(unix)]
fn file_modes(app: &App) -> DoctorItem {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = app.data_dir().join(app.environment().as_str());
    let mut open: Vec<PathBuf> = Vec::new();
    let mut looked: Vec<PathBuf> = vec![folder.clone()];
    if let Ok(entries) = std::fs::read_dir(&folder) {
        let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
        looked.extend(files);
    }
    for path in looked {
        let mode = std::fs::metadata(&path).map(|file| file.permissions().mode());
        // A log that is gone when it is looked at is none.
        if mode.is_ok_and(|mode| mode & 0o077 != 0) && is_private(&path, &folder) {
            open.push(path);
        }
    }
    match open.first() {
        None => item("file_modes", DoctorState::Well, "Keys and books can be read by you alone."),
        Some(path) => item(
            "file_modes",
            DoctorState::Wrong,
            format!(
                "Others on this computer can read {}. Take their rights away: chmod go= '{}'.",
                path.display(),
                path.display()
            ),
        ),
    }
}

/// The folder itself keeps everybody out; inside it, keys and data files have to on their own too.
#[cfg(unix)]
fn is_private(path: &Path, folder: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path == folder || name.contains("key") || name.contains(".sqlite")
}

#[cfg(not(unix))]
fn file_modes(_app: &App) -> DoctorItem {
    item("file_modes", DoctorState::Unknown, "This system keeps rights elsewhere; they were not looked at.")
}

/// How many bytes are free where a folder lies, if the system says.
#[cfg(unix)]
pub(crate) fn free_space(folder: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(folder).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

#[cfg(not(unix))]
pub(crate) fn free_space(_folder: &Path) -> Option<u64> {
    None
}

fn disk(folder: &Path) -> DoctorItem {
    let Some(free) = free_space(folder) else {
        return item("disk", DoctorState::Unknown, "How much space is free could not be read.");
    };
    let megabytes = free >> 20;
    if free < LEAST_SPACE {
        let why = format!("Only {megabytes} MB are free. Nothing is sold once payments cannot be stored.");
        item("disk", DoctorState::Wrong, why)
    } else if free < LITTLE_SPACE {
        item("disk", DoctorState::Warning, format!("{megabytes} MB are free; make some room soon."))
    } else {
        item("disk", DoctorState::Well, format!("{megabytes} MB are free."))
    }
}

async fn queue(app: &App) -> Result<DoctorItem, ApiError> {
    let age = app.store().queue_age().await?;
    let (Some(oldest), Some(end)) = (age.oldest, age.earliest_valid_before) else {
        return Ok(item("queue", DoctorState::Well, "Nothing waits to be settled."));
    };
    let hours = app.clock().now().signed_duration_since(oldest).num_hours();
    let left = end.checked_sub(now_in_seconds(app)).filter(|left| *left > 0);
    let waiting = format!("{} payments wait, the oldest for {hours} hours", age.queued);
    Ok(match left {
        None => item(
            "queue",
            DoctorState::Wrong,
            format!("{waiting}, and some are past the time in which they can be settled. Open the stall."),
        ),
        Some(left) if left < 600 => item(
            "queue",
            DoctorState::Warning,
            format!("{waiting}; the first of them ends in {} minutes.", left / 60),
        ),
        Some(left) => item(
            "queue",
            DoctorState::Well,
            format!("{waiting}; the first of them ends in {} hours.", left / 3600),
        ),
    })
}

/// Whether buyers outside reach the stall.
fn reach(app: &App) -> Option<DoctorItem> {
    let outside = app.outside()?;
    if let Some(why) = outside.trouble() {
        let sentence = format!("Buyers outside do not reach the stall. {why}");
        return Some(item("reach", DoctorState::Wrong, sentence));
    }
    let found = outside.checked().filter(|checked| checked.found.is_ok())?;
    Some(item("reach", DoctorState::Well, format!("The stall answers at {}.", found.url)))
}

async fn failures(app: &App) -> Result<Option<DoctorItem>, ApiError> {
    let (payments, _) = app.store().recoverable(now_in_seconds(app)).await?;
    let sentence =
        || format!("{payments} failed payments can still be saved: see Needs attention (`failure list`).");
    Ok((payments > 0).then(|| item("failures", DoctorState::Warning, sentence())))
}

/// Those that are told nothing although the seller wants it, and those that do not take what they are told.
async fn webhooks(app: &App) -> Result<Vec<DoctorItem>, ApiError> {
    let rows = app.store().webhooks().await?;
    let mut items = Vec::new();
    for row in &rows {
        let (state, sentence) = standing(app, row);
        let state = match state {
            WebhookState::On | WebhookState::Off => continue,
            WebhookState::Failing => DoctorState::Warning,
            WebhookState::GivenUp | WebhookState::Gone | WebhookState::SecretMissing => DoctorState::Wrong,
        };
        items.push(item("webhooks", state, sentence));
    }
    if items.is_empty() && !rows.is_empty() {
        items.push(item("webhooks", DoctorState::Well, "Every webhook that is on takes what it is told."));
    }
    Ok(items)
}

/// Every network that is set up: its node, its clock, its gas money.
async fn networks(app: &App) -> Result<Vec<DoctorItem>, ApiError> {
    let mut items = Vec::new();
    for row in app.store().networks().await? {
        let network = row.network;
        if app.engine().is_none() {
            let sentence = format!("{network} was not asked, because the stall is closed.");
            items.push(item("node", DoctorState::Unknown, sentence));
            continue;
        }
        let chain = match chain_of(app, network) {
            Ok(chain) => chain,
            Err(error) => {
                items.push(item("node", DoctorState::Wrong, error.message));
                continue;
            }
        };
        let asked = Instant::now();
        match timeout(PATIENCE, chain.head()).await {
            Ok(Ok(head)) => {
                let took = asked.elapsed().as_millis();
                let sentence = format!("{network} answers in {took} ms and is at block {}.", head.number);
                items.push(item("node", DoctorState::Well, sentence));
                items.push(clock(app, &network.to_string(), head.timestamp));
            }
            Ok(Err(error)) => {
                items.push(item("node", DoctorState::Wrong, ApiError::from(error).message));
            }
            Err(_) => {
                let sentence = format!("The node for {network} does not answer.");
                items.push(item("node", DoctorState::Wrong, sentence));
            }
        }
        let health = app.health_of(network).await;
        if let Some(sentence) = low_gas(app, &health, network).await? {
            items.push(item("gas", DoctorState::Wrong, sentence));
        }
    }
    Ok(items)
}

/// T10: windows are judged by the chain's clock, offers are made by this one.
fn clock(app: &App, network: &str, block: u64) -> DoctorItem {
    let now = now_in_seconds(app);
    let (ahead, behind) = (block.saturating_sub(now), now.saturating_sub(block));
    if ahead > SKEW {
        let sentence = format!(
            "This computer's clock is {ahead} seconds behind that of {network}. Set it by the network's time."
        );
        return item("clock", DoctorState::Wrong, sentence);
    }
    // A practice chain stands still while nothing is open.
    if behind > OLD_BLOCK && app.environment() != Environment::Practice {
        let sentence = format!(
            "The newest block of {network} is {behind} seconds old: its node lags behind, or this clock is fast."
        );
        return item("clock", DoctorState::Warning, sentence);
    }
    let at = app.clock().now().with_timezone(&Utc).format("%H:%M:%S");
    item(
        "clock",
        DoctorState::Well,
        format!("The clocks of this computer and of {network} agree; it is {at} UTC."),
    )
}

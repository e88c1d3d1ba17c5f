//! Backups that are made by themselves: when, where to, how many are kept, and what went wrong.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use store::{Change, Store};
use ts_rs::TS;

use super::gather;
use crate::keys::read_passphrase;
use crate::{ApiError, App};

/// The settings that say what is planned; beside them lies the password, in a file for its owner.
const EVERY: &str = "backup-every";
const FOLDER: &str = "backup-folder";
const KEEP: &str = "backup-keep";

/// When one was last made by itself, and what went wrong since: kept as settings are, so that whoever shows them hears of it.
const MADE_AT: &str = "backup-made-at";
const PROBLEM: &str = "backup-problem";

/// How long to wait after one that failed: the disk that it goes to may be plugged in by then.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// How long to wait when nothing is planned.
const IDLE: TimeDelta = TimeDelta::hours(6);

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export, rename = "BackupEvery")]
pub enum Every {
    /// Each day.
    Day,
    /// Each week.
    Week,
}

impl Every {
    const fn span(self) -> TimeDelta {
        match self {
            Self::Day => TimeDelta::days(1),
            Self::Week => TimeDelta::days(7),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
        }
    }
}

/// What is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) every: Every,
    pub(crate) folder: PathBuf,
    /// How many are kept; older ones of ours are removed.
    pub(crate) keep: u32,
}

impl Plan {
    pub(crate) async fn read(store: &Store) -> Result<Option<Self>, ApiError> {
        let every = match setting(store, EVERY).await?.as_deref() {
            Some("day") => Every::Day,
            Some("week") => Every::Week,
            Some(_) | None => return Ok(None),
        };
        let Some(folder) = setting(store, FOLDER).await? else { return Ok(None) };
        let keep = setting(store, KEEP).await?.and_then(|keep| keep.parse().ok()).unwrap_or(1);
        Ok(Some(Self { every, folder: PathBuf::from(folder), keep }))
    }

    /// Plans it, or nothing.
    pub(crate) async fn write(store: &Store, plan: Option<&Self>) -> Result<(), ApiError> {
        let values = match plan {
            Some(plan) => [
                (KEEP, plan.keep.to_string()),
                (FOLDER, plan.folder.to_string_lossy().into_owned()),
                (EVERY, plan.every.as_str().to_owned()),
            ],
            None => [EVERY, FOLDER, KEEP].map(|key| (key, String::new())),
        };
        store.set_setting(PROBLEM.to_owned(), String::new()).await?;
        for (key, value) in values {
            store.set_setting(key.to_owned(), value).await?;
        }
        Ok(())
    }
}

async fn setting(store: &Store, wanted: &str) -> Result<Option<String>, ApiError> {
    let settings = store.settings().await?;
    Ok(settings.into_iter().find(|(key, value)| key == wanted && !value.is_empty()).map(|(_, value)| value))
}

/// When the last one was made by itself.
pub(crate) async fn made_at(store: &Store) -> Result<Option<DateTime<Utc>>, ApiError> {
    let at = setting(store, MADE_AT).await?;
    Ok(at.and_then(|millis| millis.parse().ok()).and_then(DateTime::from_timestamp_millis))
}

/// Why the last one could not be made, if it could not.
pub(crate) async fn problem(store: &Store) -> Result<Option<String>, ApiError> {
    setting(store, PROBLEM).await
}

/// Makes each backup at its time, also when that was while nothing ran.
pub(crate) async fn follow(app: App) {
    let mut changes = app.store().changes();
    loop {
        changes.skip_missed();
        let plan = Plan::read(app.store()).await;
        let made = match &plan {
            Ok(Some(plan)) => due(&app, plan).await,
            Ok(None) => Ok(app.clock().now() + IDLE),
            Err(error) => Err(error.clone()),
        };
        let next = match made {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(error = %error.message, "a planned backup was not made");
                if let Err(error) = app.store().set_setting(PROBLEM.to_owned(), error.message).await {
                    tracing::warn!(%error, "that could not be noted");
                }
                app.clock().now() + AGAIN
            }
        };
        // Other settings change, too, not least what came of this one.
        let planned_anew = async {
            loop {
                match changes.next().await {
                    Some(Change::Settings | Change::Everything) => {
                        if Plan::read(app.store()).await != plan {
                            return true;
                        }
                    }
                    Some(_) => {}
                    None => return false,
                }
            }
        };
        let goes_on = tokio::select! {
            () = app.clock().sleep_until(next) => true,
            goes_on = planned_anew => goes_on,
        };
        if !goes_on {
            return;
        }
    }
}

/// Makes the one that is due. Answers when the next one is.
async fn due(app: &App, plan: &Plan) -> Result<DateTime<Utc>, ApiError> {
    let now = app.clock().now();
    if let Some(made_at) = made_at(app.store()).await?
        && made_at + plan.every.span() > now
    {
        return Ok(made_at + plan.every.span());
    }
    // Several stalls may put theirs into the same folder.
    let mine = format!("stallkeeper-{}-", app.folder()?.identity());
    let name = format!("{mine}{}{SUFFIX}", now.format("%Y%m%dT%H%M%SZ"));
    let password = read_passphrase(&app.folder()?.backup_passphrase())?;
    gather::make(app, plan.folder.join(name), password, false).await?;
    app.store().set_setting(MADE_AT.to_owned(), now.timestamp_millis().to_string()).await?;
    app.store().set_setting(PROBLEM.to_owned(), String::new()).await?;
    remove_older(&plan.folder, &mine, plan.keep);
    Ok(now + plan.every.span())
}

const SUFFIX: &str = ".backup";

/// Removes the oldest backups of this stall that were made by themselves, whose names end in dates.
fn remove_older(folder: &Path, mine: &str, keep: u32) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut names: Vec<_> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            name.strip_prefix(mine).and_then(|name| name.strip_suffix(SUFFIX)).is_some_and(is_date)
        })
        .collect();
    names.sort_unstable();
    let surplus = names.len().saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
    for name in names.into_iter().take(surplus) {
        if let Err(error) = fs::remove_file(folder.join(&name)) {
            tracing::warn!(%error, name, "an older backup stays");
        }
    }
}

fn is_date(text: &str) -> bool {
    chrono::NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_oldest_backups_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let others = "stallkeeper-theirs-20261118T120000Z.backup";
        let [a, b, c] =
            ["20261119", "20261120", "20261121"].map(|day| format!("stallkeeper-ours-{day}T120000Z.backup"));
        for name in [a.as_str(), &b, &c, others, "stallkeeper-ours-before-the-move.backup", "novel.pdf"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        remove_older(folder.path(), "stallkeeper-ours-", 2);
        let there = |name: &str| folder.path().join(name).exists();
        assert!(!there(&a) && there(&b) && there(&c));
        assert!(there(others) && there("stallkeeper-ours-before-the-move.backup") && there("novel.pdf"));
    }
}

//! The seller's switch: open for sales, closed, or paused until it opens by itself. With real money it stays off until what
//! has to be done before is done.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Environment;
use serde::{Deserialize, Serialize};
use store::Store;
use ts_rs::TS;

use crate::api::{StatusView, live, status};
use crate::keys::Keys;
use crate::{ApiError, App, ErrorCode};

/// The setting that keeps it: on, off, or until when it is paused, in Unix milliseconds.
const SELLING: &str = "selling";
const OFF: &str = "off";
const ON: &str = "on";
const UNTIL: &str = "until ";

/// The setting that says what a start does about it: closed, or as it was.
pub(crate) const AT_START: &str = "selling-at-start";
pub(crate) const CLOSED: &str = "closed";

/// The longest pause: whoever wants more closes the stall.
const LONGEST_PAUSE: u32 = 7 * 24 * 60;

/// Opens the stall for sales, closes it, or pauses it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct StallSet {
    /// Whether buyers are served. Kept across restarts.
    pub selling: bool,
    /// Closed for so many minutes only, a week at most: then it opens by itself.
    pub minutes: Option<u32>,
}

/// What the seller chose last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chosen {
    Nothing,
    On,
    Off,
    PausedUntil(DateTime<Utc>),
}

async fn chosen(store: &Store) -> Result<Chosen, ApiError> {
    let settings = store.settings().await?;
    let value = settings.into_iter().find(|(key, _)| key == SELLING).map(|(_, value)| value);
    let until = |text: &str| DateTime::from_timestamp_millis(text.strip_prefix(UNTIL)?.parse().ok()?);
    Ok(match value.as_deref() {
        Some(ON) => Chosen::On,
        Some(OFF) => Chosen::Off,
        Some(text) => until(text).map_or(Chosen::Nothing, Chosen::PausedUntil),
        None => Chosen::Nothing,
    })
}

/// What the seller wants now: open unless closed, but for real money only if opened. A pause that is over is no pause.
pub(crate) async fn is_chosen(
    store: &Store,
    environment: Environment,
    now: DateTime<Utc>,
) -> Result<bool, ApiError> {
    Ok(match chosen(store).await? {
        Chosen::Nothing => environment != Environment::Live,
        Chosen::On => true,
        Chosen::Off => false,
        Chosen::PausedUntil(until) => until <= now,
    })
}

/// Until when the stall is paused; none while it is not.
pub(crate) async fn paused_until(app: &App) -> Result<Option<DateTime<Utc>>, ApiError> {
    Ok(match chosen(app.store()).await? {
        Chosen::PausedUntil(until) if until > app.clock().now() => Some(until),
        Chosen::Nothing | Chosen::On | Chosen::Off | Chosen::PausedUntil(_) => None,
    })
}

/// Whether buyers are served: the seller wants it, and nothing stands against it.
pub(crate) async fn may_sell(
    store: &Store,
    environment: Environment,
    keys: &Keys,
    now: DateTime<Utc>,
) -> Result<bool, ApiError> {
    Ok(is_chosen(store, environment, now).await?
        && (environment != Environment::Live || live::missing(store, keys).await?.is_empty()))
}

/// A start leaves the switch as it was, unless the seller wants each to begin closed.
pub(crate) async fn begin(store: &Store) -> Result<(), ApiError> {
    let settings = store.settings().await?;
    if settings.iter().any(|(key, value)| key == AT_START && value == CLOSED) {
        store.set_setting(SELLING.to_owned(), OFF.to_owned()).await?;
    }
    Ok(())
}

pub(crate) async fn set(app: &App, request: StallSet) -> Result<StatusView, ApiError> {
    let value = match (request.selling, request.minutes) {
        (true, Some(_)) => {
            return Err(ApiError::invalid("A stall is paused for a time, and opened until it is closed."));
        }
        (true, None) => {
            live::must_be_ready(app).await?;
            ON.to_owned()
        }
        (false, None) => OFF.to_owned(),
        (false, Some(minutes)) => pause(app, minutes).await?,
    };
    app.store().set_setting(SELLING.to_owned(), value).await?;
    live::turn_switch(app).await?;
    status::status(app, ()).await
}

/// Only an open stall is paused, or one for real money could be opened by waiting.
async fn pause(app: &App, minutes: u32) -> Result<String, ApiError> {
    if !(1..=LONGEST_PAUSE).contains(&minutes) {
        return Err(ApiError::invalid("A pause lasts from a minute to a week."));
    }
    let now = app.clock().now();
    let is_open = is_chosen(app.store(), app.environment(), now).await?;
    if !is_open && paused_until(app).await?.is_none() {
        return Err(ApiError::new(ErrorCode::Conflict, "The stall is closed already."));
    }
    let until = now + TimeDelta::minutes(i64::from(minutes));
    Ok(format!("{UNTIL}{}", until.timestamp_millis()))
}

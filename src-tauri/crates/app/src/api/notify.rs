//! What the seller is told of, and how: in the window, by the system, with a sound. Whoever sits beside the stall tells
//! it; what is to be told, and when it is quiet, is said here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Amount, CAP_DECIMALS, LocalTime, Zone};
use serde::{Deserialize, Serialize};
use store::Store;
use ts_rs::TS;

use crate::api::{AttentionKind, AttentionView};
use crate::error::sentence;
use crate::{ApiError, App, clock};

/// The setting that keeps what was chosen.
const NOTIFY: &str = "notify";

/// What a seller can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NotifyEvent {
    /// Somebody bought something.
    Sale,
    /// Payments were not settled.
    Failure,
    /// A gas wallet cannot pay for what comes next.
    Gas,
    /// Nobody can buy, or fewer than should.
    Offline,
    /// A backup that should have been made was not.
    Backup,
    /// There is a newer version.
    Update,
}

impl NotifyEvent {
    const ALL: [Self; 6] = [Self::Sale, Self::Failure, Self::Gas, Self::Offline, Self::Backup, Self::Update];

    /// The window shows by itself what is wrong with the stall, for as long as it is.
    const fn usual(self) -> Ways {
        match self {
            Self::Sale | Self::Update => Ways { toast: true, system: true, sound: false },
            Self::Failure | Self::Gas | Self::Offline | Self::Backup => {
                Ways { toast: false, system: true, sound: false }
            }
        }
    }

    /// What of all that needs a look is told of.
    const fn of(kind: AttentionKind) -> Option<Self> {
        match kind {
            AttentionKind::Payments => Some(Self::Failure),
            AttentionKind::Gas => Some(Self::Gas),
            AttentionKind::Network | AttentionKind::Reach | AttentionKind::Cap => Some(Self::Offline),
            AttentionKind::Backup => Some(Self::Backup),
            AttentionKind::File | AttentionKind::Webhook | AttentionKind::Deletion => None,
        }
    }
}

/// The ways in which something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ways {
    toast: bool,
    system: bool,
    sound: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Choices {
    events: BTreeMap<NotifyEvent, Ways>,
    /// From when to when it is quiet, as this computer's clock shows it.
    quiet: Option<(String, String)>,
    /// What a sale has to bring to be told of, in millionths of a token.
    least: u64,
}

/// What the seller is told of, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NotifyView {
    /// Each thing once, always in the same order.
    pub items: Vec<NotifyItem>,
    /// From when to when neither the system shows anything nor a sound is heard, such as `22:00-07:00`; null for never.
    pub quiet: Option<String>,
    /// Whether it is such a time now.
    pub quiet_now: bool,
    /// The time zone of those times.
    pub zone: String,
    /// What a sale has to bring to be told of; null for any.
    pub least: Option<String>,
}

/// How one thing is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NotifyItem {
    /// What.
    pub event: NotifyEvent,
    /// In the window, for a moment.
    pub toast: bool,
    /// By the system's notifications.
    pub system: bool,
    /// Those with a sound.
    pub sound: bool,
}

/// Changes what is there and leaves the rest.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NotifySet {
    /// What the next three are about.
    pub event: Option<NotifyEvent>,
    /// In the window.
    pub toast: Option<bool>,
    /// By the system.
    pub system: Option<bool>,
    /// With a sound.
    pub sound: Option<bool>,
    /// From when to when it is quiet, such as `22:00-07:00`; empty for never.
    pub quiet: Option<String>,
    /// What a sale has to bring to be told of, such as `1.50`; empty for any.
    pub least: Option<String>,
}

/// Something that is told of when it begins.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AlertView {
    /// What it is.
    pub event: NotifyEvent,
    /// The same for as long as it lasts.
    pub id: String,
    /// How many payments it concerns: more of them are news.
    pub payments: u64,
    /// What it is, as a sentence.
    pub sentence: String,
}

impl AlertView {
    /// What is told of all that needs a look, and of why nothing can be sold.
    pub(crate) fn of(items: &[AttentionView], offline: Option<&str>) -> Vec<Self> {
        let told = items.iter().filter_map(|item| {
            let event = NotifyEvent::of(item.kind)?;
            let id = format!("{} {} {:?}", item.reason, item.network, item.endpoint);
            Some(Self { event, id, payments: item.payments, sentence: item.sentence.clone() })
        });
        let mut alerts: Vec<_> = told.collect();
        if let Some(why) = offline
            && !alerts.iter().any(|alert| alert.event == NotifyEvent::Offline)
        {
            let (event, id) = (NotifyEvent::Offline, "offline".to_owned());
            alerts.push(Self { event, id, payments: 0, sentence: why.to_owned() });
        }
        alerts
    }
}

async fn choices(store: &Store) -> Result<Choices, ApiError> {
    let kept = store.settings().await?.into_iter().find(|(key, _)| key == NOTIFY);
    // What cannot be read was never chosen.
    Ok(kept.and_then(|(_, text)| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub(crate) async fn show(app: &App, (): ()) -> Result<NotifyView, ApiError> {
    view(&choices(app.store()).await?, app.clock().now())
}

/// What a sale has to bring to be told of.
pub(crate) async fn least(app: &App) -> Result<Amount, ApiError> {
    Ok(Amount::from_atomic(choices(app.store()).await?.least).unwrap_or(Amount::MAX))
}

fn view(choices: &Choices, now: DateTime<Utc>) -> Result<NotifyView, ApiError> {
    let zone = clock::local_zone();
    let items = NotifyEvent::ALL.map(|event| {
        let Ways { toast, system, sound } = choices.events.get(&event).copied().unwrap_or(event.usual());
        NotifyItem { event, toast, system, sound }
    });
    let least = Amount::from_atomic(choices.least).unwrap_or(Amount::MAX);
    Ok(NotifyView {
        items: items.into(),
        quiet: choices.quiet.as_ref().map(|(from, to)| format!("{from}-{to}")),
        quiet_now: match &choices.quiet {
            Some((from, to)) => is_quiet(time(from)?, time(to)?, zone, now),
            None => false,
        },
        zone: zone.to_string(),
        least: (least > Amount::ZERO).then(|| least.to_decimal(CAP_DECIMALS)),
    })
}

/// A time that ends before it begins goes over midnight.
fn is_quiet(from: LocalTime, to: LocalTime, zone: Zone, now: DateTime<Utc>) -> bool {
    let at = zone.time(now);
    if from <= to { from <= at && at < to } else { from <= at || at < to }
}

fn time(text: &str) -> Result<LocalTime, ApiError> {
    text.trim()
        .parse()
        .map_err(|error: domain::LocalTimeError| ApiError::invalid(sentence(&error.to_string())))
}

pub(crate) async fn set(app: &App, request: NotifySet) -> Result<NotifyView, ApiError> {
    let mut kept = choices(app.store()).await?;
    let changes_ways = request.toast.is_some() || request.system.is_some() || request.sound.is_some();
    match request.event {
        Some(event) => {
            let ways = kept.events.entry(event).or_insert(event.usual());
            ways.toast = request.toast.unwrap_or(ways.toast);
            ways.system = request.system.unwrap_or(ways.system);
            ways.sound = request.sound.unwrap_or(ways.sound);
        }
        None if changes_ways => {
            return Err(ApiError::invalid("Say of what you want to be told so."));
        }
        None => {}
    }
    if let Some(quiet) = request.quiet {
        kept.quiet = span(&quiet)?;
    }
    if let Some(least) = request.least {
        let least = least.trim();
        let amount = if least.is_empty() {
            Amount::ZERO
        } else {
            Amount::from_decimal(least, CAP_DECIMALS)
                .map_err(|error| ApiError::invalid(sentence(&error.to_string())))?
        };
        kept.least = amount.atomic();
    }
    let text = serde_json::to_string(&kept)
        .map_err(|error| ApiError::new(crate::ErrorCode::Internal, error.to_string()))?;
    app.store().set_setting(NOTIFY.to_owned(), text).await?;
    view(&kept, app.clock().now())
}

fn span(text: &str) -> Result<Option<(String, String)>, ApiError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let Some((from, to)) = text.split_once('-') else {
        return Err(ApiError::invalid(format!("{text:?} is not a time of quiet; write 22:00-07:00.")));
    };
    let (from, to) = (time(from)?, time(to)?);
    if from == to {
        return Err(ApiError::invalid("A time of quiet has to end at another time than it begins."));
    }
    Ok(Some((from.to_string(), to.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight_in_the_zone_of_this_computer() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
        let (from, to) = (time("22:00").unwrap(), time("07:00").unwrap());
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        for (now, quiet) in [
            ("2026-11-21T20:59:00Z", false),
            ("2026-11-21T21:00:00Z", true),
            ("2026-11-22T05:59:59Z", true),
            ("2026-11-22T06:00:00Z", false),
        ] {
            assert_eq!(is_quiet(from, to, berlin, at(now)), quiet, "{now}");
            // The other way round, within a day.
            assert_eq!(is_quiet(to, from, berlin, at(now)), !quiet, "{now}");
        }
    }
}

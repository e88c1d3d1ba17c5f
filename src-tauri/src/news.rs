//! Follows the stall for everything beside the page: tray, notifications, keeping awake.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tauri::{AppHandle, Manager as _, Runtime};
use tokio::time::{Instant, sleep, timeout_at};

use crate::awake::Awake;
use crate::choices::{KeepAwake, Kept};
use crate::engine::Engine;
use crate::notices::{self, Heard};
use crate::tray::Tray;

/// The least between two questions, however much happens.
const PAUSE: Duration = Duration::from_secs(1);

/// The most between two: at midnight a new day begins without any change.
const AT_LATEST: Duration = Duration::from_secs(600);

/// How the stall stands, as `stall_news` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct News {
    pub(crate) environment: String,
    pub(crate) url: Option<String>,
    pub(crate) selling: bool,
    pub(crate) paused_until_time: Option<String>,
    pub(crate) offline_reason: Option<String>,
    pub(crate) sold_today: Sum,
    pub(crate) settled_today: Sum,
    pub(crate) pending: Sum,
    pub(crate) attention: u64,
    pub(crate) delivering: u64,
    pub(crate) settling: u64,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) notify: Notify,
    pub(crate) sales: Sum,
    pub(crate) title: Option<String>,
    pub(crate) next: String,
}

/// Something that is told when it begins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Alert {
    pub(crate) event: Event,
    pub(crate) id: String,
    pub(crate) payments: u64,
    pub(crate) sentence: String,
}

/// What can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    Sale,
    Failure,
    Gas,
    Offline,
    Backup,
    Update,
}

/// How the seller wants to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notify {
    pub(crate) items: Vec<Ways>,
    pub(crate) quiet_now: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Ways {
    pub(crate) event: Event,
    pub(crate) toast: bool,
    pub(crate) system: bool,
    pub(crate) sound: bool,
}

impl Notify {
    /// How one thing is told now: outside the window nothing is while it is quiet.
    pub(crate) fn ways(&self, event: Event) -> Ways {
        let chosen = self.items.iter().find(|ways| ways.event == event);
        let chosen = chosen.copied().unwrap_or(Ways { event, toast: false, system: false, sound: false });
        let system = chosen.system && !self.quiet_now;
        Ways { system, sound: system && chosen.sound, ..chosen }
    }
}

/// Some payments and what they come to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Sum {
    pub(crate) payments: u64,
    pub(crate) formatted: String,
}

/// Says that something may have changed.
#[derive(Clone, Default)]
pub(crate) struct Wake(Arc<tokio::sync::Notify>);

impl Wake {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Follows the stall as long as the program runs.
pub(crate) async fn follow<R: Runtime>(handle: AppHandle<R>) {
    let wake = handle.state::<Wake>().inner().clone();
    let mut before = Heard::default();
    let mut failed = false;
    loop {
        match ask(&handle, before.bundle.since()).await {
            Some(news) => {
                failed = false;
                heard(&handle, &mut before, news);
            }
            // Once: what was shown is no longer so.
            None if !failed => {
                failed = true;
                handle.state::<Tray<R>>().show(&handle, None);
                handle.state::<Awake>().want(false);
            }
            None => {}
        }
        sleep(PAUSE).await;
        let latest = Instant::now() + AT_LATEST;
        // Too late or in time: either way it is asked again.
        let _ =
            timeout_at(before.bundle.due().map_or(latest, |due| due.min(latest)), wake.0.notified()).await;
    }
}

async fn ask<R: Runtime>(handle: &AppHandle<R>, since: Option<&str>) -> Option<News> {
    let engine = handle.state::<Engine>();
    let answer = engine.dispatch("stall_news", json!({ "since": since })).await;
    let news = answer.map_err(|error| error.to_string());
    let news = news.and_then(|news| serde_json::from_value(news).map_err(|error| error.to_string()));
    news.inspect_err(|error| tracing::debug!(error, "the stall cannot be followed")).ok()
}

fn heard<R: Runtime>(handle: &AppHandle<R>, before: &mut Heard, news: News) {
    let choices = handle.state::<Kept>().get();
    handle.state::<Awake>().want(match choices.keep_awake {
        KeepAwake::Never => false,
        KeepAwake::Delivering => news.delivering > 0,
        KeepAwake::Selling => news.selling,
    });
    let sale = news.notify.ways(Event::Sale);
    before.is_of(&news.environment);
    if before.bundle.is_told(&news, sale.toast || sale.system, Instant::now()) {
        notices::sold(handle, &news);
    }
    for alert in before.alerts.begun(&news, Instant::now()) {
        notices::began(handle, &news.notify, &alert);
    }
    handle.state::<Tray<R>>().show(handle, Some(news));
}

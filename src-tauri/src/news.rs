//! Follows the stall for everything beside the page: tray, notifications, keeping awake.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tauri::{AppHandle, Manager as _, Runtime};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};

use crate::awake::Awake;
use crate::choices::{KeepAwake, Kept};
use crate::engine::Engine;
use crate::notices::{self, Bundle};
use crate::tray::Tray;

/// The least between two questions, however much happens.
const PAUSE: Duration = Duration::from_secs(1);

/// The most between two: at midnight a new day begins without any change.
const AT_LATEST: Duration = Duration::from_secs(600);

/// How the stall stands, as `stall_news` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct News {
    pub(crate) url: Option<String>,
    pub(crate) selling: bool,
    pub(crate) offline_reason: Option<String>,
    pub(crate) sold_today: Sum,
    pub(crate) settled_today: Sum,
    pub(crate) pending: Sum,
    pub(crate) attention: u64,
    pub(crate) delivering: u64,
    pub(crate) sales: Sum,
    pub(crate) title: Option<String>,
    pub(crate) next: String,
}

/// Some payments and what they come to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Sum {
    pub(crate) payments: u64,
    pub(crate) formatted: String,
}

/// Says that something may have changed.
#[derive(Clone, Default)]
pub(crate) struct Wake(Arc<Notify>);

impl Wake {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Follows the stall as long as the program runs.
pub(crate) async fn follow<R: Runtime>(handle: AppHandle<R>) {
    let wake = handle.state::<Wake>().inner().clone();
    let mut bundle = Bundle::default();
    let mut failed = false;
    loop {
        match ask(&handle, bundle.since()).await {
            Some(news) => {
                failed = false;
                heard(&handle, &mut bundle, news);
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
        let _ = timeout_at(bundle.due().map_or(latest, |due| due.min(latest)), wake.0.notified()).await;
    }
}

async fn ask<R: Runtime>(handle: &AppHandle<R>, since: Option<&str>) -> Option<News> {
    let engine = handle.state::<Engine>();
    let answer = engine.dispatch("stall_news", json!({ "since": since })).await;
    let news = answer.map_err(|error| error.to_string());
    let news = news.and_then(|news| serde_json::from_value(news).map_err(|error| error.to_string()));
    news.inspect_err(|error| tracing::debug!(error, "the stall cannot be followed")).ok()
}

fn heard<R: Runtime>(handle: &AppHandle<R>, bundle: &mut Bundle, news: News) {
    let choices = handle.state::<Kept>().get();
    handle.state::<Awake>().want(match choices.keep_awake {
        KeepAwake::Never => false,
        KeepAwake::Delivering => news.delivering > 0,
        KeepAwake::Selling => news.selling,
    });
    if bundle.is_told(&news, choices.notify, Instant::now()) {
        notices::sold(handle, &news);
    }
    handle.state::<Tray<R>>().show(handle, Some(news));
}

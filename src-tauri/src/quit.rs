//! Closing and quitting: the window goes into the tray where there is one, and whoever quits is told what is at stake.

use std::time::Duration;

use serde_json::Value;
use tauri::{AppHandle, Manager as _, Runtime};
use tokio::time::timeout;

use crate::choices::Kept;
use crate::engine::Engine;
use crate::tray::Tray;
use crate::wants::{self, Wants};
use crate::{notices, tray_host, window};

/// How long the stall is asked what is at stake: quitting must not hang.
const ASKED: Duration = Duration::from_secs(3);

/// The window was closed, at its frame or by a key.
pub(crate) fn closed<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let choices = handle.state::<Kept>().get();
        // Without a tray nobody could bring it back.
        if !choices.close_to_tray || !handle.state::<Tray<R>>().is_built() || !tray_host::is_there().await {
            return ask(&handle).await;
        }
        window::hide(&handle);
        if !choices.told_of_tray {
            notices::went_into_tray(&handle);
            if let Err(error) = handle.state::<Kept>().change(|choices| choices.told_of_tray = true) {
                tracing::warn!(%error, "this will be said again");
            }
        }
    });
}

/// Somebody wants to quit.
pub(crate) fn requested<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move { ask(&handle).await });
}

/// Quits, unless there is money at stake or somebody downloads: then the window asks. Who wants it a second time is not
/// asked again, so that a window that shows nothing any more can be closed.
async fn ask<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(at_stake) = at_stake(&handle.state::<Engine>()).await
        && !handle.state::<Wants>().ask_to_quit(at_stake)
    {
        window::show(handle);
        wants::tell(handle);
        return;
    }
    handle.exit(0);
}

/// What waits and would not be settled; none when nothing does, when another program goes on, or when nobody knows.
async fn at_stake(engine: &Engine) -> Option<Value> {
    if !engine.runs_here() {
        return None;
    }
    let preview = timeout(ASKED, engine.dispatch("quit_preview", Value::Null)).await.ok()?.ok()?;
    is_asked_about(&preview).then_some(preview)
}

/// Whether somebody would lose by it: the seller money, or a buyer a download that is under way.
fn is_asked_about(preview: &Value) -> bool {
    ["payments", "delivering"].iter().any(|what| preview[what].as_u64() > Some(0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn money_and_downloads_are_asked_about_before_it_ends() {
        assert!(is_asked_about(&json!({ "payments": 1, "delivering": 0 })));
        assert!(is_asked_about(&json!({ "payments": 0, "delivering": 1 })));
        assert!(!is_asked_about(&json!({ "payments": 0, "delivering": 0 })));
        assert!(!is_asked_about(&Value::Null));
    }
}

//! What the settings of this computer show and change.

use app::ApiError;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager as _, Runtime};

use crate::awake::{Awake, Held};
use crate::choices::{KeepAwake, Kept};
use crate::login::{self, AtLogin};
use crate::news::Wake;
use crate::tray::Tray;
use crate::updates::{self, Found, Updates};

/// How this program behaves on this computer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Computer {
    close_to_tray: bool,
    /// Whether there is a tray: without one, closing the window quits.
    tray: bool,
    /// Whether a newer version is looked for each day.
    look_daily: bool,
    keep_awake: KeepAwake,
    awake: Held,
    /// Null where the system does not say.
    start_at_login: Option<bool>,
    /// Whether it can be: not where this start was given a folder or an environment.
    start_at_login_possible: bool,
    version: &'static str,
    /// Whether this build knows where new versions are published.
    updates: bool,
    /// The newer version that was found.
    found: Option<Found>,
}

/// Changes what is there and leaves the rest.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Change {
    close_to_tray: Option<bool>,
    look_daily: Option<bool>,
    keep_awake: Option<KeepAwake>,
    start_at_login: Option<bool>,
}

pub(crate) fn show<R: Runtime>(handle: &AppHandle<R>) -> Computer {
    let choices = handle.state::<Kept>().get();
    let start_at_login = login::is_on(handle);
    if let Err(error) = &start_at_login {
        tracing::debug!(%error, "what starts at login is not known");
    }
    Computer {
        close_to_tray: choices.close_to_tray,
        tray: handle.state::<Tray<R>>().is_built(),
        look_daily: choices.look_daily,
        keep_awake: choices.keep_awake,
        awake: handle.state::<Awake>().held(),
        start_at_login: start_at_login.ok(),
        start_at_login_possible: handle.state::<AtLogin>().possible,
        version: env!("CARGO_PKG_VERSION"),
        updates: updates::are_configured(handle.config()),
        found: handle.state::<Updates>().found(),
    }
}

pub(crate) fn set<R: Runtime>(handle: &AppHandle<R>, change: Change) -> Result<Computer, ApiError> {
    if let Some(on) = change.start_at_login {
        handle.state::<AtLogin>().set(handle, on)?;
    }
    handle.state::<Kept>().change(|choices| {
        choices.close_to_tray = change.close_to_tray.unwrap_or(choices.close_to_tray);
        choices.look_daily = change.look_daily.unwrap_or(choices.look_daily);
        choices.keep_awake = change.keep_awake.unwrap_or(choices.keep_awake);
    })?;
    handle.state::<Wake>().wake();
    Ok(show(handle))
}

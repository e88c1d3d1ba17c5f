//! Starting at login, hidden.

use app::{ApiError, ErrorCode};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Runtime};
use tauri_plugin_autostart::ManagerExt as _;

/// The switch under which the program starts without showing its window.
pub(crate) const HIDDEN: &str = "--hidden";

/// Whether this start can be repeated at login: one that was given a folder or an environment cannot, because the system
/// starts the program without them.
pub(crate) struct AtLogin {
    pub(crate) possible: bool,
}

pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    tauri_plugin_autostart::Builder::new().app_name("Stallkeeper").arg(HIDDEN).build()
}

/// Whether it starts at login.
pub(crate) fn is_on<R: Runtime>(handle: &AppHandle<R>) -> Result<bool, ApiError> {
    handle.autolaunch().is_enabled().map_err(|error| failed(&error))
}

impl AtLogin {
    /// Starts it at login from now on, or no longer.
    pub(crate) fn set<R: Runtime>(&self, handle: &AppHandle<R>, on: bool) -> Result<(), ApiError> {
        if on && !self.possible {
            return Err(ApiError::new(
                ErrorCode::Conflict,
                "This Stallkeeper was started with a folder or an environment of its own. Only the usual one can start at login.",
            ));
        }
        let launcher = handle.autolaunch();
        let done = if on { launcher.enable() } else { launcher.disable() };
        done.map_err(|error| failed(&error))
    }
}

fn failed(error: &tauri_plugin_autostart::Error) -> ApiError {
    ApiError::new(ErrorCode::Unavailable, format!("The system does not say what starts at login: {error}."))
}

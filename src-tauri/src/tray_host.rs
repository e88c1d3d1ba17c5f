//! Whether anything on this computer shows icons in a tray.

use std::time::Duration;

use tauri::{AppHandle, Manager as _, Runtime};
use tokio::time::{Instant, sleep};

use crate::tray::Tray;
use crate::window;

/// At login the desktop may come up after us.
const SOON: Duration = Duration::from_secs(30);
const LOOK_SOON: Duration = Duration::from_secs(1);
const LOOK_LATER: Duration = Duration::from_secs(60);

/// Puts the icon into the tray as soon as there is one. A window that began hidden is shown if none comes.
pub(crate) async fn await_tray<R: Runtime>(handle: AppHandle<R>, hidden: bool) {
    let soon = Instant::now() + SOON;
    let mut hidden = hidden;
    while !is_there().await {
        if Instant::now() < soon {
            sleep(LOOK_SOON).await;
            continue;
        }
        if std::mem::take(&mut hidden) {
            window::show(&handle);
        }
        sleep(LOOK_LATER).await;
    }
    handle.state::<Tray<R>>().build(&handle);
}

#[cfg(target_os = "linux")]
pub(crate) async fn is_there() -> bool {
    let asked =
        tauri::async_runtime::spawn_blocking(|| library_is_there() && ask().unwrap_or_default()).await;
    asked.unwrap_or_default()
}

/// Whether the library that shows the icon is installed. It is loaded when the first icon is made, and that ends the
/// program where it is missing.
#[cfg(target_os = "linux")]
fn library_is_there() -> bool {
    const NAMES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    let named = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let roots = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"].map(std::path::PathBuf::from);
    // Debian keeps those of each architecture apart.
    let apart = roots.iter().filter_map(|root| std::fs::read_dir(root).ok()).flatten().flatten();
    let apart = apart.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with("-linux-gnu"));
    let folders = std::env::split_paths(&named).chain(apart).chain(roots.iter().cloned());
    folders.into_iter().any(|folder| NAMES.iter().any(|name| folder.join(name).exists()))
}

/// Without an answer there is none.
#[cfg(target_os = "linux")]
fn ask() -> zbus::Result<bool> {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let bus =
        zbus::blocking::connection::Builder::session()?.method_timeout(Duration::from_secs(2)).build()?;
    let wanted = (WATCHER, "IsStatusNotifierHostRegistered");
    let properties = Some("org.freedesktop.DBus.Properties");
    let answer = bus.call_method(Some(WATCHER), "/StatusNotifierWatcher", properties, "Get", &wanted)?;
    let value: zbus::zvariant::OwnedValue = answer.body().deserialize()?;
    Ok(bool::try_from(value)?)
}

#[cfg(not(target_os = "linux"))]
pub(crate) async fn is_there() -> bool {
    true
}

use tauri::{AppHandle, Runtime};

/// Ends the program in order when the system or a terminal asks it to.
#[cfg(unix)]
pub(crate) fn obey<R: Runtime>(handle: &AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            tracing::warn!("signals cannot be heard");
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        handle.exit(0);
    });
}

/// Ends the program in order when a terminal asks it to.
#[cfg(not(unix))]
pub(crate) fn obey<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            handle.exit(0);
        }
    });
}

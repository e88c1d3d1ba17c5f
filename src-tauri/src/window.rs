//! The one window, when it is shown, and where it may go: nowhere but to the front end it was built with.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::plugin::TauriPlugin;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{App, AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

pub(crate) const LABEL: &str = "main";

/// A window whose page is not read by then is shown all the same.
const SHOWN_WITHIN: Duration = Duration::from_secs(3);

/// Whether the window waits until its page was read. Not after it was shown once: a page that is read again brings
/// nothing back into sight.
struct Awaited(AtomicBool);

impl Awaited {
    /// Whether it did until now.
    fn end(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Notes whether the window is to be shown, before it is opened.
pub(crate) fn manage<R: Runtime>(handle: &AppHandle<R>, hidden: bool) {
    handle.manage(Awaited(AtomicBool::new(!hidden)));
}

/// Opens the window, and shows it as soon as its page was read unless it is to begin hidden. Shown before, `WebKitGTK` may
/// be asked for a picture while the process of the page still waits for this one: it then waits for that process, and
/// nothing goes on for half a second. Shown later still, the page would be laid out for no
/// size at all first.
pub(crate) fn open<R: Runtime>(tauri: &App<R>) -> tauri::Result<()> {
    let development = tauri.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    WebviewWindowBuilder::new(tauri, LABEL, WebviewUrl::default())
        .title("Stallkeeper")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        .visible(false)
        .on_navigation(move |url| is_front_end(url, development.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                present(window.app_handle());
            }
        })
        .build()?;
    let handle = tauri.handle().clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_WITHIN).await;
        present(&handle);
    });
    Ok(())
}

/// Shows the window for the first time, unless it was to begin hidden.
fn present<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(LABEL)
        && handle.state::<Awaited>().end()
        && let Err(error) = window.show()
    {
        tracing::warn!(%error, "the window stays out of sight");
    }
}

/// Keeps the window's size and place for the next start.
pub(crate) fn remembered<R: Runtime>() -> TauriPlugin<R> {
    let kept = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::new().with_state_flags(kept).build()
}

/// Brings the window to the front, for whoever asks for it. One that is not there yet is shown when its page was read.
pub(crate) fn show<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(LABEL) {
        handle.state::<Awaited>().end();
        // A window manager may refuse any of these; the window is then where it was.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Takes the window out of sight; its page goes on.
pub(crate) fn hide<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(LABEL)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window stays in sight");
    }
}

/// Embedded pages have an origin of their own: `tauri://localhost`, or on Windows
/// `http://tauri.localhost`. A development build loads them from its server instead.
fn is_front_end(url: &Url, development: Option<&Url>) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" if cfg!(windows) && url.host_str() == Some("tauri.localhost") => true,
        _ => development.is_some_and(|page| page.origin() == url.origin() && page.scheme() == url.scheme()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(url: &str, development: Option<&str>) -> bool {
        is_front_end(&url.parse().unwrap(), development.map(|page| page.parse().unwrap()).as_ref())
    }

    /// T79: one command, one event, one window, no page from elsewhere; and no part that reaches files, programs or the net.
    #[test]
    fn the_page_may_ask_one_command_and_nothing_else_of_the_system() {
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let mut names: Vec<_> = capability.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["$schema", "description", "identifier", "permissions", "windows"]);
        assert_eq!(capability["windows"], serde_json::json!([LABEL]));
        assert_eq!(
            capability["permissions"],
            serde_json::json!(["allow-call", "core:event:allow-listen", "core:event:allow-unlisten"])
        );
        let others = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/capabilities")).unwrap();
        assert_eq!(others.count(), 1);
        let config: serde_json::Value = serde_json::from_str(include_str!("../tauri.conf.json")).unwrap();
        let security = &config["app"]["security"];
        assert_eq!(security["capabilities"], serde_json::json!(["main"]));
        let policy = security["csp"].as_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("https:"),
            "{policy}"
        );
        let manifest = include_str!("../Cargo.toml");
        for part in ["-fs", "-shell", "-http", "-websocket", "-process", "-upload", "-sql"] {
            assert!(!manifest.contains(&format!("tauri-plugin{part}")), "tauri-plugin{part}");
        }
    }

    #[test]
    fn the_window_stays_on_its_own_pages() {
        assert!(allowed("tauri://localhost/payments?state=queued", None));
        for elsewhere in [
            "https://example.org/",
            "http://localhost:5173/",
            "http://127.0.0.1:4021/",
            "file:///etc/passwd",
            "data:text/html,x",
            "tauri://elsewhere/",
        ] {
            assert!(!allowed(elsewhere, None), "{elsewhere}");
        }
    }

    #[test]
    fn a_development_build_also_shows_its_server_and_no_other() {
        let server = Some("http://localhost:5173/");
        assert!(allowed("http://localhost:5173/src/main.ts", server));
        assert!(!allowed("http://localhost:5174/", server));
        assert!(!allowed("https://localhost:5173/", server));
    }
}

//! What only the window's program can do: open a link outside, let the person choose a file or a folder, colour
//! the title bar, and whatever concerns this computer. None of it reaches the engine, and the page gets no other way to any of it.

use std::path::PathBuf;

use app::{ApiError, Environment, ErrorCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::ipc::JavaScriptChannelId;
use tauri::{AppHandle, Manager, Runtime, Theme, Url};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use crate::computer::{self, Change};
use crate::content::Content;
use crate::crash_reports::Reports;
use crate::engine::Engine;
use crate::hearing::Hearing;
use crate::saved::Saved;
use crate::tray::Tray;
use crate::updates::Updates;
use crate::wants::Wants;
use crate::window::LABEL;
use crate::words::{Spoken, Words};

/// The folder that holds everything, where there is a place for it.
pub(crate) struct DataFolder(pub(crate) Option<PathBuf>);

/// A command of the window's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    /// The page hears what goes stale from now on.
    Hear,
    OpenUrl,
    PickFile,
    PickFolder,
    SaveFile,
    /// A file that the page made itself.
    SaveContent,
    ShowFile,
    OpenData,
    SetTheme,
    /// What the program wants of the page.
    Wants,
    /// What the tray and notifications say.
    Speak,
    /// Nobody wants to quit any more.
    Stay,
    Quit,
    /// The window is closed by a key.
    Close,
    /// Somebody wants to quit by a key.
    AskToQuit,
    Computer,
    SetComputer,
    Crashes,
    SaveCrash,
    DeleteCrash,
    LookForUpdate,
    InstallUpdate,
    /// Another environment takes the place of this one.
    Switch,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hear {
    /// What the page calls itself when it asks.
    page: String,
    told: JavaScriptChannelId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrashName {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchTo {
    environment: Environment,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaveCrash {
    name: String,
    path: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenUrl {
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaveFile {
    /// What the file is called unless the person says otherwise.
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowFile {
    path: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetTheme {
    theme: ThemeName,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ThemeName {
    System,
    Light,
    Dark,
}

impl Shell {
    /// The command of that name, if it is the window's own.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "shell_hear" => Some(Self::Hear),
            "shell_open_url" => Some(Self::OpenUrl),
            "shell_pick_file" => Some(Self::PickFile),
            "shell_pick_folder" => Some(Self::PickFolder),
            "shell_save_file" => Some(Self::SaveFile),
            "shell_save_content" => Some(Self::SaveContent),
            "shell_show_file" => Some(Self::ShowFile),
            "shell_open_data" => Some(Self::OpenData),
            "shell_set_theme" => Some(Self::SetTheme),
            "shell_wants" => Some(Self::Wants),
            "shell_speak" => Some(Self::Speak),
            "shell_stay" => Some(Self::Stay),
            "shell_quit" => Some(Self::Quit),
            "shell_close" => Some(Self::Close),
            "shell_ask_to_quit" => Some(Self::AskToQuit),
            "shell_computer" => Some(Self::Computer),
            "shell_set_computer" => Some(Self::SetComputer),
            "shell_crashes" => Some(Self::Crashes),
            "shell_save_crash" => Some(Self::SaveCrash),
            "shell_delete_crash" => Some(Self::DeleteCrash),
            "shell_look_for_update" => Some(Self::LookForUpdate),
            "shell_install_update" => Some(Self::InstallUpdate),
            "shell_switch" => Some(Self::Switch),
            _ => None,
        }
    }

    pub(crate) async fn run<R: Runtime>(
        self,
        handle: &AppHandle<R>,
        engine: &Engine,
        body: Value,
    ) -> Result<Value, ApiError> {
        match self {
            Self::Hear => {
                let Hear { page, told } = request(body)?;
                let window = handle.get_webview_window(LABEL).ok_or_else(|| {
                    ApiError::new(ErrorCode::Unavailable, "There is no window that could hear.")
                })?;
                handle.state::<Hearing>().begin(page, told.channel_on(window.as_ref().clone()));
                Ok(Value::Null)
            }
            Self::OpenUrl => {
                let OpenUrl { url } = request(body)?;
                open_url(engine, &url).await.map(|()| Value::Null)
            }
            Self::PickFile => Ok(json!(pick_file(handle).await?)),
            Self::PickFolder => Ok(json!(pick_folder(handle).await?)),
            Self::SaveFile => {
                let SaveFile { name } = request(body)?;
                Ok(json!(save_file(handle, &name).await?))
            }
            Self::SaveContent => {
                let content: Content = request(body)?;
                content.check()?;
                let chosen = save_file(handle, &content.name).await?;
                if let Some(path) = &chosen {
                    content.write(path.as_ref())?;
                }
                Ok(json!(chosen))
            }
            Self::ShowFile => {
                let ShowFile { path } = request(body)?;
                show_file(handle, path).await.map(|()| Value::Null)
            }
            Self::OpenData => open_data(handle).await.map(|()| Value::Null),
            Self::SetTheme => {
                let SetTheme { theme } = request(body)?;
                set_theme(handle, theme).map(|()| Value::Null)
            }
            Self::Wants => Ok(json!(handle.state::<Wants>().take())),
            Self::Speak => {
                let words: Words = request(body)?;
                if handle.state::<Spoken>().set(words) {
                    handle.state::<Tray<R>>().speak(handle);
                }
                Ok(Value::Null)
            }
            Self::Stay => {
                handle.state::<Wants>().stay();
                Ok(Value::Null)
            }
            Self::Quit => {
                handle.exit(0);
                Ok(Value::Null)
            }
            Self::Close => {
                crate::quit::closed(handle);
                Ok(Value::Null)
            }
            Self::AskToQuit => {
                crate::quit::requested(handle);
                Ok(Value::Null)
            }
            Self::Computer => Ok(json!(computer::show(handle))),
            Self::SetComputer => {
                let change: Change = request(body)?;
                Ok(json!(computer::set(handle, change)?))
            }
            Self::Crashes => Ok(json!({ "items": handle.state::<Reports>().list() })),
            Self::SaveCrash => {
                let SaveCrash { name, path } = request(body)?;
                must_be_chosen(handle, &path)?;
                handle.state::<Reports>().save(&name, &path).map(|()| Value::Null)
            }
            Self::DeleteCrash => {
                let CrashName { name } = request(body)?;
                handle.state::<Reports>().delete(&name).map(|()| Value::Null)
            }
            Self::LookForUpdate => Ok(json!(handle.state::<Updates>().look(handle).await?)),
            Self::Switch => {
                let SwitchTo { environment } = request(body)?;
                engine.switch(environment).await.map(|()| Value::Null)
            }
            Self::InstallUpdate => {
                handle.state::<Updates>().install(handle, engine).await.map(|()| Value::Null)
            }
        }
    }
}

/// Only where the person said that a file goes, one is written or shown.
fn must_be_chosen<R: Runtime>(handle: &AppHandle<R>, path: &std::path::Path) -> Result<(), ApiError> {
    if handle.try_state::<Saved>().is_some_and(|saved| saved.knows(path)) {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::InvalidRequest, "This file was not saved from here."))
}

fn request<T: DeserializeOwned>(body: Value) -> Result<T, ApiError> {
    serde_json::from_value(body).map_err(|error| {
        ApiError::new(ErrorCode::InvalidRequest, format!("The request cannot be understood: {error}."))
    })
}

/// Opens a link in the person's own browser.
pub(crate) async fn open_url(engine: &Engine, url: &str) -> Result<(), ApiError> {
    let refused = || ApiError::new(ErrorCode::InvalidRequest, "This link is not opened from here.");
    let url: Url = url.parse().map_err(|_| refused())?;
    if !is_explorer(&url) {
        let status = engine.dispatch("status", Value::Null).await.ok();
        let stall = status.and_then(|status| status["url"].as_str()?.parse().ok());
        if !stall.is_some_and(|stall| is_at(&url, &stall)) {
            return Err(refused());
        }
    }
    let opened =
        tauri::async_runtime::spawn_blocking(move || tauri_plugin_opener::open_url(url, None::<&str>)).await;
    let failed =
        |why: String| ApiError::new(ErrorCode::Unavailable, format!("The link cannot be opened: {why}."));
    opened.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

/// Whether it leads to the explorer of a known network.
fn is_explorer(url: &Url) -> bool {
    url.scheme() == "https"
        && has_no_name(url)
        && app::explorers()
            .any(|explorer| explorer.parse().is_ok_and(|explorer: Url| url.origin() == explorer.origin()))
}

/// Whether it leads to the stall, whatever is sold there.
fn is_at(url: &Url, stall: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.origin() == stall.origin() && has_no_name(url)
}

/// A name or a password in a link makes it look like another one.
fn has_no_name(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Lets the person choose a file; none when they chose none.
async fn pick_file<R: Runtime>(handle: &AppHandle<R>) -> Result<Option<String>, ApiError> {
    let mut dialog = handle.dialog().file();
    if let Some(window) = handle.get_webview_window(LABEL) {
        dialog = dialog.set_parent(&window);
    }
    let (chosen, answer) = oneshot::channel();
    dialog.pick_file(move |file| drop(chosen.send(file)));
    answer.await.ok().flatten().map(|file| place(file.into_path().ok())).transpose()
}

/// Lets the person choose a folder; none when they chose none.
async fn pick_folder<R: Runtime>(handle: &AppHandle<R>) -> Result<Option<String>, ApiError> {
    let mut dialog = handle.dialog().file();
    if let Some(window) = handle.get_webview_window(LABEL) {
        dialog = dialog.set_parent(&window);
    }
    let (chosen, answer) = oneshot::channel();
    dialog.pick_folder(move |folder| drop(chosen.send(folder)));
    answer.await.ok().flatten().map(|folder| place(folder.into_path().ok())).transpose()
}

/// Lets the person say where a new file goes, and remembers it; none when they did not. Nothing is written here.
async fn save_file<R: Runtime>(handle: &AppHandle<R>, name: &str) -> Result<Option<String>, ApiError> {
    let mut dialog = handle.dialog().file().set_file_name(name);
    if let Some(window) = handle.get_webview_window(LABEL) {
        dialog = dialog.set_parent(&window);
    }
    let (chosen, answer) = oneshot::channel();
    dialog.save_file(move |file| drop(chosen.send(file)));
    let path = answer.await.ok().flatten().map(|file| place(file.into_path().ok())).transpose()?;
    if let (Some(path), Some(saved)) = (&path, handle.try_state::<Saved>()) {
        saved.note(path);
    }
    Ok(path)
}

/// Shows a file that was saved to in its folder.
async fn show_file<R: Runtime>(handle: &AppHandle<R>, path: PathBuf) -> Result<(), ApiError> {
    must_be_chosen(handle, &path)?;
    let shown =
        tauri::async_runtime::spawn_blocking(move || tauri_plugin_opener::reveal_item_in_dir(path)).await;
    let failed =
        |why: String| ApiError::new(ErrorCode::Unavailable, format!("The folder cannot be opened: {why}."));
    shown.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

/// Opens the data folder, and nothing else, in the system's own program for folders.
async fn open_data<R: Runtime>(handle: &AppHandle<R>) -> Result<(), ApiError> {
    let failed =
        |why: String| ApiError::new(ErrorCode::Unavailable, format!("The folder cannot be opened: {why}."));
    let folder = handle.state::<DataFolder>().0.clone().ok_or_else(|| failed("there is none".to_owned()))?;
    let opened =
        tauri::async_runtime::spawn_blocking(move || tauri_plugin_opener::open_path(folder, None::<&str>))
            .await;
    opened.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

/// Where a chosen file is, as the page writes it.
fn place(path: Option<PathBuf>) -> Result<String, ApiError> {
    path.and_then(|path| path.into_os_string().into_string().ok()).ok_or_else(|| {
        ApiError::new(
            ErrorCode::File,
            "This file's name has letters that cannot be read. Give it another name, then choose it again.",
        )
    })
}

/// Gives the window's frame the theme of its page.
fn set_theme<R: Runtime>(handle: &AppHandle<R>, theme: ThemeName) -> Result<(), ApiError> {
    let theme = match theme {
        ThemeName::System => None,
        ThemeName::Light => Some(Theme::Light),
        ThemeName::Dark => Some(Theme::Dark),
    };
    let Some(window) = handle.get_webview_window(LABEL) else { return Ok(()) };
    let set = || {
        window.set_theme(theme)?;
        // There no theme means light, also on a dark desktop, and what the desktop does later is followed all the same.
        if cfg!(target_os = "linux") && theme.is_none() {
            window.set_theme(Some(window.theme()?))?;
        }
        Ok(())
    };
    set().map_err(|error: tauri::Error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn links_lead_to_explorers_over_https_and_nowhere_else() {
        for explorer in ["https://sepolia.basescan.org", "https://testnet.snowtrace.io"] {
            assert!(is_explorer(&url(&format!("{explorer}/tx/0x12"))), "{explorer}");
        }
        for elsewhere in [
            "http://sepolia.basescan.org/tx/0x12",
            "https://sepolia.basescan.org:8443/",
            "https://sepolia.basescan.org.example.org/",
            "https://basescan.org@example.org/",
            "https://user@basescan.org/",
            "https://example.org/?basescan.org",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert!(!is_explorer(&url(elsewhere)), "{elsewhere}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_whose_name_cannot_be_read_is_not_taken_for_none() {
        use std::os::unix::ffi::OsStringExt as _;
        let name = std::ffi::OsString::from_vec(b"/home/ada/caf\xe9.pdf".to_vec());
        assert_eq!(place(Some(name.into())).unwrap_err().code, ErrorCode::File);
        assert_eq!(place(Some("/home/ada/guide.pdf".into())).unwrap(), "/home/ada/guide.pdf");
    }

    #[test]
    fn the_stalls_own_links_open_whatever_they_sell() {
        let stall = url("http://127.0.0.1:4021");
        assert!(is_at(&url("http://127.0.0.1:4021/guide"), &stall));
        for elsewhere in [
            "http://127.0.0.1:4022/guide",
            "https://127.0.0.1:4021/guide",
            "http://x@127.0.0.1:4021/guide",
            "http://127.0.0.1.example.org:4021/guide",
            "file:///guide",
        ] {
            assert!(!is_at(&url(elsewhere), &stall), "{elsewhere}");
        }
    }
}

//! Stallkeeper's window: it shows [`app`] and adds nothing to it. The engine runs in this process,
//! or in the one that owns the data folder already; what the window asks goes through one command
//! to the same list the command line uses.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod awake;
mod choices;
mod clipboard;
mod computer;
mod content;
mod crash;
mod crash_reports;
mod deep_link;
mod engine;
mod hearing;
mod ipc;
mod login;
mod news;
mod notices;
#[cfg(target_os = "linux")]
mod painting;
mod quit;
mod saved;
mod shell;
mod signals;
mod tray;
mod tray_host;
mod updates;
mod wants;
mod window;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{Config, DailyLog};
use clap::Parser as _;
use tauri::{AppHandle, Manager, RunEvent, Runtime, WindowEvent};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::arguments::Arguments;
use crate::engine::Engine;
use crate::wants::Place;

fn main() -> ExitCode {
    if let Some(code) = app::supervise(std::env::args().skip(1)) {
        return code;
    }
    let arguments = Arguments::parse();
    #[cfg(target_os = "linux")]
    painting::choose();
    // Without a place for data the engine says so; there is no place for a log or a report either.
    let data_dir = Config::data_dir(arguments.data_dir.clone()).ok();
    log(data_dir.as_deref());
    if let Some(folder) = &data_dir {
        crash::write_reports_to(folder.join(crash_reports::FOLDER));
    }
    match run(arguments, data_dir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window cannot be shown");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments, data_dir: Option<PathBuf>) -> tauri::Result<()> {
    let mut builder = tauri::Builder::default();
    if arguments.data_dir.is_none() {
        // First of all plugins: a second start must end before anything else of it begins. Whoever
        // names a folder may mean another stall; that one's owner is found through the folder.
        builder = builder.plugin(tauri_plugin_single_instance::init(|handle, arguments, _folder| {
            again(handle, arguments);
        }));
    }
    let tauri = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(login::plugin())
        .plugin(window::remembered())
        .invoke_handler(tauri::generate_handler![ipc::call])
        .setup(|tauri| {
            let handle = tauri.handle();
            signals::obey(handle);
            let (hidden, link) = (arguments.hidden, arguments.link.clone());
            manage(handle, &arguments, data_dir);
            let hearing = handle.state::<hearing::Hearing>().inner().clone();
            let wake = handle.state::<news::Wake>().inner().clone();
            tauri.manage(Engine::start(arguments.into(), move |event| {
                wake.wake();
                hearing.tell(event);
            }));
            follow(handle, link.as_deref());
            window::open(tauri)?;
            notices::follow_clicks(handle);
            tauri::async_runtime::spawn(news::follow(handle.clone()));
            tauri::async_runtime::spawn(updates::look_daily(handle.clone()));
            tauri::async_runtime::spawn(tray_host::await_tray(handle.clone(), hidden));
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                quit::closed(window.app_handle());
            }
        })
        .build(tauri::generate_context!())?;
    tauri.run(|handle, event| match event {
        RunEvent::Exit => tauri::async_runtime::block_on(handle.state::<Engine>().stop()),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => urls.iter().for_each(|url| follow(handle, Some(url.as_str()))),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(handle),
        _ => {}
    });
    Ok(())
}

/// Hands over what the parts beside the engine keep.
fn manage<R: Runtime>(handle: &AppHandle<R>, arguments: &Arguments, data_dir: Option<PathBuf>) {
    handle.manage(hearing::Hearing::default());
    handle.manage(saved::Saved::default());
    handle.manage(wants::Wants::default());
    handle.manage(words::Spoken::default());
    handle.manage(news::Wake::default());
    handle.manage(updates::Updates::default());
    handle.manage(tray::Tray::<R>::default());
    handle.manage(awake::Awake::start(handle));
    handle.manage(clipboard::Clipboard::start());
    handle.manage(choices::Kept::of(data_dir.as_deref()));
    handle.manage(shell::DataFolder(data_dir.clone()));
    window::manage(handle, arguments.hidden);
    handle
        .manage(login::AtLogin { possible: arguments.data_dir.is_none() && arguments.environment.is_none() });
    handle.manage(crash_reports::Reports(data_dir.map(|folder| folder.join(crash_reports::FOLDER))));
}

/// The program was started while it runs.
fn again<R: Runtime>(handle: &AppHandle<R>, arguments: Vec<String>) {
    // Whatever it was given, the window is what was asked for; only a start at login is quiet.
    let arguments = Arguments::try_parse_from(arguments).ok();
    if arguments.as_ref().is_some_and(|arguments| arguments.hidden) {
        return;
    }
    follow(handle, arguments.and_then(|arguments| arguments.link).as_deref());
    window::show(handle);
}

/// Goes where a link leads, if it leads anywhere.
fn follow<R: Runtime>(handle: &AppHandle<R>, link: Option<&str>) {
    if let Some(payment) = link.and_then(deep_link::payment_of) {
        wants::show_at(handle, Place::Payment { payment });
    }
}

/// The log goes to stderr, where `STALLKEEPER_LOG` says what it shows, in the syntax of `RUST_LOG`; and into the data
/// folder.
fn log(data_dir: Option<&Path>) {
    let filter = EnvFilter::try_from_env("STALLKEEPER_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let shown = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(filter);
    let kept = data_dir.map(DailyLog::of).map(|log| {
        let lines = tracing_subscriber::fmt::layer().json().with_writer(move || log.clone());
        lines.with_filter(EnvFilter::new("info"))
    });
    tracing_subscriber::registry().with(shown).with(kept).init();
}

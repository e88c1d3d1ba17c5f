//! Stallkeeper's window: it shows [`app`] and adds nothing to it. The engine runs in this process,
//! or in the one that owns the data folder already; what the window asks goes through one command
//! to the same list the command line uses.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod engine;
mod ipc;
mod saved;
mod shell;
mod signals;
mod window;

use std::process::ExitCode;

use clap::Parser as _;
use tauri::{Emitter, Manager, RunEvent};

use crate::arguments::Arguments;
use crate::engine::Engine;

fn main() -> ExitCode {
    if let Some(code) = app::supervise(std::env::args().skip(1)) {
        return code;
    }
    let arguments = Arguments::parse();
    log();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window cannot be shown");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> tauri::Result<()> {
    let mut builder = tauri::Builder::default();
    if arguments.data_dir.is_none() {
        // First of all plugins: a second start must end before anything else of it begins. Whoever
        // names a folder may mean another stall; that one's owner is found through the folder.
        builder = builder
            .plugin(tauri_plugin_single_instance::init(|handle, _arguments, _folder| window::show(handle)));
    }
    let tauri = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(window::remembered())
        .invoke_handler(tauri::generate_handler![ipc::call])
        .setup(|tauri| {
            signals::obey(tauri.handle());
            let handle = tauri.handle().clone();
            tauri.manage(saved::Saved::default());
            tauri.manage(Engine::start(arguments.into(), move |event| {
                if let Err(error) = handle.emit(ipc::EVENT, event) {
                    tracing::debug!(%error, "the window did not hear what went stale");
                }
            }));
            window::open(tauri)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    tauri.run(|handle, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(handle.state::<Engine>().stop());
        }
    });
    Ok(())
}

/// The log goes to stderr. What it shows is set with `STALLKEEPER_LOG`, in the syntax of `RUST_LOG`.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("STALLKEEPER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

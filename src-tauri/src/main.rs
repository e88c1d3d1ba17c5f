//! Stallkeeper's window: it shows [`app`] and adds nothing to it. The engine runs in this process;
//! what the window asks goes through one command to the same list the command line uses.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod engine;
mod ipc;
mod window;

use tauri::{Manager, RunEvent};

use crate::engine::Engine;

fn main() -> tauri::Result<()> {
    let tauri = tauri::Builder::default()
        // First of all plugins: a second start must end before anything else of it begins.
        .plugin(tauri_plugin_single_instance::init(|handle, _arguments, _folder| window::show(handle)))
        .invoke_handler(tauri::generate_handler![ipc::call])
        .setup(|tauri| {
            tauri.manage(Engine::start());
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

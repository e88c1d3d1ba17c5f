//! The window's door: one command that leads to the app's list.

use app::ApiError;
use serde_json::Value;
use tauri::{AppHandle, Runtime, State};

use crate::engine::Engine;
use crate::hearing::Hearing;
use crate::shell::Shell;

/// Runs one command of the list, or one of the window's own. Rejects with `{ code, message }`. The page that
/// asks is answered from the list once it hears what goes stale.
#[tauri::command]
pub(crate) async fn call<R: Runtime>(
    handle: AppHandle<R>,
    engine: State<'_, Engine>,
    hearing: State<'_, Hearing>,
    name: String,
    body: Value,
    page: String,
) -> Result<Value, ApiError> {
    match Shell::of(&name) {
        Some(command) => command.run(&handle, &engine, body).await,
        None => {
            hearing.of(&page).await;
            engine.dispatch(&name, body).await
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use app::{Environment, Overrides};
    use serde_json::json;
    use tauri::Manager;
    use tauri::ipc::{CallbackFn, InvokeBody};
    use tauri::test::{INVOKE_KEY, get_ipc_response, mock_builder, mock_context, noop_assets};
    use tauri::webview::InvokeRequest;

    use super::*;

    #[test]
    fn the_door_exists_and_an_error_keeps_its_code() {
        let tauri = mock_builder()
            .invoke_handler(tauri::generate_handler![call])
            .build(mock_context(noop_assets()))
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("test"), "in the way of the environment's folder").unwrap();
        let overrides = Overrides {
            data_dir: Some(folder.path().to_owned()),
            environment: Some(Environment::Test),
            listen: None,
        };
        tauri.manage(Hearing::default());
        tauri.manage(Engine::start(overrides, |_| {}));
        let window = tauri::WebviewWindowBuilder::new(&tauri, "main", Default::default()).build().unwrap();
        let ask = |name: &str, body: Value| {
            get_ipc_response(
                &window,
                InvokeRequest {
                    cmd: "call".into(),
                    callback: CallbackFn(0),
                    error: CallbackFn(1),
                    url: "tauri://localhost".parse().unwrap(),
                    body: InvokeBody::Json(json!({ "name": name, "body": body, "page": "shown" })),
                    headers: Default::default(),
                    invoke_key: INVOKE_KEY.to_owned(),
                },
            )
        };
        // A page is answered once it hears, and names how it is told.
        let refused = ask("shell_hear", json!({ "page": "shown", "told": "alert(1)" })).unwrap_err();
        assert_eq!(refused["code"], "invalid_request");
        let status = std::thread::scope(|scope| {
            let status = scope.spawn(|| ask("status", Value::Null));
            // Nobody tells that nothing was answered.
            std::thread::sleep(Duration::from_millis(200));
            assert!(!status.is_finished());
            assert!(ask("shell_hear", json!({ "page": "shown", "told": "__CHANNEL__:7" })).is_ok());
            status.join().unwrap()
        });
        // A stall that could not be opened says why, whatever it is asked.
        assert_eq!(status.unwrap_err()["code"], "file");
        assert_eq!(ask("no_such_command", Value::Null).unwrap_err()["code"], "unknown_command");
        // The window's own commands never reach it.
        for url in ["http://example.org/", "https://example.org/", "file:///etc/passwd", "nonsense"] {
            let refused = ask("shell_open_url", json!({ "url": url })).unwrap_err();
            assert_eq!(refused["code"], "invalid_request", "{url}");
        }
        // Nothing was saved, so there is nothing to show.
        for path in ["/etc/passwd", "//server/share/file", ""] {
            let refused = ask("shell_show_file", json!({ "path": path })).unwrap_err();
            assert_eq!(refused["code"], "invalid_request", "{path}");
        }
        // A place that the page names is none; only the person is asked for one, and not for this.
        for body in [
            json!({ "name": "a.svg", "bytes": [60], "path": "/etc/passwd" }),
            json!({ "name": "../.profile", "bytes": [60] }),
        ] {
            let refused = ask("shell_save_content", body.clone()).unwrap_err();
            assert_eq!(refused["code"], "invalid_request", "{body}");
        }
        assert_eq!(
            ask("shell_set_theme", json!({ "theme": "pink" })).unwrap_err()["code"],
            "invalid_request"
        );
        assert!(ask("shell_set_theme", json!({ "theme": "dark" })).is_ok());
    }
}

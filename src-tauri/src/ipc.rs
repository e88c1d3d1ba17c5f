//! The window's door: one command that leads to the app's list.

use serde_json::Value;
use tauri::State;

use crate::engine::{Engine, Failure};

/// Runs one command of the list. Rejects with `{ code, message }`.
#[tauri::command]
pub(crate) async fn call(engine: State<'_, Engine>, name: String, body: Value) -> Result<Value, Failure> {
    engine.dispatch(&name, body).await
}

#[cfg(test)]
mod tests {
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
        tauri.manage(Engine::start());
        let window = tauri::WebviewWindowBuilder::new(&tauri, "main", Default::default()).build().unwrap();
        let answer = get_ipc_response(
            &window,
            InvokeRequest {
                cmd: "call".into(),
                callback: CallbackFn(0),
                error: CallbackFn(1),
                url: "tauri://localhost".parse().unwrap(),
                body: InvokeBody::Json(json!({ "name": "no_such_command", "body": null })),
                headers: Default::default(),
                invoke_key: INVOKE_KEY.to_owned(),
            },
        );
        assert_eq!(answer.unwrap_err()["code"], "unknown_command");
    }
}

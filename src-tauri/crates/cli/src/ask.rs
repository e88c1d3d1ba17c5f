use std::process::ExitCode;

use app::api::Needs;
use app::{ApiError, App, Config, Control, Environment, ErrorCode};
use serde_json::Value;

use crate::arguments::Command;
use crate::{exit, output, stdin};

/// Runs a command: by the running stall, or by opening the data folder when none runs.
pub(crate) async fn ask(
    config: Config,
    asked_for: Option<Environment>,
    command: Command,
    json: bool,
) -> Result<ExitCode, ApiError> {
    let Some((name, mut request)) = command.call() else { return Ok(ExitCode::SUCCESS) };
    let key = request["key"].as_str().map(str::to_owned);
    let sealed = stdin::fill_in(&config, name, &mut request)?;
    let control = Control::connect(&config.data_dir).await;
    if name == "settle" && control.is_none() {
        // Nobody goes on with it when this command ends.
        request["wait"] = true.into();
    }
    let waited = request["wait"] == true;
    let answer = match control {
        Some(mut control) if name == EXPORT => {
            // Whoever goes before the answer breaks it off.
            tokio::select! {
                answer = control.call(name, request, asked_for) => answer?,
                _ = tokio::signal::ctrl_c() => return Err(broken_off()),
            }
        }
        Some(mut control) => control.call(name, request, asked_for).await?,
        None => alone(config, name, request).await?,
    };
    drop(sealed);
    let code = exit::code_of_answer(name, waited, &answer);
    output::show(name, &if json { answer } else { of_what_was_set(name, key.as_deref(), answer) }, json);
    Ok(code)
}

/// Whoever changes one setting is shown that one.
fn of_what_was_set(name: &str, key: Option<&str>, mut answer: Value) -> Value {
    if name == "settings_set"
        && let (Some(key), Some(items)) = (key, answer["items"].as_array_mut())
    {
        items.retain(|item| item["key"] == key);
    }
    answer
}

async fn alone(mut config: Config, name: &str, request: Value) -> Result<Value, ApiError> {
    let app = match app::api::needs(name)? {
        Needs::Store => App::open(config).await?,
        Needs::Engine => {
            config.for_one_command = true;
            App::start(config).await?
        }
    };
    let answer = if name == EXPORT {
        tokio::select! {
            answer = app.dispatch(name, request) => answer,
            _ = tokio::signal::ctrl_c() => Err(broken_off()),
        }
    } else {
        app.dispatch(name, request).await
    };
    app.stop().await;
    answer
}

/// What leaves nothing behind when it is interrupted.
const EXPORT: &str = "export";

fn broken_off() -> ApiError {
    ApiError::new(ErrorCode::Conflict, "The export was broken off; nothing was written.")
}

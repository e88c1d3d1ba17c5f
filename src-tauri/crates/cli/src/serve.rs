use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use app::{ApiError, App, Config, Environment, ErrorCode};
use serde_json::{Value, json};

use crate::output;

/// How systemd runs it on a server.
const UNIT: &str = include_str!("../stallkeeper.service");

/// Prints the unit, with the place of this program in it.
pub(crate) fn print_unit(
    environment: Option<Environment>,
    listen: Option<SocketAddr>,
) -> Result<ExitCode, ApiError> {
    let program = std::env::current_exe().map_err(|error| {
        ApiError::new(ErrorCode::Internal, format!("This program's place is unknown: {error}."))
    })?;
    let environment = environment.map(|environment| format!(" --environment {environment}"));
    let listen = listen.map(|listen| format!(" --listen {listen}"));
    let options = [environment, listen].into_iter().flatten().collect::<String>();
    let command = format!("{} serve{options}", program.display());
    output::text(&UNIT.replace("/usr/local/bin/stallkeeper serve", &command));
    Ok(ExitCode::SUCCESS)
}

/// Sells until it is told to stop.
pub(crate) async fn serve(config: Config) -> Result<ExitCode, ApiError> {
    let app = App::start(config).await?;
    // Before anybody hears that it is ready: who does may ask it to end at once.
    let end = match asked_to_end() {
        Ok(end) => end,
        Err(error) => {
            app.stop().await;
            return Err(ApiError::new(ErrorCode::Internal, error.to_string()));
        }
    };
    output::line(&json!({
        "ready": true,
        "environment": app.environment(),
        "url": app.url(),
        "control": app.control_path(),
        "pid": std::process::id(),
    }));
    let broken = tokio::select! {
        () = end => None,
        Some(error) = app.broken() => Some(error),
    };
    if let Some(error) = broken {
        app.stop().await;
        return Err(error);
    }
    if let Ok(stake) = app.dispatch("quit_preview", Value::Null).await
        && stake["payments"] != 0
        && let Some(sentence) = stake["sentence"].as_str()
    {
        output::note(sentence);
    }
    app.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Listens for the system's requests to end; the answer waits for one.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

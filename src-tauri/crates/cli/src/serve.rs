use std::process::ExitCode;

use app::{ApiError, App, Config, ErrorCode};
use serde_json::json;

use crate::output;

/// Sells until it is told to stop.
pub(crate) async fn serve(config: Config) -> Result<ExitCode, ApiError> {
    let app = App::start(config).await?;
    output::line(&json!({
        "ready": true,
        "environment": app.environment(),
        "url": app.url(),
        "control": app.control_path(),
        "pid": std::process::id(),
    }));
    let told = told_to_stop().await;
    app.stop().await;
    told.map(|()| ExitCode::SUCCESS)
}

#[cfg(unix)]
async fn told_to_stop() -> Result<(), ApiError> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error: std::io::Error| ApiError::new(ErrorCode::Internal, error.to_string());
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn told_to_stop() -> Result<(), ApiError> {
    tokio::signal::ctrl_c().await.map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

//! The engine behind the window.

use serde::Serialize;
use serde_json::Value;

/// What the window is told when a command fails.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
}

/// The engine behind the window.
pub(crate) struct Engine;

impl Engine {
    pub(crate) fn start() -> Self {
        Self
    }

    pub(crate) async fn dispatch(&self, name: &str, _body: Value) -> Result<Value, Failure> {
        Err(Failure { code: "unknown_command", message: format!("there is no command {name}") })
    }

    pub(crate) async fn stop(&self) {}
}

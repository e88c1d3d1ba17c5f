//! Settings on the command line.

use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Settings {
    /// Show all settings.
    Get,
    /// Change one; an empty value brings the default back.
    Set {
        /// Its name.
        key: String,
        /// Its new value.
        value: String,
    },
}

impl Settings {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Get => ("settings_get", Value::Null),
            Self::Set { key, value } => ("settings_set", json!({ "key": key, "value": value })),
        }
    }
}

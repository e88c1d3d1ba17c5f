use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
    command: String,
}

impl Ran {
    /// Runs `program` to its end.
    pub(crate) async fn of(program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        command.envs(environment.iter().copied());
        let ended = timeout(Duration::from_secs(120), command.output()).await;
        let Ok(output) = ended else { panic!("{arguments:?} did not end within two minutes") };
        let Output { status, stdout, stderr } = output.expect("the program runs");
        Self {
            code: status.code().expect("it ends by itself"),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            command: arguments.join(" "),
        }
    }

    /// The one JSON value it printed, whatever its exit code.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.in_words()))
    }

    /// The JSON value of a command that succeeded.
    pub fn succeeded(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.in_words());
        self.json()
    }

    /// The code of the error of a command that failed; its message must be a sentence.
    pub fn refused(&self) -> String {
        assert_ne!(self.code, 0, "{}", self.in_words());
        let error: Value = serde_json::from_str(self.stderr.trim().lines().next_back().unwrap_or_default())
            .unwrap_or_else(|error| panic!("{error}: {}", self.in_words()));
        let message = error["message"].as_str().unwrap_or_else(|| panic!("no message: {}", self.in_words()));
        assert!(message.len() > 10, "a message nobody understands: {}", self.in_words());
        let code = error["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.in_words()));
        assert!(!code.is_empty() && !code.contains(' '), "a code is one word: {}", self.in_words());
        code.to_owned()
    }

    /// All of it for an error message.
    pub fn in_words(&self) -> String {
        format!("`{}` ended with {}: {}{}", self.command, self.code, self.stderr, self.stdout)
    }
}

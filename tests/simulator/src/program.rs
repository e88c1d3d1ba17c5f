//! The program that people run, as an engine of a schedule.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use app::{ApiError, Control, Environment, ErrorCode};
use serde_json::Value;

/// How long it may take to end in order.
const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// A `stallkeeper serve`, ended by its id when it is dropped.
pub(crate) struct Program {
    child: Child,
    // Held open: a program whose output nobody reads may be ended for writing to it.
    _output: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it and waits until it is ready.
    pub(crate) async fn begin(folder: &Path, port: u16, passphrase: &Path) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(folder.with_extension("log"));
        let mut child = Command::new(integration::program())
            .args(["serve", "--environment", "test", "--listen", &format!("127.0.0.1:{port}")])
            .arg("--data-dir")
            .arg(folder)
            .env("STALLKEEPER_KEYSTORE_PASSWORD_FILE", passphrase)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.expect("a log"))
            .spawn()
            .expect("the program runs");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let reading = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            output.read_line(&mut line).expect("its output can be read");
            (line, output)
        });
        let (line, output) = reading.await.expect("its first line can be waited for");
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        assert_eq!(ready["ready"], true, "it is not ready: {line}");
        Self { child, _output: output }
    }

    /// As a power cut would.
    pub(crate) fn kill(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Ends it in order.
    pub(crate) fn stop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        told.expect("the kill program runs");
        let patience = Instant::now();
        while !self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            assert!(patience.elapsed() < STOPPED_WITHIN, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a command of the program that works on a folder.
pub(crate) async fn ask(folder: PathBuf, name: &'static str, body: Value) -> Result<Value, ApiError> {
    let Some(mut control) = Control::connect(&folder).await else {
        return Err(ApiError::new(ErrorCode::Unavailable, "nobody is there"));
    };
    control.call(name, body, Some(Environment::Test)).await
}

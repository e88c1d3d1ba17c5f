use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::supervisor::{Order, Report, SUPERVISOR_COMMAND};

/// How long the supervisor may take to end what it started; it takes three seconds at most.
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

/// Variables that would tell a tunnel's program something that the seller did not choose here.
const NOT_PASSED_ON: &[&str] = &["TUNNEL_", "STALLKEEPER_"];

/// A tunnel's program under its supervisor. When it is dropped, the supervisor ends the program.
pub(crate) struct Process {
    supervisor: Child,
    reports: Lines<BufReader<ChildStdout>>,
    pid: Option<u32>,
}

/// What a program did.
pub(crate) enum Told {
    /// It said this.
    Line(String),
    /// It ended like this.
    Ended(String),
}

impl Process {
    /// Starts `order` under `executable`, with a secret in a variable of this name.
    pub(crate) fn start(
        executable: &Path,
        order: &Order,
        secret: Option<(&str, &SecretString)>,
    ) -> std::io::Result<Self> {
        let mut command = Command::new(executable);
        command.arg(SUPERVISOR_COMMAND).arg(json!(order).to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if NOT_PASSED_ON.iter().any(|start| name.to_string_lossy().starts_with(start)) {
                command.env_remove(name);
            }
        }
        if let Some((name, secret)) = secret {
            command.env(name, secret.expose_secret());
        }
        // Ctrl-C in a terminal goes to a whole process group, and buyers are served until the app has stopped.
        #[cfg(unix)]
        command.process_group(0);
        let mut supervisor = command.spawn()?;
        let output = supervisor.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(Self { supervisor, reports: BufReader::new(output).lines(), pid: None })
    }

    /// What it does next.
    pub(crate) async fn next(&mut self) -> Told {
        loop {
            let line = self.reports.next_line().await.ok().flatten();
            match line.map(|line| serde_json::from_str(&line)) {
                Some(Ok(Report::Started { pid })) => self.pid = Some(pid),
                Some(Ok(Report::Said { line })) => return Told::Line(line),
                Some(Ok(Report::Ended { reason })) => return Told::Ended(reason),
                Some(Err(_)) => {}
                None => {
                    self.end_orphan();
                    return Told::Ended("its supervisor ended".to_owned());
                }
            }
        }
    }

    /// Ends the program and waits for it.
    pub(crate) async fn stop(mut self) {
        drop(self.supervisor.stdin.take());
        if timeout(STOPPED_WITHIN, self.supervisor.wait()).await.is_err() {
            tracing::warn!("the supervisor of a tunnel did not end in time");
        }
    }

    /// A supervisor that was killed could not end what it started.
    fn end_orphan(&self) {
        #[cfg(unix)]
        if let Some(pid) = self.pid {
            crate::supervisor::end_group(pid, true);
        }
    }
}

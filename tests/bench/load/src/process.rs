//! A process this program started: how it says that it is ready, what CPU time it used, how it ends.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::cores::Cores;

const READY_WITHIN: Duration = Duration::from_secs(90);
const ENDED_WITHIN: Duration = Duration::from_secs(20);

/// Where a process runs.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// Alone on the server's core.
    Measured,
    /// With this program.
    Beside,
}

/// A running server. Dropping it kills it; [`Process::stop`] ends it politely.
pub(crate) struct Process {
    name: &'static str,
    child: Child,
    pid: u32,
    url: String,
    log: PathBuf,
}

impl Process {
    /// Starts `command` and waits for its JSON line `{"ready":true,"url":…}`. Its standard error goes to `log`.
    pub(crate) async fn start(
        name: &'static str,
        mut command: Command,
        place: Place,
        cores: &Cores,
        log: &Path,
    ) -> anyhow::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(log)?)
            .kill_on_drop(true);
        let spawned = match place {
            Place::Measured => cores.on_the_servers(|| command.spawn())?,
            Place::Beside => command.spawn(),
        };
        let mut child = spawned.with_context(|| format!("{name} could not be started"))?;
        let pid = child.id().with_context(|| format!("{name} ended at once"))?;
        let ready = timeout(READY_WITHIN, ready_line(&mut child))
            .await
            .with_context(|| format!("{name} was not ready within {READY_WITHIN:?}"))
            .flatten()
            .with_context(|| format!("{name} did not start; it said: {}", tail(log)))?;
        let url = ready.get("url").and_then(Value::as_str).context("a ready line without url")?.to_owned();
        Ok(Self { name, child, pid, url, log: log.to_owned() })
    }

    /// What it is called in the table.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The end of what it wrote to its standard error.
    pub(crate) fn last_words(&self) -> String {
        tail(&self.log)
    }

    /// CPU time used so far by the process itself, user and system, without its children.
    pub(crate) fn cpu_time(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))
            .with_context(|| format!("{} is gone", self.name))?;
        // The second field is the program's name in brackets and may hold anything; utime and stime are fields 14 and 15.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat without a name")?;
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        let per_second = rustix::param::clock_ticks_per_second();
        Ok(Duration::from_nanos(ticks * (1_000_000_000 / per_second)))
    }

    /// The memory it takes now, in KiB.
    pub(crate) fn resident_kib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))
            .with_context(|| format!("{} is gone", self.name))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        line.trim().trim_end_matches(" kB").parse().context("a number of KiB")
    }

    /// The processes it started, and those that they started.
    pub(crate) fn descendants(&self) -> anyhow::Result<Vec<u32>> {
        let mut parents = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
            let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
            let parent = stat
                .rsplit_once(')')
                .and_then(|(_, fields)| fields.split_whitespace().nth(1)?.parse::<u32>().ok());
            if let Some(parent) = parent {
                parents.push((pid, parent));
            }
        }
        let mut family = vec![self.pid];
        let mut next = 0;
        while let Some(&parent) = family.get(next) {
            family.extend(parents.iter().filter(|&&(_, of)| of == parent).map(|&(pid, _)| pid));
            next += 1;
        }
        family.remove(0);
        Ok(family)
    }

    /// Asks it to end and waits; kills it when it does not.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.child.stdin.take());
        if let Some(pid) = self.child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) {
            kill_process(pid, Signal::TERM)?;
        }
        if timeout(ENDED_WITHIN, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}

async fn ready_line(child: &mut Child) -> anyhow::Result<Value> {
    let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
    let line = lines.next_line().await?.context("it ended without a ready line")?;
    let ready = serde_json::from_str(&line).with_context(|| format!("not a ready line: {line}"))?;
    // Whatever follows is read and forgotten, or a full pipe would stop the server.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(ready)
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

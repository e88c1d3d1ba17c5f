//! The process between the app and its node.
//!
//! The app starts its own executable, or the command line beside it, as a supervisor, which starts the node. The
//! supervisor's standard input is a pipe that only the app holds: when the app ends, however it ends, the pipe closes and
//! the supervisor ends the node. Nothing here is asynchronous and nothing is shared with the app but the two lines below.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;

use serde::{Deserialize, Serialize};

use crate::durable;

/// The hidden subcommand under which a binary must call [`supervise`].
pub const SUPERVISOR_COMMAND: &str = "practice-node";

const LOG_LIMIT: u64 = 1 << 20;
const TAIL_LIMIT: usize = 2048;

/// What a supervisor is told, as one JSON argument.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The node's binary.
    pub(crate) node: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Where its output goes: at most two files of one megabyte.
    pub(crate) log: PathBuf,
}

/// What a supervisor says, one JSON line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Report {
    /// The node's process runs.
    Started {
        /// Its process id.
        pid: u32,
    },
    /// The node ended by itself, or never started.
    Ended {
        /// The last it said.
        reason: String,
    },
}

enum Event {
    /// The app is gone, or wants the node gone.
    InputClosed,
    /// The node closed its output, which it does by ending.
    OutputClosed,
}

/// Runs the node until it ends or standard input closes. `order` is the one argument after [`SUPERVISOR_COMMAND`].
///
/// Success means that the node was ended because standard input closed.
pub fn supervise(order: &str) -> ExitCode {
    let ended = |reason: String| {
        say(&Report::Ended { reason });
        ExitCode::FAILURE
    };
    let order: Order = match serde_json::from_str(order) {
        Ok(order) => order,
        Err(error) => return ended(format!("the supervisor was started without an order: {error}")),
    };
    let (events, next) = mpsc::channel();
    let (mut node, output) = match start(&order) {
        Ok(started) => started,
        Err(error) => return ended(format!("{}: {error}", order.node.display())),
    };
    let copier = thread::spawn({
        let events = events.clone();
        move || {
            let tail = copy_bounded(output, &order.log);
            // The receiver is gone only when the supervisor is about to end anyway.
            let _ = events.send(Event::OutputClosed);
            tail
        }
    });
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = events.send(Event::InputClosed);
    });
    say(&Report::Started { pid: node.id() });
    let event = next.recv().unwrap_or(Event::InputClosed);
    // Killing a process that has already ended is an error that changes nothing.
    let _ = node.kill();
    let status = node.wait();
    match event {
        Event::InputClosed => ExitCode::SUCCESS,
        Event::OutputClosed => {
            let tail = copier.join().unwrap_or_default();
            let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
            ended(if tail.is_empty() { how } else { format!("{how}: {tail}") })
        }
    }
}

fn start(order: &Order) -> io::Result<(Child, io::PipeReader)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(&order.node);
    command.args(&order.arguments).stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    // The command holds the pipe's writing ends until it is dropped, and the node must be the only one who does.
    let node = command.spawn()?;
    drop(command);
    Ok((node, reader))
}

/// Copies the node's output to `log` until it ends, and answers with its last words. A log that cannot be written
/// must not stop the node from being read, or it would block.
fn copy_bounded(mut output: io::PipeReader, log: &Path) -> String {
    let mut file = durable::private().open(log).ok();
    let mut written = 0;
    let mut tail = Vec::new();
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = output.read(&mut buffer) {
        let piece = buffer.get(..length).unwrap_or_default();
        if written + length as u64 > LOG_LIMIT {
            file = start_over(log);
            written = 0;
        }
        if let Some(file) = &mut file {
            let _ = file.write_all(piece);
        }
        written += length as u64;
        tail.extend_from_slice(piece);
        tail.drain(..tail.len().saturating_sub(TAIL_LIMIT));
    }
    String::from_utf8_lossy(&tail).trim().to_owned()
}

fn start_over(log: &Path) -> Option<File> {
    let _ = std::fs::rename(log, durable::with_suffix(log, ".1"));
    durable::private().open(log).ok()
}

fn say(report: &Report) {
    if let Ok(line) = serde_json::to_string(report) {
        // The app may be gone already; then nobody needs to know.
        let _ = writeln!(io::stdout(), "{line}");
    }
}

//! The process between the app and a tunnel's program.
//!
//! The app starts its own executable, or the command line beside it, as a supervisor, which starts the program. The
//! supervisor's standard input is a pipe that only the app holds: when the app ends, however it ends, the pipe closes and
//! the supervisor ends the program with everything that it started. Nothing here is asynchronous and nothing is shared with
//! the app but the lines below.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The hidden subcommand under which a binary must call [`supervise`].
pub const SUPERVISOR_COMMAND: &str = "reach-tunnel";

/// The longest line that is passed on; what is beyond is dropped.
const LONGEST_LINE: usize = 4096;

/// How long the program may take to say good-bye to its provider.
const GOOD_BYE: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a supervisor is told, as one JSON argument. Secrets are in its environment, which the program inherits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
}

/// What a supervisor says, one JSON line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Report {
    /// The program runs, and leads a process group of this number.
    Started {
        /// Its process id.
        pid: u32,
    },
    /// The program said something.
    Said {
        /// A line of it.
        line: String,
    },
    /// The program ended by itself, or never started.
    Ended {
        /// How.
        reason: String,
    },
}

enum Event {
    /// The app is gone, or wants the program gone.
    InputClosed,
    /// The program closed its output, which it does by ending.
    OutputClosed,
}

/// Runs the program until it ends or standard input closes. `order` is the one argument after [`SUPERVISOR_COMMAND`].
///
/// Success means that the program was ended because standard input closed.
pub fn supervise(order: &str) -> ExitCode {
    let ended = |reason: String| {
        say(&Report::Ended { reason });
        ExitCode::FAILURE
    };
    let order: Order = match serde_json::from_str(order) {
        Ok(order) => order,
        Err(error) => return ended(format!("the supervisor was started without an order: {error}")),
    };
    let (mut program, output) = match start(&order) {
        Ok(started) => started,
        Err(error) => return ended(format!("{}: {error}", order.program.display())),
    };
    say(&Report::Started { pid: program.id() });
    let (events, next) = mpsc::channel();
    thread::spawn({
        let events = events.clone();
        move || {
            pass_on(output);
            // The receiver is gone only when the supervisor is about to end anyway.
            let _ = events.send(Event::OutputClosed);
        }
    });
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = events.send(Event::InputClosed);
    });
    let event = next.recv().unwrap_or(Event::InputClosed);
    let status = end(&mut program);
    match event {
        Event::InputClosed => ExitCode::SUCCESS,
        Event::OutputClosed => ended(status.unwrap_or_else(|| "it ended".to_owned())),
    }
}

fn start(order: &Order) -> io::Result<(Child, io::PipeReader)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(&order.program);
    command.args(&order.arguments).stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    // The command holds the pipe's writing ends until it is dropped, and the program must be the only one who does.
    let program = command.spawn()?;
    drop(command);
    Ok((program, reader))
}

/// Asks the program to end, and ends it and all it started if it does not; says how it ended.
fn end(program: &mut Child) -> Option<String> {
    let status = |program: &mut Child| program.try_wait().ok().flatten();
    signal(program, false);
    let deadline = Instant::now() + GOOD_BYE;
    while status(program).is_none() && Instant::now() < deadline {
        thread::sleep(LOOK_AGAIN);
    }
    signal(program, true);
    program.wait().ok().map(|status| status.to_string())
}

/// A process that has already ended makes an error that changes nothing.
#[cfg(unix)]
fn signal(program: &mut Child, at_once: bool) {
    end_group(program.id(), at_once);
}

#[cfg(not(unix))]
fn signal(program: &mut Child, at_once: bool) {
    if at_once {
        let _ = program.kill();
    }
}

/// Ends a process group.
#[cfg(unix)]
pub(crate) fn end_group(leader: u32, at_once: bool) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, if at_once { Signal::KILL } else { Signal::TERM });
    }
}

/// Passes lines on until the program ends. They are cut, so that nothing it says can fill a memory.
fn pass_on(mut output: io::PipeReader) {
    let mut line = Vec::new();
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = output.read(&mut buffer) {
        for byte in buffer.get(..length).unwrap_or_default() {
            if *byte == b'\n' {
                say(&Report::Said { line: String::from_utf8_lossy(&line).into_owned() });
                line.clear();
            } else if line.len() < LONGEST_LINE {
                line.push(*byte);
            }
        }
    }
    if !line.is_empty() {
        say(&Report::Said { line: String::from_utf8_lossy(&line).into_owned() });
    }
}

fn say(report: &Report) {
    if let Ok(line) = serde_json::to_string(report) {
        // The app may be gone already; then nobody needs to know.
        let _ = writeln!(io::stdout(), "{line}");
    }
}

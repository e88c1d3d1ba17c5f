//! One command of a run: what it prints is shown on stderr, so that stdout carries only results.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};

/// Runs a command to its end; anything but success is a sentence.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let name = name(command);
    let status = command
        .stdout(std::io::stderr())
        .status()
        .map_err(|error| format!("cannot start `{name}`: {error}"))?;
    succeeded(&name, status)
}

/// Like [`run`], and also returns what the command wrote on stdout, whether it succeeded or not.
pub(crate) fn run_and_read(command: &mut Command) -> (String, Result<(), String>) {
    let name = name(command);
    let mut child = match command.stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return (String::new(), Err(format!("cannot start `{name}`: {error}"))),
    };
    let mut output = String::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            // A closed terminal must not stop the run: the result is still counted.
            let _ = writeln!(std::io::stderr(), "{line}");
            output.push_str(&line);
            output.push('\n');
        }
    }
    let ended = child.wait().map_err(|error| format!("cannot wait for `{name}`: {error}"));
    (output, ended.and_then(|status| succeeded(&name, status)))
}

/// Whether a command can be started and succeeds; its output is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    read(command).is_some()
}

/// What a command that succeeds writes on stdout; nothing is shown.
pub(crate) fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Ends as the program: on Unix it takes our place, so that signals reach it and nothing stands between.
#[cfg(unix)]
pub(crate) fn become_program(command: &mut Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(format!("cannot start `{}`: {error}", name(command)))
}

#[cfg(not(unix))]
pub(crate) fn become_program(command: &mut Command) -> Result<(), String> {
    let name = name(command);
    let status = command.status().map_err(|error| format!("cannot start `{name}`: {error}"))?;
    succeeded(&name, status)
}

/// A command as a person would type it.
pub(crate) fn name(command: &Command) -> String {
    let program =
        std::path::Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| format!(" {}", argument.to_string_lossy()));
    format!("{program}{}", arguments.collect::<String>())
}

fn succeeded(name: &str, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("`{name}` ended with {status}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_as_it_is_typed() {
        assert_eq!(
            name(Command::new("/usr/bin/cargo").args(["test", "--workspace"])),
            "cargo test --workspace"
        );
    }

    #[test]
    fn a_program_that_does_not_exist_is_a_sentence() {
        let (output, ended) = run_and_read(&mut Command::new("no-such-program-at-all"));
        assert_eq!(output, "");
        assert!(ended.is_err_and(|reason| reason.starts_with("cannot start `no-such-program-at-all`")));
    }

    #[test]
    fn output_is_read_and_a_bad_end_names_the_command() {
        let (output, ended) = run_and_read(Command::new(env!("CARGO")).arg("--version"));
        assert!(ended.is_ok() && output.starts_with("cargo "));
        let (_, ended) =
            run_and_read(Command::new(env!("CARGO")).arg("no-such-subcommand").stderr(Stdio::null()));
        assert!(ended.is_err_and(|reason| reason.contains("`cargo no-such-subcommand` ended with")));
    }
}

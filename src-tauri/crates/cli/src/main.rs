//! The command line: `stallkeeper serve` runs a stall without a window, everything else asks a
//! running stall through its control socket or, when none runs, opens the data folder itself. It
//! links no display library and adds nothing to the commands of `app`.

mod arguments;
mod ask;
mod backups;
mod books;
mod endpoints;
mod exit;
mod facilitators;
mod failures;
mod keys;
mod networks;
mod output;
mod pictures;
mod plain;
mod prices;
mod reach;
mod schedule;
mod serve;
mod services;
mod stdin;
mod table;
mod traffic;
mod webhooks;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use app::{ApiError, Config, ErrorCode};

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    if let Some(code) = app::supervise(std::env::args().skip(1)) {
        return code;
    }
    let arguments = Arguments::parse();
    log(&arguments);
    let json = arguments.json;
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            output::complain(&error, json);
            exit::code(error.code)
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, ApiError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
    let Arguments { command, json, overrides } = arguments;
    runtime.block_on(async {
        let (asked_for, listen) = (overrides.environment, overrides.listen);
        let config = Config::resolve(overrides.into())?;
        match command {
            Command::Serve { print_unit: true, .. } => serve::print_unit(asked_for, listen),
            Command::Serve { print_unit: false, .. } => serve::serve(config).await,
            command => ask::ask(config, asked_for, command, json).await,
        }
    })
}

/// The log goes to stderr, because stdout belongs to answers. What it shows is set with
/// `STALLKEEPER_LOG`, in the syntax of `RUST_LOG`.
fn log(arguments: &Arguments) {
    let usual = if matches!(arguments.command, Command::Serve { .. }) { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("STALLKEEPER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

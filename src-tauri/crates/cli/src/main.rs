//! The command line: `stallkeeper serve` runs a stall without a window, everything else asks a
//! running stall through its control socket or, when none runs, opens the data folder itself. It
//! links no display library and adds nothing to the commands of `app`.

mod arguments;
mod ask;
mod backups;
mod batches;
mod books;
mod data;
mod endpoints;
mod exit;
mod exposure;
mod facilitators;
mod failures;
mod keys;
mod manual;
mod networks;
mod notify;
mod output;
mod payments;
mod pictures;
mod plain;
mod practice;
mod prices;
mod reach;
mod schedule;
mod serve;
mod services;
mod settings;
mod stdin;
mod table;
mod traffic;
mod webhooks;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use app::{ApiError, Config, DailyLog, ErrorCode};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

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
    match &command {
        Command::Completions { shell } => return manual::complete(*shell),
        Command::Manual { folder } => return manual::write(folder),
        _ => {}
    }
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

/// The log goes to stderr, because stdout belongs to answers; `STALLKEEPER_LOG` says what it shows, in the syntax of
/// `RUST_LOG`. What a stall does is written into its data folder as well.
fn log(arguments: &Arguments) {
    let serves = matches!(arguments.command, Command::Serve { print_unit: false, .. });
    let usual = if serves { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("STALLKEEPER_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let shown = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let data_dir = arguments.overrides.data_dir().filter(|_| serves);
    let kept = data_dir.as_deref().map(DailyLog::of).map(|log| {
        let lines = tracing_subscriber::fmt::layer().json().with_writer(move || log.clone());
        lines.with_filter(EnvFilter::new("info"))
    });
    tracing_subscriber::registry().with(shown).with(kept).init();
}

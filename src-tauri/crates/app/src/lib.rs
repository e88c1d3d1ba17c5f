//! Starts and stops the parts, answers every command, and turns changes into events.
//!
//! The only place where all parts meet. It knows no window and no terminal: three thin doors lead to
//! the one list of commands in [`api`] (the window's, the command line's over a control socket, and
//! the tests' [`App::dispatch`]), and each of them adds nothing.

pub mod api;
mod app;
mod backups;
mod clock;
mod config;
mod connecting;
mod control;
mod core_dumps;
mod credentials;
mod deletion;
mod engine;
mod error;
mod event;
mod facilitators;
mod failure_reports;
mod files;
mod folder;
mod health;
mod keys;
mod logs;
mod networks;
mod notices;
mod offers;
mod price_changes;
mod price_warnings;
mod random;
mod reach;
mod readiness;
mod redact;
mod retention;
mod sealed_key;
mod supervisors;
#[cfg(test)]
mod tests;
mod webhooks;
mod zip;

pub use app::App;
pub use clock::{SystemClock, local_time, local_time_of, span_in_words, unix_millis};
pub use config::{Config, Overrides};
pub use control::{Control, Watching};
pub use domain::Environment;
pub use error::{ApiError, ErrorCode};
pub use event::{AppEvent, Events, Stale};
pub use failure_reports::{REPORTS, keep_newest_reports, report_moment};
pub use logs::DailyLog;
pub use networks::explorers;
pub use redact::redact;
pub use sealed_key::SealedKey;
pub use supervisors::supervise;

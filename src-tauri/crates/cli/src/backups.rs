//! Backups on the command line.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::endpoints::whole;
use crate::keys;

/// One encrypted file that holds all that the stall knows: data, keys, pictures. The goods stay where they are.
#[derive(Debug, Subcommand)]
pub(crate) enum Backup {
    /// Show what is planned, and what waits for the next start.
    Show,
    /// Make a backup.
    Make {
        /// The new file.
        file: PathBuf,
        /// The file whose first line is the passphrase that opens it later; - reads it from stdin.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
        /// Replace a file that is there.
        #[arg(long)]
        replace: bool,
    },
    /// Show what a backup holds, beside what is here.
    Look {
        /// The backup.
        file: PathBuf,
        /// The file whose first line is its passphrase; - reads it from stdin.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
    },
    /// Let a backup take the place of what is here at the next start. What is here is put aside, not deleted.
    Restore {
        /// The backup.
        file: PathBuf,
        /// The file whose first line is its passphrase; - reads it from stdin.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
        /// The word restore.
        #[arg(long)]
        word: String,
    },
    /// Leave everything as it is: no backup takes its place.
    Forget,
    /// Let backups be made by themselves while the stall runs, named by their dates; older ones are removed.
    Schedule {
        /// How often.
        every: Often,
        /// The folder that they are put in, best on another disk.
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
        /// How many are kept.
        #[arg(long, value_name = "NUMBER")]
        keep: Option<u32>,
        /// The file whose first line is the passphrase that opens them later; - reads it from stdin.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Say that a copy of the data folder was put back by other means: what buyers signed before is refused, and the
    /// queue is compared with the chain at the next start. An older data file is noticed without it.
    Restored,
}

/// How often backups are made by themselves.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Often {
    /// Each day.
    Day,
    /// Each week.
    Week,
    /// Not any more.
    Never,
}

impl Backup {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("backup_show", Value::Null),
            Self::Make { file, passphrase_file, replace } => (
                "backup_make",
                json!({ "path": whole(file), "passphraseFile": keys::whole(passphrase_file), "replace": replace }),
            ),
            Self::Look { file, passphrase_file } => (
                "backup_look",
                json!({ "path": whole(file), "passphraseFile": keys::whole(passphrase_file) }),
            ),
            Self::Restore { file, passphrase_file, word } => (
                "backup_restore",
                json!({ "path": whole(file), "passphraseFile": keys::whole(passphrase_file), "word": word }),
            ),
            Self::Forget => ("backup_forget", Value::Null),
            Self::Schedule { every, to, keep, passphrase_file } => (
                "backup_plan",
                json!({
                    "every": every.word(), "folder": to.map(whole), "keep": keep,
                    "passphraseFile": passphrase_file.map(keys::whole),
                }),
            ),
            Self::Restored => ("backup_restored", Value::Null),
        }
    }
}

impl Often {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Day => Some("day"),
            Self::Week => Some("week"),
            Self::Never => None,
        }
    }
}

//! What lies in the data folder, on the command line.

use std::path::PathBuf;

use app::Environment;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::endpoints::whole;

/// What lies in the data folder: its size, how long it is kept, and deleting it.
#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    /// Show how much each environment holds, what is let go of by itself, and what the next start deletes.
    Show,
    /// Delete all that an environment has, at the next start: endpoints, payments, books, settings. Make a backup first.
    Delete {
        /// practice, test or live.
        name: Environment,
        /// The same again.
        #[arg(long)]
        word: String,
        /// Also where something that was sold is not on chain, whose money is lost then.
        #[arg(long)]
        with_money_at_stake: bool,
        /// The words "delete keys", if the gas wallet's key goes too.
        #[arg(long, value_name = "WORDS")]
        key_word: Option<String>,
    },
    /// Write all the books into a folder: payments, batches, costs and refunds, a CSV file each.
    Export {
        /// The folder.
        folder: PathBuf,
    },
    /// Delete nothing at the next start.
    Spare,
}

/// What somebody who helps may see: versions, choices, sizes, the check-up, the newest of the log. No keys, no addresses.
#[derive(Debug, Subcommand)]
pub(crate) enum Diagnostics {
    /// Show what is in them.
    Show,
    /// Save them as one ZIP file.
    Save {
        /// The new file.
        file: PathBuf,
        /// Replace a file that is there.
        #[arg(long)]
        replace: bool,
    },
}

impl Data {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("data_show", Value::Null),
            Self::Delete { name, word, with_money_at_stake, key_word } => (
                "data_delete",
                json!({
                    "environment": name, "word": word, "withMoneyAtStake": with_money_at_stake,
                    "keyWord": key_word,
                }),
            ),
            Self::Export { folder } => ("data_export", json!({ "folder": whole(folder) })),
            Self::Spare => ("data_spare", Value::Null),
        }
    }
}

impl Diagnostics {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("diagnostics_show", Value::Null),
            Self::Save { file, replace } => {
                ("diagnostics_save", json!({ "path": whole(file), "replace": replace }))
            }
        }
    }
}

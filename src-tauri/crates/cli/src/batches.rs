//! Batches on the command line.

use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Batch {
    /// List batches, newest first.
    List {
        /// How many, 50 by default, 200 at most.
        #[arg(long)]
        limit: Option<u32>,
        /// Only those with a lower number.
        #[arg(long)]
        before: Option<i64>,
    },
    /// Show one batch with what became of each payment.
    Show {
        /// Its number.
        batch: i64,
    },
}

impl Batch {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::List { limit, before } => ("batch_list", json!({ "limit": limit, "before": before })),
            Self::Show { batch } => ("batch_show", json!({ "batch": batch })),
        }
    }
}

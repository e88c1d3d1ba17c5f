//! Payments on the command line.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// Which payments are listed; what is left out does not narrow them.
#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Only those in this state, such as queued or settled.
    #[arg(long)]
    state: Option<String>,
    /// Only those of this payer.
    #[arg(long, value_name = "ADDRESS")]
    payer: Option<String>,
    /// Only those that are paid for and have not arrived: interrupted, or waiting to begin.
    #[arg(long, value_name = "HOW")]
    delivery: Option<String>,
    /// Only those on this network, in CAIP-2.
    #[arg(long)]
    network: Option<String>,
    /// Only those accepted on this UTC day or later, such as 2026-11-01.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Only those accepted on this UTC day or earlier.
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Only those of at least this much.
    #[arg(long, value_name = "AMOUNT")]
    least: Option<String>,
    /// Only those of at most this much.
    #[arg(long, value_name = "AMOUNT")]
    most: Option<String>,
    /// Only those whose id, payer, transaction or nonce begins with this, or whose endpoint is called so.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// How many, 50 by default, 1000 at most.
    #[arg(long)]
    limit: Option<u32>,
    /// The "next" of the page before.
    #[arg(long)]
    before: Option<String>,
}

impl Wanted {
    fn request(&self) -> Value {
        let Self { state, payer, delivery, network, from, to, least, most, search, limit, before } = self;
        json!({
            "state": state, "payer": payer, "delivery": delivery, "network": network, "from": from, "to": to,
            "least": least, "most": most, "search": search, "limit": limit, "before": before,
        })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Payment {
    /// List payments, newest first.
    List {
        #[command(flatten)]
        wanted: Box<Wanted>,
    },
    /// Show one payment.
    Show {
        /// Its id.
        payment: String,
    },
    /// Write something beside a payment that stays on this computer.
    Note {
        /// Its id.
        payment: String,
        /// What stands there from now on; nothing takes the note away.
        note: Option<String>,
    },
    /// End every download link of a payment. Who signs in as its payer gets a new one, as long as it is owned.
    EndLinks {
        /// Its id.
        payment: String,
    },
}

impl Payment {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::List { wanted } => ("payment_list", wanted.request()),
            Self::Show { payment } => ("payment_show", json!({ "payment": payment })),
            Self::Note { payment, note } => {
                ("payment_note", json!({ "payment": payment, "note": note.unwrap_or_default() }))
            }
            Self::EndLinks { payment } => ("payment_end_links", json!({ "payment": payment })),
        }
    }
}

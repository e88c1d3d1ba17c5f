//! Payers and caps on the command line.

use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Exposure {
    /// Show how much is delivered and not settled, with the caps and how much of them is used.
    Show,
    /// Change caps. Amounts are such as 20 or 0.50; none lifts a cap.
    Set {
        /// The price above which a sale is always instant.
        #[arg(long, value_name = "AMOUNT")]
        per_sale: Option<String>,
        /// Of one payer.
        #[arg(long, value_name = "AMOUNT")]
        per_payer: Option<String>,
        /// Of one payer who has not had a payment settled.
        #[arg(long, value_name = "AMOUNT")]
        per_new_payer: Option<String>,
        /// Of all payers of one network.
        #[arg(long, value_name = "AMOUNT")]
        per_network: Option<String>,
        /// Of the whole stall.
        #[arg(long, value_name = "AMOUNT")]
        total: Option<String>,
        /// The longest that anything may stay unsettled: 90m, 12h, 2d or none.
        #[arg(long, value_name = "AGE")]
        oldest: Option<String>,
        /// What becomes of a sale beyond a cap: instant or refuse.
        #[arg(long, value_name = "WHAT")]
        beyond: Option<String>,
        /// Begin with the environment's own caps.
        #[arg(long)]
        defaults: bool,
    },
}

impl Exposure {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("exposure_show", Value::Null),
            Self::Set {
                per_sale,
                per_payer,
                per_new_payer,
                per_network,
                total,
                oldest,
                beyond,
                defaults,
            } => (
                "exposure_set",
                json!({
                    "perSale": per_sale, "perPayer": per_payer, "perNewPayer": per_new_payer,
                    "perNetwork": per_network, "total": total, "oldest": oldest, "beyond": beyond,
                    "defaults": defaults,
                }),
            ),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Payer {
    /// List payers, one line for each token they paid in.
    List {
        /// recent (default), settled, exposed or lost: the largest first.
        #[arg(long, conflicts_with = "standing")]
        sort: Option<String>,
        /// Only those who are trusted, instant_only or blocked.
        #[arg(long)]
        standing: Option<String>,
        /// How many, 50 by default, 200 at most.
        #[arg(long)]
        limit: Option<u32>,
        /// The "next" of the page before.
        #[arg(long)]
        before: Option<String>,
    },
    /// Show one payer.
    Show {
        /// Its address.
        payer: String,
    },
    /// Sell it nothing from now on. What it paid for it can still fetch.
    Block {
        /// Its address.
        payer: String,
    },
    /// Sell to it again. Whose payments came to nothing is served once the money has arrived, as before the block.
    Unblock {
        /// Its address.
        payer: String,
    },
    /// Treat it like everybody else again, whatever it did before.
    Reset {
        /// Its address.
        payer: String,
    },
    /// Do not hold it to the caps of a single payer.
    Trust {
        /// Its address.
        payer: String,
    },
}

impl Payer {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        let standing = |payer, standing| ("payer_set", json!({ "payer": payer, "standing": standing }));
        match self {
            Self::List { sort, standing, limit, before } => (
                "payer_list",
                json!({ "sort": sort, "standing": standing, "limit": limit, "before": before }),
            ),
            Self::Show { payer } => ("payer_show", json!({ "payer": payer })),
            Self::Block { payer } => standing(payer, "blocked"),
            Self::Unblock { payer } => standing(payer, "unblocked"),
            Self::Reset { payer } => standing(payer, "normal"),
            Self::Trust { payer } => standing(payer, "trusted"),
        }
    }
}

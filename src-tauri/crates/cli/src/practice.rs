//! The practice stall's money and buyers on the command line.

use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Practice {
    /// Mint practice money.
    Fund {
        /// Who gets it; several addresses are separated by commas.
        #[arg(value_delimiter = ',', required = true)]
        address: Vec<String>,
        /// How much each gets, such as 25.00.
        amount: String,
    },
    /// Make test purchases with the built-in buyer.
    Buy {
        /// The path of what to buy.
        path: String,
        /// How often.
        #[arg(long, default_value_t = 1)]
        times: u32,
        /// By how many buyers in turn; a fresh one for each purchase by default.
        #[arg(long)]
        payers: Option<u32>,
        /// v1 or v2.
        #[arg(long, default_value = "v2")]
        protocol: String,
        /// The buyers move their money away once they have bought, so that settling fails: to try what helps then.
        #[arg(long)]
        moves_away: bool,
    },
}

impl Practice {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Fund { address, amount } => {
                ("practice_fund", json!({ "addresses": address, "amount": amount }))
            }
            Self::Buy { path, times, payers, protocol, moves_away } => (
                "practice_buy",
                json!({
                    "path": path,
                    "times": times,
                    "payers": payers,
                    "protocol": protocol,
                    "movesAway": moves_away,
                }),
            ),
        }
    }
}

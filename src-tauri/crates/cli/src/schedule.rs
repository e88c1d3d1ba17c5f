//! `schedule`: when each network's queue is settled by itself.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::table;

#[derive(Debug, Subcommand)]
pub(crate) enum Schedule {
    /// Show when each network's queue is settled, what calls next, and until when waiting is safe.
    Show {
        /// Only this one, such as eip155:84532.
        #[arg(long)]
        network: Option<String>,
    },
    /// Choose when a network's queue is settled. What is chosen combines, the first of it calls, and the
    /// earliest deadline always does. What is left out is not chosen any more.
    Set(Choice),
    /// Settle by hand only; the earliest deadline still settles by itself.
    Manual {
        /// Which, such as eip155:84532; the one that is sold on by default.
        #[arg(long)]
        network: Option<String>,
    },
}

#[derive(Debug, Args)]
#[group(id = "when", args = ["every", "daily", "weekly", "at_amount", "at_count"], required = true, multiple = true)]
pub(crate) struct Choice {
    /// Which, such as eip155:84532; the one that is sold on by default.
    #[arg(long)]
    network: Option<String>,
    /// This long after the last run: 15m, 2h, 1d; at most 7d.
    #[arg(long, value_name = "TIME")]
    every: Option<String>,
    /// Every day at this time, such as 18:00.
    #[arg(long, value_name = "HH:MM")]
    daily: Option<String>,
    /// Some days of the week at this time, such as mon,18:00 or mon,thu,18:00.
    #[arg(long, value_name = "DAYS,HH:MM")]
    weekly: Option<String>,
    /// The time zone of those times, such as Europe/Berlin; as before, or this computer's, by default.
    #[arg(long)]
    zone: Option<String>,
    /// When this much waits, such as 20.
    #[arg(long, value_name = "AMOUNT")]
    at_amount: Option<String>,
    /// When this many payments wait.
    #[arg(long, value_name = "PAYMENTS")]
    at_count: Option<u32>,
    /// Leave runs out while gas costs more than this many gwei. Deadlines are kept whatever it costs.
    #[arg(long, value_name = "GWEI")]
    gas_ceiling: Option<String>,
    /// Above the ceiling, wait for cheaper gas while that is safe instead of leaving the run out.
    #[arg(long, requires = "gas_ceiling")]
    wait_for_gas: bool,
    /// Only say what would be, and change nothing.
    #[arg(long)]
    check: bool,
}

impl Schedule {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show { network } => ("schedule_show", json!({ "network": network })),
            Self::Manual { network } => ("schedule_set", json!({ "network": network })),
            Self::Set(choice) => (
                "schedule_set",
                json!({
                    "network": choice.network, "every": choice.every, "daily": choice.daily,
                    "weekly": choice.weekly, "zone": choice.zone, "atAmount": choice.at_amount,
                    "atCount": choice.at_count, "gasCeiling": choice.gas_ceiling,
                    "waitForGas": choice.wait_for_gas, "check": choice.check,
                }),
            ),
        }
    }
}

/// A schedule for people.
pub(crate) fn describe(schedule: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = format!("{} ({})\n", text(&schedule["title"]), text(&schedule["network"]));
    if schedule["applied"] == false {
        lines.push_str(&table::paragraph("This would be, and is not yet:"));
    }
    lines.push_str(&table::paragraph(&text(&schedule["sentence"])));
    let waiting = &schedule["waiting"];
    lines.push_str(&table::paragraph(&format!(
        "Waiting: {} payments, {}.",
        waiting["payments"],
        text(&waiting["formatted"])
    )));
    if let Some(next) = schedule["next"]["sentence"].as_str() {
        lines.push_str(&table::paragraph(&format!("Next: {next}")));
    }
    if let Some(gas) = schedule["gasNow"]["gwei"].as_str() {
        lines.push_str(&table::paragraph(&format!("Gas: {gas} gwei now.")));
    }
    for warning in schedule["warnings"].as_array().into_iter().flatten() {
        lines.push_str(&table::paragraph(&text(&warning["sentence"])));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_told_in_sentences() {
        let schedule = json!({
            "title": "Base Sepolia", "network": "eip155:84532", "applied": false,
            "sentence": "Settled every 2 hours.", "waiting": { "payments": 3, "formatted": "0.15" },
            "next": { "sentence": "At 18:00, by your schedule." }, "gasNow": { "gwei": "0.6" },
            "warnings": [{ "code": "gas_too_dear", "sentence": "Gas costs too much." }],
        });
        assert_eq!(
            describe(&schedule),
            "Base Sepolia (eip155:84532)\n  This would be, and is not yet:\n  Settled every 2 hours.\n  \
             Waiting: 3 payments, 0.15.\n  Next: At 18:00, by your schedule.\n  Gas: 0.6 gwei now.\n  \
             Gas costs too much.\n"
        );
    }
}

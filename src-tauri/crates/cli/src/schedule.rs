//! `schedule`: when each network's queue is settled by itself.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::plain::count;
use crate::table;

#[derive(Debug, Subcommand)]
pub(crate) enum Schedule {
    /// Show when each network's queue is settled, what calls next, and until when waiting is safe.
    Show {
        /// Only this one, such as eip155:84532.
        #[arg(long)]
        network: Option<String>,
    },
    /// Change when a network's queue is settled. What is chosen combines, the first of it calls, and the
    /// earliest deadline always does. What is left out stays as it is; an option that begins with --no takes
    /// something away, and --manual everything.
    Set(Choice),
    /// Settle by hand only; the earliest deadline still settles by itself.
    Manual {
        /// Which, such as eip155:84532; the one that is sold on by default.
        #[arg(long)]
        network: Option<String>,
    },
}

#[derive(Debug, Args)]
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
    #[arg(long)]
    wait_for_gas: bool,
    /// Not any more after a time.
    #[arg(long, conflicts_with = "every")]
    no_every: bool,
    /// Not any more at a time of every day.
    #[arg(long, conflicts_with = "daily")]
    no_daily: bool,
    /// Not any more on days of the week.
    #[arg(long, conflicts_with = "weekly")]
    no_weekly: bool,
    /// Not any more when an amount waits.
    #[arg(long, conflicts_with = "at_amount")]
    no_at_amount: bool,
    /// Not any more when a number of payments waits.
    #[arg(long, conflicts_with = "at_count")]
    no_at_count: bool,
    /// Whatever gas costs.
    #[arg(long, conflicts_with_all = ["gas_ceiling", "wait_for_gas"])]
    no_gas_ceiling: bool,
    /// Leave the run out again that finds gas above the ceiling.
    #[arg(long, conflicts_with = "wait_for_gas")]
    no_wait_for_gas: bool,
    /// By hand only: none of what was chosen.
    #[arg(long, conflicts_with_all = [
        "every", "daily", "weekly", "at_amount", "at_count", "gas_ceiling", "wait_for_gas", "no_every", "no_daily",
        "no_weekly", "no_at_amount", "no_at_count", "no_gas_ceiling", "no_wait_for_gas",
    ])]
    manual: bool,
    /// Only say what would be, and change nothing.
    #[arg(long)]
    check: bool,
}

impl Schedule {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show { network } => ("schedule_show", json!({ "network": network })),
            Self::Manual { network } => ("schedule_set", json!({ "network": network })),
            Self::Set(choice) if choice.manual => (
                "schedule_set",
                json!({ "network": choice.network, "zone": choice.zone, "check": choice.check }),
            ),
            Self::Set(choice) => ("schedule_set", choice.request()),
        }
    }
}

impl Choice {
    fn request(self) -> Value {
        let none = |taken_away: bool| taken_away.then(|| "none".to_owned());
        let wait_for_gas = match (self.wait_for_gas, self.no_wait_for_gas) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        json!({
            "network": self.network, "zone": self.zone, "check": self.check, "keep": true,
            "every": self.every.or(none(self.no_every)),
            "daily": self.daily.or(none(self.no_daily)),
            "weekly": self.weekly.or(none(self.no_weekly)),
            "atAmount": self.at_amount.or(none(self.no_at_amount)),
            "atCount": self.at_count.or(self.no_at_count.then_some(0)),
            "gasCeiling": self.gas_ceiling.or(none(self.no_gas_ceiling)),
            "waitForGas": wait_for_gas,
        })
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
    for change in schedule["changes"].as_array().into_iter().flatten() {
        lines.push_str(&table::paragraph(&text(change)));
    }
    let waiting = &schedule["waiting"];
    lines.push_str(&table::paragraph(&format!(
        "Waiting: {}, {}.",
        count(&waiting["payments"], "payment"),
        text(&waiting["amount"])
    )));
    if let Some(next) = schedule["next"]["sentence"].as_str() {
        lines.push_str(&table::paragraph(&format!("Next: {next}")));
    }
    if let Some(gas) = schedule["gasNow"].as_str() {
        lines.push_str(&table::paragraph(&format!("Gas: {gas} now.")));
    }
    for warning in schedule["warnings"].as_array().into_iter().flatten() {
        lines.push_str(&table::paragraph(&text(&warning["sentence"])));
    }
    lines
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::arguments::Arguments;

    fn request(line: &str) -> Value {
        let words = ["stallkeeper", "schedule", "set"].into_iter().chain(line.split(' '));
        Arguments::try_parse_from(words).unwrap().command.call().unwrap().1
    }

    #[test]
    fn what_is_left_out_is_kept_and_what_is_taken_away_is_said() {
        let kept = request("--at-amount 20 --no-every --no-at-count");
        assert_eq!((&kept["keep"], &kept["atAmount"]), (&json!(true), &json!("20")));
        assert_eq!(
            (&kept["every"], &kept["atCount"], &kept["daily"]),
            (&json!("none"), &json!(0), &Value::Null)
        );
        assert_eq!(kept["waitForGas"], Value::Null);
        assert_eq!(request("--no-wait-for-gas")["waitForGas"], false);
        assert_eq!(request("--manual")["keep"], Value::Null);
        assert!(
            Arguments::try_parse_from(["stallkeeper", "schedule", "set", "--manual", "--every", "2h"])
                .is_err()
        );
    }

    #[test]
    fn a_schedule_is_told_in_sentences() {
        let schedule = json!({
            "title": "Base Sepolia", "network": "eip155:84532", "applied": false,
            "sentence": "Settled every 2 hours.", "waiting": { "payments": 1, "amount": "$0.15" },
            "next": { "sentence": "At 18:00, by your schedule." }, "gasNow": "0.6 gwei",
            "changes": ["Until now: Settled by hand."],
            "warnings": [{ "code": "gas_too_dear", "sentence": "Gas costs too much." }],
        });
        assert_eq!(
            describe(&schedule),
            "Base Sepolia (eip155:84532)\n  This would be, and is not yet:\n  Settled every 2 hours.\n  \
             Until now: Settled by hand.\n  Waiting: 1 payment, $0.15.\n  Next: At 18:00, by your schedule.\n  Gas: 0.6 gwei now.\n  \
             Gas costs too much.\n"
        );
    }
}

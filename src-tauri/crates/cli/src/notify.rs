//! `notify`: what the seller is told of, and how.

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Notify {
    /// Show what is told, how, and when it is quiet.
    Show,
    /// Choose how one thing is told. What is left out stays as it is.
    Set {
        /// sale, failure, gas, offline, backup or update.
        event: String,
        /// In the window, for a moment.
        #[arg(long, value_name = "on|off")]
        toast: Option<Switch>,
        /// By the system's notifications.
        #[arg(long, value_name = "on|off")]
        system: Option<Switch>,
        /// Those with a sound.
        #[arg(long, value_name = "on|off")]
        sound: Option<Switch>,
    },
    /// Choose when neither the system shows anything nor a sound is heard.
    Quiet {
        /// From when to when, as this computer's clock shows it, such as 22:00-07:00; or never.
        when: String,
    },
    /// Choose what a sale has to bring to be told of.
    Least {
        /// Such as 1.50; 0 for any.
        amount: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl Notify {
    pub(crate) fn call(self) -> (&'static str, Value) {
        let is_on = |switch: Option<Switch>| switch.map(|switch| switch == Switch::On);
        match self {
            Self::Show => ("notify_show", Value::Null),
            Self::Set { event, toast, system, sound } => (
                "notify_set",
                json!({
                    "event": event, "toast": is_on(toast), "system": is_on(system), "sound": is_on(sound),
                }),
            ),
            Self::Quiet { when } => {
                let when = if when == "never" { String::new() } else { when };
                ("notify_set", json!({ "quiet": when }))
            }
            Self::Least { amount } => ("notify_set", json!({ "least": amount })),
        }
    }
}

/// The choices for people.
pub(crate) fn shown(answer: &Value) -> String {
    let word = |is_on: &Value| if *is_on == true { "on" } else { "off" };
    let mut text = String::new();
    for item in answer["items"].as_array().into_iter().flatten() {
        text.push_str(&format!(
            "{:<8} in the window {:<3}  by the system {:<3}  with a sound {}\n",
            item["event"].as_str().unwrap_or_default(),
            word(&item["toast"]),
            word(&item["system"]),
            word(&item["sound"]),
        ));
    }
    match answer["quiet"].as_str() {
        Some(quiet) => {
            let zone = answer["zone"].as_str().unwrap_or_default();
            text.push_str(&format!("Quiet: {quiet} ({zone}).\n"));
        }
        None => text.push_str("Quiet: never.\n"),
    }
    if let Some(least) = answer["least"].as_str() {
        text.push_str(&format!("Sales below ${least} are not told.\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn what_is_left_out_stays_and_never_means_never() {
        let request = |line: &str| {
            let words = ["stallkeeper", "notify"].into_iter().chain(line.split(' '));
            Arguments::try_parse_from(words).unwrap().command.call().unwrap().1
        };
        assert_eq!(
            request("set sale --sound on --toast off"),
            json!({ "event": "sale", "toast": false, "system": null, "sound": true })
        );
        assert_eq!(request("quiet never"), json!({ "quiet": "" }));
        let shown = shown(&json!({
            "items": [{ "event": "sale", "toast": true, "system": false, "sound": false }],
            "quiet": "22:00-07:00", "zone": "Europe/Berlin", "least": "1.50",
        }));
        assert_eq!(
            shown,
            "sale     in the window on   by the system off  with a sound off\n\
             Quiet: 22:00-07:00 (Europe/Berlin).\nSales below $1.50 are not told.\n"
        );
    }
}

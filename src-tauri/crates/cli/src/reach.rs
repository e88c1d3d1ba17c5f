//! How buyers reach the stall, on the command line.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::keys::whole as path;
use crate::table;

#[derive(Debug, Subcommand)]
pub(crate) enum Reach {
    /// Show how buyers reach the stall, and which other ways there are.
    Show,
    /// Choose a way, and keep it open from now on, at each start.
    Set {
        /// this_computer, this_network, own_url, cloudflare_quick, cloudflare_named, ngrok or tailscale_funnel.
        way: String,
        /// Your address that leads here, such as https://stall.example; for own_url, cloudflare_named and ngrok. Stays as
        /// it is when it is left out.
        #[arg(long, value_name = "URL")]
        address: Option<String>,
        /// What the stall is called in its own network: stallkeeper, for stallkeeper.local, by default.
        #[arg(long)]
        name: Option<String>,
        /// The file that holds the token of your account, for cloudflare_named and ngrok. It is read and left as it is;
        /// an empty file forgets the token.
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        /// The program of the tunnel that you downloaded; it is copied into the data folder.
        #[arg(long, value_name = "FILE")]
        program: Option<PathBuf>,
        /// A file that holds the passphrase to keep the token behind, in place of the system's key store.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Ask from outside whether it is really this stall that answers there. Ends with exit code 6 if it is not.
    Check,
    /// Go through a purchase at the public address: whether the stall answers, what it asks for, and, in practice, a
    /// purchase in each version of x402. Ends with exit code 6 if something goes wrong.
    Try,
    /// Unlock the token of the chosen way.
    Unlock {
        /// A file that holds the passphrase.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Let nobody outside reach the stall.
    Off,
}

impl Reach {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("reach_show", Value::Null),
            Self::Set { way, address, name, token_file, program, passphrase_file } => (
                "reach_set",
                json!({
                    "kind": way, "address": address, "name": name, "tokenFile": token_file.map(path),
                    "program": program.map(path), "passphraseFile": passphrase_file.map(path),
                }),
            ),
            Self::Check => ("reach_check", Value::Null),
            Self::Try => ("reach_try", Value::Null),
            Self::Unlock { passphrase_file } => {
                ("reach_unlock", json!({ "passphraseFile": passphrase_file.map(path) }))
            }
            Self::Off => ("reach_off", Value::Null),
        }
    }
}

/// How the chosen way stands; with all ways there are where that was asked.
pub(crate) fn shown(answer: &Value, with_ways: bool) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let way = &answer["way"];
    let mut lines = format!("{}: {}\n", text(&way["title"]), text(&answer["state"]));
    lines.push_str(&table::paragraph(&text(&answer["sentence"])));
    for also in answer["also"].as_array().into_iter().flatten() {
        lines.push_str(&format!("  also {}\n", text(also)));
    }
    if answer["state"] != "off" {
        for key in ["whoReads", "onRestart", "limits"] {
            lines.push_str(&table::paragraph(&text(&way[key])));
        }
    }
    lines.push_str(&table::paragraph(&text(&way["missing"])));
    if answer["token"] == "locked" {
        lines.push_str("The token is locked: stallkeeper reach unlock --passphrase-file FILE\n");
    }
    if let Some(sentence) = answer["check"]["sentence"].as_str() {
        lines.push_str(&format!("Asked from outside:\n{}", table::paragraph(sentence)));
    }
    if with_ways {
        lines.push_str("Ways:\n");
        for way in answer["ways"].as_array().into_iter().flatten() {
            let missing = if way["missing"].is_string() { " (its program is not here)" } else { "" };
            lines.push_str(&format!("{}{missing}\n", text(&way["kind"])));
            lines.push_str(&table::paragraph(&text(&way["purpose"])));
        }
    }
    lines
}

/// Every step of a trial.
pub(crate) fn tried(answer: &Value) -> String {
    let mut lines = String::new();
    for step in answer["steps"].as_array().into_iter().flatten() {
        let word = if step["ok"] == true { "ok" } else { "failed" };
        lines.push_str(&format!("{word}  {}\n", step["step"].as_str().unwrap_or_default()));
        lines.push_str(&table::paragraph(step["sentence"].as_str().unwrap_or_default()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_way_is_told_with_what_it_costs() {
        let way = json!({
            "title": "Temporary link", "whoReads": "Somebody reads.", "onRestart": "It changes.", "limits": null,
            "missing": null, "kind": "quick", "purpose": "To try.",
        });
        let mut answer = json!({
            "way": way, "state": "online", "sentence": "Buyers come.", "also": ["http://10.0.0.1"], "token": "none",
            "check": { "sentence": "It answers." }, "ways": [way],
        });
        let online = "Temporary link: online\n  Buyers come.\n  also http://10.0.0.1\n  Somebody reads.\n  It changes.\nAsked from outside:\n  It answers.\n";
        assert_eq!(shown(&answer, false), online);
        assert_eq!(shown(&answer, true), format!("{online}Ways:\nquick\n  To try.\n"));
        answer["state"] = json!("off");
        assert!(!shown(&answer, false).contains("reads"));
    }

    #[test]
    fn a_trial_is_told_step_by_step() {
        let step = json!({ "step": "v1", "ok": false, "sentence": "Nobody answers." });
        assert_eq!(tried(&json!({ "steps": [step] })), "failed  v1\n  Nobody answers.\n");
    }
}

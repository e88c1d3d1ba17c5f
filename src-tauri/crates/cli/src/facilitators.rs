//! Who else may settle, on the command line.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::keys::whole as path;
use crate::table::{self, Column, cut, whole};

#[derive(Debug, Subcommand)]
pub(crate) enum Facilitator {
    /// Show which facilitator settles on which network.
    Show,
    /// Let a facilitator settle on a network.
    Set {
        /// Such as eip155:84532.
        network: String,
        /// Where it is: https, or http on this computer. Stays as it is when it is left out.
        url: Option<String>,
        /// always, or without_gas for what the gas wallet cannot pay for.
        #[arg(long)]
        used: Option<String>,
        /// In which version of x402 it is asked, 1 or 2; by default what it says it settles.
        #[arg(long)]
        protocol: Option<u8>,
        /// How it is told who asks: none, bearer, cdp or payai.
        #[arg(long)]
        credential: Option<String>,
        /// The name that it gave the key, for cdp and payai.
        #[arg(long)]
        key_id: Option<String>,
        /// The file that holds the token or the key. It is read and left as it is.
        #[arg(long, value_name = "FILE", requires = "credential")]
        secret_file: Option<PathBuf>,
        /// A file that holds the passphrase to keep the secret behind, in place of the system's key store.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Ask a network's facilitator what it settles, and say what follows.
    Check {
        /// Such as eip155:84532.
        network: String,
    },
    /// Unlock the credentials that lie in encrypted files.
    Unlock {
        /// A file that holds the passphrase.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Settle by the gas wallet alone again.
    Remove {
        /// Such as eip155:84532.
        network: String,
    },
}

impl Facilitator {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("facilitator_show", Value::Null),
            Self::Set { network, url, used, protocol, credential, key_id, secret_file, passphrase_file } => (
                "facilitator_set",
                json!({
                    "network": network, "url": url, "used": used, "version": protocol, "credential": credential,
                    "keyId": key_id, "secretFile": secret_file.map(path),
                    "passphraseFile": passphrase_file.map(path),
                }),
            ),
            Self::Check { network } => ("facilitator_check", json!({ "network": network })),
            Self::Unlock { passphrase_file } => {
                ("facilitator_unlock", json!({ "passphraseFile": passphrase_file.map(path) }))
            }
            Self::Remove { network } => ("facilitator_remove", json!({ "network": network })),
        }
    }
}

const FACILITATORS: &[Column] =
    &[whole(&["network"]), whole(&["used"]), whole(&["version"]), whole(&["credential"]), cut(&["url"])];
const POINTS: &[Column] = &[whole(&["state"]), whole(&["point"])];

/// A line for each facilitator: network, use, version, credential, address.
pub(crate) fn list(items: &[Value]) -> String {
    table::with_heads(FACILITATORS, items)
}

/// What was found about a facilitator, with a sentence each.
pub(crate) fn check(answer: &Value) -> String {
    let mut text = String::new();
    for point in answer["points"].as_array().into_iter().flatten() {
        text.push_str(&table::lines(POINTS, std::slice::from_ref(point)));
        text.push_str(&table::paragraph(point["sentence"].as_str().unwrap_or_default()));
    }
    let ready = answer["ready"] == true;
    text.push_str(if ready { "It can be used.\n" } else { "It cannot be used as it is.\n" });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_of_a_facilitator_ends_with_what_follows() {
        let sentence = "It settles nothing here.";
        let answer = json!({
            "points": [{ "point": "network", "state": "failed", "sentence": sentence }], "ready": false,
        });
        let expected = "failed  network\n  It settles nothing here.\nIt cannot be used as it is.\n";
        assert_eq!(check(&answer), expected);
        assert_eq!(check(&json!({ "points": [], "ready": true })), "It can be used.\n");
    }
}

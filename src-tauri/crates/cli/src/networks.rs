//! Networks and their nodes on the command line, and how they are shown to people.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::table::{self, Column, cut, ends, whole};

#[derive(Debug, Subcommand)]
pub(crate) enum Network {
    /// Set a network's nodes and payout address.
    Set {
        /// CAIP-2, such as eip155:84532.
        network: String,
        /// URLs of its nodes, separated by commas, the preferred one first.
        #[arg(long, value_delimiter = ',')]
        rpc: Vec<String>,
        /// Where the money goes.
        #[arg(long)]
        pay_to: Option<String>,
        /// The EIP-3009 token that is paid in, where it is not USDC; "" is USDC again.
        #[arg(long)]
        token: Option<String>,
        /// How many calls each node may be sent in a second; 0 is what is usual.
        #[arg(long)]
        calls_per_second: Option<u32>,
        /// A price feed of the network's coin, as Chainlink's are; "" is the known one again.
        #[arg(long, value_name = "ADDRESS")]
        price_feed: Option<String>,
    },
    /// List the networks: those that are set up, and those that could be.
    List,
    /// Look at a network's contracts and nodes now.
    Check {
        /// CAIP-2, such as eip155:84532.
        network: String,
        /// Accept code that changed since the network was set up.
        #[arg(long)]
        accept: bool,
    },
    /// Give a network up. Nothing may wait to be settled there.
    Remove {
        /// CAIP-2, such as eip155:84532.
        network: String,
    },
    /// Show how each node is.
    Health,
}

impl Network {
    /// The command of `app` that this is, with its request.
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Set { network, rpc, pay_to, token, calls_per_second, price_feed } => {
                let request = json!({
                    "network": network, "rpcUrls": rpc, "payTo": pay_to, "token": token,
                    "callsPerSecond": calls_per_second, "priceFeed": price_feed,
                });
                ("network_set", request)
            }
            Self::List => ("network_list", Value::Null),
            Self::Check { network, accept } => {
                ("network_check", json!({ "network": network, "accept": accept }))
            }
            Self::Remove { network } => ("network_remove", json!({ "network": network })),
            Self::Health => ("network_health", Value::Null),
        }
    }
}

const NETWORKS: &[Column] =
    &[whole(&["network"]), whole(&["state"]), whole(&["coin"]), ends(&["priceFeed"]), cut(&["title"])];
const NODES: &[Column] = &[
    whole(&["network"]),
    whole(&["state"]),
    whole(&["latency"]),
    whole(&["block"]),
    whole(&["blockAge"]),
    cut(&["url"]),
    cut(&["lastError"]),
];
const POINTS: &[Column] = &[whole(&["state"]), whole(&["point"])];

/// A line for each network. The price feed is the one that the seller chose, or the known one.
pub(crate) fn list(items: &[Value]) -> String {
    let line = |item: &Value| {
        let mut line = item.clone();
        if item["setUp"]["priceFeed"].is_string() {
            line["priceFeed"] = item["setUp"]["priceFeed"].clone();
        }
        line
    };
    table::with_heads(NETWORKS, &items.iter().map(line).collect::<Vec<_>>())
}

/// A line for each node.
pub(crate) fn health(items: &[Value]) -> String {
    table::with_heads(NODES, items)
}

/// What was looked at on chain, with a sentence each.
pub(crate) fn check(answer: &Value) -> String {
    let mut text = String::new();
    for point in answer["points"].as_array().into_iter().flatten() {
        text.push_str(&table::lines(POINTS, std::slice::from_ref(point)));
        text.push_str(&table::paragraph(point["sentence"].as_str().unwrap_or_default()));
    }
    match answer["waitingFor"].as_str() {
        Some(why) => text.push_str(&format!("{why}\n")),
        None => text.push_str("It can be sold on.\n"),
    }
    if answer["acceptable"] == true {
        text.push_str("To accept what changed: --accept\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_price_feed_that_was_chosen_counts() {
        let (known, own) = (format!("0x{}", "1".repeat(40)), format!("0x{}", "2".repeat(40)));
        let item = |chosen: Value| {
            json!({ "network": "eip155:1", "state": "ready", "coin": "ETH", "priceFeed": known, "title": "Ethereum",
                    "setUp": { "priceFeed": chosen } })
        };
        assert!(list(&[item(json!(own))]).contains("0x2222…2222"));
        assert!(list(&[item(Value::Null)]).contains("0x1111…1111"));
    }

    #[test]
    fn a_check_says_what_was_found_and_what_follows() {
        let point = json!({ "point": "code", "state": "failed", "sentence": "The token's code changed." });
        let why = "Nothing is sold on Base. The token's code changed.";
        let answer = json!({ "points": [point], "waitingFor": why, "acceptable": true });
        let lines = "failed  code\n  The token's code changed.\n";
        assert_eq!(check(&answer), format!("{lines}{why}\nTo accept what changed: --accept\n"));
        assert_eq!(check(&json!({ "points": [], "waitingFor": null })), "It can be sold on.\n");
    }
}

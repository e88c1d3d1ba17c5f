//! Prices, on the command line.

use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};

use crate::plain::dollars;
use crate::table::{self, Column, cut, whole};

#[derive(Debug, Subcommand)]
pub(crate) enum Price {
    /// Set a price: the usual one, that of a part, for a discount code, or the least that buyers may choose. Quotes in
    /// flight are honoured for ten minutes.
    #[command(group(ArgGroup::new("money").required(true).args(["price", "free", "pay_what_you_want"])))]
    Set {
        #[command(flatten)]
        which: Which,
        /// The price, such as 0.10.
        price: Option<String>,
        /// Let buyers choose: they pay what ?pay=2.50 in the link says.
        #[arg(long, requires = "at_least", conflicts_with = "code")]
        pay_what_you_want: bool,
        /// The least they may choose; a thousand times that is the most.
        #[arg(long, value_name = "PRICE", requires = "pay_what_you_want")]
        at_least: Option<String>,
        /// Give it away.
        #[arg(long, conflicts_with_all = ["code", "from"])]
        free: bool,
        /// From when on, such as 2026-12-01T18:00:00+01:00; at once by default.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
    },
    /// List the prices of an endpoint, and those that are to begin.
    List {
        /// Its path or id.
        endpoint: String,
    },
    /// Show what an endpoint was quoted at, the latest first.
    History {
        /// Its path or id.
        endpoint: String,
    },
    /// End a price that is not the usual one. Who was told it can pay it for ten minutes more.
    Remove {
        #[command(flatten)]
        which: Which,
        /// The one that buyers choose.
        #[arg(long, conflicts_with = "code")]
        pay_what_you_want: bool,
        /// Give the part away no longer.
        #[arg(long, conflicts_with_all = ["code", "pay_what_you_want"])]
        free: bool,
    },
    /// Show what settling a payment of a price costs now, and which programs would refuse to pay it.
    Check {
        /// The price, such as 0.05.
        price: String,
    },
    /// Call off a price that is to begin.
    Cancel {
        /// Its number, as the list says it.
        change: i64,
    },
}

/// Which of an endpoint's prices.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The endpoint's path or id.
    endpoint: String,
    /// Of which part: a folder's file as its link says it, such as drums/kick.wav, or a service's method.
    #[arg(long)]
    part: Option<String>,
    /// For whom names this discount code in the link, as in ?code=SPRING.
    #[arg(long)]
    code: Option<String>,
}

impl Price {
    pub(crate) fn call(self) -> (&'static str, Value) {
        let named = |endpoint: String| json!({ "endpoint": endpoint });
        match self {
            Self::Set {
                which: Which { endpoint, part, code },
                price,
                pay_what_you_want,
                at_least,
                free,
                from,
            } => {
                let request = json!({
                    "endpoint": endpoint, "part": part, "code": code,
                    "own": pay_what_you_want.then_some(true), "free": free.then_some(true),
                    "price": price.or(at_least), "from": from,
                });
                ("price_set", request)
            }
            Self::Check { price } => ("price_check", json!({ "price": price })),
            Self::List { endpoint } => ("price_list", named(endpoint)),
            Self::History { endpoint } => ("price_history", named(endpoint)),
            Self::Remove { which: Which { endpoint, part, code }, pay_what_you_want, free } => {
                let request = json!({
                    "endpoint": endpoint, "part": part, "code": code,
                    "own": pay_what_you_want.then_some(true), "free": free.then_some(true),
                });
                ("price_remove", request)
            }
            Self::Cancel { change } => ("price_cancel", json!({ "change": change })),
        }
    }
}

const PRICES: &[Column] =
    &[whole(&["part"]), whole(&["audience"]), whole(&["code"]), whole(&["price"]), cut(&["url"])];
const CHANGES: &[Column] = &[
    whole(&["id"]),
    whole(&["part"]),
    whole(&["audience"]),
    whole(&["code"]),
    whole(&["price"]),
    whole(&["beginsAt"]),
];
const VERSIONS: &[Column] = &[
    whole(&["version"]),
    whole(&["part"]),
    whole(&["audience"]),
    whole(&["code"]),
    whole(&["amount"]),
    whole(&["network"]),
    whole(&["quotedAt"]),
    whole(&["endedAt"]),
];

const FILES: &[Column] =
    &[whole(&["part"]), whole(&["bytes"]), whole(&["priced"]), whole(&["price"]), cut(&["url"])];

/// The files of a folder, and what each costs.
pub(crate) fn files(items: &[Value]) -> String {
    table::with_heads(FILES, items)
}

/// The prices of an endpoint with what is to be known of them, and what is to begin.
pub(crate) fn shown(answer: &Value) -> String {
    let items = answer["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lines: Vec<Value> = items
        .iter()
        .map(|item| {
            let mut line = item.clone();
            name_part(&mut line);
            let price = item["price"].as_str();
            line["price"] = match (item["audience"].as_str(), price) {
                (Some("own"), Some(price)) => format!("from {price}"),
                (_, Some(price)) => price.to_owned(),
                (_, None) => "0".to_owned(),
            }
            .into();
            line
        })
        .collect();
    let mut text = table::with_heads(PRICES, &lines);
    let mut said = Vec::new();
    for warning in items.iter().flat_map(|item| item["warnings"].as_array().into_iter().flatten()) {
        let sentence = warning["sentence"].as_str().unwrap_or_default();
        if !said.contains(&sentence) {
            said.push(sentence);
            text.push_str(&table::paragraph(sentence));
        }
    }
    if let Some(changes @ [_, ..]) = answer["changes"].as_array().map(Vec::as_slice) {
        text.push_str("To begin (call one off with: stallkeeper price cancel ID):\n");
        let lines: Vec<Value> = changes
            .iter()
            .map(|change| {
                let mut line = change.clone();
                name_part(&mut line);
                line["price"] = dollars(change["price"].as_str().unwrap_or_default()).into();
                line
            })
            .collect();
        text.push_str(&table::with_heads(CHANGES, &lines));
    }
    text
}

/// What an endpoint was quoted at.
pub(crate) fn history(items: &[Value]) -> String {
    let mut lines = items.to_vec();
    lines.iter_mut().for_each(name_part);
    table::with_heads(VERSIONS, &lines)
}

/// Names what has no name because it is all there is.
fn name_part(line: &mut Value) {
    if line["part"] == "" {
        line["part"] = "(all)".into();
    }
}

/// What to know of a price: a line for each network, and one for each warning.
pub(crate) fn checked(items: &[Value]) -> String {
    let mut text = String::new();
    for item in items {
        let title = item["title"].as_str().unwrap_or_default();
        match item["cost"]["formatted"].as_str() {
            Some(cost) => text.push_str(&format!("{title}: settling one payment costs about ${cost} now.\n")),
            None => text.push_str(&format!("{title}: what settling costs is not known now.\n")),
        }
        for warning in item["warnings"].as_array().map(Vec::as_slice).unwrap_or_default() {
            text.push_str(&format!("  {}\n", warning["sentence"].as_str().unwrap_or_default()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_listed_with_what_is_to_be_known_of_them_said_once() {
        let warnings = json!([{ "code": "above_v1_cap", "sentence": "Some programs refuse." }]);
        let text = shown(&json!({
            "items": [
                { "part": "", "audience": "everybody", "code": null, "price": "$0.50", "url": null, "warnings": warnings },
                { "part": "", "audience": "own", "code": null, "price": "$0.20", "url": null, "warnings": warnings },
                { "part": "kick.wav", "audience": "free", "code": null, "price": null, "url": null, "warnings": [] },
            ],
            "changes": [{ "id": 7, "part": "", "audience": "code", "code": "MAY", "price": "0.10", "beginsAt": "later" }],
        }));
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1][..4], ["(all)", "everybody", "-", "$0.50"]);
        assert_eq!(lines[2][..5], ["(all)", "own", "-", "from", "$0.20"]);
        assert_eq!(lines[3][..4], ["kick.wav", "free", "-", "0"]);
        assert_eq!(text.matches("Some programs refuse.").count(), 1);
        assert_eq!(lines.last().unwrap()[..], ["7", "(all)", "code", "MAY", "$0.10", "later"]);
    }
}

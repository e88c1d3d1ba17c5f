//! The words about what failed, what was given back, and the books.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::table::{self, Column, whole};

#[derive(Debug, Subcommand)]
pub(crate) enum Failure {
    /// List what failed: first what can still be saved, by the time that is left.
    List {
        /// Only for this reason, such as underfunded or expired.
        #[arg(long)]
        reason: Option<String>,
        /// Only on this network, such as eip155:84532.
        #[arg(long)]
        network: Option<String>,
        /// Only by this payer.
        #[arg(long)]
        payer: Option<String>,
        /// How many, 50 by default, 200 at most.
        #[arg(long)]
        limit: Option<u32>,
        /// The "next" of the page before.
        #[arg(long)]
        after: Option<String>,
    },
    /// Show one payment with what was tried and what can be done.
    Show {
        /// Its id.
        payment: String,
    },
    /// Try payments again whose window is open and whose nonce is unused.
    Retry {
        /// Their ids.
        #[arg(required_unless_present = "reason")]
        payments: Vec<String>,
        /// All that failed for this reason instead.
        #[arg(long, conflicts_with = "payments")]
        reason: Option<String>,
        /// Only put them back into the queue instead of settling what waits now.
        #[arg(long)]
        later: bool,
        /// By which rail: direct, for our own transaction, or facilitator.
        #[arg(long)]
        rail: Option<String>,
    },
    /// Give payments up. They are watched all the same until their windows are over.
    WriteOff {
        /// Their ids.
        #[arg(required_unless_present = "reason")]
        payments: Vec<String>,
        /// All that need attention for this reason on a network instead.
        #[arg(long, conflicts_with = "payments", requires_all = ["network", "expected"])]
        reason: Option<String>,
        /// The reason's network, such as eip155:84532.
        #[arg(long, requires = "reason")]
        network: Option<String>,
        /// How many those are; where they are more or fewer, nothing is given up.
        #[arg(long, requires = "reason", value_name = "COUNT")]
        expected: Option<u64>,
    },
    /// Take a payment up again that was given up.
    Reopen {
        /// Its id.
        payment: String,
    },
    /// Name the transaction by which somebody else settled a payment. The chain has to show it.
    SettledElsewhere {
        /// Its id.
        payment: String,
        /// The transaction's hash.
        transaction: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Refund {
    /// Prepare a transfer back to the buyer, for your own wallet to make.
    Prepare {
        /// The payment's id.
        payment: String,
        /// How much, such as 0.05; what is left of it by default.
        #[arg(long)]
        amount: Option<String>,
    },
    /// Record a transfer back to the buyer. The chain has to show it.
    Record {
        /// The payment's id.
        payment: String,
        /// The transaction's hash.
        transaction: String,
        /// Which of several transfers of the transaction: the one of this amount.
        #[arg(long)]
        amount: Option<String>,
        /// What to remember about it.
        #[arg(long)]
        note: Option<String>,
    },
    /// List refunds, newest first.
    List {
        /// Only those of this payment.
        #[arg(long)]
        payment: Option<String>,
        /// How many, 50 by default, 1000 at most.
        #[arg(long)]
        limit: Option<u32>,
        /// Only those with a lower number.
        #[arg(long)]
        before: Option<i64>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The first UTC day, such as 2026-11-01; 28 days by default.
    #[arg(long)]
    from: Option<String>,
    /// The last UTC day; today by default.
    #[arg(long)]
    to: Option<String>,
    /// day, endpoint, payer or network.
    #[arg(long, default_value = "day")]
    by: String,
}

#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// Only on this network, such as eip155:84532.
    #[arg(long)]
    network: Option<String>,
    /// The first block; that of the first payment by default.
    #[arg(long)]
    from: Option<u64>,
    /// The last block; the newest final one by default.
    #[arg(long)]
    to: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// payments, batches, costs or refunds.
    what: String,
    /// The file to write.
    path: PathBuf,
    /// csv or json; by default json where the file's name ends in .json, and csv otherwise.
    #[arg(long, value_parser = ["csv", "json"])]
    format: Option<String>,
    /// Replace the file if it is there.
    #[arg(long)]
    replace: bool,
    /// Only payments in these states, separated by commas.
    #[arg(long, value_delimiter = ',')]
    states: Option<Vec<String>>,
    /// Only payments for this endpoint, by its path or id.
    #[arg(long)]
    endpoint: Option<String>,
    /// Only of this payer.
    #[arg(long)]
    payer: Option<String>,
    /// Only on this network, such as eip155:84532.
    #[arg(long)]
    network: Option<String>,
    /// From this UTC day on, such as 2026-11-01.
    #[arg(long)]
    from: Option<String>,
    /// Up to this UTC day.
    #[arg(long)]
    to: Option<String>,
    /// Only payments of at least this much.
    #[arg(long)]
    least: Option<String>,
    /// Only payments of at most this much.
    #[arg(long)]
    most: Option<String>,
    /// Only payments that have not arrived: interrupted or waiting.
    #[arg(long)]
    delivery: Option<String>,
    /// Only payments that this finds, as in their list.
    #[arg(long)]
    search: Option<String>,
}

impl Failure {
    pub(crate) fn call(self) -> (&'static str, Value) {
        let named = |payment: String| json!({ "payment": payment });
        match self {
            Self::List { reason, network, payer, limit, after } => (
                "failure_list",
                json!({ "reason": reason, "network": network, "payer": payer, "limit": limit, "after": after }),
            ),
            Self::Show { payment } => ("failure_show", named(payment)),
            Self::Retry { payments, reason, later, rail } => (
                "payment_retry",
                json!({ "payments": payments, "reason": reason, "later": later, "rail": rail }),
            ),
            Self::WriteOff { payments, reason, network, expected } => (
                "payment_write_off",
                json!({ "payments": payments, "reason": reason, "network": network, "expected": expected }),
            ),
            Self::Reopen { payment } => ("payment_reopen", named(payment)),
            Self::SettledElsewhere { payment, transaction } => {
                ("payment_settled_elsewhere", json!({ "payment": payment, "transaction": transaction }))
            }
        }
    }
}

impl Refund {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Prepare { payment, amount } => {
                ("refund_prepare", json!({ "payment": payment, "amount": amount }))
            }
            Self::Record { payment, transaction, amount, note } => (
                "refund_record",
                json!({ "payment": payment, "transaction": transaction, "amount": amount, "note": note }),
            ),
            Self::List { payment, limit, before } => {
                ("refund_list", json!({ "payment": payment, "limit": limit, "before": before }))
            }
        }
    }
}

/// What came in, by hour, day or month; how it compares with the time before, what settling cost and what sold best.
#[derive(Debug, Args)]
pub(crate) struct Revenue {
    /// How many days up to the last; without it and --from, the months of a year.
    #[arg(long, conflicts_with = "from")]
    days: Option<u32>,
    /// The first UTC day, such as 2026-11-01.
    #[arg(long)]
    from: Option<String>,
    /// The last UTC day; today by default.
    #[arg(long)]
    to: Option<String>,
    /// hour, day or month; by default what suits the days.
    #[arg(long)]
    by: Option<String>,
}

impl Revenue {
    pub(crate) fn call(self) -> (&'static str, Value) {
        let Self { days, from, to, by } = self;
        ("revenue", json!({ "days": days, "from": from, "to": to, "by": by }))
    }
}

const REVENUE: &[Column] = &[
    whole(&["day"]),
    whole(&["settled.formatted"]),
    whole(&["pending.formatted"]),
    whole(&["attention.formatted"]),
    whole(&["before.formatted"]),
];

/// A line for each hour, day or month in which anything was sold, then one for all.
pub(crate) fn revenue(answer: &Value, items: &[Value]) -> String {
    let is_empty = |item: &Value| {
        ["settled", "pending", "attention", "before"].iter().all(|sum| item[sum]["payments"] == 0)
    };
    let mut lines: Vec<Value> = items.iter().filter(|item| !is_empty(item)).cloned().collect();
    let mut all = answer["total"].clone();
    all["day"] = "all".into();
    all["before"] = answer["before"]["settled"].clone();
    lines.push(all);
    let days = format!("{} to {} ({})", plain(&answer["from"]), plain(&answer["to"]), plain(&answer["zone"]));
    format!("{days}\n{}", table::with_heads(REVENUE, &lines))
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

impl Report {
    pub(crate) fn call(self) -> (&'static str, Value) {
        ("report", json!({ "from": self.from, "to": self.to, "by": self.by }))
    }
}

impl Reconcile {
    pub(crate) fn call(self) -> (&'static str, Value) {
        ("reconcile", json!({ "network": self.network, "from": self.from, "to": self.to }))
    }
}

impl Export {
    pub(crate) fn call(self) -> (&'static str, Value) {
        // The engine may have been started in another folder.
        let path = std::path::absolute(&self.path).unwrap_or(self.path);
        let filter = json!({
            "states": self.states, "endpoint": self.endpoint, "payer": self.payer, "network": self.network,
            "from": self.from, "to": self.to, "least": self.least, "most": self.most, "delivery": self.delivery,
            "search": self.search,
        });
        let request = json!({
            "what": self.what, "format": self.format, "path": path.to_string_lossy(), "replace": self.replace,
            "filter": filter,
        });
        ("export", request)
    }
}

const BOOKS: &[Column] = &[
    whole(&["key"]),
    whole(&["payments"]),
    whole(&["gross"]),
    whole(&["refunded"]),
    whole(&["cost"]),
    whole(&["net"]),
];

/// The books: a line for each item, then the sums, and why something is not known.
pub(crate) fn shown(answer: &Value, items: &[Value]) -> String {
    let day = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
    let days = format!("{} to {} ({})", day("from"), day("to"), day("zone"));
    if items.is_empty() {
        return format!("Nothing came, was spent or given back from {days}.\n");
    }
    let totals = answer["totals"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut lines: Vec<_> = items.iter().map(|item| line(item, &item["key"])).collect();
    for total in totals {
        let several = totals.len() > 1;
        let key = if several {
            format!("total {}", total["key"].as_str().unwrap_or_default())
        } else {
            "total".to_owned()
        };
        lines.push(line(total, &key.into()));
    }
    let mut text = format!("{days}\n{}", table::with_heads(BOOKS, &lines));
    let missing: Vec<_> = totals.iter().filter_map(unpriced).collect();
    for (amount, coin) in &missing {
        text.push_str(&format!(
            "NET leaves out {amount} {coin} of the cost, whose worth in dollars was not known when it was spent.\n"
        ));
    }
    let mut coins: Vec<_> = missing.into_iter().map(|(_, coin)| coin).collect();
    coins.dedup();
    for coin in coins {
        text.push_str(&format!(
            "What is spent from now on is counted once it is: stallkeeper settings set coin-price-{coin} PRICE\n"
        ));
    }
    text
}

fn line(item: &Value, key: &Value) -> Value {
    json!({
        "key": key, "payments": item["payments"], "gross": item["gross"], "refunded": item["refunded"],
        "cost": item["cost"], "net": item["net"],
    })
}

/// What of a line's costs has no known worth, and the coin that it is in.
fn unpriced(line: &Value) -> Option<(&str, &str)> {
    let (amount, coin) = line["unpriced"].as_str()?.split_once(' ')?;
    amount.bytes().any(|digit| matches!(digit, b'1'..=b'9')).then_some((amount, coin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_end_with_their_sums_and_say_what_is_missing_for_the_rest() {
        let line = |key: &str, unpriced: &str, net: Value| json!({ "key": key, "payments": 2, "gross": "$0.10", "refunded": "$0.05", "cost": "0.0002 ETH", "unpriced": format!("{unpriced} ETH"), "net": net });
        let books = |unpriced: &str, net: Value| {
            let items = [line("2026-11-21", unpriced, net.clone())];
            let totals = [line("eip155:84532", unpriced, net)];
            let answer = json!({ "from": "2026-11-01", "to": "2026-11-21", "zone": "UTC", "totals": totals });
            shown(&answer, &items)
        };
        let text = books("0.0002", Value::Null);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "2026-11-01 to 2026-11-21 (UTC)");
        assert!(lines[1].starts_with("KEY") && lines[1].contains("REFUNDED") && lines[1].ends_with("NET"));
        assert!(lines[3].starts_with("total") && lines[3].ends_with('-'), "{text}");
        assert!(lines[4].starts_with("NET leaves out 0.0002 ETH of the cost"), "{text}");
        assert!(lines[5].ends_with("settings set coin-price-ETH PRICE"), "{text}");
        let partly = books("0.0001", json!("-$0.40"));
        assert!(partly.contains("-$0.40") && partly.contains("leaves out 0.0001 ETH"), "{partly}");
        assert!(!books("0.00", json!("-$0.40")).contains("ETH of the cost"));
        assert!(shown(&json!({ "from": "a", "to": "b", "zone": "UTC" }), &[]).starts_with("Nothing came"));
    }
}

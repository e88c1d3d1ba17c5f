//! Who came, on the command line.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::table::{self, Column, cut, ends, whole};

#[derive(Debug, Subcommand)]
pub(crate) enum Traffic {
    /// Show how many were shown a price, signed, got everything and paid in the end; your own purchases in practice are
    /// left out.
    Funnel {
        /// Only for this endpoint, by its path or id.
        endpoint: Option<String>,
        /// How many days, today included: 30 by default, 366 at most.
        #[arg(long)]
        days: Option<u32>,
    },
    /// List the newest requests since the stall was opened. Buyers' network addresses are kept only while the setting
    /// request-addresses is on.
    Requests {
        /// Only those for this endpoint, by its path or id.
        endpoint: Option<String>,
        /// How many, 100 by default, 1000 at most.
        #[arg(long)]
        limit: Option<u32>,
        /// Where the page before ended.
        #[arg(long)]
        before: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Notice {
    /// List what you were told, the latest first; what is new is marked.
    List {
        /// How many, 30 by default, 100 at most.
        #[arg(long)]
        limit: Option<u32>,
        /// Where the page before ended.
        #[arg(long)]
        before: Option<String>,
    },
    /// Say that you have seen it.
    Seen {
        /// Up to the one of this id; all by default.
        #[arg(long)]
        until: Option<String>,
    },
}

impl Notice {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::List { limit, before } => ("notice_list", json!({ "limit": limit, "before": before })),
            Self::Seen { until } => ("notices_seen", json!({ "until": until })),
        }
    }
}

const NOTICES: &[Column] =
    &[whole(&["id"]), whole(&["new"]), whole(&["at"]), whole(&["kind"]), cut(&["what"])];

/// A line for each thing that the seller was told.
pub(crate) fn notices(items: &[Value]) -> String {
    let line = |item: &Value| {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let mut line = item.clone();
        line["new"] = if item["unread"] == true { "*" } else { "" }.into();
        let what = match text("kind").as_str() {
            "sales" => {
                let sum = item["money"]["formatted"].as_str().unwrap_or_default();
                format!("{} sold for ${sum} {}", item["money"]["payments"], text("about"))
            }
            "attention" if item["over"] == true => format!("Over: {}", text("sentence")),
            "attention" => text("sentence"),
            "backup" => "A backup was made.".to_owned(),
            _ => format!("Version {} runs now.", text("about")),
        };
        line["what"] = what.trim_end().into();
        line
    };
    table::with_heads(NOTICES, &items.iter().map(line).collect::<Vec<_>>())
}

impl Traffic {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Funnel { endpoint, days } => ("funnel_show", json!({ "endpoint": endpoint, "days": days })),
            Self::Requests { endpoint, limit, before } => {
                ("request_list", json!({ "endpoint": endpoint, "limit": limit, "before": before }))
            }
        }
    }
}

const STEPS: &[Column] =
    &[whole(&["shown"]), whole(&["signed"]), whole(&["delivered"]), whole(&["settled"]), cut(&["of"])];
const REQUESTS: &[Column] = &[
    whole(&["at"]),
    whole(&["method"]),
    whole(&["status"]),
    whole(&["outcome"]),
    whole(&["bytes"]),
    ends(&["payer"]),
    whole(&["address"]),
    cut(&["path"]),
];

/// A line for each endpoint, then one for all, then one for each day on which anybody came.
pub(crate) fn funnel(answer: &Value) -> String {
    let line = |steps: &Value, of: &Value| {
        let mut line = steps.clone();
        line["of"] = of.clone();
        line
    };
    let items = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    let mut lines: Vec<Value> = items("items").iter().map(|item| line(item, &item["endpoint"])).collect();
    lines.push(line(answer, &"all".into()));
    let came = |day: &&Value| ["shown", "signed", "delivered", "settled"].iter().any(|step| day[step] != 0);
    lines.extend(items("days").iter().filter(came).map(|day| line(day, &day["day"])));
    table::with_heads(STEPS, &lines)
}

/// A line for each request.
pub(crate) fn requests(items: &[Value]) -> String {
    table::with_heads(REQUESTS, items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_funnel_is_a_line_for_each_endpoint_for_all_and_for_each_day_on_which_anybody_came() {
        let steps = |shown: u64| json!({ "shown": shown, "signed": 0, "delivered": 0, "settled": 0 });
        let with = |mut steps: Value, name: &str, value: &str| {
            steps[name] = value.into();
            steps
        };
        let mut answer = steps(7);
        answer["items"] = json!([with(steps(7), "endpoint", "/guide")]);
        answer["days"] = json!([with(steps(0), "day", "2026-11-20"), with(steps(7), "day", "2026-11-21")]);
        let text = funnel(&answer);
        let last: Vec<_> = text.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
        assert_eq!(last, ["/guide", "all", "2026-11-21"], "{text}");
    }
}

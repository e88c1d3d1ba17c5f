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
        /// How many, 100 by default, 1000 at most.
        #[arg(long)]
        limit: Option<u32>,
    },
}

impl Traffic {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Funnel { endpoint, days } => ("funnel_show", json!({ "endpoint": endpoint, "days": days })),
            Self::Requests { limit } => ("request_list", json!({ "limit": limit })),
        }
    }
}

const STEPS: &[Column] =
    &[whole(&["shown"]), whole(&["signed"]), whole(&["delivered"]), whole(&["settled"]), cut(&["of"])];
const REQUESTS: &[Column] = &[
    whole(&["at"]),
    whole(&["method"]),
    whole(&["status"]),
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

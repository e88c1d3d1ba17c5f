//! Answers on stdout, complaints on stderr.

use std::io::Write as _;

use app::ApiError;
use serde_json::Value;

use crate::facilitators;
use crate::networks;
use crate::schedule;
use crate::table::{self, Column, cut, ends, whole};

/// One JSON line.
pub(crate) fn line(value: &Value) {
    // A reader that went away is not our business.
    drop(writeln!(std::io::stdout().lock(), "{value}"));
}

/// A text as it is.
pub(crate) fn text(text: &str) {
    drop(write!(std::io::stdout().lock(), "{text}"));
}

/// An error, as JSON or as a sentence.
pub(crate) fn complain(error: &ApiError, json: bool) {
    let text = if json { serde_json::json!(error).to_string() } else { error.message.clone() };
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// A sentence for whoever sits before it, beside the answers.
pub(crate) fn note(sentence: &str) {
    drop(writeln!(std::io::stderr().lock(), "{sentence}"));
}

/// An answer, as JSON or for people.
pub(crate) fn show(command: &str, answer: &Value, json: bool) {
    if json {
        line(answer);
        return;
    }
    drop(write!(std::io::stdout().lock(), "{}", for_people(command, answer)));
}

fn for_people(command: &str, answer: &Value) -> String {
    let mut text = String::new();
    match (command, answer["items"].as_array().map(Vec::as_slice)) {
        ("settle", items) => {
            describe(answer, 0, &mut text);
            text.push_str(&what_goes_on(items.unwrap_or_default()));
        }
        ("settle_preview", _) => {
            describe(answer, 0, &mut text);
            text.push_str("Nothing was sent. To settle: stallkeeper settle\n");
        }
        ("status", _) => {
            let nowhere = answer["networks"].as_array().is_none_or(Vec::is_empty);
            let mut shown = answer.clone();
            if nowhere && shown["selling"] == true {
                shown["selling"] = false.into();
            }
            describe(&shown, 0, &mut text);
            if nowhere {
                text.push_str(
                    "No network is set up yet, so nothing can be sold; see `stallkeeper network set`.\n",
                );
            }
        }
        ("schedule_set", _) => text.push_str(&schedule::describe(answer)),
        ("network_check", _) => text.push_str(&networks::check(answer)),
        ("facilitator_check", _) => text.push_str(&facilitators::check(answer)),
        ("payout_show", Some([])) => {
            text.push_str("No network is set up yet; `stallkeeper network set` says where the money goes.\n");
        }
        ("reconcile" | "batch_show" | "payout_show" | "quit_preview", _) | (_, None) => {
            describe(answer, 0, &mut text);
        }
        ("doctor", Some(items)) => {
            for item in items {
                let (state, check) = (item["state"].as_str(), item["check"].as_str());
                text.push_str(&format!("{}  {}\n", state.unwrap_or_default(), check.unwrap_or_default()));
                text.push_str(&table::paragraph(item["sentence"].as_str().unwrap_or_default()));
            }
        }
        ("attention_list", Some([])) => text.push_str("Nothing needs you.\n"),
        (_, Some([])) => text.push_str("Nothing yet.\n"),
        ("attention_list", Some(items)) => {
            for item in items {
                text.push_str(&table::lines(ATTENTION, std::slice::from_ref(item)));
                text.push_str(&table::paragraph(item["sentence"].as_str().unwrap_or_default()));
            }
        }
        ("schedule_show", Some(items)) => text.extend(items.iter().map(schedule::describe)),
        ("settings_get" | "settings_set", Some(items)) => {
            for item in items {
                text.push_str(&table::lines(
                    &[whole(&["key"]), whole(&["value"])],
                    std::slice::from_ref(item),
                ));
                text.push_str(&table::paragraph(item["meaning"].as_str().unwrap_or_default()));
            }
        }
        ("live_checklist", Some(items)) => {
            for item in items {
                let tick = if item["done"] == true { "done" } else { "open" };
                let optional = if item["mandatory"] == true { "" } else { " (not needed to begin)" };
                text.push_str(&format!(
                    "{tick}  {}{optional}\n",
                    item["sentence"].as_str().unwrap_or_default()
                ));
                text.push_str(&table::paragraph(item["next"].as_str().unwrap_or_default()));
            }
            if answer["environment"] != "live" {
                text.push_str(
                    "This is no real money; for that, while this stall is closed: stallkeeper live checklist --environment live\n",
                );
            }
        }
        (_, Some(items)) => {
            text.push_str(&list(command, items));
            if let Some(next) = answer["next"].as_str() {
                let flag = if command == "failure_list" { "after" } else { "before" };
                text.push_str(&format!("More: --{flag} {next}\n"));
            }
        }
    }
    text
}

/// What of the batches is still under way, and where to look.
fn what_goes_on(batches: &[Value]) -> String {
    let open: Vec<_> = batches.iter().filter(|batch| batch["closedAt"].is_null()).collect();
    match open[..] {
        [] => String::new(),
        [batch] => format!("Settling goes on; see `stallkeeper batch show {}`.\n", batch["id"]),
        _ => "Settling goes on; see `stallkeeper batch list`.\n".to_owned(),
    }
}

const ENDPOINTS: &[Column] =
    &[whole(&["url", "path"]), whole(&["formatted"]), whole(&["state"]), whole(&["mode"]), cut(&["title"])];
const PAYMENTS: &[Column] = &[
    whole(&["id"]),
    whole(&["state"]),
    whole(&["formatted"]),
    cut(&["endpoint"]),
    ends(&["payer"]),
    ends(&["transaction"]),
];
const BATCHES: &[Column] =
    &[whole(&["id"]), whole(&["state"]), whole(&["payments"]), whole(&["formatted"]), whole(&["network"])];
const FAILURES: &[Column] = &[
    whole(&["id"]),
    whole(&["kind"]),
    whole(&["formatted"]),
    whole(&["secondsLeft"]),
    cut(&["endpoint"]),
    ends(&["payer"]),
];
const RETRIED: &[Column] = &[whole(&["payment"]), whole(&["state"]), cut(&["sentence"])];
const REFUNDS: &[Column] = &[
    whole(&["id"]),
    whole(&["payment"]),
    whole(&["formatted"]),
    ends(&["payer"]),
    ends(&["transaction"]),
    cut(&["note"]),
];
const BOOKS: &[Column] =
    &[whole(&["key"]), whole(&["payments"]), whole(&["gross"]), whole(&["cost"]), whole(&["net"])];
const PAYERS: &[Column] = &[
    whole(&["payer"]),
    whole(&["standing"]),
    whole(&["settled.formatted"]),
    whole(&["exposed.formatted"]),
    whole(&["lost.formatted"]),
];
const ATTENTION: &[Column] =
    &[whole(&["reason"]), whole(&["network"]), whole(&["payments"]), whole(&["amount.formatted"])];
const PURCHASES: &[Column] =
    &[whole(&["status"]), ends(&["payer"]), whole(&["bytes"]), ends(&["transaction"]), cut(&["error"])];

/// A list's items, one line each.
fn list(command: &str, items: &[Value]) -> String {
    match command {
        "endpoint_list" => table::with_heads(ENDPOINTS, &items.iter().map(endpoint_line).collect::<Vec<_>>()),
        "payment_list" => table::with_heads(PAYMENTS, items),
        "batch_list" => table::with_heads(BATCHES, items),
        "payer_list" => table::with_heads(PAYERS, items),
        "practice_buy" => table::with_heads(PURCHASES, items),
        "failure_list" => table::with_heads(FAILURES, items),
        "payment_retry" => table::with_heads(RETRIED, items),
        "refund_list" => table::with_heads(REFUNDS, items),
        "report" => table::with_heads(BOOKS, &items.iter().map(book_line).collect::<Vec<_>>()),
        "network_list" => networks::list(items),
        "network_health" => networks::health(items),
        "facilitator_show" | "facilitator_unlock" => facilitators::list(items),
        _ => items.iter().map(|item| format!("{item}\n")).collect(),
    }
}

/// An endpoint whose file stands in the way of its sale says that first.
fn endpoint_line(item: &Value) -> Value {
    let mut line = item.clone();
    if let Some(state @ ("changed" | "missing")) = item["fileState"].as_str()
        && item["state"] == "live"
    {
        line["state"] = format!("file {state}").into();
    }
    line
}

/// A line of the books with its costs in coins; what is left has a question mark while a cost has no
/// known worth.
fn book_line(item: &Value) -> Value {
    let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let cost = format!("{} {}", word(&item["cost"]["formatted"]), word(&item["cost"]["coin"]));
    serde_json::json!({
        "key": item["key"], "payments": item["payments"], "gross": word(&item["gross"]["formatted"]),
        "cost": cost, "net": word(&item["net"]["formatted"]),
    })
}

/// Whether a field of that name holds a moment in Unix milliseconds.
fn is_moment(name: &str) -> bool {
    name == "at" || name == "settleUntil" || name.ends_with("At") || name.ends_with("Deadline")
}

/// A tree of names and values.
fn describe(value: &Value, depth: usize, text: &mut String) {
    let Value::Object(fields) = value else {
        text.push_str(&format!("{:depth$}{value}\n", ""));
        return;
    };
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::String(value) => text.push_str(&format!("{:depth$}{name}: {value}\n", "")),
            Value::Object(_) => {
                text.push_str(&format!("{:depth$}{name}:\n", ""));
                describe(value, depth + 2, text);
            }
            Value::Array(items) if items.is_empty() => {}
            Value::Array(items) => {
                text.push_str(&format!("{:depth$}{name}:\n", ""));
                for item in items {
                    describe(item, depth + 2, text);
                    if item.is_object() && items.len() > 1 {
                        text.push('\n');
                    }
                }
            }
            Value::Number(moment) if is_moment(name) => {
                let shown = moment.as_i64().and_then(app::local_time).unwrap_or_else(|| moment.to_string());
                text.push_str(&format!("{:depth$}{name}: {shown}\n", ""));
            }
            Value::Bool(_) | Value::Number(_) => text.push_str(&format!("{:depth$}{name}: {value}\n", "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settling_that_goes_on_says_where_to_look() {
        let settled = |closed: [Value; 2]| {
            let [one, two] = closed;
            let items = json!([{ "id": 3, "closedAt": one }, { "id": 4, "closedAt": two }]);
            for_people("settle", &json!({ "items": items, "complete": false }))
        };
        let last = |text: String| text.lines().last().unwrap_or_default().to_owned();
        assert_eq!(
            last(settled([json!(7), Value::Null])),
            "Settling goes on; see `stallkeeper batch show 4`."
        );
        assert_eq!(
            last(settled([Value::Null, Value::Null])),
            "Settling goes on; see `stallkeeper batch list`."
        );
        assert!(!settled([json!(7), json!(8)]).contains("goes on"));
    }

    #[test]
    fn an_endpoint_whose_file_is_not_what_was_published_does_not_look_sold() {
        let item =
            |file| json!({ "path": "/guide", "formatted": "0.05", "state": "live", "fileState": file });
        for (file, state) in [("ok", "live"), ("changed", "file changed"), ("missing", "file missing")] {
            let text = for_people("endpoint_list", &json!({ "items": [item(file)] }));
            let [heads, line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
            assert!(heads.starts_with("URL     AMOUNT  STATE"), "{heads}");
            assert!(line.starts_with(&format!("/guide  0.05    {state}  ")), "{line}");
        }
    }

    #[test]
    fn a_moment_is_told_in_the_zone_of_this_computer_and_a_number_as_it_is() {
        let text =
            for_people("batch_show", &json!({ "closedAt": 1_800_000_000_000_i64, "payments": 3, "id": 7 }));
        let at = app::local_time(1_800_000_000_000).unwrap();
        assert!(text.contains(&format!("closedAt: {at}\n")) && text.contains("payments: 3\n"), "{text}");
        assert!(at.starts_with("2027-01-1"), "{at}");
    }

    #[test]
    fn a_dry_run_says_that_nothing_was_sent_and_a_status_that_nothing_can_be_sold() {
        assert!(for_people("settle_preview", &json!({ "count": 3 })).contains("\nNothing was sent."));
        let status = |networks| {
            for_people("status", &json!({ "dataFolder": "/data", "selling": true, "networks": networks }))
        };
        let nowhere = status(json!([]));
        assert!(
            nowhere.contains("selling: false\n") && nowhere.contains("No network is set up yet"),
            "{nowhere}"
        );
        assert!(!status(json!([{ "network": "eip155:8453" }])).contains("No network"));
    }

    #[test]
    fn what_is_not_there_yet_is_said_in_a_sentence() {
        assert!(for_people("payout_show", &json!({ "items": [] })).starts_with("No network is set up yet"));
        let of = |environment| {
            let item = json!({ "done": true, "mandatory": true, "sentence": "Base answers.", "next": null });
            for_people("live_checklist", &json!({ "environment": environment, "items": [item] }))
        };
        assert!(of("practice").contains("--environment live"));
        assert_eq!(of("live"), "done  Base answers.\n");
    }

    #[test]
    fn a_list_of_payments_fits_a_terminal() {
        let payment = json!({
            "id": "0b6a5c1e-8f1d-5b6e-9d4b-3f2c1a0e9d8c", "state": "settled_elsewhere", "formatted": "1234.05",
            "endpoint": "/a/long/path/to/something", "payer": "0xA0f7665761AC6A1bE1b0515BE8Ac6d00EDF858c2",
            "transaction": "0xa4975eb6236198768723045d3d40c93e698f74b52d621e9b55d1deb26ab3f45d",
        });
        let text = for_people("payment_list", &json!({ "items": [payment], "next": "9" }));
        let [heads, line, more] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        assert!(
            heads.starts_with("ID ") && heads.contains("  STATE  ") && heads.ends_with("TRANSACTION"),
            "{heads}"
        );
        assert!(line.chars().count() <= table::WIDTH, "{line}");
        assert!(line.starts_with("0b6a5c1e-8f1d-5b6e-9d4b-3f2c1a0e9d8c  settled_elsewhere  1234.05  /a/"));
        assert!(line.ends_with("0xA0f7…58c2  0xa497…f45d"), "{line}");
        assert_eq!(more, "More: --before 9");
    }
}

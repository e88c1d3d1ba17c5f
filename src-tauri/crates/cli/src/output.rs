//! Answers on stdout, complaints on stderr.

use std::io::Write as _;

use app::ApiError;
use serde_json::Value;

use crate::books;
use crate::facilitators;
use crate::failures;
use crate::networks;
use crate::notify;
use crate::plain::{count, plain};
use crate::prices;
use crate::reach;
use crate::schedule;
use crate::table::{self, Column, cut, ends, whole};
use crate::traffic;
use crate::webhooks;

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
    let text = match &error.command {
        _ if json => serde_json::json!(error).to_string(),
        Some(command) => format!("{}\nOn the command line: {command}", error.message),
        None => error.message.clone(),
    };
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
    let answer = &plain(answer);
    let mut text = String::new();
    match (command, answer["items"].as_array().map(Vec::as_slice)) {
        ("settle", items) => {
            describe(&without(answer, &["unsettled"]), 0, &mut text);
            text.push_str(&failures::unsettled(answer));
            text.push_str(&what_goes_on(items.unwrap_or_default()));
        }
        ("settle_preview", _) => {
            describe(answer, 0, &mut text);
            text.push_str("Nothing was sent. To settle: stallkeeper settle\n");
        }
        ("status" | "stall_set", _) => text.push_str(&status(answer)),
        ("schedule_set", _) => text.push_str(&schedule::describe(answer)),
        ("network_check", _) => text.push_str(&networks::check(answer)),
        ("facilitator_check", _) => text.push_str(&facilitators::check(answer)),
        ("reach_try", _) => text.push_str(&reach::tried(answer)),
        ("reach_show", _) => text.push_str(&reach::shown(answer, true)),
        ("reach_set" | "reach_off" | "reach_unlock" | "reach_check", _) => {
            text.push_str(&reach::shown(answer, false));
        }
        ("price_list" | "price_set" | "price_remove" | "price_cancel", _) => {
            text.push_str(&prices::shown(answer));
        }
        ("notify_show" | "notify_set", _) => text.push_str(&notify::shown(answer)),
        ("funnel_show", _) => text.push_str(&traffic::funnel(answer)),
        ("webhook_add" | "webhook_rotate", _) => text.push_str(&webhooks::secret(answer)),
        ("webhook_show" | "webhook_set", _) => {
            describe(answer, 0, &mut text);
            text.push_str(&webhooks::what_helps(answer));
        }
        ("failure_show", _) => {
            describe(&without(answer, &["actions", "topUp"]), 0, &mut text);
            text.push_str(&failures::actions(answer));
        }
        ("practice_buy", Some(items)) => {
            text.push_str(&list(command, items));
            if let Some(why) = answer["notMoved"].as_str() {
                text.push_str(&format!("The buyers may have kept their money: {why}\n"));
            }
        }
        ("payment_retry", _) => text.push_str(&failures::retried(answer)),
        ("failure_list", Some(items)) => {
            let uncertain = answer["uncertain"].as_array().map(Vec::as_slice).unwrap_or_default();
            if !uncertain.is_empty() {
                text.push_str("Not decided yet:\n");
                text.push_str(&list(command, uncertain));
            }
            if !items.is_empty() || uncertain.is_empty() {
                text.push_str(&page(command, answer, items));
            }
        }
        ("revenue", Some(items)) => text.push_str(&books::revenue(answer, items)),
        ("payment_show", _) => describe(&without(answer, NOT_OF_PAYMENT), 0, &mut text),
        (name, None) if answer["priceVersion"].is_number() && name.starts_with("endpoint_") => {
            describe(&without(answer, NOT_OF_ENDPOINT), 0, &mut text);
            let path = answer["path"].as_str().unwrap_or_default();
            text.push_str(&format!("What it costs, for whom and where: stallkeeper price list {path}\n"));
        }
        ("report", Some(items)) => text.push_str(&books::shown(answer, items)),
        ("reconcile" | "batch_show" | "quit_preview", _) | ("payout_show", Some([_, ..])) | (_, None) => {
            describe(answer, 0, &mut text);
        }
        ("doctor", Some(items)) => {
            for item in items {
                let (state, check) = (item["state"].as_str(), item["check"].as_str());
                text.push_str(&format!("{}  {}\n", state.unwrap_or_default(), check.unwrap_or_default()));
                text.push_str(&table::paragraph(item["sentence"].as_str().unwrap_or_default()));
            }
        }
        ("attention_list", Some(items @ [_, ..])) => {
            for item in items {
                text.push_str(&table::lines(ATTENTION, &[attention_line(item)]));
                text.push_str(&table::paragraph(item["sentence"].as_str().unwrap_or_default()));
                let how = match item["kind"].as_str() {
                    Some("cap") => "On the command line: stallkeeper exposure set",
                    Some("webhook") => "On the command line: stallkeeper webhook list",
                    Some("deletion") => "On the command line: stallkeeper data spare",
                    _ => "",
                };
                text.push_str(&table::paragraph(how));
            }
        }
        ("schedule_show", Some(items @ [_, ..])) => text.extend(items.iter().map(schedule::describe)),
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
                if let Some(command) = item["command"].as_str() {
                    text.push_str(&table::paragraph(&format!("On the command line: {command}")));
                }
            }
            if answer["environment"] != "live" {
                text.push_str(
                    "This is no real money; for that, while this stall is closed: stallkeeper live checklist --environment live\n",
                );
            }
        }
        ("payment_list", Some(items)) => {
            text.push_str(&page(command, answer, items));
            text.push_str(&table::paragraph(
                answer["help"].as_str().filter(|_| !items.is_empty()).unwrap_or_default(),
            ));
        }
        (_, Some(items)) => text.push_str(&page(command, answer, items)),
    }
    text
}

/// A list, or a sentence where it is empty, and where the next page begins.
fn page(command: &str, answer: &Value, items: &[Value]) -> String {
    if items.is_empty() {
        return format!("{}\n", nothing(command));
    }
    let mut text = list(command, items);
    if let Some(next) = answer["next"].as_str() {
        let flag = if matches!(command, "failure_list" | "endpoint_files") { "after" } else { "before" };
        text.push_str(&format!("More: --{flag} {next}\n"));
    }
    text
}

/// What few look for of an endpoint; `--json` tells it.
const NOT_OF_ENDPOINT: &[&str] =
    &["offers", "prices", "priceVersion", "window", "network", "payTo", "createdAt", "ownersGet"];

/// What few look for of a payment.
const NOT_OF_PAYMENT: &[&str] = &["asset", "endpointId", "nonce", "protocol", "reason"];

/// What an empty list means.
fn nothing(command: &str) -> &'static str {
    match command {
        "attention_list" => "Nothing needs you.",
        "endpoint_list" => {
            "Nothing is for sale yet. To begin: stallkeeper endpoint add --file FILE --path /NAME --price 0.05"
        }
        "payment_list" => "There are no such payments.",
        "batch_list" => "Nothing was settled yet.",
        "payer_list" => "There are no such payers.",
        "failure_list" => "No such payment has failed.",
        "refund_list" => "Nothing was given back.",
        "facilitator_show" | "facilitator_unlock" => "No facilitator is set up, so the gas wallet settles.",
        "payout_show" | "schedule_show" | "network_list" => {
            "No network is set up yet. To set one up: stallkeeper network set"
        }
        "network_health" => {
            "No node was asked: the stall is closed, or no network is set up yet (stallkeeper network set)."
        }
        _ => "Nothing.",
    }
}

/// How the stall stands. It only says that it sells where it can.
fn status(answer: &Value) -> String {
    let mut text = String::new();
    let mut shown = without(answer, &["offlineReason", "refusing"]);
    let offline = answer["offlineReason"].as_str();
    if answer["selling"] == true
        && let Some(why) = offline
    {
        shown["selling"] = format!("nothing can be sold now. {why}").into();
    }
    describe(&shown, 0, &mut text);
    if answer["networks"].as_array().is_none_or(Vec::is_empty) {
        text.push_str(
            "No network is set up yet, so nothing can be sold. To set one up: stallkeeper network set\n",
        );
    } else if offline.is_some() && answer["url"].is_string() {
        text.push_str("How the nodes are: stallkeeper network health\n");
    }
    if let Some(why) = answer["refusing"].as_str() {
        text.push_str(&format!("{why}\nOn the command line: stallkeeper exposure set\n"));
    }
    text
}

/// An answer without some of its fields.
fn without(answer: &Value, names: &[&str]) -> Value {
    let mut shown = answer.clone();
    if let Value::Object(fields) = &mut shown {
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
    shown
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
    &[whole(&["url", "path"]), whole(&["amount"]), whole(&["state"]), whole(&["mode"]), cut(&["title"])];
const PAYMENTS: &[Column] = &[
    whole(&["id"]),
    whole(&["state"]),
    whole(&["amount"]),
    cut(&["endpoint"]),
    ends(&["payer"]),
    ends(&["transaction"]),
];
const BATCHES: &[Column] =
    &[whole(&["id"]), whole(&["state"]), whole(&["payments"]), whole(&["total"]), whole(&["network"])];
const FAILURES: &[Column] = &[
    whole(&["id"]),
    whole(&["kind"]),
    whole(&["amount"]),
    whole(&["timeLeft"]),
    cut(&["endpoint"]),
    ends(&["payer"]),
];
const REFUNDS: &[Column] = &[
    whole(&["id"]),
    whole(&["payment"]),
    whole(&["amount"]),
    ends(&["payer"]),
    ends(&["transaction"]),
    cut(&["note"]),
];
const PAYERS: &[Column] = &[
    whole(&["payer"]),
    whole(&["standing"]),
    whole(&["settled.amount"]),
    whole(&["exposed.amount"]),
    whole(&["failed.amount"]),
];
const ATTENTION: &[Column] = &[whole(&["reason"]), whole(&["network"]), whole(&["what"])];
const PURCHASES: &[Column] =
    &[whole(&["status"]), ends(&["payer"]), whole(&["bytes"]), ends(&["transaction"]), whole(&["outcome"])];

/// A list's items, one line each.
fn list(command: &str, items: &[Value]) -> String {
    match command {
        "endpoint_list" => table::with_heads(ENDPOINTS, &items.iter().map(endpoint_line).collect::<Vec<_>>()),
        "payment_list" => table::with_heads(PAYMENTS, &items.iter().map(payment_line).collect::<Vec<_>>()),
        "batch_list" => table::with_heads(BATCHES, items),
        "payer_list" => table::with_heads(PAYERS, &items.iter().map(payer_line).collect::<Vec<_>>()),
        "practice_buy" => table::with_heads(PURCHASES, &items.iter().map(purchase_line).collect::<Vec<_>>()),
        "failure_list" => table::with_heads(FAILURES, items),
        "refund_list" => table::with_heads(REFUNDS, items),
        "endpoint_files" => prices::files(items),
        "price_history" => prices::history(items),
        "endpoint_versions" => crate::endpoints::versions(items),
        "endpoint_copy" | "endpoint_copy_preview" => crate::endpoints::copies(items),
        "request_list" => traffic::requests(items),
        "notice_list" | "notices_seen" => traffic::notices(items),
        "price_check" => prices::checked(items),
        "webhook_list" => webhooks::list(items),
        "webhook_deliveries" => webhooks::messages(items),
        "network_list" => networks::list(items),
        "network_health" => networks::health(items),
        "facilitator_show" | "facilitator_unlock" => facilitators::list(items),
        _ => items.iter().map(|item| format!("{item}\n")).collect(),
    }
}

/// A payer; what failed may still come in.
fn payer_line(item: &Value) -> Value {
    let mut shown = item.clone();
    shown["failed"] = shown["lost"].take();
    shown
}

/// What needs a look: how many payments and what they come to, where it is about some.
fn attention_line(item: &Value) -> Value {
    let what = match item["amount"].as_str() {
        Some(amount) => format!("{}, {amount}", count(&item["payments"], "payment")),
        None => item["endpoint"].as_str().unwrap_or_default().to_owned(),
    };
    let network = item["network"].as_str().filter(|network| !network.is_empty());
    serde_json::json!({ "reason": item["reason"], "network": network, "what": what })
}

/// A payment for a file of a folder says which.
fn payment_line(item: &Value) -> Value {
    let mut line = item.clone();
    if let (Some(endpoint), Some(file)) = (item["endpoint"].as_str(), item["file"].as_str()) {
        line["endpoint"] = format!("{endpoint} · {file}").into();
    }
    line
}

/// A purchase with what came of it.
fn purchase_line(item: &Value) -> Value {
    let mut line = item.clone();
    let outcome = match item["error"].as_str() {
        Some(error) => error,
        None if item["owned"] == true => "already owned, nothing paid",
        None if item["amount"].is_null() => "free, nothing paid",
        None => "bought",
    };
    line["outcome"] = outcome.into();
    line
}

/// An endpoint whose file stands in the way of its sale says that first. Its price is one that somebody is asked.
fn endpoint_line(item: &Value) -> Value {
    let mut line = item.clone();
    let prices = item["prices"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_free = prices.iter().any(|price| price["audience"] == "free" && price["part"] == "");
    let has_parts = prices.iter().any(|price| price["audience"] != "code" && price["part"] != "");
    match (is_free, has_parts) {
        (true, false) => line["amount"] = "free".into(),
        (true, true) => line["amount"] = "some free".into(),
        (false, true) => line["amount"] = "by part".into(),
        (false, false) => {}
    }
    if let Some(state @ ("changed" | "missing")) = item["fileState"].as_str()
        && item["state"] == "live"
    {
        line["state"] = format!("file {state}").into();
    }
    line
}

/// A tree of names and values.
fn describe(value: &Value, depth: usize, text: &mut String) {
    let Value::Object(fields) = value else {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.push_str(&format!("{:depth$}{shown}\n", ""));
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
        let item = |file| json!({ "path": "/guide", "amount": "$0.05", "state": "live", "fileState": file });
        for (file, state) in [("ok", "live"), ("changed", "file changed"), ("missing", "file missing")] {
            let text = for_people("endpoint_list", &json!({ "items": [item(file)] }));
            let [heads, line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
            assert!(heads.starts_with("URL     AMOUNT  STATE"), "{heads}");
            assert!(line.starts_with(&format!("/guide  $0.05   {state}  ")), "{line}");
        }
    }

    #[test]
    fn what_is_told_of_an_endpoint_has_room_on_a_screen_and_leads_to_the_rest() {
        let answer = json!({
            "path": "/guide", "title": "Guide", "priceVersion": 2, "offers": [{ "network": "eip155:8453" }],
            "prices": [{ "part": "" }], "windowSeconds": 259_200, "payTo": "0x5555", "sales": 3,
        });
        let text = for_people("endpoint_show", &answer);
        let rest = "What it costs, for whom and where: stallkeeper price list /guide";
        assert_eq!(text, format!("path: /guide\ntitle: Guide\nsales: 3\n{rest}\n"));
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
        let status = |networks, offline| {
            let answer = json!({
                "dataFolder": "/data", "selling": true, "networks": networks, "offlineReason": offline,
                "refusing": "The cap is used up.", "url": "http://127.0.0.1:4021",
            });
            for_people("stall_set", &answer)
        };
        let nowhere = status(json!([]), json!("No network is set up yet."));
        assert!(
            nowhere.contains("selling: nothing can be sold now. No network is set up yet.\n"),
            "{nowhere}"
        );
        assert!(nowhere.contains("stallkeeper network set"), "{nowhere}");
        let one = json!([{ "network": "eip155:8453" }]);
        let dead = status(one.clone(), json!("The node does not answer."));
        assert!(dead.contains("selling: nothing can be sold now. The node does not answer.\n"), "{dead}");
        assert!(dead.contains("stallkeeper network health"), "{dead}");
        let well = status(one, Value::Null);
        assert!(well.contains("selling: true\n") && !well.contains("No network"), "{well}");
        assert!(well.contains("\nThe cap is used up.\n") && well.ends_with("exposure set\n"), "{well}");
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
    fn a_purchase_that_cost_nothing_and_an_error_are_told_in_full() {
        let error = "the server answers the payment with 402 Payment Required: payer_blocked. ".repeat(3);
        let item = |owned: bool, error: Option<&str>| json!({ "status": 200, "bytes": 7, "amount": "5", "owned": owned, "error": error });
        let free = json!({ "status": 200, "bytes": 7, "amount": null, "owned": false, "error": null });
        let text = for_people(
            "practice_buy",
            &json!({ "items": [item(true, None), item(false, None), item(false, Some(&error)), free] }),
        );
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[1].ends_with("already owned, nothing paid") && lines[2].ends_with("bought"), "{text}");
        assert!(lines[3].ends_with(error.trim_end()) && lines[4].ends_with("free, nothing paid"), "{text}");
    }

    #[test]
    fn a_purchase_stands_also_where_the_money_could_not_be_moved_away() {
        let bought = json!({ "status": 200, "bytes": 7, "amount": "5", "owned": false, "error": null });
        let text = for_people(
            "practice_buy",
            &json!({ "items": [bought], "bought": 1, "notMoved": "The node does not answer." }),
        );
        assert!(text.contains("bought\n") && text.contains("The node does not answer."), "{text}");
    }

    #[test]
    fn an_empty_list_says_what_that_means() {
        for command in ["endpoint_list", "payment_list", "network_health", "failure_list", "attention_list"] {
            let text = for_people(command, &json!({ "items": [] }));
            assert!(
                text.len() > 15 && !text.contains("yet.\n") || text.contains("stallkeeper"),
                "{command}: {text}"
            );
        }
        let uncertain = json!({ "id": "x", "kind": "on_its_way" });
        let text = for_people("failure_list", &json!({ "items": [], "uncertain": [uncertain] }));
        assert!(text.starts_with("Not decided yet:\n") && text.contains("on_its_way"), "{text}");
    }

    #[test]
    fn a_list_of_payments_fits_a_terminal() {
        let payment = json!({
            "id": "0b6a5c1e-8f1d-5b6e-9d4b-3f2c1a0e9d8c", "state": "settled_elsewhere", "amount": "1234050000",
            "decimals": 6, "formatted": "1234.05",
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
        assert!(line.starts_with("0b6a5c1e-8f1d-5b6e-9d4b-3f2c1a0e9d8c  settled_elsewhere  $1234.05  /a/"));
        assert!(line.ends_with("0xA0f7…58c2  0xa497…f45d"), "{line}");
        assert_eq!(more, "More: --before 9");
    }
}

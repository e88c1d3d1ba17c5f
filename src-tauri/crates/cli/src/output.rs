//! Answers on stdout, complaints on stderr.

use std::io::Write as _;

use app::ApiError;
use serde_json::Value;

/// One JSON line.
pub(crate) fn line(value: &Value) {
    // A reader that went away is not our business.
    drop(writeln!(std::io::stdout().lock(), "{value}"));
}

/// An error, as JSON or as a sentence.
pub(crate) fn complain(error: &ApiError, json: bool) {
    let text = if json { serde_json::json!(error).to_string() } else { error.message.clone() };
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// An answer, as JSON or for people.
pub(crate) fn show(command: &str, answer: &Value, json: bool) {
    if json {
        line(answer);
        return;
    }
    let mut text = String::new();
    match (command, answer["items"].as_array()) {
        ("settle" | "batch_show", _) | (_, None) => describe(answer, 0, &mut text),
        (_, Some(items)) if items.is_empty() => text.push_str("Nothing yet.\n"),
        (_, Some(items)) => {
            for item in items {
                text.push_str(&headline(command, item));
                text.push('\n');
            }
            if let Some(next) = answer["next"].as_str() {
                text.push_str(&format!("More: --before {next}\n"));
            }
        }
    }
    drop(write!(std::io::stdout().lock(), "{text}"));
}

/// One line for an item of a list.
fn headline(command: &str, item: &Value) -> String {
    let field = |name: &str| match &item[name] {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let columns: &[&str] = match command {
        "endpoint_list" => &["path", "formatted", "state", "mode", "title", "url"],
        "payment_list" => &["id", "state", "formatted", "endpoint", "payer", "transaction"],
        "batch_list" => &["id", "state", "payments", "formatted", "network"],
        "settings_get" | "settings_set" => &["key", "value", "meaning"],
        "practice_buy" => &["status", "payer", "bytes", "transaction", "error"],
        _ => return item.to_string(),
    };
    columns.iter().map(|column| field(column)).collect::<Vec<_>>().join("  ")
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
            Value::Bool(_) | Value::Number(_) => text.push_str(&format!("{:depth$}{name}: {value}\n", "")),
        }
    }
}

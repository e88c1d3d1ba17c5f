//! Answers as people read them: each figure with its unit in one place, each moment as a wall clock here shows it.
//! Scripts take `--json`, where everything stands as it is.

use serde_json::{Map, Value};

type Fields = Map<String, Value>;

/// How long a span may be to be told in seconds.
const FEW_SECONDS: i64 = 120;

/// The answer with its figures and moments in words. An object that is nothing but an amount becomes that amount.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) => object(fields),
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

fn object(fields: &Fields) -> Value {
    let shown: Fields = fields.iter().filter_map(|(name, value)| field(fields, name, value)).collect();
    match shown.get("amount") {
        Some(amount) if shown.len() == 1 && fields.len() > 1 => amount.clone(),
        Some(_) | None => Value::Object(shown),
    }
}

/// A field with the name that it is shown under; none where another one says it.
fn field(fields: &Fields, name: &str, value: &Value) -> Option<(String, Value)> {
    let has = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    let named = |name: &str, value: String| Some((name.to_owned(), Value::String(value)));
    let is_money = has("decimals") && has("formatted");
    let sum = if fields.contains_key("total") { "total" } else { "amount" };
    match (name, value) {
        ("amount" | "total" | "decimals", _) if is_money => None,
        ("wei", _) if has("formatted") || has("gwei") => None,
        ("coin", _) if has("wei") => None,
        ("nativeSymbol", _) => None,
        ("formatted", Value::String(text)) => named(sum, amount(fields, text, !has("wei"))),
        ("gwei", Value::String(text)) => named("amount", format!("{text} gwei")),
        ("settledTotal", Value::String(digits)) if is_money => {
            let places = fields.get("decimals").and_then(Value::as_u64).unwrap_or_default();
            named(name, dollars(&with_point(digits, places)))
        }
        (_, Value::String(text)) if name.ends_with("Formatted") => {
            named(name.trim_end_matches("Formatted"), amount(fields, text, !has("nativeSymbol")))
        }
        (_, _) if fields.contains_key(&format!("{name}Formatted")) => None,
        ("state", Value::String(state)) if state == "dissolved" => named(name, "nothing sent".to_owned()),
        (_, Value::String(text)) if is_moment(name) => {
            Some((name.to_owned(), app::local_time_of(text).map_or_else(|| value.clone(), Value::String)))
        }
        (_, Value::Number(number)) => of_number(name, number.as_i64()?, value),
        _ => Some((name.to_owned(), plain(value))),
    }
}

fn of_number(name: &str, number: i64, value: &Value) -> Option<(String, Value)> {
    let shown = match name {
        // The chain counts in seconds.
        "validAfter" if number == 0 => return None,
        "validAfter" | "validBefore" => app::local_time(number.saturating_mul(1000)),
        _ if is_moment(name) => app::local_time(number),
        "secondsLeft" => return Some(("timeLeft".to_owned(), span(number).into())),
        "sharePercent" => return Some(("share".to_owned(), format!("{number} %").into())),
        _ => match (name.strip_suffix("Seconds"), name.strip_suffix("Ms")) {
            (Some(name), _) => return Some((name.to_owned(), span(number).into())),
            (_, Some(name)) => return Some((name.to_owned(), format!("{number} ms").into())),
            (None, None) => None,
        },
    };
    Some((name.to_owned(), shown.map_or_else(|| value.clone(), Value::String)))
}

fn amount(fields: &Fields, text: &str, is_money: bool) -> String {
    let coin = ["coin", "nativeSymbol"].iter().find_map(|name| fields.get(*name)?.as_str());
    match coin {
        Some(coin) if !is_money => format!("{text} {coin}"),
        Some(_) | None => dollars(text),
    }
}

/// Money as the window shows it: `$0.05`, `-$0.05`.
pub(crate) fn dollars(decimal: &str) -> String {
    match decimal.strip_prefix('-') {
        Some(decimal) => format!("-${decimal}"),
        None => format!("${decimal}"),
    }
}

/// Atomic units with their point, and at least two places behind it.
fn with_point(digits: &str, places: u64) -> String {
    let places = usize::try_from(places).unwrap_or_default();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, part) = digits.split_at(digits.len().saturating_sub(places));
    let part = part.trim_end_matches('0');
    format!("{whole}.{part:0<2}")
}

fn span(seconds: i64) -> String {
    if seconds < FEW_SECONDS { format!("{seconds} s") } else { app::span_in_words(seconds) }
}

/// How many of something: `1 payment`, `3 payments`.
pub(crate) fn count(number: &Value, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Whether a field of that name holds a moment.
fn is_moment(name: &str) -> bool {
    matches!(name, "at" | "settleUntil" | "pausedUntil" | "safeUntil" | "lastRun" | "standingSince")
        || name.ends_with("At")
        || name.ends_with("Deadline")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_amount_is_one_figure_with_its_unit() {
        for (given, shown) in [
            (json!({ "amount": "50000", "decimals": 6, "formatted": "0.05" }), json!("$0.05")),
            (json!({ "amount": "-50000", "decimals": 6, "formatted": "-0.05" }), json!("-$0.05")),
            (json!({ "wei": "21", "formatted": "0.00002", "coin": "ETH" }), json!("0.00002 ETH")),
            (json!({ "wei": "500", "gwei": "0.5" }), json!("0.5 gwei")),
            (
                json!({ "payments": 2, "amount": "50000", "decimals": 6, "formatted": "0.05" }),
                json!({ "payments": 2, "amount": "$0.05" }),
            ),
            (
                json!({ "total": "150000", "settledTotal": "5", "decimals": 6, "formatted": "0.15", "fee": "7",
                        "feeFormatted": "0.1", "nativeSymbol": "POL" }),
                json!({ "total": "$0.15", "settledTotal": "$0.000005", "fee": "0.1 POL" }),
            ),
            (json!({ "exposure": "5", "exposureFormatted": "0.10" }), json!({ "exposure": "$0.10" })),
            (json!({ "balance": null, "balanceFormatted": null }), json!({ "balanceFormatted": null })),
        ] {
            assert_eq!(plain(&given), shown, "{given}");
        }
        assert_eq!(
            (with_point("5", 6), with_point("1500000", 6)),
            ("0.000005".to_owned(), "1.50".to_owned())
        );
    }

    #[test]
    fn moments_and_spans_have_one_form_whatever_they_are_counted_in() {
        let at = Value::String(app::local_time(1_800_000_000_000).unwrap());
        let given = json!({
            "createdAt": 1_800_000_000_000_i64, "validBefore": 1_800_000_000, "validAfter": 0,
            "firstSeenAt": "2027-01-15T08:00:00.000Z", "secondsLeft": 7200, "windowSeconds": 259_200,
            "blockAgeSeconds": 3, "latencyMs": 12, "payments": 3,
        });
        let shown = json!({
            "createdAt": at, "validBefore": at, "firstSeenAt": at, "timeLeft": "2 hours", "window": "3 days",
            "blockAge": "3 s", "latency": "12 ms", "payments": 3,
        });
        assert_eq!(plain(&given), shown);
    }

    #[test]
    fn one_of_something_is_not_several() {
        assert_eq!(
            (count(&json!(1), "payment"), count(&json!(0), "payment")),
            ("1 payment".into(), "0 payments".into())
        );
    }
}

//! Who is told what happens at the stall, on the command line.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::table::{self, Column, cut, whole};

#[derive(Debug, Subcommand)]
pub(crate) enum Webhook {
    /// List everybody who is told what happens, and how each of them stands.
    List,
    /// Tell somebody what happens from now on, signed as Standard Webhooks has it. Prints the secret that its receiver
    /// checks messages with, this once.
    Add {
        /// Where: a public address over https; in practice this computer as well.
        url: String,
        /// What, such as payment.settled; may be given several times, and is everything when it is left out.
        #[arg(long = "event", value_name = "EVENT")]
        events: Vec<String>,
        /// Its host may be anywhere, in your own network too, and is told without encryption if the address says so.
        #[arg(long)]
        allow: bool,
    },
    /// Show one of them.
    Show {
        /// Its number.
        webhook: i64,
    },
    /// Switch a webhook on or off, or say what it is told. What is left out stays as it is.
    Set {
        /// Its number.
        webhook: i64,
        /// Tell it what happens from now on.
        #[arg(long, conflicts_with = "off")]
        on: bool,
        /// Tell it nothing.
        #[arg(long)]
        off: bool,
        /// What it is told, in place of what it was told; may be given several times.
        #[arg(long = "event", value_name = "EVENT")]
        events: Vec<String>,
    },
    /// Forget a webhook, its secret and its messages.
    Remove {
        /// Its number.
        webhook: i64,
    },
    /// Send one message to see whether it is taken. Ends with exit code 6 if it is not.
    Test {
        /// Its number.
        webhook: i64,
    },
    /// Make a new secret; the one before signs beside it for a day. Prints the new one, this once.
    Rotate {
        /// Its number.
        webhook: i64,
    },
    /// List messages, newest first.
    Deliveries {
        /// Only those to this webhook.
        webhook: Option<i64>,
        /// Only those that are waiting, delivered or dead.
        #[arg(long)]
        state: Option<String>,
        /// Only those about this payment, batch or endpoint.
        #[arg(long, value_name = "ID")]
        about: Option<String>,
        /// At most this many.
        #[arg(long)]
        limit: Option<u32>,
        /// Only those with a lower number.
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
    },
    /// Deliver a message once more, under the same id.
    Redeliver {
        /// Its number, as `webhook deliveries` shows it.
        message: i64,
    },
}

impl Webhook {
    pub(crate) fn call(self) -> (&'static str, Value) {
        let some = |events: Vec<String>| (!events.is_empty()).then_some(events);
        match self {
            Self::List => ("webhook_list", Value::Null),
            Self::Add { url, events, allow } => {
                ("webhook_add", json!({ "url": url, "events": some(events), "allow": allow }))
            }
            Self::Show { webhook } => ("webhook_show", json!({ "id": webhook })),
            Self::Set { webhook, on, off, events } => {
                let on = (on || off).then_some(on);
                ("webhook_set", json!({ "id": webhook, "on": on, "events": some(events) }))
            }
            Self::Remove { webhook } => ("webhook_remove", json!({ "id": webhook })),
            Self::Test { webhook } => ("webhook_test", json!({ "id": webhook })),
            Self::Rotate { webhook } => ("webhook_rotate", json!({ "id": webhook })),
            Self::Deliveries { webhook, state, about, limit, before } => (
                "webhook_deliveries",
                json!({ "id": webhook, "state": state, "about": about, "limit": limit, "before": before }),
            ),
            Self::Redeliver { message } => ("webhook_redeliver", json!({ "message": message })),
        }
    }
}

const WEBHOOKS: &[Column] =
    &[whole(&["id"]), whole(&["state"]), whole(&["waiting"]), whole(&["dead"]), cut(&["url"])];
const MESSAGES: &[Column] = &[
    whole(&["message"]),
    whole(&["webhook"]),
    whole(&["event"]),
    whole(&["state"]),
    whole(&["attempts"]),
    whole(&["status"]),
    cut(&["about"]),
];

/// A line for each webhook: number, how it stands, messages that wait and that were given up, address.
pub(crate) fn list(items: &[Value]) -> String {
    table::with_heads(WEBHOOKS, items)
}

/// A line for each message.
pub(crate) fn messages(items: &[Value]) -> String {
    table::with_heads(MESSAGES, items)
}

/// What has one that is told nothing told again.
pub(crate) fn what_helps(answer: &Value) -> String {
    let id = &answer["id"];
    match answer["state"].as_str() {
        Some("given_up" | "gone") => format!("To switch it on again: stallkeeper webhook set {id} --on\n"),
        Some("secret_missing") => format!("To make a new secret: stallkeeper webhook rotate {id}\n"),
        Some(_) | None => String::new(),
    }
}

/// A webhook's secret in a line of its own, with what to do with it.
pub(crate) fn secret(answer: &Value) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
    let advice = table::paragraph(&text("advice"));
    format!("webhook {} at {}\n{}\n{advice}", answer["id"], text("url"), text("secret"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stands_in_a_line_of_its_own() {
        let answer =
            json!({ "id": 1, "url": "https://h.example", "secret": "whsec_x", "advice": "Keep it." });
        assert_eq!(secret(&answer), "webhook 1 at https://h.example\nwhsec_x\n  Keep it.\n");
    }

    #[test]
    fn what_is_told_nothing_says_what_helps() {
        let of = |state: &str| what_helps(&json!({ "id": 3, "state": state }));
        assert!(of("given_up").ends_with("stallkeeper webhook set 3 --on\n"));
        assert!(of("secret_missing").ends_with("stallkeeper webhook rotate 3\n"));
        assert_eq!(of("on"), "");
    }

    #[test]
    fn what_is_left_out_stays_as_it_is() {
        let set = |on, off, events: &[&str]| {
            let events = events.iter().map(ToString::to_string).collect();
            Webhook::Set { webhook: 1, on, off, events }.call().1
        };
        assert_eq!(set(false, false, &["a"]), json!({ "id": 1, "on": null, "events": ["a"] }));
        assert_eq!(set(true, false, &[]), json!({ "id": 1, "on": true, "events": null }));
        assert_eq!(set(false, true, &[]), json!({ "id": 1, "on": false, "events": null }));
    }
}

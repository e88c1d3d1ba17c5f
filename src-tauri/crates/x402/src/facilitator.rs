//! What a facilitator is asked and what it answers. Facilitators spell their answers in many ways, so all that
//! are known are read; what is read is a hint and proves nothing (I7).

mod answer;
mod request;
mod supported;

pub use answer::{SettleAnswer, read_settle_answer};
pub use request::settle_request;
pub use supported::{Kind, read_supported};

use serde_json::Value;

/// The longest reason that is kept.
const LONGEST_REASON: usize = 120;

/// A text of somebody else's as it may be shown and kept: one line of plain characters, cut short.
fn tame(text: &str) -> String {
    let plain = text.trim().chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' });
    plain.take(LONGEST_REASON).collect()
}

/// The first of these members that is a text and not empty.
fn text<'v>(value: &'v Value, names: &[&str]) -> Option<&'v str> {
    names.iter().filter_map(|name| value.get(name)?.as_str()).find(|text| !text.trim().is_empty())
}

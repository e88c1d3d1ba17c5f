//! How a measured number is said.

use std::time::Duration;

/// The one in the middle.
pub(crate) fn median<T: Copy + PartialOrd>(mut all: Vec<T>) -> Option<T> {
    all.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    all.get(all.len() / 2).copied()
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// One figure beside its target.
pub(crate) fn line(what: &str, is: f64, unit: &str, target: Option<f64>) {
    let verdict = match target {
        None => String::new(),
        Some(target) if is <= target => format!("   target ≤ {target} {unit}: met"),
        Some(target) => format!("   target ≤ {target} {unit}: MISSED"),
    };
    println!("  {what:<58} {is:>9.1} {unit:<3}{verdict}");
}

//! What is added up while payments change: it must be what adding up again comes to.

use std::collections::HashMap;

use alloy_primitives::{Address, U256};

use crate::judge::Wrong;
use crate::judge::ledger::Ledger;
use crate::judge::records::{Records, Sum};
use crate::judge::rules::PAID;

const LOST: [&str; 5] = ["failed", "expired", "cancelled", "diverted", "written_off"];

/// What is added up: I8.
pub(crate) fn added_up(records: &Records, wrong: &mut Wrong) {
    let mut states: HashMap<String, Sum> = HashMap::new();
    for row in &records.payments {
        let sum = states.entry(row.state.clone()).or_default();
        sum.0 += 1;
        sum.1 += row.amount.cast_signed();
    }
    for (what, kept) in [
        ("days", &records.by_day),
        ("hours", &records.by_hour),
        ("amounts", &records.by_amount),
        ("endpoints", &records.by_endpoint),
    ] {
        if *kept != states {
            wrong.that("I8", format!("the sums of {what} are {kept:?}, the payments {states:?}"));
        }
    }
    let paid = PAID.iter().filter_map(|state| states.get(*state));
    let paid = paid.fold((0, 0), |sum, state| (sum.0 + state.0, sum.1 + state.1));
    if records.arrivals != paid {
        wrong.that("I8", format!("{:?} is said to have come, {paid:?} is paid", records.arrivals));
    }
    if records.minutes_off != 0 {
        wrong.that("I8", format!("{} minutes are not what came in them", records.minutes_off));
    }
    if (records.open_batches, records.pending) != (0, 0) {
        let sentence =
            format!("{} batches are open, {} payments pending", records.open_batches, records.pending);
        wrong.that("liveness", sentence);
    }
}

/// What is known of each payer, and what is given before its money came: I5, I8.
pub(crate) fn of_payers(records: &Records, wrong: &mut Wrong) {
    let mut payers: HashMap<Address, [Sum; 4]> = HashMap::new();
    for row in &records.payments {
        let state = row.state.as_str();
        let counts = [state != "voided", PAID.contains(&state), LOST.contains(&state), false];
        let sums = payers.entry(row.payer).or_default();
        for (sum, counts) in sums.iter_mut().zip(counts) {
            sum.0 += i64::from(counts);
            sum.1 += if counts { row.amount.cast_signed() } else { 0 };
        }
    }
    for (payer, sums) in &payers {
        let kept = records.payers.get(payer);
        if kept != Some(sums) {
            wrong.that("I8", format!("the sums of {payer:#} are {kept:?}, its payments {sums:?}"));
        }
    }
    if records.exposed != (0, 0) {
        wrong.that("I5", format!("{:?} is said to be exposed when all is over", records.exposed));
    }
}

/// What settling cost: I16.
pub(crate) fn costs(records: &Records, ledger: &Ledger, wrong: &mut Wrong) {
    let mut batches: HashMap<i64, U256> = HashMap::new();
    for (hash, (batch, cost)) in &records.receipts {
        let mined = ledger.costs.get(hash);
        if mined != Some(cost) {
            wrong.that("I16", format!("{hash} is said to have cost {cost}, on chain {mined:?}"));
        }
        *batches.entry(*batch).or_default() += cost;
    }
    for (batch, shares) in &records.shares {
        let cost = batches.get(batch).copied().unwrap_or_default();
        if cost != *shares {
            wrong.that("I16", format!("batch {batch} cost {cost}, and its payments share {shares}"));
        }
    }
    let ((payments, gross), cost) = records.books;
    if records.arrivals != (payments, gross) {
        wrong.that("I16", format!("{:?} came, the books say {payments}, {gross}", records.arrivals));
    }
    let shared = records.shares.values().fold(U256::ZERO, |sum, share| sum + share);
    if cost != shared {
        wrong.that("I16", format!("settling cost {shared}, the books say {cost}"));
    }
}

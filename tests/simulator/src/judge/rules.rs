//! The invariants, as far as they show in what is left when all is over.

use std::collections::{HashMap, HashSet};

use alloy_primitives::{Address, U256, hex};

use crate::judge::ledger::{Fate, Ledger};
use crate::judge::records::{Payment, Records};
use crate::judge::{Case, Wrong};
use crate::people::{Answered, Asked};
use crate::schedule::{GOODS, HONEST};

pub(crate) const PAID: [&str; 2] = ["settled", "settled_elsewhere"];

/// Seconds of a window with which an honest payment must be settled whatever happens.
const LONG_ENOUGH: u64 = 3_600;

/// What people received: I1, I2, I3, I4, I7, I13, I14.
pub(crate) fn received(case: &Case<'_>, records: &Records, wrong: &mut Wrong) {
    for (path, status) in &case.strays {
        if status.starts_with('2') {
            wrong.that("I13", format!("{path} is not sold and was answered {status}"));
        }
    }
    let mut bought: HashMap<_, &str> = HashMap::new();
    for asked in &case.asked {
        let Answered::With { status, goods, payment, code } = &asked.answered else { continue };
        let Asked { what, signed, fair, began, .. } = asked;
        let name = named(asked);
        match status {
            200 => {}
            402 | 503 if *goods => wrong.that("I2", format!("{name} got the goods with status {status}")),
            402 | 503 => continue,
            other => {
                wrong.that("answers", format!("{name} was answered {other} {code}"));
                continue;
            }
        }
        if !goods {
            wrong.that("I14", format!("{name} got something else than what is sold"));
        }
        if !fair {
            wrong.that("I3", format!("{name} bought with what was not asked for"));
        }
        let Some(id) = payment else {
            wrong.that("I2", format!("{name} got no receipt"));
            continue;
        };
        let Some(row) = records.payments.iter().find(|row| row.id == *id) else {
            wrong.that("I2", format!("{name} was served for {id}, which is not stored"));
            continue;
        };
        if row.nonce == signed.authorization.nonce && row.pay_to != signed.authorization.to {
            wrong.that("I3", format!("{name} paid {:#}, not {:#}", signed.authorization.to, row.pay_to));
        }
        if row.payer != signed.authorization.from || row.path != GOODS[*what].path {
            wrong.that("I4", format!("{name} was served for {id}, which bought something else"));
        }
        if row.nonce == signed.authorization.nonce {
            let other = bought.insert(row.nonce, GOODS[*what].path);
            if other.is_some_and(|other| other != GOODS[*what].path) {
                wrong.that("I1", format!("{name} bought two things with one authorization"));
            }
            if row.handed_over_at.is_some_and(|public| *began > public) {
                wrong.that("I1", format!("{name} was served for a signature that was public already"));
            }
        }
        if GOODS[*what].instant && !PAID.contains(&row.state.as_str()) && !case.schedule.takes_back() {
            wrong.that("I7", format!("{name} was served at once, and the payment is {}", row.state));
        }
    }
}

/// What became of the payments: I3, I6, I7, I8, I10, I16.
pub(crate) fn decided(case: &Case<'_>, records: &Records, ledger: &Ledger, wrong: &mut Wrong) {
    let ours: HashSet<_> = records.attempts.iter().map(|attempt| attempt.hash).collect();
    let mut known = HashSet::new();
    let mut paid = U256::ZERO;
    for row in &records.payments {
        let name = format!("payment {} of {:#}", row.id, row.payer);
        if !known.insert((row.payer, row.nonce)) {
            wrong.that("I1", format!("{name} is stored twice"));
        }
        let price = GOODS.iter().find(|goods| goods.path == row.path).map(|goods| goods.units);
        if price != Some(row.amount) || !case.payouts.contains(&row.pay_to) {
            wrong.that("I3", format!("{name} is for {} to {:#}", row.amount, row.pay_to));
        }
        if (row.grants == 0) != (row.state == "voided") || row.grants > 1 {
            wrong.that("I1", format!("{name} is {} and has {} grants", row.state, row.grants));
        }
        // What hardly had any time left may have had too little.
        let had_time = row.valid_before > row.accepted_at.cast_unsigned() / 1000 + LONG_ENOUGH;
        let honest = had_time && case.people.who(row.payer).is_some_and(|who| who < HONEST);
        if honest && !PAID.contains(&row.state.as_str()) && row.state != "voided" {
            wrong.that("I6, I10", format!("{name}, who is honest, is {}", row.state));
        }
        if PAID.contains(&row.state.as_str()) {
            paid += U256::from(row.amount);
            if !row.is_final {
                wrong.that("liveness", format!("{name} is {} and not final", row.state));
            }
        }
        by_evidence(row, &name, ledger, &ours, wrong);
    }
    let mut other = U256::ZERO;
    for (key, found) in &ledger.fates {
        match found.fate {
            Fate::Moved { to, value } if case.payouts.contains(&to) => {
                // What strangers submit need not be stored; what we submit is.
                let row = records.of(key.0, key.1);
                let by_us = ledger.costs.contains_key(&found.transaction);
                if row.map_or(!by_us, |row| row.state == "voided") {
                    other += value;
                }
            }
            Fate::Moved { .. } | Fate::Nothing | Fate::Cancelled => {}
        }
    }
    if ledger.received != paid + other {
        wrong.that(
            "I8, I16",
            format!("{} arrived, {paid} is said to be paid, {other} was no sale", ledger.received),
        );
    }
}

fn by_evidence(
    row: &Payment,
    name: &str,
    ledger: &Ledger,
    ours: &HashSet<alloy_primitives::B256>,
    wrong: &mut Wrong,
) {
    let found = ledger.fates.get(&(row.payer, row.nonce));
    let state = row.state.as_str();
    let fits = match found.map(|found| found.fate) {
        Some(Fate::Moved { to, value }) if to == row.pay_to && value == U256::from(row.amount) => {
            PAID.contains(&state) || state == "voided"
        }
        Some(Fate::Moved { .. } | Fate::Nothing) => matches!(state, "diverted" | "voided"),
        Some(Fate::Cancelled) => matches!(state, "cancelled" | "voided"),
        None => match state {
            "failed" | "voided" => true,
            "expired" => ledger.final_time >= row.valid_before,
            _ => false,
        },
    };
    if !fits {
        wrong.that("I7", format!("{name} is {state}, and on chain it is {found:?}"));
    }
    if let (true, Some(found)) = (PAID.contains(&state), found) {
        if row.evidence != Some((found.block, found.block_hash, found.transaction)) {
            wrong.that("I7", format!("{name} names {:?} for {found:?}", row.evidence));
        }
        if (state == "settled") != ours.contains(&found.transaction) {
            wrong.that("I7", format!("{name} is {state} by {}", found.transaction));
        }
    }
}

/// What payers had promised at any time: I5.
pub(crate) fn promised(case: &Case<'_>, records: &Records, wrong: &mut Wrong) {
    let mut held: HashMap<Address, u64> = HashMap::new();
    for row in records.payments.iter().filter(|row| row.held) {
        *held.entry(row.payer).or_default() += row.amount;
    }
    for (payer, amount) in &records.holds {
        if held.get(payer).copied().unwrap_or_default() != *amount {
            wrong.that("I5", format!("{payer:#} is held to {amount}, its payments to {:?}", held.get(payer)));
        }
    }
    // A block that goes gives back what was spent elsewhere in it, and takes back what had been let go.
    if case.schedule.takes_back() {
        return;
    }
    for (payer, purse) in case.people.purses() {
        let mut moves: Vec<(i64, i128)> = Vec::new();
        for row in records.payments.iter().filter(|row| row.payer == payer) {
            moves.push((row.accepted_at, i128::from(row.amount)));
            if let (false, Some(at)) = (PAID.contains(&row.state.as_str()), row.decided_at) {
                moves.push((at, -i128::from(row.amount)));
            }
        }
        moves.sort_unstable();
        let mut promised = 0;
        for (_, amount) in moves {
            promised += amount;
            if promised > i128::from(purse) {
                wrong.that("I5", format!("{payer:#} had promised {promised} of {purse}"));
                break;
            }
        }
    }
}

/// What the node was shown: a signature only of a payment that was in a batch by then, a transaction only when it was
/// saved (I9).
pub(crate) fn shown(case: &Case<'_>, records: &Records, wrong: &mut Wrong) {
    let saved: HashSet<String> = records.attempts.iter().map(|attempt| hex::encode(&attempt.raw)).collect();
    for shown in case.shown.iter().filter(|shown| shown.method == "eth_sendRawTransaction") {
        let raw = shown.question.split("0x").nth(1).and_then(|rest| rest.split('"').next());
        if raw.is_none_or(|raw| !saved.contains(raw)) {
            wrong.that("I9", format!("a transaction was sent and not saved: {}", shown.question));
        }
    }
    let mut seen = HashSet::new();
    for asked in &case.asked {
        if !seen.insert(asked.signed.authorization.nonce) {
            continue;
        }
        let words = hex::encode(&asked.signed.signature[..32]);
        let Some(first) = case.shown.iter().find(|shown| shown.question.contains(&words)) else { continue };
        let row = records.of(asked.signed.authorization.from, asked.signed.authorization.nonce);
        let public = row.and_then(|row| row.handed_over_at);
        if public.is_none_or(|public| public > first.at) {
            let name = named(asked);
            wrong.that("I9", format!("{name} was shown at {} and handed over at {public:?}", first.at));
        }
    }
}

/// What the gas wallet did: I9, I11.
pub(crate) fn sent(case: &Case<'_>, records: &Records, ledger: &Ledger, wrong: &mut Wrong) {
    for (hash, nonce) in &ledger.settling {
        if !records.attempts.iter().any(|attempt| attempt.hash == *hash && attempt.nonce == *nonce) {
            wrong.that("I9", format!("{hash} settled something and was never saved"));
        }
    }
    let mut batches: HashMap<i64, HashSet<_>> = HashMap::new();
    for attempt in records.attempts.iter().filter(|attempt| attempt.settles) {
        batches.entry(attempt.batch).or_default().insert(attempt.nonce);
    }
    for (batch, nonces) in batches {
        if nonces.len() > 1 {
            wrong.that("I9", format!("batch {batch} was signed for the wallet nonces {nonces:?}"));
        }
    }
    // Nobody makes the seller pay again and again: what was mined had something in it that could be settled.
    let most = records.payments.len() + case.schedule.turns.len();
    if ledger.settling.len() > most {
        wrong.that(
            "I11",
            format!("{} transactions for {} payments", ledger.settling.len(), records.payments.len()),
        );
    }
}

fn named(asked: &Asked) -> String {
    let authorization = &asked.signed.authorization;
    format!("{:#} with nonce {} at {}", authorization.from, authorization.nonce, GOODS[asked.what].path)
}

//! Judges what a schedule came to from three sources: what people received, what stands on chain, what stands in the
//! database. Nothing here is the product's: its database is a file that anybody can read with plain SQL.

mod ledger;
mod records;
mod rules;
mod sums;
#[cfg(test)]
mod tampered;

use std::path::Path;

use alloy_primitives::Address;

use crate::ground::Ground;
use crate::judge::ledger::Ledger;
use crate::judge::records::Records;
use crate::life::{SECRET, database, read_only};
use crate::people::{Asked, People};
use crate::proxy::Shown;
use crate::schedule::Schedule;

/// What people did and saw.
#[derive(Clone)]
pub(crate) struct Case<'c> {
    pub(crate) schedule: &'c Schedule,
    pub(crate) people: &'c People,
    /// Every address that the money went to.
    pub(crate) payouts: &'c [Address],
    pub(crate) asked: Vec<Asked>,
    /// What was asked for that is not sold, and the status of the answer.
    pub(crate) strays: Vec<(&'static str, String)>,
    /// What the engine showed to its nodes.
    pub(crate) shown: Vec<Shown>,
}

/// How many payments there are, and what is wrong with them.
pub(crate) async fn judge(case: &Case<'_>, ground: &Ground, folder: &Path) -> (usize, Vec<String>) {
    let records = Records::read(&mut read_only(folder).await).await;
    let ledger = Ledger::read(ground, case.payouts).await;
    (records.payments.len(), weigh(case, &records, &ledger, folder))
}

/// What is wrong.
fn weigh(case: &Case<'_>, records: &Records, ledger: &Ledger, folder: &Path) -> Vec<String> {
    let mut wrong = Wrong::default();
    rules::received(case, records, &mut wrong);
    rules::decided(case, records, ledger, &mut wrong);
    rules::promised(case, records, &mut wrong);
    rules::shown(case, records, &mut wrong);
    rules::sent(case, records, ledger, &mut wrong);
    sums::added_up(records, &mut wrong);
    sums::of_payers(records, &mut wrong);
    sums::costs(records, ledger, &mut wrong);
    for entry in std::fs::read_dir(database(folder).with_file_name("")).expect("a data folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        if bytes.windows(SECRET.len()).any(|window| window == SECRET) {
            wrong.that("I12", format!("the gas key stands in {}", entry.path().display()));
        }
    }
    wrong.0
}

/// What was found, one sentence each.
#[derive(Default)]
pub(crate) struct Wrong(Vec<String>);

impl Wrong {
    fn that(&mut self, invariant: &str, sentence: impl AsRef<str>) {
        self.0.push(format!("{invariant}: {}", sentence.as_ref()));
    }
}

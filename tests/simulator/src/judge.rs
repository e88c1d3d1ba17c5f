//! Judges what a schedule came to from three sources: what people received, what stands on chain, what stands in the
//! database. Nothing here is the product's: its database is a file that anybody can read with plain SQL.

mod ledger;
mod records;
mod rules;

use std::path::Path;

use crate::ground::Ground;
use crate::judge::ledger::Ledger;
use crate::judge::records::Records;
use crate::life::{SECRET, database, read_only};
use crate::people::{Asked, People};
use crate::proxy::Shown;
use crate::schedule::Schedule;

/// What people did and saw.
pub(crate) struct Case<'c> {
    pub(crate) schedule: &'c Schedule,
    pub(crate) people: &'c People,
    pub(crate) asked: Vec<Asked>,
    /// What the engine showed to its node.
    pub(crate) shown: Vec<Shown>,
}

/// How many payments there are, and what is wrong with them.
pub(crate) async fn judge(case: &Case<'_>, ground: &Ground, folder: &Path) -> (usize, Vec<String>) {
    let records = Records::read(&mut read_only(folder).await).await;
    let ledger = Ledger::read(ground, case.people.pay_to()).await;
    let mut wrong = Wrong::default();
    rules::received(case, &records, &mut wrong);
    rules::decided(case, &records, &ledger, &mut wrong);
    rules::promised(case, &records, &mut wrong);
    rules::shown(case, &records, &mut wrong);
    rules::sent(case, &records, &ledger, &mut wrong);
    rules::added_up(&records, &mut wrong);
    let bytes = std::fs::read(database(folder)).expect("the database is a file");
    if bytes.windows(SECRET.len()).any(|window| window == SECRET) {
        wrong.that("I12", "the gas key stands in the database");
    }
    (records.payments.len(), wrong.0)
}

/// What was found, one sentence each.
#[derive(Default)]
pub(crate) struct Wrong(Vec<String>);

impl Wrong {
    fn that(&mut self, invariant: &str, sentence: impl AsRef<str>) {
        self.0.push(format!("{invariant}: {}", sentence.as_ref()));
    }
}

//! The judge is judged: one thing is changed in what a schedule left behind, and each such change is found.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use alloy_primitives::{B256, U256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::judge::ledger::{Fate, Ledger};
use crate::judge::records::Records;
use crate::judge::{Case, weigh};
use crate::life::{database, read_only};
use crate::people::{Answered, Asked};
use crate::schedule::{Lie, Schedule, Step, Trick, Turn};
use crate::stage::Stage;

/// What is changed.
enum Change {
    /// The database, by SQL.
    Records(&'static str),
    /// What people saw, or what the node was shown.
    Case(fn(&mut Case<'_>)),
    /// What the chain says.
    Chain(fn(&mut Ledger)),
}

use Change::{Case as InCase, Chain as OnChain, Records as InRecords};

/// The keys and constraints that keep the product from writing what is written here go first.
const UNBOUND: &str = "
    pragma legacy_alter_table = on;
    create table unbound as select * from payments; drop table payments; alter table unbound rename to payments;
    create table unbound as select * from grants; drop table grants; alter table unbound rename to grants;
    create table unbound as select * from attempts; drop table attempts; alter table unbound rename to attempts;";

/// What is changed, and as what it is found.
const CHANGES: &[(&str, &str, Change)] = &[
    ("an authorization is stored twice", "I1", InRecords("insert into payments select * from payments where seq = 1")),
    ("a grant is doubled", "I1", InRecords("insert into grants select * from grants where payment_seq = 1")),
    ("a grant is missing", "I1", InRecords("delete from grants where payment_seq = 1")),
    ("a public signature was served", "I1", InCase(|case| served(case).began = i64::MAX)),
    ("one authorization bought two things", "I1", InCase(|case| {
        let mut other = served(case).clone();
        other.what = (other.what + 1) % 2;
        case.asked.push(other);
    })),
    ("a payment that was served is gone", "I2", InRecords("delete from payments where seq = 1")),
    ("goods came without a receipt", "I2", InCase(|case| {
        let Answered::With { payment, .. } = &mut served(case).answered else { unreachable!("it was served") };
        *payment = None;
    })),
    ("goods came with a refusal", "I2", InCase(|case| {
        let Answered::With { status, .. } = &mut served(case).answered else { unreachable!("it was served") };
        *status = 402;
    })),
    ("a price is one unit off", "I3", InRecords("update payments set amount = amount + 1 where seq = 1")),
    ("a payment goes to somebody else", "I3", InRecords("update payments set pay_to = zeroblob(20) where seq = 1")),
    ("something was bought with a lie", "I3", InCase(|case| served(case).fair = false)),
    ("a payment is said to have bought something else", "I4", InRecords(
        "update payments set endpoint_id = (select id from endpoints where path = '/film') where seq = 1",
    )),
    ("more is held than was promised", "I5", InRecords("update holds set amount = amount + 1")),
    ("more was promised than there was", "I5", InRecords(
        "update payments set amount = 2000000 where state = 'cancelled'",
    )),
    ("something stays exposed", "I5", InRecords("update exposures set payments = 1, amount = 50000")),
    ("an honest payment expired", "I6, I10", InRecords("update payments set state = 'expired' where seq = 1")),
    ("a payment counts as settled without an event", "I7", OnChain(|ledger| ledger.fates.clear())),
    ("a cancelled payment counts as settled", "I7", InRecords(
        "update payments set state = 'settled' where state = 'cancelled'",
    )),
    ("the money went elsewhere", "I7", OnChain(|ledger| {
        for found in ledger.fates.values_mut() {
            if let Fate::Moved { value, .. } = &mut found.fate {
                *value -= U256::from(1);
            }
        }
    })),
    ("the evidence is of another block", "I7", InRecords("update payments set evidence_hash = zeroblob(32) where seq = 1")),
    ("ours is said to be another's transaction", "I7", InRecords(
        "update payments set state = 'settled_elsewhere' where seq = 1",
    )),
    ("an instant sale was served and failed", "I7", InRecords(
        "update payments set state = 'failed' where mode = 'instant'",
    )),
    ("a payment is settled twice", "I8, I16", InRecords("insert into payments select * from payments where seq = 1")),
    ("a settled payment is gone", "I8, I16", InRecords("delete from payments where seq = 1")),
    ("money came that nobody sold for", "I8, I16", OnChain(|ledger| ledger.received += U256::from(1))),
    ("a day's sum is off", "I8", InRecords("update totals set amount = amount + 1 where state = 'settled'")),
    ("an hour's sum is off", "I8", InRecords("update totals_by_hour set payments = payments + 1")),
    ("an amount's sum is off", "I8", InRecords("update amount_totals set payments = payments + 1")),
    ("an endpoint's sum is off", "I8", InRecords("update endpoint_totals set payments = payments + 1")),
    ("what arrived is off", "I8", InRecords("update arrivals set amount = amount - 1")),
    ("what arrived in a minute is off", "I8", InRecords("update arrivals_by_minute set amount = amount - 1")),
    ("a payer's sum is off", "I8", InRecords("update payers set settled = settled + 1")),
    ("a payment has no state that counts", "I8", InRecords("update payments set state = 'settling' where seq = 1")),
    ("a transaction was not saved", "I9", InRecords("delete from attempts")),
    ("a batch was signed twice", "I9", InRecords(
        "insert into attempts select * from attempts where id = 1; update attempts set nonce = nonce + 1, hash = zeroblob(32)
         where rowid = (select max(rowid) from attempts)",
    )),
    ("a signature was shown too early", "I9", InRecords("update payments set handed_over_at = handed_over_at + 3600000")),
    ("a signature was shown and nobody knows", "I9", InRecords("update payments set handed_over_at = null")),
    ("the wallet settled by itself", "I9", OnChain(|ledger| ledger.settling.push((B256::ZERO, 77)))),
    ("gas was spent again and again", "I11", OnChain(|ledger| {
        let first = ledger.settling[0];
        ledger.settling.extend([first; 100]);
    })),
    ("the key is among the settings", "I12", InRecords(
        "insert into settings values ('x',
            cast(x'5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a01' as text))",
    )),
    ("what is not sold was handed out", "I13", InCase(|case| {
        case.strays[0].1 = "200".to_owned();
    })),
    ("other bytes came than were sold", "I14", InCase(|case| {
        let Answered::With { goods, .. } = &mut served(case).answered else { unreachable!("it was served") };
        *goods = false;
    })),
    ("a transaction cost something else", "I16", InRecords("update receipts set cost_wei = '1'")),
    ("a share of the cost is off", "I16", InRecords("update batch_payments set cost_wei = cost_wei + 1")),
    ("the books' cost is off", "I16", InRecords("update books set paid_rest = paid_rest + 1")),
    ("the books' income is off", "I16", InRecords("update books set gross = gross + 1")),
    ("a buyer met an error", "answers", InCase(|case| {
        let Answered::With { status, .. } = &mut served(case).answered else { unreachable!("it was served") };
        *status = 500;
    })),
    ("a batch stays open", "liveness", InRecords("update batches set state = 'submitted'")),
    ("a payment stays undecided in its batch", "liveness", InRecords("update batch_payments set result = 'pending'")),
    ("a settled payment never becomes final", "liveness", InRecords("update payments set final_at = null where seq = 1")),
];

/// The first purchase that was served.
fn served<'c>(case: &'c mut Case<'_>) -> &'c mut Asked {
    let served = |asked: &&mut Asked| matches!(asked.answered, Answered::With { status: 200, .. });
    case.asked.iter_mut().find(served).expect("something was sold")
}

/// Sales of every kind, a cheat and a cancellation, and nothing that takes anything back.
fn quiet_schedule() -> Schedule {
    let pass = Step::Pass { seconds: 8, blocks: 4 };
    let steps = [
        Step::Buy { who: 0, what: 0, copies: 1 },
        Step::Buy { who: 1, what: 1, copies: 2 },
        Step::Buy { who: 4, what: 3, copies: 1 },
        Step::Buy { who: 5, what: 0, copies: 1 },
        Step::Buy { who: 2, what: 2, copies: 1 },
        pass.clone(),
        Step::Cheat { who: 6, what: 0, lie: Lie::Cheaper },
        Step::Stray { spelling: 0 },
        Step::Trick { purchase: 1, trick: Trick::Cancel },
        pass.clone(),
        Step::Settle,
        pass,
    ];
    let turns = steps.map(|step| Turn { step, waits: true }).to_vec();
    Schedule { seed: 7, skew: 0, turns, nodes: 1, is_real: false, pressed: true, spares_starts: true }
}

/// A folder with a copy of the data file, changed by this SQL.
async fn copy(folder: &Path, number: usize, root: &TempDir, sql: &str) -> PathBuf {
    let copy = root.path().join(number.to_string());
    std::fs::create_dir_all(copy.join("test")).expect("another folder");
    std::fs::copy(database(folder), database(&copy)).expect("the data file can be copied");
    let options = SqliteConnectOptions::new().filename(database(&copy)).foreign_keys(false);
    let mut file = SqliteConnection::connect_with(&options).await.expect("the copy can be opened");
    for sql in [UNBOUND, sql] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut file)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    file.close().await.expect("the copy can be closed");
    copy
}

/// I1–I14 and I16, as far as they show when all is over: none of them can be broken behind the judge's back.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_changed_afterwards_the_judge_finds_it() {
    let mut stage = Stage::prepare(false).await;
    let remains = stage.perform(&quiet_schedule(), false).await;
    assert!(remains.unfinished.is_empty(), "{:?}", remains.unfinished);
    let root = TempDir::new().expect("a folder for copies");
    let untouched = copy(&remains.folder, 0, &root, "").await;
    let records = Records::read(&mut read_only(&untouched).await).await;
    let ledger = Ledger::read(&stage.ground, &remains.payouts).await;
    let case = remains.case();
    assert_eq!(weigh(&case, &records, &ledger, &untouched), [""; 0], "nothing was changed");
    assert_eq!(records.payments.len(), 5, "the quiet schedule sells to five");

    let mut found_as = BTreeSet::new();
    for (number, (what, invariant, change)) in (1..).zip(CHANGES) {
        let (mut case, mut ledger) = (case.clone(), Ledger::read(&stage.ground, &remains.payouts).await);
        let mut folder = untouched.clone();
        match change {
            InRecords(sql) => folder = copy(&remains.folder, number, &root, sql).await,
            InCase(change) => change(&mut case),
            OnChain(change) => change(&mut ledger),
        }
        let records = Records::read(&mut read_only(&folder).await).await;
        let wrong = weigh(&case, &records, &ledger, &folder);
        let found = wrong.iter().any(|sentence| sentence.starts_with(&format!("{invariant}: ")));
        assert!(found, "{what} is not found as {invariant}, but as {wrong:#?}");
        found_as.insert(*invariant);
    }
    let claimed = [include_str!("rules.rs"), include_str!("sums.rs"), include_str!("../judge.rs")].concat();
    let claimed = claimed.split("wrong.that(").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let unproven: Vec<_> = claimed.filter(|invariant| !found_as.contains(invariant)).collect();
    assert!(unproven.is_empty(), "nothing shows that the judge finds {unproven:?}");
}

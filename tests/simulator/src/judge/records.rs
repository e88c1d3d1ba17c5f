//! What the database says, read with plain SQL.

use std::collections::HashMap;

use alloy_primitives::{Address, B256, U256, hex};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

/// A payment's row.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) payer: Address,
    pub(crate) nonce: B256,
    pub(crate) pay_to: Address,
    pub(crate) amount: u64,
    pub(crate) valid_before: u64,
    pub(crate) state: String,
    pub(crate) accepted_at: i64,
    pub(crate) decided_at: Option<i64>,
    pub(crate) handed_over_at: Option<i64>,
    pub(crate) evidence: Option<(u64, B256, B256)>,
    pub(crate) is_final: bool,
    pub(crate) held: bool,
    pub(crate) grants: i64,
}

/// A signed transaction's row.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) batch: i64,
    pub(crate) nonce: u64,
    pub(crate) hash: B256,
    pub(crate) raw: Vec<u8>,
    /// Whether it carries payments; else it only uses up a wallet nonce.
    pub(crate) settles: bool,
}

/// How many, and what they come to.
pub(crate) type Sum = (i64, i64);

/// Everything that is judged.
pub(crate) struct Records {
    pub(crate) payments: Vec<Payment>,
    pub(crate) attempts: Vec<Attempt>,
    /// Batches that are not closed, and payments in batches that are not decided there.
    pub(crate) open_batches: i64,
    pub(crate) pending: i64,
    /// The sums of all days and of all endpoints, by state.
    pub(crate) by_day: HashMap<String, Sum>,
    pub(crate) by_hour: HashMap<String, Sum>,
    /// The same by what was paid.
    pub(crate) by_amount: HashMap<String, Sum>,
    pub(crate) by_endpoint: HashMap<String, Sum>,
    pub(crate) arrivals: Sum,
    /// How many of the minutes that are kept say something else than came in them.
    pub(crate) minutes_off: i64,
    /// What each payer is said to have promised.
    pub(crate) holds: HashMap<Address, u64>,
    /// What is said to be given before its money came.
    pub(crate) exposed: Sum,
    /// Of each payer: what was accepted, settled, lost, and is exposed.
    pub(crate) payers: HashMap<Address, [Sum; 4]>,
    /// Where transactions were mined, by their hash: in which batch, at what cost.
    pub(crate) receipts: HashMap<B256, (i64, U256)>,
    /// What the payments of each batch share of its cost.
    pub(crate) shares: HashMap<i64, U256>,
    /// Of the books: what came, and what settling cost.
    pub(crate) books: (Sum, U256),
}

impl Records {
    pub(crate) async fn read(db: &mut SqliteConnection) -> Self {
        let payments = all(
            db,
            "select p.*, e.path as path, (select count(*) from grants g where g.payment_seq = p.seq) as grants
             from payments p join endpoints e on e.id = p.endpoint_id order by p.seq",
        )
        .await;
        let attempts = all(
            db,
            "select batch_id, nonce, hash, raw, purpose from attempts where raw is not null order by id",
        )
        .await;
        let open = all(
            db,
            "select (select count(*) from batches where state in ('preparing', 'submitted')) as batches,
                (select count(*) from batch_payments where result = 'pending') as payments",
        )
        .await;
        let days =
            all(db, "select state, sum(payments) as n, sum(amount) as a from totals group by state").await;
        let hours =
            all(db, "select state, sum(payments) as n, sum(amount) as a from totals_by_hour group by state")
                .await;
        let amounts = all(
            db,
            "select state, sum(payments) as n, sum(payments * amount) as a from amount_totals group by state",
        )
        .await;
        let endpoints =
            all(db, "select state, sum(payments) as n, sum(amount) as a from endpoint_totals group by state");
        let endpoints = endpoints.await;
        let arrivals =
            all(db, "select coalesce(sum(payments), 0) as n, coalesce(sum(amount), 0) as a from arrivals")
                .await;
        let minutes = all(
            db,
            "select count(*) as n from (
                select asset_id, minute, sum(payments) as n, sum(amount) as a from (
                    select asset_id, minute, payments, amount from arrivals_by_minute
                    union all
                    select asset_id, decided_at / 60000, -1, -amount from payments
                    where state in ('settled', 'settled_elsewhere')
                ) where minute >= (select max(minute) - 4320 from arrivals_by_minute)
                group by 1, 2 having n <> 0 or a <> 0
             )",
        );
        let minutes = minutes.await;
        let holds = all(db, "select payer, amount from holds").await;
        let exposed = "select coalesce(sum(payments), 0) as n, coalesce(sum(amount), 0) as a from exposures";
        let exposed = all(db, exposed).await;
        let payers = all(db, "select * from payers").await;
        let receipts = all(
            db,
            "select a.hash as hash, a.batch_id as batch, r.cost_wei as cost
             from receipts r join attempts a on a.id = r.attempt_id",
        );
        let receipts = receipts.await;
        let shares = all(
            db,
            "select batch_id as batch, sum(cost_wei) as cost from batch_payments
             where cost_wei is not null group by batch_id",
        );
        let shares = shares.await;
        let books = all(
            db,
            "select coalesce(sum(payments), 0) as n, coalesce(sum(gross), 0) as a,
                coalesce(sum(paid_gwei + lost_gwei), 0) as gwei, coalesce(sum(paid_rest + lost_rest), 0) as rest
             from books",
        );
        let books = books.await;
        let cost = i128::from(books[0].get::<i64, _>("gwei")) * 1_000_000_000
            + i128::from(books[0].get::<i64, _>("rest"));
        Self {
            exposed: (exposed[0].get("n"), exposed[0].get("a")),
            payers: payers.iter().map(|row| (address(row, "payer"), of_payer(row))).collect(),
            receipts: receipts.iter().map(|row| (word(row, "hash"), receipt(row))).collect(),
            shares: shares.iter().map(|row| (row.get("batch"), U256::from(unsigned(row, "cost")))).collect(),
            books: (
                (books[0].get("n"), books[0].get("a")),
                U256::from(u128::try_from(cost).unwrap_or(u128::MAX)),
            ),
            payments: payments.iter().map(payment).collect(),
            attempts: attempts.iter().map(attempt).collect(),
            open_batches: open[0].get("batches"),
            pending: open[0].get("payments"),
            by_day: sums(&days),
            by_hour: sums(&hours),
            by_amount: sums(&amounts),
            by_endpoint: sums(&endpoints),
            arrivals: (arrivals[0].get("n"), arrivals[0].get("a")),
            minutes_off: minutes[0].get("n"),
            holds: holds.iter().map(|row| (address(row, "payer"), unsigned(row, "amount"))).collect(),
        }
    }

    /// The payment of an authorization.
    pub(crate) fn of(&self, payer: Address, nonce: B256) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.payer == payer && payment.nonce == nonce)
    }
}

async fn all(db: &mut SqliteConnection, query: &'static str) -> Vec<SqliteRow> {
    sqlx::query(query).fetch_all(db).await.unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn payment(row: &SqliteRow) -> Payment {
    let evidence = row
        .get::<Option<i64>, _>("evidence_block")
        .map(|block| (block.cast_unsigned(), word(row, "evidence_hash"), word(row, "evidence_transaction")));
    Payment {
        id: uuid(&row.get::<Vec<u8>, _>("id")),
        path: row.get("path"),
        payer: address(row, "payer"),
        nonce: word(row, "nonce"),
        pay_to: address(row, "pay_to"),
        amount: unsigned(row, "amount"),
        valid_before: unsigned(row, "valid_before"),
        state: row.get("state"),
        accepted_at: row.get("accepted_at"),
        decided_at: row.get("decided_at"),
        handed_over_at: row.get("handed_over_at"),
        evidence,
        is_final: row.get::<Option<i64>, _>("final_at").is_some(),
        held: row.get::<i64, _>("held") == 1,
        grants: row.get("grants"),
    }
}

fn attempt(row: &SqliteRow) -> Attempt {
    Attempt {
        batch: row.get("batch_id"),
        nonce: unsigned(row, "nonce"),
        hash: word(row, "hash"),
        raw: row.get("raw"),
        settles: row.get::<String, _>("purpose") == "settle",
    }
}

/// Each kind's count and amount.
fn of_payer(row: &SqliteRow) -> [Sum; 4] {
    [
        (row.get("accepted"), row.get("accepted_amount")),
        (row.get("settled"), row.get("settled_amount")),
        (row.get("lost"), row.get("lost_amount")),
        (row.get("exposed"), row.get("exposed_amount")),
    ]
}

fn receipt(row: &SqliteRow) -> (i64, U256) {
    (row.get("batch"), row.get::<String, _>("cost").parse().expect("a cost in wei"))
}

fn sums(rows: &[SqliteRow]) -> HashMap<String, Sum> {
    let sums = rows.iter().map(|row| (row.get("state"), (row.get("n"), row.get("a"))));
    sums.filter(|(_, sum)| *sum != (0, 0)).collect()
}

fn unsigned(row: &SqliteRow, column: &str) -> u64 {
    row.get::<i64, _>(column).cast_unsigned()
}

fn word(row: &SqliteRow, column: &str) -> B256 {
    B256::from_slice(&row.get::<Vec<u8>, _>(column))
}

fn address(row: &SqliteRow, column: &str) -> Address {
    Address::from_slice(&row.get::<Vec<u8>, _>(column))
}

/// 16 bytes as identifiers are written.
fn uuid(bytes: &[u8]) -> String {
    let digits = hex::encode(bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

//! What the database says, read with plain SQL.

use std::collections::HashMap;

use alloy_primitives::{Address, B256, hex};
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
    pub(crate) by_endpoint: HashMap<String, Sum>,
    pub(crate) arrivals: Sum,
    /// What each payer is said to have promised.
    pub(crate) holds: HashMap<Address, u64>,
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
        let endpoints =
            all(db, "select state, sum(payments) as n, sum(amount) as a from endpoint_totals group by state");
        let endpoints = endpoints.await;
        let arrivals =
            all(db, "select coalesce(sum(payments), 0) as n, coalesce(sum(amount), 0) as a from arrivals")
                .await;
        let holds = all(db, "select payer, amount from holds").await;
        Self {
            payments: payments.iter().map(payment).collect(),
            attempts: attempts.iter().map(attempt).collect(),
            open_batches: open[0].get("batches"),
            pending: open[0].get("payments"),
            by_day: sums(&days),
            by_endpoint: sums(&endpoints),
            arrivals: (arrivals[0].get("n"), arrivals[0].get("a")),
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

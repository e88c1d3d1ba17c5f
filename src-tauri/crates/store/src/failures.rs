//! Failed and uncertain payments one by one: what is at stake, how long there is, what was tried.

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, FailureReason, PaymentSeq, PaymentState};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::column::{Columns, signed};
use crate::payments::{self, Payment};

/// The most uncertain payments that are listed.
const MOST_UNCERTAIN: i64 = 200;

/// A payment that was not settled, or of which nobody knows yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The payment.
    pub payment: Payment,
    /// In how many batches it was.
    pub tries: u32,
    /// How often it was looked at since it failed.
    pub looks: u32,
    /// When it is looked at, and if that helps tried, next.
    pub next_look_at: Option<DateTime<Utc>>,
}

/// Which failures to list.
#[derive(Clone, Debug, Default)]
pub struct FailureQuery {
    /// Only those in this state.
    pub state: Option<PaymentState>,
    /// Only those that failed for this reason.
    pub reason: Option<FailureReason>,
    /// Only those in one of these assets; in all when there is none.
    pub assets: Vec<AssetId>,
    /// Only those by this payer.
    pub payer: Option<Address>,
    /// Only those after this one in the order of the list.
    pub after: Option<FailurePlace>,
    /// At most this many.
    pub limit: u32,
}

/// A place in the list: what can still be saved comes first, by the time that is left; then what is
/// over, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailurePlace {
    /// Whether its window was over when the list was begun.
    pub over: bool,
    /// Unix seconds.
    pub valid_before: u64,
    /// Its place in the order of acceptance.
    pub seq: PaymentSeq,
}

fn filtered(query: &mut QueryBuilder<Sqlite>, wanted: &FailureQuery) {
    query.push(" where p.state in ('failed', 'expired', 'cancelled', 'diverted')");
    if let Some(state) = wanted.state {
        query.push(" and p.state = ").push_bind(state.as_str());
    }
    if let Some(reason) = wanted.reason {
        query.push(" and p.reason = ").push_bind(reason.as_str());
    }
    if let Some(payer) = wanted.payer {
        query.push(" and p.payer = ").push_bind(payer.to_vec());
    }
    if !wanted.assets.is_empty() {
        query.push(" and p.asset_id in (");
        let mut list = query.separated(", ");
        for asset in &wanted.assets {
            list.push_bind(asset.0);
        }
        query.push(")");
    }
}

/// A page of failures and where the next one begins.
pub(crate) async fn page(
    db: &mut SqliteConnection,
    wanted: &FailureQuery,
    now: u64,
) -> Result<(Vec<Failure>, Option<FailurePlace>), StoreError> {
    let limit = wanted.limit as usize;
    let mut found: Vec<(bool, Failure)> = Vec::new();
    for over in [false, true] {
        let after = wanted.after;
        if (after.is_some_and(|place| place.over) && !over) || found.len() > limit {
            continue;
        }
        let mut query = QueryBuilder::<Sqlite>::new(payments::SELECT);
        filtered(&mut query, wanted);
        query.push(if over { " and p.valid_before <= " } else { " and p.valid_before > " });
        query.push_bind(signed(now));
        if let Some(place) = after.filter(|place| place.over == over) {
            query.push(if over {
                " and (p.valid_before, p.seq) < ("
            } else {
                " and (p.valid_before, p.seq) > ("
            });
            query.push_bind(signed(place.valid_before)).push(", ").push_bind(place.seq.0).push(")");
        }
        query.push(if over {
            " order by p.valid_before desc, p.seq desc limit "
        } else {
            " order by p.valid_before, p.seq limit "
        });
        query.push_bind(i64::from(wanted.limit) + 1 - signed(found.len() as u64));
        for row in query.build().fetch_all(&mut *db).await? {
            found.push((over, failure(db, &row).await?));
        }
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(over, last)| FailurePlace {
        over: *over,
        valid_before: last.payment.valid_before,
        seq: last.payment.seq,
    });
    Ok((found.into_iter().map(|(_, failure)| failure).collect(), next))
}

/// One payment with what was tried.
pub(crate) async fn of(
    db: &mut SqliteConnection,
    id: domain::PaymentId,
) -> Result<Option<Failure>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(payments::SELECT);
    query.push(" where p.id = ").push_bind(id.0.as_bytes().to_vec());
    match query.build().fetch_optional(&mut *db).await? {
        Some(row) => Ok(Some(failure(db, &row).await?)),
        None => Ok(None),
    }
}

/// What was under way already at `before`, and what came back to the queue with a reason; by the time
/// that is left.
pub(crate) async fn uncertain(
    db: &mut SqliteConnection,
    before: DateTime<Utc>,
) -> Result<Vec<Failure>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(payments::SELECT);
    query.push(
        " where p.seq in (
            select s.seq from batches b join payments s on s.batch_id = b.id
            where b.state in ('preparing', 'submitted') and s.state = 'settling' and b.opened_at < ",
    );
    query.push_bind(before.timestamp_millis());
    query.push(
        " union all
            select seq from (
                select seq from payments where state = 'queued' and reason is not null
                order by valid_before, seq limit ",
    );
    query
        .push_bind(MOST_UNCERTAIN)
        .push(")) order by p.valid_before, p.seq limit ")
        .push_bind(MOST_UNCERTAIN);
    let rows = query.build().fetch_all(&mut *db).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(failure(db, row).await?);
    }
    Ok(found)
}

/// The token lets nothing pass: payments wait in the queue for that, through no fault of their buyers (T21).
pub(crate) const BARRED: &str = "
    select exists (
        select 1 from payments
        where state = 'queued' and reason is not null and reason in ('paused', 'payout_blocked') and asset_id = $1
    ) as barred";

pub(crate) async fn is_barred(db: &mut SqliteConnection, asset: AssetId) -> Result<bool, StoreError> {
    let row = sqlx::query(BARRED).bind(asset.0).fetch_one(db).await?;
    Ok(Columns::of("payments", &row).unsigned::<u8>("barred")? != 0)
}

async fn failure(db: &mut SqliteConnection, row: &SqliteRow) -> Result<Failure, StoreError> {
    let columns = Columns::of("payments", row);
    let payment = payments::payment(row)?;
    let tries = sqlx::query("select count(*) as tries from batch_payments where payment_seq = $1")
        .bind(payment.seq.0)
        .fetch_one(db)
        .await?;
    Ok(Failure {
        tries: Columns::of("batch_payments", &tries).unsigned("tries")?,
        looks: columns.unsigned("looks")?,
        next_look_at: columns.optional_time("next_look_at")?,
        payment,
    })
}

/// What could still be saved: failed, with its window open.
pub(crate) const RECOVERABLE: &str = "
    select count(*) as payments, coalesce(sum(amount), 0) as amount from payments
    where state in ('failed', 'expired', 'cancelled', 'diverted') and state = 'failed' and valid_before > $1";

/// What was delivered, failed, and could still be saved.
pub(crate) const DELIVERED_IN_VAIN: &str = "
    select coalesce(sum(amount), 0) as amount from payments
    where state in ('failed', 'expired', 'cancelled', 'diverted') and state = 'failed' and valid_before > $1
      and delivery <> 'waiting'";

pub(crate) async fn delivered_in_vain(db: &mut SqliteConnection, now: u64) -> Result<Amount, StoreError> {
    let row = sqlx::query(DELIVERED_IN_VAIN).bind(signed(now)).fetch_one(db).await?;
    Columns::of("payments", &row).amount("amount")
}

pub(crate) async fn recoverable(db: &mut SqliteConnection, now: u64) -> Result<(u64, Amount), StoreError> {
    let row = sqlx::query(RECOVERABLE).bind(signed(now)).fetch_one(db).await?;
    let columns = Columns::of("payments", &row);
    Ok((columns.unsigned("payments")?, columns.amount("amount")?))
}

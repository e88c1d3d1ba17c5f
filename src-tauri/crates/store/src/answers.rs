//! What services answered: until one has, the authorization that pays for it is shown to nobody, and afterwards
//! the same authorization gets the same answer instead of another call.

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{EndpointId, Part, PaymentSeq, RequestBinding};
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::{Acceptance, runs};
use crate::column::Columns;
use crate::payments::{self, PaymentRef};
use crate::{StoreError, verdict};

/// How many payments' answers are kept at most: the latest.
const KEPT: i64 = 1_024;

/// Payments that a service has not answered yet, in the words of the index that serves it.
pub(crate) const AWAITED: &str = "select payment_seq from answers where status is null";

/// What a service answered to a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Awaited,
    /// It answered, and that was too long to be kept or broke off.
    NotKept,
    /// This.
    Kept(KeptAnswer),
}

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Its headers, a line for each.
    pub headers: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// A service has answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) payment: PaymentSeq,
    pub(crate) status: u16,
    pub(crate) kept: Option<(String, Vec<u8>)>,
    /// Whether somebody waits for the settlement that can begin now.
    pub(crate) waited_for: bool,
}

/// Notes that a service is about to be asked.
pub(crate) async fn await_them(
    db: &mut SqliteConnection,
    granted: &[(PaymentSeq, &Acceptance)],
) -> Result<(), StoreError> {
    let by_service: Vec<_> = granted.iter().filter(|(_, request)| request.by_service).collect();
    for run in runs(&by_service) {
        let mut query = QueryBuilder::<Sqlite>::new("insert into answers (payment_seq, kept_until) ");
        query.push_values(run, |mut row, (seq, request)| {
            let ends = i64::try_from(request.authorization.valid_before).unwrap_or(i64::MAX);
            row.push_bind(seq.0).push_bind(ends.saturating_mul(1_000));
        });
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// Writes answers down and lets go of old ones.
pub(crate) async fn note(db: &mut SqliteConnection, answered: &[Answered]) -> Result<(), StoreError> {
    for one in answered {
        let (headers, body) = one.kept.as_ref().map_or(("", None), |(headers, body)| (headers, Some(body)));
        sqlx::query(
            "update answers set status = $2, headers = $3, body = $4 where payment_seq = $1 and status is null",
        )
        .bind(one.payment.0)
        .bind(i64::from(one.status))
        .bind(headers)
        .bind(body)
        .execute(&mut *db)
        .await?;
    }
    if let Some(newest) = answered.iter().map(|one| one.payment.0).max() {
        sqlx::query("delete from answers where payment_seq < $1 and status is not null")
            .bind(newest - KEPT)
            .execute(db)
            .await?;
    }
    Ok(())
}

/// What a service answered to a payment; none when it was never asked, or that is long ago.
pub(crate) async fn of(
    db: &mut SqliteConnection,
    payment: PaymentSeq,
    now: DateTime<Utc>,
) -> Result<Option<Answer>, StoreError> {
    let row = sqlx::query("select * from answers where payment_seq = $1").bind(payment.0);
    let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
    let columns = Columns::of("answers", &row);
    let Some(status) = columns.optional_unsigned::<u16>("status")? else { return Ok(Some(Answer::Awaited)) };
    if columns.time("kept_until")? <= now {
        return Ok(None);
    }
    Ok(Some(match columns.get("body")? {
        Some(body) => Answer::Kept(KeptAnswer { status, headers: columns.get("headers")?, body }),
        None => Answer::NotKept,
    }))
}

/// The newest payment whose answer did not reach its buyer, is kept, and is the answer to this very request.
pub(crate) async fn owed(
    db: &mut SqliteConnection,
    (endpoint, part, payer): (EndpointId, &Part, Address),
    request: RequestBinding,
    at: DateTime<Utc>,
) -> Result<Option<PaymentRef>, StoreError> {
    let row = sqlx::query(
        "select p.* from grants g join payments p on p.seq = g.payment_seq join answers a on a.payment_seq = p.seq
         where g.claimable = 1 and g.endpoint_id = $1 and g.part = $2 and g.payer = $3 and g.request = $4
           and p.delivery = 'interrupted' and a.body is not null and a.kept_until > $5
           and p.state in ('queued', 'settling', 'settled', 'settled_elsewhere')
         order by p.seq desc limit 1",
    )
    .bind(endpoint.0.as_bytes().as_slice())
    .bind(part.as_str())
    .bind(payer.as_slice())
    .bind(request.0.as_slice())
    .bind(at.timestamp_millis())
    .fetch_optional(db)
    .await?;
    row.map(|row| payments::reference(&row)).transpose()
}

/// At the start nobody is being asked any more. What is not known to have been answered is not charged; where a part
/// of an answer may have left, it stands.
pub(crate) async fn give_up_awaiting(
    db: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut db = db.begin_with("begin immediate").await?;
    for row in sqlx::query(AWAITED).fetch_all(&mut *db).await? {
        let payment = PaymentSeq(Columns::of("answers", &row).get("payment_seq")?);
        if !verdict::void(&mut db, payment, now).await? {
            sqlx::query("update answers set status = 200 where payment_seq = $1")
                .bind(payment.0)
                .execute(&mut *db)
                .await?;
        }
    }
    sqlx::query("delete from answers where kept_until <= $1")
        .bind(now.timestamp_millis())
        .execute(&mut *db)
        .await?;
    Ok(db.commit().await?)
}

/// The payment was dropped.
pub(crate) async fn forget(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<(), StoreError> {
    sqlx::query("delete from answers where payment_seq = $1").bind(payment.0).execute(db).await?;
    Ok(())
}

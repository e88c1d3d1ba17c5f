//! What services answered: until one has, the authorization that pays for it is shown to nobody, and afterwards
//! the same authorization gets the same answer instead of another call.

use alloy_primitives::Address;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{EndpointId, Part, PaymentId, PaymentSeq, RequestBinding};
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::{Acceptance, runs};
use crate::column::{Columns, signed};
use crate::payments::{self, PaymentRef};
use crate::{StoreError, verdict};

/// How many payments' answers are kept: the latest.
const KEPT: i64 = 1_024;

/// How many of those are kept that are paid for first and have not arrived.
const OWED: i64 = 8 * KEPT;

/// How long an answer is kept after the authorization that paid for it has ended: it may have been settled at the last
/// moment.
const BEYOND: TimeDelta = TimeDelta::days(1);

/// Payments that a service has not answered yet, in the words of the index that serves it.
pub(crate) const AWAITED: &str = "select payment_seq from answers where status is null";

/// What a service answered to a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Awaited,
    /// It has begun well, and is not at its end.
    Coming,
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
    pub body: KeptBody,
}

/// The body of an answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptBody {
    /// As it was.
    Bytes(Vec<u8>),
    /// So many bytes in a file of its own, which whoever wrote it knows.
    File(u64),
}

/// What is to be kept of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing so far: it has begun well, which counts, and the rest comes.
    Begun,
    /// Nothing: it is too long, or broke off.
    Nothing,
    /// All of it.
    All(KeptBody),
}

/// A service has answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) payment: PaymentSeq,
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) keep: Keep,
    /// Whether somebody waits for the settlement that can begin now.
    pub(crate) waited_for: bool,
}

impl Answered {
    /// How much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let body = match &self.keep {
            Keep::All(KeptBody::Bytes(body)) => body.len(),
            Keep::All(KeptBody::File(_)) | Keep::Begun | Keep::Nothing => 0,
        };
        self.headers.len() + body
    }
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
            let until = ends.saturating_mul(1_000).saturating_add(BEYOND.num_milliseconds());
            row.push_bind(seq.0).push_bind(until);
        });
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// Writes answers down and lets go of old ones.
pub(crate) async fn note(db: &mut SqliteConnection, answered: &[Answered]) -> Result<(), StoreError> {
    for one in answered {
        let (body, file_bytes) = match &one.keep {
            Keep::All(KeptBody::Bytes(body)) => (Some(body), None),
            Keep::All(KeptBody::File(bytes)) => (None, Some(signed(*bytes))),
            Keep::Begun | Keep::Nothing => (None, None),
        };
        sqlx::query(
            "update answers set status = $2, headers = $3, body = $4, file_bytes = $5, is_open = $6
             where payment_seq = $1 and (status is null or is_open = 1)",
        )
        .bind(one.payment.0)
        .bind(i64::from(one.status))
        .bind(&one.headers)
        .bind(body)
        .bind(file_bytes)
        .bind(i64::from(one.keep == Keep::Begun))
        .execute(&mut *db)
        .await?;
    }
    if let Some(newest) = answered.iter().map(|one| one.payment.0).max() {
        // What is looked at here is as much as can have grown old since the last time; the rest is looked at now and then.
        let_go(db, newest, newest - 2 * KEPT).await?;
    }
    Ok(())
}

/// Lets go of the answers from `least` on that are too old to be kept in the data file.
async fn let_go(db: &mut SqliteConnection, newest: i64, least: i64) -> Result<(), StoreError> {
    sqlx::query(
        "delete from answers where payment_seq >= $1 and payment_seq < $2 and status is not null
            and file_bytes is null and (payment_seq < $3 or not exists (
                select 1 from payments p where p.seq = payment_seq and p.mode = 'instant'
                and p.delivery <> 'delivered'
            ))",
    )
    .bind(least)
    .bind(newest - KEPT)
    .bind(newest - OWED)
    .execute(db)
    .await?;
    Ok(())
}

/// Lets go of all that is too old to be kept.
pub(crate) async fn clear(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("delete from answers where kept_until <= $1 and status is not null")
        .bind(now.timestamp_millis())
        .execute(&mut *db)
        .await?;
    let newest = sqlx::query("select coalesce(max(payment_seq), 0) as newest from answers");
    let newest = Columns::of("answers", &newest.fetch_one(&mut *db).await?).get("newest")?;
    let_go(db, newest, 0).await
}

/// Whether a payment's answer may still be wanted out of the file that it waits in, or is just being written there.
pub(crate) async fn is_wanted(
    db: &mut SqliteConnection,
    payment: PaymentId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "select 1 from payments p join answers a on a.payment_seq = p.seq
         where p.id = $1 and (a.status is null or (a.file_bytes is not null and a.kept_until > $2))
           and p.delivery <> 'delivered' and p.state in ('queued', 'settling', 'settled', 'settled_elsewhere')",
    )
    .bind(payment.0.as_bytes().as_slice())
    .bind(now.timestamp_millis())
    .fetch_optional(db)
    .await?;
    Ok(row.is_some())
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
    let file = columns.optional_unsigned("file_bytes")?.map(KeptBody::File);
    let body = columns.get::<Option<Vec<u8>>>("body")?.map(KeptBody::Bytes).or(file);
    Ok(Some(match body {
        Some(body) => Answer::Kept(KeptAnswer { status, headers: columns.get("headers")?, body }),
        None if columns.get("is_open")? => Answer::Coming,
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
           and p.delivery = 'interrupted' and (a.body is not null or a.file_bytes is not null)
           and a.kept_until > $5
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
    // What had begun will not come to its end.
    sqlx::query("update answers set is_open = 0 where is_open = 1").execute(&mut *db).await?;
    clear(&mut db, now).await?;
    Ok(db.commit().await?)
}

/// The file that the answer waited in is gone.
pub(crate) async fn lose(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<(), StoreError> {
    sqlx::query("update answers set file_bytes = null where payment_seq = $1")
        .bind(payment.0)
        .execute(db)
        .await?;
    Ok(())
}

/// The payment was dropped.
pub(crate) async fn forget(db: &mut SqliteConnection, payment: PaymentSeq) -> Result<(), StoreError> {
    sqlx::query("delete from answers where payment_seq = $1").bind(payment.0).execute(db).await?;
    Ok(())
}

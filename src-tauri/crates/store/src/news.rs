//! What whoever sits beside the stall is told in a line: what was sold since they last heard, and how much is leaving.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, PaymentSeq};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::Columns;
use crate::{Store, StoreError};

/// How long a sale that is not decided keeps the later ones back: a buyer waits a minute at most for an instant one.
const DECIDED_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// How far back anybody is told of sales.
const MOST: i64 = 10_000;

/// What was sold since a payment; the seller's own purchases are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// How many payments.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
    /// What was bought, where it was one payment.
    pub title: Option<String>,
    /// The last payment that was looked at: the next question begins after it.
    pub until: PaymentSeq,
}

impl Store {
    /// What was sold after a payment for at least so much each; nothing, and where to begin, when none is named. A sale is told once it is one: not
    /// while an instant payment is on its way or a service is asked.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sold_since(
        &self,
        after: Option<PaymentSeq>,
        least: Amount,
        now: DateTime<Utc>,
    ) -> Result<Sold, StoreError> {
        since_of(&mut *self.reader().await?, after, least, now).await
    }

    /// How many payments' bytes are leaving for the first time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn delivering(&self) -> Result<u64, StoreError> {
        let row = sqlx::query(DELIVERING).fetch_one(&mut *self.reader().await?).await?;
        Columns::of("payments", &row).unsigned("payments")
    }
}

pub(crate) const DELIVERING: &str = "select count(*) as payments from payments where delivery = 'streaming'";

const LAST: &str = "select max(seq) as seq from payments";

pub(crate) const UNDECIDED: &str = "
    select min(seq) as seq from payments p where seq > $1 and accepted_at > $2 and (
        (mode = 'instant' and state in ('queued', 'settling'))
        or exists (select 1 from answers a where a.payment_seq = p.seq and a.status is null)
    )";

pub(crate) const SOLD: &str = "
    select count(*) as payments, coalesce(sum(p.amount), 0) as amount, min(e.title) as title
    from payments p join endpoints e on e.id = p.endpoint_id
    where p.seq > $1 and p.seq <= $2 and p.amount >= $3 and p.state <> 'voided' and not (p.mode = 'instant' and p.state = 'failed')
        and not exists (select 1 from own_payers o where o.payer = p.payer)";

fn seq(row: &SqliteRow) -> Result<Option<i64>, StoreError> {
    Columns::of("payments", row).get("seq")
}

/// The same for any amount, for whoever holds a connection.
pub(crate) async fn since(
    db: &mut SqliteConnection,
    after: Option<PaymentSeq>,
    now: DateTime<Utc>,
) -> Result<Sold, StoreError> {
    since_of(db, after, Amount::ZERO, now).await
}

async fn since_of(
    db: &mut SqliteConnection,
    after: Option<PaymentSeq>,
    least: Amount,
    now: DateTime<Utc>,
) -> Result<Sold, StoreError> {
    let last = seq(&sqlx::query(LAST).fetch_one(&mut *db).await?)?;
    let Some((after, last)) = after.map(|after| after.0).zip(last).filter(|(after, last)| after < last)
    else {
        // An older data file may have been put back: nothing in it is news.
        let until = PaymentSeq(last.unwrap_or_default());
        return Ok(Sold { payments: 0, amount: Amount::ZERO, title: None, until });
    };
    let after = after.max(last.saturating_sub(MOST));
    let from = (now - DECIDED_WITHIN).timestamp_millis();
    let undecided = sqlx::query(UNDECIDED).bind(after).bind(from).fetch_one(&mut *db).await?;
    let until = seq(&undecided)?.map_or(last, |first| first - 1);
    let row = sqlx::query(SOLD).bind(after).bind(until).bind(least.as_i64()).fetch_one(db).await?;
    let columns = Columns::of("payments", &row);
    let payments = columns.unsigned("payments")?;
    Ok(Sold {
        payments,
        amount: columns.amount("amount")?,
        title: columns.get::<Option<String>>("title")?.filter(|_| payments == 1),
        until: PaymentSeq(until),
    })
}

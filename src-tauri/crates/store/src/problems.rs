//! Payments that need attention, by why, and giving them up.

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, FailureReason, PaymentId, PaymentState};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::column::Columns;
use crate::queue;
use crate::totals::Totals;

/// The most payments that are given up in one transaction, so that no sale waits long behind it.
const AT_ONCE: i64 = 500;

/// Payments that need attention for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The asset they are in.
    pub asset: AssetId,
    /// Where they stand.
    pub state: PaymentState,
    /// Why.
    pub reason: Option<FailureReason>,
    /// How many.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
}

/// Which payments to give up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// These.
    Payments(Vec<PaymentId>),
    /// All of one reason.
    Because(Reason),
}

/// All payments of one network that share why they need attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The assets of the network.
    pub assets: Vec<AssetId>,
    /// Those that stand there.
    pub state: Option<PaymentState>,
    /// Those that failed for it.
    pub failure: Option<FailureReason>,
    /// How many there are, as whoever gives them up was shown; another number means that something
    /// came or went meanwhile, and nothing is given up.
    pub expected: u64,
}

impl Reason {
    fn narrow(&self, query: &mut QueryBuilder<Sqlite>) {
        query.push(" and (state = ").push_bind(self.state.map(PaymentState::as_str));
        query.push(" or (state = 'failed' and reason = ").push_bind(self.failure.map(FailureReason::as_str));
        query.push(")) and asset_id in (");
        let mut assets = query.separated(", ");
        for asset in &self.assets {
            assets.push_bind(asset.0);
        }
        query.push(")");
    }
}

/// Refuses when there are more or fewer of a reason than whoever gives them up was shown.
pub(crate) async fn expect(db: &mut SqliteConnection, reason: &Reason) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(ATTENTION);
    reason.narrow(&mut query);
    let row = query.build().fetch_one(db).await?;
    let found: u64 = Columns::of("payments", &row).unsigned("payments")?;
    if found == reason.expected {
        return Ok(());
    }
    let expected = reason.expected;
    Err(StoreError::Conflict(format!(
        "nothing was given up: {found} payments need attention for that reason now, not {expected}; look at them again"
    )))
}

/// In the words of the partial index that serves it.
const ATTENTION: &str = "
    select count(*) as payments from payments where state in ('failed', 'expired', 'cancelled', 'diverted')";

pub(crate) const PROBLEMS: &str = "
    select asset_id, state, reason, count(*) as payments, sum(amount) as amount from payments
    where state in ('failed', 'expired', 'cancelled', 'diverted')
    group by asset_id, state, reason order by asset_id, state, reason";

pub(crate) async fn list(db: &mut SqliteConnection) -> Result<Vec<Problem>, StoreError> {
    let rows = sqlx::query(PROBLEMS).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("payments", row);
            Ok(Problem {
                asset: AssetId(columns.get("asset_id")?),
                state: columns.word("state")?,
                reason: columns.optional_word("reason")?,
                payments: columns.unsigned("payments")?,
                amount: columns.amount("amount")?,
            })
        })
        .collect()
}

/// Gives up some of what is wanted; true when there may be more of it. What the chain could still take
/// back stays.
pub(crate) async fn give_up(
    db: &mut SqliteConnection,
    wanted: &GiveUp,
    at: DateTime<Utc>,
) -> Result<(u64, bool), StoreError> {
    let mut rows = Vec::new();
    match wanted {
        GiveUp::Payments(ids) => {
            for id in ids {
                let mut query = QueryBuilder::<Sqlite>::new(UNSETTLED);
                query.push(" and id = ").push_bind(id.0.as_bytes().to_vec());
                rows.extend(query.build().fetch_optional(&mut *db).await?);
            }
        }
        GiveUp::Because(reason) => {
            let mut query = QueryBuilder::<Sqlite>::new(UNSETTLED);
            reason.narrow(&mut query);
            query.push(" limit ").push_bind(AT_ONCE);
            rows = query.build().fetch_all(&mut *db).await?;
        }
    }
    let mut totals = Totals::default();
    for row in &rows {
        close(db, row, at, &mut totals).await?;
    }
    totals.write(db).await?;
    let closed = rows.len() as u64;
    Ok((closed, matches!(wanted, GiveUp::Because(..)) && closed == AT_ONCE.unsigned_abs()))
}

/// In the words of the partial index that serves it.
const UNSETTLED: &str = "
    select * from payments where state in ('failed', 'expired', 'cancelled', 'diverted')
        and (state in ('failed', 'expired') or final_at is not null)";

async fn close(
    db: &mut SqliteConnection,
    row: &SqliteRow,
    at: DateTime<Utc>,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let columns = Columns::of("payments", row);
    let (asset, was) = (AssetId(columns.get("asset_id")?), columns.word("state")?);
    let payment = queue::open_payment(row)?;
    sqlx::query(
        "update payments set state = 'written_off', written_off_from = state, written_off_at = $2 where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, was, payment.amount);
    totals.add(asset, payment.endpoint, accepted, PaymentState::WrittenOff, payment.amount);
    Ok(())
}

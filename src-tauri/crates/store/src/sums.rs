//! Reads of the sums that are kept: by state, by endpoint, by day.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::{Amount, AssetId, EndpointId, PaymentState};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::column::Columns;
use crate::payments::PaymentQuery;
use crate::{StoreError, narrow, payments};

/// How many payments of one asset are in one state, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The asset.
    pub asset: AssetId,
    /// The state.
    pub state: PaymentState,
    /// How many.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
}

/// What came on chain on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// How many payments.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
}

pub(crate) const BY_STATE: &str = "
    select asset_id, state, sum(payments) as payments, sum(amount) as amount from endpoint_totals
    group by asset_id, state having sum(payments) <> 0 order by asset_id, state";

pub(crate) const BY_ENDPOINT: &str = "
    select endpoint_id, asset_id, state, payments, amount from endpoint_totals
    where payments <> 0 order by endpoint_id, asset_id, state";

pub(crate) const OF_ENDPOINT: &str = "
    select asset_id, state, payments, amount from endpoint_totals
    where endpoint_id = $1 and payments <> 0 order by asset_id, state";

pub(crate) const BY_DAY: &str = "
    select day, asset_id, state, sum(payments) as payments, sum(amount) as amount from totals
    where day between $1 and $2 group by day, asset_id, state having sum(payments) <> 0
    order by day, asset_id, state";

pub(crate) fn total(row: &SqliteRow) -> Result<Total, StoreError> {
    let columns = Columns::of("totals", row);
    Ok(Total {
        asset: AssetId(columns.get("asset_id")?),
        state: columns.word("state")?,
        payments: columns.unsigned("payments")?,
        amount: columns.amount("amount")?,
    })
}

/// Every asset's sums by state, leaving out what is empty.
pub(crate) async fn by_state(db: &mut SqliteConnection) -> Result<Vec<Total>, StoreError> {
    let rows = sqlx::query(BY_STATE).fetch_all(db).await?;
    rows.iter().map(total).collect()
}

/// The same of one endpoint.
pub(crate) async fn of_endpoint(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
) -> Result<Vec<Total>, StoreError> {
    let rows = sqlx::query(OF_ENDPOINT).bind(endpoint.0.as_bytes().as_slice()).fetch_all(db).await?;
    rows.iter().map(total).collect()
}

/// The sums by state of what a query lists on all its pages.
pub(crate) async fn of_list(
    db: &mut SqliteConnection,
    wanted: &PaymentQuery,
) -> Result<Vec<Total>, StoreError> {
    let mut sums: BTreeMap<(i64, &'static str), Total> = BTreeMap::new();
    for mut query in list_queries(wanted) {
        for row in query.build().fetch_all(&mut *db).await? {
            let more = total(&row)?;
            match sums.entry((more.asset.0, more.state.as_str())) {
                Entry::Vacant(place) => {
                    place.insert(more);
                }
                Entry::Occupied(place) => {
                    let sum = place.into_mut();
                    sum.payments += more.payments;
                    sum.amount = sum
                        .amount
                        .checked_add(more.amount)
                        .ok_or(StoreError::Inconsistent { table: "totals", column: "amount" })?;
                }
            }
        }
    }
    Ok(sums.into_values().collect())
}

/// The queries of it, whose answers are added. What one payer bought and what begins with some digits is counted; all else
/// is known.
pub(crate) fn list_queries(wanted: &PaymentQuery) -> Vec<QueryBuilder<Sqlite>> {
    let PaymentQuery { states, endpoint, payer, narrow, .. } = wanted;
    if let Some(payer) = payer {
        let mut query = counted();
        payments::of_payer(&mut query, *payer, states, *endpoint);
        narrow.push(&mut query);
        query.push(") as counted").push(GROUPED);
        return vec![query];
    }
    let mut queries = vec![known(wanted)];
    if let Some((text, digits)) = narrow.text.as_deref().and_then(|text| Some((text, narrow::digits(text)?)))
    {
        let mut query = counted();
        query.push(" and p.seq in (");
        narrow::beginning_with(&mut query, &digits);
        query.push(") and p.endpoint_id not in (");
        narrow::named(&mut query, text);
        query.push(")");
        payments::in_states(&mut query, "p.", states, *endpoint);
        narrow.push_terms(&mut query);
        query.push(") as counted").push(GROUPED);
        queries.push(query);
    }
    queries
}

const GROUPED: &str = " group by asset_id, state having sum(payments) <> 0 order by asset_id, state";

fn counted() -> QueryBuilder<Sqlite> {
    QueryBuilder::new(
        "select asset_id, state, sum(payments) as payments, sum(amount) as amount from (
            select p.asset_id, p.state, 1 as payments, p.amount from payments p where true",
    )
}

/// The sums of what has neither a payer nor digits, out of the table that knows the least that is enough.
fn known(wanted: &PaymentQuery) -> QueryBuilder<Sqlite> {
    let PaymentQuery { states, endpoint, narrow, .. } = wanted;
    let mut query = QueryBuilder::new("select asset_id, state, sum(payments) as payments, ");
    query.push(if narrow.is_of_amounts() {
        "sum(payments * amount) as amount from amount_totals where asset_id in (select id from assets)"
    } else if narrow.days.is_some() {
        "sum(amount) as amount from totals where asset_id in (select id from assets)"
    } else {
        "sum(amount) as amount from endpoint_totals where true"
    });
    if let Some((first, last)) = narrow.days {
        query.push(" and day between ").push_bind(first).push(" and ").push_bind(last);
    }
    narrow.push_kinds(&mut query, "");
    payments::in_states(&mut query, "", states, *endpoint);
    if let Some(text) = &narrow.text {
        query.push(" and endpoint_id in (");
        narrow::named(&mut query, text);
        query.push(")");
    }
    query.push(GROUPED);
    query
}

/// The same of every endpoint that sold anything.
pub(crate) async fn by_endpoint(db: &mut SqliteConnection) -> Result<Vec<(EndpointId, Total)>, StoreError> {
    let rows = sqlx::query(BY_ENDPOINT).fetch_all(db).await?;
    rows.iter().map(of_one).collect()
}

/// The same of UTC days counted from 1970, both ends included.
pub(crate) async fn by_day(
    db: &mut SqliteConnection,
    first: i64,
    last: i64,
) -> Result<Vec<(i64, Total)>, StoreError> {
    let rows = sqlx::query(BY_DAY).bind(first).bind(last).fetch_all(db).await?;
    rows.iter().map(|row| Ok((Columns::of("totals", row).get("day")?, total(row)?))).collect()
}

pub(crate) const BY_HOUR: &str = "
    select hour, asset_id, state, payments, amount from totals_by_hour
    where hour between $1 and $2 and payments <> 0 order by hour, asset_id, state";

/// The same of UTC hours counted from 1970, both ends included.
pub(crate) async fn by_hour(
    db: &mut SqliteConnection,
    first: i64,
    last: i64,
) -> Result<Vec<(i64, Total)>, StoreError> {
    let rows = sqlx::query(BY_HOUR).bind(first).bind(last).fetch_all(db).await?;
    rows.iter().map(|row| Ok((Columns::of("totals_by_hour", row).get("hour")?, total(row)?))).collect()
}

pub(crate) const BEST: &str = "
    select endpoint_id, asset_id, state, sum(payments) as payments, sum(amount) as amount from totals
    where day between $1 and $2 and endpoint_id in (
        select endpoint_id from totals where day between $1 and $2 and state <> 'voided'
        group by endpoint_id having sum(payments) > 0 order by sum(payments) desc, endpoint_id limit $3
    )
    group by endpoint_id, asset_id, state having sum(payments) <> 0 order by endpoint_id, asset_id, state";

/// The sums by state of the endpoints that were bought most often in UTC days, both included.
pub(crate) async fn best(
    db: &mut SqliteConnection,
    (first, last): (i64, i64),
    limit: u32,
) -> Result<Vec<(EndpointId, Total)>, StoreError> {
    let rows = sqlx::query(BEST).bind(first).bind(last).bind(i64::from(limit)).fetch_all(db).await?;
    rows.iter().map(of_one).collect()
}

fn of_one(row: &SqliteRow) -> Result<(EndpointId, Total), StoreError> {
    Ok((EndpointId(Columns::of("totals", row).uuid("endpoint_id")?), total(row)?))
}

/// What came on chain on a UTC day, all assets together.
pub(crate) async fn arrived(db: &mut SqliteConnection, day: i64) -> Result<Arrived, StoreError> {
    let row = sqlx::query(
        "select coalesce(sum(payments), 0) as payments, coalesce(sum(amount), 0) as amount from arrivals
         where asset_id in (select id from assets) and day = $1",
    )
    .bind(day)
    .fetch_one(db)
    .await?;
    let columns = Columns::of("arrivals", &row);
    Ok(Arrived { payments: columns.unsigned("payments")?, amount: columns.amount("amount")? })
}

/// A minute that is not kept any more and out of which a reorganisation took something is less than nothing.
pub(crate) const ARRIVED_BETWEEN: &str = "
    select coalesce(sum(payments), 0) as payments, coalesce(sum(amount), 0) as amount from arrivals_by_minute
    where minute between $1 and $2 and payments >= 0 and amount >= 0";

/// What came on chain in UTC minutes of today and yesterday, both ends included, all assets together.
pub(crate) async fn arrived_between(
    db: &mut SqliteConnection,
    first: i64,
    last: i64,
) -> Result<Arrived, StoreError> {
    let row = sqlx::query(ARRIVED_BETWEEN).bind(first).bind(last).fetch_one(db).await?;
    let columns = Columns::of("arrivals_by_minute", &row);
    Ok(Arrived { payments: columns.unsigned("payments")?, amount: columns.amount("amount")? })
}

/// What of an endpoint came on chain lately, all assets together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lately {
    /// On the last day.
    pub today: Amount,
    /// On it and the six before.
    pub week: Amount,
    /// On it and the 29 before.
    pub month: Amount,
}

pub(crate) const LATELY: &str = "
    select endpoint_id, sum(case when day = $1 then gross else 0 end) as today,
        sum(case when day > $1 - 7 then gross else 0 end) as week, sum(gross) as month
    from books where day between $1 - 29 and $1 and ($2 is null or endpoint_id = $2) group by endpoint_id";

/// What of each endpoint, or of one, came on chain up to a UTC day.
pub(crate) async fn lately(
    db: &mut SqliteConnection,
    day: i64,
    endpoint: Option<EndpointId>,
) -> Result<Vec<(EndpointId, Lately)>, StoreError> {
    let endpoint = endpoint.map(|endpoint| endpoint.0.as_bytes().to_vec());
    let rows = sqlx::query(LATELY).bind(day).bind(endpoint).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("books", row);
            let lately = Lately {
                today: columns.amount("today")?,
                week: columns.amount("week")?,
                month: columns.amount("month")?,
            };
            Ok((EndpointId(columns.uuid("endpoint_id")?), lately))
        })
        .collect()
}

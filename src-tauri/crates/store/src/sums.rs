//! Reads of the sums that are kept: by state, by endpoint, by day.

use alloy_primitives::Address;
use domain::{Amount, AssetId, EndpointId, PaymentState};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::column::Columns;
use crate::{StoreError, payments};

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

/// The same of one payer, for one endpoint or for all.
pub(crate) async fn of_payer(
    db: &mut SqliteConnection,
    payer: Address,
    endpoint: Option<EndpointId>,
) -> Result<Vec<Total>, StoreError> {
    let rows = of_payer_query(payer, endpoint).build().fetch_all(db).await?;
    rows.iter().map(total).collect()
}

/// The query of it: summed up when it is asked for: a payer's payments are few beside all of them.
pub(crate) fn of_payer_query(payer: Address, endpoint: Option<EndpointId>) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "select p.asset_id, p.state, count(*) as payments, sum(p.amount) as amount from payments p
         where p.seq > 0",
    );
    let states: &[PaymentState] = if endpoint.is_some() { &PaymentState::ALL } else { &[] };
    payments::of_payer(&mut query, payer, states, endpoint);
    query.push(" group by p.asset_id, p.state order by p.asset_id, p.state");
    query
}

/// The same of every endpoint that sold anything.
pub(crate) async fn by_endpoint(db: &mut SqliteConnection) -> Result<Vec<(EndpointId, Total)>, StoreError> {
    let rows = sqlx::query(BY_ENDPOINT).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let endpoint = EndpointId(Columns::of("endpoint_totals", row).uuid("endpoint_id")?);
            Ok((endpoint, total(row)?))
        })
        .collect()
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

pub(crate) const IN_DAYS: &str = "
    select asset_id, state, sum(payments) as payments, sum(amount) as amount from totals
    where day between $1 and $2 group by asset_id, state having sum(payments) <> 0 order by asset_id, state";

pub(crate) const OF_ENDPOINT_IN_DAYS: &str = "
    select asset_id, state, sum(payments) as payments, sum(amount) as amount from totals
    where asset_id in (select id from assets) and endpoint_id = $3 and day between $1 and $2
    group by asset_id, state having sum(payments) <> 0 order by asset_id, state";

/// Every asset's sums by state of UTC days counted from 1970, both ends included, of one endpoint or of all.
pub(crate) async fn in_days(
    db: &mut SqliteConnection,
    (first, last): (i64, i64),
    endpoint: Option<EndpointId>,
) -> Result<Vec<Total>, StoreError> {
    let query = sqlx::query(if endpoint.is_some() { OF_ENDPOINT_IN_DAYS } else { IN_DAYS });
    let query = query.bind(first).bind(last);
    let query = match endpoint {
        Some(endpoint) => query.bind(endpoint.0.as_bytes().to_vec()),
        None => query,
    };
    let rows = query.fetch_all(db).await?;
    rows.iter().map(total).collect()
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

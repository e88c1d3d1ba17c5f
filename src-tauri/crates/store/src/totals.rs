//! Sums that screens need, changed in the transaction that changes what they sum.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, EndpointId, PaymentState};
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::accept::runs;
use crate::costs::Books;

/// The UTC day of a moment, counted from 1970.
pub(crate) fn day(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(86_400)
}

/// The UTC hour of a moment, counted from 1970.
pub(crate) fn hour(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(3600)
}

/// The UTC minute of a moment, counted from 1970.
pub(crate) fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

const HOURS_OF_A_DAY: i64 = 24;
const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// For how many minutes arrivals are kept by the minute: today and yesterday are asked for.
const MINUTES_KEPT: i64 = 3 * MINUTES_OF_A_DAY;

/// How many, and what they come to.
type Change = (i64, i128);
/// A changed sum as the database keeps it.
type Kept<K> = (K, (i64, i64));

type OfHourAndEndpoint = (AssetId, EndpointId, i64, PaymentState);
type OfAmount = (AssetId, EndpointId, i64, PaymentState, Amount);
type OfDay = (AssetId, EndpointId, i64, PaymentState);
type OfHour = (i64, AssetId, PaymentState);
type OfEndpoint = (EndpointId, AssetId, PaymentState);
type Arrival = (AssetId, i64);
type ArrivalOf = (AssetId, EndpointId, i64);

/// Changes to the sums, gathered so that each is written once.
#[derive(Default)]
pub(crate) struct Totals {
    hours: HashMap<OfHourAndEndpoint, Change>,
    /// How many more there are of each amount.
    amounts: HashMap<OfAmount, i64>,
    /// By the minute.
    arrivals: HashMap<ArrivalOf, Change>,
}

impl Totals {
    /// A payment that was accepted then enters a state.
    pub(crate) fn add(
        &mut self,
        asset: AssetId,
        endpoint: EndpointId,
        accepted: DateTime<Utc>,
        state: PaymentState,
        amount: Amount,
    ) {
        change(&mut self.hours, (asset, endpoint, hour(accepted), state), (1, i128::from(amount.atomic())));
        *self.amounts.entry((asset, endpoint, day(accepted), state, amount)).or_default() += 1;
    }

    /// A payment's money came on chain.
    pub(crate) fn arrive(&mut self, asset: AssetId, endpoint: EndpointId, at: DateTime<Utc>, amount: Amount) {
        change(&mut self.arrivals, (asset, endpoint, minute(at)), (1, i128::from(amount.atomic())));
    }

    /// The chain took a payment's money back, which had come then.
    pub(crate) fn leave(&mut self, asset: AssetId, endpoint: EndpointId, at: DateTime<Utc>, amount: Amount) {
        change(&mut self.arrivals, (asset, endpoint, minute(at)), (-1, -i128::from(amount.atomic())));
    }

    /// A payment that was accepted then leaves a state.
    pub(crate) fn take(
        &mut self,
        asset: AssetId,
        endpoint: EndpointId,
        accepted: DateTime<Utc>,
        state: PaymentState,
        amount: Amount,
    ) {
        let less = (-1, -i128::from(amount.atomic()));
        change(&mut self.hours, (asset, endpoint, hour(accepted), state), less);
        *self.amounts.entry((asset, endpoint, day(accepted), state, amount)).or_default() -= 1;
    }

    pub(crate) async fn write(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut days: HashMap<OfDay, Change> = HashMap::new();
        let mut hours: HashMap<OfHour, Change> = HashMap::new();
        let mut endpoints: HashMap<OfEndpoint, Change> = HashMap::new();
        for ((asset, endpoint, hour, state), by) in self.hours {
            change(&mut days, (asset, endpoint, hour.div_euclid(HOURS_OF_A_DAY), state), by);
            change(&mut hours, (hour, asset, state), by);
            change(&mut endpoints, (endpoint, asset, state), by);
        }
        let mut minutes: HashMap<Arrival, Change> = HashMap::new();
        let mut arrivals: HashMap<Arrival, Change> = HashMap::new();
        let mut of_endpoints: HashMap<ArrivalOf, Change> = HashMap::new();
        for ((asset, endpoint, minute), by) in self.arrivals {
            let day = minute.div_euclid(MINUTES_OF_A_DAY);
            change(&mut minutes, (asset, minute), by);
            change(&mut arrivals, (asset, day), by);
            change(&mut of_endpoints, (asset, endpoint, day), by);
        }
        let mut books = Books::default();
        for ((asset, endpoint, day), (payments, gross)) in kept(of_endpoints)? {
            books.came((asset, endpoint, day), payments, gross);
        }
        let amounts: Vec<_> = self.amounts.into_iter().filter(|(_, payments)| *payments != 0).collect();
        write_amounts(db, &amounts).await?;
        DAYS.write(db, &kept(days)?).await?;
        HOURS.write(db, &kept(hours)?).await?;
        ENDPOINTS.write(db, &kept(endpoints)?).await?;
        ARRIVALS.write(db, &kept(arrivals)?).await?;
        let minutes = kept(minutes)?;
        MINUTES.write(db, &minutes).await?;
        forget_minutes(db, &minutes).await?;
        books.write(db).await
    }
}

fn change<K: Eq + Hash>(sums: &mut HashMap<K, Change>, key: K, by: Change) {
    let sum = sums.entry(key).or_default();
    sum.0 += by.0;
    sum.1 += by.1;
}

/// What really changed, as the database keeps it.
fn kept<K>(sums: HashMap<K, Change>) -> Result<Vec<Kept<K>>, StoreError> {
    let changed = sums.into_iter().filter(|(_, change)| *change != (0, 0));
    changed
        .map(|(key, (payments, amount))| {
            let amount = i64::try_from(amount)
                .map_err(|_| StoreError::Conflict("the day's sum is too large to keep".to_owned()))?;
            Ok((key, (payments, amount)))
        })
        .collect()
}

async fn write_amounts(db: &mut SqliteConnection, changed: &[(OfAmount, i64)]) -> Result<(), StoreError> {
    for run in runs(changed) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into amount_totals (asset_id, amount, day, endpoint_id, state, payments) ",
        );
        query.push_values(run, |mut row, ((asset, endpoint, day, state, amount), payments)| {
            row.push_bind(asset.0)
                .push_bind(amount.as_i64())
                .push_bind(*day)
                .push_bind(endpoint.0.as_bytes().as_slice())
                .push_bind(state.as_str())
                .push_bind(*payments);
        });
        query.push(
            " on conflict (asset_id, amount, day, endpoint_id, state) do update set
                payments = amount_totals.payments + excluded.payments",
        );
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// A table that keeps, under a key of some columns, how many payments there are and what they come to.
struct Sums<K> {
    table: &'static str,
    key: &'static str,
    bind: fn(&mut Separated<'_, Sqlite, &'static str>, &K),
}

const DAYS: Sums<OfDay> = Sums {
    table: "totals",
    key: "asset_id, endpoint_id, day, state",
    bind: |row, (asset, endpoint, day, state)| {
        row.push_bind(asset.0)
            .push_bind(endpoint.0.into_bytes().to_vec())
            .push_bind(*day)
            .push_bind(state.as_str());
    },
};

const HOURS: Sums<OfHour> = Sums {
    table: "totals_by_hour",
    key: "hour, asset_id, state",
    bind: |row, (hour, asset, state)| {
        row.push_bind(*hour).push_bind(asset.0).push_bind(state.as_str());
    },
};

const ENDPOINTS: Sums<OfEndpoint> = Sums {
    table: "endpoint_totals",
    key: "endpoint_id, asset_id, state",
    bind: |row, (endpoint, asset, state)| {
        row.push_bind(endpoint.0.into_bytes().to_vec()).push_bind(asset.0).push_bind(state.as_str());
    },
};

const ARRIVALS: Sums<Arrival> = Sums {
    table: "arrivals",
    key: "asset_id, day",
    bind: |row, (asset, day)| {
        row.push_bind(asset.0).push_bind(*day);
    },
};

const MINUTES: Sums<Arrival> = Sums {
    table: "arrivals_by_minute",
    key: "asset_id, minute",
    bind: |row, (asset, minute)| {
        row.push_bind(asset.0).push_bind(*minute);
    },
};

impl<K> Sums<K> {
    async fn write(&self, db: &mut SqliteConnection, changed: &[Kept<K>]) -> Result<(), StoreError> {
        let Self { table, key, bind } = self;
        for run in runs(changed) {
            let mut query =
                QueryBuilder::<Sqlite>::new(format!("insert into {table} ({key}, payments, amount) "));
            query.push_values(run, |mut row, (of, (payments, amount))| {
                bind(&mut row, of);
                row.push_bind(*payments).push_bind(*amount);
            });
            query.push(format_args!(
                " on conflict ({key}) do update set
                    payments = {table}.payments + excluded.payments, amount = {table}.amount + excluded.amount"
            ));
            query.build().execute(&mut *db).await?;
        }
        Ok(())
    }
}

/// Forgets the minutes that nobody asks for any more.
async fn forget_minutes(db: &mut SqliteConnection, changed: &[Kept<Arrival>]) -> Result<(), StoreError> {
    if let Some(((_, last), _)) = changed.iter().max_by_key(|((_, minute), _)| *minute) {
        let long_past = *last - MINUTES_KEPT;
        sqlx::query("delete from arrivals_by_minute where minute < $1").bind(long_past).execute(db).await?;
    }
    Ok(())
}

//! Sums that screens need, changed in the transaction that changes what they sum.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, EndpointId, PaymentState};
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
        write_days(db, &kept(days)?).await?;
        write_hours(db, &kept(hours)?).await?;
        write_endpoints(db, &kept(endpoints)?).await?;
        write_arrivals(db, &kept(arrivals)?).await?;
        write_minutes(db, &kept(minutes)?).await?;
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

async fn write_days(db: &mut SqliteConnection, changed: &[Kept<OfDay>]) -> Result<(), StoreError> {
    for run in runs(changed) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into totals (asset_id, endpoint_id, day, state, payments, amount) ",
        );
        query.push_values(run, |mut row, ((asset, endpoint, day, state), (payments, amount))| {
            row.push_bind(asset.0)
                .push_bind(endpoint.0.as_bytes().as_slice())
                .push_bind(*day)
                .push_bind(state.as_str())
                .push_bind(*payments)
                .push_bind(*amount);
        });
        query.push(
            " on conflict (asset_id, endpoint_id, day, state) do update set
                payments = totals.payments + excluded.payments, amount = totals.amount + excluded.amount",
        );
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn write_endpoints(db: &mut SqliteConnection, changed: &[Kept<OfEndpoint>]) -> Result<(), StoreError> {
    for run in runs(changed) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into endpoint_totals (endpoint_id, asset_id, state, payments, amount) ",
        );
        query.push_values(run, |mut row, ((endpoint, asset, state), (payments, amount))| {
            row.push_bind(endpoint.0.as_bytes().as_slice())
                .push_bind(asset.0)
                .push_bind(state.as_str())
                .push_bind(*payments)
                .push_bind(*amount);
        });
        query.push(
            " on conflict (endpoint_id, asset_id, state) do update set
                payments = endpoint_totals.payments + excluded.payments,
                amount = endpoint_totals.amount + excluded.amount",
        );
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn write_arrivals(db: &mut SqliteConnection, changed: &[Kept<Arrival>]) -> Result<(), StoreError> {
    for ((asset, day), (payments, amount)) in changed {
        sqlx::query(
            "insert into arrivals (asset_id, day, payments, amount) values ($1, $2, $3, $4)
             on conflict (asset_id, day) do update set
                payments = arrivals.payments + excluded.payments, amount = arrivals.amount + excluded.amount",
        )
        .bind(asset.0)
        .bind(*day)
        .bind(*payments)
        .bind(*amount)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn write_hours(db: &mut SqliteConnection, changed: &[Kept<OfHour>]) -> Result<(), StoreError> {
    for run in runs(changed) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into totals_by_hour (hour, asset_id, state, payments, amount) ",
        );
        query.push_values(run, |mut row, ((hour, asset, state), (payments, amount))| {
            row.push_bind(*hour)
                .push_bind(asset.0)
                .push_bind(state.as_str())
                .push_bind(*payments)
                .push_bind(*amount);
        });
        query.push(
            " on conflict (hour, asset_id, state) do update set
                payments = totals_by_hour.payments + excluded.payments,
                amount = totals_by_hour.amount + excluded.amount",
        );
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn write_minutes(db: &mut SqliteConnection, changed: &[Kept<Arrival>]) -> Result<(), StoreError> {
    for ((asset, minute), (payments, amount)) in changed {
        sqlx::query(
            "insert into arrivals_by_minute (minute, asset_id, payments, amount) values ($1, $2, $3, $4)
             on conflict (minute, asset_id) do update set
                payments = arrivals_by_minute.payments + excluded.payments,
                amount = arrivals_by_minute.amount + excluded.amount",
        )
        .bind(*minute)
        .bind(asset.0)
        .bind(*payments)
        .bind(*amount)
        .execute(&mut *db)
        .await?;
    }
    if let Some(((_, last), _)) = changed.iter().max_by_key(|((_, minute), _)| *minute) {
        let long_past = *last - MINUTES_KEPT;
        sqlx::query("delete from arrivals_by_minute where minute < $1").bind(long_past).execute(db).await?;
    }
    Ok(())
}

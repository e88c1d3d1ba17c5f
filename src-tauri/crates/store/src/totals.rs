//! Sums that screens need, changed in the transaction that changes what they sum.

use std::collections::HashMap;

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

/// How many, and what they come to.
type Change = (i64, i128);
/// A changed sum as the database keeps it.
type Kept<K> = (K, (i64, i64));

type OfDay = (AssetId, EndpointId, i64, PaymentState);
type OfEndpoint = (EndpointId, AssetId, PaymentState);
type Arrival = (AssetId, i64);
type ArrivalOf = (AssetId, EndpointId, i64);

/// Changes to the sums, gathered so that each is written once.
#[derive(Default)]
pub(crate) struct Totals {
    days: HashMap<OfDay, Change>,
    arrivals: HashMap<ArrivalOf, Change>,
}

impl Totals {
    /// A payment enters a state.
    pub(crate) fn add(
        &mut self,
        asset: AssetId,
        endpoint: EndpointId,
        day: i64,
        state: PaymentState,
        amount: Amount,
    ) {
        let sum = self.days.entry((asset, endpoint, day, state)).or_default();
        sum.0 += 1;
        sum.1 += i128::from(amount.atomic());
    }

    /// A payment's money came on chain on a day.
    pub(crate) fn arrive(&mut self, asset: AssetId, endpoint: EndpointId, day: i64, amount: Amount) {
        let sum = self.arrivals.entry((asset, endpoint, day)).or_default();
        sum.0 += 1;
        sum.1 += i128::from(amount.atomic());
    }

    /// The chain took a payment's money back, which had come on that day.
    pub(crate) fn leave(&mut self, asset: AssetId, endpoint: EndpointId, day: i64, amount: Amount) {
        let sum = self.arrivals.entry((asset, endpoint, day)).or_default();
        sum.0 -= 1;
        sum.1 -= i128::from(amount.atomic());
    }

    /// A payment leaves a state.
    pub(crate) fn take(
        &mut self,
        asset: AssetId,
        endpoint: EndpointId,
        day: i64,
        state: PaymentState,
        amount: Amount,
    ) {
        let sum = self.days.entry((asset, endpoint, day, state)).or_default();
        sum.0 -= 1;
        sum.1 -= i128::from(amount.atomic());
    }

    pub(crate) async fn write(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut endpoints: HashMap<OfEndpoint, Change> = HashMap::new();
        for ((asset, endpoint, _, state), (payments, amount)) in &self.days {
            let sum = endpoints.entry((*endpoint, *asset, *state)).or_default();
            sum.0 += payments;
            sum.1 += amount;
        }
        let mut days: HashMap<Arrival, Change> = HashMap::new();
        for ((asset, _, day), (payments, amount)) in &self.arrivals {
            let sum = days.entry((*asset, *day)).or_default();
            sum.0 += payments;
            sum.1 += amount;
        }
        let mut books = Books::default();
        for ((asset, endpoint, day), (payments, gross)) in kept(self.arrivals)? {
            books.came((asset, endpoint, day), payments, gross);
        }
        write_days(db, &kept(self.days)?).await?;
        write_endpoints(db, &kept(endpoints)?).await?;
        write_arrivals(db, &kept(days)?).await?;
        books.write(db).await
    }
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

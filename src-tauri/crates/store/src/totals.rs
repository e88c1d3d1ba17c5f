//! Sums that screens need, changed in the transaction that changes what they sum.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, EndpointId, PaymentState};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::accept::runs;
use crate::column::Columns;

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

/// The UTC day of a moment, counted from 1970.
pub(crate) fn day(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(86_400)
}

/// Changes to the sums, gathered so that each is written once.
#[derive(Default)]
pub(crate) struct Totals(HashMap<(AssetId, EndpointId, i64, PaymentState), (i64, i128)>);

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
        let sum = self.0.entry((asset, endpoint, day, state)).or_default();
        sum.0 += 1;
        sum.1 += i128::from(amount.atomic());
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
        let sum = self.0.entry((asset, endpoint, day, state)).or_default();
        sum.0 -= 1;
        sum.1 -= i128::from(amount.atomic());
    }

    pub(crate) async fn write(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut changed = Vec::with_capacity(self.0.len());
        for (key, (payments, amount)) in self.0.into_iter().filter(|(_, change)| *change != (0, 0)) {
            let amount = i64::try_from(amount)
                .map_err(|_| StoreError::Conflict("the day's sum is too large to keep".to_owned()))?;
            changed.push((key, (payments, amount)));
        }
        for run in runs(&changed) {
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
}

/// Every asset's sums by state, leaving out what is empty.
pub(crate) async fn by_state(db: &mut SqliteConnection) -> Result<Vec<Total>, StoreError> {
    let rows = sqlx::query(
        "select asset_id, state, sum(payments) as payments, sum(amount) as amount from totals
         group by asset_id, state having sum(payments) <> 0 order by asset_id, state",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("totals", row);
            Ok(Total {
                asset: AssetId(columns.get("asset_id")?),
                state: columns.word("state")?,
                payments: columns.unsigned("payments")?,
                amount: columns.amount("amount")?,
            })
        })
        .collect()
}

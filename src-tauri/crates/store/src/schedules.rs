//! When each network's queue is settled by itself.

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, NetworkId, SettlePolicy};
use sqlx::SqliteConnection;

use crate::column::{Columns, signed};
use crate::requote::{Terms, requote};
use crate::{Change, Store, StoreError};

/// What the seller chose for a network, and when it last ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// When its queue is settled.
    pub policy: SettlePolicy,
    /// When that was chosen; none while it is the default.
    pub changed_at: Option<DateTime<Utc>>,
    /// The last run at a time of its own.
    pub ran_at: Option<DateTime<Utc>>,
}

impl Schedule {
    /// Since when the next run is counted: the last one, or the choice if that is later.
    pub fn since(&self) -> DateTime<Utc> {
        self.changed_at.max(self.ran_at).unwrap_or_default()
    }
}

impl Store {
    /// A network's schedule; by hand when nothing was chosen.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn schedule(&self, network: NetworkId) -> Result<Schedule, StoreError> {
        find(&mut *self.reader().await?, network).await
    }

    /// Chooses when a network's queue is settled. What is for sale there is quoted anew with the window
    /// that this takes (I6); quotes in flight are honoured for a while longer.
    ///
    /// # Errors
    /// When the file cannot be written; nothing of it stands then.
    pub async fn set_schedule(
        &self,
        network: NetworkId,
        policy: SettlePolicy,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    set(db, network, &policy, now).await?;
                    requote(db, network, Terms { window: Some(policy.window()), ..Terms::default() }, now)
                        .await?;
                    Ok(((), vec![Change::Settings, Change::Endpoints]))
                })
            })
            .await
    }

    /// Notes that a run at a time of its own was whole.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_run(&self, network: NetworkId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    sqlx::query("update schedules set ran_at = $2 where chain_id = $1")
                        .bind(signed(network.chain_id()))
                        .bind(at.timestamp_millis())
                        .execute(db)
                        .await?;
                    Ok(((), vec![Change::Batches]))
                })
            })
            .await
    }

    /// How many payments are queued in an asset and what they come to, from the sums that are kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_sum(&self, asset: AssetId) -> Result<(u64, Amount), StoreError> {
        queued_sum(&mut *self.reader().await?, asset).await
    }
}

async fn find(db: &mut SqliteConnection, network: NetworkId) -> Result<Schedule, StoreError> {
    let row = sqlx::query("select * from schedules where chain_id = $1")
        .bind(signed(network.chain_id()))
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(Schedule::default()) };
    let columns = Columns::of("schedules", &row);
    Ok(Schedule {
        policy: SettlePolicy {
            every: columns.optional_word("every")?,
            daily: columns.optional_word("daily")?,
            weekly: columns.optional_word("weekly")?,
            zone: columns.word("zone")?,
            at_amount: columns.optional_unsigned("at_amount")?.map(amount).transpose()?,
            at_count: columns.optional_unsigned("at_count")?,
            gas_ceiling: columns.optional_word("gas_ceiling")?,
            wait_for_gas: columns.get("wait_for_gas")?,
        },
        changed_at: Some(columns.time("changed_at")?),
        ran_at: columns.optional_time("ran_at")?,
    })
}

fn amount(atomic: u64) -> Result<Amount, StoreError> {
    Amount::from_atomic(atomic)
        .map_err(|_| StoreError::Inconsistent { table: "schedules", column: "at_amount" })
}

async fn set(
    db: &mut SqliteConnection,
    network: NetworkId,
    policy: &SettlePolicy,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into schedules (
            chain_id, every, daily, weekly, zone, at_amount, at_count, gas_ceiling, wait_for_gas, changed_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (chain_id) do update set every = excluded.every, daily = excluded.daily,
            weekly = excluded.weekly, zone = excluded.zone, at_amount = excluded.at_amount,
            at_count = excluded.at_count, gas_ceiling = excluded.gas_ceiling,
            wait_for_gas = excluded.wait_for_gas, changed_at = excluded.changed_at",
    )
    .bind(signed(network.chain_id()))
    .bind(policy.every.map(|every| every.to_string()))
    .bind(policy.daily.map(|daily| daily.to_string()))
    .bind(policy.weekly.map(|weekly| weekly.to_string()))
    .bind(policy.zone.to_string())
    .bind(policy.at_amount.map(Amount::as_i64))
    .bind(policy.at_count.map(i64::from))
    .bind(policy.gas_ceiling.map(|wei| wei.to_string()))
    .bind(policy.wait_for_gas)
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) const QUEUED_SUM: &str = "
    select coalesce(sum(payments), 0) as payments, coalesce(sum(amount), 0) as amount from endpoint_totals
    where asset_id = $1 and state = 'queued'";

async fn queued_sum(db: &mut SqliteConnection, asset: AssetId) -> Result<(u64, Amount), StoreError> {
    let row = sqlx::query(QUEUED_SUM).bind(asset.0).fetch_one(db).await?;
    let columns = Columns::of("endpoint_totals", &row);
    Ok((columns.unsigned("payments")?, columns.amount("amount")?))
}

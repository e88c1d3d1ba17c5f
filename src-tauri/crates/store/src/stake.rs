//! What would be left undone if the program ended now.

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, BatchId, end_of_window, settle_by};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::Columns;
use crate::{Store, StoreError};

/// What is sold in an asset and not on chain (T67).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtStake {
    /// How many payments wait or are on their way.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
    /// When the first of them has to be sent.
    pub settle_by: Option<DateTime<Utc>>,
    /// When the first of their windows ends; what is not on chain then is lost.
    pub lost_from: Option<DateTime<Utc>>,
    /// The batches on their way. Their transactions may be mined without us, too.
    pub in_flight: Vec<BatchId>,
}

impl Store {
    /// What is sold in an asset and not on chain.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn at_stake(&self, asset: AssetId) -> Result<AtStake, StoreError> {
        of(&mut *self.reader().await?, asset).await
    }
}

const SUMS: &str = "
    select coalesce(sum(payments), 0) as payments, coalesce(sum(amount), 0) as amount from endpoint_totals
    where asset_id = $1 and state in ('queued', 'settling')";

pub(crate) const FIRST_QUEUED: &str = "
    select valid_before, accepted_at from payments where asset_id = $1 and state = 'queued'
    order by valid_before limit 1";

pub(crate) const IN_FLIGHT: &str = "
    select b.id, (select min(p.valid_before) from payments p where p.batch_id = b.id and p.state = 'settling')
            as valid_before,
        b.opened_at as accepted_at
    from batches b where b.asset_id = $1 and b.state in ('preparing', 'submitted') order by b.id";

async fn of(db: &mut SqliteConnection, asset: AssetId) -> Result<AtStake, StoreError> {
    let sums = sqlx::query(SUMS).bind(asset.0).fetch_one(&mut *db).await?;
    let sums = Columns::of("endpoint_totals", &sums);
    let mut stake = AtStake {
        payments: sums.unsigned("payments")?,
        amount: sums.amount("amount")?,
        ..AtStake::default()
    };
    if let Some(first) = sqlx::query(FIRST_QUEUED).bind(asset.0).fetch_optional(&mut *db).await? {
        stake.note_deadline(&first)?;
    }
    for row in sqlx::query(IN_FLIGHT).bind(asset.0).fetch_all(db).await? {
        stake.in_flight.push(BatchId(Columns::of("batches", &row).get("id")?));
        stake.note_deadline(&row)?;
    }
    Ok(stake)
}

impl AtStake {
    fn note_deadline(&mut self, row: &SqliteRow) -> Result<(), StoreError> {
        let columns = Columns::of("payments", row);
        let Some(end) = columns.optional_unsigned("valid_before")? else { return Ok(()) };
        let (by, lost) = (settle_by(end, columns.time("accepted_at")?), end_of_window(end));
        self.settle_by = Some(self.settle_by.map_or(by, |earlier| earlier.min(by)));
        self.lost_from = Some(self.lost_from.map_or(lost, |earlier| earlier.min(lost)));
        Ok(())
    }
}

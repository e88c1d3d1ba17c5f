//! How much a data file holds, for whoever looks after it.

use std::path::Path;

use domain::Amount;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use crate::column::Columns;
use crate::{Store, StoreError, settings};

/// What is counted, by the names of tables.
const COUNTED: [&str; 9] = [
    "endpoints",
    "offers",
    "payments",
    "batches",
    "attempts",
    "refunds",
    "visits",
    "webhooks",
    "webhook_deliveries",
];

/// How much a data file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The number of its newest migration.
    pub schema: u64,
    /// How many rows there are of each kind.
    pub rows: Vec<(&'static str, u64)>,
}

/// What would be lost with a data file that nobody has open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtRest {
    /// How many endpoints are on sale or paused.
    pub endpoints: u64,
    /// How many payments are known.
    pub payments: u64,
    /// How many of them are sold and not on chain: queued or being settled.
    pub open: u64,
    /// What those come to, by the decimal places of their tokens.
    pub owed: Vec<(Amount, u8)>,
    /// How many batches are on their way.
    pub in_flight: u64,
}

/// What the data file at `path` holds and what of it is at stake; it may be of an earlier version, and open.
///
/// # Errors
/// When it cannot be read.
pub async fn at_rest(path: &Path) -> Result<AtRest, StoreError> {
    let mut db = SqliteConnectOptions::new().filename(path).connect().await?;
    let counted = count(&mut db).await;
    db.close().await?;
    counted
}

/// A setting in the data file at `path`, none where it is not chosen; the file may be of an earlier version, and open.
///
/// # Errors
/// When it cannot be read.
pub async fn setting_at_rest(path: &Path, key: &str) -> Result<Option<String>, StoreError> {
    let mut db = SqliteConnectOptions::new().filename(path).connect().await?;
    let value = settings::one(&mut db, key).await;
    db.close().await?;
    value
}

async fn count(db: &mut SqliteConnection) -> Result<AtRest, StoreError> {
    let row = sqlx::query(
        "select (select count(*) from endpoints where state <> 'removed') as endpoints,
             (select count(*) from payments) as payments,
             (select count(*) from payments where state in ('queued', 'settling')) as open,
             (select count(distinct batch_id) from payments where state = 'settling') as in_flight",
    )
    .fetch_one(&mut *db)
    .await?;
    let owed = sqlx::query(
        "select a.decimals, sum(p.amount) as amount from payments p join assets a on a.id = p.asset_id
         where p.state in ('queued', 'settling') group by a.decimals",
    )
    .fetch_all(&mut *db)
    .await?;
    let owed = owed.iter().map(|row| {
        let columns = Columns::of("payments", row);
        Ok((columns.amount("amount")?, columns.unsigned("decimals")?))
    });
    let columns = Columns::of("payments", &row);
    Ok(AtRest {
        endpoints: columns.unsigned("endpoints")?,
        payments: columns.unsigned("payments")?,
        open: columns.unsigned("open")?,
        owed: owed.collect::<Result<_, StoreError>>()?,
        in_flight: columns.unsigned("in_flight")?,
    })
}

impl Store {
    /// How much is in this file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn figures(&self) -> Result<Figures, StoreError> {
        let mut db = self.reader().await?;
        let row = sqlx::query("select coalesce(max(version), 0) as version from _sqlx_migrations")
            .fetch_one(&mut *db)
            .await?;
        let schema = Columns::of("_sqlx_migrations", &row).unsigned("version")?;
        let counts = "select (select count(*) from endpoints), (select count(*) from offers),
            (select count(*) from payments), (select count(*) from batches), (select count(*) from attempts),
            (select count(*) from refunds), (select count(*) from visits), (select count(*) from webhooks),
            (select count(*) from webhook_deliveries)";
        let row = sqlx::query(counts).fetch_one(&mut *db).await?;
        let rows = COUNTED.iter().enumerate().map(|(place, name)| {
            let count: i64 = row.try_get(place)?;
            Ok((*name, count.unsigned_abs()))
        });
        Ok(Figures { schema, rows: rows.collect::<Result<_, StoreError>>()? })
    }
}

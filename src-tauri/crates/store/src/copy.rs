//! A copy of a data file as it stands at one instant, also while it is written.

use std::path::Path;

use alloy_primitives::Address;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::column::Columns;
use crate::{StoreError, file};

/// What a data file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// How many endpoints are on sale or paused.
    pub endpoints: u64,
    /// How many payments are known.
    pub payments: u64,
    /// How many of them are queued or being settled.
    pub open: u64,
    /// Where buyers' money goes.
    pub payout: Vec<Address>,
}

/// Copies the data file `from` to `to`, which is not there yet, and says what the copy holds. Whoever sells meanwhile
/// goes on.
///
/// # Errors
/// When `from` cannot be read, or `to` not be written.
pub async fn copy(from: &Path, to: &Path) -> Result<Contents, StoreError> {
    let name = to.to_str().ok_or_else(|| {
        StoreError::file(to)(std::io::Error::new(std::io::ErrorKind::InvalidFilename, "its name is no text"))
    })?;
    let mut db = file::options(from).create_if_missing(false).connect().await?;
    let copied = sqlx::query("vacuum into $1").bind(name).execute(&mut db).await;
    db.close().await?;
    copied?;
    // What is written on meanwhile is not in the copy, so it is the copy that is counted.
    contents(to).await
}

/// What the data file at `path` holds, which may be of an earlier version.
///
/// # Errors
/// When it cannot be read.
pub async fn contents(path: &Path) -> Result<Contents, StoreError> {
    let mut db = SqliteConnectOptions::new().filename(path).connect().await?;
    let counted = count(&mut db).await;
    db.close().await?;
    counted
}

async fn count(db: &mut SqliteConnection) -> Result<Contents, StoreError> {
    let row = sqlx::query(
        "select (select count(*) from endpoints where state <> 'removed') as endpoints,
             (select count(*) from payments) as payments,
             (select count(*) from payments where state in ('queued', 'settling')) as open",
    )
    .fetch_one(&mut *db)
    .await?;
    let rows = sqlx::query(
        "select distinct o.pay_to from offers o join endpoints e on e.id = o.endpoint_id
         where e.state <> 'removed' and o.honoured_until is null
         order by o.pay_to",
    )
    .fetch_all(&mut *db)
    .await?;
    let columns = Columns::of("payments", &row);
    Ok(Contents {
        endpoints: columns.unsigned("endpoints")?,
        payments: columns.unsigned("payments")?,
        open: columns.unsigned("open")?,
        payout: rows
            .iter()
            .map(|row| Columns::of("offers", row).address("pay_to"))
            .collect::<Result<_, _>>()?,
    })
}

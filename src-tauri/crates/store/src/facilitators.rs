//! Which facilitator settles what on a network.

use chrono::{DateTime, Utc};
use domain::{FacilitatorUse, NetworkId};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::{Columns, signed};
use crate::{Change, Store, StoreError};

/// A facilitator as the seller set it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacilitatorRow {
    /// The network it is used on.
    pub network: NetworkId,
    /// Where it is.
    pub url: String,
    /// For what.
    pub used: FacilitatorUse,
    /// In which version of the protocol it is asked: 1 or 2.
    pub protocol: u8,
    /// How it is told who asks; none when it takes everybody.
    pub credential: Option<String>,
    /// The name of the key that signs, where one does.
    pub key_id: Option<String>,
}

fn facilitator(row: &SqliteRow) -> Result<FacilitatorRow, StoreError> {
    let columns = Columns::of("facilitators", row);
    Ok(FacilitatorRow {
        network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
        url: columns.get("url")?,
        used: columns.word("used")?,
        protocol: columns.unsigned("protocol")?,
        credential: columns.get("credential")?,
        key_id: columns.get("key_id")?,
    })
}

async fn set(db: &mut SqliteConnection, row: &FacilitatorRow, at: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "insert into facilitators (chain_id, url, used, protocol, credential, key_id, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (chain_id) do update set url = excluded.url, used = excluded.used,
            protocol = excluded.protocol, credential = excluded.credential, key_id = excluded.key_id,
            changed_at = excluded.changed_at",
    )
    .bind(signed(row.network.chain_id()))
    .bind(&row.url)
    .bind(row.used.as_str())
    .bind(i64::from(row.protocol))
    .bind(&row.credential)
    .bind(&row.key_id)
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

async fn remove(db: &mut SqliteConnection, network: NetworkId) -> Result<bool, StoreError> {
    let removed = sqlx::query("delete from facilitators where chain_id = $1")
        .bind(signed(network.chain_id()))
        .execute(db)
        .await?;
    Ok(removed.rows_affected() == 1)
}

impl Store {
    /// The facilitators that were set up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn facilitators(&self) -> Result<Vec<FacilitatorRow>, StoreError> {
        let mut db = self.reader().await?;
        let rows = sqlx::query("select * from facilitators order by chain_id").fetch_all(&mut *db).await?;
        rows.iter().map(facilitator).collect()
    }

    /// The facilitator of one network, if one was set up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn facilitator(&self, network: NetworkId) -> Result<Option<FacilitatorRow>, StoreError> {
        Ok(self.facilitators().await?.into_iter().find(|row| row.network == network))
    }

    /// Sets a network's facilitator up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_facilitator(&self, row: FacilitatorRow, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((set(db, &row, at).await?, vec![Change::Settings])) }))
            .await
    }

    /// Forgets a network's facilitator. False when it had none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn remove_facilitator(&self, network: NetworkId) -> Result<bool, StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((remove(db, network).await?, vec![Change::Settings])) }))
            .await
    }
}

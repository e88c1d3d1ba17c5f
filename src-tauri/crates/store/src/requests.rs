//! Requests to settle that were named by whoever asked, so that asking again begins nothing twice.

use chrono::{DateTime, Utc};
use domain::{BatchId, NetworkId};
use sqlx::SqliteConnection;

use crate::StoreError;
use crate::column::{Columns, signed};

/// A named request to settle a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettleRequest {
    /// Its name, chosen by whoever asks.
    pub key: String,
    /// The network.
    pub network: NetworkId,
}

/// Writes it down; one that is known stays as it is.
pub(crate) async fn note(
    db: &mut SqliteConnection,
    request: &SettleRequest,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into settle_requests (key, chain_id, asked_at) values ($1, $2, $3)
         on conflict (key, chain_id) do nothing",
    )
    .bind(&request.key)
    .bind(signed(request.network.chain_id()))
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// The batches that were opened for requests of that name; none when there was no such request. With a
/// network, only its own request and batches.
pub(crate) async fn batches(
    db: &mut SqliteConnection,
    key: &str,
    network: Option<NetworkId>,
) -> Result<Option<Vec<BatchId>>, StoreError> {
    let chain_id = network.map(|network| signed(network.chain_id()));
    let known = sqlx::query("select 1 from settle_requests where key = $1 and ($2 is null or chain_id = $2)")
        .bind(key)
        .bind(chain_id)
        .fetch_optional(&mut *db)
        .await?;
    if known.is_none() {
        return Ok(None);
    }
    let rows = sqlx::query(
        "select b.id from batches b join assets a on a.id = b.asset_id
         where b.request_key = $1 and ($2 is null or a.chain_id = $2) order by b.id",
    )
    .bind(key)
    .bind(chain_id)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| Ok(BatchId(Columns::of("batches", row).get("id")?)))
        .collect::<Result<_, _>>()
        .map(Some)
}

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{Asset, AssetId, NetworkId};
use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;
use crate::column::{Columns, signed};

/// A network as the seller set it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRow {
    /// Which.
    pub network: NetworkId,
    /// Where to ask, in order of preference.
    pub rpc_urls: Vec<String>,
    /// Where the money goes.
    pub pay_to: Option<Address>,
}

pub(crate) async fn list(db: &mut SqliteConnection) -> Result<Vec<NetworkRow>, StoreError> {
    let rows = sqlx::query("select * from networks order by chain_id").fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("networks", row);
            let Ok(rpc_urls) = serde_json::from_str(columns.get("rpc_urls")?) else {
                return columns.inconsistent("rpc_urls");
            };
            Ok(NetworkRow {
                network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
                rpc_urls,
                pay_to: columns.optional_address("pay_to")?,
            })
        })
        .collect()
}

pub(crate) async fn set(
    db: &mut SqliteConnection,
    network: &NetworkRow,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into networks (chain_id, rpc_urls, pay_to, changed_at) values ($1, $2, $3, $4)
         on conflict (chain_id) do update set rpc_urls = excluded.rpc_urls, pay_to = excluded.pay_to,
            changed_at = excluded.changed_at",
    )
    .bind(signed(network.network.chain_id()))
    .bind(serde_json::Value::from(network.rpc_urls.as_slice()).to_string())
    .bind(network.pay_to.map(|address| address.to_vec()))
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// The asset's row, made or brought up to what its contract says now.
pub(crate) async fn know_asset(db: &mut SqliteConnection, asset: &Asset) -> Result<AssetId, StoreError> {
    let row = sqlx::query(
        "insert into assets (chain_id, address, name, version, decimals) values ($1, $2, $3, $4, $5)
         on conflict (chain_id, address) do update set name = excluded.name, version = excluded.version,
            decimals = excluded.decimals
         returning id",
    )
    .bind(signed(asset.network.chain_id()))
    .bind(asset.address.as_slice())
    .bind(&asset.name)
    .bind(&asset.version)
    .bind(i64::from(asset.decimals))
    .fetch_one(db)
    .await?;
    Ok(AssetId(row.try_get("id")?))
}

pub(crate) async fn assets(db: &mut SqliteConnection) -> Result<Vec<(AssetId, Asset)>, StoreError> {
    let rows = sqlx::query("select * from assets order by id").fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("assets", row);
            let asset = Asset {
                network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
                address: columns.address("address")?,
                name: columns.get("name")?,
                version: columns.get("version")?,
                decimals: columns.unsigned("decimals")?,
            };
            Ok((AssetId(columns.get("id")?), asset))
        })
        .collect()
}

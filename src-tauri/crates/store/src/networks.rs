use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{Asset, AssetId, Finality, NetworkId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;
use crate::column::{Columns, signed};
use crate::requote::{Terms, requote};

/// A network as the seller set it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkRow {
    /// Which.
    pub network: NetworkId,
    /// Where to ask, in order of preference.
    pub rpc_urls: Vec<String>,
    /// Where the money goes.
    pub pay_to: Option<Address>,
    /// The token that is paid in, where it is not the network's USDC.
    pub token: Option<Address>,
    /// How many calls each of its nodes may be sent in a second; `None` is what is usual.
    pub calls_per_second: Option<u32>,
    /// The contract that tells what its coin is worth, where it is not the known one.
    pub price_feed: Option<Address>,
}

impl NetworkRow {
    /// A network of which nothing was chosen yet.
    pub const fn new(network: NetworkId) -> Self {
        Self {
            network,
            rpc_urls: Vec::new(),
            pay_to: None,
            token: None,
            calls_per_second: None,
            price_feed: None,
        }
    }
}

/// What was found on chain when a network was set up. What is found later is compared with it (T17, T53, T58).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkFinding {
    /// The token it was found of.
    pub token: Address,
    /// A hash of the token's code.
    pub token_code: B256,
    /// A hash of Multicall3's code; `None` where there is none that can be trusted.
    pub multicall_code: Option<B256>,
    /// From when on a block is final.
    pub finality: Finality,
    /// The most gas of one block.
    pub block_gas_limit: u64,
    /// When it was last found to be so.
    pub checked_at: DateTime<Utc>,
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
                token: columns.optional_address("token")?,
                calls_per_second: columns.optional_unsigned("calls_per_second")?,
                price_feed: columns.optional_address("price_feed")?,
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
        "insert into networks (chain_id, rpc_urls, pay_to, changed_at, token, calls_per_second, price_feed)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (chain_id) do update set rpc_urls = excluded.rpc_urls, pay_to = excluded.pay_to,
            changed_at = excluded.changed_at, token = excluded.token,
            calls_per_second = excluded.calls_per_second, price_feed = excluded.price_feed",
    )
    .bind(signed(network.network.chain_id()))
    .bind(serde_json::Value::from(network.rpc_urls.as_slice()).to_string())
    .bind(network.pay_to.map(|address| address.to_vec()))
    .bind(at.timestamp_millis())
    .bind(network.token.map(|address| address.to_vec()))
    .bind(network.calls_per_second.map(i64::from))
    .bind(network.price_feed.map(|address| address.to_vec()))
    .execute(&mut *db)
    .await?;
    // What is still quoted from the time before the network was removed pays to where it pays now.
    requote(db, network.network, Terms { pay_to: network.pay_to, ..Terms::default() }, at).await
}

/// Forgets a network. Its assets stay, because payments point at them.
pub(crate) async fn remove(db: &mut SqliteConnection, network: NetworkId) -> Result<(), StoreError> {
    let removed = sqlx::query("delete from networks where chain_id = $1")
        .bind(signed(network.chain_id()))
        .execute(db)
        .await?;
    if removed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound("network")) }
}

/// What was found of a network, if it was ever reached.
pub(crate) async fn finding(
    db: &mut SqliteConnection,
    network: NetworkId,
) -> Result<Option<NetworkFinding>, StoreError> {
    let row = sqlx::query("select * from networks where chain_id = $1 and found_token is not null")
        .bind(signed(network.chain_id()))
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let columns = Columns::of("networks", &row);
        Ok(NetworkFinding {
            token: columns.address("found_token")?,
            token_code: columns.hash("token_code")?,
            multicall_code: columns.optional_hash("multicall_code")?,
            finality: columns.word("finality")?,
            block_gas_limit: columns.unsigned("block_gas_limit")?,
            checked_at: columns.time("checked_at")?,
        })
    })
    .transpose()
}

pub(crate) async fn set_finding(
    db: &mut SqliteConnection,
    network: NetworkId,
    found: &NetworkFinding,
) -> Result<(), StoreError> {
    sqlx::query(
        "update networks set found_token = $2, token_code = $3, multicall_code = $4, finality = $5,
            block_gas_limit = $6, checked_at = $7
         where chain_id = $1",
    )
    .bind(signed(network.chain_id()))
    .bind(found.token.to_vec())
    .bind(found.token_code.to_vec())
    .bind(found.multicall_code.map(|hash| hash.to_vec()))
    .bind(found.finality.as_str())
    .bind(signed(found.block_gas_limit))
    .bind(found.checked_at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// The asset's row, made or brought up to what its contract says now. Its decimal places never change: amounts are kept
/// in its units, and what one node says today must not make them something else (T22).
pub(crate) async fn know_asset(db: &mut SqliteConnection, asset: &Asset) -> Result<AssetId, StoreError> {
    let row = sqlx::query(
        "insert into assets (chain_id, address, name, version, decimals) values ($1, $2, $3, $4, $5)
         on conflict (chain_id, address) do update set name = excluded.name, version = excluded.version
         returning id, decimals",
    )
    .bind(signed(asset.network.chain_id()))
    .bind(asset.address.as_slice())
    .bind(&asset.name)
    .bind(&asset.version)
    .bind(i64::from(asset.decimals))
    .fetch_one(db)
    .await?;
    let known: i64 = row.try_get("decimals")?;
    if known != i64::from(asset.decimals) {
        return Err(StoreError::Conflict(format!(
            "the token at {} had {known} decimal places and is now said to have {}",
            asset.address, asset.decimals
        )));
    }
    Ok(AssetId(row.try_get("id")?))
}

/// Those that something is quoted in come first: one that was only tried out is no network's token.
pub(crate) async fn assets(db: &mut SqliteConnection) -> Result<Vec<(AssetId, Asset)>, StoreError> {
    let rows = sqlx::query(
        "select * from assets order by exists (
            select 1 from offers where asset_id = assets.id and honoured_until is null
         ) desc, id",
    )
    .fetch_all(db)
    .await?;
    read_assets(&rows)
}

/// Those that amounts are kept in, and those that something is quoted in on other networks than this one.
pub(crate) async fn assets_beside(
    db: &mut SqliteConnection,
    network: NetworkId,
) -> Result<Vec<(AssetId, Asset)>, StoreError> {
    let rows = sqlx::query(
        "select * from assets where exists (select 1 from payments where asset_id = assets.id)
            or (chain_id <> $1 and exists (
                select 1 from offers where asset_id = assets.id and honoured_until is null
            ))
         order by id",
    )
    .bind(signed(network.chain_id()))
    .fetch_all(db)
    .await?;
    read_assets(&rows)
}

fn read_assets(rows: &[SqliteRow]) -> Result<Vec<(AssetId, Asset)>, StoreError> {
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

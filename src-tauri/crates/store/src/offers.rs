//! What is quoted for endpoints.

use std::collections::BTreeMap;

use alloy_primitives::Address;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, Asset, AssetId, Audience, EndpointId, NetworkId, Offer, OfferId, Part, Window};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;
use crate::column::Columns;

/// How long a superseded price is still taken, so that a buyer who was quoted it can finish.
pub const GRACE: TimeDelta = TimeDelta::minutes(10);

/// What an offer is a price for, and whom it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PricedFor {
    /// Which part of the endpoint.
    pub part: Part,
    /// Whom it is for.
    pub audience: Audience,
}

/// The latest offers of one endpoint.
pub(crate) const HISTORY: &str =
    "select o.id, o.endpoint_id, o.part, o.audience, o.version as offer_version, o.asset_id, o.pay_to, o.amount,
        o.window_seconds, o.created_at, o.honoured_until, a.chain_id, a.address, a.name, a.version, a.decimals
     from offers o join assets a on a.id = o.asset_id
     where o.endpoint_id = $1 order by o.id desc limit $2";

/// Requirements to be quoted from now on.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// Which part of the endpoint it is a price for.
    pub part: Part,
    /// Whom it is for.
    pub audience: Audience,
    /// The asset to be paid in.
    pub asset: AssetId,
    /// Where the money goes.
    pub pay_to: Address,
    /// The exact price; the least one where buyers choose their own.
    pub amount: Amount,
    /// How long an authorization must be left to wait.
    pub window: Window,
}

pub(crate) fn offer(row: &SqliteRow) -> Result<Offer, StoreError> {
    let columns = Columns::of("offers", row);
    let Some(window) = columns.unsigned("window_seconds").ok().and_then(Window::from_seconds) else {
        return columns.inconsistent("window_seconds");
    };
    Ok(Offer {
        id: OfferId(columns.get("id")?),
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
        part: columns.word("part")?,
        audience: columns.word("audience")?,
        version: columns.unsigned("offer_version")?,
        asset_id: AssetId(columns.get("asset_id")?),
        asset: Asset {
            network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
            address: columns.address("address")?,
            name: columns.get("name")?,
            version: columns.get("version")?,
            decimals: columns.unsigned("decimals")?,
        },
        pay_to: columns.address("pay_to")?,
        amount: columns.amount("amount")?,
        window,
        created_at: columns.time("created_at")?,
        honoured_until: columns.optional_time("honoured_until")?,
    })
}

/// Makes offers the current ones, under one version. Each takes the place of the one in the same asset for the
/// same part and audience, which is honoured for a while longer; what else is quoted stays. Where the network has a payout address, the money
/// goes there whatever the caller read: that address may have changed meanwhile (T55).
pub(crate) async fn quote(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    offers: &[NewOffer],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    let version: i64 =
        sqlx::query("select coalesce(max(version), 0) + 1 as version from offers where endpoint_id = $1")
            .bind(id)
            .fetch_one(&mut *db)
            .await?
            .try_get("version")?;
    for new in offers {
        sqlx::query(
            "update offers set honoured_until = $3
             where endpoint_id = $1 and asset_id = $2 and part = $4 and audience = $5 and honoured_until is null",
        )
        .bind(id)
        .bind(new.asset.0)
        .bind((at + GRACE).timestamp_millis())
        .bind(new.part.as_str())
        .bind(new.audience.to_string())
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "insert into offers (
                endpoint_id, version, asset_id, pay_to, amount, window_seconds, created_at, part, audience
             ) values ($1, $2, $3, coalesce(
                (select n.pay_to from networks n join assets a on a.chain_id = n.chain_id where a.id = $3), $4
             ), $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(version)
        .bind(new.asset.0)
        .bind(new.pay_to.as_slice())
        .bind(new.amount.as_i64())
        .bind(i64::from(new.window.seconds()))
        .bind(at.timestamp_millis())
        .bind(new.part.as_str())
        .bind(new.audience.to_string())
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The same for several endpoints.
pub(crate) async fn quote_all(
    db: &mut SqliteConnection,
    quotes: Vec<(EndpointId, NewOffer)>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut offers: BTreeMap<EndpointId, Vec<NewOffer>> = BTreeMap::new();
    for (endpoint, offer) in quotes {
        offers.entry(endpoint).or_default().push(offer);
    }
    for (endpoint, offers) in offers {
        quote(db, endpoint, &offers, at).await?;
    }
    Ok(())
}

/// Quotes nothing more in an asset, wherever something is quoted in another one too.
pub(crate) async fn withdraw(
    db: &mut SqliteConnection,
    asset: AssetId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "update offers set honoured_until = $2 where asset_id = $1 and honoured_until is null and exists (
            select 1 from offers o
            where o.endpoint_id = offers.endpoint_id and o.asset_id <> $1 and o.honoured_until is null
         )",
    )
    .bind(asset.0)
    .bind((at + GRACE).timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

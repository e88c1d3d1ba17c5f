use std::collections::BTreeMap;

use alloy_primitives::Address;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Amount, Asset, AssetId, CanonicalPath, Content, Endpoint, EndpointId, EndpointState, Mode, NetworkId,
    Offer, OfferId, OwnedFor, Window,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;
use crate::column::Columns;

/// How long a superseded price is still taken, so that a buyer who was quoted it can finish.
pub(crate) const GRACE: TimeDelta = TimeDelta::minutes(10);

/// As many of an endpoint's superseded offers as anyone could still answer.
const RECENT_OFFERS: usize = 32;

/// An endpoint with its offers, the current ones first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Its offers: the current ones, one for each asset it can be paid in, then the latest of those before them, newest
    /// first.
    pub offers: Vec<Offer>,
}

impl Listing {
    /// What is quoted now, one for each asset it can be paid in.
    pub fn current(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.honoured_until.is_none())
    }

    fn superseded(&self) -> usize {
        self.offers.len() - self.current().count()
    }
}

/// An endpoint to be added.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// Drawn at random by the caller.
    pub id: EndpointId,
    /// Where it is reached.
    pub path: CanonicalPath,
    /// Its name for people.
    pub title: String,
    /// What it delivers.
    pub content: Content,
    /// When the content leaves.
    pub mode: Mode,
    /// How long buyers own it.
    pub owned_for: OwnedFor,
}

/// Requirements to be quoted from now on.
#[derive(Clone, Copy, Debug)]
pub struct NewOffer {
    /// The asset to be paid in.
    pub asset: AssetId,
    /// Where the money goes.
    pub pay_to: Address,
    /// The exact price.
    pub amount: Amount,
    /// How long an authorization must be left to wait.
    pub window: Window,
}

fn endpoint(row: &SqliteRow) -> Result<Endpoint, StoreError> {
    let columns = Columns::of("endpoints", row);
    let Some(owned_for) = columns.unsigned("owned_for").ok().and_then(OwnedFor::from_seconds) else {
        return columns.inconsistent("owned_for");
    };
    Ok(Endpoint {
        id: EndpointId(columns.uuid("id")?),
        path: columns.word("path")?,
        title: columns.get("title")?,
        content: Content::File {
            path: columns.get("file_path")?,
            file_name: columns.get("file_name")?,
            media_type: columns.get("media_type")?,
            bytes: columns.unsigned("bytes")?,
            sha256: columns.hash("sha256")?,
        },
        mode: columns.word("mode")?,
        owned_for,
        state: columns.word("state")?,
        created_at: columns.time("created_at")?,
    })
}

pub(crate) fn offer(row: &SqliteRow) -> Result<Offer, StoreError> {
    let columns = Columns::of("offers", row);
    let Some(window) = columns.unsigned("window_seconds").ok().and_then(Window::from_seconds) else {
        return columns.inconsistent("window_seconds");
    };
    Ok(Offer {
        id: OfferId(columns.get("id")?),
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
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

pub(crate) async fn catalogue(db: &mut SqliteConnection) -> Result<Vec<Listing>, StoreError> {
    let rows = sqlx::query("select * from endpoints order by created_at, id").fetch_all(&mut *db).await?;
    let mut listings = rows
        .iter()
        .map(|row| Ok(Listing { endpoint: endpoint(row)?, offers: Vec::new() }))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let rows = sqlx::query(
        "select o.id, o.endpoint_id, o.version as offer_version, o.asset_id, o.pay_to, o.amount, o.window_seconds,
            o.created_at, o.honoured_until, a.chain_id, a.address, a.name, a.version, a.decimals
         from offers o join assets a on a.id = o.asset_id
         order by case when o.honoured_until is null then 0 else 1 end, o.id desc",
    )
    .fetch_all(db)
    .await?;
    let places: std::collections::HashMap<EndpointId, usize> =
        listings.iter().enumerate().map(|(place, listing)| (listing.endpoint.id, place)).collect();
    for row in &rows {
        let offer = offer(row)?;
        if let Some(listing) = places.get(&offer.endpoint).and_then(|place| listings.get_mut(*place))
            && (offer.honoured_until.is_none() || listing.superseded() < RECENT_OFFERS)
        {
            listing.offers.push(offer);
        }
    }
    Ok(listings)
}

pub(crate) async fn add(
    db: &mut SqliteConnection,
    new: &NewEndpoint,
    offers: &[NewOffer],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Content::File { path, file_name, media_type, bytes, sha256 } = &new.content;
    let inserted = sqlx::query(
        "insert into endpoints (
            id, path, title, kind, file_path, file_name, media_type, bytes, sha256, mode, owned_for, state, created_at
         ) values ($1, $2, $3, 'file', $4, $5, $6, $7, $8, $9, $10, 'live', $11)
         on conflict (path) where state <> 'removed' do nothing",
    )
    .bind(new.id.0.as_bytes().as_slice())
    .bind(new.path.as_str())
    .bind(&new.title)
    .bind(path)
    .bind(file_name)
    .bind(media_type)
    .bind(crate::column::signed(*bytes))
    .bind(sha256.as_slice())
    .bind(new.mode.as_str())
    .bind(i64::from(new.owned_for.seconds()))
    .bind(at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    if inserted.rows_affected() != 1 {
        return Err(StoreError::Conflict(format!("{} is already the path of another endpoint", new.path)));
    }
    quote(db, new.id, offers, at).await
}

/// Makes offers the current ones, under one version. Each takes the place of the one in the same asset, which is
/// honoured for a while longer; what is quoted in other assets stays. Where the network has a payout address, the money
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
             where endpoint_id = $1 and asset_id = $2 and honoured_until is null",
        )
        .bind(id)
        .bind(new.asset.0)
        .bind((at + GRACE).timestamp_millis())
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "insert into offers (endpoint_id, version, asset_id, pay_to, amount, window_seconds, created_at)
             values ($1, $2, $3, coalesce(
                (select n.pay_to from networks n join assets a on a.chain_id = n.chain_id where a.id = $3), $4
             ), $5, $6, $7)",
        )
        .bind(id)
        .bind(version)
        .bind(new.asset.0)
        .bind(new.pay_to.as_slice())
        .bind(new.amount.as_i64())
        .bind(i64::from(new.window.seconds()))
        .bind(at.timestamp_millis())
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

pub(crate) async fn set_state(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    state: EndpointState,
) -> Result<(), StoreError> {
    let changed = sqlx::query(
        "update endpoints set state = $2, removed_from = case $2 when 'removed' then state end
         where id = $1 and state <> 'removed'",
    )
    .bind(endpoint.0.as_bytes().as_slice())
    .bind(state.as_str())
    .execute(db)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound("endpoint")) }
}

/// Sells other content under the same endpoint: from now on that is what every owner gets.
pub(crate) async fn set_content(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    content: &Content,
) -> Result<(), StoreError> {
    let Content::File { path, file_name, media_type, bytes, sha256 } = content;
    let changed = sqlx::query(
        "update endpoints set file_path = $2, file_name = $3, media_type = $4, bytes = $5, sha256 = $6
         where id = $1 and state <> 'removed'",
    )
    .bind(endpoint.0.as_bytes().as_slice())
    .bind(path)
    .bind(file_name)
    .bind(media_type)
    .bind(crate::column::signed(*bytes))
    .bind(sha256.as_slice())
    .execute(db)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound("endpoint")) }
}

/// Brings a removed endpoint back to where it stood.
pub(crate) async fn restore(db: &mut SqliteConnection, endpoint: EndpointId) -> Result<(), StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    let row = sqlx::query("select path, state from endpoints where id = $1")
        .bind(id)
        .fetch_optional(&mut *db)
        .await?
        .ok_or(StoreError::NotFound("endpoint"))?;
    let columns = Columns::of("endpoints", &row);
    let path: &str = columns.get("path")?;
    if columns.word::<EndpointState>("state")? != EndpointState::Removed {
        return Err(StoreError::Conflict("the endpoint was not removed".to_owned()));
    }
    let taken = sqlx::query("select 1 from endpoints where path = $1 and state <> 'removed'")
        .bind(path)
        .fetch_optional(&mut *db)
        .await?;
    if taken.is_some() {
        return Err(StoreError::Conflict(format!("{path} is already the path of another endpoint")));
    }
    sqlx::query(
        "update endpoints set state = coalesce(removed_from, 'paused'), removed_from = null where id = $1",
    )
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    Audience, CanonicalPath, Content, Endpoint, EndpointId, EndpointState, Mode, Offer, OwnedFor, Part,
};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::StoreError;
use crate::column::Columns;
use crate::content::{self, Contents};
use crate::offers::{self, NewOffer};
use crate::pictures::{self, PictureRow};
use crate::price_changes::{self, Given};
use crate::versions::{self, Earlier};

/// As many superseded offers of one part of an endpoint for one audience as anyone could still answer.
const RECENT_OFFERS: usize = 32;

/// An endpoint with its offers, the current ones first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Its offers: the current ones, one for each asset, part and audience, then the latest of those before them, newest
    /// first.
    pub offers: Vec<Offer>,
    /// What of it costs nothing.
    pub given: Given,
    /// What pages show of it.
    pub cover: Option<PictureRow>,
    /// What its owners may have bought instead, where they receive that.
    pub earlier: Vec<Earlier>,
}

impl Listing {
    /// What is quoted now.
    pub fn current(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.honoured_until.is_none())
    }

    /// What everybody is asked for all there is now, and for what has no price of its own.
    pub fn usual(&self) -> impl Iterator<Item = &Offer> {
        self.current().filter(|offer| offer.part.is_whole() && offer.audience == Audience::Everybody)
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
    /// What it is, in a few sentences; may be empty.
    pub description: String,
    /// Whether the stall's own pages show it.
    pub is_listed: bool,
    /// What it delivers.
    pub content: Content,
    /// When the content leaves.
    pub mode: Mode,
    /// How long buyers own it.
    pub owned_for: OwnedFor,
}

/// What is said of an endpoint.
#[derive(Clone, Debug)]
pub struct Details {
    /// Its name for people.
    pub title: String,
    /// What it is, in a few sentences; may be empty.
    pub description: String,
    /// Whether the stall's own pages show it.
    pub is_listed: bool,
}

pub(crate) async fn set_details(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    details: &Details,
) -> Result<(), StoreError> {
    let changed = sqlx::query(
        "update endpoints set title = $2, description = $3, listed = $4 where id = $1 and state <> 'removed'",
    )
    .bind(endpoint.0.as_bytes().as_slice())
    .bind(&details.title)
    .bind(&details.description)
    .bind(i64::from(details.is_listed))
    .execute(db)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound("endpoint")) }
}

fn endpoint(row: &SqliteRow, contents: &mut Contents) -> Result<Endpoint, StoreError> {
    let columns = Columns::of("endpoints", row);
    let id = EndpointId(columns.uuid("id")?);
    let Some(owned_for) = columns.unsigned("owned_for").ok().and_then(OwnedFor::from_seconds) else {
        return columns.inconsistent("owned_for");
    };
    Ok(Endpoint {
        id,
        path: columns.word("path")?,
        title: columns.get("title")?,
        description: columns.get("description")?,
        is_listed: columns.get::<i64>("listed")? == 1,
        content: contents.take(id, columns.word("kind")?)?,
        mode: columns.word("mode")?,
        owned_for,
        owners_get: columns.word("owners_get")?,
        state: columns.word("state")?,
        created_at: columns.time("created_at")?,
    })
}

pub(crate) async fn catalogue(db: &mut SqliteConnection) -> Result<Vec<Listing>, StoreError> {
    let rows = sqlx::query("select * from endpoints order by created_at, id").fetch_all(&mut *db).await?;
    let mut contents = Contents::read(&mut *db).await?;
    let mut covers = pictures::covers(&mut *db).await?;
    let mut earlier = versions::earlier(&mut *db).await?;
    let mut listings = rows
        .iter()
        .map(|row| {
            let endpoint = endpoint(row, &mut contents)?;
            let cover = covers.remove(&endpoint.id);
            let earlier = earlier.remove(&endpoint.id).unwrap_or_default();
            Ok(Listing { endpoint, offers: Vec::new(), given: Given::default(), cover, earlier })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let rows = sqlx::query(
        "select o.id, o.endpoint_id, o.part, o.audience, o.version as offer_version, o.asset_id, o.pay_to, o.amount, o.window_seconds,
            o.created_at, o.honoured_until, a.chain_id, a.address, a.name, a.version, a.decimals
         from offers o join assets a on a.id = o.asset_id
         order by case when o.honoured_until is null then 0 else 1 end, o.id desc",
    )
    .fetch_all(&mut *db)
    .await?;
    let places: HashMap<EndpointId, usize> =
        listings.iter().enumerate().map(|(place, listing)| (listing.endpoint.id, place)).collect();
    let mut superseded: HashMap<(usize, Part, Audience), usize> = HashMap::new();
    for row in &rows {
        let offer = offers::offer(row)?;
        let Some(place) = places.get(&offer.endpoint) else { continue };
        if offer.honoured_until.is_some() {
            let of_these = (*place, offer.part.clone(), offer.audience.clone());
            let before = superseded.entry(of_these).or_default();
            *before += 1;
            if *before > RECENT_OFFERS {
                continue;
            }
        }
        if let Some(listing) = listings.get_mut(*place) {
            listing.offers.push(offer);
        }
    }
    for (id, given) in price_changes::given(db).await? {
        if let Some(listing) = places.get(&id).and_then(|place| listings.get_mut(*place)) {
            listing.given = given;
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
    let inserted = sqlx::query(
        "insert into endpoints (
            id, path, title, description, kind, mode, owned_for, state, listed, created_at
         ) values ($1, $2, $3, $4, $5, $6, $7, 'live', $8, $9)
         on conflict (path) where state <> 'removed' do nothing",
    )
    .bind(new.id.0.as_bytes().as_slice())
    .bind(new.path.as_str())
    .bind(&new.title)
    .bind(&new.description)
    .bind(new.content.kind().as_str())
    .bind(new.mode.as_str())
    .bind(i64::from(new.owned_for.seconds()))
    .bind(i64::from(new.is_listed))
    .bind(at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    if inserted.rows_affected() != 1 {
        return Err(StoreError::Conflict(format!("{} is already the path of another endpoint", new.path)));
    }
    content::write(db, new.id, &new.content, at).await?;
    offers::quote(db, new.id, offers, at).await
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

/// Sells other content under the same endpoint.
pub(crate) async fn set_content(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    content: &Content,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sold = sqlx::query("update endpoints set kind = $2 where id = $1 and state <> 'removed'")
        .bind(endpoint.0.as_bytes().as_slice())
        .bind(content.kind().as_str())
        .execute(&mut *db)
        .await?;
    if sold.rows_affected() != 1 {
        return Err(StoreError::NotFound("endpoint"));
    }
    content::write(db, endpoint, content, at).await?;
    price_changes::end_gone(db, endpoint, content, at).await
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

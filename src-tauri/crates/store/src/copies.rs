//! Endpoints as they go from one environment's data file into another's: what is sold, how it is described, and what it
//! costs. Payments, grants, links and visits stay where they are.

use std::collections::HashSet;

use alloy_primitives::B256;
use chrono::{DateTime, Utc};
use domain::{EndpointId, EndpointState, Part};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::Columns;
use crate::endpoints::{self, Listing};
use crate::offers::{self, GRACE, NewOffer, PricedFor};
use crate::{Change, PriceChange, Store, StoreError, content, pictures, price_changes};

/// An endpoint with all that makes it what it is.
#[derive(Clone, Debug)]
pub struct EndpointCopy {
    /// What is sold, at which prices; earlier prices are not copied.
    pub listing: Listing,
    /// The prices that are to begin.
    pub planned: Vec<PriceChange>,
    versions: Vec<Version>,
}

/// A version that was sold, with the files that it is made of.
#[derive(Clone, Debug)]
struct Version {
    part: Part,
    sha256: B256,
    bytes: i64,
    published_at: i64,
    files: Vec<VersionFile>,
}

#[derive(Clone, Debug)]
struct VersionFile {
    member: String,
    name: String,
    path: String,
    file_name: String,
    media_type: String,
    bytes: i64,
    sha256: B256,
    crc32: Option<i64>,
}

impl Store {
    /// Every endpoint that is on sale or paused, to be copied.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn copies(&self) -> Result<Vec<EndpointCopy>, StoreError> {
        let mut planned = self.price_changes().await?;
        let mut db = self.reader().await?;
        let mut copies = Vec::new();
        for listing in endpoints::catalogue(&mut db).await? {
            if listing.endpoint.state == EndpointState::Removed {
                continue;
            }
            let id = listing.endpoint.id;
            let versions = versions(&mut db, id).await?;
            let (its, others) = planned.into_iter().partition(|change| change.endpoint == id);
            planned = others;
            copies.push(EndpointCopy { listing, planned: its, versions });
        }
        Ok(copies)
    }

    /// Puts a copy among what is sold here, in the place of the endpoint of the same id, at these prices. What is quoted
    /// already stays as it is quoted.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its path is another endpoint's here.
    pub async fn put_copy(
        &self,
        copy: EndpointCopy,
        prices: Vec<NewOffer>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    put(db, &copy).await?;
                    describe(db, &copy, now).await?;
                    price(db, copy.listing.endpoint.id, prices, now).await?;
                    Ok(((), vec![Change::Endpoints]))
                })
            })
            .await
    }
}

/// The endpoint itself. One that was removed here comes back as it stands there; another one keeps standing as it does.
async fn put(db: &mut SqliteConnection, copy: &EndpointCopy) -> Result<(), StoreError> {
    let endpoint = &copy.listing.endpoint;
    let id = endpoint.id.0.as_bytes().as_slice();
    let taken = sqlx::query("select 1 from endpoints where path = $1 and id <> $2 and state <> 'removed'")
        .bind(endpoint.path.as_str())
        .bind(id)
        .fetch_optional(&mut *db)
        .await?;
    if taken.is_some() {
        return Err(StoreError::Conflict(format!(
            "{} is already the path of another endpoint",
            endpoint.path
        )));
    }
    sqlx::query(
        "insert into endpoints (
            id, path, title, description, kind, mode, owned_for, state, listed, created_at, owners_get
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (id) do update set path = excluded.path, title = excluded.title,
            description = excluded.description, kind = excluded.kind, mode = excluded.mode,
            owned_for = excluded.owned_for, listed = excluded.listed, owners_get = excluded.owners_get,
            state = case endpoints.state when 'removed' then excluded.state else endpoints.state end,
            removed_from = null",
    )
    .bind(id)
    .bind(endpoint.path.as_str())
    .bind(&endpoint.title)
    .bind(&endpoint.description)
    .bind(endpoint.content.kind().as_str())
    .bind(endpoint.mode.as_str())
    .bind(i64::from(endpoint.owned_for.seconds()))
    .bind(endpoint.state.as_str())
    .bind(i64::from(endpoint.is_listed))
    .bind(endpoint.created_at.timestamp_millis())
    .bind(endpoint.owners_get.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// What it delivers, delivered before, gives away, and shows.
async fn describe(
    db: &mut SqliteConnection,
    copy: &EndpointCopy,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Listing { endpoint, given, cover, .. } = &copy.listing;
    let id = endpoint.id.0.as_bytes().as_slice();
    for version in &copy.versions {
        put_version(db, id, version).await?;
    }
    content::write(db, endpoint.id, &endpoint.content, now).await?;
    price_changes::show(db, endpoint.id, given.preview.as_ref()).await?;
    for statement in [
        "delete from free_parts where endpoint_id = $1",
        "delete from free_quotas where endpoint_id = $1",
        "delete from price_changes where endpoint_id = $1",
    ] {
        sqlx::query(statement).bind(id).execute(&mut *db).await?;
    }
    for part in &given.free {
        sqlx::query("insert into free_parts (endpoint_id, part) values ($1, $2)")
            .bind(id)
            .bind(part.as_str())
            .execute(&mut *db)
            .await?;
    }
    if let Some(quota) = given.quota {
        sqlx::query("insert into free_quotas (endpoint_id, requests_a_day, counted_by) values ($1, $2, $3)")
            .bind(id)
            .bind(i64::from(quota.requests_a_day))
            .bind(quota.counted_by.as_str())
            .execute(&mut *db)
            .await?;
    }
    for change in &copy.planned {
        sqlx::query(
            "insert into price_changes (endpoint_id, part, audience, price, begins_at, created_at)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(change.priced.part.as_str())
        .bind(change.priced.audience.to_string())
        .bind(&change.price)
        .bind(change.begins_at.timestamp_millis())
        .bind(now.timestamp_millis())
        .execute(&mut *db)
        .await?;
    }
    pictures::set(db, id, cover.as_ref()).await
}

/// Quotes what is not quoted yet, and ends what is not among the prices.
async fn price(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    mut prices: Vec<NewOffer>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    let wanted: HashSet<PricedFor> = prices
        .iter()
        .map(|new| PricedFor { part: new.part.clone(), audience: new.audience.clone() })
        .collect();
    let rows = sqlx::query(
        "select id, part, audience, asset_id, amount from offers where endpoint_id = $1 and honoured_until is null",
    )
    .bind(id)
    .fetch_all(&mut *db)
    .await?;
    for row in &rows {
        let columns = Columns::of("offers", row);
        let priced = PricedFor { part: columns.word("part")?, audience: columns.word("audience")? };
        if !wanted.contains(&priced) {
            sqlx::query("update offers set honoured_until = $2 where id = $1")
                .bind(columns.get::<i64>("id")?)
                .bind((now + GRACE).timestamp_millis())
                .execute(&mut *db)
                .await?;
            continue;
        }
        let (asset, amount) = (columns.get::<i64>("asset_id")?, columns.amount("amount")?);
        prices.retain(|new| {
            let is_same = new.part == priced.part && new.audience == priced.audience;
            !(is_same && new.asset.0 == asset && new.amount == amount)
        });
    }
    offers::quote(db, endpoint, &prices, now).await
}

async fn put_version(db: &mut SqliteConnection, id: &[u8], version: &Version) -> Result<(), StoreError> {
    let new = sqlx::query(
        "insert into versions (endpoint_id, part, sha256, bytes, published_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
    )
    .bind(id)
    .bind(version.part.as_str())
    .bind(version.sha256.as_slice())
    .bind(version.bytes)
    .bind(version.published_at)
    .execute(&mut *db)
    .await?;
    if new.rows_affected() == 0 {
        return Ok(());
    }
    for file in &version.files {
        sqlx::query(
            "insert into version_files (endpoint_id, part, sha256, member, name, path, file_name, media_type, bytes,
                file_sha256, crc32) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(id)
        .bind(version.part.as_str())
        .bind(version.sha256.as_slice())
        .bind(&file.member)
        .bind(&file.name)
        .bind(&file.path)
        .bind(&file.file_name)
        .bind(&file.media_type)
        .bind(file.bytes)
        .bind(file.sha256.as_slice())
        .bind(file.crc32)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn versions(db: &mut SqliteConnection, endpoint: EndpointId) -> Result<Vec<Version>, StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    let rows =
        sqlx::query("select * from versions where endpoint_id = $1").bind(id).fetch_all(&mut *db).await?;
    let mut versions = Vec::new();
    for row in &rows {
        let columns = Columns::of("versions", row);
        let (part, sha256): (Part, B256) = (columns.word("part")?, columns.hash("sha256")?);
        let files =
            sqlx::query("select * from version_files where endpoint_id = $1 and part = $2 and sha256 = $3")
                .bind(id)
                .bind(part.as_str())
                .bind(sha256.as_slice())
                .fetch_all(&mut *db)
                .await?;
        versions.push(Version {
            part,
            sha256,
            bytes: columns.get("bytes")?,
            published_at: columns.get("published_at")?,
            files: files.iter().map(file).collect::<Result<_, _>>()?,
        });
    }
    Ok(versions)
}

fn file(row: &SqliteRow) -> Result<VersionFile, StoreError> {
    let columns = Columns::of("version_files", row);
    Ok(VersionFile {
        member: columns.get("member")?,
        name: columns.get("name")?,
        path: columns.get("path")?,
        file_name: columns.get("file_name")?,
        media_type: columns.get("media_type")?,
        bytes: columns.get("bytes")?,
        sha256: columns.hash("file_sha256")?,
        crc32: columns.get("crc32")?,
    })
}

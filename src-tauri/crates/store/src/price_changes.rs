//! What becomes of prices: when they end, which begin later, and what costs nothing.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{Audience, Content, EndpointId, Folder, Offer, Part, PublishedFile, Quota, SoldAs};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::{Columns, signed};
use crate::offers::{self, GRACE, NewOffer, PricedFor};
use crate::{Change, Store, StoreError};

/// A price that begins at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// Its row.
    pub id: i64,
    /// What it is a price for.
    pub endpoint: EndpointId,
    /// Which part of it, and whom it is for.
    pub priced: PricedFor,
    /// The price as the seller wrote it, a decimal.
    pub price: String,
    /// When it begins.
    pub begins_at: DateTime<Utc>,
}

/// What of an endpoint is given away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The parts that cost nothing. All there is stands for what has no price of its own.
    pub free: Vec<Part>,
    /// The file that everybody gets to see.
    pub preview: Option<PublishedFile>,
    /// What a service answers for nothing.
    pub quota: Option<Quota>,
}

impl Store {
    /// Ends the price of a part for an audience. Who was told it can still pay it for a while. Answers whether there was
    /// one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_price(
        &self,
        endpoint: EndpointId,
        priced: PricedFor,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let ended = sqlx::query(
                        "update offers set honoured_until = $4
                         where endpoint_id = $1 and part = $2 and audience = $3 and honoured_until is null",
                    )
                    .bind(endpoint.0.as_bytes().as_slice())
                    .bind(priced.part.as_str())
                    .bind(priced.audience.to_string())
                    .bind((now + GRACE).timestamp_millis())
                    .execute(db)
                    .await?;
                    Ok((ended.rows_affected() > 0, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Gives a part away, or no longer. Answers whether that is new.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_free(&self, endpoint: EndpointId, part: Part, free: bool) -> Result<bool, StoreError> {
        let statement = if free {
            "insert into free_parts (endpoint_id, part) values ($1, $2) on conflict do nothing"
        } else {
            "delete from free_parts where endpoint_id = $1 and part = $2"
        };
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let changed = sqlx::query(statement)
                        .bind(endpoint.0.as_bytes().as_slice())
                        .bind(part.as_str())
                        .execute(db)
                        .await?;
                    Ok((changed.rows_affected() > 0, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Lets everybody see a file of an endpoint, or none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_preview(
        &self,
        endpoint: EndpointId,
        preview: Option<PublishedFile>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    show(db, endpoint, preview.as_ref()).await?;
                    Ok(((), vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Lets a service answer so many requests a day for nothing, or none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_free_quota(&self, endpoint: EndpointId, quota: Option<Quota>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let id = endpoint.0.as_bytes().as_slice();
                    sqlx::query("delete from free_quotas where endpoint_id = $1")
                        .bind(id)
                        .execute(&mut *db)
                        .await?;
                    if let Some(quota) = quota {
                        sqlx::query(
                            "insert into free_quotas (endpoint_id, requests_a_day, counted_by) values ($1, $2, $3)",
                        )
                        .bind(id)
                        .bind(i64::from(quota.requests_a_day))
                        .bind(quota.counted_by.as_str())
                        .execute(db)
                        .await?;
                    }
                    Ok(((), vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Plans a price. Answers the plan's row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn plan_price(
        &self,
        endpoint: EndpointId,
        priced: PricedFor,
        price: String,
        begins_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let row = sqlx::query(
                        "insert into price_changes (endpoint_id, part, audience, price, begins_at, created_at)
                         values ($1, $2, $3, $4, $5, $6) returning id",
                    )
                    .bind(endpoint.0.as_bytes().as_slice())
                    .bind(priced.part.as_str())
                    .bind(priced.audience.to_string())
                    .bind(price)
                    .bind(begins_at.timestamp_millis())
                    .bind(now.timestamp_millis())
                    .fetch_one(db)
                    .await?;
                    Ok((Columns::of("price_changes", &row).get("id")?, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// The prices that are to begin, the next one first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn price_changes(&self) -> Result<Vec<PriceChange>, StoreError> {
        let rows = sqlx::query("select * from price_changes order by begins_at, id")
            .fetch_all(&mut *self.reader().await?)
            .await?;
        rows.iter().map(change).collect()
    }

    /// Calls a planned price off. Answers whether it was still to come.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn cancel_price_change(&self, id: i64) -> Result<bool, StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((take(db, id).await?, vec![Change::Endpoints])) }))
            .await
    }

    /// Quotes a planned price from now on, unless it was called off.
    ///
    /// # Errors
    /// When the file cannot be written; the price is planned still.
    pub async fn begin_price_change(
        &self,
        change: PriceChange,
        offers: Vec<NewOffer>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    if take(db, change.id).await? && !offers.is_empty() {
                        offers::quote(db, change.endpoint, &offers, now).await?;
                        if change.priced.audience == Audience::Everybody {
                            charge_for(db, change.endpoint, &change.priced.part).await?;
                        }
                    }
                    Ok(((), vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Everything an endpoint was ever quoted at, the latest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn price_history(&self, endpoint: EndpointId, limit: u32) -> Result<Vec<Offer>, StoreError> {
        let rows = sqlx::query(offers::HISTORY)
            .bind(endpoint.0.as_bytes().as_slice())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await?;
        rows.iter().map(offers::offer).collect()
    }
}

fn change(row: &SqliteRow) -> Result<PriceChange, StoreError> {
    let columns = Columns::of("price_changes", row);
    Ok(PriceChange {
        id: columns.get("id")?,
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
        priced: PricedFor { part: columns.word("part")?, audience: columns.word::<Audience>("audience")? },
        price: columns.get("price")?,
        begins_at: columns.time("begins_at")?,
    })
}

async fn take(db: &mut SqliteConnection, id: i64) -> Result<bool, StoreError> {
    let taken = sqlx::query("delete from price_changes where id = $1").bind(id).execute(db).await?;
    Ok(taken.rows_affected() > 0)
}

/// A part is given away no longer.
async fn charge_for(db: &mut SqliteConnection, endpoint: EndpointId, part: &Part) -> Result<(), StoreError> {
    sqlx::query("delete from free_parts where endpoint_id = $1 and part = $2")
        .bind(endpoint.0.as_bytes().as_slice())
        .bind(part.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Ends the prices of parts that an endpoint has no longer, planned ones too, and what of them was given away: a new part
/// of the same name would have them otherwise.
pub(crate) async fn end_gone(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    content: &Content,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    let rows = sqlx::query(
        "select part from offers where endpoint_id = $1 and part <> '' and honoured_until is null
         union select part from free_parts where endpoint_id = $1 and part <> ''
         union select part from price_changes where endpoint_id = $1 and part <> ''",
    )
    .bind(id)
    .fetch_all(&mut *db)
    .await?;
    let there = parts(content);
    for row in &rows {
        let part: &str = Columns::of("offers", row).get("part")?;
        if there.contains(part) {
            continue;
        }
        sqlx::query(
            "update offers set honoured_until = $3 where endpoint_id = $1 and part = $2 and honoured_until is null",
        )
        .bind(id)
        .bind(part)
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
        for statement in [
            "delete from free_parts where endpoint_id = $1 and part = $2",
            "delete from price_changes where endpoint_id = $1 and part = $2",
        ] {
            sqlx::query(statement).bind(id).bind(part).execute(&mut *db).await?;
        }
    }
    Ok(())
}

/// The parts of an endpoint that can be bought by themselves.
fn parts(content: &Content) -> HashSet<&str> {
    match content {
        Content::Folder(Folder { sold_as: SoldAs::Files, members, .. }) => {
            members.iter().map(|member| member.part.as_str()).collect()
        }
        Content::Service(service) => service.methods.iter().map(|method| method.as_str()).collect(),
        Content::File(_) | Content::Text(_) | Content::Folder(_) => HashSet::new(),
    }
}

/// Shows everybody a file of an endpoint, or none.
pub(crate) async fn show(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    preview: Option<&PublishedFile>,
) -> Result<(), StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    sqlx::query("delete from previews where endpoint_id = $1").bind(id).execute(&mut *db).await?;
    if let Some(file) = preview {
        sqlx::query(
            "insert into previews (endpoint_id, path, file_name, media_type, bytes, sha256)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(&file.path)
        .bind(&file.file_name)
        .bind(&file.media_type)
        .bind(signed(file.bytes))
        .bind(file.sha256.as_slice())
        .execute(db)
        .await?;
    }
    Ok(())
}

/// What every endpoint gives away.
pub(crate) async fn given(db: &mut SqliteConnection) -> Result<HashMap<EndpointId, Given>, StoreError> {
    let mut given: HashMap<EndpointId, Given> = HashMap::new();
    for row in sqlx::query("select * from free_parts order by endpoint_id, part").fetch_all(&mut *db).await? {
        let columns = Columns::of("free_parts", &row);
        given.entry(EndpointId(columns.uuid("endpoint_id")?)).or_default().free.push(columns.word("part")?);
    }
    for row in sqlx::query("select * from free_quotas").fetch_all(&mut *db).await? {
        let columns = Columns::of("free_quotas", &row);
        let id = EndpointId(columns.uuid("endpoint_id")?);
        let quota = Quota {
            requests_a_day: columns.unsigned("requests_a_day")?,
            counted_by: columns.word("counted_by")?,
        };
        given.entry(id).or_default().quota = Some(quota);
    }
    for row in sqlx::query("select * from previews").fetch_all(db).await? {
        let columns = Columns::of("previews", &row);
        let id = EndpointId(columns.uuid("endpoint_id")?);
        let preview = Some(PublishedFile {
            path: columns.get("path")?,
            file_name: columns.get("file_name")?,
            media_type: columns.get("media_type")?,
            bytes: columns.unsigned("bytes")?,
            sha256: columns.hash("sha256")?,
        });
        given.entry(id).or_default().preview = preview;
    }
    Ok(given)
}

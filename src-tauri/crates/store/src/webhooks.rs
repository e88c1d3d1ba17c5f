//! Who is told what happens at the stall, and what there is to tell.

use alloy_primitives::B256;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{EventKind, WebhookId};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::Columns;
use crate::{Change, Store, StoreError};

/// How long nothing could be delivered, and how often in a row at least, before a webhook is switched off.
const FAILING_FOR: TimeDelta = TimeDelta::days(3);
const FAILING_TIMES: i64 = 8;

/// Somebody who is told what happens at the stall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its number.
    pub id: WebhookId,
    /// Where it is told. The path may be a secret.
    pub url: String,
    /// Whether its host may be anywhere and be told without encryption, because the seller said so.
    pub allowed: bool,
    /// What it asks for.
    pub events: Vec<EventKind>,
    /// Whether it is told anything.
    pub is_on: bool,
    /// Why it is not, where that was not the seller.
    pub off_because: Option<OffBecause>,
    /// Since when nothing could be delivered.
    pub failing_since: Option<DateTime<Utc>>,
    /// How often in a row.
    pub failures: u64,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// Somebody new to tell.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Where.
    pub url: String,
    /// Whether its host may be anywhere and be told without encryption.
    pub allowed: bool,
    /// What.
    pub events: Vec<EventKind>,
    /// From when on.
    pub at: DateTime<Utc>,
}

/// Why a webhook was switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffBecause {
    /// Nothing could be delivered for days.
    Failing,
    /// It said that it is gone for good.
    Gone,
}

impl OffBecause {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }
}

/// Something that happened, as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Its place in the order of things.
    pub id: i64,
    /// What.
    pub kind: EventKind,
    /// To what: a payment's or an endpoint's id, a batch's number; empty for the stall itself.
    pub subject: String,
    /// The state it led to.
    pub state: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The transaction that proved it.
    pub transaction: Option<B256>,
    /// More about it, for what is not in the data file.
    pub detail: Option<String>,
    /// When, where that was written down.
    pub at: Option<DateTime<Utc>>,
}

fn webhook(row: &SqliteRow) -> Result<WebhookRow, StoreError> {
    let columns = Columns::of("webhooks", row);
    let events = columns.get::<&str>("events")?;
    let events: Result<Vec<_>, _> = events.split_whitespace().map(str::parse).collect();
    let off_because = match columns.get::<Option<&str>>("off_because")? {
        None => None,
        Some("failing") => Some(OffBecause::Failing),
        Some("gone") => Some(OffBecause::Gone),
        Some(_) => return columns.inconsistent("off_because"),
    };
    Ok(WebhookRow {
        id: WebhookId(columns.get("id")?),
        url: columns.get("url")?,
        allowed: columns.get("allowed")?,
        events: events.or_else(|_| columns.inconsistent("events"))?,
        is_on: columns.get("is_on")?,
        off_because,
        failing_since: columns.optional_time("failing_since")?,
        failures: columns.unsigned("failures")?,
        created_at: columns.time("created_at")?,
    })
}

fn happening(row: &SqliteRow) -> Result<Happening, StoreError> {
    let columns = Columns::of("webhook_outbox", row);
    Ok(Happening {
        id: columns.get("id")?,
        kind: columns.word("kind")?,
        subject: columns.get("subject")?,
        state: columns.get("state")?,
        reason: columns.get("reason")?,
        transaction: columns.optional_hash("evidence")?,
        detail: columns.get("detail")?,
        at: columns.optional_time("at")?,
    })
}

fn words(events: &[EventKind]) -> String {
    events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

/// What it asks for counts from now on, while it is on.
async fn want(db: &mut SqliteConnection, id: WebhookId, events: &[EventKind]) -> Result<(), StoreError> {
    sqlx::query("delete from webhook_wants where webhook_id = $1").bind(id.0).execute(&mut *db).await?;
    for kind in events {
        sqlx::query("insert into webhook_wants (kind, webhook_id) values ($1, $2)")
            .bind(kind.as_str())
            .bind(id.0)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

pub(crate) async fn find(db: &mut SqliteConnection, id: WebhookId) -> Result<Option<WebhookRow>, StoreError> {
    let row = sqlx::query("select * from webhooks where id = $1").bind(id.0).fetch_optional(db).await?;
    row.as_ref().map(webhook).transpose()
}

async fn add(db: &mut SqliteConnection, new: &NewWebhook) -> Result<WebhookRow, StoreError> {
    let row = sqlx::query(
        "insert into webhooks (url, allowed, events, is_on, since, created_at)
         values ($1, $2, $3, 1, (select coalesce(max(id), 0) from webhook_outbox), $4) returning *",
    )
    .bind(&new.url)
    .bind(i64::from(new.allowed))
    .bind(words(&new.events))
    .bind(new.at.timestamp_millis())
    .fetch_one(&mut *db)
    .await?;
    let row = webhook(&row)?;
    want(db, row.id, &row.events).await?;
    Ok(row)
}

/// Switches a webhook on or off, and says what it asks for. One that is switched on begins with a clean record and is not
/// told what happened meanwhile.
async fn set(
    db: &mut SqliteConnection,
    id: WebhookId,
    is_on: bool,
    events: &[EventKind],
) -> Result<WebhookRow, StoreError> {
    let row = sqlx::query(
        "update webhooks set events = $2, off_because = null,
            since = case when $3 > is_on then (select coalesce(max(id), 0) from webhook_outbox) else since end,
            failing_since = case when $3 > is_on then null else failing_since end,
            failures = case when $3 > is_on then 0 else failures end, is_on = $3
         where id = $1 returning *",
    )
    .bind(id.0)
    .bind(words(events))
    .bind(i64::from(is_on))
    .fetch_optional(&mut *db)
    .await?;
    let row = webhook(&row.ok_or(StoreError::NotFound("webhook"))?)?;
    want(db, id, if is_on { events } else { &[] }).await?;
    Ok(row)
}

/// Switches a webhook off that nothing can be delivered to.
pub(crate) async fn switch_off(
    db: &mut SqliteConnection,
    id: WebhookId,
    because: OffBecause,
) -> Result<(), StoreError> {
    sqlx::query("update webhooks set is_on = 0, off_because = $2 where id = $1 and is_on = 1")
        .bind(id.0)
        .bind(because.as_str())
        .execute(&mut *db)
        .await?;
    want(db, id, &[]).await
}

/// Counts a try. Answers with true when nothing could be delivered for so long that it should be given up.
pub(crate) async fn count(
    db: &mut SqliteConnection,
    id: WebhookId,
    delivered: bool,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "update webhooks set failing_since = case when $2 then null else coalesce(failing_since, $3) end,
            failures = case when $2 then 0 else failures + 1 end
         where id = $1 returning *",
    )
    .bind(id.0)
    .bind(delivered)
    .bind(at.timestamp_millis())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let columns = Columns::of("webhooks", &row);
    let since = columns.optional_time("failing_since")?;
    Ok(columns.get::<i64>("failures")? >= FAILING_TIMES
        && since.is_some_and(|since| at.signed_duration_since(since) >= FAILING_FOR))
}

impl Store {
    /// Everybody who is told what happens, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn webhooks(&self) -> Result<Vec<WebhookRow>, StoreError> {
        let mut db = self.reader().await?;
        let rows = sqlx::query("select * from webhooks order by id").fetch_all(&mut *db).await?;
        rows.iter().map(webhook).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn webhook(&self, id: WebhookId) -> Result<Option<WebhookRow>, StoreError> {
        find(&mut *self.reader().await?, id).await
    }

    /// Somebody is told from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn add_webhook(&self, new: NewWebhook) -> Result<WebhookRow, StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((add(db, &new).await?, vec![Change::Webhooks])) }))
            .await
    }

    /// Switches a webhook on or off, and says what it asks for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn set_webhook(
        &self,
        id: WebhookId,
        is_on: bool,
        events: Vec<EventKind>,
    ) -> Result<WebhookRow, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((set(db, id, is_on, &events).await?, vec![Change::Webhooks])) })
            })
            .await
    }

    /// Forgets a webhook with all that it was told.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn remove_webhook(&self, id: WebhookId) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let removed =
                        sqlx::query("delete from webhooks where id = $1").bind(id.0).execute(db).await?;
                    match removed.rows_affected() {
                        0 => Err(StoreError::NotFound("webhook")),
                        _ => Ok(((), vec![Change::Webhooks])),
                    }
                })
            })
            .await
    }

    /// What happened and nobody was told yet, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn happenings(&self, limit: u32) -> Result<Vec<Happening>, StoreError> {
        let mut db = self.reader().await?;
        let rows = sqlx::query("select * from webhook_outbox order by id limit $1")
            .bind(limit)
            .fetch_all(&mut *db)
            .await?;
        rows.iter().map(happening).collect()
    }

    /// Notes something that happens outside the data file, if anybody is to be told.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_happening(
        &self,
        kind: EventKind,
        detail: String,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let noted = sqlx::query(
                        "insert into webhook_outbox (kind, subject, detail, at)
                         select $1, '', $2, $3 where exists (select 1 from webhook_wants where kind = $1)",
                    )
                    .bind(kind.as_str())
                    .bind(detail)
                    .bind(at.timestamp_millis())
                    .execute(db)
                    .await?;
                    let change = (noted.rows_affected() > 0).then_some(Change::Webhooks);
                    Ok(((), change.into_iter().collect()))
                })
            })
            .await
    }
}

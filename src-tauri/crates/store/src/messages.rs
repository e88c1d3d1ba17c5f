//! Messages to webhooks: written once, tried until they are delivered or given up, kept for a while.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{EventKind, MessageId, WebhookId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use crate::column::Columns;
use crate::webhooks::{self, OffBecause, WebhookRow};
use crate::{Change, Store, StoreError};

/// How long a message is kept that nobody tries any more.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);

/// The most of an answer that is kept, in characters.
const LONGEST_ANSWER: usize = 1024;

/// What webhooks are told of something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// The id that goes with every try.
    pub message: String,
    /// Of what.
    pub kind: EventKind,
    /// About what: a payment's or an endpoint's id, a batch's number, or nothing.
    pub subject: String,
    /// What is sent.
    pub body: String,
}

/// One message to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// To whom.
    pub webhook: WebhookId,
    /// What it says.
    pub told: NewMessage,
    /// When it was written.
    pub made_at: DateTime<Utc>,
    /// How far it has got.
    pub state: MessageState,
    /// How often it was tried since it was asked for.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Option<DateTime<Utc>>,
    /// When it was tried last.
    pub tried_at: Option<DateTime<Utc>>,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The beginning of the last answer.
    pub answer: Option<String>,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// How far a message has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// It is tried, or will be.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was tried for the last time, unless somebody asks for it.
    Dead,
}

impl MessageState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Dead];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Which message was tried.
    pub id: MessageId,
    /// When.
    pub at: DateTime<Utc>,
    /// What follows.
    pub then: Then,
    /// The HTTP status of the answer, where there was one.
    pub status: Option<u16>,
    /// Its beginning.
    pub answer: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// What follows from a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It was taken.
    Delivered,
    /// It is tried again.
    Again(DateTime<Utc>),
    /// It is given up.
    Dead,
    /// It is given up, and so is the webhook, which says that it is gone.
    Gone,
}

/// Which messages to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct MessageQuery {
    /// Only those to this webhook.
    pub webhook: Option<WebhookId>,
    /// Only those that have got so far.
    pub state: Option<MessageState>,
    /// Only those about this payment, batch or endpoint.
    pub subject: Option<String>,
    /// Only those with a lower number.
    pub before: Option<MessageId>,
    /// At most this many.
    pub limit: u32,
}

fn message(row: &SqliteRow) -> Result<Message, StoreError> {
    let columns = Columns::of("webhook_deliveries", row);
    let state = columns.get::<&str>("state")?;
    let state = MessageState::ALL.into_iter().find(|known| known.as_str() == state);
    Ok(Message {
        id: MessageId(columns.get("id")?),
        webhook: WebhookId(columns.get("webhook_id")?),
        told: NewMessage {
            message: columns.get("message")?,
            kind: columns.word("kind")?,
            subject: columns.get("subject")?,
            body: columns.get("body")?,
        },
        made_at: columns.time("made_at")?,
        state: state.map_or_else(|| columns.inconsistent("state"), Ok)?,
        attempts: columns.unsigned("attempts")?,
        next_at: columns.optional_time("next_at")?,
        tried_at: columns.optional_time("tried_at")?,
        status: columns.optional_unsigned("status")?,
        answer: columns.get("answer")?,
        error: columns.get("error")?,
    })
}

async fn find(db: &mut SqliteConnection, id: MessageId) -> Result<Option<Message>, StoreError> {
    let row =
        sqlx::query("select * from webhook_deliveries where id = $1").bind(id.0).fetch_optional(db).await?;
    row.as_ref().map(message).transpose()
}

/// Writes what everybody who asked for it is told of a happening, and takes it off the list.
async fn write(
    db: &mut SqliteConnection,
    happening: i64,
    told: Option<&NewMessage>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if let Some(told) = told {
        sqlx::query(
            "insert into webhook_deliveries (
                webhook_id, message, kind, subject, body, made_at, state, next_at
             )
             select w.id, $2, $3, $4, $5, $6, 'waiting', $6 from webhook_wants a
             join webhooks w on w.id = a.webhook_id
             where a.kind = $3 and w.since < $1 and exists (select 1 from webhook_outbox where id = $1)
             order by w.id",
        )
        .bind(happening)
        .bind(&told.message)
        .bind(told.kind.as_str())
        .bind(&told.subject)
        .bind(&told.body)
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
    }
    sqlx::query("delete from webhook_outbox where id = $1").bind(happening).execute(db).await?;
    Ok(())
}

async fn note(db: &mut SqliteConnection, tried: &Tried) -> Result<(), StoreError> {
    let (state, next_at) = match tried.then {
        Then::Delivered => (MessageState::Delivered, None),
        Then::Again(at) => (MessageState::Waiting, Some(at.timestamp_millis())),
        Then::Dead | Then::Gone => (MessageState::Dead, None),
    };
    let answer: Option<String> =
        tried.answer.as_ref().map(|answer| answer.chars().take(LONGEST_ANSWER).collect());
    let row = sqlx::query(
        "update webhook_deliveries set state = $2, next_at = $3, tried_at = $4, status = $5, answer = $6,
            error = $7, attempts = attempts + 1 where id = $1 returning webhook_id, kind",
    )
    .bind(tried.id.0)
    .bind(state.as_str())
    .bind(next_at)
    .bind(tried.at.timestamp_millis())
    .bind(tried.status)
    .bind(answer)
    .bind(&tried.error)
    .fetch_optional(&mut *db)
    .await?;
    // Whoever removed the webhook meanwhile removed its messages.
    let Some(row) = row else { return Ok(()) };
    let id = WebhookId(row.try_get("webhook_id")?);
    if row.try_get::<&str, _>("kind")? == EventKind::Test.as_str() {
        return Ok(());
    }
    let is_hopeless = webhooks::count(db, id, tried.then == Then::Delivered, tried.at).await?;
    match tried.then {
        Then::Gone => webhooks::switch_off(db, id, OffBecause::Gone).await,
        Then::Again(_) | Then::Dead if is_hopeless => webhooks::switch_off(db, id, OffBecause::Failing).await,
        Then::Delivered | Then::Again(_) | Then::Dead => Ok(()),
    }
}

/// Where the next message to each webhook that is on is found: by one look into an index for each of them.
pub(crate) const DUE: &str = "
    select id, (
        select min(next_at) from webhook_deliveries where webhook_id = webhooks.id and next_at is not null
    ) as next_at from webhooks where is_on = 1";

impl Store {
    /// Writes the messages of what happened, one to everybody who asked for it and was there by then, and takes it off the
    /// list: all of that, or nothing. Where nothing can be told of it, it is only taken off.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn write_messages(
        &self,
        told: Vec<(i64, Option<NewMessage>)>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    for (happening, told) in &told {
                        write(db, *happening, told.as_ref(), at).await?;
                    }
                    sqlx::query("delete from webhook_deliveries where next_at is null and made_at < $1")
                        .bind((at - KEPT_FOR).timestamp_millis())
                        .execute(db)
                        .await?;
                    Ok(((), vec![Change::Webhooks]))
                })
            })
            .await
    }

    /// Writes a message to one webhook that is not tried by itself.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn write_test(
        &self,
        webhook: WebhookId,
        told: NewMessage,
        at: DateTime<Utc>,
    ) -> Result<Message, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let row = sqlx::query(
                        "insert into webhook_deliveries (
                            webhook_id, message, kind, subject, body, made_at, state
                         ) values ($1, $2, $3, $4, $5, $6, 'dead') returning *",
                    )
                    .bind(webhook.0)
                    .bind(&told.message)
                    .bind(told.kind.as_str())
                    .bind(&told.subject)
                    .bind(&told.body)
                    .bind(at.timestamp_millis())
                    .fetch_one(db)
                    .await?;
                    Ok((message(&row)?, vec![Change::Webhooks]))
                })
            })
            .await
    }

    /// When each webhook that is on is told something next.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn messages_due(&self) -> Result<Vec<(WebhookId, DateTime<Utc>)>, StoreError> {
        let rows = sqlx::query(DUE).fetch_all(&mut *self.reader().await?).await?;
        let due = rows.iter().map(|row| {
            let columns = Columns::of("webhook_deliveries", row);
            let next_at = columns.optional_time("next_at")?;
            Ok(next_at.map(|at| Ok((WebhookId(columns.get("id")?), at))))
        });
        due.filter_map(Result::transpose).map(|one| one.and_then(|one| one)).collect()
    }

    /// What a webhook is told now, the oldest first; nothing when it is off.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn messages_to(
        &self,
        webhook: WebhookId,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Option<(WebhookRow, Vec<Message>)>, StoreError> {
        let mut db = self.reader().await?;
        let Some(row) = webhooks::find(&mut db, webhook).await?.filter(|row| row.is_on) else {
            return Ok(None);
        };
        let due = sqlx::query(
            "select * from webhook_deliveries where webhook_id = $1 and next_at is not null and next_at <= $2
             order by next_at, id limit $3",
        )
        .bind(webhook.0)
        .bind(now.timestamp_millis())
        .bind(limit)
        .fetch_all(&mut *db)
        .await?;
        Ok(Some((row, due.iter().map(message).collect::<Result<_, _>>()?)))
    }

    /// Notes how a try ended, and what follows for the webhook: one that nothing could be delivered to for days is
    /// switched off.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_try(&self, tried: Tried) -> Result<(), StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((note(db, &tried).await?, vec![Change::Webhooks])) }))
            .await
    }

    /// A page of messages, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn messages(&self, wanted: MessageQuery) -> Result<Vec<Message>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("select * from webhook_deliveries where id < ");
        query.push_bind(wanted.before.map_or(i64::MAX, |before| before.0));
        if let Some(webhook) = wanted.webhook {
            query.push(" and webhook_id = ").push_bind(webhook.0);
        }
        if let Some(state) = wanted.state {
            query.push(" and state = ").push_bind(state.as_str());
        }
        if let Some(subject) = wanted.subject {
            query.push(" and subject = ").push_bind(subject);
        }
        query.push(" order by id desc limit ").push_bind(wanted.limit);
        let rows = query.build().fetch_all(&mut *self.reader().await?).await?;
        rows.iter().map(message).collect()
    }

    /// One message.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        find(&mut *self.reader().await?, id).await
    }

    /// How many messages to each webhook wait, and how many were given up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn message_counts(&self, webhook: WebhookId) -> Result<(u64, u64), StoreError> {
        let row = sqlx::query(
            "select coalesce(sum(state = 'waiting'), 0) as waiting, coalesce(sum(state = 'dead'), 0) as dead
             from webhook_deliveries where webhook_id = $1 and state <> 'delivered' and kind <> 'webhook.test'",
        )
        .bind(webhook.0)
        .fetch_one(&mut *self.reader().await?)
        .await?;
        let columns = Columns::of("webhook_deliveries", &row);
        Ok((columns.unsigned("waiting")?, columns.unsigned("dead")?))
    }

    /// Delivers a message once more, under the same id, as if it had never been tried.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none, [`StoreError::Conflict`] when its webhook is off.
    pub async fn redeliver(&self, id: MessageId, now: DateTime<Utc>) -> Result<Message, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let found = find(db, id).await?.ok_or(StoreError::NotFound("message"))?;
                    let webhook = webhooks::find(db, found.webhook).await?;
                    if webhook.is_none_or(|webhook| !webhook.is_on) {
                        return Err(StoreError::Conflict("the webhook is off; switch it on first".to_owned()));
                    }
                    sqlx::query(
                        "update webhook_deliveries set state = 'waiting', attempts = 0, next_at = $2 where id = $1",
                    )
                    .bind(id.0)
                    .bind(now.timestamp_millis())
                    .execute(&mut *db)
                    .await?;
                    let again = find(db, id).await?.ok_or(StoreError::NotFound("message"))?;
                    Ok((again, vec![Change::Webhooks]))
                })
            })
            .await
    }
}

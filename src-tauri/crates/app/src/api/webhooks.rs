//! Webhooks: who is told what happens at the stall, and what became of the messages.

use chrono::{DateTime, Utc};
use domain::{EventKind, MessageId, WebhookId};
use outbound::{Place, Refused, Target};
use serde::{Deserialize, Serialize};
use store::{Message, MessageQuery, MessageState, NewWebhook, OffBecause, WebhookRow};
use ts_rs::TS;
use wallet::WebhookSecret;

use crate::error::sentence;
use crate::keys::blocking;
use crate::{ApiError, App, ErrorCode, random};

/// Each of them costs a row for everything that happens.
const MOST: usize = 20;

const LARGEST_PAGE: u32 = 1000;
const USUAL_PAGE: u32 = 50;

/// Somebody new to tell.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WebhookAdd {
    /// Where: a public address over https; in practice this computer as well.
    pub url: String,
    /// What, such as `payment.settled`; everything when it is left out.
    pub events: Option<Vec<String>>,
    /// Whether the host of the address may be anywhere, in the own network too, and be told without encryption.
    pub allow: Option<bool>,
}

/// Names a webhook.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct WebhookName {
    /// Its number.
    pub id: i64,
}

/// Changes a webhook.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WebhookSet {
    /// Its number.
    pub id: i64,
    /// Whether it is told anything. Absent leaves it as it is.
    pub on: Option<bool>,
    /// What it is told. Absent leaves it as it is.
    pub events: Option<Vec<String>>,
}

/// Which messages to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WebhookMessageQuery {
    /// Only those to this webhook.
    pub id: Option<i64>,
    /// Only those in this state: `waiting`, `delivered` or `dead`.
    pub state: Option<String>,
    /// Only those about this payment, batch or endpoint, by its id.
    pub about: Option<String>,
    /// At most this many, 50 by default, 1000 at most.
    pub limit: Option<u32>,
    /// Only those with a lower number.
    pub before: Option<i64>,
}

/// Names a message.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct WebhookMessageName {
    /// Its number.
    pub message: i64,
}

/// Everybody who is told.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebhookList {
    /// The oldest first.
    pub items: Vec<WebhookView>,
    /// Everything that can be asked for.
    pub events: Vec<String>,
}

/// How a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WebhookState {
    /// It takes what it is told, or was not told anything yet.
    On,
    /// The last try failed; more follow.
    Failing,
    /// The seller switched it off.
    Off,
    /// It was switched off because nothing could be delivered for days.
    GivenUp,
    /// It was switched off because it said that it is gone.
    Gone,
    /// What signs its messages is lost.
    SecretMissing,
}

/// Somebody who is told what happens.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebhookView {
    /// Its number.
    pub id: i64,
    /// Scheme and host of its address; what could be a key is not shown.
    pub url: String,
    /// What it is told.
    pub events: Vec<String>,
    /// Whether it is told anything.
    pub on: bool,
    /// How it stands.
    pub state: WebhookState,
    /// The same as a sentence.
    pub sentence: String,
    /// Whether its host may be anywhere.
    pub allowed: bool,
    /// How many messages to it wait.
    pub waiting: u64,
    /// How many were given up in the last 30 days.
    pub dead: u64,
    /// Since when nothing could be delivered, in Unix milliseconds.
    pub failing_since: Option<i64>,
    /// Until when the secret before signs too, in Unix milliseconds.
    pub changing_until: Option<i64>,
    /// When it was added, in Unix milliseconds.
    pub created_at: i64,
}

/// A webhook with its secret, which is shown this once.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebhookSecretView {
    /// The webhook.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// What its receiver checks messages with: `whsec_…`.
    pub secret: String,
    /// What to do with it.
    pub advice: String,
}

/// A webhook that is not told anything any more.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebhookRemoved {
    /// Its number.
    pub id: i64,
    /// Scheme and host of its address.
    pub url: String,
}

/// A page of messages.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebhookMessageList {
    /// Newest first.
    pub items: Vec<WebhookMessageView>,
}

/// A message to a webhook.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebhookMessageView {
    /// Its number.
    pub message: i64,
    /// The number of its webhook.
    pub webhook: i64,
    /// The id that goes with every try, so that a receiver counts nothing twice.
    pub message_id: String,
    /// What it tells of.
    pub event: String,
    /// The payment, batch or endpoint that it is about; empty for the stall itself.
    pub about: String,
    /// `waiting`, `delivered` or `dead`.
    pub state: String,
    /// The same as a sentence.
    pub sentence: String,
    /// How often it was tried since it was asked for.
    pub attempts: u32,
    /// When it was written, in Unix milliseconds.
    pub made_at: i64,
    /// When it was tried last.
    pub tried_at: Option<i64>,
    /// When it is tried next.
    pub next_at: Option<i64>,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The beginning of the last answer.
    pub answer: Option<String>,
    /// What was sent.
    pub body: String,
}

fn millis(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|at| at.timestamp_millis())
}

/// Scheme and host, as long as the address is one.
fn label(url: &str) -> String {
    Target::label_in(url).unwrap_or_default()
}

impl WebhookView {
    async fn of(app: &App, row: &WebhookRow) -> Result<Self, ApiError> {
        let (waiting, dead) = app.store().message_counts(row.id).await?;
        let (state, sentence) = standing(app, row);
        let secret = app.webhooks().secrets().find(row.id).ok();
        let until =
            secret.and_then(|secret| secret.before_until()).and_then(|until| i64::try_from(until).ok());
        let until = until.filter(|until| *until > app.clock().now().timestamp());
        Ok(Self {
            id: row.id.0,
            url: label(&row.url),
            events: row.events.iter().map(ToString::to_string).collect(),
            on: row.is_on,
            state,
            sentence,
            allowed: row.allowed,
            waiting,
            dead,
            failing_since: millis(row.failing_since),
            changing_until: until.map(|until| until * 1000),
            created_at: row.created_at.timestamp_millis(),
        })
    }
}

/// How a webhook stands, in a word and a sentence.
pub(crate) fn standing(app: &App, row: &WebhookRow) -> (WebhookState, String) {
    let (url, id) = (label(&row.url), row.id);
    let again = "It can be switched on again in Settings, under Webhooks.";
    match (row.is_on, row.off_because) {
        (false, None) => (WebhookState::Off, format!("{url} is switched off.")),
        (false, Some(OffBecause::Failing)) => (
            WebhookState::GivenUp,
            format!("{url} took nothing for days, so it is not told anything any more. {again}"),
        ),
        (false, Some(OffBecause::Gone)) => (
            WebhookState::Gone,
            format!("{url} said that it is gone, so it is not told anything any more. {again}"),
        ),
        (true, _) if !app.webhooks().secrets().is_there(id) => (
            WebhookState::SecretMissing,
            format!(
                "The secret that signs messages to {url} is lost, so it is told nothing. Make a new one in Settings, under Webhooks."
            ),
        ),
        (true, _) if row.failures > 0 => (
            WebhookState::Failing,
            format!("{url} does not take what it is told; it is tried again at growing distances."),
        ),
        (true, _) => (WebhookState::On, format!("{url} is told what happens.")),
    }
}

/// Webhooks that are told nothing although the seller wants it.
pub(crate) async fn silent(app: &App) -> Result<Vec<(WebhookState, String)>, ApiError> {
    let rows = app.store().webhooks().await?;
    let silent =
        |state| matches!(state, WebhookState::GivenUp | WebhookState::Gone | WebhookState::SecretMissing);
    Ok(rows.iter().map(|row| standing(app, row)).filter(|(state, _)| silent(*state)).collect())
}

fn message_view(message: Message) -> WebhookMessageView {
    let Message { told, error, .. } = message;
    let why = error.map(|error| format!(" {}", sentence(&error))).unwrap_or_default();
    let sentence = match (message.state, message.attempts) {
        (MessageState::Delivered, _) => "It was taken.".to_owned(),
        (MessageState::Waiting, 0) => "It is about to be sent.".to_owned(),
        (MessageState::Waiting, _) => format!("It is tried again.{why}"),
        (MessageState::Dead, _) if told.kind == EventKind::Test => format!("It was not taken.{why}"),
        (MessageState::Dead, _) => format!("It is not tried any more.{why}"),
    };
    WebhookMessageView {
        message: message.id.0,
        webhook: message.webhook.0,
        message_id: told.message,
        event: told.kind.to_string(),
        about: told.subject,
        state: message.state.as_str().to_owned(),
        sentence,
        attempts: message.attempts,
        made_at: message.made_at.timestamp_millis(),
        tried_at: millis(message.tried_at),
        next_at: millis(message.next_at),
        status: message.status,
        answer: message.answer,
        body: told.body,
    }
}

fn events(names: Option<Vec<String>>) -> Result<Option<Vec<EventKind>>, ApiError> {
    let Some(names) = names else { return Ok(None) };
    let mut events = Vec::new();
    for name in names {
        let kind = name.parse().ok().filter(|kind| *kind != EventKind::Test);
        events.push(kind.ok_or_else(|| {
            let known: Vec<_> = EventKind::ALL.into_iter().map(EventKind::as_str).collect();
            let name: String = name.chars().take(60).collect();
            ApiError::invalid(format!("{name:?} is no event; choose among {}.", known.join(", ")))
        })?);
    }
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Err(ApiError::invalid("Say what it is told, or leave that out for everything."));
    }
    Ok(Some(events))
}

async fn found(app: &App, id: i64) -> Result<WebhookRow, ApiError> {
    let missing = || ApiError::not_found("webhook", &id.to_string());
    app.store().webhook(WebhookId(id)).await?.ok_or_else(missing)
}

fn refused(error: &Refused) -> ApiError {
    let what = sentence(&error.to_string());
    let hint = match error {
        Refused::NotEncrypted { .. } | Refused::Place { place: Place::ThisComputer | Place::Private, .. } => {
            " If you mean it, allow this very host."
        }
        Refused::NotAUrl | Refused::TooMuch | Refused::Own { .. } | Refused::Place { .. } => "",
    };
    ApiError::invalid(format!("{what}{hint}"))
}

async fn with_secret(
    app: &App,
    row: &WebhookRow,
    secret: WebhookSecret,
) -> Result<WebhookSecretView, ApiError> {
    let webhook = WebhookView::of(app, row).await?;
    let advice = match webhook.changing_until {
        None => "Take the secret to the receiver now; it is not shown again.",
        Some(_) => {
            "Take the secret to the receiver within a day; until then messages are signed with the one before too. It is not shown again."
        }
    };
    Ok(WebhookSecretView { webhook, secret: secret.shown().to_string(), advice: advice.to_owned() })
}

pub(crate) async fn add(app: &App, request: WebhookAdd) -> Result<WebhookSecretView, ApiError> {
    let WebhookAdd { url, events: names, allow } = request;
    let allowed = allow.unwrap_or(false);
    let own = app.engine().map(crate::engine::Engine::address);
    let policy = webhooks::policy(app.environment(), &url, allowed, own);
    let target = Target::parse(&url, &policy).map_err(|error| refused(&error))?;
    let events = events(names)?.unwrap_or_else(|| EventKind::ALL.to_vec());
    if app.store().webhooks().await?.len() >= MOST {
        return Err(ApiError::new(ErrorCode::Conflict, format!("A stall has {MOST} webhooks at most.")));
    }
    let new = NewWebhook { url: target.as_str().to_owned(), allowed, events, at: app.clock().now() };
    let (secrets, random) = (app.webhooks().secrets().clone(), random::bytes()?);
    let row = app.store().add_webhook(new).await?;
    let id = row.id;
    match blocking(move || secrets.create(id, random).map_err(unkept)).await {
        Ok(secret) => with_secret(app, &row, secret).await,
        Err(error) => {
            app.store().remove_webhook(id).await?;
            Err(error)
        }
    }
}

fn unkept(error: wallet::WalletError) -> ApiError {
    ApiError::new(ErrorCode::File, sentence(&error.to_string()))
}

pub(crate) async fn list(app: &App, (): ()) -> Result<WebhookList, ApiError> {
    let mut items = Vec::new();
    for row in app.store().webhooks().await? {
        items.push(WebhookView::of(app, &row).await?);
    }
    Ok(WebhookList { items, events: EventKind::ALL.iter().map(ToString::to_string).collect() })
}

pub(crate) async fn show(app: &App, name: WebhookName) -> Result<WebhookView, ApiError> {
    WebhookView::of(app, &found(app, name.id).await?).await
}

pub(crate) async fn set(app: &App, request: WebhookSet) -> Result<WebhookView, ApiError> {
    let row = found(app, request.id).await?;
    let events = events(request.events)?.unwrap_or(row.events);
    let row = app.store().set_webhook(row.id, request.on.unwrap_or(row.is_on), events).await?;
    WebhookView::of(app, &row).await
}

pub(crate) async fn remove(app: &App, name: WebhookName) -> Result<WebhookRemoved, ApiError> {
    let row = found(app, name.id).await?;
    app.store().remove_webhook(row.id).await?;
    let (secrets, id) = (app.webhooks().secrets().clone(), row.id);
    let forgotten = |error: std::io::Error| ApiError::new(ErrorCode::File, sentence(&error.to_string()));
    blocking(move || secrets.forget(id).map_err(forgotten)).await?;
    Ok(WebhookRemoved { id: row.id.0, url: label(&row.url) })
}

pub(crate) async fn test(app: &App, name: WebhookName) -> Result<WebhookMessageView, ApiError> {
    let row = found(app, name.id).await?;
    let courier = app.webhooks().courier().ok_or_else(ApiError::not_open)?;
    Ok(message_view(courier.test(&row).await?))
}

pub(crate) async fn rotate(app: &App, name: WebhookName) -> Result<WebhookSecretView, ApiError> {
    let row = found(app, name.id).await?;
    let (secrets, id) = (app.webhooks().secrets().clone(), row.id);
    let (random, now) = (random::bytes()?, app.clock().now());
    let secret = blocking(move || secrets.rotate(id, random, now).map_err(unkept)).await?;
    with_secret(app, &row, secret).await
}

pub(crate) async fn deliveries(
    app: &App,
    request: WebhookMessageQuery,
) -> Result<WebhookMessageList, ApiError> {
    let webhook = match request.id {
        Some(id) => Some(found(app, id).await?.id),
        None => None,
    };
    let known = |state: String| {
        let found = MessageState::ALL.into_iter().find(|known| known.as_str() == state);
        found.ok_or_else(|| ApiError::invalid("A message is waiting, delivered or dead."))
    };
    let query = MessageQuery {
        webhook,
        state: request.state.map(known).transpose()?,
        subject: request.about,
        before: request.before.map(MessageId),
        limit: request.limit.unwrap_or(USUAL_PAGE).clamp(1, LARGEST_PAGE),
    };
    let messages = app.store().messages(query).await?;
    Ok(WebhookMessageList { items: messages.into_iter().map(message_view).collect() })
}

pub(crate) async fn redeliver(app: &App, name: WebhookMessageName) -> Result<WebhookMessageView, ApiError> {
    let message = app.store().redeliver(MessageId(name.message), app.clock().now()).await?;
    Ok(message_view(message))
}

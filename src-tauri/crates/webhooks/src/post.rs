//! One try to deliver a message.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::EventKind;
use http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use outbound::{Client, Policy, Target};
use store::{Message, Then, Tried};
use tokio::time::timeout;
use wallet::WebhookSecret;

use crate::backoff::wait_after;

/// How long a receiver may take, from the connection to the end of its answer.
const WITHIN: Duration = Duration::from_secs(10);

/// The most of an answer that is read.
const LONGEST_ANSWER: usize = 1024;

const PROGRAM: &str = concat!("Stallkeeper/", env!("CARGO_PKG_VERSION"));

/// What came back.
#[derive(Debug, Default)]
struct Answer {
    status: Option<StatusCode>,
    text: Option<String>,
    rest: Option<TimeDelta>,
    error: Option<String>,
}

/// Where a message goes and what it goes with.
pub(crate) struct Way<'w> {
    pub(crate) url: &'w str,
    pub(crate) policy: &'w Policy,
    pub(crate) client: &'w Client<Full<Bytes>>,
    pub(crate) secret: Option<WebhookSecret>,
}

/// Tries to deliver a message once, and says what follows.
pub(crate) async fn try_once(way: Way<'_>, message: &Message, now: DateTime<Utc>) -> Tried {
    let answer = match timeout(WITHIN, exchange(way, message, now)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Answer { error: Some(error), ..Answer::default() },
        Err(_) => Answer {
            error: Some(format!("it did not answer within {} seconds", WITHIN.as_secs())),
            ..Answer::default()
        },
    };
    let is_test = message.told.kind == EventKind::Test;
    let then = match answer.status {
        Some(status) if status.is_success() => Then::Delivered,
        _ if is_test => Then::Dead,
        Some(StatusCode::GONE) => Then::Gone,
        _ => wait_after(message.attempts, answer.rest).map_or(Then::Dead, |wait| Then::Again(now + wait)),
    };
    let told = answer.error.or_else(|| match then {
        Then::Delivered => None,
        Then::Again(_) | Then::Dead | Then::Gone => answer.status.map(refusal),
    });
    Tried {
        id: message.id,
        at: now,
        then,
        status: answer.status.map(|status| status.as_u16()),
        answer: answer.text,
        error: told,
    }
}

fn refusal(status: StatusCode) -> String {
    if status.is_redirection() {
        return format!("it sends elsewhere ({status}), which is not followed");
    }
    format!("it did not take it ({status})")
}

async fn exchange(way: Way<'_>, message: &Message, now: DateTime<Utc>) -> Result<Answer, String> {
    let target = Target::parse(way.url, way.policy).map_err(|error| error.to_string())?;
    let secret = way.secret.ok_or("the secret that signs its messages is missing")?;
    let told = &message.told;
    let timestamp = now.timestamp().max(0).cast_unsigned();
    let signature = secret.sign(&told.message, timestamp, &told.body).map_err(|error| error.to_string())?;
    let request = Request::post(target.uri())
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, PROGRAM)
        .header("webhook-id", &told.message)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .body(Full::from(told.body.clone()))
        .map_err(|error| error.to_string())?;
    let response = way.client.send(request).await.map_err(|error| error.to_string())?;
    let status = response.status();
    let rest = response.headers().get(RETRY_AFTER).and_then(seconds);
    let asks = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let text = beginning(response.into_body()).await;
    Ok(Answer { status: Some(status), text, rest: rest.filter(|_| asks), error: None })
}

fn seconds(value: &HeaderValue) -> Option<TimeDelta> {
    let seconds: u32 = value.to_str().ok()?.trim().parse().ok()?;
    TimeDelta::try_seconds(seconds.into())
}

/// The beginning of an answer, as text. What breaks off says what it said.
async fn beginning(mut body: Incoming) -> Option<String> {
    let mut read = Vec::new();
    while read.len() < LONGEST_ANSWER {
        let Some(Ok(frame)) = body.frame().await else { break };
        if let Ok(data) = frame.into_data() {
            read.extend_from_slice(&data);
        }
    }
    read.truncate(LONGEST_ANSWER);
    let visible = |c: char| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c };
    let text: String = String::from_utf8_lossy(&read).chars().map(visible).collect();
    (!text.is_empty()).then_some(text)
}

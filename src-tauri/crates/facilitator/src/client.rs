use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode, Url};
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use wallet::{Credential, RequestLine};
use x402::{Kind, SettleAnswer, read_settle_answer, read_supported};

use crate::{AskError, FacilitatorUrl};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Facilitators wait for the block before they answer, so this is as long as their own clients wait.
const SETTLE_WITHIN: Duration = Duration::from_secs(90);
const LOOK_UP_WITHIN: Duration = Duration::from_secs(10);

/// More than any honest answer (I15).
const LARGEST_ANSWER: usize = 256 << 10;

/// The longest rest that a facilitator may ask for.
const LONGEST_REST: Duration = Duration::from_secs(86_400);

/// The rest of one that does not say for how long.
const USUAL_REST: Duration = Duration::from_secs(5);

/// How many questions in a row that did not get through mean that the next one will not either, and for how long they
/// do: whoever is not asked cannot show that it is back.
const MOST_FAILURES: u32 = 3;
const FAILURES_COUNT_FOR: TimeDelta = TimeDelta::minutes(5);

/// One facilitator. A clone is a handle to the same one.
#[derive(Clone)]
pub struct Facilitator {
    inner: Arc<Inner>,
    patience: Duration,
}

struct Inner {
    url: FacilitatorUrl,
    credential: Option<Credential>,
    http: Client,
    clock: Arc<dyn Clock>,
    seed: [u8; 32],
    signed: AtomicU64,
    lately: Mutex<Lately>,
}

/// How it answered lately.
#[derive(Clone, Copy, Default)]
struct Lately {
    /// How many questions in a row did not get through, and when the last of them.
    failures: u32,
    failed_at: DateTime<Utc>,
    quiet: Option<Quiet>,
}

/// A facilitator asked to be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// When it did.
    pub since: DateTime<Utc>,
    /// Until when: a day later at most.
    pub until: DateTime<Utc>,
}

/// What came back, and what was told of who asks.
struct Heard {
    status: StatusCode,
    body: Vec<u8>,
    told: Option<HeaderValue>,
}

impl Facilitator {
    /// The facilitator at `url`, which is not asked anything yet. `seed` makes the tokens that are signed for it
    /// different from all others.
    ///
    /// # Errors
    /// [`AskError::NotReached`] when this computer has no certificates to know it by.
    pub fn new(
        url: FacilitatorUrl,
        credential: Option<Credential>,
        clock: Arc<dyn Clock>,
        seed: [u8; 32],
    ) -> Result<Self, AskError> {
        let http =
            Client::builder().connect_timeout(CONNECT_WITHIN).redirect(reqwest::redirect::Policy::none());
        let http = if url.is_loopback() { http.no_proxy() } else { http };
        // Without TLS it must not matter whether this computer has any certificates.
        let http = if url.is_encrypted() { http.https_only(true) } else { http.tls_certs_only([]) };
        let http = http.build().map_err(|_| AskError::NotReached)?;
        let inner =
            Inner { url, credential, http, clock, seed, signed: AtomicU64::new(0), lately: Mutex::default() };
        Ok(Self { inner: Arc::new(inner), patience: SETTLE_WITHIN })
    }

    /// The same, waiting no longer than this for a payment's answer: usually a minute and a half.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Where it is.
    pub fn url(&self) -> &FacilitatorUrl {
        &self.inner.url
    }

    /// Whether it asked to be left alone, by any of its answers.
    pub fn quiet(&self) -> Option<Quiet> {
        let now = self.inner.clock.now();
        // A clock that was set back must not stretch it.
        self.lately().quiet.filter(|quiet| quiet.since <= now && now < quiet.until)
    }

    /// Whether it would settle a payment now, as far as can be told without asking: who asks can be told, it does not
    /// want to be left alone, and what it was asked lately got through.
    pub fn is_at_hand(&self) -> bool {
        let Lately { failures, failed_at, .. } = self.lately();
        let age = self.inner.clock.now().signed_duration_since(failed_at).abs();
        let fails = failures >= MOST_FAILURES && age < FAILURES_COUNT_FOR;
        let is_locked = self.inner.credential.as_ref().is_some_and(Credential::is_locked);
        !is_locked && !fails && self.quiet().is_none()
    }

    fn lately(&self) -> Lately {
        *self.inner.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, answer: &Result<SettleAnswer, AskError>) {
        let now = self.inner.clock.now();
        let mut lately = self.inner.lately.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(_) => *lately = Lately::default(),
            Err(AskError::Busy { retry_after, .. }) => {
                let rest = TimeDelta::from_std(retry_after.unwrap_or(USUAL_REST)).unwrap_or_default();
                lately.quiet = Some(Quiet { since: now, until: now + rest });
            }
            Err(error) if !error.may_have_acted() => {
                lately.failures = lately.failures.saturating_add(1);
                lately.failed_at = now;
            }
            // Said about one payment, perhaps.
            Err(_) => {}
        }
    }

    /// What it settles.
    ///
    /// # Errors
    /// When it gives no answer that can be read.
    pub async fn supported(&self) -> Result<Vec<Kind>, AskError> {
        let Heard { status, body, .. } = self.ask(Method::GET, "supported", None, LOOK_UP_WITHIN).await?;
        read_supported(&body).ok_or(AskError::NotAnAnswer { status: status.as_u16() })
    }

    /// Asks it to settle one payment, with a body as [`x402::settle_request`] writes it. What it answers proves
    /// nothing.
    ///
    /// # Errors
    /// When it gives no answer that can be read, which proves nothing either.
    pub async fn settle(&self, body: &str) -> Result<SettleAnswer, AskError> {
        let answer = self.ask(Method::POST, "settle", Some(body), self.patience).await;
        let answer = answer.and_then(|heard| {
            let status = heard.status.as_u16();
            let answer = read_settle_answer(&heard.body).ok_or(AskError::NotAnAnswer { status })?;
            Ok(self.without_secrets(answer, heard.told.as_ref()))
        });
        self.note(&answer);
        answer
    }

    /// A facilitator may say back what it was told, whole or cut short (I12).
    fn without_secrets(&self, answer: SettleAnswer, told: Option<&HeaderValue>) -> SettleAnswer {
        let SettleAnswer::Refused { reason } = &answer else { return answer };
        let told = told.and_then(|told| told.to_str().ok()).and_then(|told| told.split_once(' '));
        let shows = self.inner.credential.as_ref().is_some_and(|credential| credential.shows_in(reason))
            || told.is_some_and(|(_, token)| Credential::shows_part(token, reason));
        if shows {
            return SettleAnswer::Refused { reason: "a reason that holds the credential".to_owned() };
        }
        answer
    }

    async fn ask(
        &self,
        method: Method,
        function: &str,
        body: Option<&str>,
        patience: Duration,
    ) -> Result<Heard, AskError> {
        match timeout(patience, self.exchange(method, self.inner.url.of(function), body)).await {
            Ok(answered) => answered,
            Err(_) => Err(AskError::NoAnswer),
        }
    }

    async fn exchange(&self, method: Method, url: Url, body: Option<&str>) -> Result<Heard, AskError> {
        let mut request =
            self.inner.http.request(method.clone(), url.clone()).header(ACCEPT, "application/json");
        let told = self.authorization(&method, &url)?;
        if let Some(header) = &told {
            request = request.header(AUTHORIZATION, header);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_owned());
        }
        let sent = request.send().await;
        let response =
            sent.map_err(|error| if error.is_connect() { AskError::NotReached } else { AskError::NoAnswer })?;
        let (status, rest) = (response.status(), rest(&response));
        if status.is_redirection() {
            return Err(AskError::Redirected);
        }
        let body = read(response).await?;
        // An answer counts with every status but those that say that it was not even considered.
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(AskError::Unauthorised { status: status.as_u16() })
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
                if read_settle_answer(&body).is_none() =>
            {
                Err(AskError::Busy { status: status.as_u16(), retry_after: rest })
            }
            _ => Ok(Heard { status, body, told }),
        }
    }

    fn authorization(&self, method: &Method, url: &Url) -> Result<Option<HeaderValue>, AskError> {
        let Inner { url: base, credential, clock, seed, signed, .. } = &*self.inner;
        let Some(credential) = credential else { return Ok(None) };
        let (now, count) = (clock.now(), signed.fetch_add(1, Ordering::Relaxed));
        let mut random = [0; 16];
        let mut hasher = Sha256::new();
        hasher.update(seed);
        hasher.update(count.to_be_bytes());
        hasher.update(now.timestamp_micros().to_be_bytes());
        random.copy_from_slice(&hasher.finalize()[..16]);
        let host = base.host();
        let line = RequestLine { method: method.as_str(), host: &host, path: url.path() };
        let now = now.timestamp().max(0).cast_unsigned();
        let header = credential.authorization(line, now, random).map_err(|_| AskError::Credential)?;
        let mut header = HeaderValue::from_str(&header).map_err(|_| AskError::Credential)?;
        header.set_sensitive(true);
        Ok(Some(header))
    }
}

/// For how long it wants to be left alone.
fn rest(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_REST))
}

async fn read(mut response: Response) -> Result<Vec<u8>, AskError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|_| AskError::NoAnswer)? {
        if body.len() + piece.len() > LARGEST_ANSWER {
            return Err(AskError::NotAnAnswer { status });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

impl fmt::Debug for Facilitator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Facilitator").field(&self.inner.url).finish()
    }
}

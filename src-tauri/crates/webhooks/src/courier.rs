use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Environment, WebhookId};
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use http_body_util::Full;
use outbound::{Client, NoTls, Policy, Tls};
use store::{Message, Store, StoreError, Then, WebhookRow};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::payload::Composer;
use crate::post::{Way, try_once};
use crate::{Secrets, policy};

/// How much is made into messages, and how many of them one receiver is told, before anything else is looked at.
const AT_ONCE: u32 = 100;
const IN_A_ROW: u32 = 20;

/// How long changes are gathered after the first: they come in rushes, and one look answers many.
const RUSH: Duration = Duration::from_millis(200);

/// How long a receiver is left alone after a try that failed, whatever else waits for it.
const REST: TimeDelta = TimeDelta::seconds(5);

/// How long the last messages may take when the stall closes. What is not delivered by then is at the next start.
const LAST_WORK: Duration = Duration::from_secs(3);

/// How long to wait when the data file cannot be used.
const FAULT: Duration = Duration::from_secs(5);

/// What a courier needs.
pub struct CourierConfig {
    /// Where it reads what happened.
    pub store: Store,
    /// What the time is.
    pub clock: Arc<dyn Clock>,
    /// Which environment this is.
    pub environment: Environment,
    /// What signs the messages.
    pub secrets: Secrets,
    /// What listens here.
    pub own: Option<SocketAddr>,
    /// Bytes that were drawn at random at this start.
    pub seed: [u8; 32],
}

/// Takes messages to webhooks. A clone is another handle to the same one.
#[derive(Clone)]
pub struct Courier(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    environment: Environment,
    secrets: Secrets,
    own: Option<SocketAddr>,
    composer: Composer,
    tls: Tls,
    tests: AtomicU64,
    clients: Mutex<HashMap<WebhookId, Held>>,
}

/// A client, and the policy that it is held to.
type Held = (Policy, Client<Full<Bytes>>);

/// A receiver that was told what was due, and whether it took it.
struct Visited {
    webhook: WebhookId,
    /// When it did not take something, if it did not.
    refused_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}

impl Courier {
    /// A courier that has not set out yet.
    ///
    /// # Errors
    /// When nothing can be encrypted on this computer.
    pub fn new(config: CourierConfig) -> Result<Self, NoTls> {
        let CourierConfig { store, clock, environment, secrets, own, seed } = config;
        let composer = Composer { store: store.clone(), environment, seed };
        let (tls, tests, clients) = (Tls::of_this_computer()?, AtomicU64::default(), Mutex::default());
        Ok(Self(Arc::new(Inner { store, clock, environment, secrets, own, composer, tls, tests, clients })))
    }

    /// Tells everybody what happens until the stop, and then what is left, for a moment.
    pub async fn run(self, stop: CancellationToken) {
        let mut round = Round { courier: self, visits: FuturesUnordered::new(), rests: HashMap::new() };
        let mut changes = round.courier.0.store.changes();
        loop {
            let next = match round.set_out().await {
                Ok(next) => next,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::warn!(%error, "webhooks could not be told what happened");
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = sleep(FAULT) => continue,
                    }
                }
            };
            let clock = round.courier.0.clock.clone();
            let due = async {
                match next {
                    Some(at) => clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(visited) = round.visits.next(), if !round.visits.is_empty() => round.came_back(&visited),
                change = changes.next() => {
                    if change.is_none() {
                        return;
                    }
                    sleep(RUSH).await;
                    changes.skip_missed();
                }
                () = due => {}
            }
        }
        drop(timeout(LAST_WORK, round.finish()).await);
    }

    /// Tries a webhook out: one message, at once, on or off.
    ///
    /// # Errors
    /// When the data file cannot be used.
    pub async fn test(&self, webhook: &WebhookRow) -> Result<Message, StoreError> {
        let now = self.0.clock.now();
        let told = self.0.composer.test(self.0.tests.fetch_add(1, Ordering::Relaxed), now);
        let message = self.0.store.write_test(webhook.id, told, now).await?;
        self.tell(webhook, &message).await?;
        self.0.store.message(message.id).await?.ok_or(StoreError::NotFound("message"))
    }

    /// Makes everything that happened into messages.
    async fn compose(&self) -> Result<(), StoreError> {
        loop {
            let happened = self.0.store.happenings(AT_ONCE).await?;
            if happened.is_empty() {
                return Ok(());
            }
            let now = self.0.clock.now();
            let mut told = Vec::with_capacity(happened.len());
            for happening in &happened {
                let message = match self.0.composer.compose(happening, now).await {
                    // What cannot be told must not keep everything after it from being told.
                    Err(error @ StoreError::Inconsistent { .. }) => {
                        tracing::warn!(%error, kind = %happening.kind, "webhooks are not told of something");
                        None
                    }
                    message => message?,
                };
                told.push((happening.id, message));
            }
            self.0.store.write_messages(told, now).await?;
        }
    }

    /// Tells one receiver what is due, the oldest first, until it does not take something.
    async fn visit(self, webhook: WebhookId) -> Visited {
        let refused_at = self.tell_all(webhook).await.unwrap_or_else(|error| {
            tracing::warn!(%webhook, %error, "a webhook could not be told what happened");
            Some(self.0.clock.now())
        });
        Visited { webhook, refused_at }
    }

    async fn tell_all(&self, webhook: WebhookId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let now = self.0.clock.now();
        let Some((row, due)) = self.0.store.messages_to(webhook, now, IN_A_ROW).await? else {
            return Ok(None);
        };
        for message in &due {
            let refused_at = self.tell(&row, message).await?;
            if refused_at.is_some() {
                return Ok(refused_at);
            }
        }
        Ok(None)
    }

    /// Tries one message and writes down how that ended. Answers when it was not taken, if it was not: before
    /// anybody can read of it, so that a rest begins no later than that.
    async fn tell(&self, row: &WebhookRow, message: &Message) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Inner { store, clock, environment, secrets, own, .. } = &*self.0;
        let policy = policy(*environment, &row.url, row.allowed, *own);
        let client = self.client(row.id, &policy);
        let secret = secrets.find(row.id).inspect_err(|error| tracing::warn!(webhook = %row.id, %error));
        let way = Way { url: &row.url, policy: &policy, client: &client, secret: secret.ok() };
        let tried = try_once(way, message, clock.now()).await;
        let refused_at = (tried.then != Then::Delivered).then(|| clock.now());
        store.note_try(tried).await?;
        Ok(refused_at)
    }

    /// The client of one receiver, which keeps its connection for the next message.
    fn client(&self, webhook: WebhookId, policy: &Policy) -> Client<Full<Bytes>> {
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        match clients.get(&webhook) {
            Some((known, client)) if known == policy => client.clone(),
            _ => {
                let client = Client::new(&self.0.tls, policy.clone());
                clients.insert(webhook, (policy.clone(), client.clone()));
                client
            }
        }
    }
}

/// Who is being visited, and who is left alone for a while.
struct Round {
    courier: Courier,
    visits: FuturesUnordered<Visit>,
    rests: HashMap<WebhookId, DateTime<Utc>>,
}

/// A visit to a receiver that goes on; dropped when the stall closes for good.
struct Visit {
    webhook: WebhookId,
    visiting: BoxFuture<'static, Visited>,
}

impl Future for Visit {
    type Output = Visited;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Visited> {
        self.visiting.as_mut().poll(context)
    }
}

impl Round {
    /// Makes messages, sets out to whoever is due and not visited already, and answers with when to look again.
    async fn set_out(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.courier.compose().await?;
        let now = self.courier.0.clock.now();
        self.rests.retain(|_, until| *until > now);
        let busy: HashSet<_> = self.visits.iter().map(|visit| visit.webhook).collect();
        let mut next: Option<DateTime<Utc>> = None;
        for (webhook, at) in self.courier.0.store.messages_due().await? {
            if busy.contains(&webhook) {
                continue;
            }
            let at = self.rests.get(&webhook).map_or(at, |rest| at.max(*rest));
            if at <= now {
                let visiting = Box::pin(self.courier.clone().visit(webhook));
                self.visits.push(Visit { webhook, visiting });
            } else {
                next = Some(next.map_or(at, |next| next.min(at)));
            }
        }
        Ok(next)
    }

    fn came_back(&mut self, visited: &Visited) {
        if let Some(at) = visited.refused_at {
            self.rests.insert(visited.webhook, at + REST);
        }
    }

    /// Tells what is left, such as that the stall closes, for as long as there is time.
    async fn finish(mut self) {
        loop {
            if let Err(error) = self.set_out().await {
                tracing::debug!(%error, "what is left to tell webhooks is told at the next start");
                return;
            }
            let Some(visited) = self.visits.next().await else { return };
            self.came_back(&visited);
        }
    }
}

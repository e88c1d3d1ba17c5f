//! Links by which who paid receives again what was bought, without a wallet: a browser's own downloads, resumed and repeated. Who has such a
//! link has the content, so nothing tells it on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Delivery, PaymentId, PaymentSeq};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_RANGE, HeaderName, HeaderValue, REFERRER_POLICY};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use store::{Bought, PaymentRef, Store, StoreError};
use wallet::GrantError;

use crate::body::Body;
use crate::catalogue::Item;
use crate::content::{Problem, Ready};
use crate::file_body::FileBody;
use crate::goods::Goods;
use crate::reply::{self, Reply};
use crate::shop::Shop;
use crate::stop::Stop;
use crate::tally::{Tally, Unsent};
use crate::visits::Led;
use crate::{deliver, receipts, status};

/// Where the links lead; the token follows.
pub(crate) const PREFIX: &str = "/d/";

/// A path as it may be written down: without the token of a link, because who reads it could use it (T85).
pub(crate) fn told(path: &str) -> &str {
    let secret = [PREFIX, receipts::PREFIX].into_iter().find(|prefix| path.starts_with(prefix));
    secret.map_or(path, |prefix| &path[..prefix.len()])
}

/// What a browser asks for that buys by script and downloads by link.
const PROFILE: &[u8] = b"stallkeeper-grant";

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// How long a link is good at least: what is charged each time has to arrive once.
const LEAST: TimeDelta = TimeDelta::days(1);

/// How long what the store said of a payment is taken as said.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// So many payments are known at once.
const MOST_KNOWN: usize = 4096;

/// What was looked up of links lately, so that a download asks the store nothing.
#[derive(Debug, Default)]
pub(crate) struct Grants(Mutex<HashMap<PaymentId, Arc<Known>>>);

/// What is known of one payment's links.
#[derive(Debug)]
pub(crate) struct Known {
    bought: Bought,
    read_at: DateTime<Utc>,
    delivery: Mutex<Delivery>,
    /// How many bytes left by its links.
    sent: AtomicU64,
    /// Whether the store is told, because the seller limits that.
    is_counted: bool,
}

impl Known {
    /// How far the content has got, and how much of it went.
    pub(crate) fn note(&self, store: &Store, payment: PaymentSeq, delivery: Delivery, bytes: u64) {
        *self.delivery.lock().unwrap_or_else(PoisonError::into_inner) = delivery;
        self.sent.fetch_add(bytes, Ordering::Relaxed);
        if !self.is_counted || bytes == 0 {
            return;
        }
        // Told while an answer is dropped, where nobody can wait.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let store = store.clone();
            runtime.spawn(async move {
                if let Err(error) = store.note_link_bytes(payment, bytes).await {
                    tracing::warn!(%error, "what left through a link was not counted");
                }
            });
        }
    }
}

impl Grants {
    /// Forgets what was known: links were revoked, or the seller decided otherwise.
    pub(crate) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<PaymentId, Arc<Known>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn of(
        &self,
        shop: &Shop,
        id: PaymentId,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Known>>, StoreError> {
        let held = self.known().get(&id).cloned();
        if let Some(held) = held.as_ref().filter(|held| now.signed_duration_since(held.read_at).abs() < FRESH)
        {
            return Ok(Some(Arc::clone(held)));
        }
        let Some(bought) = shop.store.bought(id).await? else { return Ok(None) };
        // What was sent just now may not be written yet.
        let sent = held.map_or(0, |held| held.sent.load(Ordering::Relaxed)).max(bought.link_bytes);
        let known = Arc::new(Known {
            delivery: Mutex::new(bought.payment.delivery),
            sent: AtomicU64::new(sent),
            is_counted: shop.chosen.borrow().most_downloads.is_some(),
            read_at: now,
            bought,
        });
        let mut all = self.known();
        if all.len() >= MOST_KNOWN {
            all.clear();
        }
        all.insert(id, Arc::clone(&known));
        Ok(Some(known))
    }
}

/// Whether a paying request wants a link instead of the bytes.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    let names = |value: &HeaderValue| value.as_bytes().windows(PROFILE.len()).any(|part| part == PROFILE);
    headers.get_all(ACCEPT).iter().any(names)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Granted<'g> {
    grant: String,
    receipt: String,
    status: String,
    file_name: &'g str,
    size_bytes: u64,
}

/// The answer to who paid and wants a link: it is the same each time, until links are revoked.
pub(crate) async fn granted(shop: &Shop, item: &Item, payment: &PaymentRef) -> Result<Reply, Stop> {
    let unsent = Unsent::begin(&shop.store, payment);
    let bought = shop.store.bought(payment.id).await?.ok_or_else(reply::not_found)?;
    // What is charged each time can be claimed until it has arrived, as if the line had broken.
    if bought.owned_until > bought.accepted_at {
        unsent.ends();
    }
    let granted = Granted {
        grant: link(shop, &bought),
        receipt: receipts::link(shop, payment.id),
        status: format!("{}{}", status::PREFIX, payment.id),
        file_name: &item.file_name,
        size_bytes: item.goods.bytes(),
    };
    let mut reply = reply::json(StatusCode::OK, &granted);
    secret(reply.headers_mut());
    Ok(reply)
}

/// The link to what was bought, as a path.
pub(crate) fn link(shop: &Shop, bought: &Bought) -> String {
    let until = bought.owned_until.max(bought.accepted_at + LEAST);
    let until = u64::try_from(until.timestamp()).unwrap_or_default();
    let token = shop.keys.grants.issue(bought.payment.id, until, bought.epoch);
    format!("{PREFIX}{}", token.as_str())
}

/// Nobody is told where the buyer came from, and nobody finds it by searching.
pub(crate) fn secret(headers: &mut HeaderMap) {
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
}

/// 410: the link was one and is none any more.
fn over(error: &str, message: &str) -> Reply {
    reply::error(StatusCode::GONE, error, message)
}

/// Delivers what a link leads to.
pub(crate) async fn answer(shop: &Shop, token: &str, head: &Parts) -> Reply {
    let mut reply = match deliver(shop, token, head).await {
        Ok(reply) => reply,
        Err(Stop::Reply(reply)) => *reply,
        Err(Stop::Refused(_)) => reply::not_found(),
    };
    secret(reply.headers_mut());
    reply
}

async fn deliver(shop: &Shop, token: &str, head: &Parts) -> Result<Reply, Stop> {
    let now = shop.clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let grant = shop.keys.grants.open(token, seconds).map_err(|error| match error {
        GrantError::Malformed | GrantError::Forged => reply::not_found(),
        GrantError::Expired => over(
            "link_expired",
            "This download link has expired. Open the page you bought from to get a new one.",
        ),
    })?;
    let known = shop.grants.of(shop, grant.payment, now).await?.ok_or_else(reply::not_found)?;
    let Known { bought, .. } = &*known;
    if grant.epoch != bought.epoch {
        return Err(over(
            "link_revoked",
            "The seller ended this download link. Open the page you bought from to get a new one.",
        )
        .into());
    }
    if !bought.is_owed {
        return Err(
            over("not_paid", "The payment behind this download link did not arrive, so it is over.").into()
        );
    }
    let catalogue = Arc::clone(&shop.catalogue.borrow());
    let gone = || over("gone", "What this link led to is not kept any more. The seller can say more.");
    let item = catalogue.part_of(bought.endpoint, &bought.part).ok_or_else(gone)?;
    if matches!(item.goods, Goods::Service(_)) {
        return Err(gone().into());
    }
    let bytes = item.goods.bytes();
    let allowed = shop.chosen.borrow().most_downloads.map(|most| bytes.saturating_mul(u64::from(most)));
    if allowed.is_some_and(|allowed| known.sent.load(Ordering::Relaxed) >= allowed) {
        return Err(over("downloaded_enough", "This was downloaded as often as the seller allows.").into());
    }
    let delivery = *known.delivery.lock().unwrap_or_else(PoisonError::into_inner);
    let payment = PaymentRef { delivery, ..bought.payment.clone() };
    send(shop, item, &payment, head, Some(Arc::clone(&known))).await
}

/// Sends what was bought before to who has the right to it.
pub(crate) async fn send(
    shop: &Shop,
    item: &Item,
    payment: &PaymentRef,
    head: &Parts,
    link: Option<Arc<Known>>,
) -> Result<Reply, Stop> {
    let bytes = item.goods.bytes();
    let (start, end) = match head.method {
        Method::HEAD => (0, bytes),
        _ => deliver::span(item, &head.headers)?,
    };
    let sound = item.goods.owed(&shop.checks).await?;
    let mut headers = item.headers.clone();
    if head.method == Method::HEAD {
        headers.insert(CONTENT_LENGTH, bytes.into());
        return Ok(reply::whole(StatusCode::OK, headers, Body::empty()));
    }
    let tally = || {
        let tally = Tally::begin(&shop.store, payment, start, end, bytes);
        match &link {
            Some(link) => tally.by_link(Arc::clone(link)),
            None => tally,
        }
    };
    let body = match item.goods.ready(sound, &shop.cache).await? {
        Ready::Small(content) => {
            Body::Small(deliver::part(&content, start, end).ok_or(Problem::Changed)?, tally())
        }
        Ready::Large(source) => {
            let file = FileBody::open(source, start, end).await?;
            let tally = tally();
            tally.say_streaming();
            Body::Large(file, tally)
        }
    };
    let mut status = StatusCode::OK;
    if (start, end) != (0, bytes) {
        status = StatusCode::PARTIAL_CONTENT;
        if let Ok(range) = HeaderValue::try_from(format!("bytes {start}-{}/{bytes}", end - 1)) {
            headers.insert(CONTENT_RANGE, range);
        }
    }
    let mut reply = reply::whole(status, headers, body);
    reply.extensions_mut().insert(Led(item.endpoint.id));
    Ok(reply)
}

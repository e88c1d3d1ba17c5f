//! Links by which who paid receives again what was bought, without a wallet: a browser's own downloads, resumed and repeated. Who has such a
//! link has the content, so nothing tells it on.

mod known;

use std::sync::Arc;

use chrono::TimeDelta;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_RANGE, HeaderName, HeaderValue, REFERRER_POLICY};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use store::{Bought, PaymentRef};
use wallet::GrantError;

use crate::body::Body;
use crate::catalogue::Item;
use crate::content::{Problem, Ready};
use crate::file_body::FileBody;
use crate::goods::Goods;
use crate::reply::{self, Reply, SOON};
use crate::shop::Shop;
use crate::stop::Stop;
use crate::tally::{Tally, Unsent};
use crate::visits::Led;
use crate::{deliver, receipts, status, versions};

use known::NoMore;
pub(crate) use known::{Grants, Known, Reserved};

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
    let theirs = versions::version(shop, item, bought.sha256).await?;
    let item = theirs.as_deref().unwrap_or(item);
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
    let read = shop.store.bought(grant.payment);
    let known = shop.grants.of(grant.payment, now, read).await?.ok_or_else(reply::not_found)?;
    let bought = &known.bought;
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
    let payment = PaymentRef { delivery: known.delivery(), ..bought.payment.clone() };
    send(shop, item, &payment, head, Some(known)).await
}

/// Sends what was bought before to who has the right to it.
pub(crate) async fn send(
    shop: &Shop,
    item: &Item,
    payment: &PaymentRef,
    head: &Parts,
    link: Option<Arc<Known>>,
) -> Result<Reply, Stop> {
    let theirs = match &link {
        Some(known) => versions::version(shop, item, known.bought.sha256).await?,
        None => versions::theirs(shop, item, payment).await?,
    };
    let item = theirs.as_deref().unwrap_or(item);
    let bytes = item.goods.bytes();
    let (start, end) = match head.method {
        Method::HEAD => (0, bytes),
        _ => deliver::span(item, &head.headers)?,
    };
    // Before anything else is waited for, so that whoever asks at the same time is counted, too.
    let reserved = match &link {
        Some(known) if head.method != Method::HEAD => reserve(shop, known, end - start, bytes)?,
        Some(_) | None => None,
    };
    let mut headers = item.headers.clone();
    if head.method == Method::HEAD {
        item.goods.owed(&shop.checks).await?;
        headers.insert(CONTENT_LENGTH, bytes.into());
        return Ok(reply::whole(StatusCode::OK, headers, Body::empty()));
    }
    let tally = || {
        let tally = Tally::begin(&shop.store, payment, start, end, bytes);
        match link {
            Some(link) => tally.by_link(link, reserved),
            None => tally,
        }
    };
    let body = match item.goods.owed_ready(&shop.checks, &shop.cache).await? {
        Ready::Small(content) => {
            Body::from_memory(deliver::part(&content, start, end).ok_or(Problem::Changed)?, tally())
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

/// Sets an answer's bytes aside where the seller limits what leaves by links.
fn reserve(shop: &Shop, known: &Known, bytes: u64, all: u64) -> Result<Option<Reserved>, Stop> {
    let Some(most) = shop.chosen.borrow().most_downloads else { return Ok(None) };
    known.reserve(bytes, all.saturating_mul(u64::from(most))).map(Some).map_err(|no_more| match no_more {
        NoMore::Ever => {
            over("downloaded_enough", "This was downloaded as often as the seller allows.").into()
        }
        NoMore::Now => {
            let message = "Another download by this link is under way. Come again when it has ended.";
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut reply = reply::error(status, "download_under_way", message);
            reply::retry_after(&mut reply, SOON);
            reply.into()
        }
    })
}

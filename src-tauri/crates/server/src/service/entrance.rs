use std::net::IpAddr;
use std::sync::Arc;

use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ALLOW, EXPECT, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};

use crate::body::Body;
use crate::catalogue::{Front, Item};
use crate::gate::{self, Gate, Work};
use crate::goods::Goods;
use crate::reply::{self, LATER, Reply};
use crate::service::Found;
use crate::service::collect::{self, Collected};
use crate::service::outgoing::{Outgoing, part_of};
use crate::shop::Shop;
use crate::visitors::Visit;
use crate::{headers, paid};

impl Gate {
    /// Answers a request at a path that a service answers.
    pub(crate) fn at_service(&self, head: &Parts, has_body: bool, found: &Found) -> Result<Reply, Work> {
        let Found { items, path } = found;
        if head.method == Method::OPTIONS && !has_body {
            let mut headers = headers::preflight(&head.headers);
            allow(&mut headers, items);
            return Ok(reply::whole(StatusCode::NO_CONTENT, headers, Body::empty()));
        }
        let part = part_of(&head.method);
        let asked = items.iter().find(|item| item.part.as_str() == part);
        let Some(item) = asked.or_else(|| items.first().filter(|_| head.method == Method::HEAD)) else {
            let mut reply = reply::error(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This cannot be asked with that method.",
            );
            allow(reply.headers_mut(), items);
            return Ok(reply);
        };
        let item = item.at(path);
        let pays = head.method != Method::HEAD && gate::has_payment(&head.headers);
        let sold = pays || !matches!(item.front, Front::Removed);
        if sold && !self.is_selling() {
            return Ok(reply::unavailable("closed", "The seller is not selling at the moment.", LATER));
        }
        if pays && !matches!(item.front, Front::Paused) {
            return match self.admit(&head.headers) {
                Ok(from) => Err(Work::Call(item, from)),
                Err(reply) => Ok(reply::closing(*reply)),
            };
        }
        let free = if head.method == Method::HEAD { None } else { self.free(head, &item) };
        let reply = match free {
            Some(Ok(from)) => return Err(Work::Free(item, from)),
            Some(Err(reply)) => *reply,
            None => gate::demand(&item, head),
        };
        match &item.goods {
            // Who waits to be told to send the body is told the terms instead.
            Goods::Service(service) if has_body && !head.headers.contains_key(EXPECT) => {
                Err(Work::Unread(Box::new(reply), service.longest_request))
            }
            _ => Ok(reply),
        }
    }
}

/// Answers a request with a payment for a service. What is begun is ended, whether its buyer waits for it or not.
pub(crate) async fn call<B>(
    shop: Arc<Shop>,
    item: Arc<Item>,
    head: Parts,
    body: B,
    (from, visit): (IpAddr, Option<Visit>),
) -> Reply
where
    B: http_body::Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Send,
{
    let work = tokio::spawn(async move {
        let reply = sell(&shop, &item, &head, body, from).await;
        drop(visit);
        reply
    });
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request for a service failed");
        reply::error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "failed",
            "Something failed here. Nothing was charged.",
        )
    })
}

/// Nobody's body is kept before their payment was looked at: it costs them nothing to send one (T72).
async fn sell<B>(shop: &Shop, item: &Item, head: &Parts, body: B, from: IpAddr) -> Reply
where
    B: http_body::Body + Unpin,
{
    let Goods::Service(service) = &item.goods else { return reply::not_found() };
    let looked = match paid::look(shop, item, head) {
        Ok(looked) => looked,
        Err(stop) => {
            let reply = paid::stopped(item, head, stop);
            return if body.is_end_stream() {
                reply
            } else if head.headers.contains_key(EXPECT) {
                reply::closing(reply)
            } else {
                unread(shop, body, service.longest_request, reply).await
            };
        }
    };
    match shop.bodies.collect(body, service.longest_request, shop.limits.body, from).await {
        Ok(Collected { body, room }) => {
            paid::call(shop, item, head, looked, &Outgoing::new(body, from, room)).await
        }
        Err(reply) => *reply,
    }
}

/// Reads the rest of a request that is answered already.
pub(crate) async fn unread<B>(shop: &Shop, body: B, longest: u32, answer: Reply) -> Reply
where
    B: http_body::Body + Unpin,
{
    collect::discard(body, longest, shop.limits.body, answer).await
}

/// Says which methods there are.
fn allow(headers: &mut HeaderMap, items: &[Arc<Item>]) {
    let mut methods = String::from("OPTIONS, HEAD");
    for item in items {
        methods.push_str(", ");
        methods.push_str(item.part.as_str());
    }
    let Ok(methods) = HeaderValue::try_from(methods) else { return };
    headers.insert(ALLOW, methods.clone());
    if headers.contains_key(ACCESS_CONTROL_ALLOW_METHODS) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        let Some(Goods::Service(service)) = items.first().map(|item| &item.goods) else { return };
        let known = headers.get(ACCESS_CONTROL_ALLOW_HEADERS).and_then(|value| value.to_str().ok());
        let mut all = known.unwrap_or_default().to_owned();
        for name in &service.request_headers {
            all.push_str(", ");
            all.push_str(name.as_str());
        }
        if let Ok(all) = HeaderValue::try_from(all) {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, all);
        }
    }
}

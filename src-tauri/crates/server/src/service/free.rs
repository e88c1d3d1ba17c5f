use std::net::IpAddr;
use std::sync::Arc;

use domain::EndpointState;
use http::request::Parts;

use crate::body::Body;
use crate::catalogue::Item;
use crate::gate::Gate;
use crate::goods::Goods;
use crate::reply::{self, Reply};
use crate::service::collect::Collected;
use crate::service::outgoing::Outgoing;
use crate::service::reading::Reading;
use crate::service::upstreams::Failure;
use crate::service::{answer, spool};
use crate::shop::Shop;
use crate::visitors::Visit;

impl Gate {
    /// Who gets this request for nothing, if the seller gives some away and this address has one left today.
    pub(crate) fn free(&self, head: &Parts, item: &Item) -> Option<(IpAddr, Option<Visit>)> {
        let most = item.given.quota?;
        if item.endpoint.state != EndpointState::Live {
            return None;
        }
        let (from, visit) = self.admit(&head.headers).ok()?;
        self.shop()
            .quotas
            .take(item.endpoint.id, from, most, self.shop().clock.now())
            .then_some((from, visit))
    }
}

/// Answers a request that costs nothing. What is longer than what is kept in memory is not given away.
pub(crate) async fn give<B>(
    shop: &Shop,
    item: Arc<Item>,
    head: &Parts,
    body: B,
    (from, _visit): (IpAddr, Option<Visit>),
) -> Reply
where
    B: http_body::Body + Unpin,
{
    let Goods::Service(service) = &item.goods else { return reply::not_found() };
    let collected = shop.bodies.collect(body, service.longest_request, shop.limits.body, from).await;
    let Collected { body, room } = match collected {
        Ok(collected) => collected,
        Err(reply) => return *reply,
    };
    let outgoing = Outgoing::new(body, from, room);
    let public = shop.public_url.borrow().clone();
    let request = match outgoing.request(&item, service, head, &public) {
        Ok(request) => request,
        Err(error) => return Failure::Refused(error.to_string()).reply(),
    };
    let answered = match shop.upstreams.send(&item, service, &public, request).await {
        Ok(answered) if answered.status().is_success() => answered,
        Ok(answered) => return answer::refused(answered.status()),
        Err(failure) => return failure.reply(),
    };
    let (from, incoming) = answered.into_parts();
    let lines = answer::lines(service, &from.headers);
    let reading = Reading::begin(incoming, service.patience.duration(), shop.limits.answer);
    match spool::short(reading, service.longest_answer).await {
        Ok(body) => reply::whole(from.status, answer::headers(&lines), Body::Plain(body)),
        Err(failure) => failure.reply(),
    }
}

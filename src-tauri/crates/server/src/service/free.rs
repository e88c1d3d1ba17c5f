use std::sync::Arc;

use domain::{CountedBy, EndpointState, Quota};
use http::request::Parts;

use crate::body::Body;
use crate::catalogue::Item;
use crate::gate::{Admitted, Gate};
use crate::goods::Goods;
use crate::quotas::Who;
use crate::reply::{self, Reply};
use crate::service::collect::Collected;
use crate::service::outgoing::Outgoing;
use crate::service::reading::Reading;
use crate::service::upstreams::Failure;
use crate::service::{answer, spool};
use crate::shop::Shop;
use crate::{paid, sign_in};

impl Gate {
    /// Who gets this request for nothing, if the seller gives some away and there is one left today for this address or
    /// wallet; the answer to who does not sign in as it has to be.
    pub(crate) fn free(&self, head: &Parts, item: &Item) -> Option<Result<Admitted, Box<Reply>>> {
        let Quota { requests_a_day: most, counted_by } = item.given.quota?;
        let is_meant = counted_by == CountedBy::Address || sign_in::is_tried(head);
        if item.endpoint.state != EndpointState::Live || !is_meant {
            return None;
        }
        let (from, visit) = self.admit(&head.headers).ok()?;
        let shop = self.shop();
        let left = |who, behind| {
            let all = std::iter::once(who).chain(behind);
            shop.quotas.left(item.endpoint.id, all, most, shop.clock.now())
        };
        match counted_by {
            CountedBy::Address => left(Who::Address(from), None).map(|left| {
                left.take();
                Ok((from, visit))
            }),
            CountedBy::Wallet => {
                let counted = self.counted(&head.headers);
                let has_one = sign_in::with_key(shop, item, head, counted, |wallet| {
                    left(Who::Wallet(wallet), counted.map(Who::Behind))
                });
                Some(match has_one {
                    Ok(()) => Ok((from, visit)),
                    Err(stop) => Err(Box::new(paid::stopped(item, head, stop))),
                })
            }
        }
    }
}

/// Answers a request that costs nothing. What is longer than what is kept in memory is not given away.
pub(crate) async fn give<B>(
    shop: &Shop,
    item: Arc<Item>,
    head: &Parts,
    body: B,
    (from, _visit): Admitted,
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

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{EndpointId, Environment, PRACTICE_BUYER};
use http::header::{CONNECTION, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use http_body::Body as _;

use crate::catalogue::{Catalogue, Front};
use crate::hosts::Line;
use crate::reply::{self, Reply};
use crate::shop::Shop;
use crate::visits::Traffic;
use crate::visits::funnel::Step;
use crate::visits::log::Request;
use crate::{gate, grants};

/// Who signed the payment that came with a request, once that is known. It goes along with the request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payer(Arc<Signer>);

#[derive(Debug, Default)]
struct Signer {
    told: OnceLock<(Address, bool)>,
    has_bought: OnceLock<()>,
}

impl Payer {
    /// Says who is named, and whether the signature is known to be theirs: of an account with code it is not before that
    /// code was asked.
    pub(crate) fn tell(head: &Parts, payer: Address, is_theirs: bool) {
        if let Some(Self(signer)) = head.extensions.get() {
            // Told once for each request.
            let _ = signer.told.set((payer, is_theirs));
        }
    }

    /// Says that the payment was taken: who only receives again what is theirs buys nothing.
    pub(crate) fn has_bought(head: &Parts) {
        if let Some(Self(signer)) = head.extensions.get() {
            let _ = signer.has_bought.set(());
        }
    }
}

/// Which endpoint's content a link leads to; it goes along with the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Led(pub(crate) EndpointId);

/// A request, as far as it is counted.
pub(crate) struct Asked {
    at: DateTime<Utc>,
    from: IpAddr,
    /// From where it counts; none where that is this computer, because whoever comes by a proxy here comes from there.
    counted: Option<IpAddr>,
    is_own: bool,
    payer: Option<Payer>,
}

impl Asked {
    pub(crate) fn by(shop: &Shop, head: &mut Parts, line: Line) -> Self {
        let counted = counted(shop, &head.headers, line);
        let payer = gate::has_payment(&head.headers).then(Payer::default);
        if let Some(payer) = payer.clone() {
            head.extensions.insert(payer);
        }
        let is_own = shop.environment == Environment::Practice
            && head.headers.get(USER_AGENT).is_some_and(|agent| agent == PRACTICE_BUYER);
        Self { at: shop.clock.now(), from: counted.unwrap_or(line.buyer), counted, is_own, payer }
    }

    /// Counts what it was answered. Whoever was shown terms too often is shown none.
    pub(crate) fn answered(self, shop: &Shop, head: &Parts, mut reply: Reply) -> Reply {
        let mut status = reply.status();
        let is_demand = status == StatusCode::PAYMENT_REQUIRED && self.payer.is_none();
        if let (true, Some(address)) = (is_demand, self.counted)
            && let Err(wait) = shop.paces.terms(address)
        {
            let ends = reply.headers().get(CONNECTION).cloned();
            reply = asks_too_often(wait);
            ends.map(|ends| reply.headers_mut().insert(CONNECTION, ends));
            status = reply.status();
        }
        let told = self.payer.as_ref().and_then(|Payer(signer)| signer.told.get().copied());
        let signed = told.filter(|(_, is_theirs)| *is_theirs || status.is_success());
        if let (Some(_), None, StatusCode::PAYMENT_REQUIRED, Some(address)) =
            (told, signed, status, self.counted)
        {
            shop.paces.bad_signature(address);
        }
        let led = reply.extensions_mut().remove().map(|Led(endpoint)| endpoint);
        let is_counted = led.is_some() || status == StatusCode::PAYMENT_REQUIRED || told.is_some();
        let endpoint = led.or_else(|| sold_at(&shop.catalogue.borrow(), head.uri.path()));
        let bytes = match (&head.method, status) {
            (&Method::HEAD, _) => 0,
            _ => reply.body().size_hint().exact().unwrap_or_default(),
        };
        let traffic = &shop.traffic;
        let request = Request {
            at: self.at,
            method: head.method.clone(),
            path: Request::path(grants::told(head.uri.path())),
            status: status.as_u16(),
            bytes,
            payer: signed.map(|(payer, _)| payer),
            address: traffic.keeps_addresses().then_some(self.from),
            is_own: self.is_own,
            endpoint,
            took: (shop.clock.now() - self.at).to_std().unwrap_or_default(),
        };
        let counted = endpoint.filter(|_| is_counted && !self.is_own);
        let visitor = Visitor { traffic: traffic.clone(), endpoint: counted, request };
        if status == StatusCode::PAYMENT_REQUIRED && is_demand && head.method != Method::HEAD {
            visitor.count(Step::Shown);
        }
        if self.payer.is_some_and(|Payer(signer)| signer.has_bought.get().is_some()) {
            visitor.count(Step::Signed);
        }
        if let Some(visitor) = reply.body_mut().watched_by(visitor) {
            visitor.leaves();
        }
        reply
    }
}

/// The address by which a request counts: the one that a tunnel of ours or a proxy of the seller's tells, or the connection's
/// own unless that is this computer.
pub(crate) fn counted(shop: &Shop, headers: &HeaderMap, line: Line) -> Option<IpAddr> {
    shop.told(headers, line)
        .or_else(|| Some(line.buyer).filter(|address| !address.to_canonical().is_loopback()))
}

/// The answer to whoever is shown more than anybody reads.
pub(crate) fn asks_too_often(wait: Duration) -> Reply {
    too_often("too_many_requests", "You ask for more than anybody can read. Come again later.", wait)
}

/// 429, and when to come again.
pub(crate) fn too_often(error: &str, message: &str, wait: Duration) -> Reply {
    let mut reply = reply::error(StatusCode::TOO_MANY_REQUESTS, error, message);
    let seconds = wait.as_secs().saturating_add(1);
    reply::retry_after(&mut reply, u32::try_from(seconds).unwrap_or(u32::MAX));
    reply
}

/// What is sold at a path, or was.
fn sold_at(catalogue: &Catalogue, path: &str) -> Option<EndpointId> {
    let found = catalogue.find(path);
    if let Some(item) = found.filter(|item| !matches!(item.front, Front::Removed)) {
        return Some(item.endpoint.id);
    }
    let service =
        catalogue.service(path).and_then(|service| service.items.first().map(|item| item.endpoint.id));
    service.or_else(|| found.map(|item| item.endpoint.id))
}

/// Whoever is being answered.
#[derive(Debug)]
pub(crate) struct Visitor {
    traffic: Traffic,
    /// What they came for, where that is counted.
    endpoint: Option<EndpointId>,
    request: Request,
}

impl Visitor {
    /// Paid bytes were sent to them, for the first time all of them or not.
    pub(crate) fn served(mut self, bytes: u64, all: bool) {
        self.request.bytes = bytes;
        if all {
            self.count(Step::Delivered);
        }
        self.leaves();
    }

    fn count(&self, step: Step) {
        if let Some(endpoint) = self.endpoint {
            self.traffic.count(endpoint, self.request.at.timestamp().div_euclid(86_400), step);
        }
    }

    fn leaves(self) {
        self.traffic.push(self.request);
    }
}

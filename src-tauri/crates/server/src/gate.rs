use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use domain::PaymentId;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde::Serialize;

use crate::body::Body;
use crate::catalogue::{Front, Item};
use crate::content::Problem;
use crate::hosts::Line;
use crate::reply::{self, LATER, Reply, SOON};
use crate::shop::Shop;
use crate::visitors::Visit;
use crate::visits::{self, Asked};
use crate::{gift, grants, headers, pages, paid, picture_folder, receipts, service, sign_in, status, stop};

/// Where every request comes in. What it cannot name exactly, it does not answer (T27).
#[derive(Clone)]
pub(crate) struct Gate {
    shop: Arc<Shop>,
    line: Line,
}

/// An answer on its way. Everything but a payment is answered on the spot.
#[expect(
    clippy::large_enum_variant,
    reason = "most answers are there at once and cost no allocation this way"
)]
pub(crate) enum Answer {
    /// It is there; taken out when it is handed over.
    Now(Option<Reply>),
    /// It takes the store, the chain or the disk.
    Later(Pin<Box<dyn Future<Output = Reply> + Send>>),
}

/// Where the stall shows that it is itself; the nonce of a check follows.
const REACH: &str = "/.stallkeeper/reach/";

#[derive(Serialize)]
struct Proven<'a> {
    proof: &'a str,
}

/// From where somebody comes, and that they are being looked at.
pub(crate) type Admitted = (IpAddr, Option<Visit>);

/// What takes longer than looking something up.
pub(crate) enum Work {
    /// The terms, once the file has been read through.
    Demand(Arc<Item>),
    Payment(Arc<Item>, Option<Visit>),
    /// What costs nothing.
    Gift(Arc<Item>),
    Status(PaymentId),
    /// A sign-in of who may have bought it, and the address that it counts for.
    SignIn(Arc<Item>, Option<IpAddr>, Option<Visit>),
    /// What a link leads to, by its token.
    Link(String),
    /// The receipt of this name.
    Receipt(String),
    /// A picture, by its name.
    Picture(String),
    /// A payment for what a service does, and from where it comes.
    Call(Arc<Item>, (IpAddr, Option<Visit>)),
    /// A request that a service answers for nothing.
    Free(Arc<Item>, (IpAddr, Option<Visit>)),
    /// An answer to a request of whose body so much is read as a service would take.
    Unread(Box<Reply>, u32),
}

impl Gate {
    /// The gate of one connection.
    pub(crate) const fn new(shop: Arc<Shop>, line: Line) -> Self {
        Self { shop, line }
    }

    /// Answers a request, whose body is only ever read for a service.
    pub(crate) fn answer<B>(&self, request: Request<B>) -> Answer
    where
        B: http_body::Body + Send + Unpin + 'static,
        B::Data: Send,
        B::Error: Send,
    {
        let has_body = !request.body().is_end_stream();
        let (mut head, body) = request.into_parts();
        let asked = Asked::by(&self.shop, &mut head, self.line);
        let began = tracing::enabled!(tracing::Level::DEBUG).then(Instant::now);
        match self.look(&head, has_body) {
            Ok(reply) => {
                let reply = pages::for_people(&self.shop, &head, reply);
                let reply = asked.answered(&self.shop, &head, reply);
                log(&head, &reply, began);
                // What follows of a body that nobody reads must not be taken for the next request (T72).
                Answer::Now(Some(if has_body { reply::closing(reply) } else { reply }))
            }
            Err(work) => {
                let shop = Arc::clone(&self.shop);
                // Each but the link by itself: the room that all of them together take is not moved about for each.
                Answer::Later(Box::pin(async move {
                    let reply = match work {
                        Work::Demand(item) => {
                            let reply = match item.goods.sellable(&shop.checks).await {
                                Ok(_) => demand(&item, &head),
                                Err(problem) => stop::undeliverable(&problem),
                            };
                            pages::for_people(&shop, &head, reply)
                        }
                        Work::Payment(item, _counted) => Box::pin(paid::answer(&shop, &item, &head)).await,
                        Work::Gift(item) => Box::pin(gift::answer(&shop, &item, &head)).await,
                        Work::Status(id) => Box::pin(status::answer(&shop, id)).await,
                        Work::SignIn(item, from, _counted) => {
                            Box::pin(sign_in::answer(&shop, &item, &head, from)).await
                        }
                        Work::Link(token) => {
                            let reply = grants::answer(&shop, &token, &head).await;
                            pages::for_people(&shop, &head, reply)
                        }
                        Work::Receipt(name) => {
                            let reply = Box::pin(receipts::answer(&shop, &name, &head)).await;
                            pages::for_people(&shop, &head, reply)
                        }
                        Work::Picture(name) => Box::pin(picture_folder::answer(&shop, &name, &head)).await,
                        Work::Call(item, from) => {
                            Box::pin(service::call(Arc::clone(&shop), item, head.clone(), body, from)).await
                        }
                        Work::Free(item, from) => {
                            Box::pin(service::give(&shop, item, &head, body, from)).await
                        }
                        Work::Unread(reply, longest) => {
                            let reply = pages::for_people(&shop, &head, *reply);
                            Box::pin(service::unread(&shop, body, longest, reply)).await
                        }
                    };
                    let reply = asked.answered(&shop, &head, reply);
                    log(&head, &reply, began);
                    reply
                }))
            }
        }
    }

    fn look(&self, head: &Parts, has_body: bool) -> Result<Reply, Work> {
        if head.headers.len() > self.shop.limits.header_lines {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            let message = "The request has too many header lines.";
            return Ok(reply::closing(reply::error(status, "too_many_headers", message)));
        }
        if !self.shop.ways.borrow().lead_here(head, self.line, &self.shop.public_url.borrow()) {
            let message = "The stall that answers here goes by another name.";
            return Ok(reply::error(StatusCode::MISDIRECTED_REQUEST, "wrong_host", message));
        }
        let at_service = self.shop.catalogue.borrow().service(head.uri.path());
        if let Some(found) = at_service {
            return self.at_service(head, has_body, &found);
        }
        if !matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let mut reply = reply::error(status, "method_not_allowed", "Only GET is answered here.");
            headers::allow(reply.headers_mut());
            return Ok(reply);
        }
        if has_body {
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(reply::error(status, "body_not_allowed", "Requests have no body here."));
        }
        if head.method == Method::OPTIONS {
            let headers = headers::preflight(&head.headers);
            return Ok(reply::whole(StatusCode::NO_CONTENT, headers, Body::empty()));
        }
        let path = head.uri.path();
        if let Some(nonce) = path.strip_prefix(REACH) {
            return Ok(self.prove(nonce));
        }
        if let Some(asset) = self.shop.pages.asset(head) {
            return Ok(asset);
        }
        if let Some(name) = path.strip_prefix(picture_folder::PREFIX) {
            return Err(Work::Picture(name.to_owned()));
        }
        if let Some(id) = path.strip_prefix(status::PREFIX) {
            if let Some(wait) = self.comes_too_often(&head.headers) {
                return Ok(wait);
            }
            return id.parse().map_or_else(|_| Ok(reply::not_found()), |id| Err(Work::Status(id)));
        }
        let found = self.shop.catalogue.borrow().find(path).cloned();
        let Some(item) = found else { return self.own(head) };
        // HEAD never carries a payment: nothing could be delivered for it.
        let pays = head.method == Method::GET && has_payment(&head.headers);
        let sold = pays || !matches!(item.front, Front::Removed);
        if sold && !*self.shop.selling.borrow() {
            return Ok(reply::unavailable("closed", "The seller is not selling at the moment.", LATER));
        }
        if item.gift(head.uri.query()).is_some() {
            return self.comes_too_often(&head.headers).ok_or(Work::Gift(item));
        }
        if !pays && head.method == Method::GET && sign_in::is_tried(head) {
            return self.admit_sign_in(&head.headers, item);
        }
        match &item.front {
            Front::Paused => Ok(demand(&item, head)),
            _ if pays => self.pay(&head.headers, item),
            // Nobody is asked to sign for what could not be delivered then (T30). One look at the path
            // costs about a microsecond of a local disk, is never behind, and is the one that the
            // payment itself gets; a look in the background would be both later and more code.
            Front::Terms(_) => match item.goods.look(&self.shop.checks) {
                Ok(_) => Ok(demand(&item, head)),
                Err(Problem::Checking) => Err(Work::Demand(item)),
                Err(problem) => Ok(stop::undeliverable(&problem)),
            },
            Front::Closed(_) | Front::Removed => Ok(demand(&item, head)),
        }
    }
}

impl Gate {
    /// Lets a payment be looked at. On a tunnel's connections the addresses behind it are counted, because the connections
    /// are the tunnel's own (T73, T78).
    fn pay(&self, headers: &HeaderMap, item: Arc<Item>) -> Result<Reply, Work> {
        match self.admit(headers) {
            Ok((_, visit)) => Err(Work::Payment(item, visit)),
            Err(reply) => Ok(*reply),
        }
    }

    /// Who sends it, and that they are being looked at.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<Admitted, Box<Reply>> {
        if let Some(address) = self.counted(headers)
            && let Err(wait) = self.shop.paces.payment(address)
        {
            let message = "Too many payments come from your address; nothing was charged. Come again later.";
            return Err(Box::new(visits::too_often("too_many_payments", message, wait)));
        }
        let told = self.shop.told(headers, self.line);
        let Some(address) = told else { return Ok((self.line.buyer, None)) };
        match self.shop.paying.admit(address, self.shop.limits.payments_of_one) {
            Some(visit) => Ok((address, Some(visit))),
            None => {
                let message = "Too many payments come from your address at once; nothing was charged.";
                let mut reply = reply::error(StatusCode::TOO_MANY_REQUESTS, "too_many_payments", message);
                reply::retry_after(&mut reply, SOON);
                Err(Box::new(reply))
            }
        }
    }

    /// The address by which a request counts, unless that is this computer.
    pub(crate) fn counted(&self, headers: &HeaderMap) -> Option<IpAddr> {
        visits::counted(&self.shop, headers, self.line)
    }

    /// What whoever is shown too much is answered: what costs nothing has the pace at which terms are shown (T73).
    fn comes_too_often(&self, headers: &HeaderMap) -> Option<Reply> {
        let address = self.counted(headers)?;
        self.shop.paces.terms(address).err().map(visits::asks_too_often)
    }

    /// Lets a sign-in be looked at, as a payment is.
    fn admit_sign_in(&self, headers: &HeaderMap, item: Arc<Item>) -> Result<Reply, Work> {
        match self.admit(headers) {
            Ok((_, visit)) => Err(Work::SignIn(item, self.counted(headers), visit)),
            Err(reply) => Ok(*reply),
        }
    }

    /// What the stall has beside what it sells. A seller's own path comes before each of them.
    fn own(&self, head: &Parts) -> Result<Reply, Work> {
        if let Some(wait) = self.comes_too_often(&head.headers) {
            return Ok(wait);
        }
        let path = head.uri.path();
        if let Some(token) = path.strip_prefix(grants::PREFIX) {
            return Err(Work::Link(token.to_owned()));
        }
        if let Some(name) = path.strip_prefix(receipts::PREFIX) {
            return Err(Work::Receipt(name.to_owned()));
        }
        if path == receipts::VERIFY {
            return Ok(receipts::verification(&self.shop, head));
        }
        if let Some(item) = self.previewed(head) {
            return Err(Work::Gift(item));
        }
        Ok(pages::document(&self.shop, head).unwrap_or_else(|| self.not_found(path)))
    }

    /// The folder whose preview is asked for; its files are what is found by their paths.
    fn previewed(&self, head: &Parts) -> Option<Arc<Item>> {
        if head.uri.query() != Some(gift::PREVIEW) || !self.is_selling() {
            return None;
        }
        let catalogue = self.shop.catalogue.borrow();
        let item = catalogue.folder(head.uri.path())?;
        (item.preview.is_some() && item.gift(Some(gift::PREVIEW)).is_some()).then(|| Arc::clone(item))
    }

    /// 404, and what to ask for where something has to stand behind the path of a service.
    fn not_found(&self, path: &str) -> Reply {
        let catalogue = self.shop.catalogue.borrow();
        let Some(pattern) = catalogue.pattern_below(path) else { return reply::not_found() };
        let message = format!("Ask for {path}{pattern}, with a word of yours in the place of each {{…}}.");
        reply::error(StatusCode::NOT_FOUND, "incomplete_path", &message)
    }

    pub(crate) fn shop(&self) -> &Shop {
        &self.shop
    }

    /// Whether the seller has the stall open.
    pub(crate) fn is_selling(&self) -> bool {
        *self.shop.selling.borrow()
    }

    /// Shows that it is this stall that answers here, to whoever knows what to ask.
    fn prove(&self, nonce: &str) -> Reply {
        let ways = self.shop.ways.borrow();
        match ways.answer(nonce) {
            Some(answer) => reply::json(StatusCode::OK, &Proven { proof: answer }),
            None => reply::not_found(),
        }
    }
}

/// What the front of an item says to who does not pay.
pub(crate) fn demand(item: &Item, head: &Parts) -> Reply {
    match item.chosen(head.uri.query()).as_ref().unwrap_or(&item.front) {
        Front::Terms(terms) => terms.demand(),
        Front::Paused => reply::unavailable("paused", "The seller paused this endpoint.", LATER),
        Front::Closed(reason) => stop::closed(reason),
        Front::Removed => reply::not_found(),
    }
}

impl<B> hyper::service::Service<Request<B>> for Gate
where
    B: http_body::Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<B>) -> Answer {
        self.answer(request)
    }
}

impl Future for Answer {
    type Output = Result<Reply, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Now(reply) => reply.take().map_or(Poll::Pending, |reply| Poll::Ready(Ok(reply))),
            Self::Later(work) => work.as_mut().poll(cx).map(Ok),
        }
    }
}

pub(crate) fn has_payment(headers: &HeaderMap) -> bool {
    headers.contains_key(headers::PAYMENT_SIGNATURE) || headers.contains_key(headers::X_PAYMENT)
}

/// Never says what a header or a signature holds (T85).
fn log(head: &Parts, reply: &Reply, began: Option<Instant>) {
    if let Some(began) = began {
        let (method, path, status) = (&head.method, grants::told(head.uri.path()), reply.status().as_u16());
        tracing::debug!(%method, path, status, took = ?began.elapsed(), "answered");
    }
}

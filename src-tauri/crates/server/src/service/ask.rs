use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::Address;
use bytes::Bytes;
use domain::{Clock, Mode, PaymentSeq, Service};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use store::{Answer, Keep, KeptAnswer, KeptBody, PaymentRef, Store};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::body::Body;
use crate::content::Problem;
use crate::deliver::Sale;
use crate::headers;
use crate::paces::Paces;
use crate::reply::{self, LATER, Reply, SOON};
use crate::service::answer;
use crate::service::body::ServiceBody;
use crate::service::live::{Begun, Keeping, Live};
use crate::service::outgoing::Outgoing;
use crate::service::reading::Reading;
use crate::service::spool::Spool;
use crate::service::spools::Spooled;
use crate::service::upstreams::Failure;
use crate::stop::Stop;
use crate::tally::Tally;

/// Changes come in bursts; one look serves for all of a burst.
const BURST: Duration = Duration::from_millis(10);

/// Asks the service for what `payment` was stored for, and charges it if that came back well.
pub(crate) async fn ask(
    sale: &Sale<'_>,
    service: &Service,
    payment: PaymentRef,
    head: &Parts,
    outgoing: &Outgoing,
) -> Result<Reply, Stop> {
    let Sale { shop, item, .. } = *sale;
    let open = Open {
        store: &shop.store,
        clock: &shop.clock,
        paces: &shop.paces,
        payer: sale.payment.authorization.from,
        payment: payment.seq,
        ended: false,
    };
    let public = shop.public_url.borrow().clone();
    let request = match outgoing.request(item, service, head, &public) {
        Ok(request) => request,
        Err(error) => return Err(open.void(Failure::Refused(error.to_string()).reply()).await),
    };
    let answered = shop.upstreams.send(item, service, &public, request).await;
    let answered = match answered {
        Ok(answered) if answered.status().is_success() => answered,
        Ok(answered) => return Err(open.void(answer::refused(answered.status())).await),
        Err(failure) => return Err(open.fails(item.path.as_str(), &failure).await),
    };
    let (from, incoming) = answered.into_parts();
    let lines = answer::lines(service, &from.headers);
    let status = from.status;
    let reading = Reading::begin(incoming, service.patience.duration(), shop.limits.answer);
    let keeping = Keeping { store: shop.store.clone(), payment: payment.seq, status: status.as_u16(), lines };
    match payment.mode {
        Mode::Batched => {
            let begun = match Begun::of(reading).await {
                Ok(begun) => begun,
                Err(failure) => return Err(open.fails(item.path.as_str(), &failure).await),
            };
            open.ends();
            let lines = keeping.lines.clone();
            let body = match begun {
                Begun::Whole(body) => {
                    keeping.note(Keep::All(KeptBody::Bytes(body.to_vec())));
                    small(sale, &payment, body)
                }
                Begun::Streams(first, rest) => {
                    // From here on it is charged, whether its buyer takes it or not.
                    keeping.note(Keep::Begun);
                    let tally = Tally::open(&shop.store, &payment);
                    tally.say_streaming();
                    Body::Service(ServiceBody::Live(Live::begin(first, rest, keeping)), tally)
                }
            };
            Ok(finished(sale, &payment, status, &lines, body))
        }
        Mode::Instant => {
            let spool = match Spool::of(reading, service.longest_answer, &shop.spools, payment.id).await {
                Ok(spool) => spool,
                Err(failure) => return Err(open.fails(item.path.as_str(), &failure).await),
            };
            let kept = match &spool {
                Spool::Memory(body) => KeptBody::Bytes(body.to_vec()),
                Spool::File(file) => KeptBody::File(file.left),
            };
            open.ends();
            let Keeping { lines, .. } = keeping;
            shop.store.record_answer(payment.seq, status.as_u16(), lines.clone(), Keep::All(kept), true);
            let payment = settled(sale, payment).await?;
            let body = match spool {
                Spool::Memory(body) => small(sale, &payment, body),
                Spool::File(file) => spooled(sale, &payment, file),
            };
            Ok(finished(sale, &payment, status, &lines, body))
        }
    }
}

/// The payment, once its money has come. What it bought waits for that no longer than its buyer may claim it.
async fn settled(sale: &Sale<'_>, payment: PaymentRef) -> Result<PaymentRef, Stop> {
    let (shop, id) = (sale.shop, payment.id);
    let settled = sale.settled(payment).await;
    if settled.is_err() {
        shop.spools.look_at(&shop.store, id, shop.clock.now()).await;
    }
    settled
}

fn small(sale: &Sale<'_>, payment: &PaymentRef, body: Bytes) -> Body {
    let bytes = body.len() as u64;
    Body::Small(body, Tally::begin(&sale.shop.store, payment, 0, bytes, bytes))
}

fn spooled(sale: &Sale<'_>, payment: &PaymentRef, file: Spooled) -> Body {
    let bytes = file.left;
    let tally = Tally::begin(&sale.shop.store, payment, 0, bytes, bytes);
    tally.say_streaming();
    Body::Service(ServiceBody::Spooled(file), tally)
}

/// The answer that was given to `payment` before: the service is not asked again for it.
pub(crate) async fn again(sale: &Sale<'_>, service: &Service, payment: PaymentRef) -> Result<Reply, Stop> {
    let shop = sale.shop;
    let Ok(kept) = timeout(service.patience.duration(), answered(sale, &payment)).await else {
        let message = "The service is still being asked for this. Nothing is charged twice.";
        let mut reply = reply::error(StatusCode::CONFLICT, "still_being_answered", message);
        reply::retry_after(&mut reply, SOON);
        return Err(reply.into());
    };
    let Some(KeptAnswer { status, headers, body }) = kept? else {
        return Err(over().into());
    };
    let payment = match payment.mode {
        Mode::Instant => settled(sale, payment).await?,
        Mode::Batched => payment,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let body = match body {
        KeptBody::Bytes(body) => small(sale, &payment, body.into()),
        KeptBody::File(bytes) => match shop.spools.open(payment.id, bytes).await {
            Ok(file) => spooled(sale, &payment, file),
            Err(problem @ (Problem::Missing | Problem::Changed)) => {
                return Err(lost(sale, &payment, &problem).await);
            }
            Err(problem) => {
                tracing::error!(path = %sale.item.path, %problem, "an answer that was kept for its buyer cannot be read");
                let message = "The answer cannot be read at the moment. Nothing is charged twice.";
                return Err(reply::unavailable("content_unavailable", message, LATER).into());
            }
        },
    };
    Ok(finished(sale, &payment, status, &headers, body))
}

/// What waited in a file is not there any more: its buyer may have had it to the end just before the app died, or the file was
/// lost. Whoever signs again buys anew, or every authorization would be answered with what nobody has.
async fn lost(sale: &Sale<'_>, payment: &PaymentRef, problem: &Problem) -> Stop {
    let shop = sale.shop;
    tracing::warn!(path = %sale.item.path, %problem, "an answer that was kept for its buyer is gone");
    if let Err(error) = shop.store.lose_answer(payment.seq).await {
        return error.into();
    }
    // What is left of it takes room.
    shop.spools.look_at(&shop.store, payment.id, shop.clock.now()).await;
    over().into()
}

/// 409 for what was answered before and is not kept.
pub(crate) fn over() -> Reply {
    let message = "What this authorization paid for is over, and its answer is not kept. Sign a fresh one to ask again.";
    reply::error(StatusCode::CONFLICT, "already_answered", message)
}

/// What was answered to a payment, once it is; none when that was not kept.
async fn answered(sale: &Sale<'_>, payment: &PaymentRef) -> Result<Option<KeptAnswer>, Stop> {
    let store = &sale.shop.store;
    let mut changes = store.changes();
    loop {
        match store.answer(payment.seq, sale.shop.clock.now()).await? {
            Some(Answer::Kept(kept)) => return Ok(Some(kept)),
            Some(Answer::NotKept) | None => return Ok(None),
            Some(Answer::Awaited | Answer::Coming) => {}
        }
        if !changes.of_payments().await {
            // The store closes: the stop comes before any answer.
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(BURST).await;
    }
}

fn finished(sale: &Sale<'_>, payment: &PaymentRef, status: StatusCode, lines: &str, body: Body) -> Reply {
    let mut headers: HeaderMap = answer::headers(lines);
    headers::settlement(&mut headers, sale.settlement(payment));
    reply::whole(status, headers, body)
}

/// A payment whose service has not answered. It is dropped with this, whatever happens, unless that
/// [ends](Self::ends) before.
struct Open<'s> {
    store: &'s Store,
    clock: &'s Arc<dyn Clock>,
    paces: &'s Paces,
    payer: Address,
    payment: PaymentSeq,
    ended: bool,
}

impl Open<'_> {
    /// The service has answered well.
    fn ends(mut self) {
        self.ended = true;
    }

    async fn fails(self, path: &str, failure: &Failure) -> Stop {
        tracing::warn!(path, ?failure, "a service gave no answer that can be sold");
        self.void(failure.reply()).await
    }

    /// Nothing is charged, and this is answered.
    async fn void(mut self, reply: Reply) -> Stop {
        self.paces.in_vain(self.payer);
        let voided = self.store.void(self.payment, self.clock.now()).await;
        self.ended = true;
        match voided {
            Ok(true) => reply.into(),
            Ok(false) => {
                // No step but the voiding itself and the start of the app leads here.
                tracing::error!(
                    payment = self.payment.0,
                    "a payment that nobody had seen could not be dropped"
                );
                reply.into()
            }
            Err(error) => error.into(),
        }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let (store, clock, payment) = (self.store.clone(), Arc::clone(self.clock), self.payment);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = store.void(payment, clock.now()).await {
                    tracing::error!(%error, "a payment whose service was not asked to the end could not be dropped");
                }
            });
        }
    }
}

use domain::Mode;
use http::StatusCode;
use http::header::{CONTENT_RANGE, HeaderMap, HeaderValue};
use store::PaymentRef;
use x402::{Paid, Payment, Progress, SettlementResponse};

use crate::body::Body;
use crate::catalogue::Item;
use crate::content::{Problem, Ready};
use crate::file_body::FileBody;
use crate::headers;
use crate::range::Span;
use crate::reply::{self, Reply};
use crate::shop::Shop;
use crate::stop::Stop;
use crate::tally::Tally;

/// One verified payment and the request it came with.
#[derive(Clone, Copy)]
pub(crate) struct Sale<'s> {
    pub(crate) shop: &'s Shop,
    pub(crate) item: &'s Item,
    pub(crate) payment: &'s Payment,
    pub(crate) headers: &'s HeaderMap,
}

/// First byte and end of what the request asks for.
pub(crate) fn span(item: &Item, headers: &HeaderMap) -> Result<(u64, u64), Stop> {
    let bytes = item.content.bytes();
    Span::of(headers, bytes, &item.etag()).bounds(bytes).ok_or_else(|| {
        let message = "The range asked for is not there, or is more than one. Nothing was charged.";
        let mut reply = reply::error(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", message);
        if let Ok(all) = HeaderValue::try_from(format!("bytes */{bytes}")) {
            reply.headers_mut().insert(CONTENT_RANGE, all);
        }
        reply.into()
    })
}

impl Sale<'_> {
    /// Sends what `payment` bought, instant sales once their money has arrived. `new` when the payment
    /// was stored for this very answer.
    pub(crate) async fn deliver(
        &self,
        payment: PaymentRef,
        ready: Ready,
        (start, end): (u64, u64),
        new: bool,
    ) -> Result<Reply, Stop> {
        let payment = match payment.mode {
            Mode::Instant => self.settled(payment).await?,
            Mode::Batched => payment,
        };
        let bytes = self.item.content.bytes();
        let tally = || Tally::begin(&self.shop.store, &payment, start, end, bytes);
        let body = match ready {
            Ready::Small(content) => match part(&content, start, end) {
                Some(content) => Body::Small(content, tally()),
                None => return Err(self.nothing_left(&payment, new, Problem::Changed).await),
            },
            Ready::Large(file) => match FileBody::open(file, start, end).await {
                Ok(file) => {
                    let tally = tally();
                    tally.say_streaming();
                    Body::Large(file, tally)
                }
                Err(problem) => return Err(self.nothing_left(&payment, new, problem).await),
            },
        };
        let mut headers = self.item.headers.clone();
        headers::settlement(&mut headers, SettlementResponse::accepted(&self.paid(&payment)));
        let mut status = StatusCode::OK;
        if (start, end) != (0, bytes) {
            status = StatusCode::PARTIAL_CONTENT;
            let range = HeaderValue::try_from(format!("bytes {start}-{}/{bytes}", end - 1));
            if let Ok(range) = range {
                headers.insert(CONTENT_RANGE, range);
            }
        }
        Ok(reply::whole(status, headers, body))
    }

    /// No byte leaves, so a payment that was stored for this answer is dropped again (T31).
    async fn nothing_left(&self, payment: &PaymentRef, new: bool, problem: Problem) -> Stop {
        tracing::warn!(path = %self.item.endpoint.path, %problem, "a paid file cannot be delivered");
        if new {
            match self.shop.store.void(payment.seq, self.shop.clock.now()).await {
                Ok(true) => {}
                Ok(false) => tracing::warn!(payment = %payment.id, "too late to drop its authorization"),
                Err(error) => return error.into(),
            }
        }
        problem.into()
    }

    fn paid(&self, payment: &PaymentRef) -> Paid {
        let progress = match payment.transaction {
            Some(transaction) if payment.state.is_paid() => Progress::Settled { transaction },
            _ => Progress::Queued {
                settle_by: u64::try_from(payment.settle_by.timestamp()).unwrap_or_default(),
            },
        };
        Paid {
            network: self.payment.network,
            payer: self.payment.authorization.from,
            amount: payment.amount,
            commitment_id: payment.id,
            progress,
        }
    }
}

fn part(content: &bytes::Bytes, start: u64, end: u64) -> Option<bytes::Bytes> {
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    (start <= end && end <= content.len()).then(|| content.slice(start..end))
}

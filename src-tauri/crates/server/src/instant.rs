//! Instant sales: nothing leaves before the chain has said that the money arrived.

use std::time::Duration;

use alloy_primitives::B256;
use domain::{FailureReason, PaymentState};
use http::StatusCode;
use serde::Serialize;
use store::{Change, Payment, PaymentRef};
use tokio::time::timeout;
use x402::{Code, SettlementResponse};

use crate::body::Body;
use crate::catalogue::Front;
use crate::deliver::Sale;
use crate::headers;
use crate::reply::{self, Reply, SOON};
use crate::stop::Stop;
use crate::tally::Unsent;

/// Changes come in bursts; one look serves for all of a burst.
const BURST: Duration = Duration::from_millis(10);

#[derive(Serialize)]
struct Pending {
    error: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<B256>,
}

/// 503 for a payment that is on its way: neither paid nor failed, so nobody is asked to pay again (T46).
pub(crate) fn pending(transaction: Option<B256>) -> Reply {
    let message = "The payment is being settled. Come again in a moment; you are not charged twice.";
    let body = Pending { error: "settlement_pending", message, transaction };
    let mut reply = reply::json(StatusCode::SERVICE_UNAVAILABLE, &body);
    reply::retry_after(&mut reply, SOON);
    reply
}

impl Sale<'_> {
    /// Waits until the payment's money has arrived and says by which transaction.
    ///
    /// Only what the store holds as evidence counts. Whoever gives up waiting can claim the content
    /// later with a fresh signature, also where every purchase is charged.
    pub(crate) async fn settled(&self, payment: PaymentRef) -> Result<PaymentRef, Stop> {
        if payment.state.is_paid() {
            return Ok(payment);
        }
        let unsent = Unsent::begin(&self.shop.store, &payment);
        let Ok(decided) = timeout(self.shop.limits.settlement, self.decided(&payment)).await else {
            let now = self.shop.store.payment(payment.id).await?;
            return Err(pending(now.and_then(|payment| payment.transaction)).into());
        };
        let decided = decided?;
        unsent.ends();
        if decided.state.is_paid() {
            return Ok(PaymentRef { state: decided.state, transaction: decided.transaction, ..payment });
        }
        Err(self.failed(&decided).into())
    }

    /// The payment, once it is neither queued nor settling any more.
    async fn decided(&self, payment: &PaymentRef) -> Result<Payment, Stop> {
        let mut changes = self.shop.store.changes();
        loop {
            if let Some(found) = self.shop.store.payment(payment.id).await?
                && !found.state.is_open()
            {
                return Ok(found);
            }
            loop {
                match changes.next().await {
                    Some(Change::Payments | Change::Batches | Change::Everything) => break,
                    Some(
                        Change::Endpoints
                        | Change::Settings
                        | Change::Deliveries
                        | Change::Webhooks
                        | Change::Notices,
                    ) => {}
                    // The store closes: the stop comes before any answer.
                    None => std::future::pending().await,
                }
            }
            tokio::time::sleep(BURST).await;
        }
    }

    /// 402 for a settlement that failed. It names no terms in the header of version 2, as the
    /// reference server does not: a client must not pay again by itself.
    fn failed(&self, payment: &Payment) -> Reply {
        let (code, sentence) = reason(payment);
        let network = self.payment.network;
        let response = SettlementResponse::failed(network, self.payment.authorization.from, code, sentence);
        let mut reply = match &self.item.front {
            Front::Terms(terms) => terms.refusal(code, sentence),
            Front::Closed(_) | Front::Paused | Front::Removed => {
                reply::whole(StatusCode::PAYMENT_REQUIRED, headers::json(), Body::Plain("{}".into()))
            }
        };
        let headers = reply.headers_mut();
        headers.remove(headers::PAYMENT_REQUIRED);
        headers::settlement(headers, response);
        reply
    }
}

/// Why a sale is not made that the token would refuse to settle.
pub(crate) const fn refusal(reason: FailureReason) -> (Code, &'static str) {
    let code = match reason {
        FailureReason::Underfunded => Code::InsufficientFunds,
        FailureReason::Expired => Code::ValidBefore,
        FailureReason::NotYetValid => Code::ValidAfter,
        FailureReason::NonceUsed => Code::TransactionState,
        FailureReason::SignatureRefused | FailureReason::PayerHasCode => Code::Signature,
        FailureReason::Blocked
        | FailureReason::PayoutBlocked
        | FailureReason::Paused
        | FailureReason::Refused
        | FailureReason::NotWorthGas => return (Code::UnexpectedVerify, reason.sentence()),
    };
    (code, code.sentence())
}

fn reason(payment: &Payment) -> (Code, &'static str) {
    let code = match (payment.state, payment.reason) {
        (PaymentState::Cancelled | PaymentState::Diverted, _) | (_, Some(FailureReason::NonceUsed)) => {
            Code::TransactionState
        }
        (PaymentState::Expired, _) | (_, Some(FailureReason::Expired)) => Code::PaymentExpired,
        (_, Some(FailureReason::Underfunded)) => Code::InsufficientFunds,
        (_, Some(FailureReason::SignatureRefused | FailureReason::PayerHasCode)) => Code::Signature,
        (
            _,
            None
            | Some(
                FailureReason::Blocked
                | FailureReason::PayoutBlocked
                | FailureReason::Paused
                | FailureReason::NotYetValid
                | FailureReason::Refused
                | FailureReason::NotWorthGas,
            ),
        ) => Code::UnexpectedSettle,
    };
    (code, payment.reason.map_or(code.sentence(), FailureReason::sentence))
}

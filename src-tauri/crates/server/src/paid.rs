//! The way of a request that carries a payment: read, checked, asked about, stored, delivered.

use std::sync::Arc;

use chain::{PayerFacts, PayerQuestion};
use chrono::{DateTime, Utc};
use domain::{Amount, PaymentState, RequestBinding};
use http::HeaderMap;
use http::header::HeaderValue;
use http::request::Parts;
use store::{Acceptance, Accepted, StoreError};
use x402::{Code, Payment, parse_payment};

use crate::catalogue::{Front, Item, Quote};
use crate::check;
use crate::deliver::{self, Sale};
use crate::reply::{self, Reply};
use crate::shop::Shop;
use crate::stop::{self, Refused, Stop};
use crate::{headers, instant};

/// Answers a GET with a payment header.
pub(crate) async fn answer(shop: &Shop, item: &Item, head: &Parts) -> Reply {
    match sell(shop, item, head).await {
        Ok(reply) => reply,
        Err(Stop::Reply(reply)) => *reply,
        Err(Stop::Refused(refused)) => match &item.front {
            Front::Terms(terms) => terms.refusal(refused.code, &refused.sentence),
            Front::Closed(reason) => stop::closed(reason),
            Front::Paused | Front::Removed => reply::not_found(),
        },
    }
}

async fn sell(shop: &Shop, item: &Item, head: &Parts) -> Result<Reply, Stop> {
    let payment = read(&head.headers)?;
    let now = shop.clock.now();
    let quote = check::check(item, &payment, now, *shop.restored_at.borrow())?;
    let sale = Sale { shop, item, payment: &payment, headers: &head.headers };
    let binding = RequestBinding::new(head.method.as_str(), &item.endpoint.path, head.uri.query(), b"");
    let request = Request { sale, quote, binding, now };
    if shop.blocked.borrow().contains(&payment.authorization.from) {
        return request.without_new_sale(stop::blocked(payment.version).into()).await;
    }
    let Some(chain) = &quote.chain else { return request.without_new_sale(stop::chain_away()).await };
    match chain.payer(request.question()).await {
        Ok(facts) => request.with_facts(&facts).await,
        Err(error) => {
            tracing::warn!(network = %quote.offer.asset.network, %error, "a payer could not be asked about");
            request.without_new_sale(stop::chain_away()).await
        }
    }
}

fn read(headers: &HeaderMap) -> Result<Payment, Refused> {
    let values = |name| headers.get_all(name).iter().map(HeaderValue::as_bytes);
    match parse_payment(values(headers::X_PAYMENT), values(headers::PAYMENT_SIGNATURE)) {
        Ok(Some(payment)) => Ok(payment),
        Ok(None) => Err(Code::Payload.into()),
        Err(error) => Err(Refused::because(error.code(), format!("{error}."))),
    }
}

/// A payment whose signature is its payer's and which answers a quote of ours.
struct Request<'s> {
    sale: Sale<'s>,
    quote: &'s Quote,
    binding: RequestBinding,
    now: DateTime<Utc>,
}

impl Request<'_> {
    fn question(&self) -> PayerQuestion {
        PayerQuestion { asset: self.quote.offer.asset.address, key: self.sale.payment.authorization.key() }
    }

    async fn with_facts(&self, facts: &PayerFacts) -> Result<Reply, Stop> {
        let Sale { shop, item, payment, headers } = self.sale;
        // The token judges by the chain's clock, which may be ahead of ours (T10).
        let chain_time = i64::try_from(facts.timestamp).ok().and_then(|at| DateTime::from_timestamp(at, 0));
        if let Some(chain_time) = chain_time.filter(|chain_time| *chain_time > self.now) {
            check::time_left(payment, &self.quote.offer, chain_time)?;
        }
        if facts.has_code {
            return Err(stop::smart_account().into());
        }
        if facts.nonce_used && !self.is_on_its_way().await? {
            return Err(Refused::from(Code::TransactionState).into());
        }
        if matches!(item.front, Front::Removed) {
            return self.without_new_sale(reply::not_found().into()).await;
        }
        let file = match item.content.sellable(&shop.checks).await {
            Ok(file) => file,
            Err(problem) => return self.without_new_sale(problem.into()).await,
        };
        // Whatever cannot be answered is found out before it is charged.
        let span = deliver::span(item, headers)?;
        let ready = item.content.ready(file, &shop.cache).await?;
        match self.accept(facts.balance, facts.block).await? {
            Accepted::New(payment) => self.sale.deliver(payment, ready, span, true).await,
            Accepted::Repeat(earlier) | Accepted::Owned(earlier) => {
                self.sale.deliver(earlier, ready, span, false).await
            }
            Accepted::InFlight(earlier) => Err(instant::pending(earlier.transaction).into()),
            Accepted::Used { same_request } => Err(stop::used(same_request).into()),
            Accepted::Overdrawn { .. } => Err(Refused::from(Code::InsufficientFunds).into()),
            Accepted::Capped(cap) => Err(stop::capped(payment.version, cap).into()),
            Accepted::Blocked => Err(stop::blocked(payment.version).into()),
        }
    }

    /// Serves who has paid before, by what the store alone knows; everybody else gets `otherwise`.
    ///
    /// An authorization that is stored already proves nothing by itself, because its signature may be
    /// public: the store says what it is still worth. A fresh one proves who asks.
    async fn without_new_sale(&self, otherwise: Stop) -> Result<Reply, Stop> {
        let Sale { shop, item, payment, headers } = self.sale;
        let earlier = if self.stored_state().await?.is_some() {
            match self.accept(Amount::ZERO, 0).await? {
                Accepted::Repeat(earlier) | Accepted::Owned(earlier) => earlier,
                Accepted::InFlight(earlier) => {
                    return Err(instant::pending(earlier.transaction).into());
                }
                Accepted::Used { same_request } => return Err(stop::used(same_request).into()),
                Accepted::New(_) | Accepted::Overdrawn { .. } | Accepted::Capped(_) | Accepted::Blocked => {
                    return Err(otherwise);
                }
            }
        } else {
            let payer = payment.authorization.from;
            shop.store.owned(item.endpoint.id, payer, self.now).await?.ok_or(otherwise)?
        };
        let span = deliver::span(item, headers)?;
        let file = item.content.owed(&shop.checks).await?;
        let ready = item.content.ready(file, &shop.cache).await?;
        self.sale.deliver(earlier, ready, span, false).await
    }

    /// Whether the nonce may have been used by our own transaction, which the store has not been told
    /// yet: then the answer is neither yes nor no (T46).
    async fn is_on_its_way(&self) -> Result<bool, StoreError> {
        Ok(self.stored_state().await? == Some(PaymentState::Settling))
    }

    /// Where this very authorization stands, if it was ever accepted.
    async fn stored_state(&self) -> Result<Option<PaymentState>, StoreError> {
        let id = self.sale.payment.authorization.payment_id(&self.quote.offer.asset);
        Ok(self.sale.shop.store.payment(id).await?.map(|payment| payment.state))
    }

    async fn accept(&self, balance: Amount, block: u64) -> Result<Accepted, StoreError> {
        let Sale { shop, item, payment, .. } = self.sale;
        let acceptance = Acceptance {
            offer: Arc::clone(&self.quote.offer),
            mode: item.endpoint.mode,
            owned_for: item.endpoint.owned_for,
            authorization: payment.authorization.clone(),
            signature: payment.signature,
            binding: self.binding,
            balance,
            block,
            protocol: payment.version.number(),
            at: self.now,
        };
        shop.store.accept(acceptance).await
    }
}

//! The way of a request that carries a payment: read, checked, asked about, stored, delivered.

use std::sync::Arc;

use alloy_primitives::{B256, Bytes};
use chain::{Chain, CodeAnswer, PayerFacts, PayerQuestion, Transfer};
use chrono::{DateTime, Utc};
use domain::{Amount, FailureReason, Mode, PayerSignature, PaymentState, RequestBinding, Service};
use http::HeaderMap;
use http::header::HeaderValue;
use http::request::Parts;
use store::{Acceptance, Accepted, PaymentRef, StoreError, Use};
use x402::{Code, Payment, parse_payment};

use crate::catalogue::{Front, Item, Quote};
use crate::check::{self, Checked, SignedBy, Wait};
use crate::deliver::{self, Sale};
use crate::goods::Goods;
use crate::quotes::Choice;
use crate::reply::{self, Reply};
use crate::service::{self, Outgoing};
use crate::shop::Shop;
use crate::stop::{self, Refused, Stop};
use crate::visits::Payer;
use crate::{headers, identifiers, instant, versions};

/// A payment that may be good, as far as that can be told from the head of its request without asking anybody.
pub(crate) struct Looked<'i> {
    payment: Payment,
    checked: Checked<'i>,
    now: DateTime<Utc>,
}

/// Reads the payment in the head of a request.
pub(crate) fn look<'i>(shop: &Shop, item: &'i Item, head: &Parts) -> Result<Looked<'i>, Stop> {
    let payment = read(&head.headers)?;
    let now = shop.clock.now();
    let checked =
        check::check(item, Choice::of(head.uri.query()), &payment, now, *shop.restored_at.borrow())?;
    Ok(Looked { payment, checked, now })
}

/// Answers a GET with a payment header.
pub(crate) async fn answer(shop: &Shop, item: &Item, head: &Parts) -> Reply {
    let sold = async { sell(shop, item, head, look(shop, item, head)?, None).await };
    sold.await.unwrap_or_else(|stop| stopped(item, head, stop))
}

/// Answers a request with a payment for what a service does.
pub(crate) async fn call(
    shop: &Shop,
    item: &Item,
    head: &Parts,
    looked: Looked<'_>,
    outgoing: &Outgoing,
) -> Reply {
    let sold = sell(shop, item, head, looked, Some(outgoing)).await;
    sold.unwrap_or_else(|stop| stopped(item, head, stop))
}

/// What who is stopped is answered.
pub(crate) fn stopped(item: &Item, head: &Parts, stop: Stop) -> Reply {
    let refused = match stop {
        Stop::Reply(reply) => return *reply,
        Stop::Refused(refused) => refused,
    };
    let reply = match item.chosen(head.uri.query()).as_ref().unwrap_or(&item.front) {
        Front::Terms(terms) => terms.refusal(refused.code, &refused.sentence),
        Front::Closed(reason) => stop::closed(reason),
        Front::Paused | Front::Removed => reply::not_found(),
    };
    if refused.already_paid { reply::already_paid(reply) } else { reply }
}

async fn sell(
    shop: &Shop,
    item: &Item,
    head: &Parts,
    looked: Looked<'_>,
    outgoing: Option<&Outgoing>,
) -> Result<Reply, Stop> {
    let Looked { payment, checked: Checked { quote, amount, signed_by, wait }, now } = looked;
    let sale = Sale { shop, item, payment: &payment, headers: &head.headers };
    let body = outgoing.map_or(&b""[..], |outgoing| &outgoing.body);
    let binding = RequestBinding::new(head.method.as_str(), &item.path, head.uri.query(), body);
    let passed_on = match (&item.goods, outgoing) {
        (Goods::Service(service), Some(outgoing)) => Some(PassedOn { service, head, outgoing }),
        (Goods::Service(_) | Goods::File(_) | Goods::Text(_) | Goods::Archive(_), _) => None,
    };
    let request = Request { sale, head, passed_on, quote, amount, binding, now, wait };
    let id = payment.authorization.payment_id(&quote.offer.asset);
    let (named, answered) = identifiers::look(shop, item, head, &payment, id, &request.binding).await?;
    if let Some(answered) = answered {
        return Ok(answered);
    }
    let by_key = match signed_by {
        SignedBy::Key(signature) => Some(Proven(PayerSignature::Key(signature))),
        SignedBy::Nobody(_) => None,
    };
    let payer = payment.authorization.from;
    Payer::tell(head, payer, by_key.is_some());
    if by_key.is_some() {
        shop.paces.payer(payer).map_err(stop::too_often)?;
    }
    if let Some(proven) = &by_key
        && shop.blocked.borrow().contains(&payment.authorization.from)
    {
        return request.without_new_sale(proven, stop::blocked().into()).await;
    }
    let asked = match &quote.chain {
        Some(chain) => chain.payer(request.question()).await.map(|facts| (chain, facts)).map_err(|error| {
            tracing::warn!(network = %quote.offer.asset.network, %error, "a payer could not be asked about");
        }),
        None => Err(()),
    };
    let answer = match (asked, by_key) {
        (Ok((_, facts)), Some(proven)) if !facts.has_code => request.with_facts(proven, &facts).await,
        (Ok((chain, facts)), _) if facts.has_code => request.of_code(&**chain, signed_by, &facts).await,
        (Ok(_), _) => Err(stop::not_signed(signed_by).into()),
        (Err(()), Some(proven)) => request.without_new_sale(&proven, stop::chain_away()).await,
        // Whose signature it is cannot be told, so nothing is shown to whoever sent it.
        (Err(()), None) => Err(stop::chain_away()),
    };
    if let (Ok(_), Some(named)) = (&answer, named) {
        named.keep(shop).await;
    }
    answer
}

fn read(headers: &HeaderMap) -> Result<Payment, Refused> {
    let values = |name| headers.get_all(name).iter().map(HeaderValue::as_bytes);
    match parse_payment(values(headers::X_PAYMENT), values(headers::PAYMENT_SIGNATURE)) {
        Ok(Some(payment)) => Ok(payment),
        Ok(None) => Err(Code::Payload.into()),
        Err(error) => Err(Refused::because(error.code(), format!("{error}."))),
    }
}

/// A payment that answers a quote of ours.
struct Request<'s> {
    sale: Sale<'s>,
    head: &'s Parts,
    /// The service that is asked for it, and what.
    passed_on: Option<PassedOn<'s>>,
    quote: &'s Quote,
    amount: Amount,
    binding: RequestBinding,
    now: DateTime<Utc>,
    wait: Wait,
}

/// A service and what it is asked.
#[derive(Clone, Copy)]
struct PassedOn<'s> {
    service: &'s Service,
    head: &'s Parts,
    outgoing: &'s Outgoing,
}

/// A signature of the payer's: its key made it, or the code at its address accepted it. Without one nothing is
/// delivered, neither what is bought nor what was bought before.
struct Proven(PayerSignature);

impl Request<'_> {
    fn question(&self) -> PayerQuestion {
        PayerQuestion { asset: self.quote.offer.asset.address, key: self.sale.payment.authorization.key() }
    }

    /// A payer with code, whose signature only that code can judge: the token will ask it, whoever's key made it (T20).
    async fn of_code(
        &self,
        chain: &dyn Chain,
        signed_by: SignedBy,
        facts: &PayerFacts,
    ) -> Result<Reply, Stop> {
        let Sale { shop, payment, .. } = self.sale;
        let signature = match signed_by {
            SignedBy::Key(signature) => Bytes::copy_from_slice(signature.as_bytes()),
            SignedBy::Nobody(_) => payment.signature.clone(),
        };
        let signature = PayerSignature::Code(signature);
        let transfer =
            Transfer { authorization: payment.authorization.clone(), signature: signature.clone() };
        let answer = {
            // Asking runs a stranger's code on the seller's node (T51).
            let _turn = shop.code_turns.acquire().await;
            chain.ask_code(&self.quote.offer.asset, &transfer).await
        };
        let proven = Proven(signature);
        let otherwise = match answer {
            Ok(CodeAnswer::NotAccepted) => return Err(stop::not_accepted_by_code(signed_by).into()),
            Ok(CodeAnswer::NotByToken) => stop::no_code_by_token().into(),
            // Which of them it is comes out below, where all payers are asked.
            Ok(CodeAnswer::Pays | CodeAnswer::Refused(FailureReason::NonceUsed)) => {
                shop.paces.payer(payment.authorization.from).map_err(stop::too_often)?;
                if shop.blocked.borrow().contains(&payment.authorization.from) {
                    let otherwise = stop::blocked().into();
                    return self.without_new_sale(&proven, otherwise).await;
                }
                return self.with_facts(proven, facts).await;
            }
            Ok(CodeAnswer::Refused(reason)) => {
                let (code, sentence) = instant::refusal(reason);
                Refused::because(code, sentence).into()
            }
            Err(error) => {
                tracing::warn!(network = %self.quote.offer.asset.network, %error, "a payer's code could not be asked");
                return Err(stop::chain_away());
            }
        };
        self.without_new_sale(&proven, otherwise).await
    }

    async fn with_facts(&self, proven: Proven, facts: &PayerFacts) -> Result<Reply, Stop> {
        let Sale { shop, item, payment, headers } = self.sale;
        let mut wait = self.wait;
        // The token judges by the chain's clock, which may be ahead of ours (T10).
        let chain_time = i64::try_from(facts.timestamp).ok().and_then(|at| DateTime::from_timestamp(at, 0));
        if let Some(chain_time) = chain_time.filter(|chain_time| *chain_time > self.now) {
            wait = check::time_left(payment, &self.quote.offer, chain_time)?;
        }
        let mode = match wait {
            Wait::Queue if !proven.0.is_of_code() => item.endpoint.mode,
            Wait::Queue | Wait::None => Mode::Instant,
        };
        if facts.nonce_used && !self.is_on_its_way().await? {
            return Err(Refused::from(Code::TransactionState).into());
        }
        if matches!(item.front, Front::Removed) {
            return self.without_new_sale(&proven, reply::not_found().into()).await;
        }
        if let Some(passed_on) = self.passed_on {
            if !self.is_sold_on() {
                return self.without_new_sale(&proven, stop::chain_away()).await;
            }
            let accepted = self.accept(&proven, mode, facts.balance, facts.block).await?;
            return match self.bought(accepted).await? {
                (payment, true) => {
                    let PassedOn { service, head, outgoing } = passed_on;
                    service::ask(&self.sale, service, payment, head, outgoing).await
                }
                (earlier, false) => service::again(&self.sale, passed_on.service, earlier).await,
            };
        }
        let file = match item.goods.sellable(&shop.checks).await {
            Ok(file) => file,
            Err(problem) => return self.without_new_sale(&proven, problem.into()).await,
        };
        // Whatever cannot be answered is found out before it is charged. What is not in the file that is quoted may be in
        // the version that was bought.
        let span = match deliver::span(item, headers) {
            Ok(span) => span,
            Err(not_there) => return self.of_earlier(&proven, None, not_there).await,
        };
        let ready = item.goods.ready(file, &shop.cache).await?;
        if !self.is_sold_on() {
            return self.without_new_sale(&proven, stop::chain_away()).await;
        }
        let accepted = self.accept(&proven, mode, facts.balance, facts.block).await?;
        let (payment, is_new) = self.bought(accepted).await?;
        if !is_new {
            return self.again(payment).await;
        }
        self.sale.deliver(payment, ready, span, is_new).await
    }

    /// Delivers what was bought before.
    async fn again(&self, earlier: PaymentRef) -> Result<Reply, Stop> {
        let Sale { shop, item, headers, .. } = self.sale;
        let theirs = versions::theirs(shop, item, &earlier).await?;
        let item = theirs.as_deref().unwrap_or(item);
        let span = deliver::span(item, headers)?;
        let file = item.goods.owed(&shop.checks).await?;
        let ready = item.goods.ready(file, &shop.cache).await?;
        Sale { item, ..self.sale }.deliver(earlier, ready, span, false).await
    }

    /// Serves who has paid before, by what the store alone knows; everybody else gets `otherwise`.
    ///
    /// An authorization that is stored already proves nothing by itself, because its signature may be
    /// public: the store says what it is still worth. A fresh one proves who asks.
    async fn without_new_sale(&self, proven: &Proven, otherwise: Stop) -> Result<Reply, Stop> {
        // What is sold no more is quoted to nobody.
        let item = self.sale.item;
        let quoted = (!matches!(item.front, Front::Removed)).then_some(item.sha256);
        self.of_earlier(proven, quoted, otherwise).await
    }

    /// The same, where a payment for another version than `quoted` does not count; every one counts without that.
    async fn of_earlier(
        &self,
        proven: &Proven,
        quoted: Option<B256>,
        otherwise: Stop,
    ) -> Result<Reply, Stop> {
        let Sale { shop, item, payment, .. } = self.sale;
        let earlier = if self.stored_state().await?.is_some() {
            match self.accept(proven, item.endpoint.mode, Amount::ZERO, 0).await? {
                Accepted::Repeat(earlier) | Accepted::Owned(earlier) => earlier,
                Accepted::InFlight(earlier) => {
                    return Err(instant::pending(earlier.transaction).into());
                }
                Accepted::Used(before) => return Err(self.used(before).await),
                Accepted::New(_)
                | Accepted::Overdrawn { .. }
                | Accepted::Capped(_)
                | Accepted::Blocked
                | Accepted::Distrusted
                | Accepted::NotNow => return Err(otherwise),
            }
        } else if self.passed_on.is_some() {
            self.owed_answer().await?.ok_or(otherwise)?
        } else {
            let (endpoint, part, payer) = (item.endpoint.id, &item.part, payment.authorization.from);
            let owned = match quoted {
                None => shop.store.owned(endpoint, part, payer, self.now).await?,
                Some(sha256) => shop.store.owned_as_quoted(endpoint, part, payer, sha256, self.now).await?,
            };
            owned.ok_or(otherwise)?
        };
        if let Some(PassedOn { service, .. }) = self.passed_on {
            return service::again(&self.sale, service, earlier).await;
        }
        self.again(earlier).await
    }

    /// What was bought, and whether just now.
    async fn bought(&self, accepted: Accepted) -> Result<(PaymentRef, bool), Stop> {
        match accepted {
            Accepted::New(payment) => {
                Payer::has_bought(self.head);
                Ok((payment, true))
            }
            Accepted::Repeat(earlier) | Accepted::Owned(earlier) => Ok((earlier, false)),
            Accepted::InFlight(earlier) => Err(instant::pending(earlier.transaction).into()),
            Accepted::Used(before) => Err(self.used(before).await),
            Accepted::Overdrawn { .. } => Err(Refused::from(Code::InsufficientFunds).into()),
            Accepted::Capped(cap) => Err(stop::capped(cap).into()),
            Accepted::Blocked => Err(stop::blocked().into()),
            Accepted::Distrusted => Err(stop::distrusted().into()),
            Accepted::NotNow => Err(stop::nothing_settles().into()),
        }
    }

    /// What has had its answer from a service is not owned: a fresh authorization asks again, and pays, unless the answer
    /// has not arrived.
    async fn used(&self, before: Use) -> Stop {
        if before != Use::Paid || self.passed_on.is_none() {
            return stop::used(before).into();
        }
        match self.owed_answer().await {
            Ok(Some(_)) => stop::used(before).into(),
            Ok(None) => service::over().into(),
            Err(error) => error.into(),
        }
    }

    /// The payment whose answer from the service did not arrive, if this very request is owed one.
    async fn owed_answer(&self) -> Result<Option<PaymentRef>, StoreError> {
        let Sale { shop, item, payment, .. } = self.sale;
        let payer = payment.authorization.from;
        shop.store.owed_answer(item.endpoint.id, &item.part, payer, self.binding, self.now).await
    }

    /// Whether its network is still sold on: it may have been given up since the request came, and then nobody settles.
    fn is_sold_on(&self) -> bool {
        let Sale { shop, item, .. } = self.sale;
        let catalogue = shop.catalogue.borrow();
        let found = catalogue.find(item.path.as_str());
        let at_service = catalogue.service(item.path.as_str());
        let at_service = at_service.iter().flat_map(|found| &found.items).find(|now| now.part == item.part);
        let now = if self.passed_on.is_some() { at_service } else { found };
        let quote = now.and_then(|now| now.quote(self.quote.offer.id));
        quote.is_some_and(|quote| quote.chain.is_some())
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

    async fn accept(
        &self,
        proven: &Proven,
        mode: Mode,
        balance: Amount,
        block: u64,
    ) -> Result<Accepted, StoreError> {
        let Sale { shop, item, payment, .. } = self.sale;
        let acceptance = Acceptance {
            offer: Arc::clone(&self.quote.offer),
            part: item.part.clone(),
            sha256: self.passed_on.is_none().then_some(item.sha256),
            amount: self.amount,
            mode,
            settles_now: shop.settles(self.quote.offer.asset.network),
            owned_for: item.endpoint.owned_for,
            by_service: self.passed_on.is_some(),
            authorization: payment.authorization.clone(),
            signature: proven.0.clone(),
            binding: self.binding,
            balance,
            block,
            protocol: payment.version.number(),
            at: self.now,
        };
        shop.store.accept(acceptance).await
    }
}

//! The names that buyers give their payments (`payment-identifier`): the same payment under the same name is answered again, another one is
//! refused.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use alloy_primitives::{B256, keccak256};
use chrono::TimeDelta;
use domain::{PaymentId, RequestBinding};
use http::StatusCode;
use http::request::Parts;
use x402::{IdentifierRefusal, Payment, Repetition, Requirement};

use crate::catalogue::Item;
use crate::goods::Goods;
use crate::reply::{self, Reply};
use crate::shop::Shop;
use crate::stop::Stop;
use crate::{grants, instant};

/// How long an answer is given again at least.
const LEAST: TimeDelta = TimeDelta::days(1);

/// The names under which something is being bought now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identifiers(Arc<Mutex<HashSet<B256>>>);

/// A payment's name, which nobody else uses at the same time.
pub(crate) struct Named {
    name: B256,
    fingerprint: B256,
    payment: PaymentId,
    all: Identifiers,
}

impl Identifiers {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<B256>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        self.all.lock().remove(&self.name);
    }
}

impl Named {
    /// What was bought under the name is remembered under it.
    pub(crate) async fn keep(self, shop: &Shop) {
        if let Err(error) = shop.store.name_payment(self.name, self.fingerprint, self.payment).await {
            tracing::warn!(%error, "the name of a payment was not kept");
        }
    }
}

impl From<IdentifierRefusal> for Stop {
    fn from(refusal: IdentifierRefusal) -> Self {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut message = refusal.to_string();
        message[..1].make_ascii_uppercase();
        message.push('.');
        reply::error(status, refusal.code().as_str(), &message).into()
    }
}

/// What a payment's name means: nothing, that something is bought under it, or the answer that was given before.
pub(crate) async fn look(
    shop: &Shop,
    item: &Item,
    head: &Parts,
    payment: &Payment,
    id: PaymentId,
    binding: &RequestBinding,
) -> Result<(Option<Named>, Option<Reply>), Stop> {
    let Some(identifier) = Requirement::Optional.of(&payment.identifier)? else { return Ok((None, None)) };
    let name = keccak256(identifier.as_str());
    if !shop.identifiers.lock().insert(name) {
        return Err(instant::pending(None).into());
    }
    let fingerprint = payment.fingerprint(binding);
    let named = Named { name, fingerprint, payment: id, all: shop.identifiers.clone() };
    let remembered = shop.store.named(name).await?;
    match Repetition::judge(fingerprint, remembered.map(|(first, _)| first))? {
        Repetition::First => return Ok((Some(named), None)),
        Repetition::Again => {}
    }
    let Some(bought) = shop.store.bought(id).await? else { return Ok((None, None)) };
    // Something else may be sold at the same path by now (I4).
    if bought.endpoint != item.endpoint.id || bought.part != item.part {
        return Ok((None, None));
    }
    let until = bought.owned_until.max(bought.accepted_at + LEAST);
    // What a service did is given again as any authorization's answer is.
    if matches!(item.goods, Goods::Service(_)) || !bought.is_owed || shop.clock.now() >= until {
        return Ok((None, None));
    }
    if bought.payment.mode == domain::Mode::Instant && !bought.payment.state.is_paid() {
        return Ok((None, None));
    }
    let reply = if grants::is_wanted(&head.headers) {
        grants::granted(shop, item, &bought.payment).await?
    } else {
        grants::send(shop, item, &bought.payment, head, None).await?
    };
    Ok((None, Some(reply)))
}

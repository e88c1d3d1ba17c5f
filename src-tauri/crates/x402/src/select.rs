use alloy_primitives::U256;
use domain::Offer;

use crate::{Code, Payment, Version};

/// Why a payment answers none of our offers: the first term that differs, in the offer that comes
/// closest. Later variants come closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Mismatch {
    /// There is no offer to answer.
    #[error("nothing is offered here")]
    NoOffer,
    /// No offer is on the payment's network.
    #[error("the seller is not paid on this network")]
    Network,
    /// The terms name another token.
    #[error("the accepted terms name a token that is not offered")]
    Asset,
    /// The authorization or the terms pay somebody else.
    #[error("the payment is made out to another address than the seller's")]
    Recipient,
    /// The authorization or the terms are not for the price.
    #[error("the payment is not for exactly the price")]
    Value,
    /// The terms name another window.
    #[error("the accepted terms name another maxTimeoutSeconds than the offer")]
    Window,
}

impl Mismatch {
    /// The protocol's word for it in the payment's version.
    pub const fn code(self, version: Version) -> Code {
        match (self, version) {
            (Self::NoOffer | Self::Asset | Self::Window, _) => Code::PaymentRequirements,
            (Self::Network, _) => Code::Network,
            (Self::Recipient, _) => Code::Recipient,
            (Self::Value, Version::V1) => Code::Value,
            (Self::Value, Version::V2) => Code::ValueMismatch,
        }
    }
}

/// The offers whose terms the payment answers, in the given order (I3, T11).
///
/// For each of them network, recipient and value are exactly the offer's; in version 2 the token and
/// the window that the buyer says it accepted are, too. Version 1 names no token: several offers
/// may remain, and only the signature tells which one was meant.
///
/// # Errors
/// [`Mismatch`] when no offer remains.
pub fn select<'o>(
    payment: &Payment,
    offers: impl IntoIterator<Item = &'o Offer>,
) -> Result<Vec<&'o Offer>, Mismatch> {
    let mut answered = Vec::with_capacity(1);
    let mut closest = Mismatch::NoOffer;
    for offer in offers {
        match difference(payment, offer) {
            None => answered.push(offer),
            Some(mismatch) => closest = closest.max(mismatch),
        }
    }
    if answered.is_empty() { Err(closest) } else { Ok(answered) }
}

fn difference(payment: &Payment, offer: &Offer) -> Option<Mismatch> {
    let accepted = payment.accepted.as_ref();
    let amount: U256 = offer.amount.into();
    if payment.network != offer.asset.network {
        Some(Mismatch::Network)
    } else if accepted.is_some_and(|terms| terms.asset != offer.asset.address) {
        Some(Mismatch::Asset)
    } else if payment.authorization.to != offer.pay_to
        || accepted.is_some_and(|terms| terms.pay_to != offer.pay_to)
    {
        Some(Mismatch::Recipient)
    } else if payment.authorization.value != amount || accepted.is_some_and(|terms| terms.amount != amount) {
        Some(Mismatch::Value)
    } else if accepted.is_some_and(|terms| terms.max_timeout_seconds != u64::from(offer.window.seconds())) {
        Some(Mismatch::Window)
    } else {
        None
    }
}

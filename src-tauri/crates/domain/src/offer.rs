use alloy_primitives::Address;
use chrono::{DateTime, Utc};

use crate::{Amount, Asset, AssetId, Audience, EndpointId, OfferId, Part, Window};

/// The requirements quoted for an endpoint. Immutable: a change of price makes a new offer, and a
/// payment points at the offer it answered (I3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its row.
    pub id: OfferId,
    /// What it is a price for.
    pub endpoint: EndpointId,
    /// Which part of it the price is for. What has no price of its own has that of the whole.
    pub part: Part,
    /// Whom it is for.
    pub audience: Audience,
    /// Counts up with each change of the endpoint's price or terms.
    pub version: u32,
    /// The asset's row.
    pub asset_id: AssetId,
    /// The asset to be paid in.
    pub asset: Asset,
    /// Where the money goes.
    pub pay_to: Address,
    /// The exact price; the least one where buyers choose their own.
    pub amount: Amount,
    /// How long an authorization must be left to wait.
    pub window: Window,
    /// When it was first quoted.
    pub created_at: DateTime<Utc>,
    /// Set once a newer offer took its place: it is honoured until then, so that a quote in flight
    /// still buys.
    pub honoured_until: Option<DateTime<Utc>>,
}

impl Offer {
    /// Whether an authorization that answers this offer is still taken.
    pub fn is_honoured_at(&self, now: DateTime<Utc>) -> bool {
        self.honoured_until.is_none_or(|until| now < until)
    }
}

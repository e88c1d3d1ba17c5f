use bytes::Bytes;
use domain::{Mode, Offer};
use http::header::HeaderValue;
use http::{HeaderMap, StatusCode};
use x402::{Additions, Code, Extension, PaymentRequired, Requirement, Resource};

use super::Item;
use crate::body::Body;
use crate::discovery::Told;
use crate::headers;
use crate::quotes::{Asked, Choice};
use crate::reply::{self, Reply};
use crate::sign_in::Asking;
use crate::signed_offers::SignedOffers;

/// What somebody who does not pay is answered.
pub(crate) enum Front {
    /// 402 with these terms.
    Terms(Box<Terms>),
    /// 503: the seller paused it.
    Paused,
    /// 503: nobody could be told to pay now.
    Closed(&'static str),
    /// 404; owners still get what they bought.
    Removed,
}

/// A 402, ready to be sent.
pub(crate) struct Terms {
    /// What its owners may sign instead of paying.
    asking: Option<Asking>,
    /// What they can show later of having been asked.
    promised: SignedOffers,
    pub(crate) required: PaymentRequired,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Front {
    pub(super) fn live(item: &Item) -> Self {
        Self::of(item, &item.asked(Choice::Everybody), "")
    }

    /// What is told about these prices of an item, and the query that chose them.
    pub(super) fn of(item: &Item, asked: &[Asked<'_>], query: &str) -> Self {
        let endpoint = &item.endpoint;
        let sellable = asked.iter().filter(|asked| asked.quote.chain.is_some());
        let mut sellable: Vec<&Offer> = sellable.map(|asked| &*asked.offer).collect();
        sellable.sort_by_key(|offer| offer.asset.network.rank());
        // Nobody is asked to sign for what would only keep them waiting (T46).
        if endpoint.mode == Mode::Instant && !sellable.is_empty() {
            sellable.retain(|offer| !item.halted.contains(&offer.asset.network));
            if sellable.is_empty() {
                return Self::Closed(
                    "The seller cannot settle payments at the moment, and this is sold only once it is settled.",
                );
            }
        }
        if sellable.is_empty() {
            return Self::Closed("Nothing can be paid on the seller's payment network at the moment.");
        }
        let url = format!("{}{query}", item.url);
        let resource = Resource { url: &url, description: &endpoint.title, mime_type: &item.media_type };
        let networks: Vec<_> = sellable.iter().map(|offer| offer.asset.network).collect();
        let asking = Asking::of(endpoint, item.given.quota, &url, &networks, &item.challenges);
        // What a query chose is between the stall and its buyer: no catalogue spreads a code.
        let told = if query.is_empty() { Told::of(item, &item.media_type) } else { None };
        let mut welcome = vec![Requirement::Optional.extension()];
        let output_schema = told.map(|told| {
            welcome.push(told.extension);
            told.output_schema
        });
        let room = asking.as_ref().map_or(0, Asking::room);
        let output_schema = output_schema.as_deref();
        let additions = Additions { welcome: &welcome, room, output_schema, ..Additions::default() };
        let required = PaymentRequired::with_additions(&resource, sellable.iter().copied(), &additions);
        let terms = required.map_err(|error| error.to_string()).and_then(|required| {
            let promised = SignedOffers::of(&item.challenges.signer, &url, &required, &sellable, room);
            Terms::new(required, asking, promised)
        });
        match terms {
            Ok(terms) => Self::Terms(Box::new(terms)),
            Err(error) => {
                tracing::warn!(path = %item.path, %error, "an endpoint cannot be offered");
                Self::Closed("The terms of this endpoint cannot be put before buyers.")
            }
        }
    }
}

impl Terms {
    fn new(
        required: PaymentRequired,
        asking: Option<Asking>,
        promised: SignedOffers,
    ) -> Result<Self, String> {
        let mut headers = headers::json();
        headers::vary(&mut headers);
        let header = HeaderValue::from_str(&required.header).map_err(|error| error.to_string())?;
        headers.insert(headers::PAYMENT_REQUIRED, header);
        let body = Bytes::copy_from_slice(&required.body);
        Ok(Self { asking, promised, required, headers, body })
    }

    /// What is said anew in each answer.
    fn fresh(&self) -> Vec<Extension> {
        self.asking.iter().map(Asking::challenge).chain(self.promised.extension()).collect()
    }

    /// The 402 for who has not paid.
    pub(crate) fn demand(&self) -> Reply {
        let mut headers = self.headers.clone();
        let fresh = self.fresh();
        if !fresh.is_empty()
            && let Ok(header) = HeaderValue::try_from(self.required.header_with(&fresh))
        {
            headers.insert(headers::PAYMENT_REQUIRED, header);
        }
        reply::whole(StatusCode::PAYMENT_REQUIRED, headers, Body::Plain(self.body.clone()))
    }

    /// The 402 for who paid wrongly: the same terms, and why.
    pub(crate) fn refusal(&self, code: Code, sentence: &str) -> Reply {
        let refusal = self.required.refusal_with(code, sentence, &self.fresh());
        let mut headers = self.headers.clone();
        if let Ok(header) = HeaderValue::try_from(refusal.header) {
            headers.insert(headers::PAYMENT_REQUIRED, header);
        }
        reply::whole(StatusCode::PAYMENT_REQUIRED, headers, Body::Plain(refusal.body.into()))
    }
}

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alloy_primitives::B256;
use bytes::Bytes;
use chain::Chain;
use domain::{Endpoint, EndpointState, Mode, NetworkId, Offer};
use http::header::{ETAG, HeaderValue};
use http::{HeaderMap, StatusCode};
use store::Listing;
use x402::{Code, PaymentRequired, Resource};

use crate::body::Body;
use crate::content::{Checks, Published};
use crate::public_url::PublicUrl;
use crate::reply::{self, Reply};
use crate::{content_headers, headers};

/// Everything that is sold, at one moment: the only way from a request to content.
///
/// A request's path is looked up letter by letter among the canonical ones. What is not here is not
/// sold and not served (T27).
#[derive(Default)]
pub(crate) struct Catalogue {
    items: HashMap<String, Arc<Item>>,
    halted: HashSet<NetworkId>,
    public_url: Option<PublicUrl>,
}

/// One endpoint with everything about it that can be made before anybody asks.
pub(crate) struct Item {
    pub(crate) endpoint: Endpoint,
    pub(crate) quotes: Vec<Quote>,
    pub(crate) front: Front,
    pub(crate) content: Arc<Published>,
    /// The headers its content leaves with.
    pub(crate) headers: HeaderMap,
}

/// An offer with what checking an answer to it takes.
pub(crate) struct Quote {
    pub(crate) offer: Arc<Offer>,
    pub(crate) separator: B256,
    /// None while the network's chain is not verified.
    pub(crate) chain: Option<Arc<dyn Chain>>,
}

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
    pub(crate) required: PaymentRequired,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Catalogue {
    /// Lays out the endpoints. What `before` held already and nothing has changed for stays as it is,
    /// so that one change among many endpoints costs little, and files stay open.
    pub(crate) fn build(
        listings: Vec<Listing>,
        networks: &HashMap<NetworkId, Arc<dyn Chain>>,
        halted: &HashSet<NetworkId>,
        public_url: &PublicUrl,
        before: &Self,
    ) -> Self {
        let same = before.public_url.as_ref() == Some(public_url) && before.halted == *halted;
        let mut items: HashMap<String, Arc<Item>> = HashMap::with_capacity(listings.len());
        for listing in listings {
            let path = listing.endpoint.path.as_str().to_owned();
            if items.get(&path).is_some_and(|other| other.outranks(&listing.endpoint)) {
                continue;
            }
            let held = before.items.get(&path);
            let item = match held {
                Some(held) if same && held.is(&listing, networks) => Arc::clone(held),
                _ => {
                    let content = held.map(|held| &held.content);
                    Arc::new(Item::new(listing, networks, halted, public_url, content))
                }
            };
            items.insert(path, item);
        }
        Self { items, halted: halted.clone(), public_url: Some(public_url.clone()) }
    }

    pub(crate) fn find(&self, path: &str) -> Option<&Arc<Item>> {
        self.items.get(path)
    }

    /// Everything that is in it.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values()
    }

    /// Begins to read through every file that is new here, so that the first buyer need not wait.
    pub(crate) fn check_files(&self, checks: &Checks) {
        for item in self.items.values() {
            if let Err(problem) = item.content.look(checks) {
                tracing::debug!(path = %item.endpoint.path, %problem, "a file is not ready to be sold");
            }
        }
    }
}

impl Item {
    fn new(
        listing: Listing,
        networks: &HashMap<NetworkId, Arc<dyn Chain>>,
        halted: &HashSet<NetworkId>,
        public_url: &PublicUrl,
        held: Option<&Arc<Published>>,
    ) -> Self {
        let Listing { endpoint, offers } = listing;
        let quotes: Vec<Quote> = offers
            .into_iter()
            .map(|offer| Quote {
                separator: chain::domain_separator(&offer.asset),
                chain: networks.get(&offer.asset.network).cloned(),
                offer: Arc::new(offer),
            })
            .collect();
        let front = match endpoint.state {
            EndpointState::Live => Front::live(&endpoint, &quotes, halted, public_url),
            EndpointState::Paused => Front::Paused,
            EndpointState::Removed => Front::Removed,
        };
        let content = match held {
            Some(held) if held.is(&endpoint.content) => Arc::clone(held),
            _ => Arc::new(Published::new(&endpoint.content)),
        };
        let headers = content_headers::of(&endpoint.content);
        Self { endpoint, quotes, front, content, headers }
    }

    /// Whether it is what the listing and the networks say now.
    fn is(&self, listing: &Listing, networks: &HashMap<NetworkId, Arc<dyn Chain>>) -> bool {
        self.endpoint == listing.endpoint
            && self.quotes.len() == listing.offers.len()
            && self.quotes.iter().zip(&listing.offers).all(|(quote, offer)| {
                let chain = networks.get(&offer.asset.network);
                *quote.offer == *offer
                    && match (&quote.chain, chain) {
                        (Some(held), Some(now)) => Arc::ptr_eq(held, now),
                        (None, None) => true,
                        (Some(_), None) | (None, Some(_)) => false,
                    }
            })
    }

    /// The tag its content leaves with.
    pub(crate) fn etag(&self) -> HeaderValue {
        self.headers.get(ETAG).cloned().unwrap_or_else(|| HeaderValue::from_static("\"\""))
    }

    /// Whether it keeps the path that `other` has as well: what is sold before what was removed,
    /// then what came later.
    fn outranks(&self, other: &Endpoint) -> bool {
        let rank = |endpoint: &Endpoint| (endpoint.state != EndpointState::Removed, endpoint.created_at);
        rank(&self.endpoint) >= rank(other)
    }
}

impl Front {
    fn live(
        endpoint: &Endpoint,
        quotes: &[Quote],
        halted: &HashSet<NetworkId>,
        public_url: &PublicUrl,
    ) -> Self {
        let current = quotes.iter().filter(|quote| quote.offer.honoured_until.is_none());
        let mut sellable: Vec<_> =
            current.filter(|quote| quote.chain.is_some()).map(|quote| &*quote.offer).collect();
        sellable.sort_by_key(|offer| offer.asset.network.rank());
        // Nobody is asked to sign for what would only keep them waiting (T46).
        if endpoint.mode == Mode::Instant && !sellable.is_empty() {
            sellable.retain(|offer| !halted.contains(&offer.asset.network));
            if sellable.is_empty() {
                return Self::Closed(
                    "The seller cannot settle payments at the moment, and this is sold only once it is settled.",
                );
            }
        }
        if sellable.is_empty() {
            return Self::Closed("Nothing can be paid on the seller's payment network at the moment.");
        }
        let domain::Content::File { media_type, .. } = &endpoint.content;
        let url = public_url.of(&endpoint.path);
        let resource = Resource { url: &url, description: &endpoint.title, mime_type: media_type };
        let terms = PaymentRequired::new(&resource, sellable);
        match terms.map_err(|error| error.to_string()).and_then(Terms::new) {
            Ok(terms) => Self::Terms(Box::new(terms)),
            Err(error) => {
                tracing::warn!(path = %endpoint.path, %error, "an endpoint cannot be offered");
                Self::Closed("The terms of this endpoint cannot be put before buyers.")
            }
        }
    }
}

impl Terms {
    fn new(required: PaymentRequired) -> Result<Self, String> {
        let mut headers = headers::json();
        headers::vary(&mut headers);
        let header = HeaderValue::from_str(&required.header).map_err(|error| error.to_string())?;
        headers.insert(headers::PAYMENT_REQUIRED, header);
        let body = Bytes::copy_from_slice(&required.body);
        Ok(Self { required, headers, body })
    }

    /// The 402 for who has not paid.
    pub(crate) fn demand(&self) -> Reply {
        reply::whole(StatusCode::PAYMENT_REQUIRED, self.headers.clone(), Body::Plain(self.body.clone()))
    }

    /// The 402 for who paid wrongly: the same terms, and why.
    pub(crate) fn refusal(&self, code: Code, sentence: &str) -> Reply {
        let refusal = self.required.refusal(code, sentence);
        let mut headers = self.headers.clone();
        if let Ok(header) = HeaderValue::try_from(refusal.header) {
            headers.insert(headers::PAYMENT_REQUIRED, header);
        }
        reply::whole(StatusCode::PAYMENT_REQUIRED, headers, Body::Plain(refusal.body.into()))
    }
}

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alloy_primitives::B256;
use bytes::Bytes;
use chain::Chain;
use domain::{
    Asset, Audience, CanonicalPath, Content, Endpoint, EndpointId, EndpointState, Folder, Member, Mode,
    NetworkId, Offer, Part, SoldAs,
};
use http::header::{ETAG, HeaderValue};
use http::{HeaderMap, StatusCode};
use store::Listing;
use x402::{Code, PaymentRequired, Resource};

use crate::body::Body;
use crate::content::{Checks, Published};
use crate::content_headers::Label;
use crate::goods::Goods;
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
    /// Which of them each endpoint is.
    laid_out: HashMap<EndpointId, Vec<Arc<Item>>>,
    halted: HashSet<NetworkId>,
    public_url: Option<PublicUrl>,
}

/// One thing that can be bought, with everything about it that can be made before anybody asks: an endpoint, or a part
/// of one that has a path of its own.
pub(crate) struct Item {
    pub(crate) endpoint: Arc<Endpoint>,
    /// Which part of the endpoint it is.
    pub(crate) part: Part,
    /// Where it is reached.
    pub(crate) path: CanonicalPath,
    /// What is quoted for the endpoint.
    quotes: Arc<[Quote]>,
    /// Whether its own price counts, and not the one of the whole.
    has_own_price: bool,
    pub(crate) front: Front,
    pub(crate) goods: Goods,
    /// The name a buyer's download gets.
    pub(crate) file_name: String,
    /// The digest of its content.
    pub(crate) sha256: B256,
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
        let mut now = Self {
            items: HashMap::with_capacity(listings.len()),
            laid_out: HashMap::with_capacity(listings.len()),
            halted: halted.clone(),
            public_url: Some(public_url.clone()),
        };
        let around = Around { networks, halted, public_url, before };
        for listing in listings {
            let id = listing.endpoint.id;
            let items = match before.laid_out.get(&id).filter(|_| same) {
                Some(held) if held.first().is_some_and(|held| held.is(&listing, networks)) => held.clone(),
                _ => around.lay_out(listing),
            };
            for item in &items {
                now.put(item);
            }
            now.laid_out.insert(id, items);
        }
        now
    }

    fn put(&mut self, item: &Arc<Item>) {
        let path = item.path.as_str();
        if self.items.get(path).is_none_or(|other| item.outranks(other)) {
            self.items.insert(path.to_owned(), Arc::clone(item));
        }
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
            if let Err(problem) = item.goods.look(checks) {
                tracing::debug!(path = %item.path, %problem, "a file is not ready to be sold");
            }
        }
    }
}

/// What a listing is laid out in.
struct Around<'a> {
    networks: &'a HashMap<NetworkId, Arc<dyn Chain>>,
    halted: &'a HashSet<NetworkId>,
    public_url: &'a PublicUrl,
    before: &'a Catalogue,
}

impl Around<'_> {
    /// Every item that a listing is sold as.
    fn lay_out(&self, listing: Listing) -> Vec<Arc<Item>> {
        let Listing { endpoint, offers } = listing;
        let quotes: Arc<[Quote]> = offers
            .into_iter()
            .map(|offer| Quote {
                separator: chain::domain_separator(&offer.asset),
                chain: self.networks.get(&offer.asset.network).cloned(),
                offer: Arc::new(offer),
            })
            .collect();
        let endpoint = Arc::new(endpoint);
        let item = |part: &Part, label: Label<'_>, goods: &dyn Fn(Option<&Goods>) -> Option<Goods>| {
            let path = endpoint.path.below(part).ok()?;
            let goods = goods(self.before.find(path.as_str()).map(|held| &held.goods))?;
            Some(self.item(&endpoint, (part.clone(), path), &quotes, label, goods))
        };
        match &endpoint.content {
            Content::File(file) => {
                let label = Label::of_file(file);
                item(&Part::WHOLE, label, &|held| Goods::whole(&endpoint.content, held)).into_iter().collect()
            }
            Content::Text(text) => {
                let label =
                    Label { file_name: &text.file_name, media_type: &text.media_type, sha256: &text.sha256 };
                item(&Part::WHOLE, label, &|held| Goods::whole(&endpoint.content, held)).into_iter().collect()
            }
            Content::Folder(Folder { sold_as: SoldAs::Files, members, .. }) => members
                .iter()
                .filter_map(|Member { part, file, .. }| {
                    item(part, Label::of_file(file), &|held| Some(Goods::File(Published::of(file, held))))
                })
                .collect(),
            Content::Folder(Folder { sold_as: SoldAs::Archive { sha256 }, path, .. }) => {
                let file_name = content_headers::archive_name(path);
                let label = Label { file_name: &file_name, media_type: "application/zip", sha256 };
                item(&Part::WHOLE, label, &|held| Goods::whole(&endpoint.content, held)).into_iter().collect()
            }
            Content::Service(_) => Vec::new(),
        }
    }

    fn item(
        &self,
        endpoint: &Arc<Endpoint>,
        (part, path): (Part, CanonicalPath),
        quotes: &Arc<[Quote]>,
        label: Label<'_>,
        goods: Goods,
    ) -> Arc<Item> {
        let mut own = quotes.iter().map(|quote| &quote.offer);
        let has_own_price = own.any(|offer| offer.part == part && offer.honoured_until.is_none());
        let mut item = Item {
            endpoint: Arc::clone(endpoint),
            part,
            path,
            quotes: Arc::clone(quotes),
            has_own_price,
            front: Front::Removed,
            goods,
            file_name: label.file_name.to_owned(),
            sha256: *label.sha256,
            headers: content_headers::of(label),
        };
        item.front = match endpoint.state {
            EndpointState::Live => Front::live(&item, label.media_type, self.halted, self.public_url),
            EndpointState::Paused => Front::Paused,
            EndpointState::Removed => Front::Removed,
        };
        Arc::new(item)
    }
}

impl Item {
    /// What is quoted for it: at prices of its own where it has any, else at that of the whole.
    pub(crate) fn quotes(&self) -> impl Iterator<Item = &Quote> + Clone {
        let asked = if self.has_own_price { self.part.as_str() } else { "" };
        self.quotes.iter().filter(move |quote| quote.offer.part.as_str() == asked)
    }

    /// The tokens that anything was ever quoted in here.
    pub(crate) fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.quotes.iter().map(|quote| &quote.offer.asset)
    }

    /// Whether it is what the listing and the networks say now.
    fn is(&self, listing: &Listing, networks: &HashMap<NetworkId, Arc<dyn Chain>>) -> bool {
        *self.endpoint == listing.endpoint
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

    /// Whether it keeps the path that `other` has as well: what is sold before what was removed, an endpoint before a part
    /// of one, then what came later.
    fn outranks(&self, other: &Self) -> bool {
        let rank = |item: &Self| {
            let endpoint = &item.endpoint;
            (endpoint.state != EndpointState::Removed, item.part.is_whole(), endpoint.created_at)
        };
        rank(self) >= rank(other)
    }
}

impl Front {
    fn live(item: &Item, media_type: &str, halted: &HashSet<NetworkId>, public_url: &PublicUrl) -> Self {
        let endpoint = &item.endpoint;
        let for_all = |offer: &Offer| offer.honoured_until.is_none() && offer.audience == Audience::Everybody;
        let current = item.quotes().filter(|quote| for_all(&quote.offer));
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
        let url = public_url.of(&item.path);
        let resource = Resource { url: &url, description: &endpoint.title, mime_type: media_type };
        let terms = PaymentRequired::new(&resource, sellable);
        match terms.map_err(|error| error.to_string()).and_then(Terms::new) {
            Ok(terms) => Self::Terms(Box::new(terms)),
            Err(error) => {
                tracing::warn!(path = %item.path, %error, "an endpoint cannot be offered");
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

mod front;

use std::collections::{HashMap, HashSet};
use std::iter;
use std::sync::Arc;

use alloy_primitives::B256;
use chain::Chain;
use domain::{
    Asset, Audience, CanonicalPath, Content, Endpoint, EndpointId, EndpointState, Folder, Member, NetworkId,
    Offer, OfferId, Part, Pattern, SoldAs,
};
use http::HeaderMap;
use http::header::{ETAG, HeaderValue};
use store::{Earlier, Given, Listing, PictureRow};

use crate::content::Checks;
use crate::content_headers::{self, Label};
use crate::gift::Preview;
use crate::goods::{Files, Goods};
use crate::public_url::PublicUrl;
use crate::quotes::Choice;
use crate::service::{Found, Services};
use crate::sign_in::Challenges;

pub(crate) use front::Front;

/// Everything that is sold, at one moment: the only way from a request to content.
///
/// A request's path is looked up letter by letter among the canonical ones. What is not here is not
/// sold and not served (T27).
#[derive(Default)]
pub(crate) struct Catalogue {
    items: HashMap<String, Arc<Item>>,
    services: Services,
    /// Which of them each endpoint is.
    laid_out: HashMap<EndpointId, Vec<Arc<Item>>>,
    halted: Arc<HashSet<NetworkId>>,
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
    pub(crate) quotes: Arc<[Quote]>,
    /// Its address for buyers, without a query.
    url: String,
    /// The media type of what it delivers.
    media_type: String,
    /// Where nothing is settled at the moment.
    halted: Arc<HashSet<NetworkId>>,
    /// What everybody is answered who does not pay.
    pub(crate) front: Front,
    /// What of its endpoint costs nothing.
    pub(crate) given: Arc<Given>,
    /// Whether it is one of those.
    pub(crate) is_free: bool,
    /// Whether it is in what is sold. A file that is missing from the folder as it was published last is there for its
    /// owners only.
    pub(crate) is_sold: bool,
    /// What everybody gets to see of it.
    pub(crate) preview: Option<Arc<Preview>>,
    /// What pages show of its endpoint.
    pub(crate) cover: Option<PictureRow>,
    /// The earlier versions that its owners receive where they bought them; nobody is asked to pay for those.
    pub(crate) earlier: Vec<Arc<Self>>,
    /// What they are made of, for the whole endpoint.
    kept: Arc<[Earlier]>,
    pub(crate) goods: Goods,
    /// The name a buyer's download gets.
    pub(crate) file_name: String,
    /// The digest of its content.
    pub(crate) sha256: B256,
    /// The headers its content leaves with.
    pub(crate) headers: HeaderMap,
    /// Who makes what its owners sign to receive it again.
    challenges: Arc<Challenges>,
}

/// An offer with what checking an answer to it takes.
pub(crate) struct Quote {
    pub(crate) offer: Arc<Offer>,
    pub(crate) separator: B256,
    /// None while the network's chain is not verified.
    pub(crate) chain: Option<Arc<dyn Chain>>,
}

impl Catalogue {
    /// Lays out the endpoints. What `before` held already and nothing has changed for stays as it is,
    /// so that one change among many endpoints costs little, and files stay open.
    pub(crate) fn build(
        listings: Vec<Listing>,
        networks: &HashMap<NetworkId, Arc<dyn Chain>>,
        halted: &HashSet<NetworkId>,
        public_url: &PublicUrl,
        challenges: &Arc<Challenges>,
        before: &Self,
    ) -> Self {
        let same = before.public_url.as_ref() == Some(public_url) && *before.halted == *halted;
        let halted = Arc::new(halted.clone());
        let mut now = Self {
            items: HashMap::with_capacity(listings.len()),
            services: Services::default(),
            laid_out: HashMap::with_capacity(listings.len()),
            halted: Arc::clone(&halted),
            public_url: Some(public_url.clone()),
        };
        let around = Around { networks, halted: &halted, public_url, challenges, before };
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
        if matches!(item.goods, Goods::Service(_)) {
            return self.services.put(item);
        }
        let path = item.path.as_str();
        if self.items.get(path).is_none_or(|other| item.outranks(other)) {
            self.items.insert(path.to_owned(), Arc::clone(item));
        }
    }

    pub(crate) fn find(&self, path: &str) -> Option<&Arc<Item>> {
        self.items.get(path)
    }

    /// The service that answers a path at which nothing else is sold.
    pub(crate) fn service(&self, path: &str) -> Option<Found> {
        if self.items.get(path).is_some_and(|item| !matches!(item.front, Front::Removed)) {
            return None;
        }
        self.services.find(path)
    }

    /// What has to follow the path of a service, where that alone is not answered.
    pub(crate) fn pattern_below(&self, path: &str) -> Option<&Pattern> {
        self.services.pattern(path)
    }

    /// Every endpoint, as the items that it is sold as.
    pub(crate) fn laid_out(&self) -> impl Iterator<Item = &[Arc<Item>]> {
        self.laid_out.values().map(|items| &items[..items.partition_point(|item| item.is_sold)])
    }

    /// A file of the folder at this path, if each of its files is sold by itself.
    pub(crate) fn folder(&self, path: &str) -> Option<&Arc<Item>> {
        let mut folders = self.laid_out().filter_map(<[_]>::first);
        folders.find(|item| {
            let is_folder = matches!(item.endpoint.content, Content::Folder(_)) && !item.part.is_whole();
            is_folder && item.endpoint.path.as_str() == path
        })
    }

    /// Every version of an endpoint that is there for its owners only.
    pub(crate) fn for_owners(&self, endpoint: EndpointId) -> impl Iterator<Item = &Arc<Item>> {
        let items = self.laid_out.get(&endpoint).into_iter().flatten();
        items.flat_map(|item| iter::once(item).filter(|item| !item.is_sold).chain(&item.earlier))
    }

    /// A part of an endpoint, whatever its path, also where it is not sold any more.
    pub(crate) fn part_of(&self, endpoint: EndpointId, part: &Part) -> Option<&Arc<Item>> {
        self.laid_out.get(&endpoint)?.iter().find(|item| item.part == *part)
    }

    /// Everything that is in it.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values().chain(self.services.items())
    }

    /// Begins to read through every file that is new here, so that the first buyer need not wait.
    pub(crate) fn check_files(&self, checks: &Checks) {
        for item in self.items.values().flat_map(|item| iter::once(item).chain(&item.earlier)) {
            if let Err(problem) = item.goods.look(checks) {
                tracing::debug!(path = %item.path, %problem, "a file is not ready to be sold");
            }
        }
    }
}

/// What a listing is laid out in.
struct Around<'a> {
    networks: &'a HashMap<NetworkId, Arc<dyn Chain>>,
    halted: &'a Arc<HashSet<NetworkId>>,
    public_url: &'a PublicUrl,
    challenges: &'a Arc<Challenges>,
    before: &'a Catalogue,
}

/// What everybody gets of a listing.
#[derive(Clone, Copy)]
struct Shown<'a> {
    given: &'a Arc<Given>,
    preview: &'a Option<Arc<Preview>>,
    cover: Option<PictureRow>,
    kept: &'a Arc<[Earlier]>,
    is_sold: bool,
}

impl Around<'_> {
    /// Every item that a listing is sold as.
    fn lay_out(&self, listing: Listing) -> Vec<Arc<Item>> {
        let Listing { endpoint, offers, given, cover, earlier } = listing;
        let quotes: Arc<[Quote]> = offers
            .into_iter()
            .map(|offer| Quote {
                separator: chain::domain_separator(&offer.asset),
                chain: self.networks.get(&offer.asset.network).cloned(),
                offer: Arc::new(offer),
            })
            .collect();
        let endpoint = Arc::new(endpoint);
        let held = self.before.laid_out.get(&endpoint.id).and_then(|held| held.first());
        let preview = given
            .preview
            .as_ref()
            .map(|file| Arc::new(Preview::of(file, held.and_then(|held| held.preview.as_deref()))));
        let (given, kept) = (Arc::new(given), earlier.into());
        let sold = Shown { given: &given, preview: &preview, cover, kept: &kept, is_sold: true };
        let mut files = Files::default();
        let mut item = |part: &Part, label: Label<'_>, member, shown| {
            let path = endpoint.path.below(part).ok()?;
            let held = self.before.find(path.as_str());
            files.hold(
                held.into_iter()
                    .flat_map(|held| iter::once(held).chain(&held.earlier))
                    .map(|held| &held.goods),
            );
            let goods = match member {
                Some(file) => Goods::file(file, &mut files),
                None => Goods::whole(&endpoint.content, &mut files)?,
            };
            Some(self.item(&endpoint, (part.clone(), path), &quotes, shown, (label, goods), &mut files))
        };
        match &endpoint.content {
            Content::File(file) => {
                let label = Label::of_file(file);
                item(&Part::WHOLE, label, None, sold).into_iter().collect()
            }
            Content::Text(text) => {
                let label =
                    Label { file_name: &text.file_name, media_type: &text.media_type, sha256: &text.sha256 };
                item(&Part::WHOLE, label, None, sold).into_iter().collect()
            }
            Content::Folder(Folder { sold_as: SoldAs::Files, members, .. }) => {
                let mut known: HashSet<_> = members.iter().map(|member| &member.part).collect();
                let members = members.iter().map(|Member { part, file, .. }| (part, file, sold));
                // The newest version of what is sold no more.
                let left = kept.iter().filter(|one| known.insert(&one.part)).filter_map(|one| {
                    Some((&one.part, &one.files.first()?.file, Shown { is_sold: false, ..sold }))
                });
                let all = members.chain(left);
                all.filter_map(|(part, file, shown)| item(part, Label::of_file(file), Some(file), shown))
                    .collect()
            }
            Content::Folder(Folder { sold_as: SoldAs::Archive { sha256 }, path, .. }) => {
                let file_name = content_headers::archive_name(path);
                let label = Label { file_name: &file_name, media_type: "application/zip", sha256 };
                item(&Part::WHOLE, label, None, sold).into_iter().collect()
            }
            Content::Service(service) => {
                let shared = Arc::new(service.clone());
                let label = Label { file_name: "", media_type: "", sha256: &B256::ZERO };
                let methods =
                    service.methods.iter().filter_map(|method| method.as_str().parse::<Part>().ok());
                let item = |part: Part| {
                    let at = (part, endpoint.path.clone());
                    let goods = Goods::Service(Arc::clone(&shared));
                    self.item(&endpoint, at, &quotes, sold, (label, goods), &mut Files::default())
                };
                methods.map(item).collect()
            }
        }
    }

    fn item<'f>(
        &self,
        endpoint: &Arc<Endpoint>,
        (part, path): (Part, CanonicalPath),
        quotes: &Arc<[Quote]>,
        shown: Shown<'f>,
        (label, goods): (Label<'_>, Goods),
        all: &mut Files<'f>,
    ) -> Arc<Item> {
        let others = shown.kept.iter().filter(|one| one.part == part && one.sha256 != *label.sha256);
        let earlier = others.filter_map(|Earlier { sha256, files, .. }| {
            let goods = Goods::earlier(&endpoint.content, files, all)?;
            let label = match &goods {
                Goods::Archive(_) => Label { sha256, ..label },
                Goods::File(_) | Goods::Text(_) | Goods::Service(_) => Label::of_file(&files.first()?.file),
            };
            Some(Arc::new(self.bare(endpoint, (part.clone(), path.clone()), quotes, shown, label, goods)))
        });
        let earlier = earlier.collect();
        let mut item = Item { earlier, ..self.bare(endpoint, (part, path), quotes, shown, label, goods) };
        item.front = match endpoint.state {
            _ if !item.is_sold => Front::Removed,
            EndpointState::Live => Front::live(&item),
            EndpointState::Paused => Front::Paused,
            EndpointState::Removed => Front::Removed,
        };
        Arc::new(item)
    }

    /// An item that nobody is asked to pay for yet.
    fn bare(
        &self,
        endpoint: &Arc<Endpoint>,
        (part, path): (Part, CanonicalPath),
        quotes: &Arc<[Quote]>,
        Shown { given, preview, cover, kept, is_sold }: Shown<'_>,
        label: Label<'_>,
        goods: Goods,
    ) -> Item {
        let own = |offer: &Offer| offer.part == part && offer.audience == Audience::Everybody;
        let has_own_price =
            quotes.iter().any(|quote| own(&quote.offer) && quote.offer.honoured_until.is_none());
        let is_free = given.free.contains(&part) || (given.free.contains(&Part::WHOLE) && !has_own_price);
        Item {
            given: Arc::clone(given),
            is_free,
            is_sold,
            preview: preview.clone(),
            cover,
            earlier: Vec::new(),
            kept: Arc::clone(kept),
            endpoint: Arc::clone(endpoint),
            part,
            url: self.public_url.of(&path),
            path,
            quotes: Arc::clone(quotes),
            media_type: label.media_type.to_owned(),
            halted: Arc::clone(self.halted),
            front: Front::Removed,
            goods,
            file_name: label.file_name.to_owned(),
            sha256: *label.sha256,
            headers: content_headers::of(label),
            challenges: Arc::clone(self.challenges),
        }
    }
}

impl Item {
    /// The quote of an offer.
    pub(crate) fn quote(&self, offer: OfferId) -> Option<&Quote> {
        self.quotes.iter().find(|quote| quote.offer.id == offer)
    }

    /// What somebody who does not pay is told where the query chooses another price than everybody's: made for each
    /// request, because there are as many as there are codes and amounts. None where everybody's answer is theirs.
    pub(crate) fn chosen(&self, query: Option<&str>) -> Option<Front> {
        let Front::Terms(_) = &self.front else { return None };
        let (choice, query) = match Choice::of(query) {
            Choice::Everybody => return None,
            choice @ Choice::Code(code) => (choice, format!("?code={code}")),
            choice @ Choice::Own(amount) => (choice, format!("?pay={amount}")),
        };
        let asked = self.asked(choice);
        let is_other = asked.iter().any(|asked| asked.offer.audience != Audience::Everybody);
        is_other.then(|| Front::of(self, &asked, &query))
    }

    /// The tokens that anything was ever quoted in here.
    pub(crate) fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.quotes.iter().map(|quote| &quote.offer.asset)
    }

    /// Whether it is what the listing and the networks say now.
    fn is(&self, listing: &Listing, networks: &HashMap<NetworkId, Arc<dyn Chain>>) -> bool {
        *self.endpoint == listing.endpoint
            && *self.given == listing.given
            && self.cover == listing.cover
            && *self.kept == *listing.earlier
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

    /// The same at one of the paths that its service answers.
    pub(crate) fn at(self: &Arc<Self>, path: &CanonicalPath) -> Arc<Self> {
        let Goods::Service(service) = &self.goods else { return Arc::clone(self) };
        if self.path == *path {
            return Arc::clone(self);
        }
        let base = self.url.strip_suffix(self.path.as_str()).unwrap_or_default();
        let mut item = Self {
            endpoint: Arc::clone(&self.endpoint),
            part: self.part.clone(),
            path: path.clone(),
            quotes: Arc::clone(&self.quotes),
            url: format!("{base}{path}"),
            media_type: self.media_type.clone(),
            halted: Arc::clone(&self.halted),
            front: match &self.front {
                Front::Paused => Front::Paused,
                Front::Closed(reason) => Front::Closed(reason),
                Front::Terms(_) | Front::Removed => Front::Removed,
            },
            given: Arc::clone(&self.given),
            is_free: self.is_free,
            is_sold: self.is_sold,
            preview: self.preview.clone(),
            cover: self.cover,
            earlier: Vec::new(),
            kept: Arc::clone(&self.kept),
            goods: Goods::Service(Arc::clone(service)),
            file_name: self.file_name.clone(),
            sha256: self.sha256,
            headers: self.headers.clone(),
            challenges: Arc::clone(&self.challenges),
        };
        if matches!(self.front, Front::Terms(_)) {
            item.front = Front::live(&item);
        }
        Arc::new(item)
    }

    /// The tag its content leaves with.
    pub(crate) fn etag(&self) -> HeaderValue {
        self.headers.get(ETAG).cloned().unwrap_or_else(|| HeaderValue::from_static("\"\""))
    }

    /// Whether it keeps the path that `other` has as well: what is sold before what was removed, an endpoint before a part
    /// of one, then what came later.
    pub(crate) fn outranks(&self, other: &Self) -> bool {
        let rank = |item: &Self| {
            let endpoint = &item.endpoint;
            let is_sold = item.is_sold && endpoint.state != EndpointState::Removed;
            (is_sold, item.part.is_whole(), endpoint.created_at)
        };
        rank(self) >= rank(other)
    }
}

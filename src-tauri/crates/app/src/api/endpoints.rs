use std::collections::HashMap;
use std::time::Duration;

use domain::{
    Amount, Asset, Audience, CanonicalPath, Content, EndpointId, EndpointState, Environment, Mode, NetworkId,
    Offer, OwnedFor, Part, PaymentState, PublishedFile,
};
use serde::{Deserialize, Serialize};
use store::{Details, Lately, Listing, NewEndpoint, NewOffer, Total};
use ts_rs::TS;

use crate::api::content::{self, EndpointText, FolderAdd, TextAdd, Ware};
use crate::api::money::Summing;
use crate::api::pictures;
use crate::api::prices::{self, PriceView};
use crate::api::services::{self, ServiceSet};
use crate::api::{ContentView, FileView, MoneyView, PictureView};
use crate::engine::Standing;
use crate::error::sentence;
use crate::networks::title;
use crate::price_warnings::Costs;
use crate::{ApiError, App, ErrorCode, random};

/// Longest title that is kept.
pub(crate) const LONGEST_TITLE: usize = 200;

/// Longest description that is kept.
const LONGEST_DESCRIPTION: usize = 2_000;

/// Puts something up for sale: exactly one of a file, a folder, a text and a service.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointAdd {
    /// The file to sell.
    pub file: Option<String>,
    /// The folder to sell.
    pub folder: Option<FolderAdd>,
    /// The text to sell.
    pub text: Option<TextAdd>,
    /// The program whose answers are sold. Each request is charged.
    pub service: Option<ServiceSet>,
    /// Where it is reached, such as `/guide`.
    pub path: String,
    /// Its price as a decimal, such as `0.05`; of a folder that is sold by its files, that of each.
    pub price: String,
    /// Its name for people; the file's or folder's name by default.
    pub title: Option<String>,
    /// What it is, in a few sentences.
    pub description: Option<String>,
    /// Whether the stall's own pages show it; they do by default.
    pub listed: Option<bool>,
    /// `batched` (default) or `instant`.
    pub mode: Option<String>,
    /// How long buyers own it: `30d` (default), `12h`, or `0` to charge every purchase.
    pub owned_for: Option<String>,
    /// A picture of it for the stall's pages: a PNG, JPEG or WebP file of 10 MB at most.
    pub cover: Option<String>,
}

/// Changes what is said of an endpoint, or its text; what is left out stays.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointEdit {
    /// Its path or its id.
    pub endpoint: String,
    /// Its name for people.
    pub title: Option<String>,
    /// What it is, in a few sentences; empty for nothing.
    pub description: Option<String>,
    /// Whether the stall's own pages show it.
    pub listed: Option<bool>,
    /// Its new text; who owns it gets that too.
    pub text: Option<String>,
    /// What is passed on to its service, and where.
    pub service: Option<ServiceSet>,
}

/// Names an endpoint by its path or its id.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct EndpointName {
    /// Its path or its id.
    pub endpoint: String,
}

/// Sells a new version of a file or a folder.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointPublish {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// Where the new version is; where the one before was by default.
    pub from: Option<String>,
}

/// Changes a price.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct EndpointSetPrice {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// The new price as a decimal.
    pub price: String,
}

/// What is for sale.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointList {
    /// Oldest first; removed ones are left out.
    pub items: Vec<EndpointView>,
}

/// Something for sale.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointView {
    /// Its id, the same in every environment.
    pub id: String,
    /// Where it is reached.
    pub path: String,
    /// The link to hand out, with what has to follow the path of a service, such as `/{city}`; null while the stall is
    /// closed.
    pub url: Option<String>,
    /// Its name for people.
    pub title: String,
    /// What it is, in a few sentences; may be empty.
    pub description: String,
    /// Whether the stall's own pages show it.
    pub listed: bool,
    /// live, paused or removed.
    pub state: String,
    /// batched or instant.
    pub mode: String,
    /// How long buyers own it.
    pub owned_for: String,
    /// What owners of an earlier version receive: `newest`, or `bought` as long as its files are there.
    pub owners_get: String,
    /// The price.
    #[serde(flatten)]
    pub price: MoneyView,
    /// Counts up with each change of the price or its terms.
    pub price_version: u32,
    /// The network it is paid on.
    pub network: String,
    /// Where the money goes.
    pub pay_to: String,
    /// How many seconds an authorization is left to wait.
    pub window_seconds: u32,
    /// What it costs on each network where it can be paid, in the order in which buyers are told.
    pub offers: Vec<OfferView>,
    /// Every price that holds now, the usual one first.
    pub prices: Vec<PriceView>,
    /// The file that everybody gets to see at the link with `?preview`; null without one.
    pub preview: Option<FileView>,
    /// What the stall's pages show of it; null without any.
    pub cover: Option<PictureView>,
    /// How many requests a day a service answers for nothing, each time to the same; null without any.
    pub free_a_day: Option<u32>,
    /// Whether that is `address` or `wallet`; null without any.
    pub free_counted_by: Option<String>,
    /// What is delivered.
    pub content: ContentView,
    /// Whether its files are still there, by a look at their lengths only; null when that takes too long.
    pub file_state: Option<FileState>,
    /// How often it was bought; payments that were dropped unsubmitted are left out.
    pub sales: u64,
    /// What is on chain of that.
    pub settled: MoneyView,
    /// What is signed and not on chain.
    pub pending: MoneyView,
    /// What of it came on chain since the last midnight, UTC.
    pub settled_today: MoneyView,
    /// The same of today and the six days before.
    pub settled_week: MoneyView,
    /// The same of today and the 29 days before.
    pub settled_month: MoneyView,
    /// Unix milliseconds.
    pub created_at: i64,
}

/// What something costs on one network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OfferView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub network_title: String,
    /// The price.
    #[serde(flatten)]
    pub price: MoneyView,
    /// The token's contract.
    pub asset: String,
    /// Where the money goes.
    pub pay_to: String,
    /// How many seconds an authorization is left to wait.
    pub window_seconds: u32,
    /// Counts up with each change of the price or its terms.
    pub price_version: u32,
    /// Whether it can be paid there now.
    pub ready: bool,
}

impl OfferView {
    fn of(app: &App, offer: &Offer) -> Self {
        let network = offer.asset.network;
        Self {
            network: network.to_string(),
            network_title: title(network),
            price: MoneyView::of(offer.amount, &offer.asset),
            asset: offer.asset.address.to_string(),
            pay_to: offer.pay_to.to_string(),
            window_seconds: offer.window.seconds(),
            price_version: offer.version,
            ready: app
                .engine()
                .and_then(|engine| engine.connection(network))
                .is_some_and(|connection| matches!(*connection.standing.borrow(), Standing::Ready { .. })),
        }
    }
}

/// How a file stands compared with what was published, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FileState {
    /// It is there, and nothing is known to be different.
    Ok,
    /// Something else stands in its place.
    Changed,
    /// It is gone, or cannot be reached.
    Missing,
}

fn view(
    app: &App,
    listing: &Listing,
    offer: &Offer,
    (totals, lately): (&[Total], Lately),
    file_state: Option<FileState>,
    costs: &Costs,
) -> EndpointView {
    let endpoint = &listing.endpoint;
    let sums = Summing::of(totals);
    let sold = totals.iter().filter(|total| total.state != PaymentState::Voided);
    EndpointView {
        id: endpoint.id.to_string(),
        path: endpoint.path.to_string(),
        url: app.url().map(|url| format!("{url}{}{}", endpoint.path, below(&endpoint.content))),
        title: endpoint.title.clone(),
        description: endpoint.description.clone(),
        listed: endpoint.is_listed,
        state: endpoint.state.to_string(),
        mode: endpoint.mode.to_string(),
        owned_for: endpoint.owned_for.to_string(),
        owners_get: endpoint.owners_get.to_string(),
        price: MoneyView::of(offer.amount, &offer.asset),
        price_version: offer.version,
        network: offer.asset.network.to_string(),
        pay_to: offer.pay_to.to_string(),
        window_seconds: offer.window.seconds(),
        offers: quoted(listing).map(|offer| OfferView::of(app, offer)).collect(),
        prices: prices::views(app, listing, costs),
        preview: listing.given.preview.as_ref().map(FileView::of),
        cover: listing.cover.as_ref().map(PictureView::of),
        free_a_day: listing.given.quota.map(|quota| quota.requests_a_day),
        free_counted_by: listing.given.quota.map(|quota| quota.counted_by.to_string()),
        content: ContentView::of(&endpoint.content),
        file_state,
        sales: sold.map(|total| total.payments).sum(),
        settled: MoneyView::of(sums.settled(), &offer.asset),
        pending: MoneyView::of(sums.pending(), &offer.asset),
        settled_today: MoneyView::of(lately.today, &offer.asset),
        settled_week: MoneyView::of(lately.week, &offer.asset),
        settled_month: MoneyView::of(lately.month, &offer.asset),
        created_at: endpoint.created_at.timestamp_millis(),
    }
}

/// What follows an endpoint's path where it alone leads nowhere.
fn below(content: &Content) -> &str {
    match content {
        Content::Service(service) => service.pattern.as_str(),
        Content::File(_) | Content::Folder(_) | Content::Text(_) => "",
    }
}

/// What everybody is quoted now, in the order in which buyers are told.
fn quoted(listing: &Listing) -> impl Iterator<Item = &Offer> {
    let mut offers: Vec<_> = listing.usual().collect();
    offers.sort_by_key(|offer| offer.asset.network.rank());
    offers.into_iter()
}

/// The offer that stands for all where there is room for one.
fn current(listing: &Listing) -> Option<&Offer> {
    quoted(listing).next()
}

/// How long all files together may take to look at: one may lie on a disk that is away.
pub(crate) const LOOK: Duration = Duration::from_secs(1);

/// Looks at the files of endpoints, in their order.
async fn look(app: &App, listings: &[&Listing]) -> Vec<Option<FileState>> {
    let contents: Vec<Content> = listings.iter().map(|listing| listing.endpoint.content.clone()).collect();
    let shelf = app.engine().map(|engine| engine.shelf().clone());
    let looking = tokio::task::spawn_blocking(move || {
        let lengths: Vec<_> = contents.iter().map(file_state).collect();
        // The server has read the files through, and knows of changes that leave the length as it was.
        (lengths, shelf.map(|shelf| shelf.spoiled()).unwrap_or_default())
    });
    let Ok(Ok((lengths, seen))) = tokio::time::timeout(LOOK, looking).await else {
        return vec![None; listings.len()];
    };
    let states = listings.iter().zip(lengths).map(|(listing, length)| {
        let problem = seen.iter().find(|(id, _)| *id == listing.endpoint.id).map(|(_, problem)| problem);
        Some(match (length, problem) {
            (FileState::Missing, _) | (_, Some(server::Problem::Missing)) => FileState::Missing,
            (FileState::Changed, _) | (_, Some(_)) => FileState::Changed,
            (FileState::Ok, None) => FileState::Ok,
        })
    });
    states.collect()
}

/// How the files of some content stand: the worst of them counts.
fn file_state(content: &Content) -> FileState {
    content.files().map(length_state).max().unwrap_or(FileState::Ok)
}

/// How a file stands by its length.
pub(crate) fn length_state(file: &PublishedFile) -> FileState {
    match std::fs::symlink_metadata(&file.path) {
        Ok(found) if found.is_file() && found.len() == file.bytes => FileState::Ok,
        Ok(_) => FileState::Changed,
        Err(_) => FileState::Missing,
    }
}

/// The endpoint of that path, with or without its first slash, or of that id; a removed one only by its id.
pub(crate) async fn find(app: &App, name: &str) -> Result<Listing, ApiError> {
    let id = name.parse::<EndpointId>().ok();
    app.store()
        .catalogue()
        .await?
        .into_iter()
        .find(|Listing { endpoint, .. }| {
            id == Some(endpoint.id)
                || (endpoint.state != EndpointState::Removed
                    && (endpoint.path.as_str() == name
                        || endpoint.path.as_str().strip_prefix('/') == Some(name)))
        })
        .ok_or_else(|| ApiError::not_found("endpoint", name))
}

pub(crate) async fn shown(app: &App, id: EndpointId) -> Result<EndpointView, ApiError> {
    let listing = find(app, &id.to_string()).await?;
    let offer =
        current(&listing).ok_or_else(|| ApiError::new(ErrorCode::Internal, "The endpoint has no price."))?;
    let totals = app.store().endpoint_totals(id).await?;
    let file_state = look(app, &[&listing]).await.into_iter().next().flatten();
    let lately = app.store().arrived_lately(app.clock().now(), Some(id)).await?;
    let lately = lately.first().map(|(_, lately)| *lately).unwrap_or_default();
    Ok(view(app, &listing, offer, (&totals, lately), file_state, &Costs::lately(app).await?))
}

/// The price for a decimal on every network that can be sold on now.
async fn quotes(app: &App, price: &str) -> Result<Vec<NewOffer>, ApiError> {
    let engine = app.working()?;
    let mut offers = Vec::new();
    let mut hindered = None;
    for row in app.store().networks().await? {
        let unavailable = |why: String| ApiError::new(ErrorCode::Unavailable, why);
        let Some(pay_to) = row.pay_to else {
            hindered.get_or_insert_with(|| {
                unavailable("Say first where the money goes, in Settings.".to_owned())
                    .by(format!("stallkeeper network set {} --pay-to 0x…", row.network))
            });
            continue;
        };
        let standing = engine.connection(row.network).map(|connection| connection.standing.borrow().clone());
        match standing {
            Some(Standing::Ready { asset_id, asset, .. }) => {
                let window = app.store().schedule(row.network).await?.policy.window();
                offers.push(NewOffer {
                    part: Part::WHOLE,
                    audience: Audience::Everybody,
                    asset: asset_id,
                    pay_to,
                    amount: amount(price, &asset)?,
                    window,
                });
            }
            Some(Standing::Waiting(why)) => {
                hindered.get_or_insert_with(|| {
                    unavailable(format!("Nothing can be priced on {} now. {why}", row.network))
                });
            }
            None => {
                hindered.get_or_insert_with(|| unavailable("The network is not connected.".to_owned()));
            }
        }
    }
    if !offers.is_empty() {
        return Ok(offers);
    }
    Err(hindered.unwrap_or_else(|| {
        let network = match app.environment() {
            Environment::Live => NetworkId::from_chain_id(8453),
            Environment::Practice | Environment::Test => NetworkId::BASE_SEPOLIA,
        };
        let why = "No network is set up yet. Set one up first, in Settings.";
        ApiError::new(ErrorCode::Unavailable, why)
            .by(format!("stallkeeper network set {network} --rpc URL --pay-to 0x…"))
    }))
}

/// A name for people, if one was given.
fn named(title: Option<&str>) -> Result<Option<String>, ApiError> {
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    match title {
        Some(title) if title.chars().count() > LONGEST_TITLE => {
            Err(ApiError::invalid(format!("The title has more than {LONGEST_TITLE} characters.")))
        }
        title => Ok(title.map(str::to_owned)),
    }
}

fn described(description: Option<&str>) -> Result<Option<String>, ApiError> {
    match description.map(str::trim) {
        Some(text) if text.chars().count() > LONGEST_DESCRIPTION => {
            Err(ApiError::invalid(format!("The description has more than {LONGEST_DESCRIPTION} characters.")))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

pub(crate) fn amount(price: &str, asset: &Asset) -> Result<Amount, ApiError> {
    let amount = Amount::from_decimal(price.trim(), asset.decimals)
        .map_err(|error| ApiError::invalid(format!("The price {price:?} cannot be used: {error}.")))?;
    if amount == Amount::ZERO {
        return Err(ApiError::invalid("The price must be more than nothing."));
    }
    Ok(amount)
}

pub(crate) async fn add(app: &App, request: EndpointAdd) -> Result<EndpointView, ApiError> {
    let path: CanonicalPath = request
        .path
        .parse()
        .map_err(|error: domain::PathError| ApiError::invalid(sentence(&error.to_string())))?;
    let mode = request.mode.as_deref().unwrap_or(Mode::default().as_str()).parse::<Mode>();
    let mode = mode.map_err(|error| ApiError::invalid(sentence(&error)))?;
    let owned_for = match (request.owned_for.as_deref(), &request.service) {
        (Some(text), _) => {
            text.parse::<OwnedFor>().map_err(|error| ApiError::invalid(sentence(&error.to_string())))?
        }
        (None, Some(_)) => OwnedFor::NEVER,
        (None, None) => OwnedFor::DEFAULT,
    };
    if request.service.is_some() && owned_for != OwnedFor::NEVER {
        return Err(ApiError::invalid("Nobody owns what a service does: each request is charged."));
    }
    let offers = quotes(app, &request.price).await?;
    let cover = pictures::kept(app, request.cover.as_deref()).await?;
    let ware = Ware::of(app, &request).await?;
    let title = named(request.title.as_deref())?;
    let description = described(request.description.as_deref())?;
    let new = NewEndpoint {
        id: EndpointId::from_random(random::bytes()?),
        path,
        title: title.unwrap_or(ware.title),
        description: description.unwrap_or_default(),
        is_listed: request.listed.unwrap_or(true),
        content: ware.content,
        mode,
        owned_for,
    };
    content::reachable(&new.path, &new.content)?;
    let id = new.id;
    app.store().add_endpoint_for(new, offers, app.clock().now()).await?;
    if cover.is_some() {
        app.store().set_picture(Some(id), cover).await?;
    }
    app.on_the_shelf().await;
    shown(app, id).await
}

pub(crate) async fn list(app: &App, (): ()) -> Result<EndpointList, ApiError> {
    let listings = app.store().catalogue().await?;
    let kept: Vec<&Listing> =
        listings.iter().filter(|listing| listing.endpoint.state != EndpointState::Removed).collect();
    let mut totals: HashMap<EndpointId, Vec<Total>> = HashMap::new();
    for (endpoint, total) in app.store().totals_by_endpoint().await? {
        totals.entry(endpoint).or_default().push(total);
    }
    let lately: HashMap<_, _> =
        app.store().arrived_lately(app.clock().now(), None).await?.into_iter().collect();
    let states = look(app, &kept).await;
    let costs = Costs::lately(app).await?;
    let items = kept.into_iter().zip(states).filter_map(|(listing, file_state)| {
        let endpoint = &listing.endpoint;
        let totals = totals.get(&endpoint.id).map_or(&[][..], Vec::as_slice);
        let lately = lately.get(&endpoint.id).copied().unwrap_or_default();
        Some(view(app, listing, current(listing)?, (totals, lately), file_state, &costs))
    });
    Ok(EndpointList { items: items.collect() })
}

pub(crate) async fn show(app: &App, name: EndpointName) -> Result<EndpointView, ApiError> {
    shown(app, find(app, &name.endpoint).await?.endpoint.id).await
}

pub(crate) async fn set_price(app: &App, request: EndpointSetPrice) -> Result<EndpointView, ApiError> {
    let listing = find(app, &request.endpoint).await?;
    let endpoint = &listing.endpoint;
    if endpoint.state == EndpointState::Removed {
        return Err(ApiError::new(ErrorCode::Conflict, "The endpoint was removed."));
    }
    let why = match look(app, &[&listing]).await.first() {
        Some(Some(FileState::Changed)) => "The file changed since it was published",
        Some(Some(FileState::Missing)) => "The file is missing",
        Some(Some(FileState::Ok) | None) | None => "",
    };
    if !why.is_empty() {
        return Err(ApiError::new(
            ErrorCode::File,
            format!(
                "{why}, so it is not sold at any price. Put the old file back, or publish the new one again."
            ),
        ));
    }
    let mut offers = quotes(app, &request.price).await?;
    // Where a network cannot be asked now, the new price counts as well.
    for offer in listing.usual() {
        if !offers.iter().any(|new| new.asset == offer.asset_id) {
            let amount = amount(&request.price, &offer.asset)?;
            offers.push(NewOffer {
                part: Part::WHOLE,
                audience: Audience::Everybody,
                asset: offer.asset_id,
                pay_to: offer.pay_to,
                amount,
                window: offer.window,
            });
        }
    }
    let offers = offers.into_iter().map(|offer| (endpoint.id, offer)).collect();
    app.store().quote(offers, app.clock().now()).await?;
    app.store().set_free(endpoint.id, Part::WHOLE, false).await?;
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

/// What the endpoint's file is now is what is sold from now on. Who owns it gets that too, unless the seller chose otherwise
/// and the earlier one is still there.
pub(crate) async fn publish_again(app: &App, request: EndpointPublish) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, &request.endpoint).await?.endpoint;
    if endpoint.state == EndpointState::Removed {
        return Err(ApiError::new(ErrorCode::Conflict, "The endpoint was removed."));
    }
    let content = content::again(app, &endpoint.content, request.from.as_deref()).await?;
    content::reachable(&endpoint.path, &content)?;
    app.store().set_content(endpoint.id, content, app.clock().now()).await?;
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

/// Says something else of an endpoint.
pub(crate) async fn edit(app: &App, request: EndpointEdit) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, &request.endpoint).await?.endpoint;
    if endpoint.state == EndpointState::Removed {
        return Err(ApiError::new(ErrorCode::Conflict, "The endpoint was removed."));
    }
    let title = named(request.title.as_deref())?.unwrap_or(endpoint.title);
    let description = described(request.description.as_deref())?.unwrap_or(endpoint.description);
    let content = match (&endpoint.content, request.text, request.service) {
        (_, None, None) => None,
        (Content::Text(before), Some(body), None) => Some(content::text(TextAdd {
            body,
            file_name: Some(before.file_name.clone()),
            media_type: Some(before.media_type.clone()),
        })?),
        (Content::Service(before), None, Some(set)) => {
            Some(Content::Service(services::service(app, Some(before), set)?))
        }
        (_, Some(_), _) => return Err(ApiError::invalid("Only a text can be written anew here.")),
        (_, None, Some(_)) => return Err(ApiError::invalid("Only a service has what is passed on to it.")),
    };
    let details = Details { title, description, is_listed: request.listed.unwrap_or(endpoint.is_listed) };
    app.store().set_details(endpoint.id, details).await?;
    if let Some(content) = content {
        app.store().set_content(endpoint.id, content, app.clock().now()).await?;
    }
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

/// The text that an endpoint sells, for whoever wants to change it.
pub(crate) async fn text(app: &App, name: EndpointName) -> Result<EndpointText, ApiError> {
    match find(app, &name.endpoint).await?.endpoint.content {
        Content::Text(text) => Ok(EndpointText { body: text.body.to_string() }),
        Content::File(_) | Content::Folder(_) | Content::Service(_) => {
            Err(ApiError::new(ErrorCode::Conflict, "It is no text."))
        }
    }
}

/// Live endpoints that answer 503 because their file is not what was published.
pub(crate) async fn spoiled(app: &App) -> Result<Vec<(Listing, FileState)>, ApiError> {
    let listings = app.store().catalogue().await?;
    let live: Vec<&Listing> =
        listings.iter().filter(|listing| listing.endpoint.state == EndpointState::Live).collect();
    let states = look(app, &live).await;
    let spoiled = live.into_iter().zip(states).filter_map(|(listing, state)| match state {
        Some(state @ (FileState::Missing | FileState::Changed)) => Some((listing.clone(), state)),
        Some(FileState::Ok) | None => None,
    });
    Ok(spoiled.collect())
}

pub(crate) async fn pause(app: &App, name: EndpointName) -> Result<EndpointView, ApiError> {
    set_state(app, &name.endpoint, EndpointState::Paused).await
}

pub(crate) async fn resume(app: &App, name: EndpointName) -> Result<EndpointView, ApiError> {
    set_state(app, &name.endpoint, EndpointState::Live).await
}

pub(crate) async fn remove(app: &App, name: EndpointName) -> Result<EndpointView, ApiError> {
    set_state(app, &name.endpoint, EndpointState::Removed).await
}

async fn set_state(app: &App, name: &str, state: EndpointState) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, name).await?.endpoint;
    app.store().set_endpoint_state(endpoint.id, state).await?;
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

pub(crate) async fn restore(app: &App, name: EndpointName) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, &name.endpoint).await?.endpoint;
    app.store().restore_endpoint(endpoint.id).await?;
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

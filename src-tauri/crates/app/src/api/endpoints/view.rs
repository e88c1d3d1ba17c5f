//! What is shown of what is for sale.

use std::collections::HashMap;

use domain::{Content, EndpointId, EndpointState, Offer, PaymentState};
use serde::Serialize;
use store::{Lately, Listing, Total};
use ts_rs::TS;

use super::file_state::{FileState, look};
use super::{EndpointName, find};
use crate::api::money::Summing;
use crate::api::prices::{self, PriceView};
use crate::api::{ContentView, FileView, MoneyView, PictureView};
use crate::engine::Standing;
use crate::networks::title;
use crate::price_warnings::Costs;
use crate::{ApiError, App, ErrorCode};

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

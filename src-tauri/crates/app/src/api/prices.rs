//! The prices of endpoints beyond the usual one: of their parts, for discount codes, of the buyer's own choice, and from
//! a moment on.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Audience, Content, EndpointState, Offer, Part, SoldAs};
use serde::{Deserialize, Serialize};
use store::{GRACE, Listing, NewOffer, PriceChange, PricedFor};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::endpoints::{self, EndpointName, EndpointSetPrice, amount, find};
use crate::price_warnings::{Costs, PriceWarningView};
use crate::{ApiError, App, ErrorCode};

/// Most prices of one endpoint.
const MOST_PRICES: usize = 1000;

/// Most prices that are to begin, of all endpoints.
const MOST_CHANGES: usize = 1000;

/// Most versions that are shown.
const MOST_HISTORY: u32 = 500;

/// Which price of an endpoint is meant; without anything the usual one, which everybody pays for whatever has no
/// other.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PriceSet {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// Of which part: a folder's file by its path below the folder's, or a service's method.
    pub part: Option<String>,
    /// For whom names this discount code, as in `?code=SPRING`.
    pub code: Option<String>,
    /// The least of what buyers pay of their own choice, as in `?pay=2.50`.
    pub own: Option<bool>,
    /// Nothing at all: the part is given away.
    pub free: Option<bool>,
    /// The price as a decimal; left out where it is free.
    pub price: Option<String>,
    /// From when on, in RFC 3339, such as `2026-12-01T18:00:00Z`; at once by default.
    pub from: Option<String>,
}

/// Ends a price that is not the usual one.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PriceRemove {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// Of which part.
    pub part: Option<String>,
    /// For whom names this discount code.
    pub code: Option<String>,
    /// What buyers pay of their own choice.
    pub own: Option<bool>,
    /// That it costs nothing.
    pub free: Option<bool>,
}

/// Names a price that is to begin.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PriceChangeName {
    /// Its number.
    pub change: i64,
}

/// All prices of an endpoint.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceList {
    /// The endpoint's id.
    pub endpoint: String,
    /// Its path.
    pub path: String,
    /// The usual price first, then by part and audience.
    pub items: Vec<PriceView>,
    /// What is to begin, the next one first.
    pub changes: Vec<PriceChangeView>,
}

/// A price that holds now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceView {
    /// Of which part; empty for all there is.
    pub part: String,
    /// `everybody`, `code`, `own` or `free`.
    pub audience: String,
    /// The discount code.
    pub code: Option<String>,
    /// The price, the least one where buyers choose; null where it is free.
    pub price: Option<MoneyView>,
    /// The link to hand out; null while the stall is closed, and where one method of a service is meant.
    pub url: Option<String>,
    /// Where it can be paid, as CAIP-2.
    pub networks: Vec<String>,
    /// Its version; null where it is free.
    pub version: Option<u32>,
    /// Since when, in Unix milliseconds; null where it is free.
    pub since: Option<i64>,
    /// What a seller should know of it.
    pub warnings: Vec<PriceWarningView>,
}

/// A price that is to begin.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceChangeView {
    /// Its number.
    pub id: i64,
    /// Of which part; empty for all there is.
    pub part: String,
    /// `everybody`, `code` or `own`.
    pub audience: String,
    /// The discount code.
    pub code: Option<String>,
    /// The price as it was written.
    pub price: String,
    /// Unix milliseconds.
    pub begins_at: i64,
}

/// What an endpoint was quoted at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceHistory {
    /// The latest first, 500 at most.
    pub items: Vec<PriceVersionView>,
}

/// A price that holds or held.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PriceVersionView {
    /// Counts up with each change of a price or its terms.
    pub version: u32,
    /// Of which part; empty for all there is.
    pub part: String,
    /// `everybody`, `code` or `own`.
    pub audience: String,
    /// The discount code.
    pub code: Option<String>,
    /// Where it is paid, as CAIP-2.
    pub network: String,
    /// The price.
    #[serde(flatten)]
    pub price: MoneyView,
    /// Since when it was told to buyers, in Unix milliseconds.
    pub quoted_at: i64,
    /// Until when it was told to buyers, in Unix milliseconds; null while it is.
    pub ended_at: Option<i64>,
    /// Until when who was told it could pay it, in Unix milliseconds; null while it is told.
    pub honoured_until: Option<i64>,
}

pub(crate) async fn set(app: &App, request: PriceSet) -> Result<PriceList, ApiError> {
    let listing = on_sale(app, &request.endpoint).await?;
    let priced = priced_for(&listing, request.part.as_deref(), request.code.as_deref(), request.own)?;
    let id = listing.endpoint.id;
    if request.free == Some(true) {
        if request.price.is_some() || request.from.is_some() || priced.audience != Audience::Everybody {
            return Err(ApiError::invalid("What is free has no price, no code and no beginning."));
        }
        if matches!(listing.endpoint.content, Content::Service(_)) {
            let why =
                "What a service does cannot be given away: each request costs work. Set a low price instead.";
            return Err(ApiError::invalid(why));
        }
        app.store().set_free(id, priced.part, true).await?;
        return renewed(app, &listing).await;
    }
    let Some(price) = request.price.as_deref().map(str::trim) else {
        return Err(ApiError::invalid("Say the price, or that it is free."));
    };
    let offers = offers(&listing, &priced, price)?;
    room(&listing, &priced)?;
    let now = app.clock().now();
    if let Some(from) = request.from.as_deref() {
        let begins_at = moment(from, now)?;
        if app.store().price_changes().await?.len() >= MOST_CHANGES {
            return Err(ApiError::new(ErrorCode::Conflict, "Too many prices are to begin already."));
        }
        app.store().plan_price(id, priced, price.to_owned(), begins_at, now).await?;
        return shown(app, &listing).await;
    }
    if priced == PricedFor::default() {
        let usual = EndpointSetPrice { endpoint: id.to_string(), price: price.to_owned() };
        endpoints::set_price(app, usual).await?;
    } else {
        let is_for_all = priced.audience == Audience::Everybody;
        app.store().quote(offers.into_iter().map(|offer| (id, offer)).collect(), now).await?;
        if is_for_all {
            app.store().set_free(id, priced.part, false).await?;
        }
    }
    renewed(app, &listing).await
}

pub(crate) async fn list(app: &App, name: EndpointName) -> Result<PriceList, ApiError> {
    let listing = find(app, &name.endpoint).await?;
    shown(app, &listing).await
}

pub(crate) async fn remove(app: &App, request: PriceRemove) -> Result<PriceList, ApiError> {
    let listing = find(app, &request.endpoint).await?;
    let id = listing.endpoint.id;
    let part = part(request.part.as_deref())?;
    let audience = audience(request.code.as_deref(), request.own)?;
    let priced = PricedFor { part, audience };
    let gone = if request.free == Some(true) {
        app.store().set_free(id, priced.part, false).await?
    } else if priced == PricedFor::default() {
        let why =
            "The usual price can be changed but not removed. To sell nothing, pause or remove the endpoint.";
        return Err(ApiError::new(ErrorCode::Conflict, why));
    } else {
        app.store().end_price(id, priced, app.clock().now()).await?
    };
    if !gone {
        return Err(ApiError::new(ErrorCode::NotFound, "There is no such price."));
    }
    renewed(app, &listing).await
}

pub(crate) async fn cancel(app: &App, name: PriceChangeName) -> Result<PriceList, ApiError> {
    let missing = || ApiError::not_found("price that is to begin with the number", &name.change.to_string());
    let changes = app.store().price_changes().await?;
    let change = changes.into_iter().find(|change| change.id == name.change).ok_or_else(missing)?;
    if !app.store().cancel_price_change(change.id).await? {
        return Err(missing());
    }
    shown(app, &find(app, &change.endpoint.to_string()).await?).await
}

pub(crate) async fn history(app: &App, name: EndpointName) -> Result<PriceHistory, ApiError> {
    let listing = find(app, &name.endpoint).await?;
    let offers = app.store().price_history(listing.endpoint.id, MOST_HISTORY).await?;
    let items = offers.iter().map(|offer| {
        let (audience, code) = words(&offer.audience);
        PriceVersionView {
            version: offer.version,
            part: offer.part.to_string(),
            audience,
            code,
            network: offer.asset.network.to_string(),
            price: MoneyView::of(offer.amount, &offer.asset),
            quoted_at: offer.created_at.timestamp_millis(),
            ended_at: offer.honoured_until.map(|until| (until - GRACE).timestamp_millis()),
            honoured_until: offer.honoured_until.map(|until| until.timestamp_millis()),
        }
    });
    Ok(PriceHistory { items: items.collect() })
}

/// The offers that a planned price comes to, by the tokens that the endpoint is quoted in when it begins.
pub(crate) fn planned(listing: &Listing, change: &PriceChange) -> Result<Vec<NewOffer>, ApiError> {
    if listing.endpoint.state == EndpointState::Removed {
        return Ok(Vec::new());
    }
    offers(listing, &change.priced, &change.price)
}

/// A price in every token that the endpoint is quoted in.
fn offers(listing: &Listing, priced: &PricedFor, price: &str) -> Result<Vec<NewOffer>, ApiError> {
    let offers: Vec<NewOffer> = listing
        .usual()
        .map(|usual| {
            Ok(NewOffer {
                part: priced.part.clone(),
                audience: priced.audience.clone(),
                asset: usual.asset_id,
                pay_to: usual.pay_to,
                amount: amount(price, &usual.asset)?,
                window: usual.window,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    Ok(offers)
}

async fn on_sale(app: &App, name: &str) -> Result<Listing, ApiError> {
    let listing = find(app, name).await?;
    match listing.endpoint.state {
        EndpointState::Live | EndpointState::Paused => Ok(listing),
        EndpointState::Removed => Err(ApiError::new(ErrorCode::Conflict, "The endpoint was removed.")),
    }
}

fn part(text: Option<&str>) -> Result<Part, ApiError> {
    let text = text.unwrap_or_default();
    text.parse().map_err(|_| ApiError::invalid(format!("{text:?} is no part of an endpoint.")))
}

fn audience(code: Option<&str>, own: Option<bool>) -> Result<Audience, ApiError> {
    match (code, own.unwrap_or_default()) {
        (Some(_), true) => {
            Err(ApiError::invalid("A price is either for a code or of the buyer's own choice."))
        }
        (Some(code), false) => Audience::with_code(code)
            .map_err(|error| ApiError::invalid(crate::error::sentence(&error.to_string()))),
        (None, true) => Ok(Audience::Own),
        (None, false) => Ok(Audience::Everybody),
    }
}

/// What a price is to be for, if the endpoint has such a part.
fn priced_for(
    listing: &Listing,
    name: Option<&str>,
    code: Option<&str>,
    own: Option<bool>,
) -> Result<PricedFor, ApiError> {
    let part = part(name)?;
    let has_part = match &listing.endpoint.content {
        _ if part.is_whole() => true,
        Content::Folder(folder) => {
            folder.sold_as == SoldAs::Files && folder.members.iter().any(|member| member.part == part)
        }
        Content::Service(service) => service.methods.iter().any(|method| method.as_str() == part.as_str()),
        Content::File(_) | Content::Text(_) => false,
    };
    if !has_part {
        return Err(ApiError::invalid(format!(
            "{} has no part {part}. Parts are the files of a folder that are sold by themselves, as their links say \
             them, and the methods of a service.",
            listing.endpoint.path
        )));
    }
    Ok(PricedFor { part, audience: audience(code, own)? })
}

fn room(listing: &Listing, priced: &PricedFor) -> Result<(), ApiError> {
    let is = |offer: &&Offer| offer.part == priced.part && offer.audience == priced.audience;
    if listing.current().any(|offer| is(&offer)) || listing.current().count() < MOST_PRICES {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::Conflict, format!("An endpoint has {MOST_PRICES} prices at most.")))
}

fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, ApiError> {
    let at = DateTime::parse_from_rfc3339(text.trim()).map_err(|_| {
        ApiError::invalid(format!("{text:?} is no moment; write it like 2026-12-01T18:00:00Z."))
    })?;
    if at <= now {
        return Err(ApiError::invalid(format!("{text} is over. Leave it out to change the price now.")));
    }
    Ok(at.to_utc())
}

fn words(audience: &Audience) -> (String, Option<String>) {
    match audience {
        Audience::Everybody => ("everybody".to_owned(), None),
        Audience::Code(code) => ("code".to_owned(), Some(code.clone())),
        Audience::Own => ("own".to_owned(), None),
    }
}

async fn renewed(app: &App, listing: &Listing) -> Result<PriceList, ApiError> {
    app.on_the_shelf().await;
    shown(app, &find(app, &listing.endpoint.id.to_string()).await?).await
}

async fn shown(app: &App, listing: &Listing) -> Result<PriceList, ApiError> {
    let id = listing.endpoint.id;
    let changes = app.store().price_changes().await?;
    let changes = changes.into_iter().filter(|change| change.endpoint == id).map(|change| {
        let (audience, code) = words(&change.priced.audience);
        PriceChangeView {
            id: change.id,
            part: change.priced.part.to_string(),
            audience,
            code,
            price: change.price,
            begins_at: change.begins_at.timestamp_millis(),
        }
    });
    Ok(PriceList {
        endpoint: id.to_string(),
        path: listing.endpoint.path.to_string(),
        items: views(app, listing, &Costs::now(app).await?),
        changes: changes.collect(),
    })
}

/// Every price of an endpoint.
pub(crate) fn views(app: &App, listing: &Listing, costs: &Costs) -> Vec<PriceView> {
    let mut groups: HashMap<(&Part, &Audience), Vec<&Offer>> = HashMap::new();
    for offer in listing.current() {
        groups.entry((&offer.part, &offer.audience)).or_default().push(offer);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(priced, _)| *priced);
    let priced = groups.into_iter().filter_map(|((part, audience), mut offers)| {
        offers.sort_by_key(|offer| offer.asset.network.rank());
        let first = *offers.first()?;
        let (word, code) = words(audience);
        let query = match audience {
            Audience::Everybody => String::new(),
            Audience::Code(code) => format!("?code={code}"),
            Audience::Own => format!("?pay={}", MoneyView::of(first.amount, &first.asset).formatted),
        };
        Some(PriceView {
            part: part.to_string(),
            audience: word,
            code,
            price: Some(MoneyView::of(first.amount, &first.asset)),
            url: link(app, listing, part, &query),
            networks: offers.iter().map(|offer| offer.asset.network.to_string()).collect(),
            version: Some(first.version),
            since: Some(first.created_at.timestamp_millis()),
            warnings: costs.warnings(&offers),
        })
    });
    let free = listing.given.free.iter().map(|part| PriceView {
        part: part.to_string(),
        audience: "free".to_owned(),
        code: None,
        price: None,
        url: link(app, listing, part, ""),
        networks: Vec::new(),
        version: None,
        since: None,
        warnings: Vec::new(),
    });
    priced.chain(free).collect()
}

/// Where a part of an endpoint is reached, while the stall is open.
pub(crate) fn link(app: &App, listing: &Listing, part: &Part, query: &str) -> Option<String> {
    let path = match listing.endpoint.content {
        Content::Service(_) if !part.is_whole() => return None,
        Content::File(_) | Content::Folder(_) | Content::Text(_) | Content::Service(_) => {
            listing.endpoint.path.below(part).ok()?
        }
    };
    app.url().map(|url| format!("{url}{path}{query}"))
}

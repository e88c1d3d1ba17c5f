//! What is for sale: finding it, pricing it, changing it, and taking it off the shelf.

mod add;
mod file_state;
mod view;

use domain::{Amount, Asset, Audience, Content, EndpointId, EndpointState, Environment, NetworkId, Part};
use serde::{Deserialize, Serialize};
use store::{Details, Listing, NewOffer};
use ts_rs::TS;

use crate::api::content::{self, EndpointText, TextAdd};
use crate::api::services::{self, ServiceSet};
use crate::engine::Standing;
use crate::{ApiError, App, ErrorCode};

pub use add::EndpointAdd;
pub(crate) use add::add;
pub use file_state::FileState;
use file_state::look;
pub(crate) use file_state::{LOOK, length_state, spoiled};
pub use view::{EndpointList, EndpointView, OfferView};
pub(crate) use view::{list, show, shown};

/// Longest title that is kept.
pub(crate) const LONGEST_TITLE: usize = 200;

/// Longest description that is kept.
const LONGEST_DESCRIPTION: usize = 2_000;

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

//! Endpoints that go from one environment into another: what would change there, and changing it. An endpoint keeps its
//! id; payments, grants, links and visits stay where they are.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Asset, AssetId, Audience, Endpoint, Environment, Part};
use serde::{Deserialize, Serialize};
use store::{EndpointCopy, Listing, NewOffer, Store};
use ts_rs::TS;

use crate::api::endpoints::amount;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, App, ErrorCode};

/// Says which endpoints go where.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointCopies {
    /// practice, test or live; by default the environment that is open.
    pub from: Option<String>,
    /// practice, test or live; by default the environment that is open.
    pub to: Option<String>,
    /// Their paths or ids; all of them where none is named.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub endpoints: Vec<String>,
}

/// What is copied, or would be.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointCopiesView {
    /// From this environment.
    pub from: String,
    /// Into this one.
    pub to: String,
    /// Each endpoint, in the order of the list.
    pub items: Vec<EndpointCopyView>,
    /// How many were copied; 0 of a preview.
    pub copied: u64,
}

/// What becomes of one endpoint.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointCopyView {
    /// A UUID, the same in every environment.
    pub id: String,
    /// Where it is reached.
    pub path: String,
    /// Its name for people.
    pub title: String,
    /// What it costs everybody, as it would be asked there.
    pub price: String,
    /// What copying it does there.
    pub change: CopyChange,
    /// What differs, where it is there already.
    pub differs: Vec<CopyDifference>,
    /// Why it cannot be copied, a sentence.
    pub why: Option<String>,
}

/// What copying does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CopyChange {
    /// It is not there yet.
    New,
    /// It is there, and something differs.
    Changed,
    /// It is there just so.
    Same,
    /// It stays where it is.
    Refused,
}

/// Something in which two copies of an endpoint differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CopyDifference {
    /// Its link.
    Path,
    /// Its name, what is said of it, its picture, whether pages show it.
    Details,
    /// What it delivers, or its preview.
    Content,
    /// Its prices, planned ones and what costs nothing included.
    Prices,
    /// When it leaves, for how long it is owned, and in which version.
    Terms,
}

pub(crate) async fn preview(app: &App, request: EndpointCopies) -> Result<EndpointCopiesView, ApiError> {
    copy(app, request, false).await
}

pub(crate) async fn carry_out(app: &App, request: EndpointCopies) -> Result<EndpointCopiesView, ApiError> {
    copy(app, request, true).await
}

async fn copy(app: &App, request: EndpointCopies, really: bool) -> Result<EndpointCopiesView, ApiError> {
    let ours = app.clone();
    let copied = app.to_the_end(async move { copy_between(&ours, request, really).await }).await?;
    if really {
        app.on_the_shelf().await;
    }
    Ok(copied)
}

async fn copy_between(
    app: &App,
    request: EndpointCopies,
    really: bool,
) -> Result<EndpointCopiesView, ApiError> {
    let from = environment(app, request.from.as_deref())?;
    let to = environment(app, request.to.as_deref())?;
    if from == to {
        return Err(ApiError::invalid("Choose two environments: practice, test or live.").by("--from test"));
    }
    // One at a time, and none beside a backup.
    let _alone = app.one_backup().lock_owned().await;
    let source = Opened::open(app, from).await?;
    let copies = match source.store.copies().await {
        Ok(copies) => chosen(copies, &request.endpoints),
        Err(error) => Err(error.into()),
    };
    source.close().await;
    let copies = copies?;
    let target = Opened::open(app, to).await?;
    let copied = put_all(app, (from, to), &target.store, copies, really).await;
    target.close().await;
    copied
}

fn environment(app: &App, name: Option<&str>) -> Result<Environment, ApiError> {
    name.map_or(Ok(app.environment()), |name| {
        name.parse().map_err(|error: domain::UnknownEnvironment| ApiError::invalid(format!("{error}.")))
    })
}

/// An environment's memory: this stall's own, or another one's that nobody else has open, because this program owns the
/// folder.
struct Opened {
    store: Store,
    is_ours: bool,
}

impl Opened {
    async fn open(app: &App, environment: Environment) -> Result<Self, ApiError> {
        if environment == app.environment() {
            return Ok(Self { store: app.store().clone(), is_ours: false });
        }
        let Some(folder) = EnvironmentFolder::existing(app.data_dir(), environment) else {
            return Err(ApiError::new(
                ErrorCode::NotFound,
                format!("There is nothing in {environment} yet. Open the stall there once first."),
            )
            .by(format!("stallkeeper serve --environment {environment}")));
        };
        let (store, _) = Store::open(&folder.database(), app.clock().now()).await?;
        Ok(Self { store, is_ours: true })
    }

    async fn close(self) {
        if self.is_ours
            && let Err(error) = self.store.close().await
        {
            tracing::warn!(%error, "a data file was not closed in order");
        }
    }
}

/// Those that are named; all where none is.
fn chosen(copies: Vec<EndpointCopy>, names: &[String]) -> Result<Vec<EndpointCopy>, ApiError> {
    if names.is_empty() {
        return Ok(copies);
    }
    let is_named = |endpoint: &Endpoint, name: &str| {
        endpoint.id.to_string() == name
            || endpoint.path.as_str().trim_start_matches('/') == name.trim_start_matches('/')
    };
    for name in names {
        if !copies.iter().any(|copy| is_named(&copy.listing.endpoint, name)) {
            return Err(ApiError::not_found("endpoint", name));
        }
    }
    let is_chosen = |copy: &EndpointCopy| names.iter().any(|name| is_named(&copy.listing.endpoint, name));
    Ok(copies.into_iter().filter(is_chosen).collect())
}

async fn put_all(
    app: &App,
    (from, to): (Environment, Environment),
    target: &Store,
    copies: Vec<EndpointCopy>,
    really: bool,
) -> Result<EndpointCopiesView, ApiError> {
    let tokens = tokens(target, to).await?;
    let here = target.copies().await?;
    let (mut items, mut copied) = (Vec::new(), 0);
    for copy in copies {
        let mut item = compare(&copy, &here);
        let prices = prices(target, &tokens, &copy.listing).await;
        if let Err(error) = &prices {
            (item.change, item.why) = (CopyChange::Refused, Some(error.message.clone()));
        }
        let is_wanted = really && matches!(item.change, CopyChange::New | CopyChange::Changed);
        if let (Ok(prices), true) = (prices, is_wanted) {
            copy_pictures(app, (from, to), &copy.listing)?;
            match target.put_copy(copy, prices, app.clock().now()).await {
                Ok(()) => copied += 1,
                Err(error) => {
                    (item.change, item.why) = (CopyChange::Refused, Some(ApiError::from(error).message));
                }
            }
        }
        items.push(item);
    }
    Ok(EndpointCopiesView { from: from.to_string(), to: to.to_string(), items, copied })
}

/// What is paid in there: the token of each network that is set up and says where the money goes.
async fn tokens(target: &Store, to: Environment) -> Result<Vec<(AssetId, Asset)>, ApiError> {
    let mut tokens = Vec::new();
    for row in target.networks().await? {
        if row.pay_to.is_none() {
            continue;
        }
        let known = target.assets().await?.into_iter();
        let mut known = known.filter(|(_, asset)| asset.network == row.network);
        let usdc = row.network.known().map(|known| known.usdc);
        let token = known.find(|(_, asset)| row.token.or(usdc).is_none_or(|token| token == asset.address));
        tokens.extend(token);
    }
    if tokens.is_empty() {
        return Err(ApiError::new(
            ErrorCode::Unavailable,
            format!(
                "Nothing can be priced in {to} yet. Set a network up there and say where the money goes, then open the stall there once."
            ),
        )
        .by(format!("stallkeeper network set --environment {to} …")));
    }
    tokens.sort_by_key(|(_, asset)| asset.network.rank());
    Ok(tokens)
}

/// What a listing costs, by part and audience, as decimals: tokens elsewhere may have other decimal places.
fn decimals(listing: &Listing) -> BTreeMap<(Part, Audience), String> {
    let mut offers: Vec<_> = listing.current().collect();
    offers.sort_by_key(|offer| std::cmp::Reverse(offer.asset.network.rank()));
    let priced = |offer: &&domain::Offer| {
        ((offer.part.clone(), offer.audience.clone()), offer.amount.to_decimal(offer.asset.decimals))
    };
    offers.iter().map(priced).collect()
}

async fn prices(
    target: &Store,
    tokens: &[(AssetId, Asset)],
    listing: &Listing,
) -> Result<Vec<NewOffer>, ApiError> {
    let mut offers = Vec::new();
    for (asset_id, asset) in tokens {
        let window = target.schedule(asset.network).await?.policy.window();
        let rows = target.networks().await?;
        let pay_to = rows.iter().find(|row| row.network == asset.network).and_then(|row| row.pay_to);
        let Some(pay_to) = pay_to else { continue };
        for ((part, audience), price) in decimals(listing) {
            offers.push(NewOffer {
                part,
                audience,
                asset: *asset_id,
                pay_to,
                amount: amount(&price, asset)?,
                window,
            });
        }
    }
    Ok(offers)
}

fn compare(copy: &EndpointCopy, here: &[EndpointCopy]) -> EndpointCopyView {
    let endpoint = &copy.listing.endpoint;
    let there = here.iter().find(|there| there.listing.endpoint.id == endpoint.id);
    let taken = here.iter().any(|there| {
        there.listing.endpoint.id != endpoint.id && there.listing.endpoint.path == endpoint.path
    });
    let differs = there.map(|there| differences(copy, there)).unwrap_or_default();
    let change = match there {
        _ if taken => CopyChange::Refused,
        None => CopyChange::New,
        Some(_) if differs.is_empty() => CopyChange::Same,
        Some(_) => CopyChange::Changed,
    };
    let usual = (Part::WHOLE, Audience::Everybody);
    EndpointCopyView {
        id: endpoint.id.to_string(),
        path: endpoint.path.to_string(),
        title: endpoint.title.clone(),
        price: decimals(&copy.listing).remove(&usual).unwrap_or_default(),
        change,
        differs,
        why: taken.then(|| format!("{} is already the path of another endpoint there.", endpoint.path)),
    }
}

fn differences(one: &EndpointCopy, other: &EndpointCopy) -> Vec<CopyDifference> {
    let (a, b) = (&one.listing, &other.listing);
    let (left, right) = (&a.endpoint, &b.endpoint);
    let said = |listing: &Listing| {
        let Endpoint { title, description, is_listed, .. } = listing.endpoint.clone();
        (title, description, is_listed, listing.cover)
    };
    let planned = |copy: &EndpointCopy| -> BTreeSet<String> {
        let told = |change: &store::PriceChange| {
            format!(
                "{} {} {} {}",
                change.priced.part.as_str(),
                change.priced.audience,
                change.price,
                change.begins_at
            )
        };
        copy.planned.iter().map(told).collect()
    };
    let terms = |endpoint: &Endpoint| (endpoint.mode, endpoint.owned_for, endpoint.owners_get);
    let same = [
        (CopyDifference::Path, left.path == right.path),
        (CopyDifference::Details, said(a) == said(b)),
        (CopyDifference::Content, left.content == right.content && a.given.preview == b.given.preview),
        (
            CopyDifference::Prices,
            decimals(a) == decimals(b)
                && planned(one) == planned(other)
                && (&a.given.free, a.given.quota) == (&b.given.free, b.given.quota),
        ),
        (CopyDifference::Terms, terms(left) == terms(right)),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(what, _)| what).collect()
}

/// Its pictures lie as files beside each data file, under their digests.
fn copy_pictures(
    app: &App,
    (from, to): (Environment, Environment),
    listing: &Listing,
) -> Result<(), ApiError> {
    let Some(cover) = listing.cover else { return Ok(()) };
    let from = EnvironmentFolder::of(app.data_dir(), from)?.pictures();
    let to = EnvironmentFolder::of(app.data_dir(), to)?.pictures();
    for picture in [cover.large, cover.small].iter().filter_map(|digest| from.read(digest)) {
        to.keep(&picture).map_err(|error| {
            ApiError::new(ErrorCode::File, format!("The picture cannot be copied: {error}."))
        })?;
    }
    Ok(())
}

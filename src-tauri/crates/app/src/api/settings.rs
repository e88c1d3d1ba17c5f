use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::utils::parse_ether;
use domain::{Amount, NetworkId};
use serde::{Deserialize, Serialize};
use server::{Chosen, Limits, PublicUrl, Seller, Traffic, TrustedProxies};
use store::{COIN_PRICE, GAS_A_DAY};
use ts_rs::TS;

use crate::api::money::coin;
use crate::api::reach;
use crate::api::selling::{AT_START, CLOSED};
use crate::error::sentence;
use crate::networks::title;
use crate::retention::Kept;
use crate::{ApiError, App, ErrorCode, retention};

/// Where buyers reach the stall, when that is not the listener itself.
pub(crate) const PUBLIC_URL: &str = "public-url";

/// Every setting.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SettingsView {
    /// In the order of their names.
    pub items: Vec<SettingView>,
}

/// A setting.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SettingView {
    /// Its name.
    pub key: String,
    /// Its value; null for the default.
    pub value: Option<String>,
    /// What it means.
    pub meaning: String,
}

/// Changes a setting.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct SettingSet {
    /// Its name.
    pub key: String,
    /// Its new value; empty brings the default back.
    pub value: String,
}

/// The decimal places of a coin's price in dollars.
const PRICE_DECIMALS: u8 = 6;

/// The coins in which gas is paid on the networks that are set up.
async fn coins(app: &App) -> Result<BTreeSet<&'static str>, ApiError> {
    let networks = app.store().networks().await?;
    Ok(networks.into_iter().filter_map(|row| row.network.known()).map(|known| known.coin).collect())
}

pub(crate) async fn get(app: &App, (): ()) -> Result<SettingsView, ApiError> {
    let mut chosen: BTreeMap<_, _> = app.store().settings().await?.into_iter().collect();
    let mut item = |key: String, meaning: String| SettingView {
        value: chosen.remove(&key).filter(|value| !value.is_empty()),
        key,
        meaning,
    };
    let mut items = Vec::new();
    for coin in coins(app).await? {
        items.push(item(
            format!("{COIN_PRICE}{coin}"),
            format!("What one {coin} is worth in dollars, such as 3150.20: costs of settling are told by it from then on. By default, what the network's price feed tells, where it has one."),
        ));
    }
    for row in app.store().networks().await? {
        let network = row.network;
        let title = network.known().map_or_else(|| network.to_string(), |known| known.title.to_owned());
        items.push(item(
            format!("{GAS_A_DAY}{network}"),
            format!(
                "The most {} that settling on {title} may take within 24 hours, such as 0.01; what waits then waits, \
                 deadlines included. By default, what the gas wallet holds.",
                coin(Some(network))
            ),
        ));
    }
    for (key, meaning) in [
        (Seller::NAME, "What the stall is called on its own pages; by default its address."),
        (
            Seller::CONTACT,
            "How buyers reach you: an e-mail address, an https address, or a few words. Shown on the stall's pages and receipts.",
        ),
        (Seller::COLOUR, "The colour of the stall's pages, such as #0f766e; for decoration only."),
        (Seller::ABOUT, "A sentence or two about the stall, shown on its front page."),
    ] {
        items.push(item(key.to_owned(), meaning.to_owned()));
    }
    let usual = Limits::default();
    for (key, what, usual) in [
        (
            Limits::OF_PAYER,
            "How many payments of one payer are looked at in a minute; the others are asked to come again later.",
            usual.payments_of_payer_a_minute,
        ),
        (
            Limits::OF_ADDRESS,
            "How many payments of one network address are looked at in a minute. Those that nobody signed count for more.",
            usual.payments_of_address_a_minute,
        ),
        (
            Limits::TERMS,
            "How often one network address is shown prices in a minute.",
            usual.terms_of_address_a_minute,
        ),
    ] {
        items.push(item(key.to_owned(), format!("{what} By default {usual}; 0 sets no limit.")));
    }
    items.push(item(
        Traffic::ADDRESSES.to_owned(),
        "on keeps buyers' network addresses beside the newest requests, in memory only; by default they are not kept.".to_owned(),
    ));
    for (key, meaning) in [
        (
            Chosen::MOST_DOWNLOADS,
            "How often what was bought may be downloaded by the links of one payment, such as 5; by default as often as its buyer owns it. What is resumed counts once.",
        ),
        (
            Chosen::ID_AS_TRANSACTION,
            "on: a payment's id stands where its transaction will be, for buyers' programs that insist on something there. By default it is empty until then.",
        ),
        (
            Chosen::TRUSTED_PROXIES,
            "Your own proxies before the stall, such as 127.0.0.1, 10.0.0.0/8: they alone may say in X-Forwarded-For for whom they ask, and limits and free requests of an address count for that one. By default nobody may; whoever comes through this computer itself is then limited by no address, and all who come through another proxy share the limits of one.",
        ),
    ] {
        items.push(item(key.to_owned(), meaning.to_owned()));
    }
    items.push(item(
        AT_START.to_owned(),
        "closed: each start begins with the stall closed, until it is opened by hand. By default it is open if it was.".to_owned(),
    ));
    for kept in retention::ALL {
        items.push(item(
            kept.key.to_owned(),
            format!("{} By default {}; {} to {}.", kept.meaning, kept.usual, kept.least, kept.most),
        ));
    }
    items.push(item(
        PUBLIC_URL.to_owned(),
        "Where buyers reach the stall, such as https://stall.example; by default its own address.".to_owned(),
    ));
    Ok(SettingsView { items })
}

/// The price that was known when a batch was settled stays with it.
async fn set_price(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    if !value.is_empty() {
        Amount::from_decimal(value, PRICE_DECIMALS)
            .map_err(|error| ApiError::invalid(sentence(&error.to_string())))?;
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    get(app, ()).await
}

/// The limit holds from the next transaction on (I11).
async fn set_gas_a_day(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    let is_amount = value.is_empty()
        || (value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && parse_ether(value).is_ok_and(|wei| !wei.is_zero()));
    if !is_amount {
        return Err(ApiError::invalid(format!(
            "{value:?} is not an amount of coins that settling could use, such as 0.01."
        )));
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    get(app, ()).await
}

/// The longest text of each kind that is shown of the seller.
const SHOWN: [(&str, usize); 4] =
    [(Seller::NAME, 60), (Seller::CONTACT, 200), (Seller::COLOUR, 7), (Seller::ABOUT, 1000)];

/// What the stall's pages show of the seller, from the next answer on.
async fn set_shown(app: &App, request: SettingSet, longest: usize) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    if value.chars().count() > longest {
        return Err(ApiError::invalid(format!("That is too long; {longest} characters are shown at most.")));
    }
    if value.chars().any(|c| c.is_control() && c != '\n') {
        return Err(ApiError::invalid("Write plain text, without control characters."));
    }
    if request.key == Seller::COLOUR && !value.is_empty() && !Seller::is_colour(value) {
        return Err(ApiError::invalid(format!("{value:?} is not a colour; write one like #0f766e.")));
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    app.on_the_shelf().await;
    get(app, ()).await
}

/// The largest number of anything in a minute that sets a limit.
const MOST_A_MINUTE: u32 = 1_000_000;

/// How often somebody may come, from the next request on (T73).
async fn set_pace(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    let is_number = value.parse::<u32>().is_ok_and(|number| number <= MOST_A_MINUTE);
    if !value.is_empty() && !is_number {
        return Err(ApiError::invalid(format!("{value:?} is not a number from 0 to {MOST_A_MINUTE}.")));
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    app.on_the_shelf().await;
    get(app, ()).await
}

/// Whether addresses are kept; those that were are forgotten with it (T90).
async fn set_addresses(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let value = match request.value.trim() {
        "" | "off" => "",
        "on" => "on",
        other => return Err(ApiError::invalid(format!("Write on or off, not {other:?}."))),
    };
    app.store().set_setting(request.key, value.to_owned()).await?;
    app.on_the_shelf().await;
    get(app, ()).await
}

/// For how many days something is kept; what is older goes at once.
async fn set_kept(app: &App, request: SettingSet, kept: Kept) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    let fits = value.parse::<u32>().is_ok_and(|days| (kept.least..=kept.most).contains(&days));
    if !value.is_empty() && !fits {
        return Err(ApiError::invalid(format!(
            "{value:?} is not a number of days from {} to {}.",
            kept.least, kept.most
        )));
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    get(app, ()).await
}

/// How buyers are served, from the next answer on.
async fn set_chosen(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    let fits = match request.key.as_str() {
        _ if value.is_empty() => true,
        Chosen::MOST_DOWNLOADS => value.parse::<u32>().is_ok_and(|most| most > 0),
        Chosen::TRUSTED_PROXIES => {
            value
                .parse::<TrustedProxies>()
                .map_err(|error| ApiError::invalid(sentence(&error.to_string())))?;
            true
        }
        _ => value == "on",
    };
    if !fits && request.key == Chosen::MOST_DOWNLOADS {
        return Err(ApiError::invalid(format!("{value:?} is not a number of downloads, such as 5.")));
    }
    if !fits {
        return Err(ApiError::invalid("Write on, or nothing for the default."));
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    app.on_the_shelf().await;
    get(app, ()).await
}

/// How the stall begins, from the next start on.
async fn set_at_start(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let value = request.value.trim();
    if !value.is_empty() && value != CLOSED {
        return Err(ApiError::invalid("Write closed, or nothing for the default."));
    }
    app.store().set_setting(request.key, value.to_owned()).await?;
    get(app, ()).await
}

async fn is_set_up(app: &App, network: &str) -> Result<bool, ApiError> {
    let Ok(network) = network.parse::<NetworkId>() else { return Ok(false) };
    Ok(app.store().networks().await?.iter().any(|row| row.network == network))
}

pub(crate) async fn set(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    let coin = request.key.strip_prefix(COIN_PRICE);
    if let Some(coin) = coin
        && coins(app).await?.contains(coin)
    {
        return set_price(app, request).await;
    }
    if let Some(network) = request.key.strip_prefix(GAS_A_DAY)
        && is_set_up(app, network).await?
    {
        return set_gas_a_day(app, request).await;
    }
    if let Some(network) = request.key.strip_prefix(GAS_A_DAY).and_then(|name| name.parse::<NetworkId>().ok())
    {
        let title = title(network);
        let why = format!(
            "{title} is not set up here, so it has no limit of gas. Set it up first, in Settings, under Networks."
        );
        let how = format!("stallkeeper network set {network}");
        return Err(ApiError::new(ErrorCode::NotFound, why).by(how));
    }
    if let Some((_, longest)) = SHOWN.iter().find(|(key, _)| *key == request.key) {
        return set_shown(app, request, *longest).await;
    }
    if [Limits::OF_PAYER, Limits::OF_ADDRESS, Limits::TERMS].contains(&&*request.key) {
        return set_pace(app, request).await;
    }
    if request.key == Chosen::TRUSTED_PROXIES {
        return set_chosen(app, request).await;
    }
    if request.key == Traffic::ADDRESSES {
        return set_addresses(app, request).await;
    }
    if request.key == Chosen::MOST_DOWNLOADS || request.key == Chosen::ID_AS_TRANSACTION {
        return set_chosen(app, request).await;
    }
    if request.key == AT_START {
        return set_at_start(app, request).await;
    }
    if let Some(kept) = retention::ALL.into_iter().find(|kept| kept.key == request.key) {
        return set_kept(app, request, kept).await;
    }
    if request.key != PUBLIC_URL {
        return Err(ApiError::not_found("setting", &request.key));
    }
    let value = request.value.trim();
    let parse = |text: &str| {
        text.parse::<PublicUrl>().map_err(|error| ApiError::invalid(sentence(&error.to_string())))
    };
    let url = if value.is_empty() { None } else { Some(parse(value)?) };
    let stored = url.as_ref().map(ToString::to_string).unwrap_or_default();
    app.store().set_setting(PUBLIC_URL.to_owned(), stored).await?;
    reach::public_url_changed(app, url.is_some()).await?;
    get(app, ()).await
}

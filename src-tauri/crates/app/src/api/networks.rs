use std::time::Duration;

use alloy_primitives::Address;
use chain::NodeHealth;
use chrono::TimeDelta;
use domain::{Asset, AssetId, Environment, NetworkId};
use serde::{Deserialize, Serialize};
use store::{NetworkRow, StoreError};
use ts_rs::TS;

use crate::api::AssetView;
use crate::api::money::coin;
use crate::api::payout::must_be_the_sellers;
use crate::connecting::FIRST_TRY;
use crate::engine::{Connection, Standing};
use crate::networks::{CheckedView, Wanted, title};
use crate::{ApiError, App, ErrorCode};

/// A network as it was set up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkView {
    /// CAIP-2, such as `eip155:84532`.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// Its EVM chain id.
    pub chain_id: u64,
    /// Where it is asked first; the path of a URL with a key in it is not shown.
    pub rpc_url: Option<String>,
    /// The token that is paid in; null until the network was reached once.
    pub asset: Option<AssetView>,
    /// The symbol of the coin that gas is paid in.
    pub coin: String,
    /// Where people look things up, without a slash at its end; null where nobody else can see the chain.
    pub explorer: Option<String>,
    /// Where the money goes.
    pub pay_to: Option<String>,
    /// Whether it can be sold on now.
    pub ready: bool,
    /// Why not.
    pub waiting_for: Option<String>,
}

/// Sets a network up.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NetworkSet {
    /// CAIP-2, such as `eip155:84532`.
    pub network: String,
    /// URLs of its nodes, the preferred one first; empty leaves them as they are, unless `keep` says otherwise.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub rpc_urls: Vec<String>,
    /// The places, from 0, of the nodes that stay, in their new order and before those of `rpc_urls`: who sees only
    /// the host of a URL cannot say it again. Absent keeps none where new ones are given.
    pub keep: Option<Vec<usize>>,
    /// Where the money goes, the first time it is said; absent leaves it as it is.
    pub pay_to: Option<String>,
    /// The EIP-3009 token that is paid in; absent leaves it as it is, empty is the network's USDC.
    pub token: Option<String>,
    /// How many calls each node may be sent in a second; absent leaves it as it is, 0 is what is usual.
    pub calls_per_second: Option<u32>,
    /// The contract that tells what the network's coin is worth, as Chainlink's do; absent leaves it as it is, empty is
    /// the known one.
    pub price_feed: Option<String>,
}

/// Names a network.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct NetworkName {
    /// CAIP-2, such as `eip155:84532`.
    pub network: String,
}

/// Looks at what is on chain now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NetworkCheck {
    /// CAIP-2, such as `eip155:84532`.
    pub network: String,
    /// Whether code that changed since the network was set up is accepted as it is now.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept: bool,
}

/// What was found on chain.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkCheckView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// Whether it can be sold on now.
    pub ready: bool,
    /// Why not.
    pub waiting_for: Option<String>,
    /// Whether accepting what changed would let selling go on.
    pub acceptable: bool,
    /// Everything that was looked at; empty when no node could be asked.
    pub points: Vec<CheckedView>,
    /// How each node is.
    pub nodes: Vec<NodeView>,
}

/// How a node is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NodeView {
    /// Scheme and host of its URL; what could be a key is not shown.
    pub url: String,
    /// How it stands.
    pub state: NodeState,
    /// How long its answers take, in milliseconds; null before the first.
    pub latency_ms: Option<u64>,
    /// Its newest block.
    pub block: Option<u64>,
    /// How old that is, in seconds.
    pub block_age_seconds: Option<i64>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When, in Unix milliseconds.
    pub last_error_at: Option<i64>,
    /// How many calls it was sent since the network was connected.
    pub calls: u64,
    /// How many calls it may be sent in a second; null is no limit.
    pub calls_per_second: Option<u32>,
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NodeState {
    /// It is the one that is asked.
    InUse,
    /// It is asked when another one does not answer.
    Standby,
    /// It failed, and is left alone for a while.
    Resting,
    /// Its newest block lies far behind that of another node.
    Behind,
}

/// Every node of every network that was set up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkHealth {
    /// Network by network, the preferred node first.
    pub items: Vec<NetworkNodeView>,
}

/// A node with the network that it speaks for.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkNodeView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// How the node is.
    #[serde(flatten)]
    pub node: NodeView,
}

/// Whether a network can be sold on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NetworkState {
    /// Yes.
    Ready,
    /// It was set up, and something stands in the way.
    Waiting,
    /// It was not set up.
    NotSetUp,
}

/// The networks that can be sold on.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkList {
    /// Those that were set up first, then the others that this environment could sell on.
    pub items: Vec<NetworkItem>,
}

/// A network that can be sold on.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkItem {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// Its EVM chain id.
    pub chain_id: u64,
    /// Its name in protocol version 1, if it has one.
    pub v1_name: Option<String>,
    /// Whether its money is worth nothing; null when it is not known.
    pub testnet: Option<bool>,
    /// The symbol of the coin that gas is paid in.
    pub coin: Option<String>,
    /// The USDC contract, if it is known.
    pub usdc: Option<String>,
    /// Whether buyers pay in the token with clients that nobody configured.
    pub paid_by_default: bool,
    /// Where people look things up.
    pub explorer: Option<String>,
    /// A contract that tells the coin's price in US dollars.
    pub price_feed: Option<String>,
    /// Whether it can be sold on.
    pub state: NetworkState,
    /// How it was set up; null when it was not.
    pub set_up: Option<NetworkSetUp>,
}

/// How a network was set up and how it is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkSetUp {
    /// Where it is asked, the preferred node first; what could be a key is not shown.
    pub rpc_urls: Vec<String>,
    /// The token that is paid in; null until the network was reached once.
    pub asset: Option<AssetView>,
    /// The token that the seller chose in place of USDC.
    pub token: Option<String>,
    /// Where the money goes.
    pub pay_to: Option<String>,
    /// How many calls each node may be sent in a second; null is what is usual.
    pub calls_per_second: Option<u32>,
    /// The price feed that the seller chose in place of the known one.
    pub price_feed: Option<String>,
    /// Whether it can be sold on now.
    pub ready: bool,
    /// Why not.
    pub waiting_for: Option<String>,
    /// Whether payments are settled one by one, because no Multicall3 can be trusted there.
    pub single: bool,
    /// From when on a block is final: finalized, safe or depth; null before it was checked.
    pub finality: Option<String>,
    /// When its contracts were found to be as they are, in Unix milliseconds.
    pub checked_at: Option<i64>,
    /// What was found when they were looked at last.
    pub points: Vec<CheckedView>,
    /// How each node is.
    pub nodes: Vec<NodeView>,
}

/// A network that was given up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkRemoved {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
}

impl NetworkView {
    pub(crate) fn of(app: &App, row: &NetworkRow, asset: Option<&Asset>) -> Self {
        let waiting_for = waiting_for(app, row.network);
        Self {
            network: row.network.to_string(),
            title: title(row.network),
            chain_id: row.network.chain_id(),
            rpc_url: row.rpc_urls.first().map(|url| shown(url, app.environment())),
            asset: asset.map(AssetView::from),
            coin: coin(Some(row.network)).to_owned(),
            explorer: explorer(app, row.network),
            pay_to: row.pay_to.map(|address| address.to_string()),
            ready: waiting_for.is_none(),
            waiting_for,
        }
    }
}

impl NodeView {
    fn of(app: &App, node: &NodeHealth) -> Self {
        let now = app.clock().now();
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let error_at = |ago: Duration| now - TimeDelta::from_std(ago).unwrap_or_default();
        Self {
            url: node.label.clone(),
            state: match node {
                NodeHealth { resting: true, .. } => NodeState::Resting,
                NodeHealth { behind: true, .. } => NodeState::Behind,
                NodeHealth { in_use: true, .. } => NodeState::InUse,
                NodeHealth { .. } => NodeState::Standby,
            },
            latency_ms: node.latency.map(millis),
            block: node.head.map(|head| head.number),
            block_age_seconds: node
                .head
                .map(|head| now.timestamp().saturating_sub_unsigned(head.timestamp).max(0)),
            last_error: node.last_error.as_ref().map(|(what, _)| what.clone()),
            last_error_at: node.last_error.as_ref().map(|(_, ago)| error_at(*ago).timestamp_millis()),
            calls: node.calls,
            calls_per_second: node.per_second,
        }
    }
}

/// Where people look things up; nobody else can see into practice.
fn explorer(app: &App, network: NetworkId) -> Option<String> {
    let known = network.known().filter(|_| app.environment() != Environment::Practice);
    known.and_then(|known| known.explorer).map(str::to_owned)
}

/// Why a network cannot be sold on now.
fn waiting_for(app: &App, network: NetworkId) -> Option<String> {
    let connection = app.engine().and_then(|engine| engine.connection(network));
    match connection.map(|connection| connection.standing.borrow().clone()) {
        Some(Standing::Ready { .. }) => None,
        Some(Standing::Waiting(why)) => Some(why),
        None => Some("The stall is closed.".to_owned()),
    }
}

/// Looks at the network's nodes and says how each is.
async fn nodes(app: &App, network: NetworkId) -> Vec<NodeView> {
    match app.engine().and_then(|engine| engine.connection(network)) {
        Some(connection) => {
            connection.look_at_nodes().await.iter().map(|node| NodeView::of(app, node)).collect()
        }
        None => Vec::new(),
    }
}

fn points(app: &App, network: NetworkId) -> Vec<CheckedView> {
    let connection = app.engine().and_then(|engine| engine.connection(network));
    connection
        .and_then(|connection| connection.checked())
        .map(|checked| checked.points.clone())
        .unwrap_or_default()
}

pub(crate) async fn list(app: &App, (): ()) -> Result<NetworkList, ApiError> {
    let rows = app.store().networks().await?;
    let assets = app.store().assets().await?;
    let mut items = Vec::new();
    for row in &rows {
        items.push(item(app, row.network, Some(set_up(app, row, &assets).await?)));
    }
    let others = NetworkId::all_known().iter().filter(|known| {
        known.belongs_to(app.environment()) && rows.iter().all(|row| row.network != known.id)
    });
    items.extend(others.map(|known| item(app, known.id, None)));
    items.sort_by_key(|item| item.set_up.is_none());
    Ok(NetworkList { items })
}

pub(crate) async fn health(app: &App, (): ()) -> Result<NetworkHealth, ApiError> {
    let mut items = Vec::new();
    for row in app.store().networks().await? {
        items.extend(nodes(app, row.network).await.into_iter().map(|node| NetworkNodeView {
            network: row.network.to_string(),
            title: title(row.network),
            node,
        }));
    }
    Ok(NetworkHealth { items })
}

fn item(app: &App, network: NetworkId, set_up: Option<NetworkSetUp>) -> NetworkItem {
    let known = network.known();
    let token = set_up.as_ref().and_then(|set_up| set_up.asset.as_ref()).map(|asset| asset.address.clone());
    let token = token.and_then(|token| token.parse().ok()).or(known.map(|known| known.usdc));
    NetworkItem {
        network: network.to_string(),
        title: title(network),
        chain_id: network.chain_id(),
        v1_name: known.and_then(|known| known.v1_name).map(str::to_owned),
        testnet: known.map(|known| known.testnet),
        coin: known.map(|known| known.coin.to_owned()),
        usdc: known.map(|known| known.usdc.to_string()),
        paid_by_default: token.is_some_and(|token| x402::is_taken_by_default(network, token)),
        explorer: explorer(app, network),
        price_feed: known.and_then(|known| known.price_feed).map(|feed| feed.to_string()),
        state: match &set_up {
            None => NetworkState::NotSetUp,
            Some(set_up) if set_up.ready => NetworkState::Ready,
            Some(_) => NetworkState::Waiting,
        },
        set_up,
    }
}

async fn set_up(app: &App, row: &NetworkRow, assets: &[(AssetId, Asset)]) -> Result<NetworkSetUp, ApiError> {
    let finding = app.store().network_finding(row.network).await?;
    let waiting_for = waiting_for(app, row.network);
    let token = finding.as_ref().map(|finding| finding.token);
    let asset = assets
        .iter()
        .map(|(_, asset)| asset)
        .find(|asset| asset.network == row.network && token.is_none_or(|token| token == asset.address));
    Ok(NetworkSetUp {
        rpc_urls: row.rpc_urls.iter().map(|url| shown(url, app.environment())).collect(),
        asset: asset.map(AssetView::from),
        token: row.token.map(|token| token.to_string()),
        pay_to: row.pay_to.map(|address| address.to_string()),
        calls_per_second: row.calls_per_second,
        price_feed: row.price_feed.map(|feed| feed.to_string()),
        ready: waiting_for.is_none(),
        waiting_for,
        single: finding.as_ref().is_some_and(|finding| finding.multicall_code.is_none()),
        finality: finding.as_ref().map(|finding| finding.finality.as_str().to_owned()),
        checked_at: finding.map(|finding| finding.checked_at.timestamp_millis()),
        points: points(app, row.network),
        nodes: nodes(app, row.network).await,
    })
}

fn named(text: &str) -> Result<NetworkId, ApiError> {
    text.parse().map_err(|error: domain::NetworkError| ApiError::invalid(format!("{error}.")))
}

/// The network as it was set up.
async fn found(app: &App, name: &str) -> Result<NetworkRow, ApiError> {
    let network = named(name)?;
    let rows = app.store().networks().await?;
    let row = rows.into_iter().find(|row| row.network == network);
    row.ok_or_else(|| ApiError::not_found("network", name))
}

pub(crate) async fn check(app: &App, request: NetworkCheck) -> Result<NetworkCheckView, ApiError> {
    let engine = app.working()?;
    let row = found(app, &request.network).await?;
    if request.accept {
        let connection = engine.connection(row.network);
        let finding = connection
            .and_then(|connection| connection.checked())
            .filter(|checked| checked.is_acceptable())
            .and_then(|checked| checked.finding.clone());
        let finding = finding.ok_or_else(|| {
            ApiError::new(ErrorCode::Conflict, "There is nothing to accept: check the network first.")
        })?;
        app.store().set_network_finding(row.network, finding).await?;
    }
    let connection = match engine.connection(row.network) {
        Some(connection) => connection,
        None => engine.connect(row.clone()),
    };
    connection.look_again().await;
    let checked = connection.checked();
    let waiting_for = waiting_for(app, row.network);
    Ok(NetworkCheckView {
        network: row.network.to_string(),
        title: title(row.network),
        ready: waiting_for.is_none(),
        waiting_for,
        acceptable: checked.as_ref().is_some_and(|checked| checked.is_acceptable()),
        points: points(app, row.network),
        nodes: nodes(app, row.network).await,
    })
}

pub(crate) async fn remove(app: &App, name: NetworkName) -> Result<NetworkRemoved, ApiError> {
    let engine = app.working()?;
    let row = found(app, &name.network).await?;
    if engine.practice().is_some() {
        return Err(ApiError::new(ErrorCode::Conflict, "Practice has this one network and no other."));
    }
    let title = title(row.network);
    for (id, asset) in app.store().assets().await? {
        let asset_is_here = asset.network == row.network;
        if asset_is_here && app.store().queue(id).await?.count > 0 {
            let why =
                format!("Payments on {title} wait to be settled. Settle them first, or they would be lost.");
            return Err(ApiError::new(ErrorCode::Conflict, why));
        }
        if asset_is_here
            && !(app.store().unfinished_batches(id).await?.is_empty()
                && app.store().unfinal(id).await?.is_empty())
        {
            let why = format!("Settling on {title} is under way. Wait until it is final.");
            return Err(ApiError::new(ErrorCode::Conflict, why));
        }
        if asset_is_here && let Some(until) = app.store().watched_until(id, app.clock().now()).await? {
            let until = until.format("%Y-%m-%d %H:%M UTC");
            let why = format!(
                "A payment that failed on {title} may still be paid until its signature ends. Remove {title} after {until}."
            );
            return Err(ApiError::new(ErrorCode::Conflict, why));
        }
    }
    let network = row.network.to_string();
    give_up(app, row).await?;
    Ok(NetworkRemoved { network, title })
}

/// Sells nothing more on a network, then forgets it. What a buyer was given meanwhile has to be settled (I6): then it is
/// kept and sold on as before.
pub(crate) async fn give_up(app: &App, row: NetworkRow) -> Result<(), ApiError> {
    let (engine, network) = (app.working()?, row.network);
    engine.disconnect(row.network).await;
    app.on_the_shelf().await;
    let removed = app.store().remove_network(row.network, app.clock().now()).await;
    if let Err(error) = removed {
        let title = title(row.network);
        first_try(&engine.connect(row)).await;
        return Err(match error {
            StoreError::Conflict(_) => ApiError::new(
                ErrorCode::Conflict,
                format!("Somebody bought on {title} just now. Settle that first, or it would be lost."),
            ),
            other => other.into(),
        });
    }
    app.on_the_shelf().await;
    if let Some(facilitator) = app.store().facilitator(network).await? {
        app.store().remove_facilitator(network).await?;
        app.keys().credentials().forget(&facilitator).await?;
    }
    Ok(())
}

/// One try is worth waiting for, so that a mistake is seen at once.
async fn first_try(connection: &Connection) {
    let mut standing = connection.standing.subscribe();
    standing.mark_unchanged();
    drop(tokio::time::timeout(FIRST_TRY, standing.changed()).await);
}

/// A node's URL without what could be a key: providers put theirs into the path or the query.
fn shown(url: &str, environment: Environment) -> String {
    if environment == Environment::Practice {
        return url.to_owned();
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}")
}

/// The URLs at those places.
fn kept_urls(urls: &[String], places: &[usize]) -> Result<Vec<String>, ApiError> {
    let kept: Option<Vec<_>> = places.iter().map(|place| urls.get(*place).cloned()).collect();
    kept.ok_or_else(|| {
        ApiError::new(ErrorCode::Conflict, "The nodes were changed meanwhile: look at them again, then save.")
    })
}

fn rpc_urls(urls: &[String]) -> Result<Vec<String>, ApiError> {
    let mut read: Vec<String> = Vec::new();
    for url in urls.iter().map(|url| url.trim()).filter(|url| !url.is_empty()) {
        let plain = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        if plain.is_none_or(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Err(ApiError::invalid("A node's URL begins with http:// or https:// and names a host."));
        }
        // The same node twice would be two that always agree (T53).
        if !read.iter().any(|before| before == url) {
            read.push(url.to_owned());
        }
    }
    if read.len() > MOST_NODES {
        return Err(ApiError::invalid(format!("A network has at most {MOST_NODES} nodes.")));
    }
    Ok(read)
}

/// Reads an address, refusing one whose mixed-case checksum does not fit: that is a typing error.
pub(crate) fn address(text: &str) -> Result<Address, ApiError> {
    let wrong = |why: &str| {
        let shown: String = text.chars().take(60).collect();
        ApiError::invalid(format!("{shown} {why}"))
    };
    let address: Address =
        text.parse().map_err(|_| wrong("is not an address: 0x and 40 hexadecimal digits."))?;
    let digits = text.trim_start_matches("0x");
    let one_case = digits == digits.to_lowercase() || digits == digits.to_uppercase();
    if !one_case && address.to_checksum(None) != format!("0x{digits}") {
        return Err(wrong("is mistyped: its checksum does not fit."));
    }
    if address.is_zero() {
        return Err(wrong("is the zero address; money sent there is lost."));
    }
    Ok(address)
}

pub(crate) async fn set(app: &App, request: NetworkSet) -> Result<NetworkView, ApiError> {
    let engine = app.working()?;
    let network = named(&request.network)?;
    if let Some(known) = network.known()
        && known.testnet == (app.environment() == Environment::Live)
    {
        let money = if known.testnet { "play money" } else { "real money" };
        return Err(ApiError::invalid(format!(
            "{} carries {money}, which this environment does not sell for.",
            known.title
        )));
    }
    let pay_to = request.pay_to.as_deref().map(address).transpose()?;
    let added = rpc_urls(&request.rpc_urls)?;
    let before = app.store().networks().await?.into_iter().find(|row| row.network == network);
    let paid_to = match before.as_ref().and_then(|row| row.pay_to) {
        Some(now) => Some(now),
        // T55: removing a network and setting it up again is no way round the typed word.
        None => app.store().last_paid_to(network).await?,
    };
    if let (Some(now), Some(wanted)) = (paid_to, pay_to)
        && now != wanted
    {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!(
                "Sales on {} are paid to {now}. Keep that here; change it afterwards in Settings, with the last six characters of the new address.",
                title(network)
            ),
        )
        .by(format!("stallkeeper payout set {network} {wanted} --word XXXXXX")));
    }
    if engine.practice().is_some() {
        if !added.is_empty() || request.keep.is_some() || request.token.is_some() {
            return Err(ApiError::invalid("Practice has a chain of its own and takes no other node."));
        }
        if before.is_none() {
            return Err(ApiError::invalid(
                "Practice answers as Base Sepolia (eip155:84532) and as nothing else.",
            ));
        }
    }
    let kept = before.clone().unwrap_or_else(|| NetworkRow::new(network));
    let row = NetworkRow {
        network,
        pay_to: pay_to.or(kept.pay_to),
        rpc_urls: match &request.keep {
            None if added.is_empty() => kept.rpc_urls,
            None => added,
            Some(places) => rpc_urls(&[kept_urls(&kept.rpc_urls, places)?, added].concat())?,
        },
        token: match request.token.as_deref().map(str::trim) {
            None => kept.token,
            Some("") => None,
            Some(text) => Some(address(text)?),
        },
        calls_per_second: match request.calls_per_second {
            None => kept.calls_per_second,
            Some(0) => None,
            Some(calls) => Some(calls),
        },
        price_feed: match request.price_feed.as_deref().map(str::trim) {
            None => kept.price_feed,
            Some("") => None,
            Some(text) => Some(address(text)?),
        },
    };
    let wanted = Wanted::of(&row)?;
    if let Some(pay_to) = row.pay_to.filter(|pay_to| Some(*pay_to) != paid_to) {
        must_be_the_sellers(app, &wanted, pay_to)?;
    }
    if row.rpc_urls.is_empty() {
        return Err(ApiError::invalid("Say where the network's node is.").by("--rpc https://…"));
    }
    app.store().set_network(row.clone(), app.clock().now()).await?;
    match engine.connection(network) {
        Some(connection) if connection.row == row => tracing::debug!(%network, "all stays as it is"),
        Some(_) | None => first_try(&engine.connect(row.clone())).await,
    }
    app.on_the_shelf().await;
    let asset = app.store().assets().await?.into_iter().find(|(_, asset)| asset.network == network);
    Ok(NetworkView::of(app, &row, asset.as_ref().map(|(_, asset)| asset)))
}

/// More nodes than anybody asks in turn.
const MOST_NODES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_address_is_refused_and_any_single_case_is_taken() {
        let good = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
        assert!(address(good).is_ok());
        assert!(address(&good.to_lowercase()).is_ok());
        for wrong in [
            &good.replace("CbD", "cBD"),
            &good[..41],
            "0x0000000000000000000000000000000000000000",
            "ada.eth",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_could_be_a_key_in_a_nodes_url_is_not_shown() {
        for url in
            ["https://user:key@node.example/v2/key?key=1", "https://node.example/key", "https://node.example"]
        {
            assert_eq!(shown(url, Environment::Test), "https://node.example");
        }
    }
}

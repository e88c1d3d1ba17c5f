//! What is shown of a network: what is known of it, and how it was set up.

use domain::{Asset, AssetId, Environment, NetworkId};
use serde::Serialize;
use store::NetworkRow;
use ts_rs::TS;

use super::look::{NodeView, nodes, points, waiting_for};
use crate::api::AssetView;
use crate::api::money::coin;
use crate::networks::{CheckedView, title};
use crate::{ApiError, App};

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

/// Where people look things up; nobody else can see into practice.
fn explorer(app: &App, network: NetworkId) -> Option<String> {
    let known = network.known().filter(|_| app.environment() != Environment::Practice);
    known.and_then(|known| known.explorer).map(str::to_owned)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_key_in_a_nodes_url_is_not_shown() {
        for url in
            ["https://user:key@node.example/v2/key?key=1", "https://node.example/key", "https://node.example"]
        {
            assert_eq!(shown(url, Environment::Test), "https://node.example");
        }
    }
}

//! The networks that are sold on: setting one up, and giving one up.

mod look;
mod view;

use alloy_primitives::Address;
use domain::{Environment, NetworkId};
use serde::{Deserialize, Serialize};
use store::{NetworkRow, StoreError};
use ts_rs::TS;

use crate::api::payout::must_be_the_sellers;
use crate::connecting::FIRST_TRY;
use crate::engine::Connection;
use crate::networks::{Wanted, title};
use crate::{ApiError, App, ErrorCode};

pub use look::{NetworkCheck, NetworkCheckView, NetworkHealth, NetworkNodeView, NodeState, NodeView};
pub(crate) use look::{check, health};
pub(crate) use view::list;
pub use view::{NetworkItem, NetworkList, NetworkSetUp, NetworkState, NetworkView};

/// More nodes than anybody asks in turn.
const MOST_NODES: usize = 8;

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
}

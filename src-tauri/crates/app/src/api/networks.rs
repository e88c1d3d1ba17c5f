use alloy_primitives::Address;
use domain::{Asset, Environment, NetworkId};
use serde::{Deserialize, Serialize};
use store::NetworkRow;
use ts_rs::TS;

use crate::api::AssetView;
use crate::engine::Standing;
use crate::{ApiError, App, ErrorCode, networks};

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
    /// URLs of its nodes, the preferred one first; empty leaves them as they are.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub rpc_urls: Vec<String>,
    /// Where the money goes, the first time it is said; absent leaves it as it is.
    pub pay_to: Option<String>,
}

impl NetworkView {
    pub(crate) fn of(app: &App, row: &NetworkRow, asset: Option<&Asset>) -> Self {
        let standing = app
            .engine()
            .and_then(|engine| engine.connection(row.network))
            .map(|connection| connection.standing.borrow().clone());
        let waiting_for = match &standing {
            Some(Standing::Ready { .. }) => None,
            Some(Standing::Waiting(why)) => Some(why.clone()),
            None => Some("The stall is closed.".to_owned()),
        };
        Self {
            network: row.network.to_string(),
            title: row
                .network
                .known()
                .map_or_else(|| row.network.to_string(), |known| known.title.to_owned()),
            chain_id: row.network.chain_id(),
            rpc_url: row.rpc_urls.first().map(|url| shown(url, app.environment())),
            asset: asset.map(AssetView::from),
            pay_to: row.pay_to.map(|address| address.to_string()),
            ready: waiting_for.is_none(),
            waiting_for,
        }
    }
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

fn rpc_urls(urls: &[String]) -> Result<Vec<String>, ApiError> {
    urls.iter()
        .map(|url| url.trim())
        .filter(|url| !url.is_empty())
        .map(|url| {
            let plain = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
            match plain {
                Some(rest) if !rest.is_empty() && !rest.starts_with('/') => Ok(url.to_owned()),
                _ => Err(ApiError::invalid("A node's URL begins with http:// or https:// and names a host.")),
            }
        })
        .collect()
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
    let network: NetworkId = request
        .network
        .parse()
        .map_err(|error: domain::NetworkError| ApiError::invalid(format!("{error}.")))?;
    let known = network.known().ok_or_else(|| networks::unknown(network))?;
    if known.testnet == (app.environment() == Environment::Live) {
        let money = if known.testnet { "play money" } else { "real money" };
        return Err(ApiError::invalid(format!(
            "{} carries {money}, which this environment does not sell for.",
            known.title
        )));
    }
    let pay_to = request.pay_to.as_deref().map(address).transpose()?;
    if pay_to == Some(known.usdc) {
        return Err(ApiError::invalid("That is the address of the USDC contract; money sent there is lost."));
    }
    let rpc_urls = rpc_urls(&request.rpc_urls)?;
    let before = app.store().networks().await?.into_iter().find(|row| row.network == network);
    if let (Some(now), Some(wanted)) = (before.as_ref().and_then(|row| row.pay_to), pay_to)
        && now != wanted
    {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            format!(
                "Sales on {} are paid to {now}. To change that, use Settings or: stallkeeper payout set {network} {wanted} --word XXXXXX, with the last six characters of the new address.",
                known.title
            ),
        ));
    }
    if engine.practice().is_some() {
        if !rpc_urls.is_empty() {
            return Err(ApiError::invalid("Practice has a chain of its own and takes no other node."));
        }
        if before.is_none() {
            return Err(ApiError::invalid(
                "Practice answers as Base Sepolia (eip155:84532) and as nothing else.",
            ));
        }
    }
    let row = NetworkRow {
        token: before.as_ref().and_then(|row| row.token),
        calls_per_second: before.as_ref().and_then(|row| row.calls_per_second),
        network,
        pay_to: pay_to.or_else(|| before.as_ref().and_then(|row| row.pay_to)),
        rpc_urls: if rpc_urls.is_empty() {
            before.as_ref().map(|row| row.rpc_urls.clone()).unwrap_or_default()
        } else {
            rpc_urls
        },
    };
    if row.rpc_urls.is_empty() {
        return Err(ApiError::invalid("Say where the network's node is: --rpc https://…"));
    }
    app.store().set_network(row.clone(), app.clock().now()).await?;
    if before.as_ref().map(|row| &row.rpc_urls) == Some(&row.rpc_urls)
        && let Some(connection) = engine.connection(network)
        && connection.row.rpc_urls == row.rpc_urls
    {
        tracing::debug!(%network, "the nodes stay as they are");
    } else {
        let connection = engine.connect(row.clone());
        // One try is worth waiting for, so that a mistake is seen at once.
        let mut standing = connection.standing.subscribe();
        standing.mark_unchanged();
        drop(tokio::time::timeout(FIRST_TRY, standing.changed()).await);
    }
    let asset = app.store().assets().await?.into_iter().find(|(_, asset)| asset.network == network);
    Ok(NetworkView::of(app, &row, asset.as_ref().map(|(_, asset)| asset)))
}

/// How long a command waits for a network's first answer.
const FIRST_TRY: std::time::Duration = std::time::Duration::from_secs(10);

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

//! Setting a network up: the token is asked what it is before anything is quoted in it.

use chain::Chain;
use domain::{Asset, NetworkId};

use crate::{ApiError, ErrorCode};

/// Asks the network's USDC for its domain and checks that what buyers will sign is what it verifies
/// (T17): an offer in a token that does not match could never be settled.
///
/// # Errors
/// When the network is not known, cannot be asked, or its token does not match.
pub(crate) async fn check(chain: &dyn Chain) -> Result<Asset, ApiError> {
    let network = chain.network();
    let known = network.known().ok_or_else(|| unknown(network))?;
    let says = |what: &str| {
        ApiError::new(ErrorCode::Conflict, format!("Nothing is sold on {}: {what}.", known.title))
    };
    if !chain.has_code(known.usdc).await? {
        return Err(says("its node knows no USDC contract at the usual address"));
    }
    let facts = chain.token(known.usdc).await?;
    let asset = Asset {
        network,
        address: known.usdc,
        name: facts.name,
        version: facts.version,
        decimals: facts.decimals,
    };
    if chain::domain_separator(&asset) != facts.domain_separator {
        return Err(says("the token signs under another domain than its name and version say"));
    }
    if asset.decimals > 18 {
        return Err(says("the token has more decimal places than amounts can be kept in"));
    }
    if !chain.has_code(known.multicall).await? {
        return Err(says("its node knows no Multicall3 contract, which batches are settled through"));
    }
    Ok(asset)
}

pub(crate) fn unknown(network: NetworkId) -> ApiError {
    ApiError::invalid(format!(
        "{network} is not a network that Stallkeeper knows. Use eip155:84532 (Base Sepolia)."
    ))
}

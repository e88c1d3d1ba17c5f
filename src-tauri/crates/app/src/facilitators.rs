//! Facilitators as lanes use them, and who needs none of the gas wallet because of them.

use std::sync::Arc;

use domain::{Clock, FacilitatorUse, NetworkId};
use facilitator::{Facilitator, FacilitatorUrl};
use settler::FacilitatorRail;
use store::{FacilitatorRow, Store};
use wallet::Credential;
use x402::Version;

use crate::error::sentence;
use crate::{ApiError, random};

/// The address of a facilitator, if it is one.
pub(crate) fn address(text: &str) -> Result<FacilitatorUrl, ApiError> {
    text.parse().map_err(|error: facilitator::UrlError| ApiError::invalid(sentence(&error.to_string())))
}

/// How a facilitator is asked.
pub(crate) fn client(
    row: &FacilitatorRow,
    credential: Option<Credential>,
    clock: Arc<dyn Clock>,
) -> Result<Facilitator, ApiError> {
    Facilitator::new(address(&row.url)?, credential, clock, random::bytes()?)
        .map_err(|error| ApiError::invalid(sentence(&error.to_string())))
}

/// What a lane settles by.
pub(crate) fn rail(
    row: &FacilitatorRow,
    credential: Option<Credential>,
    stall_url: String,
    clock: Arc<dyn Clock>,
) -> Result<FacilitatorRail, ApiError> {
    let version = Version::from_number(row.protocol.into()).unwrap_or(Version::V2);
    Ok(FacilitatorRail { client: client(row, credential, clock)?, used: row.used, version, stall_url })
}

/// Whether a facilitator settles on the network what the gas wallet does not.
pub(crate) async fn stands_in(store: &Store, network: NetworkId) -> Result<bool, ApiError> {
    Ok(store.facilitator(network).await?.is_some())
}

/// Whether everything can be settled on every network that was set up without a gas wallet.
pub(crate) async fn need_no_wallet(store: &Store) -> Result<bool, ApiError> {
    let (rows, facilitators) = (store.networks().await?, store.facilitators().await?);
    let has_one = |network| facilitators.iter().any(|row| row.network == network);
    Ok(!rows.is_empty() && rows.iter().all(|row| has_one(row.network)))
}

/// What a facilitator is used for, in a sentence.
pub(crate) fn purpose(used: FacilitatorUse, host: &str, title: &str) -> String {
    match used {
        FacilitatorUse::Always => {
            format!("{host} settles every payment on {title}; no gas wallet is needed.")
        }
        FacilitatorUse::WithoutGas => {
            format!("{host} settles on {title} what the gas wallet cannot pay for.")
        }
    }
}

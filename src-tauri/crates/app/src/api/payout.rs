//! Where the money goes: changing it behind a typed word, and showing that it is the seller's own (T55).

use alloy_primitives::{Address, hex};
use chrono::TimeDelta;
use domain::{NetworkId, Signature};
use serde::{Deserialize, Serialize};
use store::{NetworkRow, PayoutChange, PayoutProof, ProofKind};
use ts_rs::TS;

use crate::api::networks::address;
use crate::api::wallet::title;
use crate::error::sentence;
use crate::networks::Wanted;
use crate::{ApiError, App, ErrorCode};

/// How long a changed address is shown on Home.
const SHOWN_FOR: TimeDelta = TimeDelta::hours(24);

/// How many characters of an address a person is asked to type.
const TYPED: usize = 6;

/// Where the money goes, network by network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayoutList {
    /// One for each network that was set up.
    pub items: Vec<PayoutView>,
}

/// Where the money goes on one network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayoutView {
    /// CAIP-2.
    pub network: String,
    /// The network's name.
    pub title: String,
    /// The address; null until it is said.
    pub pay_to: Option<String>,
    /// Whether it was shown to be the seller's own.
    pub verified: bool,
    /// How: `signature` or `payment`.
    pub verified_by: Option<String>,
    /// When, in Unix milliseconds.
    pub verified_at: Option<i64>,
    /// What the address has to sign to show it, as a message in any wallet.
    pub message: Option<String>,
    /// A payment that arrived there and is final: whoever finds it in their wallet can show it by that.
    pub test_payment: Option<String>,
}

/// A payout address that was changed a short while ago.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayoutChangeView {
    /// CAIP-2.
    pub network: String,
    /// The network's name.
    pub title: String,
    /// Where the money went before.
    pub from: String,
    /// Where it goes now.
    pub to: String,
    /// When, in Unix milliseconds.
    pub at: i64,
}

/// Changes a payout address.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct PayoutSet {
    /// CAIP-2.
    pub network: String,
    /// The new address.
    pub pay_to: String,
    /// The last six characters of the new address, typed by a person who has read it where it comes from.
    pub word: String,
}

/// Shows that a payout address is the seller's own: by a signature, or by a payment that arrived.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PayoutVerify {
    /// CAIP-2.
    pub network: String,
    /// The address's signature of the message, in hexadecimal digits.
    pub signature: Option<String>,
    /// Or the id of a final payment that the seller has found in the wallet of that address,
    pub payment: Option<String>,
    /// with the last six characters of the address as that wallet shows it.
    pub word: Option<String>,
}

/// What a person types to show that an address was read.
pub(crate) fn last_characters(address: Address) -> String {
    let text = address.to_string();
    text.get(text.len() - TYPED..).unwrap_or_default().to_owned()
}

/// Refuses addresses where money is lost, or whose key lies beside what is sold.
pub(crate) fn must_be_the_sellers(app: &App, wanted: &Wanted, pay_to: Address) -> Result<(), ApiError> {
    let contracts = [Some(wanted.token), Some(wanted.multicall), wanted.known.map(|known| known.usdc)];
    if contracts.contains(&Some(pay_to)) {
        return Err(ApiError::invalid("That is the address of a contract; money sent there is lost."));
    }
    if app.keys().wallet().is_some_and(|wallet| wallet.address() == pay_to) {
        return Err(ApiError::invalid(
            "That is the gas wallet, whose key is on this computer. Use an address whose key is somewhere else.",
        ));
    }
    Ok(())
}

fn must_be_read(address: Address, word: &str) -> Result<(), ApiError> {
    if word.trim().eq_ignore_ascii_case(&last_characters(address)) {
        return Ok(());
    }
    Err(ApiError::invalid(format!("Type the last {TYPED} characters of the address {address}.")))
}

/// What the owner of an address signs.
fn message(address: Address) -> String {
    format!("I own this address, and my Stallkeeper stall may pay to it:\n{address}")
}

async fn row(app: &App, network: &str) -> Result<NetworkRow, ApiError> {
    let network: NetworkId =
        network.parse().map_err(|error: domain::NetworkError| ApiError::invalid(format!("{error}.")))?;
    let rows = app.store().networks().await?;
    rows.into_iter()
        .find(|row| row.network == network)
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, format!("{} was not set up yet.", title(network))))
}

async fn view(app: &App, row: &NetworkRow) -> Result<PayoutView, ApiError> {
    let proof = match row.pay_to {
        Some(pay_to) => app.store().payout_proof(row.network, pay_to).await?,
        None => None,
    };
    let test_payment = match row.pay_to {
        Some(pay_to) if proof.is_none() => app.store().final_payment_to(row.network, pay_to).await?,
        Some(_) | None => None,
    };
    Ok(PayoutView {
        network: row.network.to_string(),
        title: title(row.network),
        pay_to: row.pay_to.map(|address| address.to_string()),
        verified: proof.is_some(),
        verified_by: proof.as_ref().map(|proof| proof.how.to_string()),
        verified_at: proof.as_ref().map(|proof| proof.at.timestamp_millis()),
        message: row.pay_to.map(message),
        test_payment: test_payment.map(|id| id.to_string()),
    })
}

pub(crate) async fn show(app: &App, (): ()) -> Result<PayoutList, ApiError> {
    let mut items = Vec::new();
    for row in app.store().networks().await? {
        items.push(view(app, &row).await?);
    }
    Ok(PayoutList { items })
}

/// The addresses that were changed a short while ago, newest first. One that was only set is no change.
pub(crate) async fn changed(app: &App) -> Result<Vec<PayoutChangeView>, ApiError> {
    let changes = app.store().payout_changes(app.clock().now() - SHOWN_FOR).await?;
    let view = |change: PayoutChange| {
        Some(PayoutChangeView {
            network: change.network.to_string(),
            title: title(change.network),
            from: change.from?.to_string(),
            to: change.to.to_string(),
            at: change.at.timestamp_millis(),
        })
    };
    Ok(changes.into_iter().filter_map(view).collect())
}

pub(crate) async fn set(app: &App, request: PayoutSet) -> Result<PayoutView, ApiError> {
    let row = row(app, &request.network).await?;
    let pay_to = address(&request.pay_to)?;
    must_be_the_sellers(app, &Wanted::of(&row)?, pay_to)?;
    must_be_read(pay_to, &request.word)?;
    app.store().set_payout(row.network, pay_to, app.clock().now()).await?;
    app.on_the_shelf().await;
    if let Some(connection) = app.engine().and_then(|engine| engine.connection(row.network)) {
        connection.look_soon();
    }
    crate::api::live::turn_switch(app).await?;
    view(app, &NetworkRow { pay_to: Some(pay_to), ..row }).await
}

pub(crate) async fn verify(app: &App, request: PayoutVerify) -> Result<PayoutView, ApiError> {
    let row = row(app, &request.network).await?;
    let pay_to =
        row.pay_to.ok_or_else(|| ApiError::new(ErrorCode::Conflict, "Say first where the money goes."))?;
    let (how, proof) = match (request.signature, request.payment) {
        (Some(signature), None) => (ProofKind::Signature, signed(pay_to, &signature)?),
        (None, Some(payment)) => {
            must_be_read(pay_to, request.word.as_deref().unwrap_or_default())?;
            (ProofKind::Payment, arrived(app, &row, pay_to, &payment).await?)
        }
        (None, None) | (Some(_), Some(_)) => {
            return Err(ApiError::invalid("Give the signature, or the payment that arrived."));
        }
    };
    let proof = PayoutProof { network: row.network, address: pay_to, how, proof, at: app.clock().now() };
    app.store().note_payout_proof(proof).await?;
    crate::api::live::turn_switch(app).await?;
    view(app, &row).await
}

/// The signature, if the address made it.
fn signed(pay_to: Address, text: &str) -> Result<String, ApiError> {
    let bytes = hex::decode(text.trim()).map_err(|_| {
        ApiError::invalid("A signature is written in hexadecimal digits: 0x and 130 of them.")
    })?;
    let signature =
        Signature::normalise(&bytes).map_err(|error| ApiError::invalid(sentence(&error.to_string())))?;
    match chain::who_signed(&message(pay_to), &signature) {
        Some(signer) if signer == pay_to => Ok(hex::encode_prefixed(signature.as_bytes())),
        Some(signer) => Err(ApiError::invalid(format!(
            "That was signed by {signer}, or is the signature of another message. Sign the message exactly as it stands, with {pay_to}."
        ))),
        None => Err(ApiError::invalid("That is not a signature of any address.")),
    }
}

/// The payment, if it is final and went to that address.
async fn arrived(app: &App, row: &NetworkRow, pay_to: Address, id: &str) -> Result<String, ApiError> {
    let parsed = id.parse().map_err(|_| ApiError::not_found("payment", id))?;
    let payment = app.store().payment(parsed).await?.ok_or_else(|| ApiError::not_found("payment", id))?;
    if payment.asset.network != row.network || payment.pay_to != pay_to {
        return Err(ApiError::invalid(format!("That payment did not go to {pay_to}.")));
    }
    if !payment.state.is_paid() || payment.final_at.is_none() {
        return Err(ApiError::new(ErrorCode::Conflict, "That payment has not arrived for good yet."));
    }
    Ok(parsed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: Address = Address::repeat_byte(0xab);

    #[test]
    fn an_address_counts_as_read_when_its_end_was_typed_in_any_case() {
        let word = last_characters(ADDRESS);
        assert_eq!(word.len(), TYPED);
        for typed in [word.clone(), word.to_lowercase(), format!(" {} ", word.to_uppercase())] {
            assert!(must_be_read(ADDRESS, &typed).is_ok(), "{typed}");
        }
        for typed in ["", "CHANGE", &word[1..], "ababac"] {
            assert!(must_be_read(ADDRESS, typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_is_no_signature_is_refused_in_words() {
        for text in ["", "0x12", "ada", &"00".repeat(65), &"11".repeat(65)] {
            assert_eq!(signed(ADDRESS, text).unwrap_err().code, ErrorCode::InvalidRequest, "{text}");
        }
    }
}

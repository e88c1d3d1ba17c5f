use alloy_primitives::Address;
use domain::NetworkId;

use super::{SignIn, SignInRefusal};
use crate::json::{self, Skipped, Texts, Value};
use crate::payload::members;
use crate::payment::{decode, single};
use crate::{PaymentError, fields, header};

members! {
    Document {
        domain: Skipped = "domain",
        address: Skipped = "address",
        statement: Skipped = "statement",
        uri: Skipped = "uri",
        version: Skipped = "version",
        chain_id: Skipped = "chainId",
        kind: Skipped = "type",
        nonce: Skipped = "nonce",
        issued_at: Skipped = "issuedAt",
        expiration_time: Skipped = "expirationTime",
        not_before: Skipped = "notBefore",
        request_id: Skipped = "requestId",
        resources: Texts = "resources",
        signature: Skipped = "signature",
    }
}

/// Reads a sign-in out of all values found for `SIGN-IN-WITH-X`. `Ok(None)` means that the header is not there. Limits and
/// spellings are those of [`parse_payment`](crate::parse_payment); one header at most (T26).
///
/// # Errors
/// [`SignInRefusal`] says what is wrong.
pub fn parse_sign_in<'h>(
    values: impl IntoIterator<Item = &'h [u8]>,
) -> Result<Option<SignIn>, SignInRefusal> {
    let unreadable = |error: PaymentError| SignInRefusal::Unreadable(error.to_string());
    let Some(value) = single("SIGN-IN-WITH-X", values).map_err(unreadable)? else { return Ok(None) };
    if value.len() > header::LONGEST_READ {
        return Err(SignInRefusal::Unreadable(format!(
            "the header has {} bytes, more than the {} that are read",
            value.len(),
            header::LONGEST_READ
        )));
    }
    let json = decode(value).map_err(|_| SignInRefusal::Unreadable("the header is not base64".to_owned()))?;
    let value = json::read::<Document<'_>>(&json).map_err(unreadable)?;
    sign_in(value.object("the sign-in").map_err(unreadable)?).map(Some)
}

fn sign_in(document: &Document<'_>) -> Result<SignIn, SignInRefusal> {
    let network = network(document)?;
    let unreadable = |error: PaymentError| SignInRefusal::Unreadable(error.to_string());
    let read = || {
        if document.version.text("version")? != "1" {
            return Err(PaymentError::Malformed { field: "version", expected: "\"1\"" });
        }
        let resources = match document.resources.optional_texts("resources")? {
            None => None,
            Some(texts) => Some(texts.iter().map(|text| plain("resources", text)).collect::<Result<_, _>>()?),
        };
        Ok((address(document.address.text("address")?)?, resources))
    };
    let (address, resources) = read().map_err(unreadable)?;
    let signature = document.signature.text("signature").map_err(unreadable)?;
    let signature = fields::signature("signature", signature)
        .map_err(|error| SignInRefusal::MalformedSignature(error.to_string()))?;
    let required = |name, value: &Value<'_, Skipped>| {
        value.text(name).and_then(|text| plain(name, text)).map_err(unreadable)
    };
    let optional = |name, value: &Value<'_, Skipped>| {
        value
            .optional_text(name)
            .and_then(|text| text.map(|text| plain(name, text)).transpose())
            .map_err(unreadable)
    };
    Ok(SignIn {
        domain: required("domain", &document.domain)?,
        address,
        statement: optional("statement", &document.statement)?,
        uri: required("uri", &document.uri)?,
        network,
        nonce: required("nonce", &document.nonce)?,
        issued_at: required("issuedAt", &document.issued_at)?,
        expiration_time: optional("expirationTime", &document.expiration_time)?
            .filter(|time| !time.is_empty()),
        not_before: optional("notBefore", &document.not_before)?.filter(|time| !time.is_empty()),
        request_id: optional("requestId", &document.request_id)?,
        resources,
        signature,
    })
}

/// Only wallets of EVM networks sign this text.
fn network(document: &Document<'_>) -> Result<NetworkId, SignInRefusal> {
    let unreadable = |error: PaymentError| SignInRefusal::Unreadable(error.to_string());
    let name = document.chain_id.text("chainId").map_err(unreadable)?;
    if document.kind.text("type").map_err(unreadable)? != "eip191" || !name.starts_with("eip155:") {
        return Err(SignInRefusal::UnsupportedChain);
    }
    name.parse().map_err(|_| SignInRefusal::ChainId)
}

/// An address of one case, or with its checksum: a wallet signs no text with a wrong one.
fn address(text: &str) -> Result<Address, PaymentError> {
    let address = fields::address("address", text)?;
    let digits = &text[2..];
    let one_case =
        !digits.bytes().any(|b| b.is_ascii_uppercase()) || !digits.bytes().any(|b| b.is_ascii_lowercase());
    if one_case || address.to_checksum(None) == text {
        Ok(address)
    } else {
        Err(PaymentError::Malformed { field: "address", expected: "an address with its checksum" })
    }
}

/// One line: a line break would let one member write what another one says.
fn plain(field: &'static str, text: &str) -> Result<String, PaymentError> {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        Ok(text.to_owned())
    } else {
        Err(PaymentError::Malformed { field, expected: "one line of plain ASCII" })
    }
}

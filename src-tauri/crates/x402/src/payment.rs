use alloy_primitives::{Address, Bytes, U256};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::{Authorization, NetworkId};

use crate::json::{self, Value};
use crate::payload::{Document, Exact, Terms};
use crate::{GivenIdentifier, PaymentError, PaymentIdentifier, Version, fields, header};

/// A well-formed payment of the scheme `exact`, as a buyer sent it. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The version its own JSON names.
    pub version: Version,
    /// Where it is to be settled.
    pub network: NetworkId,
    /// The EIP-3009 message.
    pub authorization: Authorization,
    /// The payer's signature of it as it came, at most [`LONGEST_SIGNATURE`](domain::LONGEST_SIGNATURE) bytes.
    pub signature: Bytes,
    /// The terms the buyer says it answers: always there in version 2, never in version 1. They
    /// select one of our offers and set no price (I3).
    pub accepted: Option<Accepted>,
    /// What the buyer says it pays for, spelled as we quoted it unless something is wrong (T13).
    pub resource_url: Option<String>,
    /// The name that the client gave the payment; never there in version 1.
    pub identifier: GivenIdentifier,
}

/// An entry of our 402 as a version 2 client gives it back. Its network is the payment's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Atomic units.
    pub amount: U256,
    /// The token.
    pub asset: Address,
    /// Where the money should go.
    pub pay_to: Address,
    /// The window.
    pub max_timeout_seconds: u64,
}

/// Reads the payment of a request out of all values found for its two payment headers.
///
/// `Ok(None)` means that neither header is there. A header that stands there twice is refused even
/// when both values are equal, and so are two headers that differ, because what lies between the
/// buyer and us could choose the other one (T26). The same value under both names is one payment:
/// there is nothing to choose.
///
/// Base64 is read in the standard and in the URL-safe alphabet, padded or not.
///
/// # Errors
/// [`PaymentError`] says what is wrong; nothing has happened.
pub fn parse_payment<'h>(
    x_payment: impl IntoIterator<Item = &'h [u8]>,
    payment_signature: impl IntoIterator<Item = &'h [u8]>,
) -> Result<Option<Payment>, PaymentError> {
    let value = match (single("X-PAYMENT", x_payment)?, single("PAYMENT-SIGNATURE", payment_signature)?) {
        (None, None) => return Ok(None),
        (Some(one), Some(other)) if one != other => return Err(PaymentError::TwoPayments),
        (Some(value), _) | (None, Some(value)) => value,
    };
    if value.len() > header::LONGEST_READ {
        return Err(PaymentError::HeaderTooLong(value.len()));
    }
    payment(&decode(value)?).map(Some)
}

pub(crate) fn single<'h>(
    name: &'static str,
    values: impl IntoIterator<Item = &'h [u8]>,
) -> Result<Option<&'h [u8]>, PaymentError> {
    let mut values = values.into_iter();
    let first = values.next();
    if values.next().is_some() { Err(PaymentError::RepeatedHeader(name)) } else { Ok(first) }
}

pub(crate) fn decode(value: &[u8]) -> Result<Vec<u8>, PaymentError> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const AS_SPECIFIED: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
    const AS_IN_URLS: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
    AS_SPECIFIED.decode(value).or_else(|_| AS_IN_URLS.decode(value)).map_err(|_| PaymentError::Base64)
}

fn payment(json: &[u8]) -> Result<Payment, PaymentError> {
    let value = json::read::<Document<'_>>(json)?;
    let document = value.object("the payment")?;
    let number = document.version.number("x402Version")?;
    let version = Version::from_number(number).ok_or(PaymentError::Version(number))?;
    let (network, accepted, resource_url, identifier) = match version {
        Version::V1 => {
            exact(&document.scheme, "scheme")?;
            let name = document.network.text("network")?;
            let unknown = || PaymentError::Network(PaymentError::excerpt(name));
            (NetworkId::from_v1_name(name).ok_or_else(unknown)?, None, None, GivenIdentifier::None)
        }
        Version::V2 => {
            let terms = document.accepted.object("accepted")?;
            exact(&terms.scheme, "accepted.scheme")?;
            let name = terms.network.text("accepted.network")?;
            let network = name.parse().map_err(|_| PaymentError::Network(PaymentError::excerpt(name)))?;
            (network, Some(accepted(terms)?), resource_url(document)?, identifier(document))
        }
    };
    let (authorization, signature) = signed(document.payload.object("payload")?)?;
    Ok(Payment { version, network, authorization, signature, accepted, resource_url, identifier })
}

fn exact<M>(scheme: &Value<'_, M>, field: &'static str) -> Result<(), PaymentError> {
    match scheme.text(field)? {
        "exact" => Ok(()),
        other => Err(PaymentError::Scheme(PaymentError::excerpt(other))),
    }
}

fn accepted(terms: &Terms<'_>) -> Result<Accepted, PaymentError> {
    let extra = terms.extra.optional_object("accepted.extra")?;
    if extra.is_some_and(|extra| matches!(extra.name.text("accepted.extra.name"), Ok("GatewayWalletBatched")))
    {
        return Err(PaymentError::Gateway);
    }
    Ok(Accepted {
        amount: fields::decimal("accepted.amount", terms.amount.text("accepted.amount")?)?,
        asset: fields::address("accepted.asset", terms.asset.text("accepted.asset")?)?,
        pay_to: fields::address("accepted.payTo", terms.pay_to.text("accepted.payTo")?)?,
        max_timeout_seconds: terms.max_timeout_seconds.number("accepted.maxTimeoutSeconds")?,
    })
}

fn resource_url(document: &Document<'_>) -> Result<Option<String>, PaymentError> {
    match document.resource.optional_object("resource")? {
        Some(resource) => Ok(Some(resource.url.text("resource.url")?.to_owned())),
        None => Ok(None),
    }
}

/// Never an error: an endpoint that asks for no name does not care what stands there.
fn identifier(document: &Document<'_>) -> GivenIdentifier {
    let Value::Object(extensions) = &document.extensions else { return GivenIdentifier::None };
    let Value::Object(extension) = &extensions.payment_identifier else { return GivenIdentifier::None };
    match &extension.info {
        Value::Object(info) => match &info.id {
            Value::Absent => GivenIdentifier::None,
            Value::Text(id) => {
                PaymentIdentifier::new(id).map_or(GivenIdentifier::Malformed, GivenIdentifier::Given)
            }
            Value::Number(_) | Value::Object(_) | Value::Texts(_) | Value::Other => {
                GivenIdentifier::Malformed
            }
        },
        Value::Absent => GivenIdentifier::None,
        Value::Text(_) | Value::Number(_) | Value::Texts(_) | Value::Other => GivenIdentifier::Malformed,
    }
}

fn signed(payload: &Exact<'_>) -> Result<(Authorization, Bytes), PaymentError> {
    const FROM: &str = "payload.authorization.from";
    const TO: &str = "payload.authorization.to";
    const VALUE: &str = "payload.authorization.value";
    const VALID_AFTER: &str = "payload.authorization.validAfter";
    const VALID_BEFORE: &str = "payload.authorization.validBefore";
    const NONCE: &str = "payload.authorization.nonce";
    const SIGNATURE: &str = "payload.signature";

    let message = payload.authorization.object("payload.authorization")?;
    let authorization = Authorization {
        from: fields::address(FROM, message.from.text(FROM)?)?,
        to: fields::address(TO, message.to.text(TO)?)?,
        value: fields::decimal(VALUE, message.value.text(VALUE)?)?,
        valid_after: fields::seconds(VALID_AFTER, message.valid_after.text(VALID_AFTER)?)?,
        valid_before: fields::seconds(VALID_BEFORE, message.valid_before.text(VALID_BEFORE)?)?,
        nonce: fields::word(NONCE, message.nonce.text(NONCE)?)?,
    };
    // Recovery answers the zero address for some nonsense; it must not meet a payer of that name (T16).
    if authorization.from.is_zero() {
        return Err(PaymentError::Malformed { field: FROM, expected: "the payer's address" });
    }
    let signature = fields::signature(SIGNATURE, payload.signature.text(SIGNATURE)?)?;
    Ok((authorization, signature))
}

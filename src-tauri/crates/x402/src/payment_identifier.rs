//! `payment-identifier`: a name that the client chooses for a payment, so that whoever lost the answer can ask for it
//! again. A name is looked up before the payment is verified, so it answers for the one payment it came with and for
//! nothing that merely resembles it.

use alloy_primitives::{B256, Keccak256};
use domain::RequestBinding;

use crate::{Code, Extension, Payment};

const KEY: &str = "payment-identifier";
const SHORTEST: usize = 16;
const LONGEST: usize = 128;

/// The name of a payment: 16 to 128 letters, digits, hyphens and underscores.
///
/// Together with the payment it came with it is worth an answer that was paid for, and unlike the authorization it
/// never stands on chain: it is not to be logged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PaymentIdentifier(String);

impl PaymentIdentifier {
    /// The name, if it is one.
    pub fn new(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        ((SHORTEST..=LONGEST).contains(&text.len()) && text.bytes().all(allowed))
            .then(|| Self(text.to_owned()))
    }

    /// As the client wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PaymentIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaymentIdentifier(…)")
    }
}

/// What a payment says about its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GivenIdentifier {
    /// Nothing.
    #[default]
    None,
    /// Something that is no name.
    Malformed,
    /// Its name.
    Given(PaymentIdentifier),
}

/// Whether an endpoint wants its payments named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A name is understood.
    Optional,
    /// There is no buying without one.
    Required,
}

/// Why a payment is not looked at further. Nothing was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierRefusal {
    /// The endpoint wants a name and the payment has none.
    #[error("this endpoint needs a payment-identifier; send one of 16 to 128 letters, digits, - and _")]
    Missing,
    /// What stands there is no name.
    #[error("the payment-identifier must have 16 to 128 letters, digits, - and _")]
    Malformed,
    /// The name was given to another payment, or to the same one of another request.
    #[error(
        "this payment-identifier was used for another payment; send that one again as it was, or use another name"
    )]
    Conflict,
}

impl IdentifierRefusal {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Missing | Self::Malformed => 400,
            Self::Conflict => 409,
        }
    }

    /// The word on the wire; the extension has none of its own.
    pub const fn code(self) -> Code {
        match self {
            Self::Missing => Code::IdentifierMissing,
            Self::Malformed => Code::IdentifierMalformed,
            Self::Conflict => Code::IdentifierConflict,
        }
    }
}

/// What is to be done with a payment whose name was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// The name is new: sell, and remember it with the payment's fingerprint in the transaction that accepts it.
    First,
    /// The same payment once more: give the answer again, whatever the authorization is worth by now, and sell nothing.
    Again,
}

impl Requirement {
    /// What the 402 says. It never changes for an endpoint. One that is [`Required`](Self::Required) must be among the
    /// [`needed`](crate::Additions::needed) extensions.
    pub fn extension(self) -> Extension {
        let required = self == Self::Required;
        let value = format!(
            r#"{{"info":{{"required":{required}}},"schema":{{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{{"required":{{"type":"boolean"}},"id":{{"type":"string","minLength":{SHORTEST},"maxLength":{LONGEST},"pattern":"^[a-zA-Z0-9_-]+$"}}}},"required":["required"]}}}}"#
        );
        Extension::new(KEY, value)
    }

    /// The name to look up, if there is one.
    ///
    /// # Errors
    /// [`IdentifierRefusal`] when there is none and one is required, or when it is malformed.
    pub const fn of(self, given: &GivenIdentifier) -> Result<Option<&PaymentIdentifier>, IdentifierRefusal> {
        match (given, self) {
            (GivenIdentifier::Given(identifier), _) => Ok(Some(identifier)),
            (GivenIdentifier::Malformed, _) => Err(IdentifierRefusal::Malformed),
            (GivenIdentifier::None, Self::Required) => Err(IdentifierRefusal::Missing),
            (GivenIdentifier::None, Self::Optional) => Ok(None),
        }
    }
}

impl Repetition {
    /// Decides by what is remembered under the name: the fingerprint of the payment that first had it.
    ///
    /// # Errors
    /// [`IdentifierRefusal::Conflict`] when that was another payment.
    pub fn judge(fingerprint: B256, remembered: Option<B256>) -> Result<Self, IdentifierRefusal> {
        match remembered {
            None => Ok(Self::First),
            Some(first) if first == fingerprint => Ok(Self::Again),
            Some(_) => Err(IdentifierRefusal::Conflict),
        }
    }
}

impl Payment {
    /// A hash of everything that makes this the same payment of the same request: what was signed, with what, on which
    /// network, for which request (I4), under which name. The spelling of its JSON is not in it.
    pub fn fingerprint(&self, request: &RequestBinding) -> B256 {
        let mut hasher = Keccak256::new();
        let mut add = |part: &[u8]| {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        };
        add(b"payment");
        add(request.0.as_slice());
        add(&[self.version.number()]);
        add(&self.network.chain_id().to_be_bytes());
        let signed = &self.authorization;
        add(signed.from.as_slice());
        add(signed.to.as_slice());
        add(&signed.value.to_be_bytes::<32>());
        add(&signed.valid_after.to_be_bytes());
        add(&signed.valid_before.to_be_bytes());
        add(signed.nonce.as_slice());
        add(&self.signature);
        if let Some(accepted) = &self.accepted {
            add(accepted.asset.as_slice());
        }
        if let GivenIdentifier::Given(identifier) = &self.identifier {
            add(identifier.as_str().as_bytes());
        }
        hasher.finalize()
    }
}

use crate::Code;

/// Why a sign-in recognises nobody. The buyer gets the terms instead, with a fresh challenge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// It cannot be read.
    #[error("the sign-in cannot be read: {0}")]
    Unreadable(String),
    /// It was signed for another site.
    #[error("it was signed for another site")]
    Domain,
    /// It was signed for a URL of another site.
    #[error("its uri belongs to another site")]
    Uri,
    /// `issuedAt` is no time.
    #[error("issuedAt is no time")]
    IssuedAt,
    /// The challenge was answered too late.
    #[error("the challenge is older than five minutes; answer a fresh one")]
    TooOld,
    /// `issuedAt` lies ahead.
    #[error("issuedAt is in the future")]
    InFuture,
    /// `expirationTime` is no time.
    #[error("expirationTime is no time")]
    ExpirationTime,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// `notBefore` is no time.
    #[error("notBefore is no time")]
    NotBefore,
    /// It does not count yet.
    #[error("it does not count yet")]
    NotYetValid,
    /// The nonce is not one that we issued, or was used before.
    #[error("the nonce is not one of ours or was used before; answer a fresh challenge")]
    Nonce,
    /// Not a network of the kind.
    #[error("chainId must be eip155: and a number")]
    ChainId,
    /// A network that was not in the challenge.
    #[error("wallets of this network cannot sign in here")]
    UnsupportedChain,
    /// The signature is no signature at all.
    #[error("the signature is malformed: {0}")]
    MalformedSignature(String),
    /// The signature is not the address's.
    #[error("the signature is not the one of this address")]
    Signature,
    /// Whether an account with code accepts the signature could not be asked.
    #[error("whether the smart account accepts the signature could not be asked just now")]
    Verifier,
}

impl SignInRefusal {
    /// The word on the wire.
    pub const fn code(&self) -> Code {
        match self {
            Self::Unreadable(_) => Code::Payload,
            Self::Domain => Code::SignInDomain,
            Self::Uri => Code::SignInUri,
            Self::IssuedAt => Code::SignInIssuedAt,
            Self::TooOld => Code::SignInTooOld,
            Self::InFuture => Code::SignInInFuture,
            Self::ExpirationTime => Code::SignInExpirationTime,
            Self::Expired => Code::SignInExpired,
            Self::NotBefore => Code::SignInNotBefore,
            Self::NotYetValid => Code::SignInNotYetValid,
            Self::Nonce => Code::SignInNonce,
            Self::ChainId => Code::SignInChainId,
            Self::UnsupportedChain => Code::SignInUnsupportedChain,
            Self::MalformedSignature(_) => Code::SignInMalformedSignature,
            Self::Signature => Code::SignInSignature,
            Self::Verifier => Code::SignInVerifier,
        }
    }
}

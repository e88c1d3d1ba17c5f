use domain::LONGEST_SIGNATURE;

use crate::Code;

/// Why what came in a payment header is no payment. The text is made for the buyer's developer and
/// goes out as `errorMessage`; [`PaymentError::code`] is the protocol's word for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// The same header stands there more than once (T26).
    #[error("{0} stands there more than once; send one payment")]
    RepeatedHeader(&'static str),
    /// Both headers stand there and differ (T26).
    #[error("X-PAYMENT and PAYMENT-SIGNATURE stand there and differ; send one payment")]
    TwoPayments,
    /// The header has more bytes than are read.
    #[error("the payment header has {0} bytes, more than the {limit} that are read", limit = crate::header::LONGEST_READ)]
    HeaderTooLong(usize),
    /// The header is not base64.
    #[error("the payment header is not base64")]
    Base64,
    /// What the header encodes is not JSON, nests too deep, or names one member of an object twice.
    #[error("the payment is not JSON that can be read: {0}")]
    Json(String),
    /// A member that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A member is not what it must be.
    #[error("{field} must be {expected}")]
    Malformed {
        /// The member, with the objects around it.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// `x402Version` is neither 1 nor 2.
    #[error("x402Version is {0}, and only 1 and 2 are understood")]
    Version(u64),
    /// The scheme is not `exact`.
    #[error("the scheme is {0:?}, and only \"exact\" is accepted")]
    Scheme(String),
    /// The client chose an entry of Circle Gateway, whose signatures the token does not take.
    #[error("payments out of a Circle Gateway balance are not accepted; pay with the token itself")]
    Gateway,
    /// The network is not an EVM network, or version 1 has no such name.
    #[error("{0:?} is not a network that the seller is paid on")]
    Network(String),
    /// The signature is wrapped as ERC-6492: its account does not exist on chain yet (T18).
    #[error(
        "the paying smart account does not exist on chain yet (ERC-6492); deploy it first, or pay from another wallet"
    )]
    Undeployed,
    /// The signature has more bytes than are taken.
    #[error("the signature has {0} bytes, more than the {LONGEST_SIGNATURE} that are taken")]
    SignatureTooLong(usize),
}

impl PaymentError {
    /// The protocol's word.
    pub const fn code(&self) -> Code {
        match self {
            Self::RepeatedHeader(_)
            | Self::TwoPayments
            | Self::HeaderTooLong(_)
            | Self::Base64
            | Self::Json(_)
            | Self::Missing(_)
            | Self::Malformed { .. } => Code::Payload,
            Self::Version(_) => Code::X402Version,
            Self::Scheme(scheme) if scheme.is_empty() => Code::Scheme,
            Self::Scheme(_) | Self::Gateway => Code::UnsupportedScheme,
            Self::Network(_) => Code::Network,
            Self::Undeployed => Code::UndeployedSmartWallet,
            Self::SignatureTooLong(_) => Code::Signature,
        }
    }

    /// What the buyer wrote, cut to a length that is safe to repeat.
    pub(crate) fn excerpt(text: &str) -> String {
        text.chars().take(64).collect()
    }
}

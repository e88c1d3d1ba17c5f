//! The wire: x402 versions 1 and 2, parsed under limits and written exactly as clients expect.
//!
//! Pure: bytes in, domain types out, and the other way round. It says what a 402 looks like
//! ([`PaymentRequired`]), what a buyer sent ([`parse_payment`]), which of our offers that answers
//! ([`select`]) and how the answer to a payment is spelled ([`SettlementResponse`]), and what a facilitator is asked and answers
//! ([`settle_request`], [`read_settle_answer`]). It knows the extensions by which a buyer names a payment
//! ([`PaymentIdentifier`]), signs in ([`SignIn`]), and gets offers and receipts signed ([`OfferTerms`], [`Receipt`]), and
//! by which catalogues learn what is sold ([`Discovery`]). It opens no
//! connection, verifies no signature and decides no sale: a parsed payment is well formed, nothing
//! more. What a buyer echoes of our terms only ever *selects* an offer, it never sets a price (I3).

mod bazaar;
mod code;
mod default_assets;
mod entries;
mod error;
mod extension;
mod facilitator;
mod fields;
pub mod header;
mod json;
mod offer_receipt;
mod origin;
mod payload;
mod payment;
mod payment_identifier;
mod quoted;
mod required;
mod select;
mod settlement;
mod sign_in;
mod version;

pub use bazaar::{BodyType, Discovery, Parameter, RequestBody};
pub use code::Code;
pub use default_assets::is_taken_by_default;
pub use error::PaymentError;
pub use extension::Extension;
pub use facilitator::{Kind, SettleAnswer, read_settle_answer, read_supported, settle_request};
pub use offer_receipt::{OfferTerms, Receipt, SignedReceipt, shared_end, signed_offers};
pub use origin::Origin;
pub use payment::{Accepted, Payment, parse_payment};
pub use payment_identifier::{
    GivenIdentifier, IdentifierRefusal, PaymentIdentifier, Repetition, Requirement,
};
pub use required::{Additions, PaymentRequired, PaymentRequiredError, Refusal, Resource};
pub use select::{Mismatch, select};
pub use settlement::{Beside, Paid, Progress, SettlementResponse};
pub use sign_in::{
    SIGN_IN_SECONDS, SignIn, SignInRefusal, SignInTerms, SignInTermsError, UsedNonces, parse_sign_in,
};
pub use version::Version;

//! The wire: x402 versions 1 and 2, parsed under limits and written exactly as clients expect.
//!
//! Pure: bytes in, domain types out, and the other way round. It says what a 402 looks like
//! ([`PaymentRequired`]), what a buyer sent ([`parse_payment`]), which of our offers that answers
//! ([`select`]) and how the answer to a payment is spelled ([`SettlementResponse`]), and what a facilitator is asked and answers
//! ([`settle_request`], [`read_settle_answer`]). It opens no
//! connection, verifies no signature and decides no sale: a parsed payment is well formed, nothing
//! more. What a buyer echoes of our terms only ever *selects* an offer, it never sets a price (I3).

mod code;
mod default_assets;
mod entries;
mod error;
mod facilitator;
mod fields;
pub mod header;
mod json;
mod payload;
mod payment;
mod quoted;
mod required;
mod select;
mod settlement;
mod version;

pub use code::Code;
pub use default_assets::is_taken_by_default;
pub use error::PaymentError;
pub use facilitator::{Kind, SettleAnswer, read_settle_answer, read_supported, settle_request};
pub use payment::{Accepted, Payment, parse_payment};
pub use required::{PaymentRequired, PaymentRequiredError, Refusal, Resource};
pub use select::{Mismatch, select};
pub use settlement::{Paid, Progress, SettlementResponse};
pub use version::Version;

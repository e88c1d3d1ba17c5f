//! Asks an x402 facilitator to settle payments, and nothing else.
//!
//! One client for any of them: without a credential, with a token, or with one signed for each request. What comes back
//! is read under limits of size and time, no redirect is followed, and no secret is in a log or an error. It decides
//! nothing: an answer is a hint, whatever it says, and the absence of one is not even that (I7). What may be asked, and
//! when, is for `settler`, which saves each request before it is sent (I9).

mod client;
mod error;
mod url;

pub use client::{Facilitator, Quiet};
pub use error::AskError;
pub use url::{FacilitatorUrl, UrlError};

//! Owns the product's secrets: creates, unlocks, signs, and wipes them. Nothing else can hold one.
//!
//! A key enters as bytes or from a file and never leaves again but into a file or the system's key store: nothing here
//! shows, prints, serialises or compares a secret. What a facilitator knows the seller by is kept the same way and leaves
//! only as the header of one request; what signs messages to a webhook is shown once, because its receiver has to know it
//! too. Three keys hold no money: those of receipts ([`ReceiptKey`]), grant links ([`GrantKey`]) and sign-ins
//! ([`SignInKey`]). It does not know what it signs; that is for `chain` and `settler`.
//! Randomness comes in from outside.

mod credential;
mod error;
mod file;
mod gas_wallet;
mod grant_key;
mod import;
mod keystore;
mod receipt_key;
mod sign_in_key;
mod system;
mod token;
mod webhook_secret;

pub use credential::{Credential, CredentialKind, RequestLine};
pub use error::WalletError;
pub use file::keep_passphrase;
pub use gas_wallet::GasWallet;
pub use grant_key::{Grant, GrantError, GrantKey, GrantToken};
pub use import::seal;
pub use receipt_key::ReceiptKey;
pub use sign_in_key::SignInKey;
pub use system::SystemStore;
pub use webhook_secret::WebhookSecret;

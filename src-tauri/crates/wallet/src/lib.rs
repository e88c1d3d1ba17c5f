//! Owns the product's secrets: creates, unlocks, signs, and wipes them. Nothing else can hold one.
//!
//! A key enters as bytes or from its file and never leaves again: nothing here shows, prints, serialises or compares a
//! secret. It does not know what it signs; that is for `chain` and `settler`. Randomness comes in from outside.

mod error;
mod file;
mod gas_wallet;
mod keystore;

pub use error::WalletError;
pub use gas_wallet::GasWallet;

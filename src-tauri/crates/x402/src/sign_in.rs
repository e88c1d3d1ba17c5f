//! `sign-in-with-x`: who bought something signs a text and receives it again. The text is that of EIP-4361, written as
//! clients write it; only EVM wallets are understood.
//!
//! A sign-in proves who somebody is and nothing else: what the signer may have is decided elsewhere. Three things are not
//! done here because they need what is not pure: the nonce is made and recognised by whoever holds the key for it, the
//! signature is recovered by who recovers signatures, and [`UsedNonces`] is kept by the server.

mod challenge;
mod check;
mod read;
mod refusal;
mod used;

use std::fmt::Write as _;

use alloy_primitives::{Address, Bytes};
use domain::NetworkId;

pub use challenge::{SignInTerms, SignInTermsError};
pub use read::parse_sign_in;
pub use refusal::SignInRefusal;
pub use used::UsedNonces;

/// How old a challenge may be that is answered, in seconds.
pub const SIGN_IN_SECONDS: i64 = 300;

/// What a buyer sent to be recognised: well formed, and nothing in it verified. Every text in it is one line of plain
/// ASCII, so that no two of them write the same message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Whose site it was signed for: host and port.
    pub domain: String,
    /// Who says to have signed.
    pub address: Address,
    /// What was shown as the reason.
    pub statement: Option<String>,
    /// What it was signed for, an absolute URL.
    pub uri: String,
    /// On which network the wallet is, which matters to accounts with code.
    pub network: NetworkId,
    /// What we put into the challenge.
    pub nonce: String,
    /// When, as it was spelled in the challenge.
    pub issued_at: String,
    /// Until when it counts.
    pub expiration_time: Option<String>,
    /// From when on it counts.
    pub not_before: Option<String>,
    /// Some number that a client may put there.
    pub request_id: Option<String>,
    /// Further URLs it was signed for.
    pub resources: Option<Vec<String>>,
    /// The signature as it came, at most [`LONGEST_SIGNATURE`](domain::LONGEST_SIGNATURE) bytes.
    pub signature: Bytes,
}

impl SignIn {
    /// The text that was signed (EIP-4361), to be hashed as EIP-191 says.
    pub fn message(&self) -> String {
        let mut text = format!(
            "{} wants you to sign in with your Ethereum account:\n{}\n\n",
            self.domain,
            self.address.to_checksum(None)
        );
        if let Some(statement) = &self.statement {
            text.push_str(statement);
            text.push('\n');
        }
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            "\nURI: {}\nVersion: 1\nChain ID: {}\nNonce: {}\nIssued At: {}",
            self.uri,
            self.network.chain_id(),
            self.nonce,
            self.issued_at
        );
        let times = [("Expiration Time", &self.expiration_time), ("Not Before", &self.not_before)];
        for (name, time) in times {
            if let Some(time) = time {
                let _ = write!(text, "\n{name}: {time}");
            }
        }
        if let Some(id) = &self.request_id {
            let _ = write!(text, "\nRequest ID: {id}");
        }
        if let Some(resources) = &self.resources {
            text.push_str("\nResources:");
            for resource in resources {
                let _ = write!(text, "\n- {resource}");
            }
        }
        text
    }
}

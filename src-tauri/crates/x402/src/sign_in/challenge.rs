use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::NetworkId;

use super::SIGN_IN_SECONDS;
use crate::quoted::Quoted;
use crate::{Extension, Origin};

const KEY: &str = "sign-in-with-x";

/// Clients take the challenge apart with this in mind; what they do not sign needs no more description.
const SCHEMA: &str = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":["domain","address","uri","version","chainId","type","nonce","issuedAt","signature"]}"#;

/// The part of a resource's challenge that never changes. A challenge is made of it for each answer, because nonce and
/// times have to be fresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInTerms {
    before: String,
    after: String,
}

/// Why wallets could not sign a challenge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInTermsError {
    /// The URL is not one of the origin's, or has characters that stand in no URL.
    #[error("{0:?} is no URL of the stall that could stand in a text to sign")]
    Uri(String),
    /// The statement is empty or has characters that the text to sign cannot have.
    #[error("a statement is one line of ASCII letters, digits, spaces and simple punctuation")]
    Statement,
    /// There is no network.
    #[error("there is no network whose wallets could sign in")]
    NoNetwork,
}

impl SignInTerms {
    /// For a resource under its public URL. The networks should be those of its offers in the order of `accepts`: clients
    /// sign in on the one they would pay on.
    ///
    /// # Errors
    /// Says what no client would sign.
    pub fn new(
        origin: &Origin,
        uri: &str,
        statement: Option<&str>,
        networks: &[NetworkId],
    ) -> Result<Self, SignInTermsError> {
        let path = uri.strip_prefix(origin.as_str()).filter(|_| origin.contains(uri));
        if !path.is_some_and(|path| path.bytes().all(in_path)) {
            return Err(SignInTermsError::Uri(uri.chars().take(256).collect()));
        }
        if statement.is_some_and(|text| text.is_empty() || !text.bytes().all(in_statement)) {
            return Err(SignInTermsError::Statement);
        }
        if networks.is_empty() {
            return Err(SignInTermsError::NoNetwork);
        }
        let (domain, uri) = (Quoted(origin.host()), Quoted(uri));
        let statement = statement.map(|text| format!(r#""statement":{},"#, Quoted(text))).unwrap_or_default();
        let mut chains: Vec<String> = Vec::with_capacity(networks.len());
        for network in networks {
            let chain = format!(r#"{{"chainId":"{network}","type":"eip191"}}"#);
            if !chains.contains(&chain) {
                chains.push(chain);
            }
        }
        Ok(Self {
            before: format!(r#"{{"info":{{"domain":{domain},"uri":{uri},"version":"1",{statement}"#),
            after: format!(
                r#","resources":[{uri}]}},"supportedChains":[{}],"schema":{SCHEMA}}}"#,
                chains.join(",")
            ),
        })
    }

    /// How `issuedAt` is spelled: what the nonce has to be made for.
    pub fn issued_at(now: DateTime<Utc>) -> String {
        now.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// The challenge of one answer. `nonce` has 32 hexadecimal digits and comes from
    /// `wallet::SignInKey::nonce` for [`SignInTerms::issued_at`] of the same moment.
    pub fn challenge(&self, nonce: &str, now: DateTime<Utc>) -> Extension {
        let issued_at = Self::issued_at(now);
        let expires = Self::issued_at(now + TimeDelta::seconds(SIGN_IN_SECONDS));
        let Self { before, after } = self;
        let nonce = Quoted(nonce);
        let value = format!(
            r#"{before}"nonce":{nonce},"issuedAt":"{issued_at}","expirationTime":"{expires}"{after}"#
        );
        Extension::new(KEY, value)
    }

    /// The room to keep free for a challenge in [`Additions`](crate::Additions).
    pub fn room(&self) -> usize {
        self.challenge(&"0".repeat(32), DateTime::UNIX_EPOCH).size()
    }
}

/// What RFC 3986 lets stand behind an origin.
fn in_path(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(&b)
}

/// What EIP-4361 lets stand in a statement, as clients hold it: what is reserved in URLs or not, and spaces.
fn in_statement(b: u8) -> bool {
    b" #[]".contains(&b) || (in_path(b) && b != b'%')
}

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::token::{self, TokenKey};
use crate::{WalletError, file, keystore};

/// The longest secret that is taken.
const LONGEST: usize = 16 << 10;

/// How many successive characters of a secret are looked for in a text: fewer stand in any text by chance.
const SHORTEST_SOUGHT: usize = 8;

/// How a facilitator is told who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// The same token with every request.
    Bearer,
    /// A token signed for each request, as the Coinbase Developer Platform wants it: ES256 or Ed25519, naming method,
    /// host and path.
    Cdp,
    /// A token signed for each request, as PayAI wants it: Ed25519.
    Payai,
}

/// The request that a credential is for.
#[derive(Clone, Copy, Debug)]
pub struct RequestLine<'t> {
    /// In capitals.
    pub method: &'t str,
    /// With the port, where the URL names one.
    pub host: &'t str,
    /// From the first slash on.
    pub path: &'t str,
}

/// What a facilitator knows the seller by. A clone is a handle to the same secret, which is wiped with the last of them.
#[derive(Clone)]
pub struct Credential(Arc<Inner>);

struct Inner {
    kind: CredentialKind,
    key_id: String,
    secret: Zeroizing<String>,
    key: Option<TokenKey>,
}

/// How it is kept.
#[derive(Serialize, Deserialize)]
struct Written<'t> {
    kind: CredentialKind,
    key_id: std::borrow::Cow<'t, str>,
    secret: std::borrow::Cow<'t, str>,
}

impl Credential {
    /// A token that goes with every request.
    ///
    /// # Errors
    /// [`WalletError::NotACredential`] when it cannot stand in a header.
    pub fn bearer(token: &str) -> Result<Self, WalletError> {
        Self::new(CredentialKind::Bearer, String::new(), token)
    }

    /// A key with which each request is signed; `key_id` is the name that the facilitator gave it.
    ///
    /// # Errors
    /// [`WalletError::NotACredential`] when the text holds no key of the kind.
    pub fn signing(kind: CredentialKind, key_id: &str, secret: &str) -> Result<Self, WalletError> {
        let printable = |text: &str| !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b));
        if !printable(key_id) || key_id.len() > 512 {
            return Err(WalletError::NotACredential("the key's name is a short text without line breaks"));
        }
        Self::new(kind, key_id.to_owned(), secret)
    }

    /// A credential whose secret is somewhere else: nobody is told anything with it.
    pub fn locked(kind: CredentialKind) -> Self {
        let secret = Zeroizing::default();
        Self(Arc::new(Inner { kind, key_id: String::new(), secret, key: None }))
    }

    /// Whether its secret is somewhere else.
    pub fn is_locked(&self) -> bool {
        self.0.secret.is_empty()
    }

    fn new(kind: CredentialKind, key_id: String, secret: &str) -> Result<Self, WalletError> {
        let secret = Zeroizing::new(secret.trim().to_owned());
        if secret.is_empty() || secret.len() > LONGEST {
            return Err(WalletError::NotACredential("it is empty or too long"));
        }
        let key = match kind {
            CredentialKind::Bearer if secret.bytes().all(|b| b.is_ascii_graphic()) => None,
            CredentialKind::Bearer => {
                return Err(WalletError::NotACredential("a token is one word of plain characters"));
            }
            CredentialKind::Cdp => Some(TokenKey::read(&secret)?),
            CredentialKind::Payai => Some(TokenKey::read_ed25519(&secret)?),
        };
        Ok(Self(Arc::new(Inner { kind, key_id, secret, key })))
    }

    /// How the facilitator is told.
    pub fn kind(&self) -> CredentialKind {
        self.0.kind
    }

    /// The name of the key; empty for a token.
    pub fn key_id(&self) -> &str {
        &self.0.key_id
    }

    /// The value of `Authorization` for one request, made at `now` in Unix seconds. `random` is never used twice.
    ///
    /// # Errors
    /// [`WalletError::Locked`], or [`WalletError::Cryptography`], which no request is known to cause.
    pub fn authorization(
        &self,
        request: RequestLine<'_>,
        now: u64,
        random: [u8; 16],
    ) -> Result<Zeroizing<String>, WalletError> {
        if self.is_locked() {
            return Err(WalletError::Locked);
        }
        let Inner { kind, key_id, secret, key } = &*self.0;
        let token = match (kind, key) {
            (CredentialKind::Cdp, Some(key)) => token::cdp(key, key_id, request, now, random)?,
            (CredentialKind::Payai, Some(key)) => token::payai(key, key_id, now, random)?,
            (CredentialKind::Bearer | CredentialKind::Cdp | CredentialKind::Payai, _) => secret.clone(),
        };
        Ok(Zeroizing::new(format!("Bearer {}", &*token)))
    }

    /// A token as it is, for a tunnel's program that takes no header; none where it is locked or signs.
    pub fn token(&self) -> Option<Zeroizing<String>> {
        let is_token = self.0.kind == CredentialKind::Bearer && !self.is_locked();
        is_token.then(|| self.0.secret.clone())
    }

    /// Whether a text holds the secret or a part of it, so that it must be shown to nobody (I12).
    pub fn shows_in(&self, text: &str) -> bool {
        Self::shows_part(&self.0.secret, text)
    }

    /// Whether a text holds so many successive characters of a secret that they do not stand there by chance: it may
    /// have been cut short.
    pub fn shows_part(secret: &str, text: &str) -> bool {
        let part = |part: &[u8]| text.as_bytes().windows(SHORTEST_SOUGHT).any(|some| some == part);
        secret.as_bytes().windows(SHORTEST_SOUGHT).any(part)
    }

    /// Keeps it in a new encrypted file at `path`, as [`GasWallet::create`](crate::GasWallet::create) keeps a key.
    ///
    /// # Errors
    /// [`WalletError::Exists`] when there is a file already.
    pub fn save(&self, path: &Path, passphrase: &str, random: [u8; 64]) -> Result<(), WalletError> {
        let text = self.written();
        file::create(path, &keystore::encrypt_text(text.as_bytes(), None, passphrase, &random)?)
    }

    /// The credential in the encrypted file at `path`. As slow as [`GasWallet::open`](crate::GasWallet::open).
    ///
    /// # Errors
    /// [`WalletError::WrongPassphrase`], or what is wrong with the file.
    pub fn open(path: &Path, passphrase: &str) -> Result<Self, WalletError> {
        let text = keystore::decrypt_text(path, &file::read(path)?, passphrase, None)?;
        Self::read(&text)
    }

    /// Keeps it in a new plain file at `path`. Only for practice, where nothing is worth anything.
    ///
    /// # Errors
    /// [`WalletError::Exists`] when there is a file already.
    pub fn save_plain(&self, path: &Path) -> Result<(), WalletError> {
        file::create(path, self.written().as_bytes())
    }

    /// The credential in the plain file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn open_plain(path: &Path) -> Result<Self, WalletError> {
        file::restrict(path)?;
        Self::read(&file::read(path)?)
    }

    /// What a file of the seller's holds: a token, or a key as the facilitator gave it out. The file stays as it is.
    ///
    /// # Errors
    /// When the file cannot be read, or holds nothing of the kind.
    pub fn import(path: &Path, kind: CredentialKind, key_id: Option<&str>) -> Result<Self, WalletError> {
        let contents = file::read(path)?;
        let text =
            std::str::from_utf8(&contents).map_err(|_| WalletError::NotACredential("it is no text"))?;
        match kind {
            CredentialKind::Bearer => Self::bearer(text),
            CredentialKind::Cdp | CredentialKind::Payai => {
                let missing = || WalletError::NotACredential("a key needs the name that it was given");
                Self::signing(kind, key_id.ok_or_else(missing)?, text)
            }
        }
    }

    pub(crate) fn written(&self) -> Zeroizing<String> {
        let Inner { kind, key_id, secret, .. } = &*self.0;
        let written = Written { kind: *kind, key_id: key_id.into(), secret: secret.as_str().into() };
        Zeroizing::new(serde_json::json!(written).to_string())
    }

    pub(crate) fn read(written: &[u8]) -> Result<Self, WalletError> {
        let not = |_| WalletError::NotACredential("what was kept is damaged");
        let Written { kind, key_id, secret } = serde_json::from_slice(written).map_err(not)?;
        let credential = Self::new(kind, key_id.into_owned(), &secret);
        if let std::borrow::Cow::Owned(mut secret) = secret {
            secret.zeroize();
        }
        credential
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credential").field(&self.0.kind).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: RequestLine<'_> =
        RequestLine { method: "POST", host: "facilitator.example", path: "/settle" };
    const TOKEN: &str = "sk_a-token-that-nobody-may-see";

    #[test]
    fn a_token_goes_with_every_request_and_is_shown_nowhere_else() {
        let credential = Credential::bearer(&format!("  {TOKEN}\n")).unwrap();
        let header = credential.authorization(LINE, 1, [1; 16]).unwrap();
        assert_eq!(*header, format!("Bearer {TOKEN}"));
        assert_eq!(credential.token().unwrap().as_str(), TOKEN);
        assert!(Credential::locked(CredentialKind::Bearer).token().is_none());
        assert!(!format!("{credential:?}").contains("sk_"));
        let locked = Credential::locked(CredentialKind::Bearer);
        assert!(matches!(locked.authorization(LINE, 1, [1; 16]), Err(WalletError::Locked)));
        assert!(locked.is_locked() && !credential.is_locked() && !locked.shows_in("a text"));
        assert!(credential.shows_in(&format!("unknown token {TOKEN}!")));
        assert!(credential.shows_in(&format!("unknown token {}", &TOKEN[..8])), "cut short");
        assert!(credential.shows_in(&format!("…{}", &TOKEN[TOKEN.len() - 8..])), "only its end");
        assert!(!credential.shows_in("unknown token sk_"));
        for unfit in ["", " ", "two words", "a\r\nb: c", "ä"] {
            assert!(Credential::bearer(unfit).is_err(), "{unfit:?}");
        }
    }

    /// I12, T84: what is on disk shows nothing without the passphrase.
    #[test]
    fn an_encrypted_credential_comes_back_with_its_passphrase_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("facilitator.json");
        Credential::bearer(TOKEN).unwrap().save(&path, "a passphrase", [3; 64]).unwrap();
        assert!(!std::fs::read_to_string(&path).unwrap().contains(TOKEN));
        assert!(matches!(Credential::open(&path, "another"), Err(WalletError::WrongPassphrase(_))));
        let opened = Credential::open(&path, "a passphrase").unwrap();
        assert_eq!(*opened.authorization(LINE, 1, [1; 16]).unwrap(), format!("Bearer {TOKEN}"));
        assert!(matches!(opened.save(&path, "x", [4; 64]), Err(WalletError::Exists(_))));
    }

    #[test]
    fn a_plain_credential_of_practice_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("facilitator.json");
        Credential::bearer(TOKEN).unwrap().save_plain(&path).unwrap();
        assert!(Credential::open_plain(&path).unwrap().shows_in(TOKEN));
        std::fs::write(&path, "{}").unwrap();
        assert!(Credential::open_plain(&path).is_err());
    }

    #[test]
    fn a_file_of_the_sellers_is_read_and_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token.txt");
        std::fs::write(&path, format!("{TOKEN}\n")).unwrap();
        let credential = Credential::import(&path, CredentialKind::Bearer, None).unwrap();
        assert!(credential.shows_in(TOKEN) && path.exists());
        assert!(Credential::import(&path, CredentialKind::Cdp, Some("id")).is_err(), "a token is no key");
        assert!(Credential::import(&path, CredentialKind::Payai, None).is_err());
    }
}

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use crate::{WalletError, file};

/// How a secret of this kind begins wherever it is written.
const PREFIX: &str = "whsec_";

/// What signs the messages to one webhook, as Standard Webhooks has it: its receiver knows the same secret and sees by it
/// that a message comes from this stall and was not changed.
///
/// It moves no money and opens nothing, so it lies in a file that only its owner can read, without a passphrase: messages
/// are sent while nobody is there to type one. It is shown when it is made, because somebody has to take it to the
/// receiver, and never again.
pub struct WebhookSecret {
    current: Zeroizing<Vec<u8>>,
    /// The one before, with which messages are signed as well until then, in Unix seconds.
    before: Option<(Zeroizing<Vec<u8>>, u64)>,
}

/// How it is kept.
#[derive(Serialize, Deserialize)]
struct Written<'t> {
    current: Cow<'t, str>,
    before: Option<Cow<'t, str>>,
    before_until: Option<u64>,
}

impl WebhookSecret {
    /// A secret of bytes that were drawn at random.
    pub fn new(random: [u8; 32]) -> Self {
        Self { current: Zeroizing::new(random.to_vec()), before: None }
    }

    /// Another secret in the place of this one, which signs beside it until then, in Unix seconds.
    #[must_use]
    pub fn rotated(self, random: [u8; 32], until: u64) -> Self {
        Self { current: Zeroizing::new(random.to_vec()), before: Some((self.current, until)) }
    }

    /// The secret as a person takes it to the receiver.
    pub fn shown(&self) -> Zeroizing<String> {
        written(&self.current)
    }

    /// Until when the one before signs as well, in Unix seconds.
    pub fn before_until(&self) -> Option<u64> {
        self.before.as_ref().map(|(_, until)| *until)
    }

    /// The value of `webhook-signature` for a message that is sent at `timestamp`, in Unix seconds: one signature for each
    /// secret that counts then.
    ///
    /// # Errors
    /// [`WalletError::Cryptography`], which no message is known to cause.
    pub fn sign(&self, id: &str, timestamp: u64, body: &str) -> Result<String, WalletError> {
        let before = self.before.as_ref().filter(|(_, until)| timestamp < *until).map(|(secret, _)| secret);
        let mut signatures = Vec::with_capacity(2);
        for secret in [Some(&self.current), before].into_iter().flatten() {
            let mac = Hmac::<Sha256>::new_from_slice(secret);
            let mut mac = mac.map_err(|_| WalletError::Cryptography("sign a message"))?;
            mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
            signatures.push(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
        }
        Ok(signatures.join(" "))
    }

    /// Keeps it in a file at `path`, in the place of what was there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), WalletError> {
        let (current, before) = (self.shown(), self.before.as_ref().map(|(secret, _)| written(secret)));
        let kept = Written {
            current: current.as_str().into(),
            before: before.as_ref().map(|before| before.as_str().into()),
            before_until: self.before_until(),
        };
        let text = Zeroizing::new(serde_json::json!(kept).to_string());
        file::replace(path, text.as_bytes())
    }

    /// The secret in the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn open(path: &Path) -> Result<Self, WalletError> {
        file::restrict(path)?;
        let text = file::read(path)?;
        let damaged = || WalletError::NotAKeyFile { path: path.to_owned(), why: "it holds no secret" };
        let mut kept: Written<'_> = serde_json::from_slice(&text).map_err(|_| damaged())?;
        let current = read(&kept.current).ok_or_else(damaged)?;
        let before = match (&kept.before, kept.before_until) {
            (Some(before), Some(until)) => Some((read(before).ok_or_else(damaged)?, until)),
            _ => None,
        };
        for text in [Some(&mut kept.current), kept.before.as_mut()].into_iter().flatten() {
            if let Cow::Owned(text) = text {
                text.zeroize();
            }
        }
        Ok(Self { current, before })
    }
}

fn written(secret: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(format!("{PREFIX}{}", Zeroizing::new(STANDARD.encode(secret)).as_str()))
}

fn read(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let secret = Zeroizing::new(STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?);
    (!secret.is_empty()).then_some(secret)
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the specification of Standard Webhooks gives.
    #[test]
    fn a_message_is_signed_as_the_standard_has_it() {
        let current = read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = WebhookSecret { current, before: None };
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn both_secrets_sign_until_the_one_before_has_had_its_time() {
        let first = WebhookSecret::new([1; 32]);
        let alone = first.sign("msg_1", 99, "{}").unwrap();
        let second = first.rotated([2; 32], 100);
        let both = second.sign("msg_1", 99, "{}").unwrap();
        let (new, old) = both.split_once(' ').unwrap();
        assert_eq!((old, new == old), (alone.as_str(), false));
        assert!(!second.sign("msg_1", 100, "{}").unwrap().contains(' '));
    }

    /// I12, T84.
    #[test]
    fn a_secret_comes_back_from_its_file_which_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("webhook-key-1.json");
        WebhookSecret::new([1; 32]).save(&path).unwrap();
        let secret = WebhookSecret::open(&path).unwrap();
        assert_eq!(*secret.shown(), format!("whsec_{}", STANDARD.encode([1; 32])));
        secret.rotated([2; 32], 100).save(&path).unwrap();
        let rotated = WebhookSecret::open(&path).unwrap();
        assert_eq!(rotated.before_until(), Some(100));
        assert_eq!(rotated.sign("m", 1, "").unwrap().split(' ').count(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(!format!("{rotated:?}").contains("whsec"));
        std::fs::write(&path, r#"{"current":"whsec_"}"#).unwrap();
        assert!(WebhookSecret::open(&path).is_err());
    }
}

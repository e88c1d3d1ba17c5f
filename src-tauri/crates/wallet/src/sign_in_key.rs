use std::fmt;
use std::sync::Arc;

use alloy_primitives::hex;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What is authenticated begins with this, so that no other use of the key can make a nonce.
const PURPOSE: &[u8] = b"stallkeeper sign-in 1";

const SALT: usize = 4;
const MAC: usize = 12;

/// The key by which the nonces of sign-in challenges are recognised without keeping any: a nonce is a salt and a code over
/// salt, time and origin.
///
/// It is never kept: a challenge counts for minutes, and a key that every start makes anew lets nobody use a nonce again
/// that was used before the restart. A clone is a handle to the same key, which is wiped with the last of them.
#[derive(Clone)]
pub struct SignInKey(Arc<Zeroizing<[u8; 32]>>);

impl SignInKey {
    /// A key of these random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(random)))
    }

    /// The nonce, 32 hexadecimal digits, of a challenge of `origin` that says `issued_at`. `salt` keeps challenges of the
    /// same millisecond apart; a number that counts up will do.
    pub fn nonce(&self, salt: u32, issued_at: &str, origin: &str) -> String {
        let mut nonce = [0; SALT + MAC];
        nonce[..SALT].copy_from_slice(&salt.to_be_bytes());
        if let Some(mac) = self.mac(&nonce[..SALT], issued_at, origin) {
            nonce[SALT..].copy_from_slice(&mac.finalize().into_bytes()[..MAC]);
        }
        hex::encode(nonce)
    }

    /// Whether a nonce is one that this key made for that time and origin.
    pub fn issued(&self, nonce: &str, issued_at: &str, origin: &str) -> bool {
        let mut bytes = [0; SALT + MAC];
        // One spelling: clients give back what they got.
        if nonce.bytes().any(|b| b.is_ascii_uppercase()) || hex::decode_to_slice(nonce, &mut bytes).is_err() {
            return false;
        }
        let (salt, mac) = bytes.split_at(SALT);
        self.mac(salt, issued_at, origin).is_some_and(|ours| ours.verify_truncated_left(mac).is_ok())
    }

    /// HMAC takes keys of every length, so there is always one.
    fn mac(&self, salt: &[u8], issued_at: &str, origin: &str) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).ok()?;
        let length = (issued_at.len() as u64).to_be_bytes();
        let parts = [PURPOSE, salt, &length, issued_at.as_bytes(), origin.as_bytes()];
        Some(parts.into_iter().fold(mac, |mac, part| mac.chain_update(part)))
    }
}

impl fmt::Debug for SignInKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2026-11-21T14:40:13.250Z";
    const HERE: &str = "https://stall.example";

    #[test]
    fn a_nonce_is_recognised_for_its_own_time_and_origin_alone() {
        let key = SignInKey::new([7; 32]);
        let nonce = key.nonce(1, AT, HERE);
        assert_eq!(nonce.len(), 32);
        assert!(nonce.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{nonce}");
        assert!(key.issued(&nonce, AT, HERE));
        assert!(!key.issued(&nonce, "2026-11-21T14:40:13.251Z", HERE));
        assert!(!key.issued(&nonce, AT, "https://other.example"));
        assert!(
            !key.issued(&nonce, &AT[..23], &format!("Z{HERE}")),
            "nothing may move from one part to the next"
        );
        assert!(!SignInKey::new([8; 32]).issued(&nonce, AT, HERE), "after a restart");
        assert_ne!(nonce, key.nonce(2, AT, HERE), "two of the same millisecond");
    }

    #[test]
    fn whichever_digit_is_another_it_is_not_ours() {
        let key = SignInKey::new([7; 32]);
        let nonce = key.nonce(0xdead_beef, AT, HERE);
        for place in 0..32 {
            for digit in "0123456789abcdefABCDEFg ".chars() {
                let mut other = nonce.clone();
                other.replace_range(place..=place, &digit.to_string());
                assert_eq!(key.issued(&other, AT, HERE), other == nonce, "{other}");
            }
        }
        for wrong in ["", "00", &nonce[..30], &format!("{nonce}00"), &format!("0x{}", &nonce[2..])] {
            assert!(!key.issued(wrong, AT, HERE), "{wrong}");
        }
    }
}

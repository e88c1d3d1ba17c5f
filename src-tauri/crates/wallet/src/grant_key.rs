use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::PaymentId;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{WalletError, file};

/// What is authenticated begins with this, so that no other use of the key can make a token.
const PURPOSE: &[u8] = b"stallkeeper grant 1";

/// Payment, end and epoch.
const SAID: usize = 16 + 8 + 4;
const MAC: usize = 16;
const TOKEN: usize = SAID + MAC;

/// How many characters a token has.
const WRITTEN: usize = (TOKEN * 8).div_ceil(6);

/// The key behind grant links: who shows a token that it made receives again what the payment bought, without a wallet
/// and without a look into the database.
///
/// It is kept like [`ReceiptKey`](crate::ReceiptKey): bare, in a file that only its owner can read, because it has to
/// work whenever somebody downloads. Whoever takes it can receive what was sold to others. A new key, after the old
/// file was put aside, ends all links at once.
///
/// A clone is a handle to the same key, which is wiped with the last of them.
#[derive(Clone)]
pub struct GrantKey(Arc<Zeroizing<[u8; 32]>>);

/// What a token grants, as long as its epoch is still the payment's: who may receive again what it bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What was paid for.
    pub payment: PaymentId,
    /// Until when, in Unix seconds; from then on it is over.
    pub until: u64,
    /// How often the payment's links had been revoked when this one was made. The caller compares: links of an earlier
    /// epoch are revoked.
    pub epoch: u32,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// It is not spelled like one.
    #[error("this is no download link of the stall")]
    Malformed,
    /// This key did not make it, or somebody changed it.
    #[error("this download link is not one of this stall's, or a part of it is missing")]
    Forged,
    /// Its time is over.
    #[error("this download link has expired")]
    Expired,
}

/// A token, as it stands in a link: letters, digits, `-` and `_`. Whoever has it has the grant, so it is not to be
/// logged.
#[derive(Clone, PartialEq, Eq)]
pub struct GrantToken(String);

impl GrantToken {
    /// For the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GrantToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GrantToken(…)")
    }
}

impl GrantKey {
    /// The key in the file at `path`, which is made from `random` where there is none.
    ///
    /// # Errors
    /// When the file cannot be read, written, or taken for a key.
    pub fn open_or_create(path: &Path, random: [u8; 32]) -> Result<Self, WalletError> {
        Ok(Self(Arc::new(file::open_or_create_bare(path, random, |_| true)?)))
    }

    /// The token for a payment, good until `until` (Unix seconds) or until its epoch is over. The same arguments give
    /// the same token.
    pub fn issue(&self, payment: PaymentId, until: u64, epoch: u32) -> GrantToken {
        let mut token = [0; TOKEN];
        token[..16].copy_from_slice(payment.0.as_bytes());
        token[16..24].copy_from_slice(&until.to_be_bytes());
        token[24..SAID].copy_from_slice(&epoch.to_be_bytes());
        if let Some(mac) = self.mac(&token[..SAID]) {
            token[SAID..].copy_from_slice(&mac.finalize().into_bytes()[..MAC]);
        }
        GrantToken(URL_SAFE_NO_PAD.encode(token))
    }

    /// What the token grants at `now` (Unix seconds). The comparison takes as long for every wrong token.
    ///
    /// # Errors
    /// [`GrantError`] says why it grants nothing.
    pub fn open(&self, token: &str, now: u64) -> Result<Grant, GrantError> {
        let mut bytes = [0; TOKEN];
        if token.len() != WRITTEN || URL_SAFE_NO_PAD.decode_slice(token, &mut bytes) != Ok(TOKEN) {
            return Err(GrantError::Malformed);
        }
        let (said, mac) = bytes.split_at(SAID);
        let ours = self.mac(said).ok_or(GrantError::Forged)?;
        ours.verify_truncated_left(mac).map_err(|_| GrantError::Forged)?;
        let (payment, rest) = said.split_first_chunk::<16>().ok_or(GrantError::Malformed)?;
        let (until, epoch) = rest.split_first_chunk::<8>().ok_or(GrantError::Malformed)?;
        let epoch = epoch.first_chunk::<4>().ok_or(GrantError::Malformed)?;
        let grant = Grant {
            payment: PaymentId(Uuid::from_bytes(*payment)),
            until: u64::from_be_bytes(*until),
            epoch: u32::from_be_bytes(*epoch),
        };
        if now < grant.until { Ok(grant) } else { Err(GrantError::Expired) }
    }

    /// HMAC takes keys of every length, so there is always one.
    fn mac(&self, said: &[u8]) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).ok()?;
        Some(mac.chain_update(PURPOSE).chain_update(said))
    }
}

impl fmt::Debug for GrantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GrantKey")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> GrantKey {
        GrantKey(Arc::new(Zeroizing::new([byte; 32])))
    }

    fn payment(bytes: [u8; 16]) -> PaymentId {
        PaymentId(Uuid::from_bytes(bytes))
    }

    #[test]
    fn a_token_fits_into_a_link_and_is_the_same_every_time() {
        let token = key(7).issue(payment([0xab; 16]), 1_800_000_000, 3);
        assert_eq!(token.as_str().len(), 59);
        assert!(token.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(token, key(7).issue(payment([0xab; 16]), 1_800_000_000, 3));
        assert!(!format!("{token:?}{:?}", key(7)).contains(&token.as_str()[..8]));
    }

    /// Computed by another program.
    const PAST: &str = "q6urq6urq6urq6urq6urqwAAAABrSdIAAAAAA-Z1cOp2w9tO_vuLKClPmn0";

    /// Written down, so that links that were given out keep working.
    #[test]
    fn a_token_of_the_past_still_opens() {
        let grant = key(7).open(PAST, 1_799_999_999).unwrap();
        assert_eq!(grant, Grant { payment: payment([0xab; 16]), until: 1_800_000_000, epoch: 3 });
        assert_eq!(key(7).open(PAST, 1_800_000_000), Err(GrantError::Expired));
        assert_eq!(key(8).open(PAST, 0), Err(GrantError::Forged));
    }

    #[test]
    fn what_is_not_spelled_like_a_token_is_refused_as_that() {
        let good = key(7).issue(payment([1; 16]), 10, 0).as_str().to_owned();
        let wrong = [
            String::new(),
            "a".to_owned(),
            good[..58].to_owned(),
            format!("{good}A"),
            format!("{good}="),
            good.replacen(&good[..1], "+", 1),
            format!(" {}", &good[1..]),
            "ä".repeat(30),
            "A".repeat(1 << 20),
        ];
        for text in wrong {
            assert_eq!(key(7).open(&text, 0), Err(GrantError::Malformed));
        }
        assert_eq!(key(7).open(&"A".repeat(59), 0), Err(GrantError::Forged));
    }

    #[test]
    fn the_key_is_made_once_and_others_cannot_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grants.key");
        let made = GrantKey::open_or_create(&path, [5; 32]).unwrap();
        let token = made.issue(payment([1; 16]), 10, 0);
        let found = GrantKey::open_or_create(&path, [6; 32]).unwrap();
        assert!(found.open(token.as_str(), 0).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "0x12").unwrap();
        let refused = GrantKey::open_or_create(&path, [6; 32]).unwrap_err();
        assert!(matches!(refused, WalletError::NotAKeyFile { .. }));
    }

    proptest! {
        #[test]
        fn what_was_issued_is_what_opens(id: [u8; 16], until in 1_u64.., epoch: u32, now: u64) {
            let token = key(7).issue(payment(id), until, epoch);
            let grant = Grant { payment: payment(id), until, epoch };
            let expected = if now < until { Ok(grant) } else { Err(GrantError::Expired) };
            prop_assert_eq!(key(7).open(token.as_str(), now), expected);
            prop_assert_eq!(key(9).open(token.as_str(), now), Err(GrantError::Forged));
        }

        #[test]
        fn whichever_bit_is_flipped_it_opens_nothing(id: [u8; 16], until in 1_u64.., epoch: u32) {
            let token = key(7).issue(payment(id), until, epoch);
            let bytes = URL_SAFE_NO_PAD.decode(token.as_str()).unwrap();
            for bit in 0..TOKEN * 8 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let flipped = URL_SAFE_NO_PAD.encode(flipped);
                prop_assert_eq!(key(7).open(&flipped, 0), Err(GrantError::Forged), "{}", bit);
            }
        }

        #[test]
        fn whichever_letter_is_another_it_opens_nothing(
            id: [u8; 16],
            place in 0..WRITTEN,
            letter in "[ -~]",
        ) {
            let token = key(7).issue(payment(id), u64::MAX, 1);
            let mut text = token.as_str().to_owned();
            text.replace_range(place..=place, &letter);
            prop_assert_eq!(key(7).open(&text, 0).is_ok(), text == token.as_str());
        }

        #[test]
        fn no_text_opens_anything(text in any::<String>()) {
            prop_assert!(key(7).open(&text, 0).is_err());
        }

        #[test]
        fn tokens_of_other_payments_times_and_epochs_are_others(id: [u8; 16], until: u64, epoch: u32) {
            let mut other = id;
            other[0] ^= 1;
            let tokens: HashSet<_> = [
                key(7).issue(payment(id), until, epoch),
                key(7).issue(payment(other), until, epoch),
                key(7).issue(payment(id), until ^ 1, epoch),
                key(7).issue(payment(id), until, epoch ^ 1),
            ]
            .iter()
            .map(|token| token.as_str().to_owned())
            .collect();
            prop_assert_eq!(tokens.len(), 4);
        }
    }
}

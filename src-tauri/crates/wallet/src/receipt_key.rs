use std::fmt;
use std::path::Path;
use std::sync::Arc;

use alloy::signers::SignerSync as _;
use alloy::signers::k256::ecdsa::SigningKey;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256};

use crate::{WalletError, file};

/// The key that signs offers and receipts and nothing else: buyers know the seller by its address, so it is a key of its
/// own that outlives every gas wallet.
///
/// It holds no money and pays for nothing, and it has to sign whenever somebody buys, so it lies bare in a file that only
/// its owner can read, in every environment. Whoever takes it can write receipts in the seller's name, no more; whoever
/// loses it leaves receipts behind that are of an address of the past. It belongs into every backup of the folder.
///
/// A clone is a handle to the same key, which is wiped with the last of them.
#[derive(Clone)]
pub struct ReceiptKey(Arc<PrivateKeySigner>);

impl ReceiptKey {
    /// The key in the file at `path`, which is made from `random` where there is none.
    ///
    /// # Errors
    /// When the file cannot be read, written, or taken for a key.
    pub fn open_or_create(path: &Path, random: [u8; 32]) -> Result<Self, WalletError> {
        let usable = |key: &[u8; 32]| SigningKey::from_slice(key.as_slice()).is_ok();
        let key = file::open_or_create_bare(path, random, usable)?;
        let key = SigningKey::from_slice(key.as_slice()).map_err(|_| WalletError::NotAKey)?;
        Ok(Self(Arc::new(PrivateKeySigner::from_signing_key(key))))
    }

    /// By which buyers know what this stall signed.
    pub fn address(&self) -> Address {
        self.0.address()
    }

    /// Signs the digest of a receipt or an offer: `r`, `s` in the lower half, and `v` of 27 or 28. The same digest always
    /// gets the same signature. Takes far longer than anything else in an answer.
    ///
    /// # Errors
    /// [`WalletError::Cryptography`], which no digest is known to cause.
    pub fn sign_receipt(&self, digest: &B256) -> Result<[u8; 65], WalletError> {
        let signature = self.0.sign_hash_sync(digest);
        Ok(signature.map_err(|_| WalletError::Cryptography("sign"))?.as_bytes())
    }
}

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReceiptKey").field(&self.address()).finish()
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::hex;

    use super::*;

    const KEY: [u8; 32] = hex!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

    /// The npm package's signatures with the same key (RFC 6979 leaves nothing to chance).
    #[test]
    fn receipts_and_offers_are_signed_as_the_npm_package_signs_them() {
        let folder = tempfile::tempdir().unwrap();
        let key = ReceiptKey::open_or_create(&folder.path().join("receipts.key"), KEY).unwrap();
        let vectors = include_str!("../../x402/tests/wire/vectors/offer_receipt.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
        assert_eq!(vectors["signer"], key.address().to_string());
        let all = ["receipts", "offers"].map(|kind| vectors[kind].as_array().unwrap().clone()).concat();
        assert_eq!(all.len(), 3);
        for vector in all {
            let signed = key.sign_receipt(&vector["digest"].as_str().unwrap().parse().unwrap()).unwrap();
            assert_eq!(vector["signature"], hex::encode_prefixed(signed));
        }
    }

    #[test]
    fn the_key_is_made_once_and_its_address_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("receipts.key");
        let made = ReceiptKey::open_or_create(&path, KEY).unwrap();
        let found = ReceiptKey::open_or_create(&path, [9; 32]).unwrap();
        assert_eq!(made.address(), found.address());
        let refused = ReceiptKey::open_or_create(&folder.path().join("other.key"), [0xff; 32]).unwrap_err();
        assert!(matches!(refused, WalletError::NotAKey));
        assert!(!folder.path().join("other.key").exists(), "what is no key is not kept");
    }

    /// I12.
    #[test]
    fn it_shows_its_address_and_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let key = ReceiptKey::open_or_create(&folder.path().join("receipts.key"), KEY).unwrap();
        assert_eq!(format!("{key:?}"), format!("ReceiptKey({:?})", key.address()));
    }
}

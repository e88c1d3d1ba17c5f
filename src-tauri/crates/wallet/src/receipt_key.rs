use std::fmt;
use std::path::Path;
use std::sync::Arc;

use alloy_primitives::{Address, B256, keccak256};
use secp256k1::{Message, PublicKey, Secp256k1, SecretKey, SignOnly};

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
pub struct ReceiptKey(Arc<Signer>);

/// libsecp256k1 signs in a third of the time that others take, and a receipt is signed for every sale.
struct Signer {
    curve: Secp256k1<SignOnly>,
    key: SecretKey,
    address: Address,
}

impl Drop for Signer {
    fn drop(&mut self) {
        self.key.non_secure_erase();
    }
}

impl ReceiptKey {
    /// The key in the file at `path`, which is made from `random` where there is none.
    ///
    /// # Errors
    /// When the file cannot be read, written, or taken for a key.
    pub fn open_or_create(path: &Path, random: [u8; 32]) -> Result<Self, WalletError> {
        let usable = |key: &[u8; 32]| SecretKey::from_byte_array(*key).is_ok();
        let bare = file::open_or_create_bare(path, random, usable)?;
        let key = SecretKey::from_byte_array(*bare).map_err(|_| WalletError::NotAKey)?;
        let mut curve = Secp256k1::signing_only();
        // What it computes with is blinded by what nobody else knows.
        curve.seeded_randomize(&keccak256(bare.as_slice()).0);
        let public = PublicKey::from_secret_key(&curve, &key).serialize_uncompressed();
        let address = Address::from_raw_public_key(&public[1..]);
        Ok(Self(Arc::new(Signer { curve, key, address })))
    }

    /// By which buyers know what this stall signed.
    pub fn address(&self) -> Address {
        self.0.address
    }

    /// Signs the digest of a receipt or an offer: `r`, `s` in the lower half, and `v` of 27 or 28. The same digest always
    /// gets the same signature.
    pub fn sign_receipt(&self, digest: &B256) -> [u8; 65] {
        let Signer { curve, key, .. } = &*self.0;
        let signature = curve.sign_ecdsa_recoverable(Message::from_digest(digest.0), key);
        let (recovery, compact) = signature.serialize_compact();
        let mut signed = [0; 65];
        signed[..64].copy_from_slice(&compact);
        signed[64] = if i32::from(recovery) == 0 { 27 } else { 28 };
        signed
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
            let signed = key.sign_receipt(&vector["digest"].as_str().unwrap().parse().unwrap());
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

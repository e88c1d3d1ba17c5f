//! A wallet that pays in the bench.

use secp256k1::{All, Message, PublicKey, Secp256k1, SecretKey};
use sha3::{Digest as _, Keccak256};

/// A fresh key and its address.
pub(crate) struct Payer {
    key: SecretKey,
    address: [u8; 20],
}

impl Payer {
    /// Draws a key.
    pub(crate) fn draw(secp: &Secp256k1<All>) -> anyhow::Result<Self> {
        let key = SecretKey::from_byte_array(random_word()?)?;
        Ok(Self::from_key(secp, key))
    }

    fn from_key(secp: &Secp256k1<All>, key: SecretKey) -> Self {
        let public = PublicKey::from_secret_key(secp, &key).serialize_uncompressed();
        let mut address = [0_u8; 20];
        address.copy_from_slice(&keccak(&public[1..])[12..]);
        Self { key, address }
    }

    /// The 20 bytes of the address.
    pub(crate) fn address(&self) -> &[u8; 20] {
        &self.address
    }

    /// The address as a lower-case `0x…`.
    pub(crate) fn address_text(&self) -> String {
        format!("0x{}", hex::encode(self.address))
    }

    /// Signs a digest: `r ‖ s ‖ v` with v 27 or 28.
    pub(crate) fn sign(&self, secp: &Secp256k1<All>, digest: [u8; 32]) -> [u8; 65] {
        let (recovery, compact) =
            secp.sign_ecdsa_recoverable(Message::from_digest(digest), &self.key).serialize_compact();
        let mut signature = [0_u8; 65];
        signature[..64].copy_from_slice(&compact);
        signature[64] = if i32::from(recovery) == 0 { 27 } else { 28 };
        signature
    }
}

/// 32 bytes of chance.
pub(crate) fn random_word() -> anyhow::Result<[u8; 32]> {
    let mut word = [0_u8; 32];
    getrandom::fill(&mut word).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(word)
}

pub(crate) fn keccak(bytes: &[u8]) -> [u8; 32] {
    Keccak256::digest(bytes).into()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The second account every development chain knows.
    pub(crate) fn well_known(secp: &Secp256k1<All>) -> Payer {
        let mut key = [0_u8; 32];
        hex::decode_to_slice("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", &mut key)
            .unwrap();
        Payer::from_key(secp, SecretKey::from_byte_array(key).unwrap())
    }

    #[test]
    fn an_address_is_the_tail_of_the_public_keys_hash() {
        let payer = well_known(&Secp256k1::new());
        assert_eq!(payer.address_text(), "0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    }
}

//! Messages that wallets sign for people to read (EIP-191).

use alloy_primitives::{Address, eip191_hash_message};
use domain::Signature;
use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
use secp256k1::{Message, SECP256K1};

/// Who signed the message in a wallet: `None` when the signature belongs to no key at all.
pub fn who_signed(message: &str, signature: &Signature) -> Option<Address> {
    let parity = RecoveryId::try_from(i32::from(signature.parity())).ok()?;
    let signature = RecoverableSignature::from_compact(&signature.as_bytes()[..64], parity).ok()?;
    let digest = Message::from_digest(eip191_hash_message(message).0);
    let key = SECP256K1.recover_ecdsa(digest, &signature).ok()?;
    Some(Address::from_raw_public_key(&key.serialize_uncompressed()[1..]))
}

#[cfg(test)]
mod tests {
    use alloy::signers::SignerSync as _;
    use alloy::signers::local::PrivateKeySigner;

    use super::*;

    #[test]
    fn the_signer_of_a_message_is_found_and_of_no_other_message() {
        let signer = PrivateKeySigner::from_slice(&[7; 32]).unwrap();
        let message = "My payments go to this address.\n0x00";
        let signature = signer.sign_message_sync(message.as_bytes()).unwrap().as_bytes();
        let signature = Signature::normalise(&signature).unwrap();
        assert_eq!(who_signed(message, &signature), Some(signer.address()));
        assert_ne!(who_signed("My payments go elsewhere.", &signature), Some(signer.address()));
    }
}

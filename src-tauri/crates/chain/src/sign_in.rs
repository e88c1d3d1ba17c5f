//! Whose a signature is that is no payment: of a message that a person read in a wallet, or of a digest.

use alloy_primitives::{Address, B256, eip191_hash_message};
use domain::Signature;
use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
use secp256k1::{Message, SECP256K1};

use crate::{Chain, ChainError};

/// Who signed a digest: `None` when the signature belongs to no key at all (T16).
pub fn who_signed_digest(digest: &B256, signature: &Signature) -> Option<Address> {
    let parity = RecoveryId::try_from(i32::from(signature.parity())).ok()?;
    let signature = RecoverableSignature::from_compact(&signature.as_bytes()[..64], parity).ok()?;
    let key = SECP256K1.recover_ecdsa(Message::from_digest(digest.0), &signature).ok()?;
    Some(Address::from_raw_public_key(&key.serialize_uncompressed()[1..]))
}

/// Who signed the message in a wallet (EIP-191): `None` when the signature belongs to no key at all.
pub fn who_signed(message: &str, signature: &Signature) -> Option<Address> {
    who_signed_digest(&eip191_hash_message(message), signature)
}

/// Whether the account signed the message in a wallet: with its key, or because its code says so (ERC-1271). The code is
/// asked only where the key did not sign, on the chain of the network that was signed for; an account that is not there
/// yet (ERC-6492) accepts nothing.
///
/// Anybody can make a wrong signature, and each one costs a question to a node: whoever calls this has limits.
///
/// # Errors
/// When the code could not be asked.
pub async fn has_signed(
    chain: &dyn Chain,
    account: Address,
    message: &str,
    signature: &[u8],
) -> Result<bool, ChainError> {
    let plain = Signature::normalise(signature).ok();
    if plain.and_then(|signature| who_signed(message, &signature)) == Some(account) {
        return Ok(true);
    }
    chain.accepts_signature(account, eip191_hash_message(message), signature).await
}

#[cfg(test)]
mod tests {
    use alloy::signers::SignerSync as _;
    use alloy::signers::local::PrivateKeySigner;
    use alloy_primitives::hex;
    use serde_json::Value;

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

    fn signed(vector: &Value) -> Signature {
        Signature::normalise(&hex::decode(vector["signature"].as_str().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn what_the_npm_client_signs_to_sign_in_is_its_wallets() {
        let vectors = include_str!("../../x402/tests/wire/vectors/sign_in.json");
        let vectors: Vec<Value> = serde_json::from_str(vectors).unwrap();
        assert_eq!(vectors.len(), 5);
        for vector in vectors {
            let signer = who_signed(vector["message"].as_str().unwrap(), &signed(&vector)).unwrap();
            assert_eq!(vector["address"], signer.to_string());
        }
    }

    #[test]
    fn what_the_npm_package_signs_as_receipt_or_offer_is_the_stalls() {
        let vectors = include_str!("../../x402/tests/wire/vectors/offer_receipt.json");
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        for vector in ["receipts", "offers"].iter().flat_map(|kind| vectors[kind].as_array().unwrap()) {
            let mut digest: B256 = vector["digest"].as_str().unwrap().parse().unwrap();
            assert_eq!(vectors["signer"], who_signed_digest(&digest, &signed(vector)).unwrap().to_string());
            digest.0[31] ^= 1;
            assert_ne!(vectors["signer"], who_signed_digest(&digest, &signed(vector)).unwrap().to_string());
        }
    }
}

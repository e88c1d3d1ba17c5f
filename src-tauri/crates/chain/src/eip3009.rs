use alloy_primitives::{Address, B256, Keccak256, U256, b256, keccak256};
use domain::{Asset, Authorization, Signature};
use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
use secp256k1::{Message, SECP256K1};

/// `keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")`
const DOMAIN_TYPE: B256 = b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");

/// `keccak256("TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256
/// validBefore,bytes32 nonce)")`
const TRANSFER_TYPE: B256 = b256!("7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267");

/// The EIP-712 domain separator of the asset's contract. It never changes for an asset, so callers keep it.
pub fn domain_separator(asset: &Asset) -> B256 {
    words([
        DOMAIN_TYPE,
        keccak256(&asset.name),
        keccak256(&asset.version),
        U256::from(asset.network.chain_id()).into(),
        asset.address.into_word(),
    ])
}

/// What a payer signs: the EIP-712 digest of an authorization under the asset's separator.
pub fn digest(separator: &B256, authorization: &Authorization) -> B256 {
    let message = words([
        TRANSFER_TYPE,
        authorization.from.into_word(),
        authorization.to.into_word(),
        authorization.value.into(),
        U256::from(authorization.valid_after).into(),
        U256::from(authorization.valid_before).into(),
        authorization.nonce,
    ]);
    let mut signed = [0x19_u8; 66];
    signed[1] = 0x01;
    signed[2..34].copy_from_slice(separator.as_slice());
    signed[34..].copy_from_slice(message.as_slice());
    keccak256(signed)
}

/// Who signed the authorization: `None` when the signature belongs to no key at all (T16). The caller compares the
/// answer with the authorization's payer; any other address is a stranger.
pub fn recover(separator: &B256, authorization: &Authorization, signature: &Signature) -> Option<Address> {
    let parity = RecoveryId::try_from(i32::from(signature.parity())).ok()?;
    let signature = RecoverableSignature::from_compact(&signature.as_bytes()[..64], parity).ok()?;
    let message = Message::from_digest(digest(separator, authorization).0);
    let key = SECP256K1.recover_ecdsa(message, &signature).ok()?;
    Some(Address::from_raw_public_key(&key.serialize_uncompressed()[1..]))
}

fn words<const N: usize>(words: [B256; N]) -> B256 {
    let mut hasher = Keccak256::new();
    for word in words {
        hasher.update(word);
    }
    hasher.finalize()
}

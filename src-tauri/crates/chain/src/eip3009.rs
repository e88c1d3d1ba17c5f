use alloy_primitives::{Address, B256, Keccak256, U256, b256, keccak256};
use domain::{Asset, Authorization, Signature};

use crate::who_signed_digest;

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
    who_signed_digest(&digest(separator, authorization), signature)
}

fn words<const N: usize>(words: [B256; N]) -> B256 {
    let mut hasher = Keccak256::new();
    for word in words {
        hasher.update(word);
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use alloy::signers::SignerSync as _;
    use alloy::signers::local::PrivateKeySigner;
    use alloy_primitives::{address, hex, uint};
    use domain::NetworkId;
    use proptest::prelude::*;

    use super::*;

    fn usdc(chain_id: u64, address: Address, name: &str) -> Asset {
        let network = NetworkId::from_chain_id(chain_id);
        Asset { network, address, name: name.to_owned(), version: "2".to_owned(), decimals: 6 }
    }

    fn base() -> Asset {
        usdc(8453, address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"), "USD Coin")
    }

    fn base_sepolia() -> Asset {
        usdc(84_532, address!("036CbD53842c5426634e7929541eC2318f3dCF7e"), "USDC")
    }

    /// A payment that was settled on Base.
    fn settled() -> (Authorization, [u8; 65]) {
        let authorization = Authorization {
            from: address!("9d24d267cf8d9a8b9ed104b4856cde8830c266ef"),
            to: address!("b73d8bc93b791510c4733c5c5ac2015a3c2930ec"),
            value: U256::from(22_000),
            valid_after: 0,
            valid_before: 1_791_120_073,
            nonce: b256!("84428e7eae7b08cac1ec9186e338e14fa5056d9f62bb9d92e1ea927370b8e779"),
        };
        let signature = hex!(
            "b909a9345301f4942d14fc97f72306b8ae6e4077431cb8e950194196101b34582f9cf1604c72db4a5a87ade62949449a2eff957f1d58a11954438dac229aa16f1c"
        );
        (authorization, signature)
    }

    /// T17: the separators that the deployed contracts answer.
    #[test]
    fn separators_are_those_of_the_deployed_tokens() {
        let base_separator = b256!("02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f");
        let sepolia_separator = b256!("71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818");
        assert_eq!(domain_separator(&base()), base_separator);
        assert_eq!(domain_separator(&base_sepolia()), sepolia_separator);
        let misnamed = Asset { name: "USD Coin".to_owned(), ..base_sepolia() };
        assert_ne!(domain_separator(&misnamed), sepolia_separator);
    }

    #[test]
    fn a_payment_that_was_settled_on_base_recovers_its_payer() {
        let separator = domain_separator(&base());
        let (authorization, signature) = settled();
        let expected = b256!("12fedf9dd2fbf9be56cffd125cd082bc4da832b52d13ed2cd1b3cb0719d65ec0");
        assert_eq!(digest(&separator, &authorization), expected);
        let signature = Signature::normalise(&signature).unwrap();
        assert_eq!(recover(&separator, &authorization, &signature), Some(authorization.from));
    }

    #[test]
    fn a_payment_that_a_stock_client_signed_for_base_sepolia_recovers_its_payer() {
        let separator = domain_separator(&base_sepolia());
        let authorization = Authorization {
            from: address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
            to: address!("209693Bc6afc0C5328bA36FaF03C514EF312287C"),
            value: U256::from(10_000),
            valid_after: 1_740_672_089,
            valid_before: 1_740_672_154,
            nonce: b256!("f3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"),
        };
        let expected = b256!("7b608a4b969db6725f5373740b7811350cd1148db1b903276958fa2a718326ba");
        assert_eq!(digest(&separator, &authorization), expected);
        let signature = Signature::normalise(&hex!(
            "eae36c169c193ec4791b48a3d469bd0ff9f9b2edef5c1349bedcd0c501c3cff2006d0788285d4a884321fabe5a8428887c3581a82f1b32eeb2ea1011413746901c"
        ));
        assert_eq!(recover(&separator, &authorization, &signature.unwrap()), Some(authorization.from));
    }

    /// I3: every field is inside what the payer signed.
    #[test]
    fn a_change_in_any_field_recovers_a_stranger() {
        let separator = domain_separator(&base());
        let (signed, signature) = settled();
        let signature = Signature::normalise(&signature).unwrap();
        let stranger = Address::repeat_byte(7);
        let changed = [
            Authorization { to: stranger, ..signed },
            Authorization { value: U256::from(22_001), ..signed },
            Authorization { valid_after: 1, ..signed },
            Authorization { valid_before: 1_791_120_074, ..signed },
            Authorization { nonce: B256::ZERO, ..signed },
        ];
        for authorization in changed {
            assert_ne!(recover(&separator, &authorization, &signature), Some(signed.from));
        }
        let elsewhere = domain_separator(&base_sepolia());
        assert_ne!(recover(&elsewhere, &signed, &signature), Some(signed.from));
    }

    /// T16: not every number below the curve's order is a point on the curve.
    #[test]
    fn a_signature_of_no_key_recovers_nobody() {
        let mut nobodys = [1_u8; 65];
        nobodys[..32].copy_from_slice(U256::from(5).to_be_bytes::<32>().as_slice());
        nobodys[64] = 27;
        let signature = Signature::normalise(&nobodys).unwrap();
        assert_eq!(recover(&domain_separator(&base()), &settled().0, &signature), None);
    }

    proptest! {
        /// T15, I1: whatever spelling of a signature arrives, it leads to the same payer in the same 65 bytes.
        #[test]
        fn every_twin_of_a_signature_recovers_the_same_payer(
            secret in prop::array::uniform32(1_u8..255),
            to in prop::array::uniform20(any::<u8>()),
            value: u64,
            window: (u64, u64),
            nonce: [u8; 32],
        ) {
            const ORDER: U256 =
                uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);
            let key = PrivateKeySigner::from_slice(&secret).unwrap();
            let authorization = Authorization {
                from: key.address(),
                to: to.into(),
                value: U256::from(value),
                valid_after: window.0,
                valid_before: window.1,
                nonce: nonce.into(),
            };
            let separator = domain_separator(&base());
            let signed = key.sign_hash_sync(&digest(&separator, &authorization)).unwrap();
            let plain = signed.as_bytes();
            let mut short_v = plain;
            short_v[64] -= 27;
            let mut high_s = plain;
            high_s[32..64].copy_from_slice(&(ORDER - signed.s()).to_be_bytes::<32>());
            high_s[64] = 27 + 28 - high_s[64];
            let mut compact = plain;
            compact[32] |= u8::from(signed.v()) << 7;
            for twin in [&plain[..], &short_v, &high_s, &compact[..64]] {
                let normal = Signature::normalise(twin).unwrap();
                prop_assert_eq!(normal.as_bytes(), &plain);
                prop_assert_eq!(recover(&separator, &authorization, &normal), Some(key.address()));
            }
        }
    }
}

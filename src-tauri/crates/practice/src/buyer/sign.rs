use std::borrow::Cow;

use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::{Eip712Domain, SolStruct as _};
use alloy_primitives::U256;
use domain::{Asset, Authorization};

use crate::PracticeError;

sol! {
    struct TransferWithAuthorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }
}

/// Signs an EIP-3009 transfer of `asset` as a wallet does: 65 bytes, `v` 27 or 28.
///
/// # Errors
/// When the key cannot sign.
pub(super) fn sign(
    key: &PrivateKeySigner,
    asset: &Asset,
    authorization: &Authorization,
) -> Result<[u8; 65], PracticeError> {
    let domain = Eip712Domain {
        name: Some(Cow::Owned(asset.name.clone())),
        version: Some(Cow::Owned(asset.version.clone())),
        chain_id: Some(U256::from(asset.network.chain_id())),
        verifying_contract: Some(asset.address),
        salt: None,
    };
    let message = TransferWithAuthorization {
        from: authorization.from,
        to: authorization.to,
        value: authorization.value,
        validAfter: U256::from(authorization.valid_after),
        validBefore: U256::from(authorization.valid_before),
        nonce: authorization.nonce,
    };
    Ok(key.sign_hash_sync(&message.eip712_signing_hash(&domain))?.as_bytes())
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{address, b256, hex};
    use domain::NetworkId;

    use super::*;

    #[test]
    fn it_signs_what_every_wallet_signs() {
        let key = b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
        let key = PrivateKeySigner::from_bytes(&key).unwrap();
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: address!("036CbD53842c5426634e7929541eC2318f3dCF7e"),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        };
        let authorization = Authorization {
            from: key.address(),
            to: address!("209693Bc6afc0C5328bA36FaF03C514EF312287C"),
            value: U256::from(10_000),
            valid_after: 1_740_672_089,
            valid_before: 1_740_672_154,
            nonce: b256!("f3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"),
        };
        assert_eq!(
            hex::encode(sign(&key, &asset, &authorization).unwrap()),
            "eae36c169c193ec4791b48a3d469bd0ff9f9b2edef5c1349bedcd0c501c3cff2\
             006d0788285d4a884321fabe5a8428887c3581a82f1b32eeb2ea1011413746901c",
        );
    }
}

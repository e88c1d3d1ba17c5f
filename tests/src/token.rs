use alloy::sol;
use alloy::sol_types::{Eip712Domain, SolCall as _, SolStruct as _};
use alloy_primitives::{Address, B256, Bytes, U256, address};
use std::borrow::Cow;

/// Where USDC stands on Base Sepolia, and the practice token on the practice chain.
pub const TOKEN: Address = address!("036CbD53842c5426634e7929541eC2318f3dCF7e");

/// Where USDC stands on Base.
pub const BASE_USDC: Address = address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");

/// Where Multicall3 stands on every chain.
pub const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

sol! {
    struct TransferWithAuthorization {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }
    struct CancelAuthorization {
        address authorizer;
        bytes32 nonce;
    }
    struct Call {
        address target;
        bool allowFailure;
        bytes callData;
    }
    function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
    function aggregate3(Call[] calls) external;
    function mint(address to, uint256 amount) external;
    function balanceOf(address account) external view returns (uint256);
}

/// What an EIP-712 signature is bound to.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The token's name.
    pub name: String,
    /// The token's version.
    pub version: String,
    /// The chain's id.
    pub chain_id: u64,
    /// The token's contract.
    pub asset: Address,
}

/// An EIP-3009 transfer, unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Who pays.
    pub from: Address,
    /// Who is paid.
    pub to: Address,
    /// How much, in atomic units.
    pub value: U256,
    /// Valid after this second.
    pub valid_after: u64,
    /// Valid before this second.
    pub valid_before: u64,
    /// What makes it single.
    pub nonce: B256,
}

impl Domain {
    fn eip712(&self) -> Eip712Domain {
        Eip712Domain {
            name: Some(Cow::Owned(self.name.clone())),
            version: Some(Cow::Owned(self.version.clone())),
            chain_id: Some(U256::from(self.chain_id)),
            verifying_contract: Some(self.asset),
            salt: None,
        }
    }
}

impl Authorization {
    /// What a wallet signs.
    pub fn digest(&self, domain: &Domain) -> B256 {
        let message = TransferWithAuthorization {
            from: self.from,
            to: self.to,
            value: self.value,
            validAfter: U256::from(self.valid_after),
            validBefore: U256::from(self.valid_before),
            nonce: self.nonce,
        };
        message.eip712_signing_hash(&domain.eip712())
    }
}

/// What a wallet signs to cancel a nonce.
pub(crate) fn cancel_digest(authorizer: Address, nonce: B256, domain: &Domain) -> B256 {
    CancelAuthorization { authorizer, nonce }.eip712_signing_hash(&domain.eip712())
}

/// The call that anyone may send to make the transfer happen. `signature` is r, s, v.
pub fn transfer(authorization: &Authorization, signature: &[u8; 65]) -> Bytes {
    let (r, s, v) = parts(signature);
    let call = transferWithAuthorizationCall {
        from: authorization.from,
        to: authorization.to,
        value: authorization.value,
        validAfter: U256::from(authorization.valid_after),
        validBefore: U256::from(authorization.valid_before),
        nonce: authorization.nonce,
        v,
        r,
        s,
    };
    call.abi_encode().into()
}

/// The call that cancels a nonce.
pub(crate) fn cancellation(authorizer: Address, nonce: B256, signature: &[u8; 65]) -> Bytes {
    let (r, s, v) = parts(signature);
    cancelAuthorizationCall { authorizer, nonce, v, r, s }.abi_encode().into()
}

/// Several calls of the token in one transaction to [`MULTICALL3`], all or nothing.
pub fn both(calls: impl IntoIterator<Item = Bytes>) -> Bytes {
    let calls = calls.into_iter().map(|data| Call { target: TOKEN, allowFailure: false, callData: data });
    aggregate3Call { calls: calls.collect() }.abi_encode().into()
}

/// The call with which a token's owner mints.
pub fn minting(to: Address, amount: U256) -> Bytes {
    mintCall { to, amount }.abi_encode().into()
}

/// The call that asks a token what an account holds.
pub fn balance_question(account: Address) -> Bytes {
    balanceOfCall { account }.abi_encode().into()
}

fn parts(signature: &[u8; 65]) -> (B256, B256, u8) {
    (B256::from_slice(&signature[..32]), B256::from_slice(&signature[32..64]), signature[64])
}

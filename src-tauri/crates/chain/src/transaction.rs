use alloy::consensus::{SignableTransaction as _, TxEip1559};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::sol_types::SolCall as _;
use alloy_primitives::{Address, B256, Bytes, Signature as EcdsaSignature, TxKind, U256, address};
use domain::{Asset, NetworkId};

use crate::abi::{Multicall3, Token};
use crate::{Fees, Transfer};

/// The most payments that one transaction carries. Their gas stays below the 2^24 that a transaction may ask for (T50),
/// with room for the blocks' producers to include it soon.
pub const MAX_PAYMENTS_PER_TRANSACTION: usize = 250;

const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

/// A call that settles payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementCall {
    /// The contract that is called.
    pub to: Address,
    /// What it is told.
    pub data: Bytes,
}

/// Where Multicall3 stands on a network: the address it has nearly everywhere, unless the network is known to differ.
pub fn multicall(network: NetworkId) -> Address {
    network.known().map_or(MULTICALL3, |known| known.multicall)
}

/// The call that makes these transfers of `asset`, in order. A single one goes to the token itself; several go through
/// Multicall3, where one that fails does not stop the others (I10).
pub fn settlement_call(asset: &Asset, multicall: Address, transfers: &[Transfer]) -> SettlementCall {
    if let [transfer] = transfers {
        return SettlementCall { to: asset.address, data: token_call(transfer).into() };
    }
    let calls = transfers
        .iter()
        .map(|transfer| Multicall3::Call3 {
            target: asset.address,
            allowFailure: true,
            callData: token_call(transfer).into(),
        })
        .collect();
    SettlementCall { to: multicall, data: Multicall3::aggregate3Call { calls }.abi_encode().into() }
}

fn token_call(transfer: &Transfer) -> Vec<u8> {
    let authorization = &transfer.authorization;
    let signature = transfer.signature.as_bytes();
    Token::transferWithAuthorizationCall {
        from: authorization.from,
        to: authorization.to,
        value: authorization.value,
        validAfter: U256::from(authorization.valid_after),
        validBefore: U256::from(authorization.valid_before),
        nonce: authorization.nonce,
        v: signature[64],
        r: B256::from_slice(&signature[..32]),
        s: B256::from_slice(&signature[32..64]),
    }
    .abi_encode()
}

/// The gas limit of a transaction with that many payments: 60,000 and 60,000 more for each. A payment needs about 51,000
/// in a batch and up to 103,000 alone, so a transaction never runs dry half-way (T49).
pub fn gas_limit(payments: usize) -> u64 {
    const SHARE: u64 = 60_000;
    SHARE.saturating_add(SHARE.saturating_mul(payments as u64))
}

/// A transaction (EIP-1559) that waits for the gas wallet's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned(TxEip1559);

/// A transaction as it goes to the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its hash, under which the node will know it.
    pub hash: B256,
    /// Its bytes, to be stored before they are sent (I9).
    pub raw: Bytes,
}

impl Unsigned {
    /// A call on `network` with the gas wallet's `nonce`. The network is part of what is signed, so the bytes are worth
    /// nothing on any other (T54).
    pub fn new(network: NetworkId, nonce: u64, call: SettlementCall, gas_limit: u64, fees: Fees) -> Self {
        Self(TxEip1559 {
            chain_id: network.chain_id(),
            nonce,
            gas_limit,
            max_fee_per_gas: fees.max_fee_per_gas,
            max_priority_fee_per_gas: fees.max_priority_fee_per_gas,
            to: TxKind::Call(call.to),
            value: U256::ZERO,
            access_list: alloy::eips::eip2930::AccessList::default(),
            input: call.data,
        })
    }

    /// What the gas wallet signs.
    pub fn signing_hash(&self) -> B256 {
        self.0.signature_hash()
    }

    /// Puts the gas wallet's signature (`r`, `s`, and `v` of 27 or 28) to it.
    pub fn sign(self, signature: [u8; 65]) -> Signed {
        let [r, s] = [&signature[..32], &signature[32..64]].map(U256::from_be_slice);
        let signed = self.0.into_signed(EcdsaSignature::new(r, s, signature[64] == 28));
        Signed { hash: *signed.hash(), raw: signed.encoded_2718().into() }
    }
}

use alloy::consensus::{SignableTransaction as _, TxEip1559, TxEnvelope};
use alloy::eips::eip2718::{Decodable2718 as _, Encodable2718 as _};
use alloy::sol_types::SolCall as _;
use alloy_primitives::{Address, B256, Bytes, Signature as EcdsaSignature, TxKind, U256, address};
use domain::{Asset, NetworkId, PayerSignature};

use crate::abi::{CodeToken, Multicall3, Token};
use crate::{Fees, Transfer};

/// The most payments that one transaction carries. Their gas stays below the 2^24 that a transaction may ask for (T50),
/// with room for the blocks' producers to include it soon.
pub const MAX_PAYMENTS_PER_TRANSACTION: usize = 250;

/// The gas limit of a transaction whose payer's signature is judged by code. A plain payment leaves 180,000 of it to that
/// code, which is enough for passkeys and many owners; code that wants more is not paid for (I11, T19, T51).
pub const CODE_GAS: u64 = 300_000;

/// The gas limit of a transaction that moves nothing. It needs 21,000; on networks that charge for publishing in gas, more.
pub const FILLER_GAS: u64 = 100_000;

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
    match &transfer.signature {
        PayerSignature::Key(signature) => {
            let signature = signature.as_bytes();
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
        PayerSignature::Code(signature) => CodeToken::transferWithAuthorizationCall {
            from: authorization.from,
            to: authorization.to,
            value: authorization.value,
            validAfter: U256::from(authorization.valid_after),
            validBefore: U256::from(authorization.valid_before),
            nonce: authorization.nonce,
            signature: signature.clone(),
        }
        .abi_encode(),
    }
}

/// The gas limit of a transaction with these transfers.
pub fn gas_limit_of(transfers: &[Transfer]) -> u64 {
    let of_code = transfers.iter().any(|transfer| transfer.signature.is_of_code());
    gas_limit(transfers.len()).max(if of_code { CODE_GAS } else { 0 })
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

    /// The same call with the same wallet nonce at another price, from bytes that were signed before. `None` for bytes
    /// that are no transaction of ours.
    pub fn at_another_price(signed: &Bytes, fees: Fees) -> Option<Self> {
        match TxEnvelope::decode_2718(&mut signed.as_ref()) {
            Ok(TxEnvelope::Eip1559(signed)) => Some(Self(TxEip1559 {
                max_fee_per_gas: fees.max_fee_per_gas,
                max_priority_fee_per_gas: fees.max_priority_fee_per_gas,
                ..signed.strip_signature()
            })),
            Ok(_) | Err(_) => None,
        }
    }

    /// The same call with another wallet's nonce, from bytes that were signed before. `None` for bytes that are no
    /// transaction of ours.
    pub fn of_another_wallet(signed: &Bytes, nonce: u64, fees: Fees) -> Option<Self> {
        let Self(same) = Self::at_another_price(signed, fees)?;
        Some(Self(TxEip1559 { nonce, ..same }))
    }

    /// A transaction of the wallet to itself that moves nothing, and uses up a nonce that others wait for (T42).
    pub fn filler(network: NetworkId, wallet: Address, nonce: u64, fees: Fees) -> Self {
        let nothing = SettlementCall { to: wallet, data: Bytes::new() };
        Self::new(network, nonce, nothing, FILLER_GAS, fees)
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

#[cfg(test)]
mod tests {
    use alloy::consensus::Transaction as _;
    use alloy::signers::SignerSync as _;
    use alloy::signers::local::PrivateKeySigner;
    use domain::{Authorization, Signature};

    use super::*;

    fn asset() -> Asset {
        Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: address!("036CbD53842c5426634e7929541eC2318f3dCF7e"),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        }
    }

    fn transfer(number: u8) -> Transfer {
        let authorization = Authorization {
            from: Address::repeat_byte(number),
            to: Address::repeat_byte(99),
            value: U256::from(number),
            valid_after: 5,
            valid_before: 6,
            nonce: B256::repeat_byte(number),
        };
        let mut signature = [number; 65];
        signature[64] = 28;
        Transfer { authorization, signature: Signature::normalise(&signature).unwrap().into() }
    }

    #[test]
    fn one_transfer_is_a_call_of_the_token_with_what_the_payer_signed() {
        let call = settlement_call(&asset(), MULTICALL3, &[transfer(3)]);
        assert_eq!(call.to, asset().address);
        let said = Token::transferWithAuthorizationCall::abi_decode(&call.data).unwrap();
        assert_eq!(
            (said.from, said.to, said.value),
            (Address::repeat_byte(3), Address::repeat_byte(99), U256::from(3))
        );
        assert_eq!((said.validAfter, said.validBefore), (U256::from(5), U256::from(6)));
        assert_eq!(
            (said.nonce, said.r, said.s),
            (B256::repeat_byte(3), B256::repeat_byte(3), B256::repeat_byte(3))
        );
        assert_eq!(said.v, 28);
    }

    /// I10, T48: no item may take the others down with it.
    #[test]
    fn several_transfers_go_through_multicall_in_order_and_each_may_fail() {
        let transfers = [transfer(1), transfer(2), transfer(3)];
        let call = settlement_call(&asset(), MULTICALL3, &transfers);
        assert_eq!(call.to, MULTICALL3);
        let said = Multicall3::aggregate3Call::abi_decode(&call.data).unwrap();
        assert!(said.calls.iter().all(|call| call.allowFailure && call.target == asset().address));
        let alone = transfers
            .each_ref()
            .map(|transfer| settlement_call(&asset(), MULTICALL3, std::slice::from_ref(transfer)).data);
        assert_eq!(said.calls.into_iter().map(|call| call.callData).collect::<Vec<_>>(), alone);
    }

    /// T50: the largest batch fits what a transaction may ask for on every network we know.
    #[test]
    fn the_largest_batch_stays_below_the_cap_of_a_transaction() {
        assert_eq!(gas_limit(1), 120_000);
        assert_eq!(gas_limit(50), 3_060_000);
        let cap = NetworkId::BASE_SEPOLIA.known().unwrap().transaction_gas_cap;
        assert!(gas_limit(MAX_PAYMENTS_PER_TRANSACTION) < cap);
        assert_eq!(gas_limit(usize::MAX), u64::MAX);
    }

    /// T54: the bytes name their network; I9: the hash is known before anything is sent.
    #[test]
    fn the_signed_bytes_are_the_transaction_that_was_asked_for() {
        let key = PrivateKeySigner::from_slice(&[9; 32]).unwrap();
        let call = settlement_call(&asset(), MULTICALL3, &[transfer(3)]);
        let fees = Fees { max_fee_per_gas: 70, max_priority_fee_per_gas: 7 };
        let unsigned = Unsigned::new(NetworkId::BASE_SEPOLIA, 41, call.clone(), 120_000, fees);
        let signature = key.sign_hash_sync(&unsigned.signing_hash()).unwrap();
        let signed = unsigned.sign(signature.as_bytes());

        let read = TxEnvelope::decode_2718(&mut signed.raw.as_ref()).unwrap();
        assert_eq!(*read.tx_hash(), signed.hash);
        assert_eq!(alloy_primitives::keccak256(&signed.raw), signed.hash);
        let signer = read.signature().recover_address_from_prehash(&read.signature_hash());
        assert_eq!(signer.unwrap(), key.address());
        assert_eq!((read.chain_id(), read.nonce(), read.gas_limit()), (Some(84_532), 41, 120_000));
        assert_eq!((read.max_fee_per_gas(), read.max_priority_fee_per_gas()), (70, Some(7)));
        assert_eq!((read.to(), read.value(), read.input()), (Some(call.to), U256::ZERO, &call.data));
    }

    /// T44: a replacement differs in its price and in nothing else.
    #[test]
    fn a_replacement_is_the_same_call_with_the_same_nonce_at_another_price() {
        let key = PrivateKeySigner::from_slice(&[9; 32]).unwrap();
        let call = settlement_call(&asset(), MULTICALL3, &[transfer(1), transfer(2), transfer(3)]);
        let fees = |max_fee_per_gas| Fees { max_fee_per_gas, max_priority_fee_per_gas: 7 };
        let [first, second] = [70, 90]
            .map(|fee| Unsigned::new(NetworkId::BASE_SEPOLIA, 41, call.clone(), gas_limit(3), fees(fee)));
        let signature = key.sign_hash_sync(&first.signing_hash()).unwrap();
        let raw = first.sign(signature.as_bytes()).raw;
        assert_eq!(Unsigned::at_another_price(&raw, fees(90)), Some(second));
        assert_eq!(Unsigned::at_another_price(&Bytes::from_static(b"something else"), fees(90)), None);
    }

    /// T42.
    #[test]
    fn a_filler_uses_up_its_nonce_and_moves_nothing() {
        let wallet = Address::repeat_byte(5);
        let fees = Fees { max_fee_per_gas: 70, max_priority_fee_per_gas: 7 };
        let Unsigned(filler) = Unsigned::filler(NetworkId::BASE_SEPOLIA, wallet, 4, fees);
        assert_eq!((filler.nonce, filler.value, filler.input.len()), (4, U256::ZERO, 0));
        assert_eq!(filler.to, TxKind::Call(wallet));
    }
}

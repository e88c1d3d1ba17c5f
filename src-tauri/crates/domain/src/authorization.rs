use alloy_primitives::{Address, B256, U256, keccak256};

use crate::{Asset, PaymentId};

/// The buyer's EIP-3009 message: a promise that anyone may submit, worth `value` from `from` to `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The payer.
    pub from: Address,
    /// Where the money goes.
    pub to: Address,
    /// Atomic units of the asset.
    pub value: U256,
    /// Unix seconds; valid strictly after.
    pub valid_after: u64,
    /// Unix seconds; valid strictly before.
    pub valid_before: u64,
    /// Chosen by the payer's client; used or cancelled once per payer and token.
    pub nonce: B256,
}

/// What identifies an authorization (I1): the same key never buys two things, whatever the
/// spelling of the signature or the protocol version it arrived in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AuthorizationKey {
    /// The payer.
    pub payer: Address,
    /// The payer's nonce.
    pub nonce: B256,
}

impl Authorization {
    /// The part of the identity that the payer chose.
    pub const fn key(&self) -> AuthorizationKey {
        AuthorizationKey { payer: self.from, nonce: self.nonce }
    }

    /// The payment this authorization makes in `asset`: the same authorization always has the same
    /// payment id, before and after it is stored, on every machine.
    pub fn payment_id(&self, asset: &Asset) -> PaymentId {
        self.key().payment_id(asset)
    }
}

impl AuthorizationKey {
    /// The payment that the authorization of this key makes in `asset`.
    pub fn payment_id(&self, asset: &Asset) -> PaymentId {
        let mut identity = [0_u8; 8 + 20 + 20 + 32];
        identity[..8].copy_from_slice(&asset.network.chain_id().to_be_bytes());
        identity[8..28].copy_from_slice(asset.address.as_slice());
        identity[28..48].copy_from_slice(self.payer.as_slice());
        identity[48..].copy_from_slice(self.nonce.as_slice());
        PaymentId::from_identity(keccak256(identity))
    }
}

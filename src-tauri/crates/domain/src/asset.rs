use alloy_primitives::Address;

use crate::NetworkId;

/// A token that payments can be made in, with the parts of its EIP-712 domain.
///
/// `name` and `version` are what the token's own contract answers; a signature made for another
/// name recovers to a stranger, so they are read on chain before anything is offered in the asset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    /// The network the contract lives on.
    pub network: NetworkId,
    /// The contract's address.
    pub address: Address,
    /// The EIP-712 domain name, for example `USDC`.
    pub name: String,
    /// The EIP-712 domain version, for example `2`.
    pub version: String,
    /// Decimal places of one whole token.
    pub decimals: u8,
}

use std::fmt;
use std::str::FromStr;

use alloy_primitives::Address;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::network_table::KNOWN;

/// An EVM network, written as CAIP-2: `eip155:84532`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetworkId(u64);

/// Why a text is not an EVM network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an EVM network; networks are written like eip155:84532")]
pub struct NetworkError(String);

/// What a transaction costs on a network beyond the gas it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeModel {
    /// Gas is all.
    Gas,
    /// Gas plus a fee for publishing the transaction on another chain (`l1Fee` in receipts).
    GasAndL1Fee,
}

/// From when on a block counts as final on a network. Later variants are weaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finality {
    /// The nodes name their `finalized` block.
    Finalized,
    /// They name only their `safe` block.
    Safe,
    /// They name neither: a number of blocks below the newest.
    Depth,
}

impl Finality {
    /// Its word in the data file and in views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finalized => "finalized",
            Self::Safe => "safe",
            Self::Depth => "depth",
        }
    }
}

impl FromStr for Finality {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Finalized, Self::Safe, Self::Depth]
            .into_iter()
            .find(|finality| finality.as_str() == text)
            .ok_or_else(|| format!("{text} is no way of becoming final"))
    }
}

/// What the product knows about a network before asking it. What is `None` is read on chain when the
/// network is set up.
///
/// Everything here that matters for money is checked on chain before the network is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    /// Its id.
    pub id: NetworkId,
    /// Its name for people.
    pub title: &'static str,
    /// Its name in protocol version 1, if it has one.
    pub v1_name: Option<&'static str>,
    /// Whether *every* version 1 client knows the name: one unknown name makes some of them drop
    /// the whole list of offers.
    pub v1_everywhere: bool,
    /// The USDC contract, spelled as version 1 clients compare it.
    pub usdc: Address,
    /// Its EIP-712 name. What the contract itself says counts; one that says otherwise deserves a look.
    pub usdc_name: &'static str,
    /// Its EIP-712 version, to be taken in the same way.
    pub usdc_version: &'static str,
    /// Its decimal places.
    pub usdc_decimals: u8,
    /// Where the Multicall3 contract stands.
    pub multicall: Address,
    /// The most gas one transaction may ask for.
    pub transaction_gas_cap: u64,
    /// From when on a block is final.
    pub finality: Option<Finality>,
    /// How costs are counted.
    pub fee_model: Option<FeeModel>,
    /// The symbol of the coin that gas is paid in; it has 18 decimal places.
    pub coin: &'static str,
    /// A contract that tells the coin's price in US dollars.
    pub price_feed: Option<Address>,
    /// Where people look things up, without a slash at its end.
    pub explorer: Option<&'static str>,
    /// Whether its money is worth anything.
    pub testnet: bool,
}

impl NetworkId {
    /// Base Sepolia, which practice answers as.
    pub const BASE_SEPOLIA: Self = Self(84_532);

    /// The network with the given EVM chain id.
    pub const fn from_chain_id(chain_id: u64) -> Self {
        Self(chain_id)
    }

    /// The EVM chain id.
    pub const fn chain_id(self) -> u64 {
        self.0
    }

    /// Every network that the product knows, in the order in which they are proposed.
    pub const fn all_known() -> &'static [KnownNetwork] {
        KNOWN
    }

    /// Its place among the known networks; those that are not known come last.
    pub fn rank(self) -> usize {
        KNOWN.iter().position(|network| network.id == self).unwrap_or(KNOWN.len())
    }

    /// What the product knows about the network, if it does.
    pub fn known(self) -> Option<&'static KnownNetwork> {
        KNOWN.iter().find(|network| network.id == self)
    }

    /// The network with the given name in protocol version 1.
    pub fn from_v1_name(name: &str) -> Option<Self> {
        KNOWN.iter().find(|network| network.v1_name == Some(name)).map(|network| network.id)
    }
}

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "eip155:{}", self.0)
    }
}

impl FromStr for NetworkId {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        text.strip_prefix("eip155:")
            .filter(|id| id.bytes().all(|b| b.is_ascii_digit()) && !id.starts_with('0'))
            .and_then(|id| id.parse().ok())
            .filter(|id| i64::try_from(*id).is_ok())
            .map(Self)
            .ok_or_else(|| NetworkError(text.chars().take(64).collect()))
    }
}

impl Serialize for NetworkId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NetworkId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_written_as_caip_2_and_read_back() {
        assert_eq!("eip155:84532".parse(), Ok(NetworkId::BASE_SEPOLIA));
        assert_eq!(NetworkId::BASE_SEPOLIA.to_string(), "eip155:84532");
        for wrong in
            ["", "84532", "eip155:", "eip155:08453", "eip155:-1", "solana:1", "eip155:99999999999999999999"]
        {
            assert!(wrong.parse::<NetworkId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn version_1_names_lead_back_to_their_network() {
        assert_eq!(NetworkId::from_v1_name("base-sepolia"), Some(NetworkId::BASE_SEPOLIA));
        assert_eq!(NetworkId::from_v1_name("base-mainnet"), None);
    }
}

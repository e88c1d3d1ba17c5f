use std::fmt;
use std::str::FromStr;

use alloy_primitives::{Address, address};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

/// What the product knows about a network before asking it.
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
    /// Where the Multicall3 contract stands.
    pub multicall: Address,
    /// The most gas one transaction may ask for.
    pub transaction_gas_cap: u64,
    /// How costs are counted.
    pub fee_model: FeeModel,
    /// The symbol of the coin that gas is paid in; it has 18 decimal places.
    pub coin: &'static str,
    /// Whether its money is worth anything.
    pub testnet: bool,
}

const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

/// The largest gas limit of one transaction since EIP-7825.
const GAS_CAP: u64 = 1 << 24;

const KNOWN: &[KnownNetwork] = &[
    KnownNetwork {
        id: NetworkId::BASE_SEPOLIA,
        title: "Base Sepolia",
        v1_name: Some("base-sepolia"),
        v1_everywhere: true,
        usdc: address!("036CbD53842c5426634e7929541eC2318f3dCF7e"),
        multicall: MULTICALL3,
        transaction_gas_cap: GAS_CAP,
        fee_model: FeeModel::GasAndL1Fee,
        coin: "ETH",
        testnet: true,
    },
    KnownNetwork {
        id: NetworkId(8453),
        title: "Base",
        v1_name: Some("base"),
        v1_everywhere: true,
        usdc: address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"),
        multicall: MULTICALL3,
        transaction_gas_cap: GAS_CAP,
        fee_model: FeeModel::GasAndL1Fee,
        coin: "ETH",
        testnet: false,
    },
];

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

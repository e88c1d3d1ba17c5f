//! The networks that the product knows, in the order in which they are proposed.

use alloy_primitives::{Address, address};

use crate::{Environment, FeeModel, Finality, KnownNetwork, NetworkId};

/// Where Multicall3 stands on every network here; whether it really does is looked up on chain.
const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

/// The largest gas limit of one transaction since EIP-7825, and the most that is asked for anywhere.
const GAS_CAP: u64 = 1 << 24;

/// A network of which only the name and the token's place are known: everything else is read on chain.
const fn network(chain_id: u64, title: &'static str, coin: &'static str, usdc: Address) -> KnownNetwork {
    KnownNetwork {
        id: NetworkId::from_chain_id(chain_id),
        title,
        v1_name: None,
        v1_everywhere: false,
        usdc,
        usdc_name: "USD Coin",
        usdc_version: "2",
        usdc_decimals: 6,
        multicall: MULTICALL3,
        transaction_gas_cap: GAS_CAP,
        finality: None,
        fee_model: None,
        coin,
        price_feed: None,
        explorer: None,
        testnet: false,
    }
}

impl KnownNetwork {
    const fn test(self) -> Self {
        Self { testnet: true, ..self }
    }

    /// The token's EIP-712 name, where it is not `USD Coin`.
    const fn named(self, usdc_name: &'static str) -> Self {
        Self { usdc_name, ..self }
    }

    const fn v1(self, name: &'static str) -> Self {
        Self { v1_name: Some(name), ..self }
    }

    const fn v1_everywhere(self, name: &'static str) -> Self {
        Self { v1_everywhere: true, ..self.v1(name) }
    }

    const fn fees(self, model: FeeModel) -> Self {
        Self { fee_model: Some(model), ..self }
    }

    const fn finalized(self) -> Self {
        Self { finality: Some(Finality::Finalized), ..self }
    }

    const fn explored_at(self, explorer: &'static str) -> Self {
        Self { explorer: Some(explorer), ..self }
    }

    const fn priced_by(self, feed: Address) -> Self {
        Self { price_feed: Some(feed), ..self }
    }

    /// Whether the network belongs to an environment: money that is worth something to *live* alone.
    pub fn belongs_to(&self, environment: Environment) -> bool {
        match environment {
            Environment::Practice => self.id == NetworkId::BASE_SEPOLIA,
            Environment::Test => self.testnet,
            Environment::Live => !self.testnet,
        }
    }
}

pub(crate) const KNOWN: &[KnownNetwork] = &[
    network(8453, "Base", "ETH", address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"))
        .v1_everywhere("base")
        .finalized()
        .fees(FeeModel::GasAndL1Fee)
        .priced_by(address!("71041dddad3595F9CEd3DcCFBe3D1F4b0a16Bb70"))
        .explored_at("https://basescan.org"),
    network(1, "Ethereum", "ETH", address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"))
        .v1("ethereum")
        .finalized()
        .fees(FeeModel::Gas)
        .priced_by(address!("5f4eC3Df9cbd43714FE2740f5E3616155c5b8419"))
        .explored_at("https://etherscan.io"),
    network(43_114, "Avalanche", "AVAX", address!("B97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E"))
        .v1_everywhere("avalanche")
        .priced_by(address!("0A77230d17318075983913bC2145DB16C7366156"))
        .explored_at("https://snowtrace.io"),
    network(137, "Polygon", "POL", address!("3c499c542cEF5E3811e1192ce70d8cC03d5c3359"))
        .v1("polygon")
        .priced_by(address!("AB594600376Ec9fD91F8e885dADF0CE036862dE0"))
        .explored_at("https://polygonscan.com"),
    network(42_161, "Arbitrum One", "ETH", address!("af88d065e77c8cC2239327C5EDb3A432268e5831"))
        .finalized()
        .priced_by(address!("639Fe6ab55C921f74e7fac1ee960C0B6293ba612"))
        .explored_at("https://arbiscan.io"),
    network(10, "Optimism", "ETH", address!("0b2C639c533813f4Aa9D7837CAf62653d097Ff85"))
        .finalized()
        .fees(FeeModel::GasAndL1Fee)
        .priced_by(address!("13e3Ee699D1909E989722E753853AE30b17e08c5"))
        .explored_at("https://optimistic.etherscan.io"),
    network(1329, "Sei", "SEI", address!("e15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392")).v1("sei").named("USDC"),
    network(42_220, "Celo", "CELO", address!("cebA9300f2b948710d2653dD7B07f33A8B32118C"))
        .v1("celo")
        .named("USDC")
        .explored_at("https://celoscan.io"),
    network(143, "Monad", "MON", address!("754704Bc059F8C67012fEd69BC8A327a5aafb603"))
        .v1("monad")
        .named("USDC"),
    network(84_532, "Base Sepolia", "ETH", address!("036CbD53842c5426634e7929541eC2318f3dCF7e"))
        .test()
        .v1_everywhere("base-sepolia")
        .named("USDC")
        .finalized()
        .fees(FeeModel::GasAndL1Fee)
        .explored_at("https://sepolia.basescan.org"),
    network(11_155_111, "Sepolia", "ETH", address!("1c7D4B196Cb0C7B01d743Fbc6116a902379C7238"))
        .test()
        .v1("sepolia")
        .named("USDC")
        .finalized()
        .fees(FeeModel::Gas)
        .explored_at("https://sepolia.etherscan.io"),
    network(43_113, "Avalanche Fuji", "AVAX", address!("5425890298aed601595a70AB815c96711a31Bc65"))
        .test()
        .v1_everywhere("avalanche-fuji")
        .explored_at("https://testnet.snowtrace.io"),
    network(80_002, "Polygon Amoy", "POL", address!("41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582"))
        .test()
        .v1("polygon-amoy")
        .named("USDC")
        .explored_at("https://amoy.polygonscan.com"),
    network(421_614, "Arbitrum Sepolia", "ETH", address!("75faf114eafb1BDbe2F0316DF893fd58CE46AA4d"))
        .test()
        .finalized()
        .explored_at("https://sepolia.arbiscan.io"),
    network(11_155_420, "OP Sepolia", "ETH", address!("5fd84259d66Cd46123540766Be93DFE6D43130D7"))
        .test()
        .named("USDC")
        .finalized()
        .fees(FeeModel::GasAndL1Fee)
        .explored_at("https://sepolia-optimism.etherscan.io"),
    network(1328, "Sei testnet", "SEI", address!("4fCF1784B31630811181f670Aea7A7bEF803eaED"))
        .test()
        .v1("sei-testnet")
        .named("USDC"),
    network(11_142_220, "Celo Sepolia", "CELO", address!("01C5C0122039549AD1493B8220cABEdD739BC44E"))
        .test()
        .v1("celo-sepolia")
        .named("USDC"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_network_stands_once_and_has_a_token_and_a_name_of_its_own() {
        let ids: BTreeSet<_> = KNOWN.iter().map(|network| network.id).collect();
        let tokens: BTreeSet<_> = KNOWN.iter().map(|network| network.usdc).collect();
        let titles: BTreeSet<_> = KNOWN.iter().map(|network| network.title).collect();
        let v1: Vec<_> = KNOWN.iter().filter_map(|network| network.v1_name).collect();
        assert_eq!((ids.len(), tokens.len(), titles.len()), (17, 17, 17));
        assert_eq!(v1.iter().collect::<BTreeSet<_>>().len(), v1.len());
        assert_eq!(KNOWN.iter().filter(|network| network.testnet).count(), 8);
    }

    #[test]
    fn only_four_names_are_known_to_every_client_of_version_1() {
        let names: Vec<_> = KNOWN
            .iter()
            .filter(|network| network.v1_everywhere)
            .filter_map(|network| network.v1_name)
            .collect();
        assert_eq!(names, ["base", "avalanche", "base-sepolia", "avalanche-fuji"]);
    }

    #[test]
    fn real_money_belongs_to_live_alone() {
        for network in KNOWN {
            assert_eq!(network.belongs_to(Environment::Live), !network.testnet, "{}", network.title);
            assert_eq!(network.belongs_to(Environment::Test), network.testnet, "{}", network.title);
        }
        let practised = KNOWN.iter().filter(|network| network.belongs_to(Environment::Practice));
        assert_eq!(practised.map(|network| network.id).collect::<Vec<_>>(), [NetworkId::BASE_SEPOLIA]);
    }
}

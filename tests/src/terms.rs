use alloy_primitives::{Address, U256};
use serde_json::Value;

use crate::{Answer, Domain};

/// What a 402 asks for, as clients of both versions read it.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The price in atomic units.
    pub amount: U256,
    /// Who is paid.
    pub pay_to: Address,
    /// What the signature is bound to.
    pub domain: Domain,
    /// How long the authorization must be valid, in seconds.
    pub window: u64,
    /// The offer of version 2, which a payment sends back.
    pub accepted: Value,
    /// The resource of version 2, which a payment sends back.
    pub resource: Value,
    /// The network's name in version 1.
    pub network_v1: String,
}

impl Terms {
    /// Reads a 402, and checks that both versions ask for the same.
    pub fn read(answer: &Answer) -> Self {
        assert_eq!(answer.status, 402, "{}", answer.in_words());
        let (v1, v2) = (answer.json(), answer.decoded("payment-required").expect("terms of version 2"));
        assert_eq!(v1["x402Version"], 1);
        assert_eq!(v2["x402Version"], 2);
        let (offer, accepted) = (&v1["accepts"][0], &v2["accepts"][0]);
        for (old, new) in [
            ("maxAmountRequired", "amount"),
            ("payTo", "payTo"),
            ("asset", "asset"),
            ("maxTimeoutSeconds", "maxTimeoutSeconds"),
        ] {
            assert_eq!(offer[old], accepted[new], "the versions differ in {new}");
        }
        let network = text(&accepted["network"]);
        Self {
            amount: text(&accepted["amount"]).parse().expect("an amount"),
            pay_to: text(&accepted["payTo"]).parse().expect("an address"),
            domain: Domain {
                name: text(&accepted["extra"]["name"]).to_owned(),
                version: text(&accepted["extra"]["version"]).to_owned(),
                chain_id: network.trim_start_matches("eip155:").parse().expect("a chain id"),
                asset: text(&accepted["asset"]).parse().expect("an address"),
            },
            window: accepted["maxTimeoutSeconds"].as_u64().expect("a number of seconds"),
            accepted: accepted.clone(),
            resource: v2["resource"].clone(),
            network_v1: text(&offer["network"]).to_owned(),
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text"))
}

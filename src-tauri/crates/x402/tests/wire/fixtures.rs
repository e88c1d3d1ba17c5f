//! Two payments that really verify (their digests are checked where signatures are), and offers.

use alloy_primitives::{Address, U256, address, b256};
use chrono::DateTime;
use domain::{
    Amount, Asset, AssetId, Audience, Authorization, EndpointId, NetworkId, Offer, OfferId, Part, Window,
};

/// Settled on Base by somebody's facilitator.
pub fn settled_on_base() -> Authorization {
    Authorization {
        from: address!("9d24d267cf8d9a8b9ed104b4856cde8830c266ef"),
        to: address!("b73d8bc93b791510c4733c5c5ac2015a3c2930ec"),
        value: U256::from(22_000),
        valid_after: 0,
        valid_before: 1_791_120_073,
        nonce: b256!("84428e7eae7b08cac1ec9186e338e14fa5056d9f62bb9d92e1ea927370b8e779"),
    }
}

/// The signature of [`settled_on_base`].
pub const SETTLED_SIGNATURE: &str = "0xb909a9345301f4942d14fc97f72306b8ae6e4077431cb8e950194196101b34582f9cf1604c72db4a5a87ade62949449a2eff957f1d58a11954438dac229aa16f1c";

/// Signed on Base Sepolia with a development key that everybody knows.
pub fn signed_on_base_sepolia() -> Authorization {
    Authorization {
        from: address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
        to: address!("209693Bc6afc0C5328bA36FaF03C514EF312287C"),
        value: U256::from(10_000),
        valid_after: 1_740_672_089,
        valid_before: 1_740_672_154,
        nonce: b256!("f3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"),
    }
}

/// The signature of [`signed_on_base_sepolia`].
pub const SEPOLIA_SIGNATURE: &str = "0xeae36c169c193ec4791b48a3d469bd0ff9f9b2edef5c1349bedcd0c501c3cff2006d0788285d4a884321fabe5a8428887c3581a82f1b32eeb2ea1011413746901c";

/// What [`signed_on_base_sepolia`] answers.
pub fn offer() -> Offer {
    Offer {
        id: OfferId(1),
        endpoint: EndpointId::from_random([1; 16]),
        part: Part::WHOLE,
        audience: Audience::Everybody,
        version: 1,
        asset_id: AssetId(1),
        asset: Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: address!("036CbD53842c5426634e7929541eC2318f3dCF7e"),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        },
        pay_to: address!("209693Bc6afc0C5328bA36FaF03C514EF312287C"),
        amount: Amount::from_atomic(10_000).unwrap(),
        window: Window::from_seconds(300).unwrap(),
        created_at: DateTime::UNIX_EPOCH,
        honoured_until: None,
    }
}

/// The same price in a token that no client knows.
pub fn other_token() -> Offer {
    let asset = Asset { address: Address::repeat_byte(7), name: "Euro €".to_owned(), ..offer().asset };
    Offer { id: OfferId(2), asset_id: AssetId(2), asset, ..offer() }
}

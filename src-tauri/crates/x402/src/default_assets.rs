use alloy_primitives::{Address, address};
use domain::NetworkId;

/// The EIP-3009 tokens that a client of version 2 pays in without having been configured: the
/// tables built into the published TypeScript and Python clients. Everything else, also USDC on
/// other networks, is refused by such a client unless its owner allowed it.
const TAKEN: &[(u64, Address)] = &[
    (1, address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48")),
    (50, address!("fA2958CB79b0491CC627c1557F441eF849Ca8eb1")),
    (51, address!("b5AB69F7bBada22B28e79C8FFAECe55eF1c771D4")),
    (137, address!("3c499c542cEF5E3811e1192ce70d8cC03d5c3359")),
    (143, address!("754704Bc059F8C67012fEd69BC8A327a5aafb603")),
    (988, address!("779Ded0c9e1022225f8E0630b35a9b54bE713736")),
    (1328, address!("4fCF1784B31630811181f670Aea7A7bEF803eaED")),
    (1329, address!("e15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392")),
    (2201, address!("78Cf24370174180738C5B8E352B6D14c83a6c9A9")),
    (8453, address!("833589fCD6eDb6E08f4c7C32D4f71b54bdA02913")),
    (36_900, address!("9cb8142aEBBcdc60AF7c97Af897A67A8f3CA71C2")),
    (42_161, address!("af88d065e77c8cC2239327C5EDb3A432268e5831")),
    (42_220, address!("cebA9300f2b948710d2653dD7B07f33A8B32118C")),
    (43_114, address!("B97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E")),
    (84_532, address!("036CbD53842c5426634e7929541eC2318f3dCF7e")),
    (421_614, address!("75faf114eafb1BDbe2F0316DF893fd58CE46AA4d")),
    (11_142_220, address!("01C5C0122039549AD1493B8220cABEdD739BC44E")),
];

/// Whether stock clients pay in a network's token without having been configured.
pub fn is_taken_by_default(network: NetworkId, token: Address) -> bool {
    TAKEN.contains(&(network.chain_id(), token))
}

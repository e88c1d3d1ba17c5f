//! What the buyer's page reads beside the terms: the types of `ui/buyer/src/contract.ts`.

use std::collections::BTreeMap;

use alloy_primitives::Address;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Amount, Asset, Environment, NetworkId};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::seller::Seller;
use super::template::in_script;
use super::words;
use crate::catalogue::Item;
use crate::headers;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageFacts<'p> {
    pub(super) title: &'p str,
    pub(super) description: &'p str,
    pub(super) kind: &'static str,
    pub(super) file_name: Option<&'p str>,
    pub(super) size_bytes: Option<u64>,
    pub(super) seller: SellerFacts<'p>,
    pub(super) cover: Option<&'p str>,
    pub(super) environment: &'static str,
    pub(super) method: &'p str,
    pub(super) url: &'p str,
    pub(super) receipt_base: &'static str,
    pub(super) grant_base: &'static str,
    pub(super) networks: BTreeMap<String, NetworkFacts<'p>>,
    pub(super) closed: Option<Closed<'p>>,
}

#[derive(Serialize)]
pub(super) struct SellerFacts<'p> {
    name: &'p str,
    contact: Option<&'p str>,
    colour: Option<&'p str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NetworkFacts<'p> {
    name: String,
    native_currency: Coin,
    rpc_urls: Vec<&'static str>,
    explorer_url: Option<&'static str>,
    tokens: BTreeMap<String, TokenFacts<'p>>,
}

#[derive(Serialize)]
struct Coin {
    name: &'static str,
    symbol: &'static str,
    decimals: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenFacts<'p> {
    symbol: &'p str,
    decimals: u8,
    is_dollar: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Closed<'p> {
    pub(super) sentence: &'p str,
    pub(super) retry_after_seconds: u32,
}

impl<'p> SellerFacts<'p> {
    pub(super) fn of(seller: &'p Seller, name: &'p str) -> Self {
        Self { name, contact: seller.contact.as_deref(), colour: seller.colour.as_deref() }
    }
}

/// Each network that something is paid on, with the tokens that are taken there.
pub(super) fn networks<'p>(ways: &[Way<'p>], environment: Environment) -> BTreeMap<String, NetworkFacts<'p>> {
    let mut networks = BTreeMap::new();
    for Way { asset, .. } in ways {
        let network = asset.network;
        let known = network.known();
        // The practice chain answers as another one: nobody looks its transactions up there.
        let is_public = environment != Environment::Practice;
        let symbol = known.map_or("ETH", |known| known.coin);
        let facts = networks.entry(network.to_string()).or_insert_with(|| NetworkFacts {
            name: words::network(network).into_owned(),
            native_currency: Coin { name: symbol, symbol, decimals: 18 },
            rpc_urls: public_node(network).into_iter().filter(|_| is_public).collect(),
            explorer_url: known.and_then(|known| known.explorer).filter(|_| is_public),
            tokens: BTreeMap::new(),
        });
        let token = TokenFacts {
            symbol: words::symbol(asset),
            decimals: asset.decimals,
            is_dollar: words::is_dollar(asset),
        };
        facts.tokens.insert(asset.address.to_string().to_ascii_lowercase(), token);
    }
    networks
}

/// A node that wallets may be told, where they do not know the network yet: the one that its makers run for everybody. The seller's own is
/// nobody's business.
fn public_node(network: NetworkId) -> Option<&'static str> {
    Some(match network.chain_id() {
        8453 => "https://mainnet.base.org",
        84_532 => "https://sepolia.base.org",
        10 => "https://mainnet.optimism.io",
        42_161 => "https://arb1.arbitrum.io/rpc",
        137 => "https://polygon-rpc.com",
        43_114 => "https://api.avax.network/ext/bc/C/rpc",
        43_113 => "https://api.avax-test.network/ext/bc/C/rpc",
        42_220 => "https://forno.celo.org",
        _ => return None,
    })
}

/// The script-safe JSON in the page: the terms that this very answer's header carries, and what they do not say.
pub(super) fn offer(headers: &HeaderMap, page: &PageFacts<'_>) -> String {
    let terms = terms(headers).unwrap_or_else(|| "null".to_owned());
    // Plain structs of strings always serialise.
    let page = serde_json::to_string(page).unwrap_or_default();
    in_script(&format!(r#"{{"paymentRequired":{terms},"page":{page}}}"#))
}

/// One way to pay.
#[derive(Clone, Copy)]
pub(super) struct Way<'p> {
    pub(super) amount: Amount,
    pub(super) asset: &'p Asset,
}

#[derive(Deserialize)]
struct Told {
    accepts: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    network: NetworkId,
    asset: Address,
    amount: Amount,
}

/// The terms in an answer's header, as JSON.
pub(super) fn terms(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(headers::PAYMENT_REQUIRED).and_then(|value| STANDARD.decode(value).ok());
    header.and_then(|json| String::from_utf8(json).ok())
}

/// The page holds all that is said beside the terms, so its header does without: with a page's other headers it would be more
/// than common proxies take.
pub(super) fn leave_out_extensions(headers: &mut HeaderMap) {
    let Some(mut told) = terms(headers).and_then(|json| serde_json::from_str::<Value>(&json).ok()) else {
        return;
    };
    told.as_object_mut().map(|told| told.remove("extensions"));
    if let Ok(header) = HeaderValue::try_from(STANDARD.encode(told.to_string())) {
        headers.insert(headers::PAYMENT_REQUIRED, header);
    }
}

/// The ways to pay that an answer's header names, in its order: people are told nothing else than programs.
pub(super) fn ways<'p>(headers: &HeaderMap, item: &'p Item) -> Vec<Way<'p>> {
    let told = terms(headers).and_then(|json| serde_json::from_str::<Told>(&json).ok());
    let entries = told.map(|told| told.accepts).unwrap_or_default();
    let way = |Entry { network, asset, amount }| {
        let asset = item.assets().find(|known| known.network == network && known.address == asset)?;
        Some(Way { amount, asset })
    };
    entries.into_iter().filter_map(way).collect()
}

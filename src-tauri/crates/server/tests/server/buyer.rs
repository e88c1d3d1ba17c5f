use std::sync::atomic::{AtomicU64, Ordering};

use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256, U256, hex, keccak256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Asset, Authorization, AuthorizationKey};
use serde_json::{Value, json};

use crate::http::Reply;
use crate::stall::asset;

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

pub(crate) const BOTH: [Version; 2] = [Version::One, Version::Two];

/// A wallet that pays as stock clients do.
pub(crate) struct Buyer {
    key: PrivateKeySigner,
    nonces: AtomicU64,
}

/// A signed authorization with the terms it answers.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) authorization: Authorization,
    pub(crate) signature: [u8; 65],
    /// The entry of the 402 as version 2 sends it back.
    pub(crate) accepted: Value,
    pub(crate) resource: Value,
}

impl Buyer {
    /// The wallet with the given name.
    pub(crate) fn new(name: &str) -> Self {
        let key = PrivateKeySigner::from_bytes(&keccak256(name)).unwrap();
        Self { key, nonces: AtomicU64::new(0) }
    }

    pub(crate) fn address(&self) -> Address {
        self.key.address()
    }

    /// Signs what a 402 asks for.
    pub(crate) fn answer(&self, demand: &Reply, now: u64) -> Signed {
        let terms = demand.decoded("PAYMENT-REQUIRED");
        let accepted = terms["accepts"][0].clone();
        let count = self.nonces.fetch_add(1, Ordering::SeqCst);
        let number = |value: &Value| value.as_str().unwrap().parse::<u64>().unwrap();
        let authorization = Authorization {
            from: self.address(),
            to: accepted["payTo"].as_str().unwrap().parse().unwrap(),
            value: U256::from(number(&accepted["amount"])),
            valid_after: 0,
            valid_before: now + accepted["maxTimeoutSeconds"].as_u64().unwrap(),
            nonce: keccak256([self.address().as_slice(), &count.to_be_bytes()].concat()),
        };
        let signature = self.sign(&asset(), &authorization);
        Signed { authorization, signature, accepted, resource: terms["resource"].clone() }
    }

    /// Signs a text, as a wallet does that shows it.
    pub(crate) fn sign_message(&self, text: &str) -> [u8; 65] {
        self.key.sign_message_sync(text.as_bytes()).unwrap().as_bytes()
    }

    pub(crate) fn sign(&self, asset: &Asset, authorization: &Authorization) -> [u8; 65] {
        let digest: B256 = chain::digest(&chain::domain_separator(asset), authorization);
        self.key.sign_hash_sync(&digest).unwrap().as_bytes()
    }
}

impl Signed {
    pub(crate) fn key(&self) -> AuthorizationKey {
        self.authorization.key()
    }

    /// The same signature over and over, in the given spelling of the payment's JSON.
    pub(crate) fn payment(&self, version: Version) -> Value {
        let Authorization { from, to, value, valid_after, valid_before, nonce } = &self.authorization;
        let payload = json!({
            "signature": hex::encode_prefixed(self.signature),
            "authorization": {
                "from": from.to_string(),
                "to": to.to_string(),
                "value": value.to_string(),
                "validAfter": valid_after.to_string(),
                "validBefore": valid_before.to_string(),
                "nonce": nonce.to_string(),
            },
        });
        match version {
            Version::One => {
                json!({ "x402Version": 1, "scheme": "exact", "network": "base-sepolia", "payload": payload })
            }
            Version::Two => json!({
                "x402Version": 2,
                "resource": self.resource,
                "accepted": self.accepted,
                "payload": payload,
            }),
        }
    }

    /// The header that pays with it.
    pub(crate) fn header(&self, version: Version) -> (&'static str, String) {
        (header_name(version), encode(&self.payment(version)))
    }
}

pub(crate) fn header_name(version: Version) -> &'static str {
    match version {
        Version::One => "X-PAYMENT",
        Version::Two => "PAYMENT-SIGNATURE",
    }
}

pub(crate) fn encode(payment: &Value) -> String {
    STANDARD.encode(payment.to_string())
}

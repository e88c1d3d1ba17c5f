//! What a server asks for: the first entry of its `PAYMENT-REQUIRED` header, and the EIP-712 domain that follows from it.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::connection::Answer;
use crate::payer::keccak;

const DOMAIN_TYPE: &[u8] =
    b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

/// One offer of protocol version 2, `exact` with EIP-3009.
pub(crate) struct Offer {
    /// The entry as the server wrote it; a payment echoes it.
    pub(crate) accepted: Value,
    /// The resource as the server wrote it; a payment echoes it.
    pub(crate) resource: Option<Value>,
    /// Atomic units, decimal.
    pub(crate) amount: String,
    pub(crate) pay_to: [u8; 20],
    /// `maxTimeoutSeconds`: how long an authorization must stay valid.
    pub(crate) window: u64,
    pub(crate) domain_separator: [u8; 32],
}

impl Offer {
    /// Reads a 402.
    pub(crate) fn read(answer: &Answer) -> anyhow::Result<Self> {
        let header = answer.headers.get("payment-required").context("no PAYMENT-REQUIRED header")?;
        let required: Value = serde_json::from_slice(&STANDARD.decode(header)?)?;
        Self::from_payment_required(&required)
    }

    fn from_payment_required(required: &Value) -> anyhow::Result<Self> {
        let accepted = required.pointer("/accepts/0").context("nothing is accepted")?.clone();
        let text = |pointer: &str| {
            accepted
                .pointer(pointer)
                .and_then(Value::as_str)
                .with_context(|| format!("no {pointer} in {accepted}"))
        };
        anyhow::ensure!(text("/scheme")? == "exact", "not the exact scheme: {accepted}");
        let chain_id: u128 =
            text("/network")?.strip_prefix("eip155:").context("not an EVM network")?.parse()?;
        let asset = address(text("/asset")?)?;
        let mut domain = Vec::with_capacity(160);
        domain.extend_from_slice(&keccak(DOMAIN_TYPE));
        domain.extend_from_slice(&keccak(text("/extra/name")?.as_bytes()));
        domain.extend_from_slice(&keccak(text("/extra/version")?.as_bytes()));
        domain.extend_from_slice(&number_word(chain_id));
        domain.extend_from_slice(&address_word(&asset));
        Ok(Self {
            amount: text("/amount")?.to_owned(),
            pay_to: address(text("/payTo")?)?,
            window: accepted.pointer("/maxTimeoutSeconds").and_then(Value::as_u64).context("no window")?,
            domain_separator: keccak(&domain),
            resource: required.get("resource").cloned(),
            accepted,
        })
    }
}

fn address(text: &str) -> anyhow::Result<[u8; 20]> {
    let mut address = [0_u8; 20];
    hex::decode_to_slice(text.strip_prefix("0x").context("an address without 0x")?, &mut address)?;
    Ok(address)
}

/// An unsigned number as an ABI word.
pub(crate) fn number_word(number: u128) -> [u8; 32] {
    let mut word = [0_u8; 32];
    word[16..].copy_from_slice(&number.to_be_bytes());
    word
}

/// An address as an ABI word.
pub(crate) fn address_word(address: &[u8; 20]) -> [u8; 32] {
    let mut word = [0_u8; 32];
    word[12..].copy_from_slice(address);
    word
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn base_sepolia() -> Offer {
        Offer::from_payment_required(&serde_json::json!({
            "x402Version": 2,
            "resource": { "url": "http://127.0.0.1:1/paid" },
            "accepts": [{
                "scheme": "exact",
                "network": "eip155:84532",
                "amount": "10000",
                "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
                "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
                "maxTimeoutSeconds": 300,
                "extra": { "name": "USDC", "version": "2" },
            }],
        }))
        .unwrap()
    }

    #[test]
    fn the_domain_is_the_one_recorded_on_base_sepolia() {
        assert_eq!(
            hex::encode(base_sepolia().domain_separator),
            "71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818"
        );
    }

    #[test]
    fn an_offer_without_a_token_name_cannot_be_signed() {
        let mut required = serde_json::json!({ "accepts": [base_sepolia().accepted] });
        required["accepts"][0]["extra"] = Value::Null;
        assert!(Offer::from_payment_required(&required).is_err());
    }
}

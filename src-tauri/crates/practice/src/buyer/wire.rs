use std::str::FromStr as _;

use alloy_primitives::{Address, hex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Amount, Asset, Authorization, NetworkId};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Protocol;

/// Practice answers as this network.
const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;
const NETWORK_V1: &str = "base-sepolia";

/// One offer of a 402, read as a stock client reads it.
pub(super) struct Terms {
    pub(super) amount: Amount,
    pub(super) asset: Asset,
    pub(super) pay_to: Address,
    /// How long the authorization must be valid, in seconds.
    pub(super) timeout: u64,
    protocol: Protocol,
    /// The offer as it came, and what came around it: version 2 sends both back.
    accepted: Value,
    envelope: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accepts {
    scheme: String,
    network: String,
    #[serde(alias = "maxAmountRequired")]
    amount: String,
    asset: Address,
    pay_to: Address,
    max_timeout_seconds: u64,
    extra: Extra,
}

#[derive(Deserialize)]
struct Extra {
    name: String,
    version: String,
}

impl Terms {
    /// Reads the first offer this buyer can pay: the body in version 1, the header in version 2.
    ///
    /// # Errors
    /// Says what a client could not have read.
    pub(super) fn read(protocol: Protocol, headers: &HeaderMap, body: &[u8]) -> Result<Self, String> {
        let (terms, network) = match protocol {
            Protocol::V1 => {
                let body = serde_json::from_slice(body);
                (body.map_err(|error| format!("the 402 body is not JSON: {error}"))?, NETWORK_V1.to_owned())
            }
            Protocol::V2 => {
                let header = read_header(headers, "payment-required")?;
                (header.ok_or("the 402 has no PAYMENT-REQUIRED header")?, NETWORK.to_string())
            }
        };
        let Value::Object(mut envelope) = terms else { return Err("the 402 is not an object".to_owned()) };
        if envelope.get("x402Version").and_then(Value::as_u64) != Some(protocol.number()) {
            return Err(format!("the 402 is not of version {}", protocol.number()));
        }
        let Some(Value::Array(offers)) = envelope.remove("accepts") else {
            return Err("the 402 lists no offers".to_owned());
        };
        for accepted in offers {
            let offer = Accepts::deserialize(&accepted)
                .map_err(|error| format!("an offer is unreadable: {error}"))?;
            if offer.scheme == "exact" && offer.network == network {
                let amount = Amount::from_str(&offer.amount).map_err(|error| error.to_string())?;
                let Extra { name, version } = offer.extra;
                return Ok(Self {
                    amount,
                    asset: Asset { network: NETWORK, address: offer.asset, name, version, decimals: 6 },
                    pay_to: offer.pay_to,
                    timeout: offer.max_timeout_seconds,
                    protocol,
                    accepted,
                    envelope,
                });
            }
        }
        Err(format!("nothing is offered on {network}"))
    }

    /// The header that pays these terms: its name and its value.
    pub(super) fn payment(
        &self,
        authorization: &Authorization,
        signature: &[u8; 65],
    ) -> (&'static str, String) {
        let payload = json!({
            "signature": hex::encode_prefixed(signature),
            "authorization": {
                "from": authorization.from,
                "to": authorization.to,
                "value": authorization.value.to_string(),
                "validAfter": authorization.valid_after.to_string(),
                "validBefore": authorization.valid_before.to_string(),
                "nonce": authorization.nonce,
            },
        });
        let mut payment = json!({ "x402Version": self.protocol.number(), "payload": payload });
        let name = match self.protocol {
            Protocol::V1 => {
                payment["scheme"] = "exact".into();
                payment["network"] = NETWORK_V1.into();
                "X-PAYMENT"
            }
            Protocol::V2 => {
                payment["accepted"] = self.accepted.clone();
                for echoed in ["resource", "extensions"] {
                    if let Some(value) = self.envelope.get(echoed) {
                        payment[echoed] = value.clone();
                    }
                }
                "PAYMENT-SIGNATURE"
            }
        };
        (name, STANDARD.encode(payment.to_string()))
    }
}

/// What the server says about the payment, if it says anything.
///
/// # Errors
/// When the header is there and unreadable.
pub(super) fn payment_response(protocol: Protocol, headers: &HeaderMap) -> Result<Option<Value>, String> {
    read_header(
        headers,
        match protocol {
            Protocol::V1 => "x-payment-response",
            Protocol::V2 => "payment-response",
        },
    )
}

fn read_header(headers: &HeaderMap, name: &str) -> Result<Option<Value>, String> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let decoded =
        STANDARD.decode(value).map_err(|error| format!("the {name} header is not base64: {error}"))?;
    let read = serde_json::from_slice(&decoded);
    read.map(Some).map_err(|error| format!("the {name} header is not JSON: {error}"))
}

use domain::NetworkId;
use serde_json::Value;

use super::text;
use crate::Version;

/// The most kinds that are read.
const MOST_KINDS: usize = 1_000;

/// One way of paying that a facilitator settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// In which form it is asked.
    pub version: Version,
    /// Its scheme, `exact` for what is sold here.
    pub scheme: String,
    /// The network, as the facilitator names it.
    pub network: String,
}

impl Kind {
    /// Whether it covers payments of the scheme `exact` on the network.
    pub fn covers(&self, network: NetworkId) -> bool {
        let name = self.network.as_str();
        let is_named = match self.version {
            Version::V1 => network.known().and_then(|known| known.v1_name) == Some(name),
            Version::V2 => name == network.to_string() || name == "eip155:*",
        };
        self.scheme == "exact" && is_named
    }
}

/// Reads the answer to `GET /supported`; what cannot be understood in it is left out. None when it is no such answer.
pub fn read_supported(body: &[u8]) -> Option<Vec<Kind>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let kinds = value.get("kinds")?.as_array()?;
    Some(kinds.iter().take(MOST_KINDS).filter_map(kind).collect())
}

fn kind(value: &Value) -> Option<Kind> {
    Some(Kind {
        version: Version::from_number(value.get("x402Version")?.as_u64()?)?,
        scheme: text(value, &["scheme"])?.to_owned(),
        network: text(value, &["network"])?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facilitator_is_known_by_what_it_settles_where() {
        let body = br#"{"kinds":[
            {"x402Version":1,"scheme":"exact","network":"base-sepolia"},
            {"x402Version":2,"scheme":"upto","network":"eip155:84532"},
            {"x402Version":2,"scheme":"exact","network":"eip155:8453","extra":{"x":1}},
            {"x402Version":2,"scheme":"exact","network":"eip155:*"},
            {"x402Version":3,"scheme":"exact","network":"eip155:1"}, 7, null
        ],"extensions":[],"signers":{}}"#;
        let kinds = read_supported(body).unwrap();
        assert_eq!(kinds.len(), 4);
        let covering = |network| kinds.iter().map(|kind| kind.covers(network)).collect::<Vec<_>>();
        assert_eq!(covering(NetworkId::BASE_SEPOLIA), [true, false, false, true]);
        assert_eq!(covering(NetworkId::from_chain_id(8453)), [false, false, true, true]);
        for body in ["", "<html>", "{}", r#"{"kinds":{}}"#] {
            assert_eq!(read_supported(body.as_bytes()), None, "{body}");
        }
    }
}

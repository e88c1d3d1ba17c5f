use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256, Bytes, U256, hex, uint};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::random::random_word;
use crate::wait::unix_now;
use crate::{Authorization, Domain, Terms, token};

const CURVE_ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// A wallet with a key of its own that nobody has seen before.
#[derive(Clone)]
pub struct Buyer {
    key: PrivateKeySigner,
}

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `X-PAYMENT`.
    One,
    /// `PAYMENT-SIGNATURE`.
    Two,
}

/// A signed authorization and the terms it was made for.
#[derive(Clone, Debug)]
pub struct Signed {
    /// What was signed.
    pub authorization: Authorization,
    /// r, s, v with v 27 or 28, s low.
    pub signature: [u8; 65],
    /// What was asked for.
    pub terms: Terms,
}

/// A payment as it goes over the wire, open to be tampered with.
#[derive(Clone, Debug)]
pub struct Payment {
    version: Version,
    /// The decoded header.
    pub json: Value,
}

impl Buyer {
    /// A new one.
    pub fn new() -> Self {
        Self::with_key(random_word())
    }

    /// The one with this key.
    pub fn with_key(key: B256) -> Self {
        Self { key: PrivateKeySigner::from_bytes(&key).expect("32 random bytes are a key") }
    }

    /// Where its money is.
    pub fn address(&self) -> Address {
        self.key.address()
    }

    /// Its private key, for clients that want one.
    pub fn private_key(&self) -> String {
        hex::encode_prefixed(self.key.to_bytes())
    }

    /// The authorization that pays the terms, with a fresh nonce.
    pub fn authorization(&self, terms: &Terms) -> Authorization {
        Authorization {
            from: self.address(),
            to: terms.pay_to,
            value: terms.amount,
            valid_after: 0,
            valid_before: unix_now() + terms.window,
            nonce: random_word(),
        }
    }

    /// Signs what pays the terms.
    pub fn sign(&self, terms: &Terms) -> Signed {
        self.sign_this(terms, self.authorization(terms))
    }

    /// Signs any authorization in the domain of the terms.
    pub fn sign_this(&self, terms: &Terms, authorization: Authorization) -> Signed {
        let signature = self.sign_digest(authorization.digest(&terms.domain));
        Signed { authorization, signature, terms: terms.clone() }
    }

    /// The call that cancels a nonce of this buyer.
    pub fn cancellation(&self, domain: &Domain, nonce: B256) -> Bytes {
        let digest = token::cancel_digest(self.address(), nonce, domain);
        token::cancellation(self.address(), nonce, &self.sign_digest(digest))
    }

    pub(crate) fn sign_digest(&self, digest: B256) -> [u8; 65] {
        self.key.sign_hash_sync(&digest).expect("a local key signs").as_bytes()
    }

    pub(crate) fn key(&self) -> &PrivateKeySigner {
        &self.key
    }
}

impl Default for Buyer {
    fn default() -> Self {
        Self::new()
    }
}

impl Signed {
    /// The payment in this version.
    pub fn payment(&self, version: Version) -> Payment {
        self.payment_with(version, &self.signature)
    }

    /// The payment with another spelling of the signature.
    pub fn payment_with(&self, version: Version, signature: &[u8]) -> Payment {
        let authorization = &self.authorization;
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
        let json = match version {
            Version::One => json!({
                "x402Version": 1,
                "scheme": "exact",
                "network": self.terms.network_v1,
                "payload": payload,
            }),
            Version::Two => json!({
                "x402Version": 2,
                "resource": self.terms.resource,
                "accepted": self.terms.accepted,
                "payload": payload,
            }),
        };
        Payment { version, json }
    }

    /// The other signature of the same digest: s above half the order, v flipped.
    pub fn high_s(&self) -> [u8; 65] {
        let mut twin = self.signature;
        let s = CURVE_ORDER - U256::from_be_slice(&self.signature[32..64]);
        twin[32..64].copy_from_slice(&s.to_be_bytes::<32>());
        twin[64] = 55 - twin[64];
        twin
    }

    /// The signature with v 0 or 1.
    pub fn low_v(&self) -> [u8; 65] {
        let mut twin = self.signature;
        twin[64] -= 27;
        twin
    }

    /// The signature in the 64 bytes of ERC-2098.
    pub fn compact(&self) -> [u8; 64] {
        let mut twin = [0; 64];
        twin.copy_from_slice(&self.signature[..64]);
        twin[32] |= (self.signature[64] - 27) << 7;
        twin
    }

    /// The call that makes the transfer happen, whoever sends it.
    pub fn call(&self) -> Bytes {
        token::transfer(&self.authorization, &self.signature)
    }
}

impl Payment {
    /// The header's name and value.
    pub fn header(&self) -> (&'static str, String) {
        (self.name(), STANDARD.encode(self.json.to_string()))
    }

    /// The header's name.
    pub fn name(&self) -> &'static str {
        match self.version {
            Version::One => "X-PAYMENT",
            Version::Two => "PAYMENT-SIGNATURE",
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{address, b256};

    use super::*;

    fn well_known() -> Signed {
        let buyer =
            Buyer::with_key(b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"));
        let terms = Terms {
            amount: U256::from(10_000),
            pay_to: address!("209693Bc6afc0C5328bA36FaF03C514EF312287C"),
            domain: Domain {
                name: "USDC".to_owned(),
                version: "2".to_owned(),
                chain_id: 84_532,
                asset: token::TOKEN,
            },
            window: 60,
            accepted: Value::Null,
            resource: Value::Null,
            network_v1: "base-sepolia".to_owned(),
        };
        let authorization = Authorization {
            valid_after: 1_740_672_089,
            valid_before: 1_740_672_154,
            nonce: b256!("f3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"),
            ..buyer.authorization(&terms)
        };
        buyer.sign_this(&terms, authorization)
    }

    #[test]
    fn it_signs_what_every_wallet_signs() {
        assert_eq!(
            hex::encode(well_known().signature),
            "eae36c169c193ec4791b48a3d469bd0ff9f9b2edef5c1349bedcd0c501c3cff2\
             006d0788285d4a884321fabe5a8428887c3581a82f1b32eeb2ea1011413746901c",
        );
    }

    #[test]
    fn the_twins_of_a_signature_are_other_spellings_of_the_same() {
        let signed = well_known();
        let high = signed.high_s();
        assert_eq!(high[64], 27);
        assert!(U256::from_be_slice(&high[32..64]) > CURVE_ORDER / U256::from(2));
        assert_eq!(signed.low_v()[64], 1);
        let compact = signed.compact();
        assert_eq!(compact[32] >> 7, 1, "v 28 is the top bit of s");
        assert_eq!(compact[32] & 0x7f, signed.signature[32]);
    }
}

//! Tokens that are signed for one request (JSON Web Tokens). The same request, time and randomness give the same token.

use alloy_primitives::hex;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{RequestLine, WalletError};

/// How long a token holds, in seconds.
const HOLDS: u64 = 120;

/// What PayAI's dashboard puts before a key.
const PAYAI_PREFIX: &str = "payai_sk_";

/// What signs tokens. Both kinds wipe themselves.
pub(crate) enum TokenKey {
    /// `EdDSA`.
    Ed25519(ed25519_dalek::SigningKey),
    /// `ES256`.
    P256(p256::ecdsa::SigningKey),
}

const NOT_A_KEY: WalletError = WalletError::NotACredential(
    "neither an EC key in PEM nor an Ed25519 key in base64, as facilitators give them out",
);

impl TokenKey {
    /// A key as facilitators give it out: PEM for an EC key, base64 for an Ed25519 key.
    pub(crate) fn read(text: &str) -> Result<Self, WalletError> {
        if !text.contains("-----BEGIN") {
            return Self::read_ed25519(text);
        }
        // Keys that went through JSON or the environment have their line breaks written out.
        let pem = Zeroizing::new(text.replace("\\n", "\n"));
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(&pem) {
            return Ok(Self::Ed25519(key));
        }
        let key = p256::SecretKey::from_sec1_pem(&pem)
            .or_else(|_| p256::SecretKey::from_pkcs8_pem(&pem).map_err(|_| p256::elliptic_curve::Error));
        Ok(Self::P256(key.map_err(|_| NOT_A_KEY)?.into()))
    }

    /// An Ed25519 key in base64: 32 bytes, the same with its public half, or PKCS #8.
    pub(crate) fn read_ed25519(text: &str) -> Result<Self, WalletError> {
        let text = text.strip_prefix(PAYAI_PREFIX).unwrap_or(text);
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| NOT_A_KEY)?);
        let mut seed = Zeroizing::new([0; 32]);
        let key = match bytes.len() {
            32 | 64 => {
                seed.copy_from_slice(&bytes[..32]);
                let key = ed25519_dalek::SigningKey::from_bytes(&seed);
                if bytes.len() == 64 && key.verifying_key().as_bytes() != &bytes[32..] {
                    return Err(WalletError::NotACredential(
                        "the two halves of the key do not belong together",
                    ));
                }
                key
            }
            _ => ed25519_dalek::SigningKey::from_pkcs8_der(&bytes).map_err(|_| NOT_A_KEY)?,
        };
        Ok(Self::Ed25519(key))
    }

    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::P256(_) => "ES256",
        }
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], WalletError> {
        let failed = |_| WalletError::Cryptography("sign");
        Ok(match self {
            Self::Ed25519(key) => key.try_sign(message).map_err(failed)?.to_bytes(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).map_err(failed)?;
                signature.to_bytes().into()
            }
        })
    }
}

/// A token for the Coinbase Developer Platform: good for one method, host and path.
pub(crate) fn cdp(
    key: &TokenKey,
    key_id: &str,
    request: RequestLine<'_>,
    now: u64,
    random: [u8; 16],
) -> Result<Zeroizing<String>, WalletError> {
    let RequestLine { method, host, path } = request;
    let header = json!({ "alg": key.algorithm(), "kid": key_id, "typ": "JWT", "nonce": hex::encode(random) });
    let claims = json!({
        "sub": key_id, "iss": "cdp", "aud": ["cdp_service"], "iat": now, "nbf": now,
        "exp": now.saturating_add(HOLDS), "uris": [format!("{method} {host}{path}")],
    });
    signed(key, &header, &claims)
}

/// A token for PayAI.
pub(crate) fn payai(
    key: &TokenKey,
    key_id: &str,
    now: u64,
    random: [u8; 16],
) -> Result<Zeroizing<String>, WalletError> {
    let header = json!({ "alg": key.algorithm(), "typ": "JWT", "kid": key_id });
    let claims = json!({
        "sub": key_id, "iss": "payai-merchant", "iat": now, "exp": now.saturating_add(HOLDS),
        "jti": uuid::Builder::from_random_bytes(random).into_uuid().to_string(),
    });
    signed(key, &header, &claims)
}

fn signed(key: &TokenKey, header: &Value, claims: &Value) -> Result<Zeroizing<String>, WalletError> {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())?);
    Ok(Zeroizing::new(format!("{message}.{signature}")))
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::Verifier as _;

    use super::*;
    use crate::{Credential, CredentialKind};

    const LINE: RequestLine<'_> =
        RequestLine { method: "POST", host: "api.cdp.coinbase.com", path: "/platform/v2/x402/settle" };

    fn ed25519() -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&[9; 32])
    }

    fn parts(header: &str) -> (Value, Value, String, [u8; 64]) {
        let token = header.strip_prefix("Bearer ").unwrap();
        let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let (head, claims) = message.split_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap().try_into().unwrap();
        (read(head), read(claims), message.to_owned(), signature)
    }

    #[test]
    fn a_cdp_token_names_the_one_request_it_is_for() {
        let mut both = [9; 64];
        both[32..].copy_from_slice(ed25519().verifying_key().as_bytes());
        let secret = STANDARD.encode(both);
        let credential = Credential::signing(CredentialKind::Cdp, "key-1", &secret).unwrap();
        let header = credential.authorization(LINE, 1_800_000_000, [7; 16]).unwrap();
        let (head, claims, message, signature) = parts(&header);
        assert_eq!(head["alg"], "EdDSA");
        assert_eq!((head["kid"].as_str(), head["nonce"].as_str().map(str::len)), (Some("key-1"), Some(32)));
        assert_eq!(claims["uris"], json!(["POST api.cdp.coinbase.com/platform/v2/x402/settle"]));
        assert_eq!((claims["sub"].as_str(), claims["iss"].as_str()), (Some("key-1"), Some("cdp")));
        assert_eq!(claims["exp"], 1_800_000_120_u64);
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        ed25519().verifying_key().verify(message.as_bytes(), &signature).unwrap();
        both[40] ^= 1;
        assert!(Credential::signing(CredentialKind::Cdp, "key-1", &STANDARD.encode(both)).is_err());
    }

    #[test]
    fn an_ec_key_signs_with_es256_whichever_way_its_lines_are_broken() {
        let key = p256::SecretKey::from_slice(&[5; 32]).unwrap();
        let pem = key.to_sec1_pem(p256::pkcs8::LineEnding::LF).unwrap();
        for text in [pem.to_string(), pem.replace('\n', "\\n")] {
            let credential = Credential::signing(CredentialKind::Cdp, "key-2", &text).unwrap();
            let header = credential.authorization(LINE, 1_800_000_000, [7; 16]).unwrap();
            let (head, _, message, signature) = parts(&header);
            assert_eq!(head["alg"], "ES256");
            let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
            let verifying = p256::ecdsa::VerifyingKey::from(key.public_key());
            verifying.verify(message.as_bytes(), &signature).unwrap();
        }
    }

    #[test]
    fn a_payai_token_is_signed_with_the_key_behind_its_prefix() {
        let mut der = hex::decode("302e020100300506032b657004220420").unwrap();
        der.extend([9; 32]);
        let secret = format!("payai_sk_{}", STANDARD.encode(der));
        let credential = Credential::signing(CredentialKind::Payai, "merchant", &secret).unwrap();
        let (head, claims, message, signature) = parts(&credential.authorization(LINE, 10, [1; 16]).unwrap());
        assert_eq!((head["alg"].as_str(), head["kid"].as_str()), (Some("EdDSA"), Some("merchant")));
        assert_eq!((claims["iss"].as_str(), claims["exp"].as_u64()), (Some("payai-merchant"), Some(130)));
        assert_eq!(claims["jti"].as_str().map(str::len), Some(36));
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        ed25519().verifying_key().verify(message.as_bytes(), &signature).unwrap();
    }

    /// I12: what is wrong with a key is told without a letter of it.
    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for text in ["abc", "c2VjcmV0LXNlY3JldC1zZWNyZXQ=", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n"] {
            let error = Credential::signing(CredentialKind::Cdp, "key", text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(text), "{error:?}");
        }
        assert!(Credential::signing(CredentialKind::Cdp, "a\nb", &STANDARD.encode([9; 32])).is_err());
    }
}

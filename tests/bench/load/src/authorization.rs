//! Payments signed before the clock starts.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::HeaderValue;
use secp256k1::{All, Secp256k1};

use crate::offer::{Offer, address_word, number_word};
use crate::payer::{Payer, keccak, random_word};

const AUTHORIZATION_TYPE: &[u8] = b"TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

/// Signs `count` fresh payments of `offer`, one payer after the other in turn, as `PAYMENT-SIGNATURE` headers.
///
/// Like current clients they are valid from 0 until now plus the window that was asked for.
pub(crate) fn sign(
    secp: &Secp256k1<All>,
    payers: &[Payer],
    offer: &Offer,
    count: usize,
) -> anyhow::Result<Vec<HeaderValue>> {
    let valid_before = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + offer.window;
    payers
        .iter()
        .cycle()
        .take(count)
        .map(|payer| header(secp, payer, offer, valid_before, random_word()?))
        .collect()
}

fn header(
    secp: &Secp256k1<All>,
    payer: &Payer,
    offer: &Offer,
    valid_before: u64,
    nonce: [u8; 32],
) -> anyhow::Result<HeaderValue> {
    let digest = digest(payer.address(), offer, 0, valid_before, nonce)?;
    let mut payment = serde_json::json!({
        "x402Version": 2,
        "accepted": offer.accepted,
        "payload": {
            "signature": format!("0x{}", hex::encode(payer.sign(secp, digest))),
            "authorization": {
                "from": payer.address_text(),
                "to": format!("0x{}", hex::encode(offer.pay_to)),
                "value": offer.amount,
                "validAfter": "0",
                "validBefore": valid_before.to_string(),
                "nonce": format!("0x{}", hex::encode(nonce)),
            },
        },
    });
    if let Some(resource) = &offer.resource {
        payment["resource"] = resource.clone();
    }
    Ok(HeaderValue::from_str(&STANDARD.encode(payment.to_string()))?)
}

fn digest(
    from: &[u8; 20],
    offer: &Offer,
    valid_after: u64,
    valid_before: u64,
    nonce: [u8; 32],
) -> anyhow::Result<[u8; 32]> {
    let mut message = Vec::with_capacity(224);
    message.extend_from_slice(&keccak(AUTHORIZATION_TYPE));
    message.extend_from_slice(&address_word(from));
    message.extend_from_slice(&address_word(&offer.pay_to));
    message.extend_from_slice(&number_word(offer.amount.parse()?));
    message.extend_from_slice(&number_word(valid_after.into()));
    message.extend_from_slice(&number_word(valid_before.into()));
    message.extend_from_slice(&nonce);
    let mut signed = vec![0x19, 0x01];
    signed.extend_from_slice(&offer.domain_separator);
    signed.extend_from_slice(&keccak(&message));
    Ok(keccak(&signed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offer::tests::base_sepolia;
    use crate::payer::tests::well_known;

    #[test]
    fn a_signature_is_the_one_the_real_clients_make() {
        let secp = Secp256k1::new();
        let payer = well_known(&secp);
        let mut nonce = [0_u8; 32];
        hex::decode_to_slice("f3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480", &mut nonce)
            .unwrap();
        let digest = digest(payer.address(), &base_sepolia(), 1_740_672_089, 1_740_672_154, nonce).unwrap();
        assert_eq!(hex::encode(digest), "7b608a4b969db6725f5373740b7811350cd1148db1b903276958fa2a718326ba");
        assert_eq!(
            hex::encode(payer.sign(&secp, digest)),
            "eae36c169c193ec4791b48a3d469bd0ff9f9b2edef5c1349bedcd0c501c3cff2006d0788285d4a884321fabe5a8428887c3581a82f1b32eeb2ea1011413746901c"
        );
    }

    #[test]
    fn every_payment_has_a_nonce_of_its_own_and_the_payers_take_turns() {
        let secp = Secp256k1::new();
        let payers = [Payer::draw(&secp).unwrap(), Payer::draw(&secp).unwrap()];
        let signed = sign(&secp, &payers, &base_sepolia(), 4).unwrap();
        let authorizations: Vec<serde_json::Value> = signed
            .iter()
            .map(|header| serde_json::from_slice(&STANDARD.decode(header).unwrap()).unwrap())
            .map(|payment: serde_json::Value| payment["payload"]["authorization"].clone())
            .collect();
        let mut nonces: Vec<String> = authorizations.iter().map(|each| each["nonce"].to_string()).collect();
        nonces.sort();
        nonces.dedup();
        assert_eq!(nonces.len(), 4);
        assert_eq!(authorizations[0]["from"], authorizations[2]["from"]);
        assert_ne!(authorizations[0]["from"], authorizations[1]["from"]);
    }
}

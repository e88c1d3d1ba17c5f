//! Which of our offers a payment answers (I3, T11).

use alloy_primitives::{Address, U256};
use domain::{Amount, Asset, NetworkId, Offer, OfferId, Window};
use x402::{Accepted, Code, GivenIdentifier, Mismatch, Payment, Version, parse_payment, select};

use crate::fixtures::{SEPOLIA_SIGNATURE, offer, other_token, signed_on_base_sepolia};

fn version_1() -> Payment {
    Payment {
        version: Version::V1,
        network: NetworkId::BASE_SEPOLIA,
        authorization: signed_on_base_sepolia(),
        signature: SEPOLIA_SIGNATURE.parse().unwrap(),
        accepted: None,
        resource_url: None,
        identifier: GivenIdentifier::None,
    }
}

fn version_2() -> Payment {
    let Offer { asset, pay_to, amount, window, .. } = offer();
    let accepted = Accepted {
        amount: amount.into(),
        asset: asset.address,
        pay_to,
        max_timeout_seconds: u64::from(window.seconds()),
    };
    Payment { version: Version::V2, accepted: Some(accepted), ..version_1() }
}

fn accepting(change: impl FnOnce(&mut Accepted)) -> Payment {
    let mut payment = version_2();
    change(payment.accepted.as_mut().unwrap());
    payment
}

fn ids(found: Result<Vec<&Offer>, Mismatch>) -> Result<Vec<i64>, Mismatch> {
    found.map(|offers| offers.iter().map(|offer| offer.id.0).collect())
}

#[test]
fn version_2_names_its_token_and_version_1_leaves_it_to_the_signature() {
    let offers = [offer(), other_token()];
    assert_eq!(ids(select(&version_2(), &offers)), Ok(vec![1]));
    assert_eq!(ids(select(&version_1(), &offers)), Ok(vec![1, 2]));
    assert_eq!(ids(select(&version_1(), offers.iter().rev())), Ok(vec![2, 1]));
}

#[test]
fn a_payment_of_the_former_price_answers_the_former_offer_while_that_is_given() {
    let dearer = Offer { id: OfferId(3), amount: Amount::from_atomic(20_000).unwrap(), ..offer() };
    for payment in [version_1(), version_2()] {
        assert_eq!(ids(select(&payment, [&dearer, &offer()])), Ok(vec![1]));
        assert_eq!(select(&payment, [&dearer]), Err(Mismatch::Value));
    }
}

/// T11: one changed field each, and the protocol's word for it in each version.
#[test]
fn one_term_that_differs_is_enough_and_is_named() {
    let change = |change: fn(&mut Offer)| {
        let mut offer = offer();
        change(&mut offer);
        offer
    };
    let network = change(|offer| offer.asset.network = NetworkId::from_chain_id(8453));
    let recipient = change(|offer| offer.pay_to = Address::repeat_byte(1));
    let dearer = change(|offer| offer.amount = Amount::from_atomic(10_001).unwrap());
    let cheaper = change(|offer| offer.amount = Amount::from_atomic(9_999).unwrap());
    for (offer, in_v1, in_v2) in [
        (network, Code::Network, Code::Network),
        (recipient, Code::Recipient, Code::Recipient),
        (dearer, Code::Value, Code::ValueMismatch),
        (cheaper, Code::Value, Code::ValueMismatch),
    ] {
        for (payment, code) in [(version_1(), in_v1), (version_2(), in_v2)] {
            assert_eq!(select(&payment, [&offer]).unwrap_err().code(payment.version), code);
        }
    }
    // Version 1 names neither of these.
    let window = change(|offer| offer.window = Window::from_seconds(600).unwrap());
    let token =
        change(|offer| offer.asset = Asset { address: Address::repeat_byte(2), ..offer.asset.clone() });
    for offer in [window, token] {
        assert_eq!(select(&version_2(), [&offer]).unwrap_err().code(Version::V2), Code::PaymentRequirements);
        assert!(select(&version_1(), [&offer]).is_ok());
    }
    assert_eq!(select(&version_1(), []), Err(Mismatch::NoOffer));
}

/// T12: the echo selects, it never sets the price, and what was signed counts as well.
#[test]
fn neither_a_cheaper_echo_nor_a_cheaper_signature_buys() {
    let offer = offer();
    let cheap = U256::from(1);
    let mut signed_less = version_2();
    signed_less.authorization.value = cheap;
    let mut both_less = accepting(|terms| terms.amount = cheap);
    both_less.authorization.value = cheap;
    for payment in [accepting(|terms| terms.amount = cheap), signed_less, both_less] {
        assert_eq!(select(&payment, [&offer]), Err(Mismatch::Value));
    }
    let mut signed_elsewhere = version_2();
    signed_elsewhere.authorization.to = Address::repeat_byte(3);
    for payment in [accepting(|terms| terms.pay_to = Address::repeat_byte(3)), signed_elsewhere] {
        assert_eq!(select(&payment, [&offer]), Err(Mismatch::Recipient));
    }
}

#[test]
fn the_reason_is_that_of_the_offer_that_comes_closest() {
    let elsewhere = Asset { network: NetworkId::from_chain_id(8453), ..offer().asset };
    let elsewhere = Offer { asset: elsewhere, ..offer() };
    let dearer = Offer { amount: Amount::from_atomic(10_001).unwrap(), ..offer() };
    assert_eq!(select(&version_2(), [&dearer, &elsewhere, &other_token()]), Err(Mismatch::Value));
    assert_eq!(select(&version_2(), [&elsewhere, &other_token()]), Err(Mismatch::Asset));
}

#[test]
fn addresses_are_compared_by_value_and_not_by_letter_case() {
    let header = crate::oracle::written(&version_2());
    let mut json: serde_json::Value = serde_json::from_slice(
        &base64::Engine::decode(&base64::engine::general_purpose::STANDARD, header).unwrap(),
    )
    .unwrap();
    for place in ["/accepted/asset", "/accepted/payTo", "/payload/authorization/to"] {
        let text = json.pointer_mut(place).unwrap();
        *text = text.as_str().unwrap().to_lowercase().into();
    }
    let header = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, json.to_string());
    let payment = parse_payment([], [header.as_bytes()]).unwrap().unwrap();
    assert_eq!(ids(select(&payment, [&offer()])), Ok(vec![1]));
}

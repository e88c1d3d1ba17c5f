//! The fuzz corpus and generated inputs, held to the fuzz target's own rules (T26).

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Authorization, LONGEST_SIGNATURE, NetworkId};
use proptest::prelude::*;
use x402::{Accepted, GivenIdentifier, Payment, PaymentIdentifier, Version, parse_payment};

use crate::oracle::{check, check_facilitator, check_receipt, check_sign_in, written};

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_real_header_is_a_payment_and_no_hostile_one_is() {
    let mut payments = 0;
    for (name, bytes) in corpus("payment_header") {
        let is_payment = name.starts_with("payment-");
        assert!(is_payment || name.starts_with("hostile-"), "{name} says not what it is");
        assert_eq!(check(&bytes), is_payment, "{name}");
        payments += usize::from(is_payment);
    }
    assert!(payments >= 8, "only {payments} payments in the corpus");
}

#[test]
fn every_real_sign_in_is_one_and_no_hostile_one_is() {
    let mut real = 0;
    for (name, bytes) in corpus("sign_in_header") {
        let is_real = name.starts_with("sign-in-");
        assert!(is_real || name.starts_with("hostile-"), "{name} says not what it is");
        assert_eq!(check_sign_in(&bytes), is_real, "{name}");
        real += usize::from(is_real);
    }
    assert!(real >= 5, "only {real} in the corpus");
}

#[test]
fn every_real_receipt_is_one_and_no_hostile_one_is() {
    for (name, bytes) in corpus("signed_receipt") {
        assert!(name.starts_with("receipt-") || name.starts_with("hostile-"), "{name} says not what it is");
        assert_eq!(check_receipt(&bytes), name.starts_with("receipt-"), "{name}");
    }
}

/// I7: what a facilitator answers is a hint, and never more than it says.
#[test]
fn every_real_answer_of_a_facilitator_is_one_and_no_hostile_one_is() {
    let mut real = 0;
    for (name, bytes) in corpus("facilitator_answer") {
        let is_real = name.starts_with("answer-");
        assert!(is_real || name.starts_with("hostile-"), "{name} says not what it is");
        assert_eq!(check_facilitator(&bytes), is_real, "{name}");
        real += usize::from(is_real);
    }
    assert!(real >= 8, "only {real} in the corpus");
}

fn identifiers() -> impl Strategy<Value = GivenIdentifier> {
    let given = "[a-zA-Z0-9_-]{16,128}"
        .prop_map(|text| GivenIdentifier::Given(PaymentIdentifier::new(&text).unwrap()));
    prop_oneof![Just(GivenIdentifier::None), Just(GivenIdentifier::Malformed), given]
}

fn payments() -> impl Strategy<Value = Payment> {
    let wrapped = |signature: &Vec<u8>| signature.ends_with(&[0x64, 0x92].repeat(16));
    let signature = prop::collection::vec(any::<u8>(), 0..=LONGEST_SIGNATURE)
        .prop_filter("of no account yet", move |signature| !wrapped(signature))
        .prop_map(alloy_primitives::Bytes::from);
    let time = 0..=i64::MAX.cast_unsigned();
    let message = any::<([u8; 20], [u8; 20], [u8; 32], [u8; 32])>()
        .prop_filter("no payer", |(from, ..)| from != &[0; 20])
        .prop_flat_map(move |(from, to, value, nonce)| {
            (time.clone(), time.clone()).prop_map(move |(valid_after, valid_before)| Authorization {
                from: from.into(),
                to: to.into(),
                value: alloy_primitives::U256::from_be_bytes(value),
                valid_after,
                valid_before,
                nonce: nonce.into(),
            })
        });
    let terms =
        any::<([u8; 32], [u8; 20], [u8; 20], u64)>().prop_map(|(amount, asset, pay_to, window)| Accepted {
            amount: alloy_primitives::U256::from_be_bytes(amount),
            asset: asset.into(),
            pay_to: pay_to.into(),
            max_timeout_seconds: window,
        });
    let chain_id = 1..=i64::MAX.cast_unsigned();
    let version_2 = (chain_id, terms, any::<Option<String>>(), identifiers());
    (message, signature, prop::option::of(version_2)).prop_map(|(authorization, signature, version_2)| {
        match version_2 {
            None => Payment {
                version: Version::V1,
                network: NetworkId::BASE_SEPOLIA,
                authorization,
                signature,
                accepted: None,
                resource_url: None,
                identifier: GivenIdentifier::None,
            },
            Some((chain_id, accepted, resource_url, identifier)) => Payment {
                version: Version::V2,
                network: NetworkId::from_chain_id(chain_id),
                authorization,
                signature,
                accepted: Some(accepted),
                resource_url,
                identifier,
            },
        }
    })
}

type Damage = (prop::sample::Index, u8, u8);

/// A byte that is another one, one more, or missing.
fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4)
}

fn damaged(mut json: Vec<u8>, damages: Vec<Damage>) -> Vec<u8> {
    for (place, byte, way) in damages {
        if json.is_empty() {
            break;
        }
        let place = place.index(json.len());
        match way {
            0 => json[place] = byte,
            1 => json.insert(place, byte),
            _ => drop(json.remove(place)),
        }
    }
    json
}

proptest! {
    #[test]
    fn any_payment_is_read_as_it_was_written(payment in payments()) {
        prop_assert_eq!(parse_payment([written(&payment).as_bytes()], []), Ok(Some(payment)));
    }

    #[test]
    fn any_bytes_are_a_payment_that_says_the_same_or_an_error(bytes in any::<Vec<u8>>()) {
        check(&bytes);
    }

    #[test]
    fn any_bytes_are_what_they_say_or_an_error(bytes in any::<Vec<u8>>()) {
        check_sign_in(&bytes);
        check_receipt(&bytes);
        check_facilitator(&bytes);
    }

    #[test]
    fn a_damaged_sign_in_receipt_or_answer_says_the_same_or_is_an_error(
        which in any::<prop::sample::Index>(),
        damage in damages(),
    ) {
        let corpus = ["sign_in_header", "signed_receipt", "facilitator_answer"].map(corpus).concat();
        let damaged = damaged(corpus[which.index(corpus.len())].1.clone(), damage);
        check_sign_in(&damaged);
        check_receipt(&damaged);
        check_facilitator(&damaged);
    }

    #[test]
    fn a_damaged_payment_is_one_that_says_the_same_or_an_error(
        payment in payments(),
        damage in damages(),
    ) {
        check(&damaged(STANDARD.decode(written(&payment)).unwrap(), damage));
    }
}

use alloy_primitives::{Address, hex};
use chrono::TimeDelta;
use domain::Outcome;
use serde_json::{Value, json};
use wallet::GasWallet;

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

const NETWORK: &str = "eip155:84532";

/// The address that [`Stall::network`] is paid to.
const OLD: Address = Address::repeat_byte(0x55);

/// Somebody's wallet, somewhere else.
fn elsewhere() -> GasWallet {
    GasWallet::from_key_bytes(&mut [0x42; 32]).unwrap()
}

fn end_of(address: Address) -> String {
    address.to_string()[36..].to_owned()
}

fn change_to(address: Address, word: &str) -> Value {
    json!({ "network": NETWORK, "payTo": address.to_string(), "word": word })
}

/// T55, I3: the word has to be the end of the new address, and what was sold keeps the old one.
#[tokio::test]
async fn a_changed_payout_address_takes_a_typed_word_and_is_shown_for_a_day() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let guide = stall.add("/guide").await;
    let sold = stall.sell(&guide).await;
    let new = elsewhere().address();
    for word in ["", "CHANGE", &end_of(OLD)] {
        assert_eq!(stall.refused("payout_set", change_to(new, word)).await.code, ErrorCode::InvalidRequest);
    }
    let by_the_way = json!({ "network": NETWORK, "payTo": new.to_string() });
    assert_eq!(stall.refused("network_set", by_the_way).await.code, ErrorCode::Conflict);
    assert_eq!(stall.ask("status", Value::Null).await["payoutChanged"], json!([]));

    let changed = stall.ask("payout_set", change_to(new, &end_of(new).to_lowercase())).await;
    assert_eq!((&changed["payTo"], &changed["verified"]), (&json!(new.to_string()), &json!(false)));
    let payment = stall.app.store().payment(sold.id).await.unwrap().unwrap();
    assert_eq!(payment.pay_to, OLD);
    let quoted = stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await;
    assert_eq!(quoted["payTo"], new.to_string());

    let stall = stall.restart().await;
    let shown = stall.ask("status", Value::Null).await["payoutChanged"].take();
    assert_eq!((&shown[0]["from"], &shown[0]["to"]), (&json!(OLD.to_string()), &json!(new.to_string())));
    stall.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    assert_eq!(stall.ask("status", Value::Null).await["payoutChanged"], json!([]));
    stall.app.stop().await;
}

/// T55: neither a network that is removed and set up again nor a contract's address is a way round the word.
#[tokio::test]
async fn no_other_way_leads_to_another_payout_address() {
    let stall = Stall::open().await;
    stall.network().await;
    stall.add("/guide").await;
    let new = elsewhere().address();
    stall.ask("network_remove", json!({ "network": NETWORK })).await;
    let again = |pay_to: Address| json!({ "network": NETWORK, "rpcUrls": ["http://127.0.0.1:9"], "payTo": pay_to.to_string() });
    assert_eq!(stall.refused("network_set", again(new)).await.code, ErrorCode::Conflict);
    stall.ask("network_set", again(OLD)).await;
    let known = domain::NetworkId::BASE_SEPOLIA.known().unwrap();
    for contract in [known.usdc, known.multicall] {
        let refused = stall.refused("payout_set", change_to(contract, &end_of(contract))).await;
        assert!(refused.message.contains("money sent there is lost"), "{}", refused.message);
    }
    let quoted = stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await;
    assert_eq!(quoted["payTo"], OLD.to_string());
    stall.app.stop().await;
}

#[tokio::test]
async fn an_address_is_the_sellers_when_it_signed_the_message_and_no_other_did() {
    let stall = Stall::open().await;
    stall.network().await;
    let owner = elsewhere();
    let end = end_of(owner.address());
    let view = stall.ask("payout_set", change_to(owner.address(), &end)).await;
    let message = view["message"].as_str().unwrap().to_owned();
    assert!(message.contains(&owner.address().to_string()));
    let signed = |wallet: &GasWallet, message: &str| {
        let signature = wallet.sign_hash(&alloy_primitives::eip191_hash_message(message)).unwrap();
        json!({ "network": NETWORK, "signature": hex::encode_prefixed(signature) })
    };
    let stranger = GasWallet::from_key_bytes(&mut [0x43; 32]).unwrap();
    for wrong in
        [signed(&stranger, &message), signed(&owner, "something else"), json!({ "network": NETWORK })]
    {
        assert_eq!(stall.refused("payout_verify", wrong).await.code, ErrorCode::InvalidRequest);
    }
    assert_eq!(stall.ask("payout_show", Value::Null).await["items"][0]["verified"], false);
    let verified = stall.ask("payout_verify", signed(&owner, &message)).await;
    assert_eq!((&verified["verified"], &verified["verifiedBy"]), (&json!(true), &json!("signature")));
    // Another address has to be shown anew.
    let other = Address::repeat_byte(0x77);
    assert_eq!(stall.ask("payout_set", change_to(other, &end_of(other))).await["verified"], false);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_payment_that_arrived_for_good_shows_an_address_to_whoever_finds_it_there() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let guide = stall.add("/guide").await;
    let sold = stall.sell(&guide).await;
    let request = |word: &str| json!({ "network": NETWORK, "payment": sold.id.to_string(), "word": word });
    let end = end_of(OLD);
    assert_eq!(stall.refused("payout_verify", request(&end)).await.code, ErrorCode::Conflict);
    let batch = stall.batch(&[sold.seq]).await;
    stall.record(batch, &[(sold.seq, Outcome::Settled(evidence(5)))]).await;
    assert_eq!(stall.refused("payout_verify", request(&end)).await.code, ErrorCode::Conflict);
    let asset = stall.asset().await;
    let proved = stall.app.store().proved(asset, 5).await.unwrap();
    stall.app.store().finalise(asset, proved, domain::Clock::now(&*stall.clock)).await.unwrap();
    let shown = stall.ask("payout_show", Value::Null).await["items"][0].take();
    assert_eq!(shown["testPayment"], sold.id.to_string());
    assert_eq!(stall.refused("payout_verify", request("abcdef")).await.code, ErrorCode::InvalidRequest);
    assert_eq!(stall.ask("payout_verify", request(&end)).await["verifiedBy"], "payment");
    stall.app.stop().await;
}

/// T55: the gas wallet's key is on this computer.
#[tokio::test]
async fn neither_the_gas_wallet_nor_the_token_becomes_a_payout_address() {
    let stall = Stall::open().await;
    stall.network().await;
    let wallet = stall.ask("wallet_create", json!({ "passphrase": "correct horse" })).await;
    let wallet: Address = wallet["address"].as_str().unwrap().parse().unwrap();
    let token: Address = "0x036CbD53842c5426634e7929541eC2318f3dCF7e".parse().unwrap();
    for address in [wallet, token] {
        let change = change_to(address, &end_of(address));
        assert_eq!(stall.refused("payout_set", change).await.code, ErrorCode::InvalidRequest);
    }
    let nowhere = json!({ "network": "eip155:8453", "payTo": OLD.to_string(), "word": end_of(OLD) });
    assert_eq!(stall.refused("payout_set", nowhere).await.code, ErrorCode::NotFound);
    stall.app.stop().await;
}

//! Payers whose address has code: their signatures are judged as the token judges them (T19, T20, T51).

use std::slice;

use alloy_primitives::{Address, B256, Bytes, U256, address};
use chain::{CODE_GAS, Chain as _, CodeAnswer, Simulated, Transfer, gas_limit_of, has_signed};
use domain::{Authorization, FailureReason, PayerSignature};
use serde_json::json;

use crate::stage::{Payer, SELLER, Stage};

/// `contracts/test/TestAccount.sol`, compiled.
const TEST_ACCOUNT: &str = include_str!("../../../../../tests/artifacts/test_account.hex");
const ACCOUNT: Address = address!("ac00000000000000000000000000000000000001");

const STINGY: u64 = 1;
const BURNER: u64 = 2;
const HALF_AN_ANSWER: u64 = 3;
const NEARLY_RIGHT: u64 = 4;
const CALLING_BACK: u64 = 5;
const FICKLE: u64 = 7;

/// A smart account with money that accepts what `key` signs, and behaves like this.
async fn account(stage: &Stage, key: &Payer, temper: u64) {
    stage.give_code(ACCOUNT, &format!("0x{}", TEST_ACCOUNT.trim())).await;
    let newest = stage.ask("eth_getBlockByNumber", json!(["latest", false])).await;
    let randomness: B256 = newest["mixHash"].as_str().unwrap().parse().unwrap();
    let prey = if temper == FICKLE { Address::from_word(randomness) } else { stage.asset.address };
    let words = [key.address().into_word(), U256::from(temper).into(), prey.into_word()];
    for (slot, word) in words.into_iter().enumerate() {
        stage.ask("anvil_setStorageAt", json!([ACCOUNT, format!("{slot:#066x}"), word])).await;
    }
    stage.fund(ACCOUNT, 1_000).await;
}

/// A payment of the account, signed by its key, with as many bytes as it pleases.
fn pays(key: &Payer, units: u64, nonce: u8, length: usize) -> Transfer {
    let authorization = Authorization { from: ACCOUNT, ..key.pays(units, nonce).authorization };
    let signed = key.signs(authorization);
    let mut bytes = signed.signature.as_bytes().to_vec();
    bytes.resize(length, 0xee);
    Transfer { signature: PayerSignature::Code(bytes.into()), ..signed }
}

async fn answer(stage: &Stage, transfer: &Transfer) -> CodeAnswer {
    stage.rpc.ask_code(&stage.asset, transfer).await.unwrap()
}

#[tokio::test]
async fn what_code_accepts_settles_whatever_its_length() {
    let stage = Stage::open().await;
    let key = stage.payer(1, 0).await;
    account(&stage, &key, 0).await;
    for (nonce, length) in [(1, 65), (2, 96), (3, 2_048)] {
        let transfer = pays(&key, 10, nonce, length);
        assert_eq!(answer(&stage, &transfer).await, CodeAnswer::Pays, "{length} bytes");
        let mined = stage.settle(slice::from_ref(&transfer)).await;
        assert!(mined.succeeded && mined.events.len() == 1, "{mined:?}");
        assert!(mined.gas_used < CODE_GAS, "{} gas", mined.gas_used);
        assert_eq!(answer(&stage, &transfer).await, CodeAnswer::Refused(FailureReason::NonceUsed));
    }
    assert_eq!(stage.balance(SELLER).await, 30);
}

#[tokio::test]
async fn what_code_does_not_accept_exactly_is_not_accepted() {
    let stage = Stage::open().await;
    let (key, stranger) = (stage.payer(1, 0).await, stage.payer(2, 0).await);
    account(&stage, &key, 0).await;
    let forged = pays(&stranger, 10, 1, 65);
    assert_eq!(answer(&stage, &forged).await, CodeAnswer::NotAccepted);
    let empty = Transfer { signature: PayerSignature::Code(Bytes::new()), ..pays(&key, 10, 1, 65) };
    assert_eq!(answer(&stage, &empty).await, CodeAnswer::NotAccepted);
    for temper in [BURNER, HALF_AN_ANSWER, NEARLY_RIGHT] {
        account(&stage, &key, temper).await;
        assert_eq!(answer(&stage, &pays(&key, 10, 1, 65)).await, CodeAnswer::NotAccepted, "{temper}");
    }
    // Signed by the right key, but for another amount.
    account(&stage, &key, 0).await;
    let mut dearer = pays(&key, 10, 1, 65);
    dearer.authorization.value = U256::from(11);
    assert_eq!(answer(&stage, &dearer).await, CodeAnswer::NotAccepted);
}

/// The token asks by a static call, so whatever code reaches for when it is asked stays where it is.
#[tokio::test]
async fn code_that_calls_back_into_the_token_moves_nothing_but_its_payment() {
    let stage = Stage::open().await;
    let key = stage.payer(1, 0).await;
    account(&stage, &key, CALLING_BACK).await;
    let transfer = pays(&key, 10, 1, 65);
    assert_eq!(answer(&stage, &transfer).await, CodeAnswer::Pays);
    let mined = stage.settle(slice::from_ref(&transfer)).await;
    assert_eq!(mined.events.len(), 1);
    assert_eq!((stage.balance(ACCOUNT).await, stage.balance(SELLER).await), (990, 10));
    assert_eq!(stage.balance(address!("0000000000000000000000000000000000000bad")).await, 0);
}

#[tokio::test]
async fn the_tokens_other_reasons_are_told_from_the_codes() {
    let stage = Stage::open().await;
    let key = stage.payer(1, 0).await;
    account(&stage, &key, 0).await;
    let too_much = pays(&key, 1_001, 1, 65);
    assert_eq!(answer(&stage, &too_much).await, CodeAnswer::Refused(FailureReason::Underfunded));
    let mut over = key.pays(1, 1).authorization;
    (over.from, over.valid_before) = (ACCOUNT, 1_700_000_000);
    let signed = key.signs(over);
    let bytes = Bytes::copy_from_slice(signed.signature.as_bytes());
    let over = Transfer { signature: PayerSignature::Code(bytes), ..signed };
    assert_eq!(answer(&stage, &over).await, CodeAnswer::Refused(FailureReason::Expired));
    stage.as_owner("pause()", None).await;
    assert_eq!(answer(&stage, &pays(&key, 1, 1, 65)).await, CodeAnswer::Refused(FailureReason::Paused));
    // A token that recovers keys only has no such call.
    stage.give_code(stage.asset.address, "0x60006000fd").await;
    assert_eq!(answer(&stage, &pays(&key, 1, 1, 65)).await, CodeAnswer::NotByToken);
}

/// T19: nothing that is asked beforehand binds code, so what settles is what the chain says, and it costs no more than was
/// fixed before.
#[tokio::test]
async fn code_that_changes_its_mind_costs_no_more_than_its_gas_limit() {
    let stage = Stage::open().await;
    let key = stage.payer(1, 0).await;
    account(&stage, &key, FICKLE).await;
    let transfer = pays(&key, 10, 1, 65);
    assert_eq!(answer(&stage, &transfer).await, CodeAnswer::Pays);
    let mined = stage.settle(slice::from_ref(&transfer)).await;
    assert!(!mined.succeeded && mined.events.is_empty());
    assert!(mined.gas_used <= gas_limit_of(slice::from_ref(&transfer)));
    assert_eq!(stage.balance(SELLER).await, 0);
}

/// T19, I11: code that tells by the price who only asks and who pays for the answer is refused before anybody pays, also
/// when the wallet is too poor to be tried with.
#[tokio::test]
async fn code_that_refuses_whoever_pays_for_gas_is_refused_at_the_door() {
    let stage = Stage::open().await;
    let key = stage.payer(1, 0).await;
    account(&stage, &key, STINGY).await;
    let transfer = pays(&key, 10, 1, 65);
    assert_eq!(answer(&stage, &transfer).await, CodeAnswer::NotAccepted);
    let from = stage.gas.address();
    let tried = stage.rpc.simulate(from, &stage.asset, slice::from_ref(&transfer)).await.unwrap();
    assert_eq!(tried, [Simulated::Refused(FailureReason::SignatureRefused)]);
    assert_eq!(stage.rpc.sender(from).await.unwrap().mined_nonce, 0);
    // Nothing could be sent from there, and what else is wrong is still found out.
    let poor = address!("00000000000000000000000000000000000000aa");
    let honest = stage.payer(2, 10).await;
    for (units, fate) in [(10, Simulated::Pays), (11, Simulated::Refused(FailureReason::Underfunded))] {
        let transfer = honest.pays(units, 1);
        let tried = stage.rpc.simulate(poor, &stage.asset, slice::from_ref(&transfer)).await.unwrap();
        assert_eq!(tried, [fate]);
    }
}

/// T51.
#[tokio::test]
async fn what_code_judges_is_never_tried_among_others() {
    let stage = Stage::open().await;
    let key = stage.payer(1, 0).await;
    account(&stage, &key, 0).await;
    let plain = stage.payer(2, 10).await;
    let transfers = [pays(&key, 10, 1, 65), plain.pays(1, 1), plain.pays(1, 2)];
    let fates = stage.rpc.simulate(stage.gas.address(), &stage.asset, &transfers).await.unwrap();
    assert_eq!(fates, [Simulated::Apart, Simulated::Pays, Simulated::Pays]);
    let alone = stage.rpc.simulate(stage.gas.address(), &stage.asset, &transfers[..1]).await.unwrap();
    assert_eq!(alone, [Simulated::Pays]);
    assert_eq!(transfers[0].authorization.nonce, B256::repeat_byte(1));
}

/// T20: the key of a delegated account counts if the code says so, and then by the old call as well.
#[tokio::test]
async fn the_code_of_a_delegated_account_decides_about_its_own_key() {
    let stage = Stage::open().await;
    let owner = stage.payer(1, 100).await;
    stage.give_code(ACCOUNT, &format!("0x{}", TEST_ACCOUNT.trim())).await;
    let delegated = format!("0xef0100{}", alloy_primitives::hex::encode(ACCOUNT));
    stage.give_code(owner.address(), &delegated).await;
    let by_key = owner.pays(10, 1);
    let bytes = Bytes::copy_from_slice(by_key.signature.as_bytes());
    let by_code = Transfer { signature: PayerSignature::Code(bytes), ..by_key.clone() };
    assert_eq!(answer(&stage, &by_code).await, CodeAnswer::Pays);
    let alone = stage.rpc.simulate(stage.gas.address(), &stage.asset, slice::from_ref(&by_key)).await;
    assert_eq!(alone.unwrap(), [Simulated::Pays]);
    stage.settle(slice::from_ref(&by_key)).await;
    assert_eq!(stage.balance(SELLER).await, 10);
    // Code that knows no such question accepts nothing.
    stage.give_code(owner.address(), "0xef0100ca11bde05977b3631167028862be2a173976ca11").await;
    let next = owner.pays(10, 2);
    let bytes = Bytes::copy_from_slice(next.signature.as_bytes());
    let by_code = Transfer { signature: PayerSignature::Code(bytes), ..next };
    assert_eq!(answer(&stage, &by_code).await, CodeAnswer::NotAccepted);
}

/// A sign-in of a smart account is its code's to judge, one of a plain account its key's, and nobody else's (T19).
#[tokio::test]
async fn a_message_is_signed_by_the_accounts_key_or_by_what_its_code_accepts() {
    let stage = Stage::open().await;
    let (key, stranger) = (stage.payer(1, 0).await, stage.payer(2, 0).await);
    account(&stage, &key, 0).await;
    let text = "stall.example wants you to sign in";
    let [by_key, by_stranger] = [key.says(text), stranger.says(text)];
    let signed = |account, text, signature| has_signed(&stage.rpc, account, text, signature);
    assert_eq!(signed(key.address(), text, &by_key).await, Ok(true));
    assert_eq!(signed(ACCOUNT, text, &by_key).await, Ok(true));
    assert_eq!(signed(ACCOUNT, "stall.example wants something else", &by_key).await, Ok(false));
    assert_eq!(signed(ACCOUNT, text, &by_stranger).await, Ok(false));
    assert_eq!(signed(ACCOUNT, text, &[]).await, Ok(false));
    assert_eq!(signed(key.address(), text, &by_stranger).await, Ok(false), "there is no code to accept it");
    for temper in [BURNER, HALF_AN_ANSWER, NEARLY_RIGHT] {
        account(&stage, &key, temper).await;
        assert_eq!(signed(ACCOUNT, text, &by_key).await, Ok(false), "{temper}");
    }
    // Where nobody can be asked, nobody has signed, but what a key signed needs no asking.
    let mut stage = stage;
    stage.end();
    assert_eq!(has_signed(&stage.rpc, key.address(), text, &by_key).await, Ok(true));
    assert!(has_signed(&stage.rpc, ACCOUNT, text, &by_key).await.is_err());
}

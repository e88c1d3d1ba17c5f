//! Payers whose address has code: the money first, and only as the token itself will take it (T19, T20).

use chain::CodeAnswer;
use domain::{Clock as _, OwnedFor};
use domain::{Delivery, Evidence, FailureReason, Mode, Outcome, PayerSignature, PaymentState};
use serde_json::Value;
use store::{Choice, NewBatch, Trigger, Verdict};

use crate::buyer::{BOTH, Signed, Version, encode, header_name};
use crate::http::Reply;
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Goods, Stall, eventually};

const OF_CODE: &str = "0xc0de";

/// The same payment with a signature that no key makes.
async fn pay_with_code(stall: &Stall, signed: &Signed, version: Version) -> Reply {
    let mut json = signed.payment(version);
    json["payload"]["signature"] = Value::from(OF_CODE);
    stall.pay_with(GUIDE, header_name(version), &encode(&json)).await
}

/// Ends the one payment that waits.
async fn decide(stall: &Stall, outcome: Outcome) -> PayerSignature {
    let waiting = async || stall.store.queued(stall.asset_id, Choice::Instant, 9).await.unwrap();
    eventually("a payment waits", async || !waiting().await.is_empty()).await;
    let payment = waiting().await.remove(0);
    let (at, payments) = (stall.clock.now(), vec![payment.seq]);
    let batch = NewBatch { asset: stall.asset_id, payments, trigger: Trigger::Instant, at };
    let batch = stall.store.open_batch(batch).await.unwrap().id;
    let outcomes = vec![(payment.seq, outcome)];
    stall.store.record(Verdict { batch, attempt: None, outcomes, at }).await.unwrap();
    payment.signature
}

fn settled() -> Outcome {
    let hash = alloy_primitives::B256::repeat_byte(0xaa);
    Outcome::Settled(Evidence { block: 9, block_hash: hash, transaction: hash })
}

/// However the endpoint is sold: nothing leaves before the money of a payer with code has arrived.
#[tokio::test]
async fn what_code_accepts_is_settled_before_it_is_served() {
    let stall = Stall::open().await;
    for (number, version) in BOTH.into_iter().enumerate() {
        let account = stall.buyer(&format!("account {number}"));
        stall.chain.let_code_answer(account.address(), CodeAnswer::Pays);
        let signed = stall.sign(&account, GUIDE).await;
        let (reply, kept) = tokio::join!(pay_with_code(&stall, &signed, version), decide(&stall, settled()));
        assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
        assert_eq!(reply.decoded("PAYMENT-RESPONSE")["extra"]["settlement"]["status"], "settled");
        assert_eq!(kept, PayerSignature::Code(vec![0xc0, 0xde].into()), "as it came");
        let payment = &stall.payments().await[0];
        assert_eq!((payment.mode, payment.state), (Mode::Instant, PaymentState::Settled));
    }
    assert_eq!(stall.store.exposures().await.unwrap()[0].amount.atomic(), 0);
}

/// T20: the token asks the code, whoever's key signed.
#[tokio::test]
async fn the_key_of_a_delegated_account_counts_only_if_its_code_says_so() {
    let stall = Stall::open().await;
    let refusing = stall.buyer("refusing");
    stall.chain.give_code(refusing.address());
    let (_, reply) = stall.buy(&refusing, GUIDE, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_exact_evm_payload_signature"));
    assert!(reply.json()["errorMessage"].as_str().unwrap().contains("EIP-7702"));
    assert!(stall.payments().await.is_empty());

    let accepting = stall.buyer("accepting");
    stall.chain.let_code_answer(accepting.address(), CodeAnswer::Pays);
    let mut signed = stall.sign(&accepting, GUIDE).await;
    let plain = signed.signature;
    signed.signature[64] -= 27;
    let (reply, kept) = tokio::join!(stall.pay(GUIDE, &signed, Version::Two), decide(&stall, settled()));
    assert_eq!(reply.status, 200);
    assert_eq!(kept, PayerSignature::Code(plain.into()), "in the spelling that all of them take");
}

#[tokio::test]
async fn what_code_or_token_refuse_buys_nothing_and_says_why() {
    let stall = Stall::open().await;
    for (number, (answer, code, words)) in [
        (CodeAnswer::NotAccepted, "invalid_exact_evm_payload_signature", "does not accept this signature"),
        (
            CodeAnswer::NotByToken,
            "invalid_exact_evm_payload_signature",
            "takes no payments of smart accounts",
        ),
        (CodeAnswer::Refused(FailureReason::Underfunded), "insufficient_funds", "does not hold enough"),
        (CodeAnswer::Refused(FailureReason::Paused), "unexpected_verify_error", "paused"),
    ]
    .into_iter()
    .enumerate()
    {
        let account = stall.buyer(&format!("account {number}"));
        stall.chain.let_code_answer(account.address(), answer);
        let signed = stall.sign(&account, GUIDE).await;
        let reply = pay_with_code(&stall, &signed, Version::Two).await;
        assert_eq!((reply.status, reply.error().as_str()), (402, code), "{answer:?}");
        let sentence = reply.json()["errorMessage"].as_str().unwrap().to_owned();
        assert!(sentence.contains(words), "{sentence}");
        assert_eq!(
            reply.decoded("PAYMENT-REQUIRED")["accepts"][0]["amount"],
            crate::stall::PRICE.to_string()
        );
    }
    assert!(stall.payments().await.is_empty());
}

/// T19: an account whose code refused on chain what it had accepted is not believed again.
#[tokio::test]
async fn an_account_that_failed_once_is_sent_to_another_wallet() {
    let stall = Stall::open().await;
    let account = stall.buyer("fickle");
    stall.chain.let_code_answer(account.address(), CodeAnswer::Pays);
    let signed = stall.sign(&account, GUIDE).await;
    let failed = Outcome::Failed(FailureReason::SignatureRefused);
    let (reply, _) = tokio::join!(pay_with_code(&stall, &signed, Version::Two), decide(&stall, failed));
    assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_exact_evm_payload_signature"));
    assert!(!reply.body.windows(GUIDE_TEXT.len()).any(|part| part == GUIDE_TEXT));
    assert_eq!(stall.payment().await.delivery, Delivery::Waiting);
    let again = stall.sign(&account, GUIDE).await;
    let reply = pay_with_code(&stall, &again, Version::Two).await;
    assert_eq!(reply.status, 402);
    assert!(reply.json()["errorMessage"].as_str().unwrap().contains("failed on chain"));
    assert_eq!(stall.payments().await.len(), 1);
}

/// Owning is proved by what the code accepts, also when the account is empty; nothing else is.
#[tokio::test]
async fn an_account_receives_again_what_it_owns_and_nobody_else_does() {
    let stall = Stall::open().await;
    let account = stall.buyer("account");
    stall.chain.let_code_answer(account.address(), CodeAnswer::Pays);
    let signed = stall.sign(&account, GUIDE).await;
    let (reply, _) = tokio::join!(pay_with_code(&stall, &signed, Version::Two), decide(&stall, settled()));
    assert_eq!(reply.status, 200);

    let fresh = stall.sign(&account, GUIDE).await;
    stall.chain.let_code_answer(account.address(), CodeAnswer::NotAccepted);
    assert_eq!(pay_with_code(&stall, &fresh, Version::Two).await.status, 402);
    let empty = CodeAnswer::Refused(FailureReason::Underfunded);
    stall.chain.let_code_answer(account.address(), empty);
    let reply = pay_with_code(&stall, &fresh, Version::Two).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
    // Whose signature it is nobody can tell now.
    stall.chain.set_away(true);
    let reply = pay_with_code(&stall, &fresh, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "chain_unavailable"));
    assert_eq!(stall.payments().await.len(), 1);
}

/// I6: what is too short for the queue is settled first instead of being refused.
#[tokio::test]
async fn an_authorization_that_is_too_short_for_the_schedule_is_settled_first() {
    let stall = Stall::open().await;
    for (number, seconds) in [36 * 3_600 - 1, 30].into_iter().enumerate() {
        let buyer = stall.buyer(&format!("hurried {number}"));
        let mut signed = stall.sign(&buyer, GUIDE).await;
        signed.authorization.valid_before = stall.clock.seconds() + seconds;
        signed.signature = buyer.sign(&crate::stall::asset(), &signed.authorization);
        let (reply, _) = tokio::join!(stall.pay(GUIDE, &signed, Version::Two), decide(&stall, settled()));
        assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT), "{seconds} seconds");
    }
    assert!(stall.payments().await.iter().all(|payment| payment.mode == Mode::Instant));
}

/// T46: nobody signs for what could not be settled now, and nobody waits a minute to be told.
#[tokio::test]
async fn what_must_be_settled_first_is_not_offered_while_nothing_can_be_settled() {
    let stall = Stall::open().await;
    let instant = Goods { mode: Mode::Instant, owned_for: OwnedFor::NEVER, ..GOODS };
    stall.add("/song", "song.txt", b"la la la", instant).await;
    let (buyer, account) = (stall.buyer("ada"), stall.buyer("account"));
    stall.chain.let_code_answer(account.address(), CodeAnswer::Pays);
    let (early, of_code) = (stall.sign(&buyer, "/song").await, stall.sign(&account, GUIDE).await);
    let network = domain::NetworkId::BASE_SEPOLIA;
    stall.networks.settles(network, false);
    stall.until("/song", 503).await;
    assert_eq!(stall.get("/song").await.error(), "not_for_sale_now");
    let reply = stall.pay("/song", &early, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "settlement_unavailable"));
    let reply = pay_with_code(&stall, &of_code, Version::Two).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "settlement_unavailable"));
    assert!(stall.payments().await.is_empty());
    // What may wait is sold as ever.
    assert_eq!(stall.buy(&buyer, GUIDE, Version::Two).await.1.status, 200);
    stall.networks.settles(network, true);
    stall.until("/song", 402).await;
}

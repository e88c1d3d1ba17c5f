use alloy_primitives::{Address, B256};
use chain::{Chain as _, ChainError, PayerQuestion, Rpc};
use domain::{AuthorizationKey, NetworkId};
use futures::FutureExt as _;
use futures::future::join_all;

use crate::front::{Front, Reply};
use crate::stage::{Stage, start_node};

fn key(payer: Address, nonce: u8) -> AuthorizationKey {
    AuthorizationKey { payer, nonce: B256::repeat_byte(nonce) }
}

/// I5: a balance is worth nothing without the block it was read at.
#[tokio::test]
async fn balance_nonce_and_code_are_read_at_one_named_block() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 5_000).await;
    let before = stage.rpc.payer(stage.question(payer.pays(1, 1).authorization.key())).await.unwrap();
    assert_eq!((before.balance.atomic(), before.nonce_used, before.has_code), (5_000, false, false));

    stage.settle(&[payer.pays(2_000, 1)]).await;
    let after = stage.rpc.payer(stage.question(key(payer.address(), 1))).await.unwrap();
    let head = stage.rpc.head().await.unwrap();
    assert_eq!((after.balance.atomic(), after.nonce_used, after.has_code), (3_000, true, false));
    assert_eq!((after.block, after.timestamp), (head.number, head.timestamp));
    assert_eq!(after.block, before.block + 1);

    // T20: a plain account that was delegated has code.
    stage.give_code(payer.address(), "0xef0100ca11bde05977b3631167028862be2a173976ca11").await;
    let delegated = stage.rpc.payer(stage.question(key(payer.address(), 2))).await.unwrap();
    assert_eq!((delegated.nonce_used, delegated.has_code), (false, true));
    assert!(stage.rpc.has_code(payer.address()).await.unwrap());
    assert!(!stage.rpc.has_code(stage.gas.address()).await.unwrap());
}

/// One thread, so that nothing comes between the questions: the first may leave alone, the rest wait for its answer.
#[tokio::test]
async fn questions_that_arrive_together_travel_together() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    let mut questions = Vec::new();
    for number in 0..64 {
        let payer = stage.payer(number, 1_000 + u64::from(number)).await;
        questions.push(stage.question(key(payer.address(), number)));
    }
    let answers = join_all(questions.iter().map(|question| rpc.payer(*question))).await;
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.unwrap().balance.atomic(), 1_000 + number as u64);
    }
    assert!(front.count("eth_call") <= 3, "{} calls", front.count("eth_call"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_reaches_everyone_who_waits_and_the_next_question_is_asked_anew() {
    let stage = Stage::open().await;
    let front = Front::of(&stage.url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    let question = stage.question(key(stage.gas.address(), 1));
    front.decide(|_| Reply::Http(503, "busy".to_owned()));
    for answer in join_all((0..20).map(|_| rpc.payer(question))).await {
        assert!(matches!(answer, Err(ChainError::Unreachable { .. })), "{answer:?}");
    }
    front.decide(|_| Reply::Node);
    assert_eq!(rpc.payer(question).await.unwrap().balance.atomic(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_waiting_takes_no_answer_from_the_others() {
    let stage = Stage::open().await;
    let question = stage.question(key(stage.gas.address(), 1));
    // Asked first, and gone before the answer.
    assert!(stage.rpc.payer(question).now_or_never().is_none());
    assert!(stage.rpc.payer(question).await.is_ok());
}

/// More than one call carries, and of two assets: still one block, and every answer in its place.
#[tokio::test]
async fn many_questions_are_answered_in_order_at_one_block() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 77).await;
    let questions: Vec<PayerQuestion> = (0..450)
        .map(|number: u32| {
            let payer = if number == 449 {
                payer.address()
            } else {
                Address::left_padding_from(&number.to_be_bytes())
            };
            stage.question(key(payer, 1))
        })
        .collect();
    let answers = stage.rpc.payers(&questions).await.unwrap();
    assert_eq!(answers.len(), 450);
    assert!(answers.iter().all(|facts| facts.block == answers[0].block));
    assert_eq!(answers[449].balance.atomic(), 77);
    assert!(answers[..449].iter().all(|facts| facts.balance.atomic() == 0));
    assert_eq!(stage.rpc.payers(&[]).await, Ok(Vec::new()));
}

#[tokio::test]
async fn an_address_without_a_token_answers_no_question() {
    let stage = Stage::open().await;
    let question = PayerQuestion { asset: stage.gas.address(), key: key(stage.gas.address(), 1) };
    assert!(matches!(stage.rpc.payer(question).await, Err(ChainError::Refused(_))));
    let token = stage.rpc.token(stage.gas.address()).await;
    assert!(
        matches!(token, Err(ChainError::Refused(why)) if why.starts_with(&stage.gas.address().to_string()))
    );
}

/// T17.
#[tokio::test]
async fn a_token_says_what_its_payers_must_sign_for() {
    let stage = Stage::open().await;
    let facts = stage.rpc.token(stage.asset.address).await.unwrap();
    assert_eq!((facts.name.as_str(), facts.version.as_str(), facts.decimals), ("USDC", "2", 6));
    assert_eq!(facts.domain_separator, chain::domain_separator(&stage.asset));
}

/// T53: an answer of another length or form is no answer.
#[tokio::test]
async fn an_answer_that_does_not_fit_the_questions_is_not_believed() {
    let (mut node, _folder, url) = start_node(84_532, &serde_json::json!({}));
    let front = Front::of(&url).await;
    let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![front.url.clone()]).await.unwrap();
    let question = PayerQuestion { asset: Address::ZERO, key: key(Address::ZERO, 1) };
    for words in [0, 1, 2, 4, 8] {
        front.decide(move |request| match request["method"].as_str() {
            Some("eth_call") => Reply::Result(format!("0x{}", "01".repeat(32 * words)).into()),
            _ => Reply::Node,
        });
        let answer = rpc.payer(question).await;
        assert!(matches!(answer, Err(ChainError::Unknown(_))), "{answer:?}");
    }
    node.kill().unwrap();
    node.wait().unwrap();
}

/// T05, T06: logs name whom to look at again, and nobody else.
#[tokio::test]
async fn payers_whose_money_left_or_who_cancelled_are_named() {
    let stage = Stage::open().await;
    let (spender, canceller, quiet) =
        (stage.payer(1, 5).await, stage.payer(2, 5).await, stage.payer(3, 5).await);
    let before = stage.rpc.head().await.unwrap().number;
    stage.settle(&[spender.pays(2, 1)]).await;
    let cancel = stage.sign(canceller.cancels(stage.asset.address, 1), 120_000).await;
    stage.rpc.broadcast(&cancel.raw).await.unwrap();
    stage.mined(cancel.hash).await;
    let head = stage.rpc.head().await.unwrap().number;

    let all = [spender.address(), canceller.address(), quiet.address()];
    let moved = |from, to| stage.rpc.payers_moved(stage.asset.address, &all, from, to);
    let mut expected = vec![spender.address(), canceller.address()];
    expected.sort_unstable();
    assert_eq!(moved(before + 1, head).await.unwrap(), expected);
    assert!(moved(head + 1, head).await.unwrap().is_empty());
    assert!(moved(0, before).await.unwrap().is_empty());
    let only = stage.rpc.payers_moved(stage.asset.address, &all[2..], 0, head).await;
    assert!(only.unwrap().is_empty());
}

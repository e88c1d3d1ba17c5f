use chrono::TimeDelta;
use domain::{Clock as _, Delivery, FailureReason, Outcome};
use serde_json::{Value, json};
use store::PaymentRef;

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

/// Payments that were delivered and then failed for a reason.
async fn failed(stall: &mut Stall, count: u64, reason: FailureReason) -> Vec<PaymentRef> {
    let guide = stall.add(&format!("/{reason}")).await;
    let mut sold = Vec::new();
    for _ in 0..count {
        let payment = stall.sell(&guide).await;
        stall.app.store().record_delivery(payment.seq, Delivery::Delivered, 7);
        sold.push(payment);
    }
    let seqs: Vec<_> = sold.iter().map(|one| one.seq).collect();
    let batch = stall.batch(&seqs).await;
    let outcomes: Vec<_> = seqs.iter().map(|seq| (*seq, Outcome::Failed(reason))).collect();
    stall.record(batch, &outcomes).await;
    sold
}

#[tokio::test]
async fn every_failure_says_what_is_at_stake_how_long_and_what_helps() {
    let mut stall = Stall::open().await;
    let sold = failed(&mut stall, 3, FailureReason::Underfunded).await;
    failed(&mut stall, 1, FailureReason::Blocked).await;
    let list = stall.ask("failure_list", json!({ "reason": "underfunded", "limit": 2 })).await;
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        assert_eq!(item["kind"], "underfunded");
        assert_eq!(item["sentence"], "The buyer's wallet no longer holds enough.");
        assert_eq!(item["formatted"], "0.05");
        assert_eq!((&item["tries"], &item["recoverable"]), (&json!(1), &json!(true)));
        assert_eq!(item["secondsLeft"], 72 * 3600 - 1, "the second endpoint was made a second later");
        assert!(item["nextTryAt"].as_i64().unwrap() > item["createdAt"].as_i64().unwrap());
        assert_eq!(
            item["actions"],
            json!(["retry_now", "mark_settled_elsewhere", "block_payer", "write_off"])
        );
    }
    assert_eq!(
        (&list["recoverable"]["payments"], &list["recoverable"]["formatted"]),
        (&json!(4), &json!("0.20"))
    );
    let rest = json!({ "reason": "underfunded", "after": list["next"] });
    assert_eq!(stall.ask("failure_list", rest).await["items"].as_array().unwrap().len(), 1);
    let all = stall.ask("failure_list", json!({})).await;
    assert_eq!(all["items"].as_array().unwrap().len(), 4);

    stall.clock.advance(TimeDelta::days(4));
    let shown = stall.ask("failure_show", json!({ "payment": sold[0].id.to_string() })).await;
    assert_eq!((&shown["secondsLeft"], &shown["recoverable"]), (&Value::Null, &json!(false)));
    assert_eq!(shown["actions"], json!(["mark_settled_elsewhere", "block_payer", "write_off"]));
    for wrong in [
        json!({ "reason": "because" }),
        json!({ "limit": 0 }),
        json!({ "after": "somewhere" }),
        json!({ "payer": "nobody" }),
    ] {
        assert_eq!(stall.refused("failure_list", wrong).await.code, ErrorCode::InvalidRequest);
    }
    assert_eq!(
        stall.refused("failure_list", json!({ "network": "eip155:9" })).await.code,
        ErrorCode::NotFound
    );
    stall.app.stop().await;
}

#[tokio::test]
async fn what_nobody_knows_yet_stands_apart() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let (paused, sent) = (stall.sell(&guide).await, stall.sell(&guide).await);
    let batch = stall.batch(&[paused.seq]).await;
    stall.record(batch, &[(paused.seq, Outcome::Failed(FailureReason::Paused))]).await;
    stall.batch(&[sent.seq]).await;
    stall.clock.advance(TimeDelta::minutes(3));
    let list = stall.ask("failure_list", json!({})).await;
    let kinds: Vec<_> =
        list["uncertain"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, ["paused", "on_its_way"]);
    assert_eq!(list["items"], json!([]));
    stall.app.stop().await;
}

#[tokio::test]
async fn what_was_given_up_can_be_taken_up_again() {
    let mut stall = Stall::open().await;
    let sold = failed(&mut stall, 1, FailureReason::Underfunded).await;
    let name = json!({ "payment": sold[0].id.to_string() });
    assert_eq!(stall.refused("payment_reopen", name.clone()).await.code, ErrorCode::Conflict);
    stall.ask("payment_write_off", json!({ "payments": [sold[0].id.to_string()] })).await;
    let given_up = stall.ask("failure_show", name.clone()).await;
    assert_eq!(given_up["actions"], json!(["reopen", "mark_settled_elsewhere"]));
    let again = stall.ask("payment_reopen", name).await;
    assert_eq!((&again["state"], &again["kind"]), (&json!("failed"), &json!("underfunded")));
    assert_eq!(stall.refused("payment_reopen", json!({ "payment": "x" })).await.code, ErrorCode::NotFound);
    stall.app.stop().await;
}

/// What helps is offered for every kind, and nothing that does not.
#[tokio::test]
async fn every_kind_of_failure_offers_what_makes_sense_for_it() {
    let mut stall = Stall::open().await;
    // Nobody runs the node here, which is in the way of what waits.
    let [node, retry, elsewhere, block, write_off, reopen] =
        ["check_node", "retry_now", "mark_settled_elsewhere", "block_payer", "write_off", "reopen"];
    let failed_ones = [
        FailureReason::Underfunded,
        FailureReason::Blocked,
        FailureReason::PayerHasCode,
        FailureReason::SignatureRefused,
        FailureReason::NonceUsed,
        FailureReason::Refused,
    ];
    let failing =
        failed_ones.map(|reason| (Outcome::Failed(reason), vec![retry, elsewhere, block, write_off]));
    let waiting = [FailureReason::Paused, FailureReason::PayoutBlocked, FailureReason::NotYetValid]
        .map(|reason| (Outcome::Failed(reason), vec![node, retry, elsewhere]));
    let ended = [
        (Outcome::Expired, vec![write_off]),
        (Outcome::Cancelled(evidence(5)), vec![block]),
        (Outcome::Diverted(evidence(6)), vec![block]),
        (Outcome::Settled(evidence(7)), vec![]),
    ];
    let guide = stall.add("/guide").await;
    for (outcome, expected) in failing.into_iter().chain(waiting).chain(ended) {
        let payment = stall.sell(&guide).await;
        stall.app.store().record_delivery(payment.seq, Delivery::Delivered, 7);
        let batch = stall.batch(&[payment.seq]).await;
        stall.record(batch, &[(payment.seq, outcome)]).await;
        let name = json!({ "payment": payment.id.to_string() });
        let shown = stall.ask("failure_show", name.clone()).await;
        assert_eq!(shown["actions"], json!(expected), "{outcome:?}");
        assert!(!shown["sentence"].as_str().unwrap().is_empty());
        if expected.contains(&write_off) {
            stall.ask("payment_write_off", json!({ "payments": [payment.id.to_string()] })).await;
            let given_up = stall.ask("failure_show", name.clone()).await;
            assert_eq!(given_up["actions"], json!([reopen, elsewhere]), "{outcome:?}");
            let again = stall.ask("payment_reopen", name).await;
            assert_eq!(again["kind"], shown["kind"], "{outcome:?}");
        }
    }
    let unworthy = stall.sell(&guide).await;
    let name = json!({ "payment": unworthy.id.to_string() });
    let write_off_unworthy = async || {
        stall.app.store().write_off_unworthy(vec![unworthy.seq], stall.clock.now()).await.unwrap();
        stall.ask("failure_show", name.clone()).await
    };
    assert_eq!(write_off_unworthy().await["actions"], json!([reopen, elsewhere]));
    let again = stall.ask("payment_reopen", name.clone()).await;
    assert_eq!((&again["state"], &again["kind"]), (&json!("queued"), &json!("not_worth_gas")));
    assert_eq!(again["actions"], json!([node, retry, elsewhere]));
    write_off_unworthy().await;
    stall.clock.advance(TimeDelta::days(4));
    assert_eq!(stall.ask("failure_show", name.clone()).await["actions"], json!([elsewhere]));
    let over = stall.refused("payment_reopen", name).await;
    assert!(over.message.starts_with("Its authorization is over"), "{}", over.message);
    stall.app.stop().await;
}

/// I7: nothing about a payment's outcome is believed without the chain.
#[tokio::test]
async fn without_the_chain_nothing_is_tried_again_or_marked() {
    let mut stall = Stall::open().await;
    let sold = failed(&mut stall, 1, FailureReason::Underfunded).await;
    let id = sold[0].id.to_string();
    let marked = json!({ "payment": id, "transaction": format!("0x{}", "77".repeat(32)) });
    for (command, body) in
        [("payment_retry", json!({ "payments": [id] })), ("payment_settled_elsewhere", marked)]
    {
        assert_eq!(stall.refused(command, body).await.code, ErrorCode::Unavailable, "{command}");
    }
    let wrong = json!({ "payment": id, "transaction": "0x77" });
    assert_eq!(stall.refused("payment_settled_elsewhere", wrong).await.code, ErrorCode::InvalidRequest);
    for wrong in
        [json!({}), json!({ "reason": "expired" }), json!({ "payments": [id], "reason": "underfunded" })]
    {
        assert_eq!(stall.refused("payment_retry", wrong).await.code, ErrorCode::InvalidRequest);
    }
    let guide = stall.add("/guide").await;
    let queued = stall.sell(&guide).await;
    let told = stall.ask("payment_retry", json!({ "payments": [queued.id.to_string()] })).await;
    assert_eq!((&told["queued"], &told["items"][0]["queued"]), (&json!(0), &json!(false)));
    let settled = stall.batch(&[queued.seq]).await;
    stall.record(settled, &[(queued.seq, Outcome::Settled(evidence(5)))]).await;
    let shown = stall.ask("failure_show", json!({ "payment": queued.id.to_string() })).await;
    assert_eq!(shown["actions"], json!([]));
    stall.app.stop().await;
}

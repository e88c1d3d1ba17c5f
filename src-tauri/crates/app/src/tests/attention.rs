use domain::{FailureReason, Outcome};
use serde_json::{Value, json};

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

async fn payments(stall: &Stall) -> Vec<(String, u64, String)> {
    let items = stall.ask("attention_list", Value::Null).await["items"].take();
    let of_payments = items.as_array().unwrap().iter().filter(|item| item["kind"] == "payments");
    of_payments
        .map(|item| {
            assert_eq!(item["action"], "write_off");
            assert!(!item["sentence"].as_str().unwrap().is_empty());
            let amount = item["amount"]["formatted"].as_str().unwrap().to_owned();
            (item["reason"].as_str().unwrap().to_owned(), item["payments"].as_u64().unwrap(), amount)
        })
        .collect()
}

fn told(reason: &str, payments: u64, amount: &str) -> (String, u64, String) {
    (reason.to_owned(), payments, amount.to_owned())
}

#[tokio::test]
async fn what_failed_is_grouped_by_reason_biggest_first_and_can_be_given_up() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let mut sold = Vec::new();
    for _ in 0..6 {
        sold.push(stall.sell(&guide).await);
    }
    let seqs: Vec<_> = sold.iter().map(|one| one.seq).collect();
    let batch = stall.batch(&seqs[..5]).await;
    stall
        .record(
            batch,
            &[
                (seqs[0], Outcome::Failed(FailureReason::Underfunded)),
                (seqs[1], Outcome::Failed(FailureReason::Underfunded)),
                (seqs[2], Outcome::Failed(FailureReason::Underfunded)),
                (seqs[3], Outcome::Expired),
                (seqs[4], Outcome::Diverted(evidence(5))),
            ],
        )
        .await;
    let expected = [told("underfunded", 3, "0.15"), told("diverted", 1, "0.05"), told("expired", 1, "0.05")];
    assert_eq!(payments(&stall).await, expected);
    let status = stall.ask("status", Value::Null).await;
    assert_eq!(status["money"]["attention"]["payments"], 5);

    let off = async |body| stall.ask("payment_write_off", body).await["closed"].as_u64().unwrap();
    assert_eq!(off(json!({ "payments": [sold[0].id.to_string(), sold[5].id.to_string()] })).await, 1);
    let because =
        |reason, expected| json!({ "reason": reason, "network": "eip155:84532", "expected": expected });
    // What the seller was shown is what is given up.
    let changed = stall.refused("payment_write_off", because("underfunded", 3)).await;
    assert_eq!(changed.code, ErrorCode::Conflict);
    assert!(changed.message.contains("2 payments"), "{}", changed.message);
    let elsewhere = json!({ "reason": "underfunded", "network": "eip155:8453", "expected": 2 });
    assert_eq!(stall.refused("payment_write_off", elsewhere).await.code, ErrorCode::NotFound);
    assert_eq!(off(because("underfunded", 2)).await, 2);
    assert_eq!(off(because("diverted", 1)).await, 0, "the chain could still take it back");
    let proved = stall.app.store().proved(stall.asset().await, 5).await.unwrap();
    stall.app.store().finalise(stall.asset().await, proved, domain::Clock::now(&*stall.clock)).await.unwrap();
    assert_eq!(off(because("diverted", 1)).await, 1);
    assert_eq!(payments(&stall).await, [told("expired", 1, "0.05")]);

    let shown = stall.ask("payment_show", json!({ "payment": sold[0].id.to_string() })).await;
    assert_eq!(shown["state"], "written_off");
    let last = shown["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(last["step"], "written_off");
    for wrong in [
        json!({}),
        because("failed", 1),
        because("queued", 1),
        json!({ "reason": "expired" }),
        json!({ "reason": "expired", "network": "eip155:84532" }),
        json!({ "payments": ["x"], "reason": "expired" }),
    ] {
        assert_eq!(stall.refused("payment_write_off", wrong).await.code, ErrorCode::InvalidRequest);
    }
    stall.app.stop().await;
}

/// I14: what cannot be sold because of its file is said, and can be sold as it is now.
#[tokio::test]
async fn a_file_that_changed_needs_a_look_until_it_is_published_again() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let items = async || stall.ask("attention_list", Value::Null).await["items"].take();
    assert_eq!(items().await, json!([]));
    for content in ["now it is longer than it was", "/gu1de"] {
        stall.file("guide.txt", content);
        super::fixture::until(async || items().await != json!([])).await;
        let item = items().await[0].take();
        assert_eq!(
            (&item["kind"], &item["reason"], &item["action"], &item["endpoint"]),
            (&json!("file"), &json!("file_changed"), &json!("publish_again"), &json!("/guide")),
        );
        let again = stall.ask("endpoint_publish_again", json!({ "endpoint": "/guide" })).await;
        assert_eq!((&again["fileState"], &again["content"]["bytes"]), (&json!("ok"), &json!(content.len())));
        assert_eq!(items().await, json!([]));
    }
    let elsewhere = stall.file("second-edition.txt", "from another place");
    let publish = json!({ "endpoint": "/guide", "from": elsewhere.to_str().unwrap() });
    assert_eq!(stall.ask("endpoint_publish_again", publish).await["content"]["name"], "second-edition.txt");
    std::fs::write(&elsewhere, "from another place, and changed").unwrap();
    let back = json!({ "endpoint": "/guide", "from": stall.file("guide.txt", "back").to_str().unwrap() });
    assert_eq!(stall.ask("endpoint_publish_again", back).await["fileState"], "ok");
    std::fs::remove_file(stall.file("guide.txt", "gone")).unwrap();
    assert_eq!(items().await[0]["reason"], "file_missing");
    let refused = stall.refused("endpoint_publish_again", json!({ "endpoint": "/guide" })).await;
    assert_eq!(refused.code, ErrorCode::File);
    stall.ask("endpoint_pause", json!({ "endpoint": "/guide" })).await;
    assert_eq!(items().await, json!([]), "what is not for sale is nobody's loss");
    stall.app.stop().await;
}

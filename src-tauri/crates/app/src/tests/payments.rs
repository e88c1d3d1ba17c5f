use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use chrono::TimeDelta;
use domain::{Clock as _, FailureReason, Outcome};
use serde_json::{Value, json};

use super::fixture::{Stall, evidence, until};
use crate::ErrorCode;

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_filter_narrows_the_page_its_total_and_its_sums_alike() {
    let mut stall = Stall::open().await;
    let (guide, song) = (stall.add("/guide").await, stall.add("/song").await);
    let mut sold = Vec::new();
    for _ in 0..3 {
        sold.push(stall.sell(&guide).await);
    }
    sold.push(stall.sell(&song).await);
    let batch = stall.batch(&[sold[0].seq, sold[1].seq, sold[3].seq]).await;
    stall
        .record(
            batch,
            &[
                (sold[0].seq, Outcome::Settled(evidence(5))),
                (sold[1].seq, Outcome::Failed(FailureReason::Underfunded)),
            ],
        )
        .await;

    let all = stall.ask("payment_list", json!({})).await;
    assert_eq!(all["total"], 4);
    let sums = ["settled", "pending", "attention"].map(|name| all["summary"][name]["formatted"].clone());
    assert_eq!(sums, ["0.05", "0.10", "0.05"]);

    let open = stall.ask("payment_list", json!({ "states": ["queued", "settling"], "limit": 1 })).await;
    assert_eq!((ids(&open).len(), open["total"].as_u64()), (1, Some(2)));
    assert_eq!(open["summary"]["pending"]["payments"], 2);
    assert_eq!(open["summary"]["settled"]["payments"], 0);
    let rest = json!({ "states": ["settling", "queued", "queued"], "limit": 1, "before": open["next"] });
    let rest = stall.ask("payment_list", rest).await;
    assert_eq!(rest["total"], 2);
    assert!(rest["next"].is_null());
    assert_ne!(ids(&rest), ids(&open));

    let of_song = stall.ask("payment_list", json!({ "endpoint": "/song" })).await;
    assert_eq!(of_song["total"], 1);
    assert_eq!(ids(&of_song), [sold[3].id.to_string()]);
    let none = stall.ask("payment_list", json!({ "endpoint": "/song", "state": "settled" })).await;
    assert_eq!((none["total"].as_u64(), ids(&none).len()), (Some(0), 0));

    let narrowed = json!({ "search": sold[3].id.to_string(), "least": "0.05", "network": "eip155:84532" });
    let found = stall.ask("payment_list", narrowed).await;
    assert_eq!((found["total"].as_u64(), ids(&found).len()), (Some(1), 1));
    assert_eq!(ids(&found), [sold[3].id.to_string()]);
    let long_ago = json!({ "from": "1999-01-01", "to": "1999-12-31" });
    assert_eq!(stall.ask("payment_list", long_ago).await["total"], 0);
    let since = stall.ask("payment_list", json!({ "from": "1999-01-01" })).await;
    assert_eq!((since["total"].as_u64(), ids(&since)), (Some(4), ids(&all)));

    for wrong in [
        json!({ "states": ["paid"] }),
        json!({ "limit": 0 }),
        json!({ "before": "x" }),
        json!({ "from": "2026-02-01", "to": "2026-01-01" }),
        json!({ "least": "0,05" }),
    ] {
        assert_eq!(stall.refused("payment_list", wrong).await.code, ErrorCode::InvalidRequest);
    }
    let missing = stall.refused("payment_list", json!({ "endpoint": "/nothing" })).await;
    assert_eq!(missing.code, ErrorCode::NotFound);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_payments_timeline_tells_its_life_in_order() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let payment = stall.sell(&guide).await;
    let sold_at = stall.clock.now().timestamp_millis();
    let show = json!({ "payment": payment.id.to_string() });
    let steps = |shown: &Value| -> Vec<String> {
        let steps = shown["timeline"].as_array().unwrap().iter();
        steps.map(|step| step["step"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(steps(&stall.ask("payment_show", show.clone()).await), ["accepted"]);

    stall.clock.advance(TimeDelta::seconds(60));
    let first = stall.batch(&[payment.seq]).await;
    stall.record(first, &[(payment.seq, Outcome::Failed(FailureReason::Paused))]).await;
    stall.clock.advance(TimeDelta::seconds(60));
    let second = stall.batch(&[payment.seq]).await;
    stall.record(second, &[(payment.seq, Outcome::Settled(evidence(5)))]).await;
    let proved = stall.app.store().proved(stall.asset().await, 5).await.unwrap();
    stall.app.store().finalise(stall.asset().await, proved, stall.clock.now()).await.unwrap();

    let shown = stall.ask("payment_show", show).await;
    assert_eq!(shown["state"], "settled");
    assert_eq!(steps(&shown), ["accepted", "handed_over", "returned", "handed_over", "settled", "final"]);
    let timeline = &shown["timeline"];
    assert_eq!(timeline[0]["at"], sold_at);
    assert_eq!(timeline[2]["batch"], first.0);
    assert_eq!(timeline[2]["sentence"], FailureReason::Paused.sentence());
    assert_eq!(timeline[4]["at"], sold_at + 120_000);
    assert_eq!((&timeline[4]["block"], &timeline[4]["batch"]), (&json!(5), &json!(second.0)));
    assert!(timeline[4]["transaction"].is_string());
    stall.app.stop().await;
}

#[tokio::test]
async fn a_failure_that_was_made_good_stays_in_a_payments_timeline() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let payment = stall.sell(&guide).await;
    let show = json!({ "payment": payment.id.to_string() });
    let told = async |stall: &Stall| -> Vec<(String, Option<String>)> {
        let shown = stall.ask("payment_show", show.clone()).await;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let steps = shown["timeline"].as_array().unwrap().iter();
        steps.map(|step| (text(&step["step"]).unwrap(), text(&step["sentence"]))).collect()
    };
    let plain = |step: &str| (step.to_owned(), None);
    let failed = ("failed".to_owned(), Some(FailureReason::Underfunded.sentence().to_owned()));

    let first = stall.batch(&[payment.seq]).await;
    stall.record(first, &[(payment.seq, Outcome::Failed(FailureReason::Underfunded))]).await;
    let mut expected = vec![plain("accepted"), plain("handed_over"), failed];
    assert_eq!(told(&stall).await, expected);
    let looks = vec![(payment.seq, store::Look::Retry)];
    stall.app.store().note_looks(looks, stall.clock.now()).await.unwrap();
    assert_eq!(told(&stall).await, expected, "it waits again");

    let second = stall.batch(&[payment.seq]).await;
    stall.record(second, &[(payment.seq, Outcome::Settled(evidence(5)))]).await;
    expected.extend([plain("handed_over"), plain("settled")]);
    assert_eq!(told(&stall).await, expected);
    stall.app.stop().await;
}

#[tokio::test]
async fn the_links_of_a_payment_are_ended_as_often_as_the_seller_says() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let payment = stall.sell(&guide).await.id.to_string();
    for times in 1..=2 {
        let ended = stall.ask("payment_end_links", json!({ "payment": payment })).await;
        assert_eq!(ended, json!({ "payment": payment, "times": times }));
    }
    for nobody in ["x", "00000000-0000-8000-8000-000000000000"] {
        let refused = stall.refused("payment_end_links", json!({ "payment": nobody })).await;
        assert_eq!(refused.code, crate::ErrorCode::NotFound, "{nobody}");
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn the_seller_finds_the_receipt_that_its_buyer_has() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let payment = stall.sell(&guide).await.id.to_string();
    let shown = stall.ask("payment_show", json!({ "payment": payment })).await;
    let receipt = shown["receipt"].as_str().unwrap().to_owned();
    let base = stall.app.url().unwrap();
    assert!(receipt.starts_with(&format!("{base}/r/")) && !receipt.contains(&payment), "{receipt}");
    let host = base.strip_prefix("http://").unwrap().to_owned();
    let path = receipt.strip_prefix(&base).unwrap().to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut line = TcpStream::connect(&host).unwrap();
        write!(line, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        answer
    });
    // Only the buyer's own link says what was bought.
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"bought\""), "{answer}");
    stall.app.stop().await;
}

#[tokio::test]
async fn what_the_stalls_pages_show_is_kept_only_where_it_can_be_shown() {
    let stall = Stall::open().await;
    let set = |key: &str, value: &str| json!({ "key": key, "value": value });
    for (key, good, bad) in [
        ("stall-name", "Mara Lindqvist", "a\u{7}b"),
        ("stall-colour", "#0f766e", "red"),
        ("downloads-per-payment", "5", "0"),
        ("id-as-transaction", "on", "yes"),
    ] {
        let shown = stall.ask("settings_set", set(key, good)).await;
        let item = shown["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap();
        assert_eq!(item["value"], good);
        let refused = stall.refused("settings_set", set(key, bad)).await;
        assert_eq!(refused.code, crate::ErrorCode::InvalidRequest, "{key}");
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn what_is_paid_for_and_has_not_arrived_is_listed_with_what_helps() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let (broken, waiting) = (stall.sell(&guide).await, stall.sell(&guide).await);
    stall.app.store().record_delivery(broken.seq, domain::Delivery::Interrupted, 7);
    until(async || {
        let listed = stall.ask("payment_list", json!({ "delivery": "interrupted" })).await;
        listed["total"] == 1 && listed["items"][0]["id"] == broken.id.to_string()
    })
    .await;
    let listed = stall.ask("payment_list", json!({ "delivery": "waiting", "endpoint": "/guide" })).await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &json!(waiting.id.to_string())));
    assert!(listed["help"].as_str().unwrap().contains("not charged again"));
    assert_eq!(stall.ask("payment_list", json!({})).await["help"], Value::Null);
    let refused = stall.refused("payment_list", json!({ "delivery": "delivered" })).await;
    assert_eq!(refused.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

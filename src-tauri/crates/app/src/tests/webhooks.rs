use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixture::{Stall, until};
use crate::{Environment, ErrorCode};

/// A receiver that takes everything. Answers with its address and what it was told.
fn receiver() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/secret-path", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            // Its messages end with two braces, and nothing else does.
            while !request.ends_with(b"}}") {
                match stream.read(&mut piece) {
                    Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            hears.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
            // Whoever told may have gone.
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        }
    });
    (url, heard)
}

fn kinds(heard: &Mutex<Vec<String>>) -> Vec<String> {
    let heard = heard.lock().unwrap();
    let kind = |text: &String| {
        let body = text.split("\r\n\r\n").nth(1).unwrap();
        serde_json::from_str::<Value>(body).unwrap()["type"].as_str().unwrap().to_owned()
    };
    heard.iter().map(kind).collect()
}

fn last(heard: &Mutex<Vec<String>>) -> String {
    kinds(heard).pop().unwrap_or_default()
}

/// I12, T84: the secret is shown once, and is in no other answer and in no file that others can read.
#[tokio::test]
async fn a_webhook_is_added_tried_out_changed_and_forgotten() {
    let mut stall = Stall::open_in(Environment::Test).await;
    let offer = stall.add("/guide").await;
    let (url, heard) = receiver();
    let refused = stall.refused("webhook_add", json!({ "url": url })).await;
    assert_eq!(refused.code, ErrorCode::InvalidRequest);
    assert!(refused.message.contains("over https only. If you mean it, allow"), "{}", refused.message);
    let events = json!(["payment.accepted", "payment.settled"]);
    let added = stall.ask("webhook_add", json!({ "url": url, "allow": true, "events": events })).await;
    let secret = added["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_") && added["events"] == events, "{added}");
    assert_eq!((&added["id"], &added["state"], &added["on"]), (&json!(1), &json!("on"), &json!(true)));

    let tested = stall.ask("webhook_test", json!({ "id": 1 })).await;
    assert_eq!((&tested["state"], &tested["status"]), (&json!("delivered"), &json!(204)));
    let sold = stall.sell(&offer).await;
    until(async || kinds(&heard).len() == 2).await;
    assert_eq!(kinds(&heard), ["webhook.test", "payment.accepted"]);
    let about = json!({ "about": sold.id.to_string() });
    until(async || stall.ask("webhook_deliveries", about.clone()).await["items"][0]["state"] == "delivered")
        .await;
    let told = stall.ask("webhook_deliveries", about).await["items"][0].clone();
    assert_eq!((&told["event"], &told["sentence"]), (&json!("payment.accepted"), &json!("It was taken.")));
    let again = stall.ask("webhook_redeliver", json!({ "message": told["message"] })).await;
    assert_eq!(again["messageId"], told["messageId"]);
    until(async || kinds(&heard).len() == 3).await;

    let rotated = stall.ask("webhook_rotate", json!({ "id": 1 })).await;
    assert!(rotated["secret"] != added["secret"] && rotated["changingUntil"].is_i64(), "{rotated}");
    let off = stall.ask("webhook_set", json!({ "id": 1, "on": false, "events": ["batch.settled"] })).await;
    assert_eq!((&off["state"], &off["events"]), (&json!("off"), &json!(["batch.settled"])));
    let list = stall.ask("webhook_list", Value::Null).await;
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]), (1, &off));
    let said = format!("{tested} {told} {again} {off} {list}");
    assert!(!said.contains("whsec_") && !said.contains("secret-path"), "{said}");
    let removed = stall.ask("webhook_remove", json!({ "id": 1 })).await;
    assert_eq!(removed["id"], 1);
    for name in ["webhook_show", "webhook_remove", "webhook_test", "webhook_rotate"] {
        assert_eq!(stall.refused(name, json!({ "id": 1 })).await.code, ErrorCode::NotFound, "{name}");
    }
    let folder = stall.app.data_dir().join("test");
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        assert!(!entry.file_name().to_string_lossy().contains("webhook"), "{entry:?}");
        let content = std::fs::read(entry.path()).unwrap();
        assert!(!String::from_utf8_lossy(&content).contains(&secret), "{entry:?}");
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_with_a_sentence() {
    let stall = Stall::open().await;
    for (body, part) in [
        (json!({ "url": "hooks.example" }), "begins with https://"),
        (json!({ "url": "https://u:p@hooks.example" }), "no user"),
        (json!({ "url": "https://127.0.0.1/" }), "leads to this computer"),
        (json!({ "url": "https://10.0.0.1/" }), "private network"),
        (json!({ "url": "https://169.254.169.254/", "allow": true }), "nothing is ever sent"),
        (json!({ "url": "https://h.example", "events": ["payment.paid"] }), "payment.settled"),
        (json!({ "url": "https://h.example", "events": [] }), "Say what"),
    ] {
        let refused = stall.refused("webhook_add", body.clone()).await;
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{body}");
        assert!(refused.message.contains(part), "{body}: {}", refused.message);
    }
    assert_eq!(stall.ask("webhook_list", Value::Null).await["items"], json!([]));
    for _ in 0..20 {
        stall.ask("webhook_add", json!({ "url": "https://h.example" })).await;
    }
    let more = stall.refused("webhook_add", json!({ "url": "https://h.example" })).await;
    assert_eq!(more.code, ErrorCode::Conflict);
    stall.app.stop().await;
}

#[tokio::test]
async fn that_the_stall_opens_closes_and_stops_is_told() {
    let stall = Stall::open().await;
    let (url, heard) = receiver();
    let events = json!(["stall.online", "stall.offline"]);
    stall.ask("webhook_add", json!({ "url": url, "allow": true, "events": events })).await;
    stall.ask("stall_set", json!({ "selling": false })).await;
    until(async || last(&heard) == "stall.offline").await;
    stall.ask("stall_set", json!({ "selling": true })).await;
    until(async || last(&heard) == "stall.online").await;
    stall.app.stop().await;
    assert_eq!(last(&heard), "stall.offline");
    assert!(heard.lock().unwrap().last().unwrap().contains(r#""why":"stopped""#));
}

#[tokio::test]
async fn a_webhook_that_is_told_nothing_needs_attention() {
    let stall = Stall::open().await;
    let (url, _) = receiver();
    stall.ask("webhook_add", json!({ "url": url, "allow": true })).await;
    let doctor = |answer: Value| {
        let items = answer["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["check"] == "webhooks").unwrap()["state"].clone()
    };
    assert_eq!(doctor(stall.ask("doctor", Value::Null).await), "well");
    std::fs::remove_file(stall.app.data_dir().join("test/webhook-key-1.json")).unwrap();
    stall.clock.advance(TimeDelta::seconds(1));
    let attention = stall.ask("attention_list", Value::Null).await;
    let item = attention["items"].as_array().unwrap().iter().find(|item| item["kind"] == "webhook").unwrap();
    assert_eq!((&item["reason"], &item["action"]), (&json!("webhook_secret"), &json!("check_webhook")));
    assert!(
        item["sentence"].as_str().unwrap().contains("Make a new one in Settings, under Webhooks"),
        "{item}"
    );
    assert_eq!(doctor(stall.ask("doctor", Value::Null).await), "wrong");
    stall.ask("webhook_rotate", json!({ "id": 1 })).await;
    let attention = stall.ask("attention_list", Value::Null).await;
    assert!(!attention.to_string().contains("webhook"), "{attention}");
    stall.app.stop().await;
}

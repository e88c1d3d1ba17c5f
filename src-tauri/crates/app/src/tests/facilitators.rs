use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use domain::{Clock as _, Delivery, FailureReason, Outcome, Rail};
use serde_json::{Value, json};
use store::{FacilitatorRow, NetworkRow};

use super::fixture::Stall;
use crate::ErrorCode;

const NETWORK: &str = "eip155:84532";
const TOKEN: &str = "tok_nobody-may-see-this";

/// A facilitator that says what it settles, and nothing else. Answers with its address.
fn facilitator(kinds: Value) -> String {
    recording(kinds).0
}

/// The same, with everything that it was asked.
fn recording(kinds: Value) -> (String, Arc<Mutex<String>>) {
    let heard = Arc::new(Mutex::new(String::new()));
    let hears = heard.clone();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = json!({ "kinds": kinds }).to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or_default();
            hears.lock().unwrap().push_str(&String::from_utf8_lossy(&request[..read]).to_lowercase());
            let head =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            // Whoever asked may have gone.
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    (url, heard)
}

fn kind(version: u8, network: &str) -> Value {
    json!({ "x402Version": version, "scheme": "exact", "network": network })
}

async fn set_up(stall: &Stall) {
    stall.network().await;
    let row = stall.app.store().networks().await.unwrap().remove(0);
    stall.app.engine().unwrap().connect(row);
}

#[tokio::test]
async fn a_facilitator_is_set_up_looked_at_and_given_up() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    assert_eq!(stall.ask("facilitator_show", Value::Null).await["items"], json!([]));
    let url = facilitator(json!([kind(1, "base-sepolia"), kind(2, NETWORK)]));
    let set = json!({ "network": NETWORK, "url": format!("{url}/secret-path") });
    let set = stall.ask("facilitator_set", set).await;
    assert_eq!((&set["url"], &set["used"], &set["version"]), (&json!(url), &json!("always"), &json!(2)));
    assert_eq!((&set["credential"], &set["locked"]), (&json!("none"), &json!(false)));
    let shown = stall.ask("facilitator_show", Value::Null).await;
    assert_eq!(shown["items"][0], set);
    assert!(!shown.to_string().contains("secret-path"), "I12: a path may be a key");
    assert_eq!(stall.ask("status", Value::Null).await["facilitators"][0], set);

    let check = stall.ask("facilitator_check", json!({ "network": NETWORK })).await;
    assert_eq!(check["ready"], true, "{check}");
    let sentences = check["points"].to_string();
    assert!(sentences.contains("It settles exact payments on Base Sepolia"), "{sentences}");
    assert!(sentences.contains("cannot send the money anywhere else"), "{sentences}");

    let changed = json!({ "network": NETWORK, "used": "without_gas", "version": 1 });
    let changed = stall.ask("facilitator_set", changed).await;
    assert_eq!((&changed["used"], &changed["version"]), (&json!("without_gas"), &json!(1)));
    let removed = stall.ask("facilitator_remove", json!({ "network": NETWORK })).await;
    assert_eq!(removed["title"], "Base Sepolia");
    let gone = stall.refused("facilitator_check", json!({ "network": NETWORK })).await;
    assert_eq!(gone.code, ErrorCode::NotFound);
    stall.app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_a_facilitator_is_refused_with_a_sentence() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    for (changes, part) in [
        (json!({}), "Say where"),
        (json!({ "url": "http://192.168.0.7" }), "https://"),
        (json!({ "url": "https://user:pass@f.example" }), "no user"),
        (json!({ "url": "https://f.example", "used": "sometimes" }), "without_gas"),
        (json!({ "url": "https://f.example", "credential": "basic" }), "bearer"),
        (json!({ "url": "https://f.example", "credential": "bearer" }), "which file"),
        (json!({ "url": "http://127.0.0.1:9", "version": 3 }), "1 or 2"),
    ] {
        let mut body = json!({ "network": NETWORK });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let refused = stall.refused("facilitator_set", body.clone()).await;
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{body}");
        assert!(refused.message.contains(part), "{body}: {}", refused.message);
    }
    // Version 1 names networks by words, and has none for every one.
    let nameless = NetworkRow::new("eip155:31337".parse().unwrap());
    stall.app.store().set_network(nameless, stall.clock.now()).await.unwrap();
    let body = json!({ "network": "eip155:31337", "url": "http://127.0.0.1:9", "version": 1 });
    let refused = stall.refused("facilitator_set", body).await;
    assert!(refused.code == ErrorCode::InvalidRequest && refused.message.contains("version 2"), "{refused}");
    let unknown = json!({ "network": "eip155:1", "url": "https://f.example" });
    assert_eq!(stall.refused("facilitator_set", unknown).await.code, ErrorCode::NotFound);
    assert!(stall.app.store().facilitators().await.unwrap().is_empty());
    stall.app.stop().await;
}

/// I12, T84: the secret is in no answer and in no file but the encrypted one; what one host knows is told to no other.
#[tokio::test]
async fn a_credential_is_kept_encrypted_opened_by_its_passphrase_and_told_to_its_host_alone() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    let secret = stall.file("token", TOKEN);
    let (url, other) = (facilitator(json!([kind(2, NETWORK)])), facilitator(json!([kind(2, NETWORK)])));
    let set = json!({
        "network": NETWORK, "url": url, "credential": "bearer", "secretFile": secret, "passphrase": "a passphrase",
    });
    let set = stall.ask("facilitator_set", set).await;
    assert_eq!((&set["credential"], &set["locked"]), (&json!("bearer"), &json!(false)));
    std::fs::remove_file(secret).unwrap();

    let stall = stall.restart().await;
    let locked = stall.ask("facilitator_show", Value::Null).await;
    assert_eq!(locked["items"][0]["locked"], true);
    let check = stall.ask("facilitator_check", json!({ "network": NETWORK })).await;
    assert!(check["ready"] == false && check["points"].to_string().contains("is locked"), "{check}");
    let wrong = stall.refused("facilitator_unlock", json!({ "passphrase": "another one" })).await;
    assert_eq!(wrong.code, ErrorCode::InvalidRequest);
    let open = stall.ask("facilitator_unlock", json!({ "passphrase": "a passphrase" })).await;
    assert_eq!(open["items"][0]["locked"], false);

    let mut said = format!("{set} {locked} {check} {open}");
    for entry in walk(stall.app.data_dir()) {
        said.push_str(&String::from_utf8_lossy(&std::fs::read(entry).unwrap()));
    }
    assert!(!said.contains(TOKEN));
    let moved = stall.ask("facilitator_set", json!({ "network": NETWORK, "url": other })).await;
    assert_eq!(moved["credential"], "none");
    stall.app.stop().await;
}

/// I12: a data file whose facilitator is another one, as after an older copy was put back, gets no other host's token.
#[tokio::test]
async fn a_row_of_another_host_opens_no_credential_and_that_host_is_told_nothing() {
    let mut stall = Stall::open().await;
    set_up(&stall).await;
    let secret = stall.file("token", TOKEN);
    let (url, heard) = recording(json!([kind(2, NETWORK)]));
    let (other, overheard) = recording(json!([kind(2, NETWORK)]));
    stall
        .ask(
            "facilitator_set",
            json!({ "network": NETWORK, "url": url, "credential": "bearer", "secretFile": secret, "passphrase": "a passphrase" }),
        )
        .await;
    assert!(heard.lock().unwrap().contains(&format!("authorization: bearer {TOKEN}")));
    let row = stall.app.store().facilitators().await.unwrap().remove(0);
    for changed in [
        FacilitatorRow { url: other, ..row.clone() },
        FacilitatorRow { credential: Some("cdp".to_owned()), ..row.clone() },
    ] {
        stall.app.store().set_facilitator(changed, stall.clock.now()).await.unwrap();
        stall = stall.restart().await;
        drop(stall.app.dispatch("facilitator_unlock", json!({ "passphrase": "a passphrase" })).await);
        let shown = stall.ask("facilitator_show", Value::Null).await;
        assert_eq!(shown["items"][0]["locked"], true);
        heard.lock().unwrap().clear();
        let check = stall.ask("facilitator_check", json!({ "network": NETWORK })).await;
        assert!(check["ready"] == false && check["points"].to_string().contains("is locked"), "{check}");
        assert!(heard.lock().unwrap().is_empty());
    }
    stall.app.store().set_facilitator(row, stall.clock.now()).await.unwrap();
    assert!(!overheard.lock().unwrap().contains("authorization"));
    let open = stall.ask("facilitator_unlock", json!({ "passphrase": "a passphrase" })).await;
    assert_eq!(open["items"][0]["locked"], false);
    stall.app.stop().await;
}

/// T84: what another host knew the seller by lies nowhere any more.
#[tokio::test]
async fn with_another_host_or_without_one_the_credential_is_forgotten() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    let secret = stall.file("token", TOKEN);
    let kept = || walk(stall.app.data_dir()).iter().filter(|path| is_key(path)).count();
    let with_token = |url: &str| json!({ "network": NETWORK, "url": url, "credential": "bearer", "secretFile": secret, "passphrase": "a passphrase" });
    let (url, other) = (facilitator(json!([kind(2, NETWORK)])), facilitator(json!([kind(2, NETWORK)])));
    stall.ask("facilitator_set", with_token(&url)).await;
    stall.ask("facilitator_set", with_token(&other)).await;
    assert_eq!(kept(), 1);
    stall.ask("facilitator_set", json!({ "network": NETWORK, "used": "without_gas" })).await;
    assert_eq!(kept(), 1, "nothing was said about it");
    stall.ask("facilitator_set", json!({ "network": NETWORK, "credential": "none" })).await;
    assert_eq!(kept(), 0);
    stall.ask("facilitator_set", with_token(&url)).await;
    stall.ask("facilitator_remove", json!({ "network": NETWORK })).await;
    assert_eq!(kept(), 0);
    stall.app.stop().await;
}

fn is_key(path: &std::path::Path) -> bool {
    path.file_name().unwrap().to_string_lossy().starts_with("facilitator-key-")
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .filter(|path| path.is_file())
        .collect()
}

#[tokio::test]
async fn with_a_facilitator_no_gas_wallet_is_asked_for() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    let gas = async || {
        let list = stall.ask("live_checklist", Value::Null).await;
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["item"] == "gas").unwrap()
    };
    assert_eq!(gas().await["done"], false);
    let url = facilitator(json!([kind(2, NETWORK)]));
    stall.ask("facilitator_set", json!({ "network": NETWORK, "url": url })).await;
    let done = gas().await;
    assert_eq!(done["done"], true, "{done}");
    assert!(done["sentence"].as_str().unwrap().contains("no gas wallet is needed"), "{done}");
    stall.app.stop().await;
}

#[tokio::test]
async fn a_failed_payment_can_be_sent_through_the_facilitator_where_there_is_one() {
    let mut stall = Stall::open().await;
    set_up(&stall).await;
    let guide = stall.add("/guide").await;
    let sold = stall.sell(&guide).await;
    stall.app.store().record_delivery(sold.seq, Delivery::Delivered, 7);
    let batch = stall.batch(&[sold.seq]).await;
    stall.record(batch, &[(sold.seq, Outcome::Failed(FailureReason::Refused))]).await;
    let named = json!({ "payment": sold.id.to_string() });
    let offers_it = async |stall: &Stall| {
        let failure = stall.ask("failure_show", named.clone()).await;
        failure["actions"].as_array().unwrap().contains(&json!("send_through_facilitator"))
    };
    assert!(!offers_it(&stall).await);
    let retry = json!({ "payments": [sold.id.to_string()], "rail": "facilitator", "later": true });
    assert_eq!(stall.refused("payment_retry", retry).await.code, ErrorCode::Conflict);
    let url = facilitator(json!([kind(2, NETWORK)]));
    stall.ask("facilitator_set", json!({ "network": NETWORK, "url": url, "used": "without_gas" })).await;
    assert!(offers_it(&stall).await);
    let wrong = json!({ "payments": [sold.id.to_string()], "rail": "pigeon" });
    assert_eq!(stall.refused("payment_retry", wrong).await.code, ErrorCode::InvalidRequest);
    assert!(
        stall
            .app
            .store()
            .wanted_rails(stall.asset().await)
            .await
            .unwrap()
            .values()
            .all(|rail| *rail == Rail::Facilitator)
    );
    stall.app.stop().await;
}

/// Who has no gas wallet settles by the facilitator alone, and must not begin while that does not answer.
#[tokio::test]
async fn a_facilitator_that_does_not_answer_is_open_on_the_list() {
    let stall = Stall::open().await;
    set_up(&stall).await;
    let gas = async || {
        let items = stall.ask("live_checklist", Value::Null).await["items"].take();
        items.as_array().unwrap().iter().find(|item| item["item"] == "gas").cloned().unwrap()
    };
    let good = facilitator(json!([kind(2, NETWORK)]));
    stall.ask("facilitator_set", json!({ "network": NETWORK, "url": good })).await;
    assert_eq!(gas().await["done"], true);
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    for url in [format!("http://{nobody}"), facilitator(json!([kind(2, "eip155:1")]))] {
        stall.ask("facilitator_set", json!({ "network": NETWORK, "url": url })).await;
        let gas = gas().await;
        assert_eq!((&gas["done"], &gas["network"]), (&json!(false), &json!(NETWORK)));
        assert!(gas["sentence"].as_str().unwrap().contains("cannot settle"), "{gas}");
        assert_eq!(gas["command"], "stallkeeper facilitator check eip155:84532", "{gas}");
    }
    stall.app.stop().await;
}

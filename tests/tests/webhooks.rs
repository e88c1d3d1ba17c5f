//! Others are told what happens at the stall, and check it with the library of Standard Webhooks.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use integration::{Environment, Stall, eventually};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use standardwebhooks::Webhook;

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, funded};

/// What a receiver took, each checked as it came.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<(String, Value)>>>);

impl Taken {
    /// Begins to listen at an address and takes what is signed with the secret.
    fn at(address: SocketAddr, secret: String) -> Self {
        let taken = Self::default();
        let (listener, takes) = (TcpListener::bind(address).expect("the receiver's address"), taken.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let Some((headers, body)) = message(&mut stream) else { continue };
                let checked = Webhook::new(&secret).expect("a secret").verify(body.as_bytes(), &headers);
                let status = if checked.is_ok() { "204 No Content" } else { "401 Unauthorized" };
                if checked.is_ok() {
                    let id = headers["webhook-id"].to_str().expect("an id").to_owned();
                    let body = serde_json::from_str(&body).expect("a body");
                    takes.0.lock().expect("the list").push((id, body));
                }
                // Whoever told may have been killed.
                drop(stream.write_all(format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n").as_bytes()));
            }
        });
        taken
    }

    fn all(&self) -> Vec<(String, Value)> {
        self.0.lock().expect("the list").clone()
    }

    fn of(&self, kind: &str) -> Vec<(String, Value)> {
        self.all().into_iter().filter(|(_, body)| body["type"] == kind).collect()
    }
}

fn message(stream: &mut TcpStream) -> Option<(HeaderMap, String)> {
    let mut reader = BufReader::new(stream);
    let mut headers = HeaderMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    let mut body = vec![0; headers.get("content-length")?.to_str().ok()?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((headers, String::from_utf8(body).ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_told_whoever_is_down_or_killed_in_between_and_nothing_is_told_as_two_things() {
    let mut stall = Stall::start().await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("an address");
    let url = format!("http://{address}/hook");
    let added = stall.cli(&["webhook", "add", &url]).await;
    let secret = added["secret"].as_str().expect("a secret").to_owned();
    let id = added["id"].to_string();

    let buyer = funded(&stall, "1.00").await;
    buy(&stall, &buyer).await;
    let mut waiting = Value::Null;
    eventually("a try that failed", async || {
        let messages = stall.cli(&["webhook", "deliveries", &id, "--state", "waiting"]).await;
        let is_sale = |message: &&Value| message["event"] == "payment.accepted" && message["attempts"] != 0;
        waiting = messages["items"]
            .as_array()
            .and_then(|all| all.iter().find(is_sale))
            .cloned()
            .unwrap_or_default();
        !waiting.is_null()
    })
    .await;
    assert!(waiting["sentence"].as_str().is_some_and(|text| text.contains("cannot be reached")), "{waiting}");
    stall.kill9();

    let taken = Taken::at(address, secret.clone());
    stall.open().await;
    eventually("the sale is told", async || !taken.of("payment.accepted").is_empty()).await;
    assert_eq!(waiting["messageId"], taken.of("payment.accepted")[0].0);
    assert_eq!(stall.run(&["settle", "--wait"]).await.code, 0);
    eventually("the settlement is told", async || {
        !taken.of("payment.settled").is_empty() && !taken.of("batch.settled").is_empty()
    })
    .await;
    let payment = stall.payments().await.remove(0);
    let told = taken.of("payment.settled").remove(0).1["data"]["payment"].clone();
    for (field, expected) in [("id", "id"), ("payer", "payer"), ("transaction", "transaction")] {
        assert_eq!(told[field], payment[expected], "{told} {payment}");
    }
    assert_eq!((&told["state"], &told["money"]["amount"]), (&Value::from("settled"), &payment["amount"]));

    let message = taken.of("payment.settled").remove(0).0;
    let messages =
        stall.cli(&["webhook", "deliveries", "--about", payment["id"].as_str().expect("an id")]).await;
    let items = messages["items"].as_array().expect("messages");
    let one = items.iter().find(|one| one["messageId"] == message.as_str()).expect("the message");
    stall.cli(&["webhook", "redeliver", &one["message"].to_string()]).await;
    eventually("it is told again", async || taken.of("payment.settled").len() == 2).await;
    let tested = stall.run(&["webhook", "test", &id]).await;
    assert_eq!(tested.code, 0, "{}", tested.in_words());

    stall.close();
    let offline = taken.of("stall.offline");
    assert_eq!(offline.last().map(|(_, body)| &body["data"]["stall"]["why"]), Some(&Value::from("stopped")));
    let things: HashSet<_> = taken.all().iter().map(|(id, body)| (id.clone(), body.to_string())).collect();
    let ids: HashSet<_> = taken.all().into_iter().map(|(id, _)| id).collect();
    assert_eq!(things.len(), ids.len(), "one id stands for one thing");
    let log = std::fs::read_to_string(stall.log()).expect("the log");
    assert!(!log.contains(secret.trim_start_matches("whsec_")), "I12");
}

/// Server-side request forgery: with money that is worth something, nothing inside is told anything.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_leads_to_the_internet_unless_its_very_host_was_allowed() {
    let stall = Stall::closed(Environment::Test);
    for url in
        ["http://hooks.example", "https://127.1", "https://[::ffff:10.0.0.1]", "https://0xa9fea9fe/latest"]
    {
        let refused = stall.run(&["webhook", "add", url]).await;
        assert_eq!(refused.code, 4, "{url}: {}", refused.in_words());
    }
    let metadata = stall.run(&["webhook", "add", "http://169.254.169.254", "--allow"]).await;
    assert_eq!(metadata.code, 4, "{}", metadata.in_words());
    let inside = stall.cli(&["webhook", "add", "http://192.168.1.9/x", "--allow"]).await;
    assert_eq!(
        (&inside["url"], &inside["allowed"]),
        (&Value::from("http://192.168.1.9"), &Value::from(true))
    );
    let listed = stall.cli(&["webhook", "list"]).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
}

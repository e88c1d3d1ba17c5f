//! A program whose answers are sold, on a real stall, to the published clients.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy_primitives::{U256, hex};
use integration::{Books, Buyer, Client, PRICE, Stall, UNITS};
use sha2::{Digest as _, Sha256};

/// A program that says what it was asked, and fails where it is asked to. Counts what reaches it.
fn program() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &counted);
        }
    });
    (address, count)
}

fn answer(mut stream: TcpStream, counted: &AtomicUsize) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut length) = (String::new(), 0);
    lines.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap() == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    if first.is_empty() {
        return;
    }
    counted.fetch_add(1, Ordering::SeqCst);
    let status = if first.contains("/fail") { "500 Internal Server Error" } else { "200 OK" };
    let said = said(first.rsplit_once(' ').unwrap().0, &body);
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}", said.len());
    // Whoever asked may have gone.
    let _ = stream.write_all(format!("{head}\r\nconnection: close\r\n\r\n{said}").as_bytes());
}

fn said(line: &str, body: &[u8]) -> String {
    format!("{{\"asked\":\"{line}\",\"with\":\"{}\"}}", hex::encode(body))
}

/// T31, I16: what came back well is charged and arrives, what did not is not charged; each is asked once.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_answers_is_sold_to_every_client_and_its_failures_are_not() {
    let stall = Stall::start().await;
    let (at, count) = program();
    let upstream = format!("http://{at}/v1");
    let add = ["endpoint", "add", "--service", &upstream, "--path", "/api", "--pattern", "/{city}"];
    let add = [&add[..], &["--methods", "GET,POST", "--timeout", "5s", "--price", PRICE]].concat();
    assert_eq!(stall.cli(&add).await["content"]["methods"], serde_json::json!(["GET", "POST"]));
    let tested = stall.cli(&["endpoint", "test", "/api", "--path", "/paris"]).await;
    assert_eq!((&tested["well"], &tested["status"]), (&true.into(), &200.into()), "{tested}");

    let books = Books::open(&stall).await;
    let origin = stall.url().trim_end_matches('/').to_owned();
    let digest = |text: String| hex::encode(Sha256::digest(text));
    let (mut sold, mut asked) = (0_u64, count.load(Ordering::SeqCst));
    for client in Client::ALL {
        let buyer = Buyer::new();
        stall.fund(buyer.address(), "0.50").await;
        let got = client.buy(&format!("{origin}/api/paris?days=2"), &buyer, 1).await.remove(0);
        assert!(got["error"].is_null(), "{client:?}: {got}");
        assert_eq!(got["sha256"], digest(said("GET /v1/paris?days=2", b"")), "{client:?}");
        (sold, asked) = (sold + 1, asked + 1);
        if matches!(client, Client::Fetch1 | Client::Fetch2) {
            let got = client.post(&format!("{origin}/api/paris"), &buyer, "{\"a\":1}").await;
            assert!(got["error"].is_null(), "{client:?}: {got}");
            assert_eq!(got["sha256"], digest(said("POST /v1/paris", b"{\"a\":1}")), "{client:?}");
            (sold, asked) = (sold + 1, asked + 1);
        }
        let failed = client.buy(&format!("{origin}/api/fail"), &buyer, 1).await.remove(0);
        assert_eq!(failed["status"], 500, "{client:?}: {failed}");
        asked += 1;
        assert_eq!(count.load(Ordering::SeqCst), asked, "{client:?}: asked once for each");
    }
    let settled = stall.settle().await;
    assert_eq!(settled.code, 0, "{}", settled.in_words());
    assert_eq!(books.agree(&stall).await, U256::from(sold * UNITS));
}

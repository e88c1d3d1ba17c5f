//! Strangers who are slow, loud, or clever (T70, T71, T72, T77).

use std::time::{Duration, Instant};

use server::{Limits, Server, ServerError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::buyer::Version;
use crate::http;
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Stall, eventually};

fn hasty() -> Limits {
    Limits {
        first_byte: Duration::from_millis(200),
        head: Duration::from_millis(200),
        write: Duration::from_millis(200),
        ..Limits::default()
    }
}

/// How long the server keeps a connection that says `bytes` and then one byte at a time.
async fn kept(stall: &Stall, bytes: &[u8], dribble: bool) -> Duration {
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    let began = Instant::now();
    stream.write_all(bytes).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let talk = async {
        loop {
            sleep(Duration::from_millis(20)).await;
            if dribble && writing.write_all(b"x").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = Vec::new();
    let closed = async {
        let _ = reading.read_to_end(&mut answer).await;
    };
    tokio::select! {
        () = talk => {}
        closed = timeout(Duration::from_secs(10), closed) => closed.expect("never closed"),
    }
    began.elapsed()
}

// T70
#[tokio::test]
async fn a_connection_that_does_not_get_to_the_point_is_closed() {
    let stall = Stall::with_limits(hasty()).await;
    for (bytes, dribble) in [
        (&b""[..], false),
        (b"GE", false),
        (b"GET /guide HTTP/1.1\r\nHost: x\r\nX-Slow: ", false),
        (b"GET /guide HTTP/1.1\r\nHost: x\r\nX-Slow: ", true),
        (b"\r\n", true),
        // One good request, and silence after its answer.
        (b"GET /guide HTTP/1.1\r\nHost: x\r\n\r\n", false),
    ] {
        let kept = kept(&stall, bytes, dribble).await;
        assert!(kept < Duration::from_secs(5), "{:?}: {kept:?}", String::from_utf8_lossy(bytes));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_dribblers_do_not_keep_a_buyer_waiting() {
    let stall = Stall::open().await;
    let mut idle = Vec::new();
    for _ in 0..500 {
        let mut stream = TcpStream::connect(stall.address).await.unwrap();
        stream.write_all(b"GET /guide HTTP/1.1\r\nX: ").await.unwrap();
        idle.push(stream);
    }
    let began = Instant::now();
    let (_, reply) = stall.buy(&stall.buyer("ada"), GUIDE, Version::Two).await;
    assert_eq!(reply.status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
}

// T70
#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_longest_for_a_request_makes_room_and_no_download_does() {
    let stall = Stall::with_limits(Limits { connections: 8, ..Limits::default() }).await;
    let content = vec![7; 16 * 1024 * 1024];
    let (mut reading, mut raw) = downloading(&stall, &content).await;
    let mut idle = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(stall.address).await.unwrap();
        stream.write_all(b"GET /guide HTTP/1.1\r\nX: ").await.unwrap();
        idle.push(stream);
    }
    let began = Instant::now();
    let (_, reply) = stall.buy(&stall.buyer("bob"), GUIDE, Version::Two).await;
    assert_eq!(reply.status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    reading.read_to_end(&mut raw).await.unwrap();
    let (reply, _) = http::read(&raw, false).unwrap();
    assert!(reply.whole && reply.body == content);
    let mut byte = [0];
    let first = timeout(Duration::from_secs(5), idle[0].read(&mut byte)).await.expect("it was not sent away");
    assert!(matches!(first, Ok(0) | Err(_)));
}

#[tokio::test]
async fn a_buyer_who_takes_nothing_of_the_answer_is_let_go() {
    let stall = Stall::with_limits(hasty()).await;
    stall.add("/large", "large.bin", &vec![7; 32 * 1024 * 1024], GOODS).await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, "/large").await;
    let (name, value) = signed.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get("/large", &[(name, &value)]).as_bytes()).await.unwrap();
    eventually("the connection is given up", async || {
        stall.payments().await.iter().any(|payment| payment.delivery == domain::Delivery::Interrupted)
    })
    .await;
}

// T71
#[tokio::test]
async fn a_head_that_is_too_large_is_refused_whatever_makes_it_so() {
    let stall = Stall::open().await;
    for size in [40_000, 100_000, 1_000_000] {
        let long = "x".repeat(size);
        for request in [
            http::get(GUIDE, &[("X-Long", &long)]),
            http::get(GUIDE, &[("PAYMENT-SIGNATURE", &long)]),
            http::get(&format!("/{long}"), &[]),
        ] {
            let raw = http::exchange(stall.address, request.as_bytes()).await;
            // A server that closes on unread bytes may have its answer lost.
            let status = http::read(&raw, false).map(|(reply, _)| reply.status);
            assert!(matches!(status, None | Some(400 | 404 | 414 | 431)), "{size}: {status:?}");
        }
    }
    let many: Vec<(String, String)> = (0..65).map(|n| (format!("X-{n}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(http::send(stall.address, &http::get(GUIDE, &many)).await.status, 431);
    assert_eq!(stall.get(GUIDE).await.status, 402);
}

// T72
#[tokio::test]
async fn a_body_is_refused_and_what_follows_it_is_not_taken_for_a_request() {
    let stall = Stall::open().await;
    let inner = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    for head in [
        format!("GET {GUIDE} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{inner}", inner.len()),
        format!("GET {GUIDE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!(
            "GET {GUIDE} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"
        ),
        format!("POST {GUIDE} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{inner}", inner.len()),
        format!("GET {GUIDE} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{inner}"),
        format!("GET {GUIDE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("GET {GUIDE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n{inner}"),
        format!("GET {GUIDE} HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n{inner}"),
        format!("GET {GUIDE} HTTP/1.1\nHost: x\r\n X: folded\r\n\r\n{inner}"),
    ] {
        let raw = http::exchange(stall.address, head.as_bytes()).await;
        let (first, rest) = http::read(&raw, false).unwrap_or_else(|| panic!("{head:?}: {raw:?}"));
        assert!(matches!(first.status, 400 | 405 | 413), "{head:?}: {}", first.status);
        assert!(rest.is_empty(), "{head:?}: a second answer: {}", String::from_utf8_lossy(rest));
    }
}

#[tokio::test]
async fn requests_sent_in_one_go_are_answered_in_order() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    let (name, value) = signed.header(Version::Two);
    let requests = format!(
        "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET {GUIDE} HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\n\r\n{}",
        http::get(GUIDE, &[])
    );
    let raw = http::exchange(stall.address, requests.as_bytes()).await;
    let (first, rest) = http::read(&raw, false).unwrap();
    let (second, rest) = http::read(rest, false).unwrap();
    let (third, rest) = http::read(rest, false).unwrap();
    assert_eq!([first.status, second.status, third.status], [404, 200, 402]);
    assert_eq!(second.body, GUIDE_TEXT);
    assert!(rest.is_empty());
}

#[tokio::test]
async fn one_address_gets_its_share_of_connections_and_no_more() {
    let stall = Stall::with_limits(Limits { connections_of_one: 3, ..Limits::default() }).await;
    let mut held = Vec::new();
    eventually("three connections are counted", async || {
        held.push(TcpStream::connect(stall.address).await.unwrap());
        let mut last = TcpStream::connect(stall.address).await.unwrap();
        let mut byte = [0];
        matches!(timeout(Duration::from_millis(100), last.read(&mut byte)).await, Ok(Ok(0) | Err(_)))
    })
    .await;
    drop(held);
    stall.until(GUIDE, 402).await;
}

#[tokio::test]
async fn an_address_that_is_taken_or_not_ours_is_named() {
    let stall = Stall::open().await;
    let taken = Server::bind(stall.address, Limits::default());
    assert!(matches!(taken, Err(ServerError::AddressInUse { listen }) if listen == stall.address));
    let elsewhere = Server::bind("192.0.2.1:4021".parse().unwrap(), Limits::default());
    assert!(matches!(elsewhere, Err(ServerError::NotOurs { .. })));
}

/// Pays for a large file and reads only the beginning of it.
async fn downloading(stall: &Stall, content: &[u8]) -> (TcpStream, Vec<u8>) {
    stall.add("/large", "large.bin", content, GOODS).await;
    let (name, value) = stall.sign(&stall.buyer("ada"), "/large").await.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get("/large", &[(name, &value)]).as_bytes()).await.unwrap();
    let mut raw = vec![0; 1000];
    stream.read_exact(&mut raw).await.unwrap();
    (stream, raw)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_open_answers_end_and_takes_no_new_ones() {
    let stall = Stall::open().await;
    let content = vec![7; 16 * 1024 * 1024];
    let (mut reading, mut raw) = downloading(&stall, &content).await;
    let idle = TcpStream::connect(stall.address).await.unwrap();
    stall.stop.cancel();
    reading.read_to_end(&mut raw).await.unwrap();
    let (reply, _) = http::read(&raw, false).unwrap();
    assert!(reply.whole && reply.body == content);
    timeout(Duration::from_secs(10), stall.run).await.expect("the server does not end").unwrap();
    assert!(TcpStream::connect(stall.address).await.is_err());
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_a_buyer_no_longer_than_it_says() {
    let stall = Stall::with_limits(Limits { drain: Duration::from_millis(300), ..Limits::default() }).await;
    let (stuck, _) = downloading(&stall, &vec![7; 32 * 1024 * 1024]).await;
    stall.stop.cancel();
    timeout(Duration::from_secs(10), stall.run).await.expect("the server does not end").unwrap();
    drop(stuck);
}

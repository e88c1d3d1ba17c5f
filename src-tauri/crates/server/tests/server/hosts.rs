//! By which names and ways a stall is reached (T76, T77, T78).

use std::net::SocketAddr;

use server::{Forwarding, Limits, Proof};
use tokio::net::TcpStream;

use crate::buyer::Version;
use crate::http::{self, Reply};
use crate::stall::{GUIDE, GUIDE_TEXT, Stall, eventually};

async fn status_as(stall: &Stall, host: &str) -> u16 {
    let request = format!("GET {GUIDE} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    http::send(stall.address, &request).await.status
}

// T76
#[tokio::test]
async fn whoever_calls_the_stall_by_another_name_is_told_so_and_gets_nothing() {
    let stall = Stall::open().await;
    for ours in ["stall.example", "localhost:1", "127.0.0.1", &stall.address.to_string()] {
        assert_eq!(status_as(&stall, ours).await, 402, "{ours}");
    }
    for other in ["evil.example", "stall.example.evil.example", "192.0.2.99"] {
        assert_eq!(status_as(&stall, other).await, 421, "{other}");
    }
    let (name, value) = stall.sign(&stall.buyer("ada"), GUIDE).await.header(Version::Two);
    for head in ["Host: evil.example\r\n", "", "Host: x\r\nHost: x\r\n"] {
        let request = format!("GET {GUIDE} HTTP/1.1\r\n{head}{name}: {value}\r\nConnection: close\r\n\r\n");
        assert_eq!(http::send(stall.address, &request).await.status, 421, "{head:?}");
    }
    assert!(stall.payments().await.is_empty());
    let preflight = "OPTIONS /guide HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(http::send(stall.address, preflight).await.status, 421);
    stall.public_url.send_replace("https://other.example".parse().unwrap());
    assert_eq!(status_as(&stall, "stall.example").await, 421, "it is called so no more");
    assert_eq!(status_as(&stall, "other.example").await, 402);
}

#[tokio::test]
async fn a_check_is_answered_only_while_it_runs_also_by_a_closed_stall() {
    let stall = Stall::open().await;
    stall.selling.send_replace(false);
    let path = "/.stallkeeper/reach/question";
    assert_eq!(stall.get(path).await.status, 404);
    let proof = Proof { nonce: "question".to_owned(), answer: "only I know".to_owned() };
    stall.ways.send_modify(|ways| ways.proof = Some(proof));
    let reply = stall.get(path).await;
    assert_eq!(reply.json()["proof"], "only I know");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(stall.get("/.stallkeeper/reach/another").await.status, 404);
    stall.ways.send_modify(|ways| ways.proof = None);
    assert_eq!(stall.get(path).await.status, 404);
}

/// Somebody pays, and these header lines say from where.
async fn pay(stall: &Stall, name: &str, lines: &[(&str, &str)]) -> Reply {
    let signed = stall.sign(&stall.buyer(name), GUIDE).await;
    let (header, value) = signed.header(Version::Two);
    let mut headers = vec![(header, value.as_str())];
    headers.extend(lines);
    http::send(stall.address, &http::get(GUIDE, &headers)).await
}

// T73, T78
#[tokio::test(flavor = "multi_thread")]
async fn one_address_behind_a_tunnel_does_not_take_the_place_of_the_others() {
    let stall = Stall::with_limits(Limits { payments_of_one: 1, ..Limits::default() }).await;
    stall.ways.send_modify(|ways| ways.tunnel = Some(Forwarding::Cloudflare));
    let one = &[("CF-Connecting-IP", "198.51.100.1")];
    // What a buyer writes elsewhere makes no other address of it.
    let disguised = &[("X-Forwarded-For", "198.51.100.9"), ("CF-Connecting-IP", "198.51.100.1")];
    let other = &[("CF-Connecting-IP", "198.51.100.2")];
    stall.chain.set_slow(true);
    let rest = async {
        eventually("the first payment is looked at", async || stall.chain.asked() == 1).await;
        let refused = pay(&stall, "bob", disguised).await;
        assert_eq!((refused.status, refused.error().as_str()), (429, "too_many_payments"));
        assert!(refused.header("retry-after").is_some());
        let let_go = async {
            eventually("the other address is looked at", async || stall.chain.asked() == 2).await;
            stall.chain.set_slow(false);
        };
        tokio::join!(pay(&stall, "eve", other), let_go).0
    };
    let (first, another) = tokio::join!(pay(&stall, "ada", one), rest);
    for reply in [first, another, pay(&stall, "bob", one).await] {
        assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
    }
}

// T78
#[tokio::test(flavor = "multi_thread")]
async fn what_a_buyer_says_about_its_address_counts_for_nothing_without_a_tunnel() {
    let stall = Stall::with_limits(Limits { payments_of_one: 1, ..Limits::default() }).await;
    stall.chain.set_slow(true);
    let claimed = &[("CF-Connecting-IP", "198.51.100.1"), ("X-Forwarded-For", "198.51.100.1")];
    let both_asked = async {
        eventually("both are looked at", async || stall.chain.asked() == 2).await;
        stall.chain.set_slow(false);
    };
    let (first, second, ()) =
        tokio::join!(pay(&stall, "ada", claimed), pay(&stall, "bob", claimed), both_asked);
    assert_eq!([first.status, second.status], [200, 200]);
}

// T77: another address is open for exactly as long as it is wanted.
#[tokio::test]
async fn a_further_door_opens_and_closes_and_the_first_one_stays() {
    let stall = Stall::open().await;
    let second: SocketAddr = SocketAddr::new([127, 0, 0, 2].into(), stall.address.port());
    assert!(TcpStream::connect(second).await.is_err(), "nothing listens there by itself");
    let door = stall.doors.open(second).unwrap();
    assert_eq!(door.address(), second);
    assert_eq!(http::send(second, &http::get(GUIDE, &[])).await.status, 402);
    let by_its_address = format!("GET {GUIDE} HTTP/1.1\r\nHost: {second}\r\nConnection: close\r\n\r\n");
    assert_eq!(http::send(second, &by_its_address).await.status, 402);
    assert!(stall.doors.open(second).is_err(), "it is open already");
    drop(door);
    eventually("the door is closed", async || TcpStream::connect(second).await.is_err()).await;
    assert_eq!(stall.get(GUIDE).await.status, 402);
    let _door = stall.doors.open(second).unwrap();
    stall.stop.cancel();
    eventually("a stall that stops closes all doors", async || TcpStream::connect(second).await.is_err())
        .await;
}

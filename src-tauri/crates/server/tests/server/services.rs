//! What programs answer, sold: charged when it came back well, asked once for one authorization (T31, T72).

use std::time::Duration;

use ::http::header::HeaderMap;
use alloy_primitives::B256;
use chrono::TimeDelta;
use domain::{Clock as _, Content, Delivery, Evidence, Mode, Outcome, OwnedFor, PaymentState};
use server::Limits;
use store::{NewBatch, Trigger, Verdict};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::buyer::{BOTH, Buyer, Signed, Version};
use crate::http::{self, Reply};
use crate::stall::{GOODS, GUIDE, Goods, PRICE, Stall, eventually};
use crate::upstream::{Upstream, service};

pub(crate) const ASKED: Goods = Goods { owned_for: OwnedFor::NEVER, ..GOODS };

async fn opened(goods: Goods) -> (Stall, Upstream) {
    opened_with(goods, Limits { body: Duration::from_millis(500), ..Limits::default() }).await
}

pub(crate) async fn opened_with(goods: Goods, limits: Limits) -> (Stall, Upstream) {
    let (stall, upstream) = (Stall::with_limits(limits).await, Upstream::open().await);
    let sold = service(&format!("http://{}/v1", upstream.address), "/{*rest}");
    stall.put_up("/api", Content::Service(sold), "An interface", goods).await;
    stall.until("/api/x", 402).await;
    (stall, upstream)
}

pub(crate) async fn send(
    stall: &Stall,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let length = body.len().to_string();
    let mut all = headers.to_vec();
    if !body.is_empty() {
        all.push(("Content-Length", &length));
    }
    let mut request = http::request(method, path, &all).into_bytes();
    request.extend_from_slice(body);
    let raw = http::exchange(stall.address, &request).await;
    http::read(&raw, method == "HEAD").unwrap_or_else(|| panic!("no answer to {method} {path}")).0
}

pub(crate) async fn sign(stall: &Stall, buyer: &Buyer, method: &str, path: &str, body: &[u8]) -> Signed {
    let demand = send(stall, method, path, &[], body).await;
    assert_eq!(demand.status, 402, "{demand:?}");
    buyer.answer(&demand, stall.clock.seconds())
}

pub(crate) async fn pay(stall: &Stall, signed: &Signed, method: &str, path: &str, body: &[u8]) -> Reply {
    let (name, value) = signed.header(Version::Two);
    send(stall, method, path, &[(name, &value)], body).await
}

pub(crate) async fn buy(
    stall: &Stall,
    buyer: &Buyer,
    method: &str,
    path: &str,
    body: &[u8],
) -> (Signed, Reply) {
    let signed = sign(stall, buyer, method, path, body).await;
    let reply = pay(stall, &signed, method, path, body).await;
    (signed, reply)
}

/// The bytes of a body that came in chunks, and whether its end came too.
pub(crate) fn unchunked(raw: &[u8]) -> (String, bool) {
    let raw = String::from_utf8_lossy(raw);
    let (_, body) = raw.split_once("\r\n\r\n").unwrap();
    let (mut lines, mut text) = (body.split("\r\n"), String::new());
    while let Some(length) = lines.next() {
        match usize::from_str_radix(length, 16) {
            Ok(0) => return (text, true),
            Ok(_) => text.push_str(lines.next().unwrap_or_default()),
            Err(_) => break,
        }
    }
    (text, false)
}

#[tokio::test]
async fn every_method_is_bought_with_both_versions_and_passed_on_with_what_the_seller_allows() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    for (count, version) in (1..).zip(BOTH) {
        let path = "/api/cities/paris?days=2&code=X";
        let signed = sign(&stall, &buyer, "GET", path, b"").await;
        let (name, value) = signed.header(version);
        let headers = [
            (name, &*value),
            ("Accept-Language", "fr"),
            ("X-Two", "1"),
            ("X-Two", "2"),
            ("Cookie", "a=b"),
            ("Authorization", "Bearer x"),
            ("X-Forwarded-For", "9.9.9.9"),
            ("X-Forwarded-Host", "evil.example"),
            ("Forwarded", "for=9.9.9.9"),
        ];
        let reply = send(&stall, "GET", path, &headers, b"").await;
        let body = format!("{count}: GET /v1/cities/paris?days=2 ");
        assert_eq!((reply.status, String::from_utf8_lossy(&reply.body).as_ref()), (200, &*body));
        assert_eq!(reply.header("content-type"), Some("text/plain"));
        assert_eq!(reply.header("cache-control"), Some("private, no-store"));
        let told = reply.decoded("PAYMENT-RESPONSE");
        assert_eq!(told["success"], true);
        for url in ["statusUrl", "receiptUrl"] {
            assert!(told["extra"][url].as_str().is_some_and(|url| url.starts_with("https://stall.example/")));
        }
        let receipt = &told["extensions"]["offer-receipt"]["info"]["receipt"];
        assert!(receipt["signature"].is_string(), "{told}");
    }
    let asked = upstream.seen().remove(0);
    let mut expected = HeaderMap::new();
    expected.insert("host", upstream.address.to_string().parse().unwrap());
    expected.insert("accept-language", "fr".parse().unwrap());
    expected.append("x-two", "1".parse().unwrap());
    expected.append("x-two", "2".parse().unwrap());
    expected.insert("x-forwarded-for", "127.0.0.1".parse().unwrap());
    expected.insert("x-forwarded-host", "stall.example".parse().unwrap());
    expected.insert("x-forwarded-proto", "https".parse().unwrap());
    assert_eq!(asked.headers, expected);
    let (_, reply) = buy(&stall, &buyer, "POST", "/api/echo", b"{\"a\":1}").await;
    assert_eq!((reply.status, &reply.body[..]), (200, &b"3: POST /v1/echo {\"a\":1}"[..]));
    assert_eq!(upstream.seen()[2].body, "{\"a\":1}");
    assert_eq!(upstream.seen()[2].method, "POST");
    assert_eq!(stall.payments().await.len(), 3, "every request is charged");
    eventually("all is delivered", async || {
        stall.payments().await.iter().all(|payment| payment.delivery == Delivery::Delivered)
    })
    .await;
}

// T31
#[tokio::test]
async fn what_does_not_come_back_well_is_not_charged_and_says_nothing_of_what_the_service_said() {
    let (stall, upstream) = opened(ASKED).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = service(&format!("http://{closed}"), "");
    stall.put_up("/away", Content::Service(away), "Nobody", ASKED).await;
    stall.until("/away", 402).await;
    let buyer = stall.buyer("ada");
    for (path, status) in [
        ("/api/status/500", 500),
        ("/api/status/404", 404),
        ("/api/status/302", 502),
        ("/api/status/402", 502),
        ("/api/status/304", 502),
        ("/api/hang/1", 504),
        ("/away", 502),
    ] {
        let (signed, reply) = buy(&stall, &buyer, "GET", path, b"").await;
        assert_eq!(reply.status, status, "{path}");
        let told = String::from_utf8_lossy(&reply.body);
        assert!(told.contains("Nothing was charged"), "{told}");
        assert!(!told.contains("secret") && !told.contains("127.0.0.1"), "{told}");
        assert_eq!(reply.header("payment-response"), None);
        assert_eq!(reply.header("location"), None);
        let payment = stall.payments().await.remove(0);
        assert_eq!(payment.state, PaymentState::Voided, "{path}");
        let asked = upstream.seen().len();
        let again = pay(&stall, &signed, "GET", path, b"").await;
        assert_eq!(again.status, 402, "{path}: {again:?}");
        assert!(again.json()["alreadyPaid"].is_null(), "{path}: nobody was charged");
        assert_eq!(upstream.seen().len(), asked, "{path}");
    }
}

// T31, T73: the balance that was held for it is free again each time, so nothing else would end this.
#[tokio::test]
async fn who_makes_a_service_work_for_nothing_again_and_again_has_to_wait() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    let mut refused = 0;
    for _ in 0..40 {
        let (_, reply) = buy(&stall, &buyer, "GET", "/api/status/500", b"").await;
        match reply.status {
            500 => {}
            429 => {
                assert!(reply.header("retry-after").is_some());
                refused += 1;
            }
            other => panic!("{other}: {reply:?}"),
        }
    }
    assert!(refused >= 10, "{refused} of 40 had to wait");
    assert_eq!(upstream.seen().len(), 40 - refused);
    let (_, other) = buy(&stall, &stall.buyer("bob"), "GET", "/api/guide", b"").await;
    assert_eq!(other.status, 200, "somebody else is served meanwhile");
}

// I4
#[tokio::test]
async fn one_authorization_is_one_request_to_the_service_and_one_answer_however_often_it_comes() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    let signed = sign(&stall, &buyer, "POST", "/api/slow/100", b"once").await;
    let copies = (0..20).map(|_| pay(&stall, &signed, "POST", "/api/slow/100", b"once"));
    let replies = futures::future::join_all(copies).await;
    for reply in replies {
        assert_eq!((reply.status, &reply.body[..]), (200, &b"after a while: 1"[..]), "{reply:?}");
    }
    assert_eq!(upstream.seen().len(), 1);
    for (path, body) in
        [("/api/slow/100", &b"twice"[..]), ("/api/slow/1", b"once"), ("/api/slow/100?a", b"once")]
    {
        let other = pay(&stall, &signed, "POST", path, body).await;
        assert_eq!(other.status, 402, "{path}");
    }
    assert_eq!(upstream.seen().len(), 1);
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn who_hangs_up_gets_no_work_done_for_nothing_and_has_the_answer_when_coming_again() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    let signed = sign(&stall, &buyer, "GET", "/api/slow/300", b"").await;
    let (name, value) = signed.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get("/api/slow/300", &[(name, &value)]).as_bytes()).await.unwrap();
    eventually("the service is asked", async || !upstream.seen().is_empty()).await;
    drop(stream);
    eventually("it broke off", async || stall.payment().await.delivery == Delivery::Interrupted).await;
    assert_eq!(stall.payment().await.state, PaymentState::Queued);
    let again = pay(&stall, &signed, "GET", "/api/slow/300", b"").await;
    assert_eq!((again.status, &again.body[..]), (200, &b"after a while: 1"[..]));
    eventually("it arrived", async || stall.payment().await.delivery == Delivery::Delivered).await;
    let (_, other) = buy(&stall, &buyer, "GET", "/api/slow/300", b"").await;
    assert_eq!(&other.body[..], b"after a while: 2", "what arrived is not owed any more");
}

#[tokio::test]
async fn an_answer_that_did_not_arrive_is_claimed_by_signing_again_for_the_same_request_alone() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    let (_, reply) = buy(&stall, &buyer, "GET", "/api/slow/1", b"").await;
    assert_eq!(reply.status, 200);
    let first = stall.payment().await.seq;
    eventually("it arrived", async || stall.payment().await.delivery == Delivery::Delivered).await;
    let signed = sign(&stall, &buyer, "GET", "/api/slow/200", b"").await;
    let (name, value) = signed.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get("/api/slow/200", &[(name, &value)]).as_bytes()).await.unwrap();
    eventually("the service is asked", async || upstream.seen().len() == 2).await;
    drop(stream);
    let broken = async || {
        let payments = stall.payments().await;
        payments.iter().any(|payment| payment.seq != first && payment.delivery == Delivery::Interrupted)
    };
    eventually("it broke off", broken).await;
    let (_, other) = buy(&stall, &buyer, "GET", "/api/slow/2", b"").await;
    assert_eq!(&other.body[..], b"after a while: 3", "another request is another purchase");
    let (_, claimed) = buy(&stall, &buyer, "GET", "/api/slow/200", b"").await;
    assert_eq!(&claimed.body[..], b"after a while: 2");
    assert_eq!(stall.payments().await.len(), 3);
}

// T72
#[tokio::test]
async fn bodies_beyond_the_limit_and_bodies_that_do_not_come_never_reach_the_service() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    let long = vec![b'x'; 1_001];
    assert_eq!(send(&stall, "POST", "/api/x", &[], &long).await.status, 413);
    let signed = sign(&stall, &buyer, "POST", "/api/x", b"short").await;
    assert_eq!(pay(&stall, &signed, "POST", "/api/x", &long).await.status, 413);
    let (name, value) = signed.header(Version::Two);
    let chunk = format!("{:x}\r\n{}\r\n", long.len(), "x".repeat(long.len()));
    for (headers, rest, status) in [
        (vec![("Transfer-Encoding", "chunked")], format!("{chunk}0\r\n\r\n"), 413),
        (vec![(name, value.as_str()), ("Transfer-Encoding", "chunked")], format!("{chunk}0\r\n\r\n"), 413),
        (vec![(name, value.as_str()), ("Content-Length", "5")], "sh".to_owned(), 408),
    ] {
        let request = http::request("POST", "/api/x", &headers) + &rest;
        let raw = http::exchange(stall.address, request.as_bytes()).await;
        assert_eq!(http::read(&raw, false).unwrap().0.status, status, "{rest}");
    }
    // A payment that buys nothing anyway is not waited for with its body.
    stall.clock.advance(TimeDelta::days(10));
    for headers in [vec![], vec![("Expect", "100-continue")]] {
        let head = [vec![(name, value.as_str()), ("Content-Length", "5")], headers].concat();
        let raw =
            http::exchange(stall.address, (http::request("POST", "/api/x", &head) + "sh").as_bytes()).await;
        assert_eq!(http::read(&raw, false).unwrap().0.status, 402);
    }
    stall.clock.advance(-TimeDelta::days(10));
    // Who waits to be asked for the body is told the terms first.
    let waits = http::request("POST", "/api/x", &[("Expect", "100-continue"), ("Content-Length", "9")]);
    let raw = http::exchange(stall.address, waits.as_bytes()).await;
    assert_eq!(http::read(&raw, false).unwrap().0.status, 402);
    assert!(upstream.seen().is_empty());
    assert!(stall.payments().await.is_empty());
    assert_eq!(pay(&stall, &signed, "POST", "/api/x", b"short").await.status, 200);
}

#[tokio::test]
async fn only_the_methods_that_are_sold_are_answered_and_head_never_pays() {
    let (stall, upstream) = opened(ASKED).await;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
        let reply = send(&stall, method, "/api/x", &[], b"").await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, Some("OPTIONS, HEAD, GET, POST")),
            "{method}"
        );
    }
    let preflight = send(&stall, "OPTIONS", "/api/x", &[], b"").await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-methods"), Some("OPTIONS, HEAD, GET, POST"));
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("accept-language"));
    let signed = sign(&stall, &stall.buyer("ada"), "GET", "/api/x", b"").await;
    assert_eq!(pay(&stall, &signed, "HEAD", "/api/x", b"").await.status, 402);
    // What is signed for one method is signed for its price; the offer is the same, the request is not.
    assert_eq!(send(&stall, "POST", GUIDE, &[], b"").await.status, 405);
    assert!(upstream.seen().is_empty());
}

// T27, T72
#[tokio::test]
async fn a_thousand_hostile_paths_and_headers_do_not_reach_the_service() {
    let (stall, upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    let signed = sign(&stall, &buyer, "GET", "/api/x", b"").await;
    let (name, value) = signed.header(Version::Two);
    let parts = [
        "..",
        ".",
        "%2e%2e",
        "%2f",
        "%00",
        "a%0d%0aX: y",
        "\\..",
        ";x=1",
        "a//b",
        "*",
        "@evil",
        "a\tb",
        "%c0%ae",
        "~%",
        "x/",
    ];
    let mut tried = 0;
    for first in parts {
        for second in parts {
            for begin in ["/api/", "/api//", "/API/", "//api/"] {
                let path = format!("{begin}{first}/{second}");
                let raw = http::exchange(stall.address, http::get(&path, &[(name, &value)]).as_bytes()).await;
                if let Some((reply, _)) = http::read(&raw, false) {
                    assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.status);
                }
                tried += 1;
            }
        }
    }
    let headers = [
        "Host: evil",
        "X-Forwarded-For: 1.1.1.1",
        "Transfer-Encoding: gzip",
        "Content-Length: -1",
        "Content-Length: 1\r\nContent-Length: 2",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        " folded: x",
        "X: \u{0}",
        "Host : a",
    ];
    for header in headers {
        for at in ["/api/x", "http://evil/api/x"] {
            let request = format!(
                "GET {at} HTTP/1.1\r\nHost: stall.test\r\n{name}: {value}\r\n{header}\r\nConnection: close\r\n\r\n"
            );
            let raw = http::exchange(stall.address, request.as_bytes()).await;
            let Some((reply, _)) = http::read(&raw, false) else { continue };
            if reply.status == 200 {
                assert_eq!((header, at), ("X-Forwarded-For: 1.1.1.1", "/api/x"));
            }
            tried += 1;
        }
    }
    assert!(tried >= 900, "{tried}");
    let seen = upstream.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0].headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(seen[0].uri, "/v1/x");
}

/// Server-side request forgery: neither the stall itself nor anything beyond this computer.
#[tokio::test]
async fn a_service_leads_neither_back_to_the_stall_nor_away_from_this_computer() {
    let stall = Stall::open().await;
    let own = format!("http://{}", stall.address);
    let named = format!("http://localhost:{}", stall.address.port());
    for (path, upstream) in [
        ("/own", own.as_str()),
        ("/named", &named),
        ("/mapped", "http://[::ffff:127.0.0.1]:80"),
        ("/metadata", "http://169.254.169.254/latest"),
        ("/private", "http://10.0.0.1/"),
        ("/public", "https://93.184.216.34/"),
        ("/stall", "https://stall.example/"),
    ] {
        let sold = service(upstream, "");
        assert!(
            upstream.contains("localhost")
                || path == "/stall"
                || server::judge_service(&sold, Some(stall.address)).is_err(),
            "{path}"
        );
        stall.put_up(path, Content::Service(sold), "A trap", ASKED).await;
        stall.until(path, 402).await;
        let (_, reply) = stall.buy(&stall.buyer(path), path, Version::Two).await;
        assert_eq!((reply.status, reply.error().as_str()), (502, "service_failed"), "{path}");
        assert_eq!(stall.payments().await[0].state, PaymentState::Voided, "{path}");
    }
}

// T28, T82
#[tokio::test]
async fn an_answer_keeps_what_the_seller_allows_and_cannot_be_kept_or_run_by_others() {
    let (stall, _upstream) = opened(ASKED).await;
    let (_, reply) = buy(&stall, &stall.buyer("ada"), "GET", "/api/page/1", b"").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("cache-control"), Some("private, no-store"), "although it was allowed");
    assert_eq!(reply.header("x-model"), Some("one"));
    assert!(reply.header("access-control-expose-headers").unwrap().contains("x-model"));
    assert_eq!(reply.header("content-security-policy"), Some("sandbox; default-src 'none'"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    for gone in ["set-cookie", "x-inside"] {
        assert_eq!(reply.header(gone), None);
    }
}

#[tokio::test]
async fn an_answer_of_unknown_length_streams_and_one_that_breaks_off_never_ends_cleanly() {
    let (stall, _upstream) = opened(ASKED).await;
    let buyer = stall.buyer("ada");
    for (path, expected, whole) in
        [("/api/parts/1", "one two three", true), ("/api/breaks/1", "beginning ", false)]
    {
        let signed = sign(&stall, &buyer, "GET", path, b"").await;
        let (name, value) = signed.header(Version::Two);
        let raw = http::exchange(stall.address, http::get(path, &[(name, &value)]).as_bytes()).await;
        assert_eq!(unchunked(&raw), (expected.to_owned(), whole), "{path}");
        let delivery = if whole { Delivery::Delivered } else { Delivery::Interrupted };
        eventually("it is noted", async || stall.payments().await[0].delivery == delivery).await;
        let again = pay(&stall, &signed, "GET", path, b"").await;
        if whole {
            assert_eq!((again.status, &again.body[..]), (200, expected.as_bytes()));
        } else {
            assert_eq!((again.status, again.error().as_str()), (409, "already_answered"));
        }
    }
    let (_, empty) = buy(&stall, &buyer, "GET", "/api/empty/1", b"").await;
    assert_eq!((empty.status, empty.body.len()), (204, 0));
    let (signed, long) = buy(&stall, &buyer, "GET", "/api/long/300000", b"").await;
    assert_eq!((long.status, long.body.len()), (200, 300_000));
    let again = pay(&stall, &signed, "GET", "/api/long/300000", b"").await;
    assert_eq!((again.status, again.error().as_str()), (409, "already_answered"));
}

// T46
#[tokio::test]
async fn an_instant_answer_waits_for_its_money_and_one_that_fails_costs_no_transaction() {
    let (stall, upstream) = opened(Goods { mode: Mode::Instant, ..ASKED }).await;
    let buyer = stall.buyer("ada");
    for (path, status) in
        [("/api/status/500", 500), ("/api/hang/1", 504), ("/api/breaks/1", 502), ("/api/long/1000001", 502)]
    {
        let (_, reply) = buy(&stall, &buyer, "GET", path, b"").await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(stall.payments().await[0].state, PaymentState::Voided, "{path}");
    }
    for bytes in [10, 300_000] {
        let path = format!("/api/long/{bytes}");
        let ((signed, reply), ()) = tokio::join!(buy(&stall, &buyer, "GET", &path, b""), settle(&stall));
        assert_eq!((reply.status, reply.body.len()), (200, bytes));
        assert_eq!(reply.decoded("PAYMENT-RESPONSE")["extra"]["settlement"]["status"], "settled");
        // By now everybody can read the signature on the chain.
        let again = pay(&stall, &signed, "GET", &path, b"").await;
        assert_eq!((again.status, again.error().as_str()), (409, "already_answered"));
    }
    assert_eq!(upstream.seen().len(), 6);
}

/// Settles what waits to be settled, once there is anything.
pub(crate) async fn settle(stall: &Stall) {
    let waits = async || stall.store.queue(stall.asset_id).await.unwrap().instant == 1;
    eventually("a payment waits to be settled", waits).await;
    let payment = stall.payments().await.into_iter().find(|one| one.state == PaymentState::Queued).unwrap();
    let at = stall.clock.now();
    let batch =
        NewBatch { asset: stall.asset_id, payments: vec![payment.seq], trigger: Trigger::Instant, at };
    let batch = stall.store.open_batch(batch).await.unwrap().id;
    let evidence =
        Evidence { block: 9, block_hash: B256::repeat_byte(0xbb), transaction: B256::repeat_byte(0xaa) };
    let outcomes = vec![(payment.seq, Outcome::Settled(evidence))];
    stall.store.record(Verdict { batch, attempt: None, outcomes, at }).await.unwrap();
}

#[tokio::test]
async fn a_path_of_its_own_comes_before_a_pattern_and_a_method_can_have_its_own_price() {
    let (stall, upstream) = opened(ASKED).await;
    stall.add("/api/guide", "guide2.txt", b"a file", GOODS).await;
    // The pattern asks for money at that path as well.
    eventually("the file is on sale", async || {
        let demand = stall.get("/api/guide").await.decoded("PAYMENT-REQUIRED");
        demand["resource"]["description"] == "The file guide2.txt"
    })
    .await;
    let (_, file) = stall.buy(&stall.buyer("ada"), "/api/guide", Version::Two).await;
    assert_eq!(&file.body[..], b"a file");
    let id =
        stall.store.catalogue().await.unwrap().into_iter().find(|one| one.endpoint.path.as_str() == "/api");
    let own = store::NewOffer { part: "POST".parse().unwrap(), ..stall.offer(3 * PRICE) };
    stall.store.quote(vec![(id.unwrap().endpoint.id, own)], stall.clock.now()).await.unwrap();
    let price = async |method: &str| {
        let demand = send(&stall, method, "/api/x", &[], b"").await.decoded("PAYMENT-REQUIRED");
        demand["accepts"][0]["amount"].as_str().unwrap_or_default().to_owned()
    };
    eventually("the new price", async || price("POST").await == (3 * PRICE).to_string()).await;
    assert_eq!(price("GET").await, PRICE.to_string());
    let demand = send(&stall, "GET", "/api/x", &[], b"").await.decoded("PAYMENT-REQUIRED");
    assert_eq!(demand["resource"]["url"], "https://stall.example/api/x");
    assert!(upstream.seen().is_empty());
    assert_eq!(stall.get("/api").await.status, 404);
    assert_eq!(stall.get("/apix").await.status, 404);
}

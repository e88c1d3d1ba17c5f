//! What of a service's answer is charged, and that what was paid for arrives (T31, T46).

use std::fs;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::{Delivery, Mode, PaymentState};
use server::Limits;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::buyer::Version;
use crate::http;
use crate::services::{ASKED, buy, opened_with, pay, settle, sign, unchunked};
use crate::stall::{Goods, Stall, eventually};

const INSTANT: Goods = Goods { mode: Mode::Instant, ..ASKED };

/// An instant sale answers soon that its settlement takes longer.
fn hurried() -> Limits {
    Limits { settlement: Duration::from_millis(200), ..Limits::default() }
}

/// The files in which answers wait.
fn waiting(stall: &Stall) -> usize {
    fs::read_dir(stall.file("data/stall.answers")).map_or(0, Iterator::count)
}

// T31
#[tokio::test]
async fn what_breaks_off_before_anything_useful_came_is_not_charged() {
    let (stall, _upstream) = opened_with(ASKED, Limits::default()).await;
    let buyer = stall.buyer("ada");
    for (path, status) in [("/api/broken/1", 502), ("/api/cut/1", 502), ("/api/silent/1", 504)] {
        let (_, reply) = buy(&stall, &buyer, "GET", path, b"").await;
        assert_eq!((reply.status, reply.header("payment-response")), (status, None), "{path}");
        assert!(reply.error() == "service_failed" && !reply.json()["message"].is_null(), "{reply:?}");
        assert_eq!(stall.payments().await[0].state, PaymentState::Voided, "{path}");
    }
}

#[tokio::test]
async fn who_does_not_read_an_answer_does_not_keep_it_from_being_charged() {
    let (stall, upstream) = opened_with(ASKED, Limits::default()).await;
    let signed = sign(&stall, &stall.buyer("ada"), "GET", "/api/flood/1", b"").await;
    let (name, value) = signed.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get("/api/flood/1", &[(name, &value)]).as_bytes()).await.unwrap();
    eventually("the service is asked", async || !upstream.seen().is_empty()).await;
    let queued = async || stall.store.queue(stall.asset_id).await.unwrap().count == 1;
    eventually("it can be settled", queued).await;
    assert_eq!(stall.payment().await.delivery, Delivery::Streaming, "it is not at its end");
    drop(stream);
}

// T31, T73
#[tokio::test]
async fn no_answer_goes_on_for_ever_and_one_that_would_is_not_waited_for_and_not_charged() {
    let limits = Limits { answer: Duration::from_secs(1), ..Limits::default() };
    let path = "/api/trickle/1";
    let (stall, _upstream) = opened_with(ASKED, limits).await;
    let signed = sign(&stall, &stall.buyer("ada"), "GET", path, b"").await;
    let (name, value) = signed.header(Version::Two);
    let began = Instant::now();
    let raw = http::exchange(stall.address, http::get(path, &[(name, &value)]).as_bytes()).await;
    let (text, whole) = unchunked(&raw);
    assert!(text.starts_with("drop drop ") && !whole, "{text}");
    assert!(began.elapsed() < Duration::from_secs(10));
    eventually("it broke off", async || stall.payment().await.delivery == Delivery::Interrupted).await;
    assert_eq!(stall.payment().await.state, PaymentState::Queued);

    let (stall, _upstream) = opened_with(INSTANT, limits).await;
    let (_, reply) = buy(&stall, &stall.buyer("ada"), "GET", path, b"").await;
    assert_eq!((reply.status, reply.error().as_str()), (504, "service_failed"));
    assert!(reply.json()["message"].as_str().unwrap().contains("within 1 seconds"), "{reply:?}");
    assert_eq!(stall.payment().await.state, PaymentState::Voided);
}

// T46: whatever settles late was paid for all the same.
#[tokio::test]
async fn a_long_answer_whose_money_comes_late_waits_for_its_buyer_also_over_a_restart() {
    let (stall, upstream) = opened_with(INSTANT, hurried()).await;
    let (ada, path) = (stall.buyer("ada"), "/api/long/300000");
    let (signed, reply) = buy(&stall, &ada, "GET", path, b"").await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "settlement_pending"));
    let stall = stall.restart(hurried()).await;
    settle(&stall).await;
    assert_eq!(waiting(&stall), 1);
    let again = pay(&stall, &signed, "GET", path, b"").await;
    assert_eq!((again.status, again.json()["alreadyPaid"].as_bool()), (402, Some(true)), "sign a fresh one");
    let (_, stranger) = buy(&stall, &stall.buyer("bob"), "GET", path, b"").await;
    assert_eq!(stranger.status, 503, "it is not another one's");
    let (_, claimed) = buy(&stall, &ada, "GET", path, b"").await;
    assert_eq!((claimed.status, claimed.body.len()), (200, 300_000));
    assert_eq!(claimed.decoded("PAYMENT-RESPONSE")["extra"]["settlement"]["status"], "settled");
    assert_eq!(
        (upstream.seen().len(), stall.payments().await.len()),
        (2, 2),
        "hers is asked and paid for once"
    );
    eventually("only the other one's waits", async || waiting(&stall) == 1).await;
    let again = pay(&stall, &signed, "GET", path, b"").await;
    assert_eq!((again.status, again.error().as_str()), (409, "already_answered"));
}

// T46: a crash between the last byte and its note takes the file, and so does an old backup.
#[tokio::test]
async fn a_long_answer_whose_file_is_gone_is_bought_anew_instead_of_being_promised_for_ever() {
    for left in [None, Some(b"half".as_slice())] {
        let (stall, upstream) = opened_with(INSTANT, hurried()).await;
        let (ada, path) = (stall.buyer("ada"), "/api/long/300000");
        let (_, first) = buy(&stall, &ada, "GET", path, b"").await;
        assert_eq!(first.error(), "settlement_pending");
        let stall = stall.restart(hurried()).await;
        settle(&stall).await;
        let file = fs::read_dir(stall.file("data/stall.answers")).unwrap().next().unwrap().unwrap().path();
        match left {
            Some(half) => fs::write(&file, half).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let (_, told) = buy(&stall, &ada, "GET", path, b"").await;
        assert_eq!((told.status, told.error().as_str()), (409, "already_answered"));
        assert!(told.json()["message"].as_str().unwrap().contains("Sign a fresh one"), "{told:?}");
        assert_eq!((waiting(&stall), stall.payments().await.len()), (0, 1));
        let (_, anew) = buy(&stall, &ada, "GET", path, b"").await;
        assert_eq!((anew.status, anew.error().as_str()), (503, "settlement_pending"));
        assert_eq!((upstream.seen().len(), stall.payments().await.len(), waiting(&stall)), (2, 2, 1));
    }
}

#[tokio::test]
async fn what_nobody_claims_does_not_lie_there_for_ever_and_never_takes_more_than_its_room() {
    let limits = Limits { answers: 400_000, ..hurried() };
    let (stall, _upstream) = opened_with(INSTANT, limits).await;
    let (ada, path) = (stall.buyer("ada"), "/api/long/300000");
    let (_, first) = buy(&stall, &ada, "GET", path, b"").await;
    assert_eq!((first.status, waiting(&stall)), (503, 1));
    let (_, refused) = buy(&stall, &stall.buyer("bob"), "GET", path, b"").await;
    assert_eq!((refused.status, refused.error().as_str(), waiting(&stall)), (503, "busy", 1));
    assert_eq!(stall.payments().await[0].state, PaymentState::Voided);

    stall.clock.advance(TimeDelta::days(20));
    let stall = stall.restart(limits).await;
    eventually("nothing waits any more", async || waiting(&stall) == 0).await;
    let (_, now) = buy(&stall, &stall.buyer("cy"), "GET", path, b"").await;
    assert_eq!((now.status, now.error().as_str()), (503, "settlement_pending"), "there is room again");
}

//! Who comes is counted, and whoever comes too often waits (T73, T90).

use std::net::IpAddr;
use std::time::{Duration, Instant};

use domain::EndpointState;
use server::{Chosen, Forwarding, Limits, Traffic};
use store::Visits;

use crate::buyer::{Buyer, Version};
use crate::http::{self, Reply};
use crate::stall::{GUIDE, GUIDE_TEXT, Stall, eventually};

/// Somebody asks for the guide, and a tunnel says from where.
async fn ask(stall: &Stall, from: &str, payment: Option<(&str, &str)>) -> Reply {
    let mut headers = vec![("CF-Connecting-IP", from)];
    headers.extend(payment);
    http::send(stall.address, &http::get(GUIDE, &headers)).await
}

async fn behind_a_tunnel(limits: Limits) -> Stall {
    let stall = Stall::with_limits(limits).await;
    stall.ways.send_modify(|ways| ways.tunnel = Some(Forwarding::Cloudflare));
    stall
}

async fn counted(stall: &Stall) -> [u64; 4] {
    stall.traffic.write(&stall.store).await.unwrap();
    let all = stall.store.visits(None, (i64::MIN, i64::MAX)).await.unwrap();
    let sum = |of: fn(&Visits) -> u64| all.iter().map(of).sum();
    [sum(|day| day.shown), sum(|day| day.signed), sum(|day| day.delivered), sum(|day| day.settled)]
}

#[tokio::test]
async fn a_visit_counts_as_far_as_it_came() {
    let stall = Stall::open().await;
    let [before, ..] = counted(&stall).await;
    let ada = stall.buyer("ada");
    let signed = stall.sign(&ada, GUIDE).await;
    http::send(stall.address, &http::request("HEAD", GUIDE, &[])).await;
    assert_eq!(stall.get("/nothing").await.status, 404);
    assert_eq!(counted(&stall).await, [before + 1, 0, 0, 0]);
    // Who is not known to have signed has not.
    let mut forged = signed.payment(Version::Two);
    forged["payload"]["signature"] = format!("0x{}1b", "11".repeat(64)).into();
    let name = crate::buyer::header_name(Version::Two);
    let reply = stall.pay_with(GUIDE, name, &crate::buyer::encode(&forged)).await;
    assert_eq!(reply.status, 402);
    assert_eq!(counted(&stall).await, [before + 1, 0, 0, 0]);
    assert_eq!(stall.pay(GUIDE, &signed, Version::Two).await.body, GUIDE_TEXT);
    eventually("the delivery counts", async || counted(&stall).await == [before + 1, 1, 1, 0]).await;
    // What arrived once has arrived, and an owner who comes again buys nothing.
    assert_eq!(stall.pay(GUIDE, &signed, Version::Two).await.status, 200);
    assert_eq!(stall.buy(&ada, GUIDE, Version::Two).await.1.status, 200);
    eventually("all of it is counted", async || counted(&stall).await == [before + 2, 1, 1, 0]).await;
}

// T90
#[tokio::test]
async fn requests_are_remembered_and_from_where_they_came_only_if_the_seller_asks() {
    let stall = behind_a_tunnel(Limits::default()).await;
    let ada = stall.buyer("ada");
    let (name, value) = stall.sign(&ada, GUIDE).await.header(Version::Two);
    let payment = Some((name, value.as_str()));
    let secret = http::get(&format!("{GUIDE}?code=SECRET"), &[]);
    http::send(stall.address, &secret).await;
    assert_eq!(ask(&stall, "198.51.100.1", payment).await.status, 200);
    let newest = || stall.requests(1).into_iter().next();
    let is_paid = async || newest().is_some_and(|request| request.status == 200);
    eventually("the payment is remembered", is_paid).await;
    let request = newest().unwrap();
    assert_eq!((request.path.as_str(), request.bytes), (GUIDE, GUIDE_TEXT.len() as u64));
    assert_eq!((request.payer, request.address), (Some(ada.address()), None));
    let all = format!("{:?}", stall.requests(1000));
    assert!(!all.contains("SECRET") && !all.contains("198.51.100.1"), "{all}");

    let keep = async |value: &str| {
        stall.store.set_setting(Traffic::ADDRESSES.to_owned(), value.to_owned()).await.unwrap();
    };
    keep("on").await;
    let from: IpAddr = "198.51.100.2".parse().unwrap();
    eventually("addresses are kept", async || {
        ask(&stall, "198.51.100.2", None).await;
        newest().unwrap().address == Some(from)
    })
    .await;
    keep("").await;
    let forgotten = async || stall.requests(1000).iter().all(|request| request.address.is_none());
    eventually("they are forgotten", forgotten).await;
}

#[tokio::test]
async fn no_more_requests_are_remembered_than_fit() {
    let stall = Stall::open().await;
    let many = http::get("/nothing", &[]).replace("Connection: close\r\n", "").repeat(50);
    for _ in 0..22 {
        let bytes = format!("{many}{}", http::get("/last", &[]));
        http::exchange(stall.address, bytes.as_bytes()).await;
    }
    let all = stall.requests(usize::MAX);
    assert_eq!((all.len(), all[0].path.as_str(), all[0].status), (1000, "/last", 404));
}

// T73
#[tokio::test]
async fn whoever_asks_or_pays_too_often_waits_and_nobody_else_does() {
    let limits =
        Limits { terms_of_address_a_minute: 3, payments_of_address_a_minute: 2, ..Limits::default() };
    let stall = behind_a_tunnel(limits).await;
    for _ in 0..3 {
        assert_eq!(ask(&stall, "198.51.100.1", None).await.status, 402);
    }
    let refused = ask(&stall, "198.51.100.1", None).await;
    assert_eq!((refused.status, refused.error().as_str()), (429, "too_many_requests"));
    assert!(refused.header("retry-after").is_some());
    assert_eq!(ask(&stall, "198.51.100.2", None).await.status, 402);

    let pay = async |from: &str| {
        let (name, value) = stall.sign(&stall.buyer("ada"), GUIDE).await.header(Version::Two);
        ask(&stall, from, Some((name, &value))).await
    };
    assert_eq!([pay("198.51.100.1").await.status, pay("198.51.100.1").await.status], [200, 200]);
    let refused = pay("198.51.100.1").await;
    assert_eq!((refused.status, refused.error().as_str()), (429, "too_many_payments"));
    assert!(refused.header("retry-after").is_some());
    assert_eq!(pay("198.51.100.2").await.status, 200);
    // The seller's own computer is nobody's address, and what is chosen counts at once.
    assert_eq!(stall.get(GUIDE).await.status, 402);
    stall.store.set_setting(Limits::OF_ADDRESS.to_owned(), "0".to_owned()).await.unwrap();
    eventually("there is no limit any more", async || pay("198.51.100.1").await.status == 200).await;
}

// T78
#[tokio::test]
async fn who_comes_by_a_proxy_of_the_sellers_counts_by_the_address_that_it_tells() {
    let stall = Stall::with_limits(Limits { terms_of_address_a_minute: 2, ..Limits::default() }).await;
    let ask = async |from: &str| {
        http::send(stall.address, &http::get(GUIDE, &[("X-Forwarded-For", from)])).await.status
    };
    for _ in 0..4 {
        assert_eq!(ask("198.51.100.1").await, 402, "this computer itself is no address");
    }
    let (key, value) = (Chosen::TRUSTED_PROXIES.to_owned(), "127.0.0.1".to_owned());
    stall.store.set_setting(key, value).await.unwrap();
    eventually("it counts", async || ask("203.0.113.9, 198.51.100.1").await == 429).await;
    assert_eq!(ask("198.51.100.1, 198.51.100.2").await, 402);
}

// T73
#[tokio::test]
async fn what_the_stall_shows_for_nothing_has_the_pace_of_its_terms() {
    let stall = behind_a_tunnel(Limits { terms_of_address_a_minute: 2, ..Limits::default() }).await;
    let at = async |from: &str, path: &str| {
        http::send(stall.address, &http::get(path, &[("CF-Connecting-IP", from)])).await.status
    };
    let paths = [
        "/",
        "/llms.txt",
        "/openapi.json",
        "/robots.txt",
        "/nothing",
        "/r/x",
        "/d/x",
        "/.stallkeeper/verify",
        "/.stallkeeper/payments/00000000-0000-8000-8000-000000000000",
    ];
    for (number, path) in paths.into_iter().enumerate() {
        let from = format!("198.51.100.{number}");
        for _ in 0..2 {
            assert_ne!(at(&from, path).await, 429, "{path}");
        }
        assert_eq!(at(&from, path).await, 429, "{path}");
        assert_eq!(at(&from, GUIDE).await, 429, "it is one pace");
    }
}

#[tokio::test]
async fn a_payer_who_pays_too_often_waits_wherever_they_come_from_and_nobody_uses_up_their_turns() {
    let stall = Stall::with_limits(Limits { payments_of_payer_a_minute: 2, ..Limits::default() }).await;
    let (ada, name) = (stall.buyer("ada"), crate::buyer::header_name(Version::Two));
    let mut forged = stall.sign(&ada, GUIDE).await.payment(Version::Two);
    forged["payload"]["signature"] = format!("0x{}1b", "11".repeat(64)).into();
    for _ in 0..5 {
        let reply = stall.pay_with(GUIDE, name, &crate::buyer::encode(&forged)).await;
        assert_eq!(reply.status, 402, "somebody says that they are ada");
    }
    let buy = async |buyer: &Buyer| stall.buy(buyer, GUIDE, Version::Two).await.1.status;
    assert_eq!([buy(&ada).await, buy(&ada).await, buy(&ada).await], [200, 200, 429]);
    assert_eq!(buy(&stall.buyer("bob")).await, 200);
}

// T73
#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_bad_signatures_from_one_address_do_not_hold_a_buyer_up() {
    let stall = behind_a_tunnel(Limits::default()).await;
    let (eve, name) = (stall.buyer("eve"), crate::buyer::header_name(Version::Two));
    let mut forged = stall.sign(&eve, GUIDE).await.payment(Version::Two);
    forged["payload"]["signature"] = format!("0x{}1b", "11".repeat(64)).into();
    let value = crate::buyer::encode(&forged);
    let asked_before = stall.chain.asked();
    let head = [("CF-Connecting-IP", "198.51.100.66"), (name, value.as_str())];
    let last = http::get(GUIDE, &head);
    let one = last.replace("Connection: close\r\n", "");
    let flood = async {
        let mut looked_at = 0;
        for _ in 0..100 {
            let raw = http::exchange(stall.address, format!("{}{last}", one.repeat(49)).as_bytes()).await;
            let raw = String::from_utf8_lossy(&raw);
            let answers = |status: &str| raw.matches(&format!("HTTP/1.1 {status}")).count();
            assert_eq!(answers("402") + answers("429"), 50);
            looked_at += answers("402");
        }
        looked_at
    };
    let buyers = async {
        let mut slowest = Duration::ZERO;
        for number in 0..10 {
            let began = Instant::now();
            let (_, reply) = stall.buy(&stall.buyer(&format!("buyer {number}")), GUIDE, Version::Two).await;
            assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
            slowest = slowest.max(began.elapsed());
        }
        slowest
    };
    let (looked_at, slowest) = tokio::join!(flood, buyers);
    assert!((1..=150).contains(&looked_at), "{looked_at} of 5000 signatures were looked at");
    assert!(stall.chain.asked() - asked_before <= looked_at + 10);
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    let other = ask(&stall, "198.51.100.67", Some((name, &value))).await;
    assert_eq!(other.status, 402, "another address is looked at");
}

#[tokio::test]
async fn whatever_is_paused_or_closed_says_when_to_come_again_to_everybody() {
    let stall = Stall::open().await;
    let (name, value) = stall.sign(&stall.buyer("ada"), GUIDE).await.header(Version::Two);
    let people = &[("Accept", "text/html"), ("User-Agent", "Mozilla/5.0")][..];
    let ways = [&[][..], people, &[(name, value.as_str())]];
    let all_wait = async |error: &str| {
        for headers in ways {
            for method in ["GET", "HEAD"] {
                let reply = http::send(stall.address, &http::request(method, GUIDE, headers)).await;
                assert_eq!(reply.status, 503, "{method} {headers:?}");
                assert!(reply.header("retry-after").is_some(), "{method} {headers:?}");
            }
        }
        assert_eq!(stall.get(GUIDE).await.error(), error);
    };
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.set_state(id, GUIDE, EndpointState::Paused, 503).await;
    all_wait("paused").await;
    stall.set_state(id, GUIDE, EndpointState::Live, 402).await;
    stall.selling.send_replace(false);
    all_wait("closed").await;
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn what_arrives_by_a_link_counts_and_the_link_is_not_remembered() {
    let stall = Stall::open().await;
    let (name, value) = stall.sign(&stall.buyer("ada"), GUIDE).await.header(Version::Two);
    let headers = [(name, value.as_str()), ("Accept", "application/json; profile=stallkeeper-grant")];
    let granted = http::send(stall.address, &http::get(GUIDE, &headers)).await.json();
    let [shown, signed, ..] = counted(&stall).await;
    assert_eq!((signed, counted(&stall).await[2]), (1, 0));
    let link = granted["grant"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(stall.get(link).await.body, GUIDE_TEXT);
    }
    eventually("both downloads are remembered", async || {
        stall.requests(2).iter().all(|request| request.bytes == GUIDE_TEXT.len() as u64)
    })
    .await;
    assert_eq!(counted(&stall).await, [shown, 1, 1, 0]);
    let all = format!("{:?}", stall.requests(1000));
    assert!(!all.contains(&link[3..]), "whoever has the link has what it leads to");
}

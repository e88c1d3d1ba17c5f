use domain::{Delivery, PaymentState};
use sha2::{Digest as _, Sha256};

use crate::buyer::{BOTH, Version};
use crate::http;
use crate::stall::{GUIDE, GUIDE_TEXT, PAY_TO, PRICE, Stall, eventually};

#[tokio::test]
async fn one_402_tells_clients_of_both_versions_what_to_pay() {
    let stall = Stall::open().await;
    let demand = stall.get(GUIDE).await;
    assert_eq!(demand.status, 402);
    assert_eq!(demand.header("cache-control"), Some("no-store"));
    assert_eq!(demand.header("server"), None);
    let new = demand.decoded("PAYMENT-REQUIRED");
    assert_eq!(new["resource"]["url"], "https://stall.example/guide");
    assert_eq!(new["accepts"][0]["amount"], PRICE.to_string());
    assert_eq!(new["accepts"][0]["payTo"], PAY_TO.to_string());
    let old = demand.json();
    assert_eq!(old["x402Version"], 1);
    assert_eq!(old["accepts"][0]["resource"], "https://stall.example/guide");
    assert_eq!(old["accepts"][0]["maxAmountRequired"], PRICE.to_string());
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn a_paying_buyer_of_either_version_gets_the_file_and_leaves_one_payment() {
    for version in BOTH {
        let stall = Stall::open().await;
        let buyer = stall.buyer("ada");
        let (_, reply) = stall.buy(&buyer, GUIDE, version).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.body, GUIDE_TEXT);
        let payment = stall.payment().await;
        assert_eq!(payment.state, PaymentState::Queued);
        assert_eq!(payment.payer, buyer.address());
        assert_eq!(payment.amount.atomic(), PRICE);
        for header in ["PAYMENT-RESPONSE", "X-PAYMENT-RESPONSE"] {
            let response = reply.decoded(header);
            assert_eq!(response["success"], true);
            assert_eq!(response["transaction"], "");
            assert_eq!(response["extra"]["commitmentId"], payment.id.to_string());
        }
        eventually("the delivery is written down", async || {
            let payment = stall.payment().await;
            payment.delivery == Delivery::Delivered && payment.bytes_sent == GUIDE_TEXT.len() as u64
        })
        .await;
    }
}

#[tokio::test]
async fn a_paid_file_says_what_it_is_and_that_nobody_may_keep_it() {
    let stall = Stall::open().await;
    let (_, reply) = stall.buy(&stall.buyer("ada"), GUIDE, Version::Two).await;
    let digest = Sha256::digest(GUIDE_TEXT);
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, digest);
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", "20"),
        ("content-disposition", "attachment; filename=\"guide.txt\"; filename*=UTF-8''guide.txt"),
        ("cache-control", "private, no-store"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("vary", "Accept, Accept-Language, User-Agent, PAYMENT-SIGNATURE, X-PAYMENT, SIGN-IN-WITH-X"),
        ("access-control-allow-origin", "*"),
        ("repr-digest", &format!("sha-256=:{base64}:")),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
    let etag = reply.header("etag").unwrap();
    assert!(etag.starts_with('"') && etag.len() == 34, "{etag}");
}

// Steps 1 and 2 of the protocol skipped.
#[tokio::test]
async fn who_knows_the_terms_pays_without_asking_first() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, GUIDE).await;
    let request = http::get(GUIDE, &[("PAYMENT-SIGNATURE", &signed.header(Version::Two).1)]);
    let reply = http::send(stall.address, &request).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
}

#[tokio::test]
async fn head_shows_the_terms_and_never_takes_a_payment() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    let (name, value) = signed.header(Version::Two);
    for headers in [&[][..], &[(name, value.as_str())]] {
        let reply = http::send(stall.address, &http::request("HEAD", GUIDE, headers)).await;
        assert_eq!(reply.status, 402);
        assert!(reply.header("payment-required").is_some());
        assert!(reply.body.is_empty());
    }
    assert!(stall.payments().await.is_empty());
    assert_eq!(stall.chain.asked(), 0);
}

#[tokio::test]
async fn the_status_of_a_payment_is_told_in_words_and_names_nobody() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let (_, reply) = stall.buy(&buyer, GUIDE, Version::Two).await;
    let id = reply.decoded("PAYMENT-RESPONSE")["extra"]["commitmentId"].as_str().unwrap().to_owned();
    let path = format!("/.stallkeeper/payments/{id}");
    eventually("its delivery is told", async || stall.get(&path).await.json()["delivery"] == "delivered")
        .await;
    let status = stall.get(&path).await;
    let expected = serde_json::json!({ "commitmentId": id, "state": "queued", "delivery": "delivered" });
    assert_eq!((status.status, status.json()), (200, expected));
    for unknown in
        ["/.stallkeeper/payments/", "/.stallkeeper/payments/x", "/.stallkeeper/payments", "/.stallkeeper"]
    {
        assert_eq!(stall.get(unknown).await.status, 404, "{unknown}");
    }
    let other = uuid_of_nobody();
    assert_eq!(stall.get(&format!("/.stallkeeper/payments/{other}")).await.status, 404);
}

fn uuid_of_nobody() -> &'static str {
    "00000000-0000-8000-8000-000000000000"
}

// T14
#[tokio::test]
async fn no_header_of_a_request_puts_another_host_into_a_quote() {
    let stall = Stall::open().await;
    let forwarded = [("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example")];
    let reply = http::send(stall.address, &http::get(GUIDE, &forwarded)).await;
    assert!(!reply.decoded("PAYMENT-REQUIRED").to_string().contains("evil"));
    let lines = "Host: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n";
    for target in [GUIDE, "http://evil.example/guide"] {
        let request = format!("GET {target} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
        let reply = http::send(stall.address, &request).await;
        assert_eq!(reply.status, 421);
        assert!(!String::from_utf8_lossy(&reply.body).contains("evil"));
    }
    stall.public_url.send_replace("https://other.example".parse().unwrap());
    eventually("quotes follow the configured URL", async || {
        stall.get(GUIDE).await.decoded("PAYMENT-REQUIRED")["resource"]["url"] == "https://other.example/guide"
    })
    .await;
}

#[tokio::test]
async fn a_closed_stall_asks_everybody_to_come_back_and_charges_nobody() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, GUIDE).await;
    stall.selling.send_replace(false);
    for reply in [stall.get(GUIDE).await, stall.pay(GUIDE, &signed, Version::Two).await] {
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.header("retry-after").is_some());
        assert_eq!(reply.json()["error"], "closed");
    }
    assert_eq!(stall.get("/nothing").await.status, 404);
    assert!(stall.payments().await.is_empty());
    stall.selling.send_replace(true);
    assert_eq!(stall.pay(GUIDE, &signed, Version::Two).await.status, 200);
}

#[tokio::test]
async fn a_download_that_is_under_way_goes_on_when_the_stall_closes() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let (_, reply) = stall.buy(&buyer, GUIDE, Version::Two).await;
    stall.selling.send_replace(false);
    assert_eq!(reply.body, GUIDE_TEXT);
    let id = stall.payment().await.id;
    // What became of a payment can be asked all the time.
    assert_eq!(stall.get(&format!("/.stallkeeper/payments/{id}")).await.status, 200);
}

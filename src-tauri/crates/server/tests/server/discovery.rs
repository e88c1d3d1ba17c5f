//! What a 402 says beyond its terms: how a thing is asked for, and offers that the stall signed.

use chrono::TimeDelta;
use domain::{Audience, Clock as _, Content, Signature};
use serde_json::{Value, json};
use store::{Details, NewOffer};
use wallet::ReceiptKey;
use x402::OfferTerms;

use crate::http;
use crate::stall::{GOODS, GUIDE, PRICE, Stall, eventually};
use crate::upstream::service;

/// The extensions of the 402 at a path.
async fn extensions(stall: &Stall, path: &str) -> Value {
    let demand = stall.get(path).await;
    assert!(demand.header("payment-required").unwrap().len() <= 4096);
    demand.decoded("PAYMENT-REQUIRED")["extensions"].clone()
}

#[tokio::test]
async fn catalogues_are_told_how_a_thing_is_asked_for_in_both_versions() {
    let stall = Stall::open().await;
    let told = extensions(&stall, GUIDE).await["bazaar"].clone();
    assert_eq!(told["info"]["input"], json!({ "type": "http", "method": "GET" }));
    assert!(told["schema"]["properties"]["input"].is_object() && told["routeTemplate"].is_null(), "{told}");
    let old = &stall.get(GUIDE).await.json()["accepts"][0];
    assert_eq!(
        old["outputSchema"]["input"],
        json!({ "type": "http", "method": "GET", "discoverable": true })
    );
}

#[tokio::test]
async fn what_is_not_listed_and_what_a_code_costs_are_told_to_no_catalogue() {
    let stall = Stall::open().await;
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    let audience = Audience::with_code("SPRING").unwrap();
    let offer = NewOffer { audience, ..stall.offer(PRICE / 2) };
    stall.store.quote(vec![(id, offer)], stall.clock.now()).await.unwrap();
    let with_code = format!("{GUIDE}?code=SPRING");
    eventually("the code counts", async || {
        let terms = stall.get(&with_code).await.decoded("PAYMENT-REQUIRED");
        terms["accepts"][0]["amount"] == json!((PRICE / 2).to_string())
    })
    .await;
    assert_eq!(extensions(&stall, &with_code).await["bazaar"], Value::Null);
    assert_ne!(extensions(&stall, GUIDE).await["bazaar"], Value::Null);
    let details = Details { title: "Hidden".to_owned(), description: String::new(), is_listed: false };
    stall.store.set_details(id, details).await.unwrap();
    eventually("it is not listed", async || extensions(&stall, GUIDE).await["bazaar"].is_null()).await;
    assert!(stall.get(GUIDE).await.json()["accepts"][0]["outputSchema"].is_null());
}

#[tokio::test]
async fn a_service_is_told_with_its_method_and_what_stands_in_its_path() {
    let stall = Stall::open().await;
    let service = service("http://127.0.0.1:9", "/{city}");
    stall.put_up("/weather", Content::Service(service), "Weather", GOODS).await;
    stall.until("/weather/paris", 402).await;
    let told = extensions(&stall, "/weather/paris").await["bazaar"].clone();
    assert_eq!(told["routeTemplate"], "/weather/:city");
    assert_eq!(
        told["info"]["input"],
        json!({ "type": "http", "method": "GET", "pathParams": { "city": "paris" } })
    );
    let post = http::send(stall.address, &http::request("POST", "/weather/rome", &[])).await;
    let told = post.decoded("PAYMENT-REQUIRED")["extensions"]["bazaar"].clone();
    assert_eq!(
        (&told["info"]["input"]["method"], &told["info"]["input"]["pathParams"]["city"]),
        (&json!("POST"), &json!("rome"))
    );
    // At its bare path nothing is sold, so nobody is led there.
    let sold = stall.get("/.well-known/x402.json").await.json();
    let resources: Vec<_> =
        sold["items"].as_array().unwrap().iter().map(|item| item["resource"].clone()).collect();
    assert!(resources.contains(&json!("https://stall.example/weather/{city}")), "{resources:?}");
    let llms = String::from_utf8(stall.get("/llms.txt").await.body).unwrap();
    assert!(llms.contains("](https://stall.example/weather/{city})"), "{llms}");
}

#[tokio::test]
async fn every_offer_is_signed_for_as_long_as_it_is_honoured_and_anew_after_that() {
    let stall = Stall::open().await;
    let folder = tempfile::tempdir().unwrap();
    let key = ReceiptKey::open_or_create(&folder.path().join("receipts.key"), [2; 32]).unwrap();
    let signed = async || extensions(&stall, GUIDE).await["offer-receipt"]["info"]["offers"][0].clone();
    let first = signed().await;
    assert_eq!((&first["format"], &first["acceptIndex"]), (&json!("eip712"), &json!(0)));
    let payload = &first["payload"];
    assert_eq!(
        (&payload["resourceUrl"], &payload["amount"]),
        (&json!("https://stall.example/guide"), &json!(PRICE.to_string()))
    );
    let (now, until) = (stall.clock.seconds(), payload["validUntil"].as_u64().unwrap());
    assert!((now + 300..=now + 600).contains(&until), "{now} {until}");
    let offer = stall.store.catalogue().await.unwrap().remove(0).offers.remove(0);
    let digest = OfferTerms::new("https://stall.example/guide", &offer, until).digest();
    let signature: alloy_primitives::Bytes = first["signature"].as_str().unwrap().parse().unwrap();
    let signature = Signature::normalise(&signature).unwrap();
    assert_eq!(chain::who_signed_digest(&digest, &signature), Some(key.address()));
    assert_eq!(signed().await, first, "it is signed once");
    // Who is refused is told the same.
    let refused = stall.pay_with(GUIDE, "PAYMENT-SIGNATURE", "AAAA").await.decoded("PAYMENT-REQUIRED");
    assert_eq!(refused["extensions"]["offer-receipt"]["info"]["offers"][0], first);
    stall.clock.advance(TimeDelta::seconds(600));
    assert!(signed().await["payload"]["validUntil"].as_u64().unwrap() > until);
}

#[tokio::test]
async fn however_long_a_title_is_the_header_passes_every_proxy() {
    let stall = Stall::open().await;
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    for title in ["x".repeat(200), "é".repeat(200)] {
        let details = Details { title: title.clone(), description: String::new(), is_listed: true };
        stall.store.set_details(id, details).await.unwrap();
        eventually("it is called that", async || {
            stall.get(GUIDE).await.decoded("PAYMENT-REQUIRED")["resource"]["description"] == *title
        })
        .await;
        let told = extensions(&stall, GUIDE).await;
        assert!(told["sign-in-with-x"].is_object(), "{told}");
    }
}

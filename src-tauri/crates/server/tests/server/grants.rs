//! Links by which who paid receives again what was bought, and what a buyer can show.

use chrono::TimeDelta;
use domain::{Delivery, OwnedFor};
use serde_json::Value;
use server::{Chosen, Seller};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::buyer::{Buyer, Version};
use crate::http::{self, Reply};
use crate::pages::BROWSER;
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Goods, Stall, eventually};

const WANTS_LINK: (&str, &str) = ("Accept", "application/json; profile=stallkeeper-grant");

/// Pays and asks for a link.
async fn granted(stall: &Stall, buyer: &Buyer, path: &str) -> Reply {
    let signed = stall.sign(buyer, path).await;
    let (name, value) = signed.header(Version::Two);
    http::send(stall.address, &http::get(path, &[(name, &value), WANTS_LINK])).await
}

fn at<'r>(answer: &'r Value, name: &str) -> &'r str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}"))
}

#[tokio::test]
async fn who_pays_in_a_browser_gets_a_link_and_by_it_the_file_as_often_as_it_is_owned() {
    let stall = Stall::open().await;
    let answer = granted(&stall, &stall.buyer("ada"), GUIDE).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.decoded("PAYMENT-RESPONSE")["success"], true);
    let said = answer.json();
    assert_eq!((at(&said, "fileName"), said["sizeBytes"].as_u64()), ("guide.txt", Some(20)));
    assert_eq!(stall.payment().await.delivery, Delivery::Waiting, "a link is no delivery");
    let state = stall.get(at(&said, "status")).await.json();
    assert_eq!(state["state"], "queued");
    let grant = at(&said, "grant");
    assert!(grant.starts_with("/d/"));
    for _ in 0..2 {
        let file = stall.browse(grant).await;
        assert_eq!((file.status, file.body.as_slice()), (200, GUIDE_TEXT));
        assert!(
            file.header("content-disposition").unwrap().starts_with("attachment; filename=\"guide.txt\"")
        );
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("x-robots-tag", "noindex, nofollow"),
            ("cache-control", "private, no-store"),
            ("accept-ranges", "bytes"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(file.header(name), Some(value), "{name}");
        }
    }
    eventually("it is written down", async || stall.payment().await.delivery == Delivery::Delivered).await;
    let head = http::send(stall.address, &http::request("HEAD", grant, &[])).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("20"), 0));
    stall.clock.advance(TimeDelta::days(31));
    let late = stall.browse(grant).await;
    assert_eq!((late.status, late.header("content-type")), (410, Some("text/html; charset=utf-8")));
    assert_eq!(stall.get(grant).await.error(), "link_expired");
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn a_download_by_link_is_resumed_where_it_broke_off() {
    let stall = Stall::open().await;
    let content: Vec<u8> = (0..2_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    stall.add("/large", "large.bin", &content, GOODS).await;
    let grant = at(&granted(&stall, &stall.buyer("ada"), "/large").await.json(), "grant").to_owned();
    let first = http::send(stall.address, &http::get(&grant, &[("Range", "bytes=0-999999")])).await;
    assert_eq!((first.status, first.header("content-range")), (206, Some("bytes 0-999999/2000000")));
    let etag = first.header("etag").unwrap().to_owned();
    eventually("the break is written down", async || stall.payment().await.delivery == Delivery::Interrupted)
        .await;
    let rest = [("Range", "bytes=1000000-"), ("If-Range", etag.as_str())];
    let rest = http::send(stall.address, &http::get(&grant, &rest)).await;
    assert_eq!(rest.status, 206);
    assert!([first.body, rest.body].concat() == content, "the parts are the whole");
    eventually("the end is written down", async || stall.payment().await.delivery == Delivery::Delivered)
        .await;
    let changed = [("Range", "bytes=1000000-"), ("If-Range", "\"another\"")];
    assert_eq!(http::send(stall.address, &http::get(&grant, &changed)).await.status, 200);
    let beyond = http::send(stall.address, &http::get(&grant, &[("Range", "bytes=2000000-")])).await;
    assert_eq!(beyond.status, 416);
}

#[tokio::test]
async fn no_other_link_opens_anything() {
    let stall = Stall::open().await;
    let said = granted(&stall, &stall.buyer("ada"), GUIDE).await.json();
    let (grant, receipt) = (at(&said, "grant"), at(&said, "receipt"));
    let mut forged = grant.to_owned();
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.replace_range(20..21, &last.to_string());
    for other in [
        "/d/",
        "/d/x",
        "/d",
        &forged,
        &format!("{grant}x"),
        &grant[..grant.len() - 1],
        &receipt.replace("/r/", "/d/"),
    ] {
        let reply = stall.get(other).await;
        assert_ne!(reply.status, 200, "{other}");
        assert_ne!(reply.body, GUIDE_TEXT, "{other}");
    }
    assert_eq!(
        stall.get(&grant.replace("/d/", "/r/")).await.status,
        404,
        "a download's link shows no receipt"
    );
}

#[tokio::test]
async fn a_revoked_link_is_over_and_its_buyer_gets_a_new_one() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let grant = at(&granted(&stall, &buyer, GUIDE).await.json(), "grant").to_owned();
    assert_eq!(stall.get(&grant).await.status, 200);
    let id = stall.payment().await.id;
    assert_eq!(stall.store.revoke_links(id).await.unwrap(), 1);
    eventually("it is over", async || stall.get(&grant).await.status == 410).await;
    assert_eq!(stall.get(&grant).await.error(), "link_revoked");
    let again = at(&granted(&stall, &buyer, GUIDE).await.json(), "grant").to_owned();
    assert_ne!(again, grant);
    assert_eq!(stall.get(&again).await.body, GUIDE_TEXT);
    assert_eq!(stall.payments().await.len(), 1, "nobody pays twice");
}

#[tokio::test]
async fn no_more_leaves_by_links_than_the_seller_allows() {
    let stall = Stall::open().await;
    stall.store.set_setting(Chosen::MOST_DOWNLOADS.to_owned(), "2".to_owned()).await.unwrap();
    let grant = at(&granted(&stall, &stall.buyer("ada"), GUIDE).await.json(), "grant").to_owned();
    for _ in 0..2 {
        assert_eq!(stall.get(&grant).await.body, GUIDE_TEXT);
    }
    eventually("it is enough", async || stall.get(&grant).await.status == 410).await;
    assert_eq!(stall.get(&grant).await.error(), "downloaded_enough");
}

#[tokio::test]
async fn downloads_at_the_same_time_share_what_the_seller_allows() {
    let stall = Stall::open().await;
    stall.store.set_setting(Chosen::MOST_DOWNLOADS.to_owned(), "1".to_owned()).await.unwrap();
    let content = vec![7; 32 << 20];
    stall.add("/large", "large.bin", &content, GOODS).await;
    let grant = at(&granted(&stall, &stall.buyer("ada"), "/large").await.json(), "grant").to_owned();
    // One that has begun and is not read on, so that it has not ended.
    let mut slow = tokio::net::TcpStream::connect(stall.address).await.unwrap();
    slow.write_all(http::get(&grant, &[]).as_bytes()).await.unwrap();
    slow.read_exact(&mut [0; 1000]).await.unwrap();
    let under_way = stall.get(&grant).await;
    assert_eq!((under_way.status, under_way.error().as_str()), (429, "download_under_way"));
    assert!(under_way.header("retry-after").is_some());
    // The seller changes something, which makes the stall forget what it read.
    stall.store.set_setting(Seller::NAME.to_owned(), "Birds of Madeira".to_owned()).await.unwrap();
    eventually("the change is known", async || {
        String::from_utf8_lossy(&stall.browse("/").await.body).contains("Birds of Madeira")
    })
    .await;
    assert_eq!(stall.get(&grant).await.status, 429);
    drop(slow);
    eventually("what did not leave is given back", async || {
        let part = [("Range", "bytes=1000-1999")];
        http::send(stall.address, &http::get(&grant, &part)).await.status == 206
    })
    .await;
    assert_eq!(stall.get(&grant).await.body.len(), content.len(), "so a broken download is had in the end");
    eventually("it was enough", async || stall.get(&grant).await.status == 410).await;
}

#[tokio::test]
async fn what_is_charged_each_time_has_a_link_until_it_has_arrived() {
    let stall = Stall::open().await;
    stall.add("/each", "each.txt", b"again", Goods { owned_for: OwnedFor::NEVER, ..GOODS }).await;
    let buyer = stall.buyer("ada");
    let grant = at(&granted(&stall, &buyer, "/each").await.json(), "grant").to_owned();
    eventually("it can be claimed", async || stall.payment().await.delivery == Delivery::Interrupted).await;
    assert_eq!(stall.get(&grant).await.body, b"again");
    eventually("it has arrived", async || stall.payment().await.delivery == Delivery::Delivered).await;
    assert_eq!(stall.buy(&buyer, "/each", Version::Two).await.1.status, 200);
    assert_eq!(stall.payments().await.len(), 2, "each purchase is charged");
}

#[tokio::test]
async fn a_receipt_says_what_was_paid_for_and_whose_it_is_and_stays() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let answer = granted(&stall, &buyer, GUIDE).await;
    let receipt = at(&answer.json(), "receipt").to_owned();
    let told = answer.decoded("PAYMENT-RESPONSE");
    assert_eq!(told["extra"]["receiptUrl"], format!("https://stall.example{receipt}"));
    assert!(
        told["extra"]["statusUrl"]
            .as_str()
            .unwrap()
            .starts_with("https://stall.example/.stallkeeper/payments/")
    );
    let signed = &told["extensions"]["offer-receipt"]["info"]["receipt"];
    assert_eq!(signed["payload"]["payer"], buyer.address().to_string());
    stall.clock.advance(TimeDelta::days(4000));
    let page = stall.browse(&receipt).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let text = String::from_utf8(page.body.clone()).unwrap();
    for words in [
        "$0.05",
        "0.05 USDC on Base Sepolia",
        "The file guide.txt",
        "Test network: no real money.",
        "<svg class=\"qr\"",
        "UTC",
        "Paid; not settled",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Download again"), "it is not owned any more");
    let json = stall.get(&receipt).await.json();
    assert_eq!(json["bought"]["url"], "https://stall.example/guide");
    assert_eq!(json["amount"], "0.05 USDC");
    assert_eq!(json["transaction"], Value::Null);
    // Who merely knows the id, which follows from what stands on chain, is not told what was bought.
    let public = stall.get(&format!("/r/{}", stall.payment().await.id)).await;
    let public = String::from_utf8(public.body).unwrap();
    assert!(
        public.contains("0.05 USDC") && !public.contains("guide") && !public.contains("signed"),
        "{public}"
    );
}

#[tokio::test]
async fn anybody_has_a_receipt_verified_and_one_changed_letter_is_seen() {
    let stall = Stall::open().await;
    let receipt = at(&granted(&stall, &stall.buyer("ada"), GUIDE).await.json(), "receipt").to_owned();
    let signed = stall.get(&receipt).await.json()["signed"].to_string();
    let verify = async |signed: &str, headers: &[(&str, &str)]| {
        let written: String = signed.bytes().map(|b| format!("%{b:02X}")).collect();
        let path = format!("/.stallkeeper/verify?receipt={written}");
        http::send(stall.address, &http::get(&path, headers)).await
    };
    let ours = verify(&signed, &[]).await.json();
    assert_eq!(
        (&ours["isOurs"], &ours["url"]),
        (&Value::Bool(true), &Value::from("https://stall.example/guide"))
    );
    let page = verify(&signed, &BROWSER).await;
    assert!(String::from_utf8(page.body).unwrap().contains("This stall signed it"));
    let changed = signed.replace("stall.example/guide", "stall.example/other");
    assert_eq!(verify(&changed, &[]).await.json()["isOurs"], false);
    let page = verify(&changed, &BROWSER).await;
    assert!(String::from_utf8(page.body).unwrap().contains("This stall did not sign it"));
    assert_eq!(verify("nonsense", &[]).await.status, 400);
    let page = verify("</textarea><script>alert(1)</script>", &BROWSER).await;
    assert!(page.status == 200 && !String::from_utf8(page.body).unwrap().contains("<script>"));
    assert_eq!(stall.browse("/.stallkeeper/verify").await.status, 200);
}

#[tokio::test]
async fn clients_that_insist_get_the_payments_id_where_a_transaction_will_be() {
    let stall = Stall::open().await;
    stall.store.set_setting(Chosen::ID_AS_TRANSACTION.to_owned(), "on".to_owned()).await.unwrap();
    eventually("it is chosen", async || {
        let (_, reply) = stall.buy(&stall.buyer("ada"), GUIDE, Version::Two).await;
        let id = stall.payments().await[0].id.to_string();
        reply.decoded("PAYMENT-RESPONSE")["transaction"] == id
    })
    .await;
}

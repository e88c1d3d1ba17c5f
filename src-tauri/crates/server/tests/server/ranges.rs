//! Parts of a file, for those who paid (T29).

use domain::Delivery;

use crate::buyer::{Buyer, Version};
use crate::http::{self, Reply};
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Stall, eventually};

async fn part(stall: &Stall, buyer: &Buyer, path: &str, headers: &[(&str, &str)]) -> Reply {
    let signed = stall.sign(buyer, path).await;
    let (name, value) = signed.header(Version::Two);
    let headers = [&[(name, value.as_str())], headers].concat();
    http::send(stall.address, &http::get(path, &headers)).await
}

#[tokio::test]
async fn an_unpaid_range_is_asked_to_pay_like_anything_else() {
    let stall = Stall::open().await;
    for range in ["bytes=0-0", "bytes=0-", "bytes=9999-", "bytes=0-1,3-4"] {
        let reply = http::send(stall.address, &http::get(GUIDE, &[("Range", range)])).await;
        assert_eq!(reply.status, 402, "{range}");
        assert_eq!(reply.header("content-range"), None);
    }
}

#[tokio::test]
async fn a_paid_range_is_served_and_a_download_resumes_without_another_payment() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let first = part(&stall, &buyer, GUIDE, &[("Range", "bytes=0-6")]).await;
    assert_eq!((first.status, first.body.as_slice()), (206, &GUIDE_TEXT[..7]));
    assert_eq!(first.header("content-range"), Some("bytes 0-6/20"));
    eventually("the rest is outstanding", async || stall.payment().await.delivery == Delivery::Interrupted)
        .await;
    let etag = first.header("etag").unwrap();
    let rest = part(&stall, &buyer, GUIDE, &[("Range", "bytes=7-"), ("If-Range", etag)]).await;
    assert_eq!((rest.status, rest.body.as_slice()), (206, &GUIDE_TEXT[7..]));
    eventually("all of it arrived", async || stall.payment().await.delivery == Delivery::Delivered).await;
    let other = part(&stall, &buyer, GUIDE, &[("Range", "bytes=7-"), ("If-Range", "\"other\"")]).await;
    assert_eq!((other.status, other.body.as_slice()), (200, GUIDE_TEXT));
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn a_range_that_cannot_be_served_charges_nothing() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let thousand = format!("bytes=0-19{}", ",0-19".repeat(999));
    for range in ["bytes=20-", "bytes=-0", "bytes=0-1,3-4", thousand.as_str()] {
        let reply = part(&stall, &buyer, GUIDE, &[("Range", range)]).await;
        assert_eq!(reply.status, 416, "{range}");
        assert_eq!(reply.header("content-range"), Some("bytes */20"));
    }
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn the_parts_of_a_large_file_add_up_to_it() {
    let stall = Stall::open().await;
    let content: Vec<u8> = (0..1_000_003_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    stall.add("/large", "large.bin", &content, GOODS).await;
    let buyer = stall.buyer("ada");
    let mut parts = Vec::new();
    for range in ["bytes=0-299999", "bytes=300000-300000", "bytes=300001-999999", "bytes=-3"] {
        let reply = part(&stall, &buyer, "/large", &[("Range", range)]).await;
        assert_eq!(reply.status, 206, "{range}");
        assert!(reply.whole);
        parts.extend_from_slice(&reply.body);
    }
    assert!(parts == content);
}

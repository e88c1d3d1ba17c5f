use crate::buyer::Version;
use crate::http;
use crate::stall::{GUIDE, Stall};

/// Lists of header names, lower case.
fn names(value: Option<&str>) -> Vec<String> {
    value.unwrap_or_default().split(',').map(|name| name.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask_pay_and_read_the_answer() {
    let stall = Stall::open().await;
    let request = http::request(
        "OPTIONS",
        GUIDE,
        &[
            ("Origin", "https://page.example"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "payment-signature,access-control-expose-headers"),
            ("Access-Control-Request-Private-Network", "true"),
        ],
    );
    let reply = http::send(stall.address, &request).await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("access-control-allow-private-network"), Some("true"));
    let allowed = names(reply.header("access-control-allow-headers"));
    for name in [
        "content-type",
        "x-payment",
        "payment-signature",
        "sign-in-with-x",
        "access-control-expose-headers",
        "range",
    ] {
        assert!(allowed.contains(&name.to_owned()), "{name}");
    }
    assert_eq!(names(reply.header("access-control-allow-methods")), ["get", "head", "options"]);
}

#[tokio::test]
async fn every_answer_may_be_read_by_a_page_and_kept_by_nobody() {
    let stall = Stall::open().await;
    let buyer = stall.buyer("ada");
    let (_, paid) = stall.buy(&buyer, GUIDE, Version::Two).await;
    let refused = stall.pay_with(GUIDE, "X-PAYMENT", "?").await;
    let post = http::send(stall.address, &http::request("POST", GUIDE, &[("Content-Length", "0")])).await;
    let body =
        http::send(stall.address, &format!("{}x", http::request("GET", GUIDE, &[("Content-Length", "1")])))
            .await;
    let answers = [stall.get(GUIDE).await, refused, paid, stall.get("/nothing").await, post, body];
    let statuses: Vec<u16> = answers.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, [402, 402, 200, 404, 405, 413]);
    for reply in answers {
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{reply:?}");
        let exposed = names(reply.header("access-control-expose-headers"));
        for name in ["payment-required", "payment-response", "x-payment-response"] {
            assert!(exposed.contains(&name.to_owned()), "{name}: {reply:?}");
        }
        let cache = reply.header("cache-control").unwrap();
        assert!(cache.contains("no-store"), "{reply:?}");
        // T28: nothing an unpaid request could validate a copy with.
        assert_eq!(reply.header("etag").is_some(), reply.status == 200);
    }
}

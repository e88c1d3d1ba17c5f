//! The client before facilitators that answer badly, or not at all.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod stub;

use std::sync::Arc;
use std::time::Duration;

use facilitator::{AskError, Facilitator};
use wallet::{Credential, CredentialKind};
use x402::SettleAnswer;

use crate::stub::{Still, Stub};

const HASH: &str = "0xd8a41fb865beba51d9e795f556dc3b77e6ce5bb20a0dceb2e0691aa791997531";

fn at(stub: &Stub, credential: Option<Credential>) -> Facilitator {
    Facilitator::new(stub.url().parse().unwrap(), credential, Arc::new(Still), [7; 32]).unwrap()
}

async fn answer_to(raw: impl Into<Vec<u8>>) -> Result<SettleAnswer, AskError> {
    let stub = Stub::start(raw).await;
    at(&stub, None).settle("{}").await
}

fn http(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// The flag in the body counts, whichever status it comes with.
#[tokio::test]
async fn an_answer_counts_with_any_status() {
    let settled = Ok(SettleAnswer::Settled { transaction: Some(HASH.parse().unwrap()) });
    let refused = Ok(SettleAnswer::Refused { reason: "insufficient_funds".to_owned() });
    for status in ["200 OK", "400 Bad Request", "402 Payment Required", "500 Oh", "503 Later", "429 Slow"] {
        let body = format!(r#"{{"success":true,"transaction":"{HASH}"}}"#);
        assert_eq!(answer_to(http(status, &body)).await, settled, "{status}");
        let body = r#"{"success":false,"errorReason":"insufficient_funds","transaction":""}"#;
        assert_eq!(answer_to(http(status, body)).await, refused, "{status}");
    }
}

/// T56: nothing of this says anything about the payment.
#[tokio::test]
async fn what_is_no_answer_is_told_for_what_it_is() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    for (raw, expected) in [
        (http("502 Bad Gateway", page), AskError::NotAnAnswer { status: 502 }),
        (http("200 OK", page), AskError::NotAnAnswer { status: 200 }),
        (http("200 OK", ""), AskError::NotAnAnswer { status: 200 }),
        (http("404 Not Found", "{}"), AskError::NotAnAnswer { status: 404 }),
        (http("401 Unauthorized", "{}"), AskError::Unauthorised { status: 401 }),
        (http("403 Forbidden", page), AskError::Unauthorised { status: 403 }),
        (
            "HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n".to_owned(),
            AskError::Busy { status: 429, retry_after: Some(Duration::from_secs(7)) },
        ),
        (
            "HTTP/1.1 503 Later\r\nretry-after: 99999999999\r\ncontent-length: 0\r\n\r\n".to_owned(),
            AskError::Busy { status: 503, retry_after: Some(Duration::from_secs(86_400)) },
        ),
        ("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"succ".to_owned(), AskError::NoAnswer),
        (String::new(), AskError::NoAnswer),
    ] {
        assert_eq!(answer_to(raw.clone()).await, Err(expected), "{raw}");
    }
}

/// A redirect would take the payment, and the credential, where nobody sent them.
#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Stub::start(http("200 OK", r#"{"success":true}"#)).await;
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let raw =
            format!("HTTP/1.1 {status}\r\nlocation: {}/settle\r\ncontent-length: 0\r\n\r\n", elsewhere.url());
        assert_eq!(answer_to(raw).await, Err(AskError::Redirected));
    }
    assert_eq!(elsewhere.asked(), Vec::<String>::new());
}

/// I15.
#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let mut raw = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"success\":true,\"x\":\"".to_vec();
    raw.resize(4 << 20, b'x');
    assert_eq!(answer_to(raw).await, Err(AskError::NotAnAnswer { status: 200 }));
}

#[tokio::test]
async fn who_is_not_there_was_asked_nothing() {
    let url = { Stub::start(Vec::new()).await.url() };
    let facilitator = Facilitator::new(url.parse().unwrap(), None, Arc::new(Still), [7; 32]).unwrap();
    let error = facilitator.settle("{}").await.unwrap_err();
    assert_eq!((error.clone(), error.may_have_acted()), (AskError::NotReached, false));
}

/// T56: it takes the request and then says nothing; whoever asked is not kept longer than it has patience.
#[tokio::test]
async fn a_facilitator_that_stands_still_holds_nobody() {
    let stub = Stub::start_silent().await;
    let facilitator = at(&stub, None).with_patience(Duration::from_millis(300));
    let error = facilitator.settle("{}").await.unwrap_err();
    assert_eq!((error.clone(), error.may_have_acted()), (AskError::NoAnswer, true));
    assert_eq!(stub.asked().len(), 1);
}

#[tokio::test]
async fn the_request_goes_to_the_function_below_the_address_with_its_credential() {
    let stub = Stub::start(http("200 OK", r#"{"success":false,"error":"no such token tok_12345678"}"#)).await;
    let facilitator = at(&stub, Some(Credential::bearer("tok_12345678").unwrap()));
    let answer = facilitator.settle(r#"{"x402Version":2}"#).await.unwrap();
    // I12: what it says back is not passed on.
    assert!(!format!("{answer:?} {facilitator:?}").contains("tok_"), "{answer:?}");
    let asked = stub.asked().remove(0);
    assert!(asked.starts_with("POST /settle HTTP/1.1\r\n"), "{asked}");
    assert!(asked.to_lowercase().contains("authorization: bearer tok_12345678\r\n"), "{asked}");
    assert!(asked.ends_with("\r\n\r\n{\"x402Version\":2}"), "{asked}");
}

/// I12: a reason is cut short before it is kept, and the end of a long token with it; its beginning is as secret.
#[tokio::test]
async fn a_reason_that_holds_a_part_of_the_credential_is_not_passed_on() {
    let token = "tok_0123456789abcdefghij".repeat(9);
    let body =
        format!(r#"{{"success":false,"errorReason":"invalid_authorization: unknown bearer token {token}"}}"#);
    let stub = Stub::start(http("400 Bad Request", &body)).await;
    let answer = at(&stub, Some(Credential::bearer(&token).unwrap())).settle("{}").await.unwrap();
    let reason = "a reason that holds the credential".to_owned();
    assert_eq!(answer, SettleAnswer::Refused { reason });
}

/// It may want quiet about all that it is asked, and who does not get through would not in the next moment either.
#[tokio::test]
async fn whether_it_is_at_hand_shows_in_its_last_answers() {
    let good = Stub::start(http("200 OK", r#"{"success":false,"error":"a reason"}"#)).await;
    let locked = at(&good, Some(Credential::locked(CredentialKind::Bearer)));
    assert!(at(&good, None).is_at_hand() && !locked.is_at_hand());

    let closed = Stub::start(http("401 Who", "{}")).await;
    let facilitator = at(&closed, None);
    for failures in 1..=3 {
        facilitator.settle("{}").await.unwrap_err();
        assert_eq!(facilitator.clone().is_at_hand(), failures < 3);
    }
    let odd = Stub::start(http("502 Bad Gateway", "<html>")).await;
    let facilitator = at(&odd, None);
    for _ in 0..5 {
        facilitator.settle("{}").await.unwrap_err();
    }
    assert!(facilitator.is_at_hand(), "that may be about one payment");

    let busy = Stub::start("HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n").await;
    let facilitator = at(&busy, None);
    facilitator.settle("{}").await.unwrap_err();
    let quiet = facilitator.quiet().unwrap();
    assert_eq!((quiet.until - quiet.since).num_seconds(), 7);
    assert!(!facilitator.is_at_hand());
}

#[tokio::test]
async fn each_request_is_signed_for_itself() {
    let stub = Stub::start(http("200 OK", r#"{"success":true}"#)).await;
    let key = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=";
    let facilitator = at(&stub, Some(Credential::signing(CredentialKind::Cdp, "id", key).unwrap()));
    facilitator.settle("{}").await.unwrap();
    facilitator.settle("{}").await.unwrap();
    let tokens: Vec<_> = stub
        .asked()
        .iter()
        .map(|asked| {
            let line = asked.lines().find(|line| line.to_lowercase().starts_with("authorization:")).unwrap();
            line.split_once("Bearer ").unwrap().1.to_owned()
        })
        .collect();
    assert_eq!(tokens.len(), 2);
    assert_ne!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn what_it_settles_is_read() {
    let body = r#"{"kinds":[{"x402Version":2,"scheme":"exact","network":"eip155:84532"}]}"#;
    let stub = Stub::start(http("200 OK", body)).await;
    let kinds = at(&stub, None).supported().await.unwrap();
    assert!(kinds[0].covers(domain::NetworkId::BASE_SEPOLIA));
    assert!(stub.asked()[0].starts_with("GET /supported HTTP/1.1\r\n"));
    let stub = Stub::start(http("200 OK", "<html>")).await;
    assert_eq!(at(&stub, None).supported().await, Err(AskError::NotAnAnswer { status: 200 }));
}

//! Programs whose answers are sold: put up, changed, tried.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};

use alloy_primitives::Address;
use domain::{
    Amount, Audience, Clock as _, Content, EndpointId, MANUAL_WINDOW, Method, Mode, OwnedFor, Part, Patience,
    Pattern, Service,
};
use serde_json::{Value, json};
use store::{NewEndpoint, NewOffer};

use super::fixture::{PRICE, Stall};
use crate::ErrorCode;

/// A program that answers everything with this.
fn program(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // Whoever asked may have gone.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

/// Puts a program up for sale at `/api`, as `endpoint_add` does once the chain was asked.
async fn put_up(stall: &Stall, upstream: &str) {
    let service = Service {
        upstream: upstream.to_owned(),
        is_remote: false,
        pattern: Pattern::default(),
        methods: vec![Method::Get],
        request_headers: Vec::new(),
        answer_headers: Vec::new(),
        longest_request: 1_000,
        longest_answer: 1_000,
        patience: Patience::DEFAULT,
    };
    let endpoint = NewEndpoint {
        id: EndpointId::from_random([7; 16]),
        path: "/api".parse().unwrap(),
        title: "Weather".to_owned(),
        description: String::new(),
        is_listed: true,
        content: Content::Service(service),
        mode: Mode::Batched,
        owned_for: OwnedFor::NEVER,
    };
    let offer = NewOffer {
        part: Part::WHOLE,
        audience: Audience::Everybody,
        asset: stall.asset().await,
        pay_to: Address::repeat_byte(0x55),
        amount: Amount::from_atomic(PRICE).unwrap(),
        window: MANUAL_WINDOW,
    };
    stall.app.store().add_endpoint(endpoint, offer, stall.clock.now()).await.unwrap();
}

#[tokio::test]
async fn what_is_passed_on_to_a_service_is_changed_bit_by_bit() {
    let stall = Stall::open().await;
    put_up(&stall, "http://localhost:3000/api").await;
    let edit = async |service: Value| {
        stall.ask("endpoint_edit", json!({ "endpoint": "/api", "service": service })).await["content"].take()
    };
    let edited = edit(json!({
        "methods": ["post", "GET", "POST"], "requestHeaders": ["X-Two", "Accept-Language", "x-two"],
        "pattern": "/{city}", "patienceSeconds": 5,
    }))
    .await;
    let expected = json!({
        "kind": "service", "upstream": "http://localhost:3000/api", "isRemote": false, "pattern": "/{city}",
        "methods": ["GET", "POST"], "requestHeaders": ["accept-language", "x-two"], "answerHeaders": [],
        "longestRequest": 1_000, "longestAnswer": 1_000, "patienceSeconds": 5,
    });
    assert_eq!(edited, expected);
    let again = edit(json!({ "upstream": "https://weather.example/v1/", "remote": true })).await;
    assert_eq!((&again["pattern"], &again["patienceSeconds"]), (&json!("/{city}"), &json!(5)));
    assert_eq!(
        (&again["upstream"], &again["isRemote"]),
        (&json!("https://weather.example/v1"), &json!(true))
    );
    stall.add("/guide").await;
    let guide = json!({ "endpoint": "/guide", "service": { "patienceSeconds": 5 } });
    assert_eq!(stall.refused("endpoint_edit", guide).await.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_service_that_makes_no_sense_is_refused_with_what_is_wrong() {
    let stall = Stall::open().await;
    let here = "http://127.0.0.1:3000";
    for (service, word) in [
        (json!({}), "where the program is asked"),
        (json!({ "upstream": "localhost:3000" }), "begins with https"),
        (json!({ "upstream": "http://127.0.0.1:3000/?key=1" }), "no ? part"),
        (json!({ "upstream": "http://user@127.0.0.1:3000" }), "no user"),
        (json!({ "upstream": "http://weather.example" }), "weather.example is not this computer"),
        (json!({ "upstream": "http://192.168.1.9" }), "192.168.1.9"),
        (json!({ "upstream": "http://169.254.169.254", "remote": true }), "169.254.169.254"),
        (json!({ "upstream": here, "pattern": "city" }), "pattern"),
        (json!({ "upstream": here, "methods": ["TRACE"] }), "method"),
        (json!({ "upstream": here, "methods": [] }), "at least one method"),
        (json!({ "upstream": here, "requestHeaders": ["Host"] }), "never passed on"),
        (json!({ "upstream": here, "answerHeaders": ["a b"] }), "not the name of a header"),
        (json!({ "upstream": here, "patienceSeconds": 0 }), "1 to 600"),
        (json!({ "upstream": here, "longestRequest": 100_000_000 }), "at most"),
    ] {
        let refused = stall.refused("endpoint_test", json!({ "service": service })).await;
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{service}");
        assert!(refused.message.contains(word), "{service}: {}", refused.message);
    }
    let owned =
        json!({ "path": "/api", "price": "0.05", "ownedFor": "30d", "service": { "upstream": here } });
    assert!(stall.refused("endpoint_add", owned).await.message.contains("each request is charged"));
    stall.app.stop().await;
}

#[tokio::test]
async fn trying_a_service_says_how_it_answered_and_whether_that_would_be_charged() {
    let stall = Stall::open().await;
    let well = program(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
    );
    let badly = program("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let away = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let test = async |at: SocketAddr| {
        let service = json!({ "upstream": format!("http://{at}") });
        stall.ask("endpoint_test", json!({ "service": service, "path": "/x" })).await
    };
    let tested = test(well).await;
    assert_eq!((&tested["well"], &tested["status"]), (&json!(true), &json!(200)), "{tested}");
    assert_eq!(tested["mediaType"], "text/plain");
    assert!(tested["milliseconds"].is_u64());
    let tested = test(badly).await;
    assert_eq!((&tested["well"], &tested["status"]), (&json!(false), &json!(500)));
    let tested = test(away).await;
    assert_eq!((&tested["well"], &tested["status"]), (&json!(false), &Value::Null));
    assert!(tested["message"].as_str().unwrap().contains("is the program running"), "{tested}");
    put_up(&stall, &format!("http://{well}")).await;
    assert_eq!(stall.ask("endpoint_test", json!({ "endpoint": "/api" })).await["well"], true);
    stall.add("/guide").await;
    let guide = json!({ "endpoint": "/guide" });
    assert_eq!(stall.refused("endpoint_test", guide).await.code, ErrorCode::Conflict);
    assert_eq!(stall.refused("endpoint_test", json!({})).await.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

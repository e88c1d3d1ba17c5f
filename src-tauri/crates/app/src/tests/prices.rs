//! Prices beside the usual one, and those that begin later.

use chrono::TimeDelta;
use domain::Clock as _;
use serde_json::{Value, json};

use super::fixture::{Stall, until};
use crate::ErrorCode;

fn guide(mut more: Value) -> Value {
    more["endpoint"] = json!("/guide");
    more
}

fn said(list: &Value) -> Vec<(&str, Option<&str>, Option<&str>)> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| {
            (item["audience"].as_str().unwrap(), item["code"].as_str(), item["price"]["formatted"].as_str())
        })
        .collect()
}

#[tokio::test]
async fn codes_and_prices_of_ones_own_come_beside_the_usual_price_and_go_again() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    stall.ask("price_set", guide(json!({ "code": "SPRING", "price": "0.01" }))).await;
    let set = stall.ask("price_set", guide(json!({ "own": true, "price": "0.02" }))).await;
    let all = [
        ("everybody", None, Some("0.05")),
        ("code", Some("SPRING"), Some("0.01")),
        ("own", None, Some("0.02")),
    ];
    assert_eq!(said(&set), all);
    let url = |place: usize| set["items"][place]["url"].as_str().unwrap();
    assert!(url(1).ends_with("/guide?code=SPRING") && url(2).ends_with("/guide?pay=0.02"), "{set}");
    let shown = stall.ask("endpoint_show", guide(json!({}))).await;
    assert_eq!(
        (shown["formatted"].as_str(), shown["prices"].as_array().map(Vec::len)),
        (Some("0.05"), Some(3))
    );
    assert_eq!(shown["offers"].as_array().map(Vec::len), Some(1), "what everybody is asked");
    stall.ask("price_set", guide(json!({ "code": "SPRING", "price": "0.015" }))).await;
    let left = stall.ask("price_remove", guide(json!({ "code": "SPRING" }))).await;
    assert_eq!(said(&left), [all[0], all[2]]);
    let history = stall.ask("price_history", guide(json!({}))).await;
    let versions: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|item| item["formatted"].clone()).collect();
    assert_eq!(versions, ["0.015", "0.02", "0.01", "0.05"]);
    assert!(history["items"][0]["honouredUntil"].as_i64() > history["items"][0]["endedAt"].as_i64());
    stall.app.stop().await;
}

#[tokio::test]
async fn a_price_that_makes_no_sense_is_refused_and_changes_nothing() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    for (wrong, code) in [
        (json!({}), ErrorCode::InvalidRequest),
        (json!({ "price": "0", "code": "A" }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "code": "two words" }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "code": "A", "own": true }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "part": "snare.wav" }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "part": "../x" }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "free": true }), ErrorCode::InvalidRequest),
        (json!({ "code": "A", "free": true }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "from": "tomorrow" }), ErrorCode::InvalidRequest),
        (json!({ "price": "1", "from": "2020-01-01T00:00:00Z" }), ErrorCode::InvalidRequest),
        (json!({ "price": "1.0000001", "from": "2100-01-01T00:00:00Z" }), ErrorCode::InvalidRequest),
    ] {
        assert_eq!(stall.refused("price_set", guide(wrong.clone())).await.code, code, "{wrong}");
    }
    assert_eq!(stall.refused("price_remove", guide(json!({}))).await.code, ErrorCode::Conflict);
    assert_eq!(stall.refused("price_remove", guide(json!({ "own": true }))).await.code, ErrorCode::NotFound);
    assert_eq!(stall.refused("price_cancel", json!({ "change": 7 })).await.code, ErrorCode::NotFound);
    let list = stall.ask("price_list", guide(json!({}))).await;
    assert_eq!((said(&list).len(), &list["changes"]), (1, &json!([])));
    stall.app.stop().await;
}

#[tokio::test]
async fn a_planned_price_begins_at_its_time_and_one_that_was_called_off_does_not() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let at = (stall.clock.now() + TimeDelta::hours(2)).to_rfc3339();
    stall.ask("price_set", guide(json!({ "price": "0.5", "from": at }))).await;
    let planned = stall.ask("price_set", guide(json!({ "price": "0.7", "code": "LATE", "from": at }))).await;
    let changes = planned["changes"].as_array().unwrap();
    assert_eq!((changes.len(), changes[0]["price"].as_str(), said(&planned).len()), (2, Some("0.5"), 1));
    let left = stall.ask("price_cancel", json!({ "change": changes[1]["id"] })).await;
    assert_eq!(left["changes"].as_array().map(Vec::len), Some(1));
    stall.clock.advance(TimeDelta::hours(1));
    assert_eq!(said(&stall.ask("price_list", guide(json!({}))).await), [("everybody", None, Some("0.05"))]);
    stall.clock.advance(TimeDelta::hours(1));
    until(async || {
        said(&stall.ask("price_list", guide(json!({}))).await) == [("everybody", None, Some("0.50"))]
    })
    .await;
    let begun = stall.ask("price_list", guide(json!({}))).await;
    assert_eq!(begun["changes"], json!([]));
    let history = stall.ask("price_history", guide(json!({}))).await;
    let before = &history["items"][1];
    assert_eq!(before["formatted"], "0.05");
    assert!(
        before["honouredUntil"].as_i64() > Some(stall.clock.now().timestamp_millis()),
        "quotes in flight"
    );
    stall.app.stop().await;
}

#[tokio::test]
async fn what_is_given_away_says_so_until_it_has_a_price_again() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let free = stall.ask("price_set", guide(json!({ "free": true }))).await;
    assert_eq!(said(&free), [("everybody", None, Some("0.05")), ("free", None, None)]);
    let priced = stall.ask("price_remove", guide(json!({ "free": true }))).await;
    assert_eq!(said(&priced), [("everybody", None, Some("0.05"))]);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_price_says_which_programs_refuse_to_pay_it() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let codes = async |price: &str| -> Vec<String> {
        let list = stall.ask("price_set", guide(json!({ "code": "A", "price": price }))).await;
        let warnings = list["items"][1]["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
    };
    // The token of these tests is none that stock clients know.
    assert_eq!(codes("0.10").await, ["token_not_known"]);
    assert_eq!(codes("0.100001").await, ["token_not_known", "above_v1_cap"]);
    assert_eq!(codes("1").await, ["token_not_known", "above_v1_cap"]);
    assert_eq!(codes("1.000001").await, ["token_not_known", "above_v2_cap", "above_v1_cap"]);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_preview_is_a_file_that_everybody_sees_until_it_is_taken_away() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let sample = stall.file("sample.txt", "The first page");
    let shown = stall.ask("endpoint_preview", guide(json!({ "file": sample.to_str().unwrap() }))).await;
    assert_eq!((&shown["preview"]["name"], &shown["preview"]["bytes"]), (&json!("sample.txt"), &json!(14)));
    let missing = guide(json!({ "file": sample.with_file_name("nothing").to_str().unwrap() }));
    assert_eq!(stall.refused("endpoint_preview", missing).await.code, ErrorCode::File);
    assert_eq!(stall.ask("endpoint_preview", guide(json!({}))).await["preview"], Value::Null);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_price_that_was_to_begin_while_the_stall_was_closed_holds_when_it_opens() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let at = (stall.clock.now() + TimeDelta::hours(2)).to_rfc3339();
    stall.ask("price_set", guide(json!({ "code": "LATE", "price": "0.01", "from": at }))).await;
    stall.app.stop().await;
    stall.clock.advance(TimeDelta::days(3));
    let stall = stall.restart().await;
    let list = stall.ask("price_list", guide(json!({}))).await;
    assert_eq!(said(&list)[1], ("code", Some("LATE"), Some("0.01")));
    assert_eq!(list["changes"], json!([]));
    stall.app.stop().await;
}

#[tokio::test]
async fn a_file_of_a_folder_has_a_price_of_its_own_and_what_is_none_of_its_files_has_none() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let folder = stall.file("x", "x").with_file_name("stems");
    std::fs::create_dir(&folder).unwrap();
    for name in ["kick.wav", "snare.wav"] {
        std::fs::write(folder.join(name), name).unwrap();
    }
    let content =
        server::inspect_folder(&folder, stall.app.data_dir(), server::Packing::Files, &[]).await.unwrap();
    let id = stall.app.store().catalogue().await.unwrap()[0].endpoint.id;
    stall.app.store().set_content(id, content.into(), stall.app.clock().now()).await.unwrap();
    let own = |part: &str| guide(json!({ "part": part, "price": "0.25" }));
    let list = stall.ask("price_set", own("snare.wav")).await;
    let item = &list["items"][1];
    assert_eq!((&item["part"], &item["price"]["formatted"]), (&json!("snare.wav"), &json!("0.25")));
    assert!(item["url"].as_str().unwrap().ends_with("/guide/snare.wav"), "{item}");
    assert_eq!(stall.refused("price_set", own("hat.wav")).await.code, ErrorCode::InvalidRequest);
    let free = stall.ask("price_set", guide(json!({ "part": "kick.wav", "free": true }))).await;
    assert_eq!(
        (&free["items"][2]["part"], &free["items"][2]["audience"]),
        (&json!("kick.wav"), &json!("free"))
    );
    let files = async |more: Value| stall.ask("endpoint_files", guide(more)).await;
    let first = files(json!({ "limit": 1 })).await;
    assert_eq!((&first["total"], &first["next"]), (&json!(2), &json!("kick.wav")));
    let kick = &first["items"][0];
    assert_eq!(
        (&kick["name"], &kick["priced"], &kick["price"]),
        (&json!("kick.wav"), &json!("free"), &Value::Null)
    );
    let second = files(json!({ "limit": 1, "after": first["next"] })).await;
    let snare = &second["items"][0];
    assert_eq!((&snare["priced"], &snare["price"]["formatted"]), (&json!("own"), &json!("0.25")));
    assert!(second["next"].is_null() && snare["url"].as_str().unwrap().ends_with("/guide/snare.wav"));
    let left = stall.ask("price_remove", guide(json!({ "part": "snare.wav" }))).await;
    assert_eq!(left["items"].as_array().map(Vec::len), Some(2));
    let again = files(json!({})).await;
    assert_eq!(
        (&again["items"][1]["priced"], &again["items"][1]["price"]["formatted"]),
        (&json!("folder"), &json!("0.05"))
    );
    stall.app.stop().await;
}

#[tokio::test]
async fn only_services_answer_so_many_requests_for_nothing() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let quota = |most: Value| guide(json!({ "requestsADay": most }));
    assert_eq!(stall.refused("endpoint_quota", quota(json!(5))).await.code, ErrorCode::InvalidRequest);
    let service = domain::Service {
        upstream: "http://127.0.0.1:9/".to_owned(),
        is_remote: false,
        pattern: "/{*rest}".parse().unwrap(),
        methods: vec![domain::Method::Get],
        request_headers: Vec::new(),
        answer_headers: Vec::new(),
        longest_request: 1_000,
        longest_answer: 1_000,
        patience: domain::Patience::from_seconds(1).unwrap(),
    };
    let id = stall.app.store().catalogue().await.unwrap()[0].endpoint.id;
    stall
        .app
        .store()
        .set_content(id, domain::Content::Service(service), stall.app.clock().now())
        .await
        .unwrap();
    for wrong in [json!(0), json!(10_001), json!(-1)] {
        assert_eq!(stall.refused("endpoint_quota", quota(wrong)).await.code, ErrorCode::InvalidRequest);
    }
    let set = stall.ask("endpoint_quota", quota(json!(5))).await;
    assert_eq!((&set["freeADay"], &set["freeCountedBy"]), (&json!(5), &json!("address")));
    let by = |who: &str| guide(json!({ "requestsADay": 7, "countedBy": who }));
    assert_eq!(stall.refused("endpoint_quota", by("name")).await.code, ErrorCode::InvalidRequest);
    let set = stall.ask("endpoint_quota", by("wallet")).await;
    assert_eq!((&set["freeADay"], &set["freeCountedBy"]), (&json!(7), &json!("wallet")));
    assert_eq!(stall.ask("endpoint_quota", guide(json!({}))).await["freeADay"], Value::Null);
    let free = guide(json!({ "part": "GET", "free": true }));
    assert_eq!(stall.refused("price_set", free).await.code, ErrorCode::InvalidRequest);
    let own = stall.ask("price_set", guide(json!({ "part": "GET", "price": "0.02" }))).await;
    assert_eq!((&own["items"][1]["part"], &own["items"][1]["url"]), (&json!("GET"), &Value::Null));
    stall.app.stop().await;
}

use serde_json::{Value, json};

use super::fixture::Stall;
use crate::{ErrorCode, notices};

#[tokio::test]
async fn the_seller_is_told_of_sales_and_troubles_once_and_says_what_was_seen() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    notices::look(&stall.app).await.unwrap();
    assert_eq!(stall.ask("notice_list", json!({})).await["unread"], 0);
    stall.sell(&guide).await;
    stall.sell(&guide).await;
    std::fs::remove_file(stall.outside("guide.txt")).unwrap();
    notices::look(&stall.app).await.unwrap();
    notices::look(&stall.app).await.unwrap();
    let told = stall.ask("notice_list", json!({})).await;
    let items = told["items"].as_array().unwrap();
    let kinds: Vec<_> = items.iter().map(|item| (item["kind"].clone(), item["about"].clone())).collect();
    assert_eq!(kinds, [(json!("attention"), json!("file")), (json!("sales"), json!(""))]);
    assert!(items[0]["sentence"].as_str().unwrap().contains("/guide"), "{told}");
    assert_eq!(
        (&items[1]["money"]["payments"], &items[1]["money"]["formatted"]),
        (&json!(2), &json!("0.10"))
    );
    assert_eq!((&told["unread"], &told["next"]), (&json!(2), &Value::Null));

    let page = stall.ask("notice_list", json!({ "limit": 1 })).await;
    let older = stall.ask("notice_list", json!({ "limit": 1, "before": page["next"] })).await;
    assert_eq!(older["items"][0], items[1]);
    let seen = stall.ask("notices_seen", json!({ "until": items[1]["id"] })).await;
    assert_eq!((&seen["unread"], &seen["items"][0]["unread"]), (&json!(1), &json!(true)));
    assert_eq!(stall.ask("notices_seen", json!({})).await["unread"], 0);

    std::fs::write(stall.outside("guide.txt"), "Another guide.").unwrap();
    stall.ask("endpoint_publish_again", json!({ "endpoint": "/guide" })).await;
    notices::look_what_is_over(&stall.app).await.unwrap();
    let told = stall.ask("notice_list", json!({})).await;
    assert_eq!((&told["items"][0]["over"], &told["items"][1]["over"]), (&json!(true), &json!(false)));
    assert_eq!(stall.refused("notice_list", json!({ "limit": 101 })).await.code, ErrorCode::InvalidRequest);
    assert_eq!(stall.refused("notice_list", json!({ "before": "x" })).await.code, ErrorCode::NotFound);
    stall.app.stop().await;
}

use domain::{Content, OwnersGet};
use serde_json::{Value, json};

use super::fixture::Stall;
use crate::ErrorCode;

async fn versions(stall: &Stall) -> Vec<Value> {
    let list = stall.ask("endpoint_versions", json!({ "endpoint": "/guide" })).await;
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_version_says_since_when_it_was_sold_and_whether_its_owners_still_receive_it() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let second = stall.file("second.txt", "the second edition");
    stall.clock.advance(chrono::TimeDelta::hours(1));
    let publish = json!({ "endpoint": "/guide", "from": second.to_str().unwrap() });
    stall.ask("endpoint_publish_again", publish.clone()).await;
    let [now, before] = versions(&stall).await.try_into().unwrap();
    assert_eq!((&now["current"], &before["current"]), (&json!(true), &json!(false)));
    assert_eq!(now["publishedAt"].as_i64().unwrap() - before["publishedAt"].as_i64().unwrap(), 3_600_000);
    assert_eq!((&now["bytes"], &before["fileState"]), (&json!(18), &Value::Null));
    // The same content again is no other version.
    stall.ask("endpoint_publish_again", publish).await;
    assert_eq!(versions(&stall).await.len(), 2);

    let choice = json!({ "endpoint": "/guide", "ownersGet": "bought" });
    assert_eq!(stall.ask("endpoint_owners_get", choice).await["ownersGet"], "bought");
    let state = async || versions(&stall).await[1]["fileState"].take();
    assert_eq!(state().await, "ok");
    let first = stall.file("guide.txt", "something longer");
    assert_eq!(state().await, "changed");
    std::fs::remove_file(&first).unwrap();
    assert_eq!(state().await, "missing");
    assert_eq!(versions(&stall).await[0]["fileState"], Value::Null);

    let wrong = json!({ "endpoint": "/guide", "ownersGet": "oldest" });
    assert_eq!(stall.refused("endpoint_owners_get", wrong).await.code, ErrorCode::InvalidRequest);
    let listing = stall.app.store().catalogue().await.unwrap().remove(0);
    assert_eq!(listing.endpoint.owners_get, OwnersGet::Bought);
    let Content::File(file) = &listing.endpoint.content else { panic!("no file") };
    assert_eq!(file.file_name, "second.txt");
    stall.app.stop().await;
}

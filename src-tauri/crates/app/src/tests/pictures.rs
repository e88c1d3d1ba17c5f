use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::fixture::Stall;
use crate::ErrorCode;

/// One pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn picture(stall: &Stall, name: &str) -> Value {
    let file = stall.file(name, "");
    std::fs::write(&file, STANDARD.decode(PNG).unwrap()).unwrap();
    file.to_str().unwrap().into()
}

/// What a buyer is answered.
async fn status(stall: &Stall, path: &str) -> String {
    let url = stall.app.url().unwrap();
    let host = url.strip_prefix("http://").unwrap();
    let mut buyer = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    buyer.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    buyer.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[9..12]).into_owned()
}

#[tokio::test]
async fn a_cover_is_made_of_a_file_that_is_not_needed_again() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let file = picture(&stall, "cover.png");
    let shown = stall.ask("endpoint_cover", json!({ "endpoint": "/guide", "file": file })).await;
    let cover = &shown["cover"];
    assert_eq!((&cover["width"], &cover["height"]), (&json!(1), &json!(1)));
    std::fs::remove_file(file.as_str().unwrap()).unwrap();
    for size in ["large", "small"] {
        let seen = stall.ask("picture_show", json!({ "picture": cover[size] })).await;
        let content = STANDARD.decode(seen["content"].as_str().unwrap()).unwrap();
        assert_eq!(seen["mediaType"], pictures::media_type(&content).unwrap());
    }
    assert_eq!(stall.ask("endpoint_list", Value::Null).await["items"][0]["cover"], *cover);
    // Buyers see it as well, also after a restart; once nobody shows it, nothing of it stays.
    let path = format!("/.stallkeeper/pictures/{}", cover["large"].as_str().unwrap());
    assert_eq!(status(&stall, &path).await, "200");
    let stall = stall.restart().await;
    assert_eq!(status(&stall, &path).await, "200");
    let none = stall.ask("endpoint_cover", json!({ "endpoint": "/guide" })).await;
    assert_eq!(none["cover"], Value::Null);
    assert_eq!(status(&stall, &path).await, "404");
    let stall = stall.restart().await;
    assert_eq!(std::fs::read_dir(stall.app.data_dir().join("test/pictures")).unwrap().count(), 0);
    stall.app.stop().await;
}

#[tokio::test]
async fn the_sellers_picture_is_kept_and_what_would_be_shown_of_a_file_is_not() {
    let stall = Stall::open().await;
    assert_eq!(stall.ask("seller_show", Value::Null).await, json!({ "picture": null }));
    let file = picture(&stall, "me.png");
    let looked = stall.ask("picture_show", json!({ "file": file })).await;
    assert!(looked["content"].as_str().is_some_and(|content| !content.is_empty()));
    let folder = stall.app.data_dir().join("test/pictures");
    assert!(!folder.exists());
    let kept = stall.ask("seller_picture", json!({ "file": file })).await;
    assert_eq!(stall.ask("seller_show", Value::Null).await, kept);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "both sizes of one pixel are one");
    assert_eq!(stall.ask("seller_picture", json!({})).await, json!({ "picture": null }));
    stall.app.stop().await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_changes_nothing() {
    let stall = Stall::open().await;
    stall.add("/guide").await;
    let good = picture(&stall, "cover.png");
    let before = stall.ask("endpoint_cover", json!({ "endpoint": "/guide", "file": good })).await;
    let wrong = stall.file("cover.jpg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    for file in [wrong.clone(), wrong.with_file_name("missing.png"), stall.app.data_dir().to_owned()] {
        let request = json!({ "endpoint": "/guide", "file": file.to_str().unwrap() });
        assert_eq!(
            stall.refused("endpoint_cover", request).await.code,
            ErrorCode::File,
            "{}",
            file.display()
        );
    }
    let unknown = json!({ "picture": "../test/receipt-key.hex" });
    assert_eq!(stall.refused("picture_show", unknown).await.code, ErrorCode::NotFound);
    let both = json!({ "picture": "00", "file": good });
    assert_eq!(stall.refused("picture_show", both).await.code, ErrorCode::InvalidRequest);
    let after = stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await;
    assert_eq!(after["cover"], before["cover"]);
    stall.app.stop().await;
}

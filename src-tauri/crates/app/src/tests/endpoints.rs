use domain::Outcome;
use serde_json::{Value, json};

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

#[tokio::test]
async fn each_endpoint_says_what_it_sold_and_whether_its_file_is_there() {
    let mut stall = Stall::open().await;
    let (guide, _) = (stall.add("/guide").await, stall.add("/song").await);
    let first = stall.sell(&guide).await;
    let second = stall.sell(&guide).await;
    let dropped = stall.sell(&guide).await;
    assert!(stall.app.store().void(dropped.seq, domain::Clock::now(&*stall.clock)).await.unwrap());
    let batch = stall.batch(&[first.seq, second.seq]).await;
    stall.record(batch, &[(first.seq, Outcome::Settled(evidence(5)))]).await;

    let listed = stall.ask("endpoint_list", Value::Null).await;
    let [guide, song] = listed["items"].as_array().unwrap().as_slice() else { panic!("{listed}") };
    assert_eq!((&guide["sales"], &song["sales"]), (&json!(2), &json!(0)));
    assert_eq!(guide["settled"]["formatted"], "0.05");
    assert_eq!(guide["pending"]["formatted"], "0.05");
    assert_eq!(song["pending"]["amount"], "0");
    let state =
        async || stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await["fileState"].take();
    assert_eq!(state().await, "ok");
    let file = stall.file("guide.txt", "something longer");
    assert_eq!(state().await, "changed");
    let price = json!({ "endpoint": "/guide", "price": "0.10" });
    let refused = stall.refused("endpoint_set_price", price).await;
    assert_eq!(refused.code, ErrorCode::File);
    assert!(refused.message.starts_with("The file changed since it was published"), "{}", refused.message);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(state().await, "missing");
    std::fs::create_dir(&file).unwrap();
    assert_eq!(state().await, "changed");
    stall.app.stop().await;
}

#[tokio::test]
async fn removing_can_be_undone_until_the_path_is_taken() {
    let stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let id = json!({ "endpoint": guide.endpoint.to_string() });
    stall.ask("endpoint_pause", id.clone()).await;
    stall.ask("endpoint_remove", id.clone()).await;
    assert_eq!(stall.ask("endpoint_list", Value::Null).await["items"], json!([]));
    assert_eq!(stall.ask("endpoint_restore", id.clone()).await["state"], "paused");
    assert_eq!(stall.refused("endpoint_restore", id.clone()).await.code, ErrorCode::Conflict);
    stall.ask("endpoint_remove", id.clone()).await;
    stall.add("/guide").await;
    assert_eq!(stall.refused("endpoint_restore", id).await.code, ErrorCode::Conflict);
    stall.app.stop().await;
}

#[tokio::test]
async fn files_and_folders_are_looked_at_before_they_are_priced_and_refused_as_they_would_be_then() {
    let stall = Stall::open().await;
    let file = stall.file("Field_Guide.pdf", "abc");
    let inspect = json!({ "file": file.to_str().unwrap() });
    let seen = stall.ask("file_inspect", inspect).await;
    assert_eq!(
        seen,
        json!({
            "path": file.to_str().unwrap(),
            "name": "Field_Guide.pdf",
            "title": "Field Guide",
            "bytes": 3,
            "mediaType": "application/pdf",
            "folder": null,
        })
    );
    let stems = file.with_file_name("Snare stems");
    std::fs::create_dir(&stems).unwrap();
    for (name, text) in [("snare.wav", "abcd"), ("kick.wav", "ab"), ("id_rsa", "no"), (".hidden", "no")] {
        std::fs::write(stems.join(name), text).unwrap();
    }
    let seen = stall.ask("file_inspect", json!({ "file": stems.to_str().unwrap() })).await;
    assert_eq!(
        (&seen["title"], &seen["bytes"], &seen["folder"]),
        (
            &json!("Snare stems"),
            &json!(6),
            &json!({
                "files": 2,
                "leftOutCount": 2,
                "leftOut": [
                    { "name": ".hidden", "reason": "hidden" },
                    { "name": "id_rsa", "reason": "looks_secret" },
                ],
            }),
        )
    );
    let data = stall.app.data_dir().to_owned();
    for wrong in
        [data.join("test/stall.sqlite"), data, file.with_file_name("missing"), stall.file("empty", "")]
    {
        let refused = stall.refused("file_inspect", json!({ "file": wrong.to_str().unwrap() })).await;
        assert_eq!(refused.code, ErrorCode::File, "{}", wrong.display());
    }
    stall.app.stop().await;
}

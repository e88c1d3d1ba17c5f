use domain::{Clock as _, NetworkId};
use serde_json::json;
use store::SettleRequest;

use super::fixture::Stall;
use crate::ErrorCode;

/// I9. That it begins nothing twice on a chain is shown by the settler's own tests and by the integration tests.
#[tokio::test]
async fn a_known_key_answers_its_batches_after_a_restart_even_without_a_wallet() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let (first, second) = (stall.sell(&guide).await, stall.sell(&guide).await);
    let request = |key: &str| SettleRequest { key: key.to_owned(), network: NetworkId::BASE_SEPOLIA };
    let batch = stall.new_batch(&[first.seq]).await;
    let opened = stall.app.store().open_requested_batch(batch, request("press-1")).await.unwrap();
    stall.app.store().note_settle_request(request("press-0"), stall.clock.now()).await.unwrap();
    let stall = stall.restart().await;
    let again = stall.ask("settle", json!({ "key": "press-1" })).await;
    let ids: Vec<_> = again["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(ids, [json!(opened.id.0)]);
    assert_eq!(again["left"], 1);
    assert_eq!(stall.ask("settle", json!({ "key": "press-0" })).await["items"], json!([]));
    let queued = stall.app.store().payment(second.id).await.unwrap().unwrap();
    assert_eq!(queued.batch, None);
    stall.app.stop().await;
}

#[tokio::test]
async fn a_key_is_one_word_of_a_length_that_can_be_kept() {
    let stall = Stall::open().await;
    for key in ["", "two words", "schl\u{fc}ssel", &"k".repeat(101)] {
        let refused = stall.refused("settle", json!({ "key": key })).await;
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{key}");
    }
    assert_eq!(stall.refused("settle", json!({ "key": "fine" })).await.code, ErrorCode::Unavailable);
    stall.app.stop().await;
}

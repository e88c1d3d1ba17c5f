use domain::{Clock as _, Outcome};
use serde_json::{Value, json};
use store::Visits;

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

#[tokio::test]
async fn a_funnel_says_how_far_visits_came_by_day_and_by_endpoint() {
    let mut stall = Stall::open().await;
    let (guide, song) = (stall.add("/guide").await, stall.add("/song").await);
    let sold = stall.sell(&guide).await;
    let batch = stall.batch(&[sold.seq]).await;
    stall.record(batch, &[(sold.seq, Outcome::Settled(evidence(5)))]).await;
    let day = stall.clock.now().timestamp().div_euclid(86_400);
    let visits = |endpoint, day, shown| Visits { endpoint, day, shown, signed: 2, delivered: 1, settled: 0 };
    let counted = vec![
        visits(guide.endpoint, day, 9),
        visits(song.endpoint, day - 1, 20),
        visits(guide.endpoint, day - 2, 4),
    ];
    stall.app.store().count_visits(counted).await.unwrap();

    let funnel = stall.ask("funnel_show", json!({ "days": 2 })).await;
    let steps =
        |of: &Value| ["shown", "signed", "delivered", "settled"].map(|step| of[step].as_u64().unwrap());
    assert_eq!(steps(&funnel), [29, 4, 2, 1]);
    let named: Vec<_> = funnel["items"].as_array().unwrap().iter().map(|item| &item["endpoint"]).collect();
    assert_eq!(named, ["/song", "/guide"]);
    let days: Vec<_> = funnel["days"].as_array().unwrap().iter().map(steps).collect();
    assert_eq!(days, [[20, 2, 1, 0], [9, 2, 1, 1]]);
    let guide = stall.ask("funnel_show", json!({ "endpoint": "/guide" })).await;
    assert_eq!((steps(&guide), guide["days"].as_array().unwrap().len()), ([13, 4, 2, 1], 30));
    assert_eq!(stall.refused("funnel_show", json!({ "days": 0 })).await.code, ErrorCode::InvalidRequest);
    assert_eq!(stall.refused("funnel_show", json!({ "endpoint": "/x" })).await.code, ErrorCode::NotFound);
    let requests = stall.ask("request_list", json!({})).await;
    assert_eq!(requests["items"], json!([]));
    assert_eq!(stall.refused("request_list", json!({ "limit": 1001 })).await.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

#[tokio::test]
async fn how_often_somebody_may_come_is_a_number_and_addresses_are_kept_or_not() {
    let stall = Stall::open().await;
    for (key, good, bad) in [
        ("payments-of-payer-a-minute", "0", "-1"),
        ("payments-of-address-a-minute", "60", "many"),
        ("terms-of-address-a-minute", "1000000", "1000001"),
        ("request-addresses", "on", "yes"),
    ] {
        let set = |value: &str| json!({ "key": key, "value": value });
        let all = stall.ask("settings_set", set(good)).await;
        let items = all["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["key"] == key).unwrap();
        assert_eq!(item["value"], good);
        assert_eq!(stall.refused("settings_set", set(bad)).await.code, ErrorCode::InvalidRequest, "{bad}");
        stall.ask("settings_set", set("")).await;
    }
    stall.app.stop().await;
}

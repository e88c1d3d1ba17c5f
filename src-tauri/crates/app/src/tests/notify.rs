use serde_json::{Value, json};

use super::fixture::Stall;
use crate::ErrorCode;

fn of(view: &Value, event: &str) -> Value {
    view["items"].as_array().unwrap().iter().find(|item| item["event"] == event).unwrap().clone()
}

#[tokio::test]
async fn each_thing_is_told_as_the_seller_chose_also_after_a_restart() {
    let stall = Stall::open().await;
    let usual = stall.ask("notify_show", Value::Null).await;
    assert_eq!(usual["items"].as_array().unwrap().len(), 6);
    assert_eq!(of(&usual, "sale"), json!({ "event": "sale", "toast": true, "system": true, "sound": false }));
    assert_eq!(
        (&usual["quiet"], &usual["quietNow"], &usual["least"]),
        (&json!(null), &json!(false), &json!(null))
    );
    stall.ask("notify_set", json!({ "event": "sale", "system": false, "sound": true })).await;
    stall.ask("notify_set", json!({ "quiet": "22:00-07:00", "least": "1.50" })).await;
    let stall = stall.restart().await;
    let chosen = stall.ask("notify_show", Value::Null).await;
    assert_eq!(
        of(&chosen, "sale"),
        json!({ "event": "sale", "toast": true, "system": false, "sound": true })
    );
    assert_eq!(of(&chosen, "gas"), of(&usual, "gas"));
    assert_eq!((&chosen["quiet"], &chosen["least"]), (&json!("22:00-07:00"), &json!("1.50")));
    assert_eq!(stall.ask("stall_news", json!({})).await["notify"], chosen);
    for nonsense in [
        json!({ "sound": true }),
        json!({ "quiet": "22:00" }),
        json!({ "quiet": "22:00-22:00" }),
        json!({ "quiet": "25:00-07:00" }),
        json!({ "least": "-1" }),
        json!({ "least": "a lot" }),
    ] {
        let refused = stall.refused("notify_set", nonsense.clone()).await;
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{nonsense}");
    }
    let never = stall.ask("notify_set", json!({ "quiet": "", "least": "" })).await;
    assert_eq!((&never["quiet"], &never["least"]), (&json!(null), &json!(null)));
    stall.app.stop().await;
}

#[tokio::test]
async fn a_sale_below_what_the_seller_wants_to_hear_of_is_no_news() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    stall.sell(&guide).await;
    let first = stall.ask("stall_news", json!({})).await;
    stall.sell(&guide).await;
    let since = json!({ "since": first["next"] });
    stall.ask("notify_set", json!({ "least": "0.050001" })).await;
    assert_eq!(stall.ask("stall_news", since.clone()).await["sales"]["payments"], 0);
    stall.ask("notify_set", json!({ "least": "0.05" })).await;
    assert_eq!(stall.ask("stall_news", since).await["sales"]["payments"], 1);
    stall.app.stop().await;
}

#[tokio::test]
async fn what_stops_sales_is_told_for_as_long_as_it_does() {
    let stall = Stall::open().await;
    let news = stall.ask("stall_news", json!({})).await;
    let [alert] = news["alerts"].as_array().unwrap().as_slice() else { panic!("{news}") };
    assert_eq!(
        (&alert["event"], &alert["sentence"]),
        (&json!("offline"), &json!("No network is set up yet."))
    );
    // Whoever closed the stall knows that nobody buys.
    stall.ask("stall_set", json!({ "selling": false })).await;
    assert_eq!(stall.ask("stall_news", json!({})).await["alerts"], json!([]));
    stall.app.stop().await;
}

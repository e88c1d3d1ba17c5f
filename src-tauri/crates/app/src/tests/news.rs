use domain::Outcome;
use serde_json::{Value, json};

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

#[tokio::test]
async fn news_are_the_stall_in_a_line_and_the_sales_since_the_last() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    stall.sell(&guide).await;
    let first = stall.ask("stall_news", json!({})).await;
    assert_eq!((&first["sales"]["payments"], &first["title"]), (&json!(0), &Value::Null));
    assert_eq!((&first["soldToday"]["payments"], &first["pending"]["payments"]), (&json!(1), &json!(1)));

    let sold = stall.sell(&guide).await;
    let then = stall.ask("stall_news", json!({ "since": first["next"] })).await;
    assert_eq!(then["sales"]["payments"], 1);
    assert_eq!(then["sales"]["amount"], first["soldToday"]["amount"]);
    assert_eq!(then["title"], "guide.txt");
    assert_eq!(stall.ask("stall_news", json!({ "since": then["next"] })).await["sales"]["payments"], 0);

    let batch = stall.batch(&[sold.seq]).await;
    stall.record(batch, &[(sold.seq, Outcome::Settled(evidence(7)))]).await;
    let settled = stall.ask("stall_news", json!({})).await;
    assert_eq!(
        (&settled["settledToday"]["payments"], &settled["pending"]["payments"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(settled["delivering"], 0);
    for since in ["-1", "x", ""] {
        let refused = stall.app.dispatch("stall_news", json!({ "since": since })).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{since}");
    }
    stall.app.stop().await;
}

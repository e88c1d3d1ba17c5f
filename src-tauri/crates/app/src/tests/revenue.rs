use chrono::TimeDelta;
use domain::Outcome;
use serde_json::{Value, json};

use super::fixture::{Stall, evidence};
use crate::ErrorCode;

#[tokio::test]
async fn days_follow_each_other_without_a_gap_and_today_is_the_last() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let early = stall.sell(&guide).await;
    stall.clock.advance(TimeDelta::days(3));
    stall.sell(&guide).await;
    let batch = stall.batch(&[early.seq]).await;
    stall.record(batch, &[(early.seq, Outcome::Settled(evidence(5)))]).await;

    let revenue = stall.ask("revenue", json!({ "days": 5 })).await;
    assert_eq!(revenue["zone"], "UTC");
    let days: Vec<_> = revenue["items"].as_array().unwrap().iter().map(|day| day["day"].clone()).collect();
    assert_eq!(days, ["2027-01-14", "2027-01-15", "2027-01-16", "2027-01-17", "2027-01-18"]);
    let count = |day: usize, name: &str| revenue["items"][day][name]["payments"].as_u64().unwrap();
    assert_eq!((0..5).map(|day| count(day, "settled")).collect::<Vec<_>>(), [0, 1, 0, 0, 0]);
    assert_eq!((0..5).map(|day| count(day, "pending")).collect::<Vec<_>>(), [0, 0, 0, 0, 1]);
    assert_eq!(revenue["items"][1]["settled"]["formatted"], "0.05");

    // What was sold earlier and came on chain today counts for today.
    let money = stall.ask("status", Value::Null).await["money"].take();
    assert_eq!((&money["settledToday"]["payments"], &money["settled"]["payments"]), (&json!(1), &json!(1)));
    stall.clock.advance(TimeDelta::days(1));
    let money = stall.ask("status", Value::Null).await["money"].take();
    assert_eq!((&money["settledToday"]["payments"], &money["settled"]["payments"]), (&json!(0), &json!(1)));
    for days in [0, 367] {
        assert_eq!(stall.refused("revenue", json!({ "days": days })).await.code, ErrorCode::InvalidRequest);
    }
    stall.app.stop().await;
}

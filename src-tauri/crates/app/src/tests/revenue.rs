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
    assert_eq!(
        (&money["settledYesterdayByNow"]["payments"], &money["settledMore"]["formatted"]),
        (&json!(1), &json!("-0.05"))
    );
    stall.clock.advance(TimeDelta::hours(-3));
    let money = stall.ask("status", Value::Null).await["money"].take();
    assert_eq!(money["settledYesterdayByNow"]["payments"], 0, "it came later in the day");
    for days in [0, 367] {
        assert_eq!(stall.refused("revenue", json!({ "days": days })).await.code, ErrorCode::InvalidRequest);
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn a_time_is_compared_with_the_one_before_and_says_what_sold_best_and_how_it_went_on() {
    let mut stall = Stall::open().await;
    let (guide, song) = (stall.add("/guide").await, stall.add("/song").await);
    let early = stall.sell(&guide).await;
    stall.clock.advance(TimeDelta::days(1));
    for endpoint in [&song, &song, &guide] {
        stall.sell(endpoint).await;
    }
    let batch = stall.batch(&[early.seq]).await;
    stall.record(batch, &[(early.seq, Outcome::Settled(evidence(5)))]).await;

    let day = stall.ask("revenue", json!({ "days": 1 })).await;
    assert_eq!((&day["by"], day["items"].as_array().unwrap().len()), (&json!("hour"), 24));
    let pending = |item: &&Value| item["pending"]["payments"] == 3;
    let hour = day["items"].as_array().unwrap().iter().find(pending).unwrap();
    assert!(hour["day"].as_str().unwrap().starts_with("2027-01-16T"), "{hour}");
    // The day before is counted as far as today has come: its sale was made at this hour.
    assert_eq!((&hour["before"]["payments"], &day["before"]["settled"]["payments"]), (&json!(1), &json!(1)));
    assert_eq!(day["before"]["more"]["formatted"], "-0.05");
    assert_eq!(day["before"]["soFar"], true);
    let best: Vec<_> = day["best"].as_array().unwrap().iter().map(|one| one["sales"].clone()).collect();
    assert_eq!((best, &day["best"][0]["title"]), (vec![json!(2), json!(1)], &json!("song.txt")));

    let two = stall.ask("revenue", json!({ "days": 2 })).await;
    assert_eq!((&two["by"], &two["total"]["settled"]["payments"]), (&json!("day"), &json!(1)));
    assert_eq!((&two["before"]["to"], &two["before"]["soFar"]), (&json!("2027-01-14"), &json!(false)));
    let year = stall.ask("revenue", json!({})).await;
    let months = year["items"].as_array().unwrap();
    assert_eq!(
        (months.len(), &months[0]["day"], &months[11]["day"]),
        (12, &json!("2026-02"), &json!("2027-01"))
    );
    assert_eq!(months[11]["settled"]["payments"], 1);
    assert_eq!(year["fees"]["unpriced"], json!([]));

    let shown = stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await;
    let lately = ["settledToday", "settledWeek", "settledMonth"].map(|days| shown[days]["formatted"].clone());
    assert_eq!(lately, ["0.05", "0.05", "0.05"]);
    let listed = stall.ask("endpoint_list", Value::Null).await;
    assert_eq!(listed["items"][1]["settledMonth"]["formatted"], "0.00");
    stall.app.stop().await;
}

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{Clock as _, EndpointState, MANUAL_WINDOW};
use serde_json::{Value, json};

use super::fixture::Stall;
use crate::ErrorCode;

async fn stall() -> Stall {
    let stall = Stall::open().await;
    stall.network().await;
    stall.asset().await;
    stall
}

impl Stall {
    async fn schedule(&self) -> Value {
        let shown = self.ask("schedule_show", json!({})).await;
        shown["items"][0].clone()
    }
}

#[tokio::test]
async fn until_something_is_chosen_the_seller_and_the_deadlines_settle() {
    let mut stall = stall().await;
    let shown = stall.schedule().await;
    assert_eq!(
        (&shown["manual"], &shown["applied"], &shown["next"]),
        (&json!(true), &json!(true), &Value::Null)
    );
    assert_eq!(shown["windowSeconds"], MANUAL_WINDOW.seconds());
    let guide = stall.add("/guide").await;
    stall.sell(&guide).await;
    let shown = stall.schedule().await;
    let deadline = (stall.clock.now() + TimeDelta::hours(72) - TimeDelta::minutes(10)).timestamp_millis();
    assert_eq!((&shown["next"]["at"], &shown["next"]["because"]), (&json!(deadline), &json!("deadline")));
    assert_eq!(shown["safeUntil"], deadline);
    assert_eq!((&shown["waiting"]["payments"], &shown["waiting"]["formatted"]), (&json!(1), &json!("0.05")));
    stall.app.stop().await;
}

#[tokio::test]
async fn a_choice_is_shown_as_it_was_made_also_after_a_restart() {
    let stall = stall().await;
    let choice = json!({
        "daily": "18:00", "weekly": "mon,thu,07:30", "zone": "Europe/Berlin", "atAmount": "20", "atCount": 100,
        "gasCeiling": "0.5", "waitForGas": true,
    });
    let set = stall.ask("schedule_set", choice).await;
    for (field, value) in [
        ("manual", json!(false)),
        ("daily", json!("18:00")),
        ("weekly", json!("mon,thu,07:30")),
        ("zone", json!("Europe/Berlin")),
        ("atCount", json!(100)),
        ("waitForGas", json!(true)),
        ("gasCeiling", json!({ "wei": "500000000", "gwei": "0.5" })),
    ] {
        assert_eq!(set[field], value, "{field}");
    }
    assert_eq!(set["atAmount"]["formatted"], "20.00");
    assert_eq!(
        set["sentence"],
        "Settled every day at 18:00 (Europe/Berlin), or on mon, thu at 07:30 (Europe/Berlin), or when 20.00 USDC \
         wait, or when 100 payments wait, and before the first payment's permission ends. Above 0.5 gwei it waits \
         for cheaper gas while that is safe."
    );
    // 18:00 in Berlin's winter is 17:00 UTC.
    let run = (stall.clock.now() + TimeDelta::hours(5)).timestamp_millis();
    assert_eq!((&set["next"]["at"], &set["next"]["because"]), (&json!(run), &json!("schedule")));
    assert_eq!(
        set["changes"],
        json!([
            "Until now: Settled when you say so, and before the first payment's permission ends.",
            "Buyers sign permissions that are good for 2 days 1 hour instead of 3 days from now on.",
        ])
    );
    let stall = stall.restart().await;
    let mut shown = stall.schedule().await;
    shown["changes"] = set["changes"].clone();
    assert_eq!(shown, set);
    stall.app.stop().await;
}

/// I6, statement 7: the sentence names the time that is left.
#[tokio::test]
async fn a_schedule_that_comes_too_late_for_what_waits_is_refused_with_the_time_that_is_left() {
    let mut stall = stall().await;
    stall.add("/guide").await;
    stall.ask("schedule_set", json!({ "every": "1m", "zone": "UTC" })).await;
    let mut listings = stall.app.store().catalogue().await.unwrap();
    // Signed for 31 minutes, to be sent three before their end.
    let guide = Arc::new(listings[0].offers.remove(0));
    stall.sell(&guide).await;
    stall.clock.advance(TimeDelta::minutes(1));
    for schedule in [json!({ "every": "2h" }), json!({ "every": "2h", "check": true })] {
        let refused = stall.refused("schedule_set", schedule).await;
        assert_eq!(refused.code, ErrorCode::Conflict);
        assert!(refused.message.contains("within 26 minutes"), "{}", refused.message);
        assert!(refused.message.contains("would first settle in 2 hours"), "{}", refused.message);
        assert!(refused.message.ends_with("choose at most 26 minutes."), "{}", refused.message);
    }
    assert_eq!(stall.schedule().await["every"], "1m");
    stall.ask("schedule_set", json!({ "every": "26m" })).await;
    // By hand promises no run that could come too late.
    stall.ask("schedule_set", json!({})).await;
    stall.app.stop().await;
}

#[tokio::test]
async fn windows_follow_the_schedule_and_quotes_in_flight_are_honoured() {
    let stall = stall().await;
    let before = stall.add("/guide").await;
    let set = stall.ask("schedule_set", json!({ "every": "2h" })).await;
    assert_eq!(set["windowSeconds"], 9_000);
    let shown = stall.ask("endpoint_show", json!({ "endpoint": "/guide" })).await;
    assert_eq!((&shown["windowSeconds"], &shown["priceVersion"]), (&json!(9_000), &json!(2)));
    let listings = stall.app.store().catalogue().await.unwrap();
    assert_eq!(listings[0].endpoint.state, EndpointState::Live);
    let earlier = listings[0].offers.iter().find(|offer| offer.id == before.id).unwrap();
    assert!(earlier.is_honoured_at(stall.clock.now() + TimeDelta::minutes(9)));
    stall.app.stop().await;
}

#[tokio::test]
async fn where_what_is_left_out_is_kept_none_takes_it_away() {
    let stall = stall().await;
    let choice = json!({
        "every": "2h", "daily": "18:00", "zone": "UTC", "atCount": 5, "gasCeiling": "0.5", "waitForGas": true,
    });
    stall.ask("schedule_set", choice).await;
    let added = stall.ask("schedule_set", json!({ "keep": true, "atAmount": "20" })).await;
    assert_eq!(
        (&added["every"], &added["daily"], &added["atCount"]),
        (&json!("2h"), &json!("18:00"), &json!(5))
    );
    assert_eq!((&added["atAmount"]["formatted"], &added["waitForGas"]), (&json!("20.00"), &json!(true)));
    assert_eq!(added["changes"].as_array().unwrap().len(), 1, "the window is as it was: {added}");
    let fewer = json!({ "keep": true, "every": "none", "atCount": 0, "gasCeiling": "none" });
    let fewer = stall.ask("schedule_set", fewer).await;
    assert_eq!(
        (&fewer["every"], &fewer["atCount"], &fewer["gasCeiling"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&fewer["daily"], &fewer["waitForGas"]), (&json!("18:00"), &json!(false)));
    assert!(fewer["changes"][1].as_str().unwrap().contains("instead of 26 hours 30 minutes"), "{fewer}");
    let same = stall.ask("schedule_set", json!({ "keep": true })).await;
    assert_eq!((&same["sentence"], &same["changes"]), (&fewer["sentence"], &json!([])));
    stall.app.stop().await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_changes_nothing() {
    let stall = stall().await;
    let before = stall.schedule().await;
    let would_be = stall.ask("schedule_set", json!({ "every": "2h", "zone": "UTC", "check": true })).await;
    assert_eq!((&would_be["applied"], &would_be["every"]), (&json!(false), &json!("2h")));
    let run = (stall.clock.now() + TimeDelta::hours(2)).timestamp_millis();
    assert_eq!(would_be["next"]["at"], run);
    assert_eq!(would_be["next"]["sentence"], "At 2027-01-15 14:00 (UTC), by your schedule.");
    assert_eq!(stall.schedule().await, before);
    stall.app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_a_schedule_is_refused_with_what_to_write_instead() {
    let stall = stall().await;
    for (schedule, hint) in [
        (json!({ "every": "soon" }), "15m, 2h or 1d"),
        (json!({ "every": "8d" }), "at most 7d"),
        (json!({ "daily": "6pm" }), "18:00"),
        (json!({ "weekly": "18:00" }), "mon,18:00"),
        (json!({ "daily": "18:00", "zone": "Berlin" }), "Europe/Berlin"),
        (json!({ "atAmount": "0" }), "more than nothing"),
        (json!({ "atAmount": "1.0000001" }), "decimal places"),
        (json!({ "atCount": 0 }), "at least 1"),
        (json!({ "every": "2h", "gasCeiling": "0" }), "no run"),
        (json!({ "every": "2h", "waitForGas": true }), "ceiling"),
        (json!({ "gasCeiling": "1" }), "a time, an amount or a count"),
    ] {
        let refused = stall.refused("schedule_set", schedule.clone()).await;
        assert_eq!(refused.code, ErrorCode::InvalidRequest, "{schedule}");
        assert!(refused.message.contains(hint), "{schedule}: {}", refused.message);
    }
    let refused = stall.refused("schedule_set", json!({ "network": "eip155:1", "every": "2h" })).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
    assert_eq!(stall.schedule().await["manual"], true);
    stall.app.stop().await;
}

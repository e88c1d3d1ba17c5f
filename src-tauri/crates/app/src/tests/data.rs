//! What lies in the data folder: how long it is kept, and deleting it.

use std::fs;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use store::Visits;

use super::fixture::{Stall, until};
use crate::{App, Config, Environment, ErrorCode, Overrides};

/// Acceptance statement 21: deleting takes a typed word.
#[tokio::test]
async fn an_environment_is_deleted_behind_its_typed_name_and_never_with_what_was_sold_meanwhile() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let offer = stall.add("/novel").await;
    stall.sell(&offer).await;
    let folder = stall.data_dir().join("test");
    for (name, content) in [("gas-key-0x55.json", "{}"), ("stall-20260101T000000Z.sqlite", "older")] {
        fs::write(folder.join(name), content).unwrap();
    }
    let shown = stall.ask("data_show", json!(null)).await;
    let held = &shown["environments"][0];
    assert_eq!((&held["environment"], &held["isOpen"]), (&json!("test"), &json!(true)));
    assert_eq!((&held["payments"], &held["open"]), (&json!(1), &json!(1)));
    assert_eq!((&held["atStake"]["formatted"], &held["hasKey"]), (&json!("0.05"), &json!(true)));
    assert!(held["databaseBytes"].as_u64().unwrap() > 10_000 && shown["freeBytes"].as_u64().unwrap() > 0);

    let books = stall.outside("books");
    fs::create_dir(&books).unwrap();
    let written = stall.ask("data_export", json!({ "folder": books })).await;
    let rows: Vec<_> = written["items"].as_array().unwrap().iter().map(|file| file["rows"].clone()).collect();
    assert_eq!(rows, [1, 0, 0, 0]);
    assert_eq!(fs::read_dir(&books).unwrap().count(), 4);

    let delete =
        |word: &str, lost: bool| json!({ "environment": "test", "word": word, "withMoneyAtStake": lost });
    assert_eq!(stall.refused("data_delete", delete("live", true)).await.code, ErrorCode::InvalidRequest);
    let refused = stall.refused("data_delete", delete("test", false)).await;
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert!(refused.message.starts_with("One payment of $0.05 in test is not on chain yet"), "{refused}");
    let with_keys =
        json!({ "environment": "test", "word": "test", "withMoneyAtStake": true, "keyWord": "yes" });
    assert_eq!(stall.refused("data_delete", with_keys).await.code, ErrorCode::InvalidRequest);

    // What is sold after it was asked for was never meant.
    let waits = stall.ask("data_delete", delete("test", true)).await;
    assert_eq!(waits["deletion"], json!({ "environment": "test", "keys": false, "problem": null }));
    stall.sell(&offer).await;
    let stall = stall.restart().await;
    let shown = stall.ask("data_show", json!(null)).await;
    assert_eq!(shown["environments"][0]["payments"], 2);
    let problem = shown["deletion"]["problem"].as_str().unwrap();
    assert!(problem.starts_with("Nothing was deleted: 1 more were sold in test"), "{problem}");
    let undeleted = async || {
        let items = stall.ask("attention_list", json!(null)).await["items"].take();
        let found = items.as_array().unwrap().iter().find(|item| item["kind"] == "deletion").cloned();
        found.map(|item| (item["sentence"].clone(), item["action"].clone()))
    };
    assert_eq!(undeleted().await, Some((json!(problem), json!("ask_to_delete_again"))));
    assert_eq!(stall.ask("data_spare", json!(null)).await["deletion"], Value::Null);
    assert_eq!(undeleted().await, None);
    let stall = stall.restart().await;
    assert_eq!(stall.ask("endpoint_list", json!(null)).await["items"].as_array().unwrap().len(), 1);

    stall.ask("data_delete", delete("test", true)).await;
    let stall = stall.restart_after(async |app| {
        let held = app.dispatch("data_show", json!(null)).await.unwrap();
        assert_eq!(held["environments"][0]["payments"], 2, "a command that only looks deletes nothing");
    });
    let stall = stall.await;
    let shown = stall.ask("data_show", json!(null)).await;
    let held = &shown["environments"][0];
    assert_eq!(
        (&shown["deletion"], &held["payments"], &held["endpoints"]),
        (&Value::Null, &json!(0), &json!(0))
    );
    assert!(folder.join("gas-key-0x55.json").exists(), "a key that holds money stays");
    assert!(!folder.join("stall-20260101T000000Z.sqlite").exists(), "what was put aside goes too");
    stall.app.stop().await;
}

#[tokio::test]
async fn what_the_books_do_not_need_goes_when_it_is_old_and_the_books_stay() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let offer = stall.add("/novel").await;
    stall.sell(&offer).await;
    let today = stall.app.clock().now().timestamp() / 86_400;
    let visits: Vec<_> = [today, today - 40, today - 700, today - 900]
        .map(|day| Visits { endpoint: offer.endpoint, day, shown: 3, signed: 1, delivered: 1, settled: 0 })
        .into();
    stall.app.store().count_visits(visits).await.unwrap();
    let log = |days: i64| {
        let day: NaiveDate = (stall.app.clock().now() - TimeDelta::days(days)).date_naive();
        stall.data_dir().join("logs").join(format!("stallkeeper-{day}.jsonl"))
    };
    fs::create_dir_all(stall.data_dir().join("logs")).unwrap();
    for days in [0, 5, 20] {
        fs::write(log(days), "{}\n").unwrap();
    }
    let left = async || stall.app.store().visits(None, (0, today)).await.unwrap().len();

    stall.ask("settings_set", json!({ "key": "keep-logs", "value": "10" })).await;
    until(async || left().await == 3 && !log(20).exists()).await;
    assert!(log(5).exists() && log(0).exists());
    stall.ask("settings_set", json!({ "key": "keep-visits", "value": "31" })).await;
    until(async || left().await == 1).await;
    for wrong in ["0", "30", "3651", "long"] {
        let wrong = json!({ "key": "keep-visits", "value": wrong });
        assert_eq!(stall.refused("settings_set", wrong).await.code, ErrorCode::InvalidRequest);
    }
    let kept = stall.ask("data_show", json!(null)).await["kept"].clone();
    let visits = json!({ "key": "keep-visits", "days": 31, "usual": 800, "least": 31, "most": 3650 });
    assert_eq!(kept[0], visits);

    stall.clock.advance(TimeDelta::days(3000));
    until(async || left().await == 0).await;
    let payments = stall.ask("payment_list", json!({})).await;
    assert_eq!(payments["items"].as_array().unwrap().len(), 1);
    assert_eq!(stall.app.store().figures().await.unwrap().rows[1], ("offers", 1));
    stall.app.stop().await;
}

/// A deletion that fails is no reason to sell nothing elsewhere, where money may wait.
#[tokio::test]
async fn what_cannot_be_deleted_keeps_no_other_environment_closed() {
    let stall = Stall::open_in(Environment::Test).await;
    let (data, practice) = (stall.data_dir(), stall.data_dir().join("practice"));
    fs::create_dir(&practice).unwrap();
    fs::write(practice.join("stall.sqlite"), "").unwrap();
    fs::write(data.join("practice.deleted"), "in the way").unwrap();
    let delete = json!({ "environment": "practice", "word": "practice", "withMoneyAtStake": true });
    stall.ask("data_delete", delete).await;
    let stall = stall.restart().await;
    let shown = stall.ask("data_show", json!(null)).await;
    let problem = shown["deletion"]["problem"].as_str().unwrap();
    assert!(problem.contains("practice.deleted"), "{problem}");
    assert!(practice.exists());
    fs::remove_file(data.join("practice.deleted")).unwrap();
    let stall = stall.restart().await;
    assert_eq!(stall.ask("data_show", json!(null)).await["deletion"], Value::Null);
    assert!(!practice.exists());
    // What has begun is not taken back.
    fs::create_dir(data.join("test.deleted")).unwrap();
    let begun =
        json!({ "environment": "test", "keys": false, "payments": 0, "problem": null, "begun": true });
    fs::write(data.join("delete-next.json"), begun.to_string()).unwrap();
    assert_eq!(stall.refused("data_spare", json!(null)).await.code, ErrorCode::Conflict);
    stall.app.stop().await;
}

/// A command that opened it would make a new key, or sell, beside what is being deleted.
#[tokio::test]
async fn what_is_being_deleted_is_opened_by_nothing_but_the_start_that_ends_it() {
    let data = tempfile::tempdir().unwrap();
    let (folder, doomed) = (data.path().join("test"), data.path().join("test.deleted"));
    fs::create_dir(&doomed).unwrap();
    for name in ["gas-key-0x55.json", "receipt-key.hex"] {
        fs::write(doomed.join(name), name).unwrap();
    }
    let begun =
        json!({ "environment": "test", "keys": false, "payments": 0, "problem": null, "begun": true });
    fs::write(data.path().join("delete-next.json"), begun.to_string()).unwrap();
    let config = Config::resolve(Overrides {
        data_dir: Some(data.path().to_owned()),
        environment: Some(Environment::Test),
        listen: Some("127.0.0.1:0".parse().unwrap()),
    });
    let config = config.unwrap();
    let refused = App::open(config.clone()).await.err().unwrap();
    assert!(refused.message.starts_with("Deleting test has begun."), "{refused}");
    assert!(!folder.exists() && doomed.exists());
    App::start(config).await.unwrap().stop().await;
    assert!(folder.join("gas-key-0x55.json").exists() && !doomed.exists());
    assert_ne!(fs::read(folder.join("receipt-key.hex")).unwrap(), b"receipt-key.hex");
}

/// The page is the remedy for what is damaged.
#[tokio::test]
async fn a_damaged_data_file_elsewhere_takes_neither_the_page_nor_diagnostics_away() {
    let stall = Stall::open_in(Environment::Live).await;
    for (name, content) in [("practice", ""), ("test", "damaged")] {
        fs::create_dir(stall.data_dir().join(name)).unwrap();
        fs::write(stall.data_dir().join(name).join("stall.sqlite"), content).unwrap();
    }
    let shown = stall.ask("data_show", json!(null)).await;
    let problems = shown["environments"].as_array().unwrap().iter().map(|held| !held["problem"].is_null());
    assert_eq!(problems.collect::<Vec<_>>(), [true, true, false]);
    let files = stall.ask("diagnostics_show", json!(null)).await["files"].clone();
    assert_eq!(files[3]["name"], "figures.json");
    let delete =
        |lost: bool| json!({ "environment": "practice", "word": "practice", "withMoneyAtStake": lost });
    let refused = stall.refused("data_delete", delete(false)).await;
    assert!(refused.message.starts_with("Nobody can tell what in practice is not on chain yet"), "{refused}");
    stall.ask("data_delete", delete(true)).await;
    let stall = stall.restart().await;
    assert!(!stall.data_dir().join("practice").exists());
    stall.app.stop().await;
}

/// I12: copies of books and keys that nobody looks after.
#[tokio::test]
async fn what_a_crash_left_of_a_backup_is_gone_after_the_next_start() {
    let stall = Stall::open_in(Environment::Live).await;
    let part = stall.data_dir().join("backup.part");
    fs::create_dir_all(part.join("live")).unwrap();
    fs::write(part.join("live/gas-key.json"), "{}").unwrap();
    let stall = stall.restart().await;
    assert!(!part.exists());
    stall.app.stop().await;
}

/// What opening practice once would delete of live's log is what somebody looks for later.
#[tokio::test]
async fn the_log_is_kept_as_long_as_the_environment_that_keeps_it_longest_says() {
    let stall = Stall::open_in(Environment::Live).await;
    stall.ask("settings_set", json!({ "key": "keep-logs", "value": "30" })).await;
    let stall = stall.restart_in(Environment::Test).await;
    let day = |days: i64| (stall.app.clock().now() - TimeDelta::days(days)).date_naive();
    let log = |days| stall.data_dir().join("logs").join(format!("stallkeeper-{}.jsonl", day(days)));
    fs::create_dir_all(stall.data_dir().join("logs")).unwrap();
    for days in [20, 40] {
        fs::write(log(days), "{}\n").unwrap();
    }
    crate::retention::let_go(&stall.app).await.unwrap();
    assert!(log(20).exists() && !log(40).exists());
    // What cannot be read may have chosen anything.
    fs::create_dir_all(stall.data_dir().join("practice")).unwrap();
    fs::write(stall.data_dir().join("practice/stall.sqlite"), "damaged").unwrap();
    // The stall lets go by itself too, and may have looked before.
    until(async || {
        for days in [80, 100] {
            fs::write(log(days), "{}\n").unwrap();
        }
        crate::retention::let_go(&stall.app).await.unwrap();
        log(80).exists() && !log(100).exists()
    })
    .await;
    stall.app.stop().await;
}

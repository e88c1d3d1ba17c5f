//! Backups: what a seller has again after a disk was lost (acceptance statement 29), and what nobody else has.

use std::fs;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::fixture::Stall;
use crate::{ErrorCode, Stale};

const PASSWORD: &str = "correct horse battery";

async fn make(stall: &Stall, name: &str) -> (String, Value) {
    let path = stall.outside(name).to_string_lossy().into_owned();
    let made = stall.ask("backup_make", json!({ "path": path, "passphrase": PASSWORD })).await;
    (path, made)
}

#[tokio::test]
async fn a_backup_takes_the_place_of_what_is_there_at_the_next_start_if_the_seller_wants_it() {
    let mut stall = Stall::open().await;
    stall.network().await;
    let offer = stall.add("/novel").await;
    stall.sell(&offer).await;
    stall.ask("settings_set", json!({ "key": "stall-name", "value": "Ada's books" })).await;
    let before = stall.ask("payment_list", json!({})).await;
    let (path, made) = make(&stall, "ada.backup").await;
    assert_eq!(made["leftOut"], json!([]));
    let kept = &made["backup"]["environments"][0];
    assert_eq!((&kept["environment"], &kept["held"]["payments"]), (&json!("test"), &json!(1)));
    assert_eq!(kept["held"], kept["here"]);

    stall.add("/later").await;
    let look = stall.ask("backup_look", json!({ "path": path, "passphrase": PASSWORD })).await;
    let counts = &look["environments"][0];
    assert_eq!((&counts["held"]["endpoints"], &counts["here"]["endpoints"]), (&json!(1), &json!(2)));
    let restore = |word: &str| json!({ "path": path, "passphrase": PASSWORD, "word": word });
    assert_eq!(stall.refused("backup_restore", restore("yes")).await.code, ErrorCode::InvalidRequest);
    let waits = stall.ask("backup_restore", restore("restore")).await;
    assert_eq!(waits["waiting"]["environments"][0]["held"]["payments"], 1);
    let endpoints = stall.ask("endpoint_list", json!(null)).await;
    assert_eq!(endpoints["items"].as_array().unwrap().len(), 2, "nothing changes before the next start");
    stall.ask("backup_forget", json!(null)).await;
    let stall = stall.restart().await;
    assert_eq!(stall.ask("endpoint_list", json!(null)).await["items"].as_array().unwrap().len(), 2);

    stall.ask("backup_restore", restore("restore")).await;
    let stall = stall.restart_after(async |app| {
        let state = app.dispatch("backup_show", json!(null)).await.unwrap();
        assert_ne!(state["waiting"], Value::Null, "a command that only looks leaves it waiting");
    });
    let stall = stall.await;
    let after = stall.ask("payment_list", json!({})).await;
    for name in ["id", "state", "amount", "endpointId", "validBefore"] {
        assert_eq!(after["items"][0][name], before["items"][0][name], "{name}");
    }
    assert_eq!(stall.ask("endpoint_list", json!(null)).await["items"].as_array().unwrap().len(), 1);
    let settings = stall.ask("settings_get", json!(null)).await.to_string();
    assert!(settings.contains("Ada's books"));
    // T63: what was signed before may have bought something that this data knows nothing of.
    assert!(stall.app.store().restored_at().await.unwrap().is_some());
    assert_eq!(stall.ask("backup_show", json!(null)).await["waiting"], Value::Null);
    stall.app.stop().await;
}

/// I12: a backup opens only with its passphrase, and that is written nowhere but where the seller planned it.
#[tokio::test]
async fn only_the_passphrase_opens_a_backup_and_nothing_is_replaced_unasked() {
    let stall = Stall::open().await;
    let (path, _) = make(&stall, "ada.backup").await;
    let wrong =
        stall.refused("backup_look", json!({ "path": path, "passphrase": "not the passphrase" })).await;
    assert_eq!(wrong.message, "That is not the passphrase of this backup.");
    let before = fs::read(&path).unwrap();
    let again = json!({ "path": path, "passphrase": PASSWORD });
    let refused = stall.refused("backup_make", again.clone()).await;
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(fs::read(&path).unwrap(), before);
    let kept = stall.app.data_dir().join("kept.json");
    fs::write(&kept, "a key").unwrap();
    let over = json!({ "path": kept, "passphrase": PASSWORD, "replace": true });
    assert_eq!(stall.refused("backup_make", over).await.code, ErrorCode::InvalidRequest);
    assert_eq!(fs::read(&kept).unwrap(), b"a key", "what the stall needs was written over");
    for short in [json!({ "path": path }), json!({ "path": path, "passphrase": "short" })] {
        assert_eq!(stall.refused("backup_make", short).await.code, ErrorCode::InvalidRequest);
    }
    for (name, bytes) in
        [("novel.txt", b"once upon a time".as_slice()), ("cut.backup", &before[..before.len() / 2])]
    {
        let other = stall.outside(name);
        fs::write(&other, bytes).unwrap();
        let other = json!({ "path": other, "passphrase": PASSWORD, "word": "restore" });
        assert_eq!(stall.refused("backup_restore", other).await.code, ErrorCode::File, "{name}");
    }
    assert!(!before.windows(PASSWORD.len()).any(|bytes| bytes == PASSWORD.as_bytes()));
    stall.app.stop().await;
}

#[tokio::test]
async fn planned_backups_are_made_at_their_time_and_what_goes_wrong_is_told() {
    let stall = Stall::open().await;
    let folder = stall.outside("backups");
    let plan = json!({ "every": "day", "folder": folder, "keep": 1, "passphrase": PASSWORD });
    assert_eq!(stall.refused("backup_plan", plan.clone()).await.code, ErrorCode::File);
    fs::create_dir(&folder).unwrap();
    stall.ask("backup_plan", plan).await;
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&folder).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.retain(|name| name.ends_with(".backup"));
        names
    };
    stall.until("backup_show", |state| state["madeAt"] != Value::Null).await;
    let first = names();
    assert_eq!(first.len(), 1);
    stall.clock.advance(TimeDelta::days(1));
    stall.until("backup_show", |_| names().len() == 1 && names() != first).await;

    fs::remove_dir_all(&folder).unwrap();
    let mut events = stall.app.events();
    stall.clock.advance(TimeDelta::days(1));
    let told = async { while !events.next().await.unwrap().stale.contains(&Stale::Settings) {} };
    timeout(Duration::from_secs(60), told).await.expect("whoever shows it hears of it");
    stall.until("backup_show", |state| state["problem"] != Value::Null).await;
    let attention = stall.ask("attention_list", json!(null)).await;
    let told = attention["items"].as_array().unwrap().iter().any(|item| item["kind"] == "backup");
    assert!(told, "{attention}");
    let off = stall.ask("backup_plan", json!({})).await;
    assert_eq!((&off["every"], &off["problem"]), (&Value::Null, &Value::Null));
    stall.app.stop().await;
}

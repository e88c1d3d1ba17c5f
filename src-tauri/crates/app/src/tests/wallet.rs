use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::fixture::Stall;
use crate::ErrorCode;

/// A key that nobody uses for anything else.
const DIGITS: &str = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const ADDRESS: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const PASSPHRASE: &str = "correct horse battery";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn state(stall: &Stall) -> Value {
    stall.ask("wallet_show", Value::Null).await["state"].take()
}

async fn imported(stall: &Stall) -> Value {
    let file = stall.file("key", DIGITS);
    let import = json!({ "file": text(&file), "keepIn": "file", "passphrase": PASSPHRASE });
    stall.ask("wallet_import", import).await
}

#[tokio::test]
async fn a_made_key_stays_in_an_encrypted_file_and_starts_locked() {
    let stall = Stall::open().await;
    assert_eq!(state(&stall).await, "none");
    let short = json!({ "keepIn": "file", "passphrase": "short" });
    assert_eq!(stall.refused("wallet_create", short).await.code, ErrorCode::InvalidRequest);
    let create = json!({ "keepIn": "file", "passphrase": PASSPHRASE });
    let made = stall.ask("wallet_create", create.clone()).await;
    assert_eq!((&made["state"], &made["keptIn"]), (&json!("unlocked"), &json!("file")));
    assert_eq!(made["needsPassphrase"], true);
    assert_eq!(stall.refused("wallet_create", create).await.code, ErrorCode::Conflict);

    let stall = stall.restart().await;
    let found = stall.ask("wallet_show", Value::Null).await;
    assert_eq!((&found["state"], &found["address"]), (&json!("locked"), &made["address"]));
    assert_eq!(stall.refused("settle", json!({})).await.code, ErrorCode::Locked);
    let guess = json!({ "passphrase": "incorrect horse" });
    assert_eq!(stall.refused("wallet_unlock", guess).await.code, ErrorCode::InvalidRequest);
    let unlocked = stall.ask("wallet_unlock", json!({ "passphrase": PASSPHRASE })).await;
    assert_eq!(unlocked["state"], "unlocked");
    stall.app.stop().await;
}

/// T55: a key that is replaced is put aside, because it may still hold something.
#[tokio::test]
async fn an_imported_key_takes_the_place_of_another_and_nothing_is_deleted() {
    let stall = Stall::open().await;
    let first = stall.ask("wallet_create", json!({ "passphrase": PASSPHRASE })).await;
    let file = stall.file("key", DIGITS);
    let import = json!({ "file": text(&file), "passphrase": PASSPHRASE, "replace": true });
    assert_eq!(stall.ask("wallet_import", import).await["address"], ADDRESS);
    let folder = stall.app.data_dir().join("test");
    let aside = folder.join(format!("gas-key-{}.json", first["address"].as_str().unwrap()));
    assert!(aside.is_file(), "the first key is gone");
    assert!(folder.join("gas-key.json").is_file());
    let nothing = stall.file("nothing", "twelve words");
    let import = json!({ "file": text(&nothing), "passphrase": PASSPHRASE, "replace": true });
    assert_eq!(stall.refused("wallet_import", import).await.code, ErrorCode::File);
    assert_eq!(stall.ask("wallet_show", Value::Null).await["address"], ADDRESS);
    stall.app.stop().await;
}

/// A disk that is full, say: a new key takes the place of the old one when it is whole, and not before.
#[tokio::test]
async fn a_key_that_cannot_be_kept_leaves_the_old_one_where_it_was() {
    let stall = Stall::open().await;
    let first = stall.ask("wallet_create", json!({ "passphrase": PASSPHRASE })).await;
    let folder = stall.app.data_dir().join("test");
    std::fs::create_dir(folder.join("gas-key.next.json")).unwrap();
    let another = json!({ "passphrase": PASSPHRASE, "replace": true });
    assert_eq!(stall.refused("wallet_create", another.clone()).await.code, ErrorCode::File);
    let stall = stall.restart().await;
    let found = stall.ask("wallet_show", Value::Null).await;
    assert_eq!((&found["state"], &found["address"]), (&json!("locked"), &first["address"]));
    std::fs::remove_dir(folder.join("gas-key.next.json")).unwrap();
    // What a crash left half written is no hindrance.
    std::fs::write(folder.join("gas-key.next.json"), "{").unwrap();
    let second = stall.ask("wallet_create", another).await;
    assert_ne!(second["address"], first["address"]);
    stall.app.stop().await;
}

/// I12, T84: the key goes to the file that was named, behind a typed word, and into no answer.
#[tokio::test]
async fn a_key_is_saved_behind_a_typed_word_and_shown_in_no_answer() {
    let stall = Stall::open().await;
    let shown = imported(&stall).await;
    assert_eq!(shown["exportWord"], "dc79C8");
    let [sealed, bare] = ["sealed.json", "bare"].map(|name| stall.file("x", "").with_file_name(name));
    let request = |file: &Path, word: &str, more: Value| {
        let mut request = json!({ "file": text(file), "word": word });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    for refused in [
        request(&sealed, "", json!({ "passphrase": PASSPHRASE })),
        request(&sealed, "EXPORT", json!({ "passphrase": PASSPHRASE })),
        request(&sealed, "dc79C8", json!({})),
        request(&sealed, "dc79C8", json!({ "passphrase": PASSPHRASE, "bare": true })),
        request(Path::new("relative"), "dc79C8", json!({ "bare": true })),
    ] {
        assert_eq!(stall.refused("wallet_export", refused).await.code, ErrorCode::InvalidRequest);
    }
    assert!(!sealed.exists());
    let first =
        stall.ask("wallet_export", request(&sealed, "dc79c8", json!({ "passphrase": PASSPHRASE }))).await;
    let second = stall.ask("wallet_export", request(&bare, "DC79C8", json!({ "bare": true }))).await;
    assert_eq!((&first["encrypted"], &second["encrypted"]), (&json!(true), &json!(false)));
    assert_eq!(std::fs::read_to_string(&bare).unwrap().trim(), DIGITS);
    let again = request(&bare, "dc79C8", json!({ "bare": true }));
    assert_eq!(stall.refused("wallet_export", again).await.code, ErrorCode::Conflict);
    #[cfg(unix)]
    for file in [&sealed, &bare] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    for answer in [shown, first, second, stall.ask("status", Value::Null).await] {
        assert!(!answer.to_string().contains(&DIGITS[..16]), "{answer}");
    }
    stall.ask("wallet_lock", json!({})).await;
    let locked = request(&bare.with_file_name("other"), "dc79C8", json!({ "bare": true }));
    assert_eq!(stall.refused("wallet_export", locked).await.code, ErrorCode::Locked);
    stall.app.stop().await;
}

#[tokio::test]
async fn an_idle_wallet_locks_itself_and_the_choice_outlives_a_restart() {
    let stall = Stall::open().await;
    imported(&stall).await;
    let shown = stall.ask("wallet_lock", json!({ "afterMinutes": 30 })).await;
    let start = domain::Clock::now(&*stall.clock);
    let minutes = |minutes| json!((start + TimeDelta::minutes(minutes)).timestamp_millis());
    assert_eq!((&shown["lockAfterMinutes"], &shown["locksAt"]), (&json!(30), &minutes(30)));
    stall.clock.advance(TimeDelta::minutes(29));
    sleep(Duration::from_millis(1_200)).await;
    assert_eq!(state(&stall).await, "unlocked");
    stall.clock.advance(TimeDelta::minutes(1));
    let locks = async { while state(&stall).await != "locked" {} };
    timeout(Duration::from_secs(10), locks).await.unwrap();
    stall.ask("wallet_unlock", json!({ "passphrase": PASSPHRASE })).await;
    assert_eq!(stall.ask("wallet_show", Value::Null).await["locksAt"], minutes(60));

    let stall = stall.restart().await;
    assert_eq!(stall.ask("wallet_show", Value::Null).await["lockAfterMinutes"], 30);
    let never = stall.ask("wallet_lock", json!({ "afterMinutes": 0 })).await;
    assert_eq!((&never["lockAfterMinutes"], &never["locksAt"]), (&Value::Null, &Value::Null));
    stall.app.stop().await;
}

/// I6: while nothing can be signed, what waits is called out with the time until which it can.
#[tokio::test]
async fn a_locked_wallet_calls_for_attention_as_soon_as_something_waits_for_it() {
    let mut stall = Stall::open().await;
    stall.network().await;
    imported(&stall).await;
    stall.ask("wallet_lock", json!({})).await;
    let locked = async |stall: &Stall| {
        let items = stall.ask("attention_list", Value::Null).await["items"].take();
        let items = items.as_array().unwrap().clone();
        items.into_iter().find(|item| item["reason"] == "wallet_locked")
    };
    assert_eq!(locked(&stall).await, None);
    let guide = stall.add("/guide").await;
    stall.sell(&guide).await;
    let item = locked(&stall).await.unwrap();
    assert_eq!((&item["action"], &item["payments"]), (&json!("unlock_wallet"), &json!(1)));
    assert!(item["sentence"].as_str().unwrap().contains("Unlock it before 2027-01-"), "{item}");
    assert_eq!(stall.ask("status", Value::Null).await["gasWallet"]["locked"], true);
    stall.ask("wallet_unlock", json!({ "passphrase": PASSPHRASE })).await;
    assert_eq!(locked(&stall).await, None);
    stall.app.stop().await;
}

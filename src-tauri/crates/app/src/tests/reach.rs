use serde_json::{Value, json};

use super::fixture::Stall;

const URL: &str = "https://stall.example";
const TOKEN: &str = "eyJhIjoiMSIsInQiOiJhIHNlY3JldCJ9";

async fn shown(stall: &Stall) -> Value {
    stall.ask("reach_show", Value::Null).await
}

#[tokio::test]
async fn nobody_outside_reaches_a_stall_before_its_seller_says_so() {
    let stall = Stall::open().await;
    let reach = shown(&stall).await;
    assert_eq!((&reach["state"], &reach["way"]["kind"]), (&json!("off"), &json!("this_computer")));
    assert_eq!((&reach["url"], &reach["check"]), (&Value::Null, &Value::Null));
    let ways = reach["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 7);
    for way in ways {
        for told in ["title", "purpose", "whoReads", "onRestart"] {
            assert!(way[told].as_str().is_some_and(|text| text.len() > 4), "{told}: {way}");
        }
    }
    assert_eq!(stall.refused("reach_check", Value::Null).await.code, crate::ErrorCode::Conflict);
    stall.app.stop().await;
}

#[tokio::test]
async fn an_address_of_the_sellers_is_a_way_that_lasts() {
    let stall = Stall::open().await;
    let local = stall.ask("status", Value::Null).await["url"].take();
    stall.ask("settings_set", json!({ "key": "public-url", "value": URL })).await;
    let reach = shown(&stall).await;
    assert_eq!((&reach["way"]["kind"], &reach["url"]), (&json!("own_url"), &json!(URL)));
    let stall = stall.restart().await;
    assert_eq!(stall.ask("status", Value::Null).await["url"], URL, "quotes hold it from the first moment");
    assert_eq!(shown(&stall).await["address"], URL);
    let other =
        stall.ask("reach_set", json!({ "kind": "own_url", "address": "https://other.example/" })).await;
    assert_eq!(other["url"], "https://other.example");
    let settings = stall.ask("settings_get", Value::Null).await;
    let items = settings["items"].as_array().unwrap();
    let public = items.iter().find(|item| item["key"] == "public-url").unwrap();
    assert_eq!(public["value"], "https://other.example", "it is the same choice");
    assert_eq!(stall.ask("reach_off", Value::Null).await["state"], "off");
    assert_ne!(stall.ask("status", Value::Null).await["url"], URL);
    assert!(local.as_str().unwrap().starts_with("http://127.0.0.1:"));
    let again = stall.ask("reach_set", json!({ "kind": "own_url" })).await;
    assert_eq!(again["url"], "https://other.example", "it is remembered");
    stall.app.stop().await;
}

#[tokio::test]
async fn what_a_way_cannot_use_is_refused_and_changes_nothing() {
    let stall = Stall::open().await;
    for wrong in [
        json!({ "kind": "bore" }),
        json!({ "kind": "own_url" }),
        json!({ "kind": "own_url", "address": "stall.example" }),
        json!({ "kind": "cloudflare_named", "token": TOKEN }),
        json!({ "kind": "cloudflare_named", "address": "http://stall.example" }),
        json!({ "kind": "cloudflare_quick", "address": URL }),
        json!({ "kind": "cloudflare_quick", "token": TOKEN }),
        json!({ "kind": "this_network", "name": "two words" }),
        json!({ "kind": "this_network", "program": "/bin/true" }),
        json!({ "kind": "ngrok", "token": TOKEN, "tokenFile": "/x" }),
        json!({ "kind": "ngrok", "tokenFile": "x" }),
    ] {
        let error = stall.refused("reach_set", wrong.clone()).await;
        assert_eq!(error.code, crate::ErrorCode::InvalidRequest, "{wrong}: {error}");
    }
    assert_eq!(shown(&stall).await["way"]["kind"], "this_computer");
    stall.app.stop().await;
}

// I12: outside practice a tunnel's token lies behind its passphrase and is asked for.
#[tokio::test]
async fn a_token_is_kept_behind_its_passphrase_until_it_is_unlocked_or_forgotten() {
    let stall = Stall::open().await;
    let program = stall.file("cloudflared", "#!/bin/sh\nexit 1\n");
    let named = json!({
        "kind": "cloudflare_named", "address": URL, "program": program, "token": TOKEN,
        "passphrase": "a passphrase of words",
    });
    let reach = stall.ask("reach_set", named).await;
    assert_eq!((&reach["token"], &reach["state"]), (&json!("kept"), &json!("failing")), "{reach}");
    assert!(!reach.to_string().contains(TOKEN));
    let stall = stall.restart().await;
    let locked = shown(&stall).await;
    assert_eq!(locked["token"], "locked");
    stall.app.outside().unwrap().opened(std::time::Duration::from_secs(20)).await;
    assert!(shown(&stall).await["sentence"].as_str().unwrap().contains("Unlock"), "{locked}");
    let kept = stall.app.data_dir().join("test/tunnel-key-cloudflare_named.json");
    assert!(!std::fs::read_to_string(&kept).unwrap().contains(TOKEN));
    let wrong = stall.refused("reach_unlock", json!({ "passphrase": "another passphrase" })).await;
    assert_eq!(wrong.code, crate::ErrorCode::InvalidRequest);
    let unlocked = stall.ask("reach_unlock", json!({ "passphrase": "a passphrase of words" })).await;
    assert_eq!(unlocked["token"], "kept");
    let forgotten = stall.ask("reach_set", json!({ "kind": "cloudflare_named", "token": "" })).await;
    assert_eq!(forgotten["token"], "none");
    assert!(!kept.exists());
    stall.app.stop().await;
}

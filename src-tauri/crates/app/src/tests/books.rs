use domain::{Amount, Outcome};
use serde_json::{Value, json};
use store::{NewRefund, PaymentRef};

use super::fixture::{PRICE, Stall, evidence};
use crate::ErrorCode;

async fn settled(stall: &mut Stall, path: &str, count: u64) -> Vec<PaymentRef> {
    let offer = stall.add(path).await;
    let mut sold = Vec::new();
    for _ in 0..count {
        sold.push(stall.sell(&offer).await);
    }
    let seqs: Vec<_> = sold.iter().map(|one| one.seq).collect();
    let batch = stall.batch(&seqs).await;
    let outcomes: Vec<_> = seqs.iter().map(|seq| (*seq, Outcome::Settled(evidence(5)))).collect();
    stall.record(batch, &outcomes).await;
    sold
}

async fn refund(stall: &Stall, payment: &PaymentRef, atomic: u64) {
    let new = NewRefund {
        payment: payment.id,
        sender: alloy_primitives::Address::repeat_byte(0x55),
        amount: Amount::from_atomic(atomic).unwrap(),
        evidence: evidence(9),
        log_index: 1,
        note: Some("=HYPERLINK(\"x\")".to_owned()),
        at: domain::Clock::now(&*stall.clock),
    };
    stall.app.store().record_refund(new).await.unwrap();
}

#[tokio::test]
async fn the_books_tell_gross_refunds_and_net_by_day_endpoint_payer_and_network() {
    let mut stall = Stall::open().await;
    let sold = settled(&mut stall, "/guide", 3).await;
    settled(&mut stall, "/song", 1).await;
    refund(&stall, &sold[0], 20_000).await;
    let day = domain::Clock::now(&*stall.clock).date_naive().to_string();
    for (by, keys) in [
        ("day", vec![day.as_str()]),
        ("endpoint", vec!["/guide", "/song"]),
        ("network", vec!["eip155:84532"]),
    ] {
        let report = stall.ask("report", json!({ "by": by })).await;
        let items = report["items"].as_array().unwrap();
        assert_eq!(items.iter().map(|item| item["key"].as_str().unwrap()).collect::<Vec<_>>(), keys);
        assert_eq!((&report["test"], &report["to"]), (&json!(true), &json!(day)));
    }
    let payers = stall.ask("report", json!({ "by": "payer" })).await;
    assert_eq!(payers["items"].as_array().unwrap().len(), 4);
    let total = payers["totals"][0].clone();
    assert_eq!((&total["payments"], &total["gross"]["formatted"]), (&json!(4), &json!("0.20")));
    assert_eq!((&total["refunds"], &total["refunded"]["formatted"]), (&json!(1), &json!("0.02")));
    assert_eq!(total["net"]["formatted"], "0.18");
    let empty = stall.ask("report", json!({ "from": "2020-01-01", "to": "2020-01-31" })).await;
    assert_eq!(empty["items"], json!([]));
    for wrong in [
        json!({ "by": "weather" }),
        json!({ "from": "yesterday" }),
        json!({ "from": "2026-02-01", "to": "2026-01-01" }),
        json!({ "from": "1990-01-01" }),
    ] {
        assert_eq!(stall.refused("report", wrong).await.code, ErrorCode::InvalidRequest);
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn a_refund_is_prepared_for_the_buyer_alone_and_never_exceeds_what_came() {
    let mut stall = Stall::open().await;
    let sold = settled(&mut stall, "/guide", 1).await.remove(0);
    let id = sold.id.to_string();
    let plan = stall.ask("refund_prepare", json!({ "payment": id })).await;
    let payment = stall.app.store().payment(sold.id).await.unwrap().unwrap();
    assert_eq!((&plan["formatted"], &plan["to"]), (&json!("0.05"), &json!(payment.payer.to_string())));
    let link = format!(
        "ethereum:{}@84532/transfer?address={}&uint256={PRICE}",
        payment.asset.address, payment.payer
    );
    assert_eq!(plan["link"], json!(link));
    refund(&stall, &sold, 20_000).await;
    assert_eq!(stall.ask("refund_prepare", json!({ "payment": id })).await["formatted"], "0.03");
    let too_much = json!({ "payment": id, "amount": "0.04" });
    assert_eq!(stall.refused("refund_prepare", too_much).await.code, ErrorCode::Conflict);
    let listed = stall.ask("refund_list", json!({ "payment": id })).await;
    assert_eq!(listed["items"][0]["formatted"], "0.02");
    let unseen = json!({ "payment": id, "transaction": format!("0x{}", "77".repeat(32)) });
    assert_eq!(stall.refused("refund_record", unseen).await.code, ErrorCode::Unavailable);
    let guide = stall.add("/other").await;
    let queued = stall.sell(&guide).await;
    let early = json!({ "payment": queued.id.to_string() });
    assert_eq!(stall.refused("refund_prepare", early).await.code, ErrorCode::Conflict);
    stall.app.stop().await;
}

/// T83, and play money says so in every row.
#[tokio::test]
async fn exports_hold_what_was_asked_for_and_no_formula() {
    let mut stall = Stall::open().await;
    let sold = settled(&mut stall, "/guide", 3).await;
    settled(&mut stall, "/song", 1).await;
    refund(&stall, &sold[0], 20_000).await;
    let folder = stall.file("here", "");
    let path = |name: &str| folder.with_file_name(name).to_string_lossy().into_owned();
    for (what, rows) in [("payments", 4), ("batches", 2), ("costs", 0), ("refunds", 1)] {
        let (csv, json_path) = (path(&format!("{what}.csv")), path(&format!("{what}.json")));
        let written = stall.ask("export", json!({ "what": what, "path": csv })).await;
        assert_eq!(written["rows"], rows, "{what}");
        let text = std::fs::read_to_string(&csv).unwrap();
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines.len() as u64, rows + 2, "a line of names, and the end of the last line");
        assert!(lines[1..=usize::try_from(rows).unwrap()].iter().all(|line| line.starts_with("TEST,test,")));
        stall.ask("export", json!({ "what": what, "path": json_path, "format": "json" })).await;
        let parsed: Value = serde_json::from_str(&std::fs::read_to_string(&json_path).unwrap()).unwrap();
        assert_eq!(parsed.as_array().unwrap().len() as u64, rows, "{what}");
    }
    let refunds = std::fs::read_to_string(path("refunds.csv")).unwrap();
    assert!(refunds.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{refunds}");

    let only = json!({ "states": ["settled"], "endpoint": "/song" });
    let again = json!({ "what": "payments", "path": path("payments.csv"), "filter": only });
    assert_eq!(stall.refused("export", again.clone()).await.code, ErrorCode::Conflict, "it is there already");
    let mut replaced = again;
    replaced["replace"] = json!(true);
    assert_eq!(stall.ask("export", replaced).await["rows"], 1);
    let long_ago = json!({ "what": "payments", "path": path("old.csv"), "filter": { "to": "2020-01-01" } });
    assert_eq!(stall.ask("export", long_ago).await["rows"], 0);
    let named = sold[1].id.to_string();
    let one = json!({ "what": "payments", "path": path("one.csv"), "filter": { "payments": [named] } });
    assert_eq!(stall.ask("export", one).await["rows"], 1);
    for wrong in [
        json!({ "what": "secrets", "path": path("s.csv") }),
        json!({ "what": "payments", "path": "payments.csv" }),
        json!({ "what": "payments", "path": path("data/test/stall.sqlite"), "replace": true }),
        json!({ "what": "payments", "path": path("p.xml"), "format": "xml" }),
        json!({ "what": "batches", "path": path("b.csv"), "filter": { "states": ["settled"] } }),
        json!({ "what": "payments", "path": path("n.csv"), "filter": { "payments": [named], "from": "2020-01-01" } }),
        json!({ "what": "payments", "path": path("n.csv"), "filter": { "payments": [named], "states": ["settled"] } }),
    ] {
        assert_eq!(stall.refused("export", wrong.clone()).await.code, ErrorCode::InvalidRequest, "{wrong}");
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn an_export_that_is_broken_off_leaves_nothing_and_can_be_made_again() {
    let mut stall = Stall::open().await;
    settled(&mut stall, "/guide", 3).await;
    let path = stall.file("here", "").with_file_name("p.csv");
    let partial = path.with_file_name("p.csv.partial");
    let name = json!({ "path": path.to_str().unwrap() });
    let request = json!({ "what": "payments", "path": path.to_str().unwrap() });
    let progress = async || stall.ask("export_progress", name.clone()).await;
    let begun = async || {
        while progress().await["running"] == false {
            tokio::task::yield_now().await;
        }
    };
    assert_eq!(progress().await, json!({ "running": false, "rows": 0 }));

    // It goes on only while it is looked at, so it stands still while the others ask.
    let mut export = Box::pin(stall.refused("export", request.clone()));
    tokio::select! {
        biased;
        () = begun() => {}
        refused = &mut export => panic!("{refused}"),
    }
    let twice = stall.refused("export", request.clone()).await;
    assert!(twice.message.contains("is being written already"), "{twice}");
    stall.ask("export_cancel", name.clone()).await;
    let refused = export.await;
    assert!(refused.message.contains("broken off"), "{refused}");
    assert!(!path.exists() && !partial.exists());

    // Whoever asked went away.
    let left = async {
        while !partial.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = left => {}
        answer = stall.ask("export", request.clone()) => panic!("{answer}"),
    }
    assert!(!path.exists() && !partial.exists());
    assert_eq!(progress().await["running"], false);
    assert_eq!(stall.ask("export", request).await["rows"], 3);
    stall.app.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_doctor_finds_what_is_wrong() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut stall = Stall::open().await;
    let state = |view: &Value, check: &str| {
        let items = view["items"].as_array().unwrap();
        items.iter().find(|item| item["check"] == check).map(|item| item["state"].clone())
    };
    let well = stall.ask("doctor", Value::Null).await;
    for check in ["data_file", "file_modes", "queue"] {
        assert_eq!(state(&well, check), Some(json!("well")), "{check}");
    }
    stall.network().await;
    let guide = stall.add("/guide").await;
    stall.sell(&guide).await;
    stall.clock.advance(chrono::TimeDelta::days(4));
    let key = stall.app.data_dir().join("test").join("gas-key.json");
    std::fs::write(&key, "{}").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ill = stall.ask("doctor", Value::Null).await;
    assert_eq!(ill["healthy"], false);
    for check in ["file_modes", "queue", "node"] {
        assert_eq!(state(&ill, check), Some(json!("wrong")), "{check}");
    }
    stall.app.stop().await;
}

#[tokio::test]
async fn the_price_of_a_coin_is_a_setting_of_networks_that_are_set_up() {
    let stall = Stall::open().await;
    let price = json!({ "key": "coin-price-ETH", "value": "3150.20" });
    assert_eq!(stall.refused("settings_set", price.clone()).await.code, ErrorCode::NotFound);
    stall.network().await;
    let settings = stall.ask("settings_set", price).await;
    assert_eq!(settings["items"][0]["value"], "3150.20");
    let wrong = json!({ "key": "coin-price-ETH", "value": "much" });
    assert_eq!(stall.refused("settings_set", wrong).await.code, ErrorCode::InvalidRequest);
    stall.app.stop().await;
}

/// I11: what limits spending is never taken for something else.
#[tokio::test]
async fn the_gas_money_of_a_day_is_limited_by_a_setting_of_its_network() {
    let stall = Stall::open().await;
    let limit = |value: &str| json!({ "key": "gas-a-day-eip155:84532", "value": value });
    let refused = stall.refused("settings_set", limit("0.01")).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
    assert!(refused.message.contains("Base Sepolia is not set up here"), "{refused}");
    stall.network().await;
    let settings = stall.ask("settings_set", limit(" 0.01 ")).await;
    let kept = |settings: &Value| {
        let items = settings["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["key"] == "gas-a-day-eip155:84532").unwrap()["value"].clone()
    };
    assert_eq!(kept(&settings), "0.01");
    for wrong in ["much", "0", "-1", "1e3", "0.0000000000000000001", "0x10"] {
        assert_eq!(
            stall.refused("settings_set", limit(wrong)).await.code,
            ErrorCode::InvalidRequest,
            "{wrong}"
        );
    }
    assert_eq!(kept(&stall.ask("settings_get", Value::Null).await), "0.01");
    assert_eq!(kept(&stall.ask("settings_set", limit("")).await), Value::Null);
    stall.app.stop().await;
}

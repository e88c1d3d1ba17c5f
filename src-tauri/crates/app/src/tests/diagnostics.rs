//! Diagnostics: what somebody who helps may see.

use std::fs;

use domain::NetworkId;
use serde_json::json;
use store::NetworkRow;

use super::fixture::Stall;
use crate::ErrorCode;

/// T85, acceptance statement 29: whatever is private is found nowhere in them, though it lies all around.
#[tokio::test]
async fn diagnostics_hold_what_helps_and_nothing_that_is_private() {
    let stall = Stall::open().await;
    let planted = [
        "Kd8sQ2vN",
        "node.example",
        "correct horse",
        "ada@example.org",
        "Ada's books",
        "70997970C51812dc",
        "203.0.113.9",
        "eyJhbGci",
        "1bc0ffee1bc0ffee",
    ];
    let row = NetworkRow {
        rpc_urls: vec!["https://node.example/v2/Kd8sQ2vN".to_owned()],
        pay_to: Some("0x70997970C51812dc3A010C7d01b50e0d17dc79C8".parse().unwrap()),
        ..NetworkRow::new(NetworkId::BASE_SEPOLIA)
    };
    stall.app.store().set_network(row, stall.app.clock().now()).await.unwrap();
    for (key, value) in [("stall-contact", "ada@example.org"), ("stall-name", "Ada's books")] {
        stall.ask("settings_set", json!({ "key": key, "value": value })).await;
    }
    let folder = stall.outside("backups");
    fs::create_dir(&folder).unwrap();
    let plan = json!({ "every": "day", "folder": folder, "passphrase": "correct horse battery" });
    stall.ask("backup_plan", plan).await;
    // Worse than anything that is ever written.
    let private = "payer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 at 203.0.113.9 with eyJhbGciOiJFUzI1NiJ9eyJz1 \
        signed 0x1bc0ffee1bc0ffee1bc0ffee by https://node.example/v2/Kd8sQ2vN";
    let day = stall.app.clock().now().date_naive();
    for (folder, name, text) in [
        (
            "logs",
            format!("stallkeeper-{day}.jsonl"),
            format!("{{\"level\":\"WARN\",\"message\":\"{private}\"}}\n"),
        ),
        ("crash-reports", "crash-7.txt".to_owned(), format!("in till: it is odd\n{private}")),
    ] {
        let folder = stall.data_dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    let shown = stall.ask("diagnostics_show", json!(null)).await;
    let text = shown["text"].as_str().unwrap();
    assert!(text.starts_with("Stallkeeper ") && text.contains("well data_file: "), "{text}");
    let path = stall.outside("diagnostics.zip");
    let saved = stall.ask("diagnostics_save", json!({ "path": path })).await;
    let names: Vec<_> =
        saved["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    let all =
        ["about.json", "settings.json", "check-up.json", "figures.json", "log.jsonl", "failures/crash-7.txt"];
    assert_eq!(names, all);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(saved["bytes"], bytes.len());
    // Nothing in it is compressed, so it can be read as it is.
    let zip = String::from_utf8_lossy(&bytes).into_owned();
    for part in [
        "PK\u{3}\u{4}",
        "in till: it is odd",
        "\"schema\": ",
        "\"stall-name\": \"chosen\"",
        "\"offers\": 0",
        "WARN",
    ] {
        assert!(zip.contains(part), "{part}");
    }
    for secret in planted {
        assert!(!zip.contains(secret) && !text.contains(secret), "{secret}");
    }
    let again = stall.refused("diagnostics_save", json!({ "path": path })).await;
    assert_eq!(again.code, ErrorCode::Conflict);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    // I12: nothing that the stall needs is written over, and nothing through a link.
    let key = stall.data_dir().join("test/receipt-key.hex");
    let kept = fs::read(&key).unwrap();
    let over = stall.refused("diagnostics_save", json!({ "path": key, "replace": true })).await;
    assert_eq!((over.code, fs::read(&key).unwrap()), (ErrorCode::InvalidRequest, kept.clone()));
    #[cfg(unix)]
    std::os::unix::fs::symlink(&key, stall.outside("diagnostics.zip.part")).unwrap();
    stall.ask("diagnostics_save", json!({ "path": path, "replace": true })).await;
    assert_eq!(fs::read(&key).unwrap(), kept);
    stall.app.stop().await;
}

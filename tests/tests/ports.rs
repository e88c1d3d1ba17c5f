//! Nothing of a stall is open to pages and programs but what it sells (T76, T77).

use std::collections::HashSet;

use integration::{Environment, Stall, exchange};

/// The ports on which a process waits for connections, with the addresses as the system writes them.
fn listens_on(pid: u32) -> Vec<(String, u16)> {
    let sockets: HashSet<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .flatten()
        .filter_map(|open| std::fs::read_link(open.path()).ok()?.to_str().map(str::to_owned))
        .filter_map(|link| Some(link.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect();
    let mut found = Vec::new();
    for table in ["tcp", "tcp6"] {
        let table = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap();
        for line in table.lines().skip(1) {
            let words: Vec<_> = line.split_whitespace().collect();
            if words[3] == "0A" && sockets.contains(words[9]) {
                let (address, port) = words[1].rsplit_once(':').unwrap();
                found.push((address.to_owned(), u16::from_str_radix(port, 16).unwrap()));
            }
        }
    }
    found
}

/// T76: a page of somebody's, or a name that leads here, finds the goods and no switch to turn.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_stall_has_one_door_and_strangers_pages_find_no_other() {
    let mut stall = Stall::closed(Environment::Test);
    stall.open().await;
    let there = stall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let port: u16 = there.rsplit_once(':').unwrap().1.parse().unwrap();
    assert_eq!(
        listens_on(stall.pid()),
        [("0100007F".to_owned(), port)],
        "loopback, and the stall's own port"
    );

    let ask = async |line: &str, headers: &str, body: &str| {
        let length = body.len();
        let head =
            format!("{line} HTTP/1.1\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n");
        exchange(stall.url(), format!("{head}{body}").as_bytes()).await
    };
    let here = format!("host: {there}\r\n");
    for path in ["/", "/.stallkeeper/payments/x", "/call", "/control"] {
        let answer = ask(&format!("GET {path}"), "host: evil.example\r\n", "").await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{path}: {answer}");
    }
    let command = r#"{"name":"stall_set","body":{"selling":false}}"#;
    for path in ["/call", "/control", "/api/v1/stall_set", "/.stallkeeper/control", "/stall_set", "/"] {
        for kind in ["text/plain", "application/json"] {
            let headers = format!("{here}origin: https://evil.example\r\ncontent-type: {kind}\r\n");
            let answer = ask(&format!("POST {path}"), &headers, command).await;
            let refused =
                ["403", "404", "405"].iter().any(|code| answer.starts_with(&format!("HTTP/1.1 {code} ")));
            assert!(refused, "{path}, {kind}: {answer}");
            assert!(!answer.to_lowercase().contains("allow-credentials"), "{answer}");
        }
    }
    assert_eq!(stall.cli(&["status"]).await["selling"], true, "somebody turned the switch");
}

//! `serve` as the system runs it.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// Whoever reads that it is ready may ask it to end at once, and it ends in order all the same.
#[test]
fn a_stall_that_says_it_is_ready_ends_in_order_from_then_on() {
    for _ in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let mut stall = Command::new(env!("CARGO_BIN_EXE_stallkeeper"))
            .args(["serve", "--environment", "test", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path())
            .env_remove("STALLKEEPER_KEYSTORE_PASSWORD_FILE")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(stall.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert!(ready.contains(r#""ready":true"#), "{ready}");
        let asked = Command::new("kill").args(["-TERM", &stall.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert_eq!(stall.wait().unwrap().code(), Some(0));
    }
}

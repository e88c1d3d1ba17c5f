use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::{Instant, timeout_at};

use crate::Stall;

/// A window's way to a running stall: one connection to its control socket.
pub struct Door(BufReader<UnixStream>);

impl Door {
    /// Connects to the running stall.
    pub async fn open(stall: &Stall) -> Self {
        let socket = stall.ready()["control"].as_str().expect("the control socket's path");
        Self(BufReader::new(UnixStream::connect(socket).await.expect("the control socket is open")))
    }

    /// Runs one command, which must work.
    pub async fn ask(&mut self, name: &str, body: Value) -> Value {
        let mut request = json!({ "name": name, "body": body, "environment": null }).to_string();
        request.push('\n');
        self.0.get_mut().write_all(request.as_bytes()).await.expect("the stall listens");
        let mut reply = self.line().await;
        assert!(reply.get("error").is_none(), "{name}: {reply}");
        reply["ok"].take()
    }

    /// From here on the connection tells what went stale.
    pub async fn watch(mut self) -> Self {
        self.ask("watch", Value::Null).await;
        self
    }

    /// Reads events until one names `stale`, and says whether that came within the time.
    pub async fn tells(&mut self, stale: &str, within: Duration) -> bool {
        let end = Instant::now() + within;
        while let Ok(event) = timeout_at(end, self.line()).await {
            if event["stale"].as_array().expect("what went stale").iter().any(|one| one == stale) {
                return true;
            }
        }
        false
    }

    async fn line(&mut self) -> Value {
        let mut line = String::new();
        self.0.read_line(&mut line).await.expect("the stall answers");
        serde_json::from_str(&line).expect("it speaks JSON")
    }
}

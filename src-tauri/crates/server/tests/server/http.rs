use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// One answer, as it stood on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body has the length that the head announced.
    pub(crate) whole: bool,
}

impl Reply {
    /// The one value of a header; none when it is not there.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} stands there twice");
        value
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header that holds base64 of JSON.
    pub(crate) fn decoded(&self, name: &str) -> Value {
        let value = self.header(name).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        serde_json::from_slice(&STANDARD.decode(value).unwrap()).unwrap()
    }

    /// The code in the body of a refusal.
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends a request of its own connection and reads the answer to its end.
pub(crate) async fn send(address: SocketAddr, request: &str) -> Reply {
    let raw = exchange(address, request.as_bytes()).await;
    let head_only = request.starts_with("HEAD ");
    let (reply, rest) = read(&raw, head_only).unwrap_or_else(|| panic!("no answer to {request:?}"));
    assert!(rest.is_empty(), "more than one answer to {request:?}");
    reply
}

/// Sends bytes and reads until the server closes.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has taken everything.
    let _ = stream.write_all(bytes).await;
    let mut raw = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut raw)).await;
    let _ = read.expect("the server neither answers nor closes");
    raw
}

/// A GET of `path` with these header lines, on a connection that ends with the answer.
pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> String {
    request("GET", path, headers)
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{method} {path} HTTP/1.1\r\nHost: stall.test\r\nConnection: close\r\n{lines}\r\n")
}

/// Reads one answer off the front of `raw`.
pub(crate) fn read(raw: &[u8], head_only: bool) -> Option<(Reply, &[u8])> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&raw[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let announced = length.map_or(0, |(_, length)| length.parse().unwrap());
    let expected = if head_only { 0 } else { announced };
    let body = &raw[end..raw.len().min(end + expected)];
    let whole = body.len() == expected;
    Some((Reply { status, headers, body: body.to_vec(), whole }, &raw[end + body.len()..]))
}

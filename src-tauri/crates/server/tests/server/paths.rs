//! One spelling of a path leads to its file, and no way around the price (T27).

use std::collections::HashSet;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::buyer::Version;
use crate::http;
use crate::stall::{GOODS, Stall};

const SECRET: &[u8] = b"only-for-those-who-paid";

/// Other ways to write a path, each of which some server somewhere takes for the same file.
fn spellings(path: &str) -> HashSet<String> {
    let name = path.trim_start_matches('/');
    let mut found = HashSet::new();
    let letters: Vec<String> = name
        .char_indices()
        .flat_map(|(at, c)| {
            let other_case =
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            [format!("%{:02x}", u32::from(c)), format!("%{:02X}", u32::from(c)), other_case.to_string()]
                .map(|written| format!("{}{written}{}", &name[..at], &name[at + c.len_utf8()..]))
        })
        .chain([name.to_owned(), name.to_uppercase(), name.to_lowercase()])
        .collect();
    let befores = [
        "/",
        "//",
        "///",
        "/./",
        "/.//",
        "/../",
        "/x/../",
        "/%2e/",
        "/%2e%2e/",
        "/.%2e/",
        "/%2f",
        "/%5c",
        "/%2F%2F",
        "/\\",
        "\\",
        "/;/",
        "/.;/",
        "/%00/",
        "/ /",
        "/%20",
        "/.stallkeeper/../",
        "/.well-known/../",
        "/x/%2e%2e/",
        "/x\\..\\",
        "/%252f",
        "/%c0%af",
        "/~/",
        "http://stall.example//",
        "http://stall.example/./",
    ];
    let afters = [
        "",
        "/",
        "//",
        "/.",
        "/..",
        "/./",
        "%2f",
        "%2F",
        "%5c",
        "\\",
        ".",
        "..",
        ";",
        ";x=1",
        "%00",
        "%20",
        "%09",
        "%0d%0a",
        ".json",
        ".bak",
        "~",
        "::$DATA",
        "%23",
        "%3f",
        "*",
        ":",
        "/index.html",
        "%2e",
        "$",
        "&",
        "'",
    ];
    for before in befores {
        for letter in &letters {
            for after in afters {
                found.insert(format!("{before}{letter}{after}"));
            }
        }
    }
    found.remove(path);
    found
}

#[tokio::test]
async fn no_other_spelling_of_a_path_yields_a_byte_of_the_file() {
    let stall = Stall::open().await;
    stall.add("/files/Guide-2.pdf", "secret.pdf", SECRET, GOODS).await;
    let spellings: Vec<String> = spellings("/files/Guide-2.pdf").into_iter().collect();
    assert!(spellings.len() >= 10_000, "{}", spellings.len());
    let methods = ["GET", "HEAD", "OPTIONS", "GET", "POST", "TRACE", "get", "GET", "PROPFIND"];
    let mut answered = HashSet::new();
    for chunk in spellings.chunks(64) {
        // Many to a connection, each answer read before the next request: what is refused as no HTTP at
        // all closes it.
        let mut stream = None;
        for (index, path) in chunk.iter().enumerate() {
            let method = methods[index % methods.len()];
            let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
            let (raw, open) = ask(&stall, stream.take(), request.as_bytes()).await;
            stream = open;
            assert!(!contains(&raw, SECRET), "{method} {path} leaked the file");
            let Some((reply, _)) = http::read(&raw, true) else { continue };
            answered.insert(reply.status);
            // A fragment and the absolute form name the same resource and are asked to pay.
            assert!(matches!(reply.status, 204 | 400 | 402 | 404 | 405), "{method} {path}: {}", reply.status);
        }
    }
    assert!(answered.contains(&404) && answered.contains(&405), "{answered:?}");
    assert!(stall.payments().await.is_empty());
}

/// Sends on the connection that is open, or on a fresh one, and reads one answer.
async fn ask(stall: &Stall, stream: Option<TcpStream>, request: &[u8]) -> (Vec<u8>, Option<TcpStream>) {
    let mut stream = match stream {
        Some(stream) => stream,
        None => TcpStream::connect(stall.address).await.unwrap(),
    };
    stream.write_all(request).await.unwrap();
    let mut raw = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        raw.extend_from_slice(&buffer[..read]);
        if read == 0 || contains(&raw, b"connection: close") {
            return (raw, None);
        }
        if let Some((reply, _)) = http::read(&raw, request.starts_with(b"HEAD"))
            && reply.whole
        {
            return (raw, Some(stream));
        }
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn a_payment_at_another_spelling_buys_nothing_and_charges_nothing() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), "/guide").await;
    for path in ["/guide/", "//guide", "/%67uide", "/Guide", "/guide.", "/guide;x"] {
        assert_eq!(stall.pay(path, &signed, Version::Two).await.status, 404, "{path}");
    }
    assert!(stall.payments().await.is_empty());
}

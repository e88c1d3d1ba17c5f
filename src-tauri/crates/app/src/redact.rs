//! Takes out of a text whatever could be a secret, a person or an address, before it is written down for others to
//! read: reports of failures, the log in the data folder, diagnostics (T85).

use serde_json::Value;

/// A run of letters and digits that is this long may be a key, a token or an address.
const SECRET: usize = 20;

/// Takes out whatever could be a secret, a person or an address; the folder of whoever runs this becomes `~`.
pub fn redact(text: &str) -> String {
    let home = std::env::var(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).unwrap_or_default();
    redact_at(text, &home)
}

fn redact_at(text: &str, home: &str) -> String {
    let text = if home.len() > 1 { text.replace(home, "~") } else { text.to_owned() };
    let mut redacted = String::with_capacity(text.len());
    for word in text.split_inclusive(|letter: char| letter.is_whitespace() || "\"'`,;()[]<>".contains(letter))
    {
        let bare =
            word.trim_end_matches(|letter: char| letter.is_whitespace() || "\"'`,;()[]<>".contains(letter));
        let after = word.get(bare.len()..).unwrap_or_default();
        redacted.push_str(&redact_word(bare));
        redacted.push_str(after);
    }
    redacted
}

fn redact_word(word: &str) -> String {
    if let Some((scheme, _)) = word.split_once("://") {
        return format!("{scheme}://…");
    }
    if word.contains('@') || is_network_address(word) {
        return "…".to_owned();
    }
    let mut redacted = String::new();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+/=_-".contains(letter);
    // Paths and names of functions consist of short parts; what is one long part with digits does not speak.
    for run in word.split_inclusive(|letter: char| !is_part(letter) || "/_-".contains(letter)) {
        let bare = run.trim_end_matches(|letter: char| !is_part(letter) || "/_-".contains(letter));
        let hex = bare.strip_prefix("0x").is_some_and(|digits| digits.len() >= 8);
        let long = bare.len() >= SECRET && bare.bytes().any(|byte| byte.is_ascii_digit());
        redacted.push_str(if hex || long { "…" } else { bare });
        redacted.push_str(run.get(bare.len()..).unwrap_or_default());
    }
    redacted
}

/// An address of a computer in either spelling, with or without a port.
fn is_network_address(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':']);
    let host = word.trim_start_matches('[');
    host.parse::<std::net::IpAddr>().is_ok()
        || word.parse::<std::net::SocketAddr>().is_ok()
        || host.split_once('%').is_some_and(|(address, _)| address.parse::<std::net::IpAddr>().is_ok())
}

/// The same in every text of a JSON value; what it is called stays.
pub(crate) fn redact_json(value: &mut Value) {
    match value {
        Value::String(text) => *text = redact(text),
        Value::Array(items) => items.iter_mut().for_each(redact_json),
        Value::Object(fields) => fields.values_mut().for_each(redact_json),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T85.
    #[test]
    fn a_report_names_no_secret_no_person_and_no_address() {
        let secrets = [
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
            "eyJhbGciOiJFUzI1NiJ9eyJzdWIiOiIxIn0",
            "https://user:pass@node.example/v2/Kd8s7",
            "ada@example.org",
            "203.0.113.9",
            "203.0.113.9:443",
            "2001:db8::7",
            "/home/ada/",
        ];
        for secret in secrets {
            let text = redact_at(&format!("nonce of \"{secret}\" (was {secret}), at {secret}."), "/home/ada");
            for part in ["70997970", "ac0974be", "eyJhbGci", "node.example", "ada", "203.0", "db8"] {
                assert!(!text.contains(part), "{text}");
            }
            assert!(text.starts_with("nonce of \"") && text.contains("(was "), "{text}");
        }
        let way =
            "  12: app::engine::Engine::start::{{closure}}\n   at src-tauri/crates/app/src/engine.rs:120:9";
        assert_eq!(redact_at(way, "/home/ada"), way);
    }
}

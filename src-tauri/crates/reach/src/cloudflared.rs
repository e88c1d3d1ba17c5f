//! What is said to `cloudflared`, and what it says.

use std::collections::BTreeSet;
use std::path::Path;

use crate::line::url_on;

/// Where temporary addresses are.
const TEMPORARY: &str = ".trycloudflare.com";

/// More connections than it ever holds.
const MOST_CONNECTIONS: usize = 64;

/// The arguments for an address that Cloudflare gives out. `nothing` is an empty file: without it, the seller's own
/// configuration for other tunnels would be taken.
pub(crate) fn quick(nothing: &Path, target: &str) -> Vec<String> {
    let mut arguments = common(nothing);
    arguments.extend(["--url".to_owned(), target.to_owned()]);
    arguments
}

/// The arguments for a tunnel of an account; its token comes in the environment, where other users do not see it.
pub(crate) fn named(nothing: &Path) -> Vec<String> {
    let mut arguments = common(nothing);
    arguments.push("run".to_owned());
    arguments
}

/// The variable that holds the token.
pub(crate) const TOKEN: &str = "TUNNEL_TOKEN";

fn common(nothing: &Path) -> Vec<String> {
    let nothing = nothing.to_string_lossy();
    ["tunnel", "--no-autoupdate", "--config", &nothing].map(str::to_owned).to_vec()
}

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Cloudflared {
    connections: BTreeSet<u32>,
    url: Option<String>,
}

impl Cloudflared {
    /// Reads a line.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(url) = url_on(line, TEMPORARY) {
            self.url = Some(url.to_owned());
        }
        let Some(connection) = connection(line) else { return };
        if line.contains("Registered tunnel connection") {
            if self.connections.len() < MOST_CONNECTIONS {
                self.connections.insert(connection);
            }
        } else if [
            "Unregistered",
            "Lost connection",
            "Connection terminated",
            "Serve tunnel error",
            "Retrying connection",
        ]
        .iter()
        .any(|sign| line.contains(sign))
        {
            self.connections.remove(&connection);
        }
    }

    /// The address that was given out.
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Whether at least one connection to Cloudflare stands.
    pub(crate) fn is_connected(&self) -> bool {
        !self.connections.is_empty()
    }
}

/// Which connection a line is about.
fn connection(line: &str) -> Option<u32> {
    let (_, rest) = line.split_once("connIndex=")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// What a complaint means, where that is known.
pub(crate) fn trouble(line: &str) -> Option<&'static str> {
    let says = |signs: &[&str]| signs.iter().any(|sign| line.contains(sign));
    if says(&["token is not valid", "Invalid tunnel secret", "Unauthorized"]) {
        Some("Cloudflare does not accept the token. Copy it again from the page of your tunnel.")
    } else if says(&["429", "Too Many Requests"]) {
        Some("Cloudflare gives out no more temporary addresses to you for now.")
    } else if says(&[
        "no such host",
        "network is unreachable",
        "i/o timeout",
        "dial tcp",
        "connection refused",
    ]) {
        Some("Cloudflare cannot be reached from here. Is this computer online?")
    } else {
        None
    }
}

/// Whether a line complains.
pub(crate) fn complains(line: &str) -> bool {
    line.contains(" ERR ") || line.contains(" FTL ") || line.to_ascii_lowercase().starts_with("error")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
2026-11-20T09:56:33Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-11-20T09:56:36Z INF +-----------------------------------------------------------+
2026-11-20T09:56:36Z INF |  Your quick Tunnel has been created! Visit it at:          |
2026-11-20T09:56:36Z INF |  https://plain-honest-words-here.trycloudflare.com         |
2026-11-20T09:56:36Z INF +-----------------------------------------------------------+
2026-11-20T09:56:36Z INF Version 2026.10.0
";

    #[test]
    fn a_temporary_address_counts_once_a_connection_stands() {
        let mut read = Cloudflared::default();
        SAID.lines().for_each(|line| read.read(line));
        assert_eq!(read.url(), Some("https://plain-honest-words-here.trycloudflare.com"));
        assert!(!read.is_connected());
        for connection in 0..4 {
            read.read(&format!(
                "2026 INF Registered tunnel connection connIndex={connection} event=0 ip=198.51.100.1"
            ));
        }
        for connection in 0..3 {
            read.read(&format!("2026 INF Unregistered tunnel connection connIndex={connection}"));
            assert!(read.is_connected());
        }
        read.read("2026 WRN Serve tunnel error error=\"timeout\" connIndex=3 event=0");
        assert!(!read.is_connected());
        read.read("2026 INF Registered tunnel connection connIndex=3 event=0");
        assert!(read.is_connected());
    }

    #[test]
    fn garbage_is_read_without_harm() {
        let mut read = Cloudflared::default();
        for line in ["", "connIndex=", "connIndex=x", "Registered tunnel connection connIndex=99999999999999"]
        {
            read.read(line);
        }
        assert!(!read.is_connected() && read.url().is_none());
        for connection in 0..100_000 {
            read.read(&format!("Registered tunnel connection connIndex={connection}"));
        }
        assert_eq!(read.connections.len(), MOST_CONNECTIONS);
    }

    #[test]
    fn the_token_is_no_argument_and_the_sellers_other_tunnels_stay_out_of_it() {
        let nothing = Path::new("/data/reach/nothing.yml");
        assert_eq!(named(nothing).join(" "), "tunnel --no-autoupdate --config /data/reach/nothing.yml run");
        let quick = quick(nothing, "http://127.0.0.1:4021").join(" ");
        assert_eq!(
            quick,
            "tunnel --no-autoupdate --config /data/reach/nothing.yml --url http://127.0.0.1:4021"
        );
    }

    #[test]
    fn known_complaints_are_put_into_words() {
        for (line, word) in [
            ("ERR Provided Tunnel token is not valid.", "token"),
            ("ERR Register tunnel error error=\"Unauthorized: Invalid tunnel secret\"", "token"),
            ("failed to request quick Tunnel: 429 Too Many Requests", "temporary"),
            ("ERR dial tcp: lookup api.trycloudflare.com: no such host", "online"),
        ] {
            assert!(trouble(line).unwrap().contains(word), "{line}");
        }
        assert_eq!(trouble("INF Starting metrics server"), None);
        assert!(complains("2026 ERR x") && complains("error parsing tunnel ID") && !complains("2026 INF x"));
    }
}

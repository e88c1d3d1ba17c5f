use std::fmt;

/// A scheme, a host and perhaps a port, spelled as browsers and clients spell them: in lower case, without the port that
/// the scheme has anyway. Clients compare texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    text: String,
    host_at: usize,
}

impl Origin {
    /// The origin of a public URL, `http` or `https`; what stands behind host and port must be nothing or a slash.
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "http" => ":80",
            "https" => ":443",
            _ => return None,
        };
        let host = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let host = host.strip_suffix(default_port).unwrap_or(&host);
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:[]".contains(&b);
        let starts_well = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        (starts_well && host.bytes().all(allowed) && !host.ends_with(':'))
            .then(|| Self { host_at: scheme.len() + 3, text: format!("{scheme}://{host}") })
    }

    /// Host and port, without the port that the scheme has anyway.
    pub fn host(&self) -> &str {
        &self.text[self.host_at..]
    }

    /// All of it, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether an absolute URL that we wrote belongs to it.
    pub fn contains(&self, url: &str) -> bool {
        url.strip_prefix(&self.text).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_the_spelling_that_clients_compare_with() {
        for (url, origin, host) in [
            ("https://stall.example", "https://stall.example", "stall.example"),
            ("HTTPS://Stall.Example:443/", "https://stall.example", "stall.example"),
            ("http://stall.example:443", "http://stall.example:443", "stall.example:443"),
            ("http://127.0.0.1:4021/", "http://127.0.0.1:4021", "127.0.0.1:4021"),
            ("http://[::1]:80", "http://[::1]", "[::1]"),
        ] {
            let read = Origin::parse(url).unwrap();
            assert_eq!((read.as_str(), read.host()), (origin, host));
        }
        for wrong in [
            "",
            "stall.example",
            "ftp://stall.example",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://a b",
            "https://user@a",
            "https://a:",
            "https://ä.example",
        ] {
            assert_eq!(Origin::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_host_that_only_begins_alike_is_another_origin() {
        let origin = Origin::parse("https://stall.example").unwrap();
        for url in ["https://stall.example", "https://stall.example/a", "https://stall.example?a"] {
            assert!(origin.contains(url), "{url}");
        }
        for url in
            ["https://stall.example.evil/a", "https://stall.example:8443/", "http://stall.example/a", ""]
        {
            assert!(!origin.contains(url), "{url}");
        }
    }
}

use std::fmt;
use std::str::FromStr;

use domain::CanonicalPath;
use http::Uri;

/// Where buyers reach the stall, for example `https://stall.example`: a scheme and an authority,
/// nothing behind them.
///
/// It comes from the configuration alone. What a request says about its host is never used, so no
/// request can put another host into a quote (T14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    host: String,
}

/// The text is not a URL that buyers could use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a public URL; write http:// or https:// and a host, such as https://stall.example")]
pub struct PublicUrlError(String);

impl PublicUrl {
    /// The absolute URL of a path.
    pub fn of(&self, path: &CanonicalPath) -> String {
        format!("{}{path}", self.text)
    }

    /// Its host, as it stands there: a name, an address, an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// Without a slash at the end.
impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let wrong = || PublicUrlError(text.chars().take(200).collect());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
        let authority = uri.authority().filter(|authority| {
            let text = authority.as_str();
            !text.contains('@') && !authority.host().is_empty() && text.is_ascii() && !text.ends_with(':')
        });
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.contains('#');
        match (scheme, authority) {
            (Some(scheme), Some(authority)) if bare => {
                let host = authority.host();
                let host = host.strip_suffix('.').unwrap_or(host).to_owned();
                Ok(Self { text: format!("{scheme}://{authority}"), host })
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_scheme_and_a_host() {
        for (text, read) in [
            ("https://stall.example", "https://stall.example"),
            ("http://127.0.0.1:4021/", "http://127.0.0.1:4021"),
            ("http://[::1]:4021", "http://[::1]:4021"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().to_string(), read);
        }
        let url: PublicUrl = "https://stall.example".parse().unwrap();
        assert_eq!(url.of(&"/guide".parse().unwrap()), "https://stall.example/guide");
        for (text, host) in [
            ("https://stall.example:8443", "stall.example"),
            ("http://[::1]:4021", "[::1]"),
            ("https://stall.example.", "stall.example"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().host(), host);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "stall.example",
            "ftp://stall.example",
            "https://",
            "https://a@b",
            "https://stall.example/x",
            "https://stall.example?x",
            "https://stall.example/#x",
            "https://stall.example:",
            "/guide",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}

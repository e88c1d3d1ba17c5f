use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// Where a facilitator is: https, or http on this computer only.
#[derive(Clone, PartialEq, Eq)]
pub struct FacilitatorUrl(Url);

/// Why a text is no address of a facilitator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is no URL with a host.
    #[error("an address begins with https:// and names a host")]
    NotAUrl,
    /// What is sent to it could be read on the way.
    #[error("an address begins with https://, or with http:// for a program on this computer")]
    NotEncrypted,
    /// A part that no facilitator has.
    #[error("an address has no user, no password, no ? and no #; a token is given by itself")]
    TooMuch,
}

impl FacilitatorUrl {
    /// Scheme, host and port, and nothing that could be a secret.
    pub fn label(&self) -> String {
        format!("{}://{}", self.0.scheme(), self.host())
    }

    /// The host, with the port where the address names one.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it is on this computer.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.0.host_str().unwrap_or_default())
    }

    /// The address of one of its functions.
    pub(crate) fn of(&self, function: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{function}", self.0.path().trim_end_matches('/')));
        url
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl FromStr for FacilitatorUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let url: Url = text.trim().parse().map_err(|_| UrlError::NotAUrl)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(UrlError::NotAUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            _ => return Err(UrlError::NotEncrypted),
        }
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if is_bare { Ok(Self(url)) } else { Err(UrlError::TooMuch) }
    }
}

/// The whole address, as it is kept.
impl fmt::Display for FacilitatorUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// The path may be a secret.
impl fmt::Debug for FacilitatorUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FacilitatorUrl").field(&self.label()).finish()
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_can_read_on_the_way_is_an_address() {
        for (text, label) in [
            ("https://x402.org/facilitator", "https://x402.org"),
            ("https://api.cdp.coinbase.com/platform/v2/x402/", "https://api.cdp.coinbase.com"),
            ("https://fac.example:8443", "https://fac.example:8443"),
            ("http://127.0.0.1:4022", "http://127.0.0.1:4022"),
            ("http://localhost:4022/x", "http://localhost:4022"),
            ("http://[::1]:4022", "http://[::1]:4022"),
        ] {
            assert_eq!(text.parse::<FacilitatorUrl>().unwrap().label(), label, "{text}");
        }
        for text in [
            "",
            "x402.org",
            "http://x402.org",
            "http://192.168.1.1",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "https://user:secret@fac.example",
            "https://fac.example?key=secret",
            "https://fac.example/#x",
        ] {
            assert!(text.parse::<FacilitatorUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn functions_stand_below_the_address_whatever_it_ends_with() {
        for text in ["https://fac.example/x402", "https://fac.example/x402/"] {
            let url: FacilitatorUrl = text.parse().unwrap();
            assert_eq!(url.of("settle").as_str(), "https://fac.example/x402/settle");
            assert_eq!(url.to_string(), "https://fac.example/x402");
        }
        let bare: FacilitatorUrl = "https://fac.example".parse().unwrap();
        assert_eq!(bare.of("supported").as_str(), "https://fac.example/supported");
    }

    /// I12.
    #[test]
    fn a_path_that_is_a_secret_is_not_shown() {
        let url: FacilitatorUrl = "https://fac.example/secret-path".parse().unwrap();
        assert!(!format!("{url:?} {}", url.label()).contains("secret"));
    }
}

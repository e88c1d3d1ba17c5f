use std::fmt;
use std::net::{IpAddr, SocketAddr};

use http::Uri;
use url::{Host, Url};

use crate::{Policy, Refused};

/// Where something is sent, as far as its text can be judged. Its addresses are judged when it is connected to.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    uri: Uri,
}

impl Target {
    /// Reads a URL in any spelling that a browser takes, and judges it.
    ///
    /// # Errors
    /// Why the policy does not let anything be sent there, whatever its host resolves to.
    pub fn parse(text: &str, policy: &Policy) -> Result<Self, Refused> {
        let url: Url = text.trim().parse().map_err(|_| Refused::NotAUrl)?;
        let encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(Refused::NotAUrl),
        };
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Refused::NotAUrl);
        };
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Refused::TooMuch);
        }
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        };
        let name = host.to_string();
        match address {
            Some(address) => policy.admit(encrypted, &name, SocketAddr::new(address, port))?,
            None => policy.admit_name(encrypted, &name, port)?,
        }
        let uri = url.as_str().parse().map_err(|_| Refused::NotAUrl)?;
        Ok(Self { url, uri })
    }

    /// The address as a request names it.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The whole address, as it is kept. Its path may be a secret.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The host that a text names, if it is an address at all, as [`Policy::or_host`] takes it.
    pub fn host_in(text: &str) -> Option<String> {
        let url: Url = text.trim().parse().ok()?;
        url.host_str().map(str::to_owned)
    }

    /// Scheme, host and port of a text, if it is an address at all: nothing that could be a secret.
    pub fn label_in(text: &str) -> Option<String> {
        let url: Url = text.trim().parse().ok()?;
        Some(url.origin().ascii_serialization())
    }

    /// Scheme, host and port, and nothing that could be a secret.
    pub fn label(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// The path may be a secret.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.label()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_whole_and_shown_without_its_path() {
        let target = Target::parse(" https://Hooks.Example/secret?token=1 ", &Policy::public()).unwrap();
        assert_eq!(target.as_str(), "https://hooks.example/secret?token=1");
        assert_eq!((target.host(), target.label().as_str()), ("hooks.example", "https://hooks.example"));
        assert_eq!(target.uri().path_and_query().unwrap(), "/secret?token=1");
        assert!(!format!("{target:?}").contains("secret"));
    }

    #[test]
    fn what_is_no_address_of_a_receiver_is_refused() {
        for text in ["", "hooks.example", "ftp://hooks.example", "file:///etc/passwd", "https://", "data:,x"]
        {
            assert_eq!(Target::parse(text, &Policy::public()), Err(Refused::NotAUrl), "{text}");
        }
        for text in ["https://user@h.example", "https://u:p@h.example", "https://h.example/#x"] {
            assert_eq!(Target::parse(text, &Policy::public()), Err(Refused::TooMuch), "{text}");
        }
        let plain = Target::parse("http://h.example", &Policy::public());
        assert!(matches!(plain, Err(Refused::NotEncrypted { .. })));
    }

    /// Server-side request forgery: every spelling is the address that it means.
    #[test]
    fn no_spelling_of_an_inner_address_gets_through() {
        for text in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://0/",
            "https://0.0.0.0/",
            "https://[::]/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
            "https://[64:ff9b::127.0.0.1]/",
            "https://[fd00:ec2::254]/",
            "https://169.254.169.254/latest/meta-data",
            "https://2852039166/",
            "https://0xa9fea9fe/",
            "https://0251.0376.0251.0376/",
            "https://10.0.0.1/",
            "https://192.168.0.1/",
            "https://100.64.0.1/",
            "https:\\\\127.0.0.1\\",
        ] {
            let refused = Target::parse(text, &Policy::public());
            assert!(matches!(refused, Err(Refused::Place { .. })), "{text}: {refused:?}");
        }
        assert!(Target::parse("https://[fe80::1%25eth0]/", &Policy::public()).is_err());
    }
}

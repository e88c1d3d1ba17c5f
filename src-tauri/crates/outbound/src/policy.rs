use std::net::{IpAddr, SocketAddr, UdpSocket};

use crate::place::{Place, place};

/// Where connections may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    public: bool,
    this_computer: bool,
    allowed: Vec<String>,
    own: Vec<SocketAddr>,
    own_hosts: Vec<(String, u16)>,
}

/// Why nothing is sent to an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no URL with a host.
    #[error("an address begins with https:// or http:// and names a host")]
    NotAUrl,
    /// A part that would be sent nowhere, or that is a secret in the wrong place.
    #[error("an address has no user, no password and no #")]
    TooMuch,
    /// What is sent could be read on the way.
    #[error("{host} is reached over https only")]
    NotEncrypted {
        /// Whom.
        host: String,
    },
    /// It leads to where nobody allowed it to lead.
    #[error("{host} leads {}", whither(*.place))]
    Place {
        /// Whom.
        host: String,
        /// Where that is.
        place: Place,
    },
    /// It leads back to this stall.
    #[error("{host} is this stall itself")]
    Own {
        /// Whom.
        host: String,
    },
}

const fn whither(place: Place) -> &'static str {
    match place {
        Place::Public => "to the internet, which was not allowed",
        Place::ThisComputer => "to this computer, which was not allowed",
        Place::Private => "into a private network, which was not allowed",
        Place::Never => "to an address that nothing is ever sent to",
    }
}

impl Policy {
    /// Public addresses over https: for what the internet is told.
    pub const fn public() -> Self {
        Self {
            public: true,
            this_computer: false,
            allowed: Vec::new(),
            own: Vec::new(),
            own_hosts: Vec::new(),
        }
    }

    /// Programs on this computer, encrypted or not: for services whose answers are sold.
    pub fn this_computer() -> Self {
        Self { public: false, this_computer: true, ..Self::public() }
    }

    /// Programs on this computer as well.
    #[must_use]
    pub const fn or_this_computer(mut self) -> Self {
        self.this_computer = true;
        self
    }

    /// This very host as well, as a URL writes it, wherever it is and encrypted or not.
    #[must_use]
    pub fn or_host(mut self, host: &str) -> Self {
        self.allowed.push(bare(host));
        self
    }

    /// Never to what listens here, which would be a loop.
    #[must_use]
    pub fn but_not(mut self, own: SocketAddr) -> Self {
        self.own.push(own);
        self
    }

    /// Never to this host and port either, by which others reach what listens here.
    #[must_use]
    pub fn but_not_host(mut self, host: &str, port: u16) -> Self {
        self.own_hosts.push((bare(host), port));
        self
    }

    /// What can be said before the host is resolved.
    pub(crate) fn admit_name(&self, encrypted: bool, host: &str, port: u16) -> Result<(), Refused> {
        let host = bare(host);
        if self.own_hosts.contains(&(host.clone(), port)) {
            return Err(Refused::Own { host });
        }
        if encrypted || self.this_computer || self.allowed.contains(&host) {
            return Ok(());
        }
        Err(Refused::NotEncrypted { host })
    }

    /// Whether an address that a host has may be connected to.
    pub(crate) fn admit(&self, encrypted: bool, host: &str, address: SocketAddr) -> Result<(), Refused> {
        self.admit_name(encrypted, host, address.port())?;
        let host = bare(host);
        let place = place(address.ip());
        if self.own.iter().any(|own| is_same(*own, address)) {
            return Err(Refused::Own { host });
        }
        match place {
            Place::Never => Err(Refused::Place { host, place }),
            // A name out of the internet's own directory is changed by whoever owns it, so it never leads inside.
            _ if self.allowed.contains(&host) && (place == Place::Public || is_of_the_house(&host)) => Ok(()),
            Place::ThisComputer if self.this_computer => Ok(()),
            Place::Public if self.public && encrypted => Ok(()),
            Place::Public if self.public => Err(Refused::NotEncrypted { host }),
            Place::Public | Place::ThisComputer | Place::Private => Err(Refused::Place { host, place }),
        }
    }
}

/// Whether nobody outside decides where a host leads: an address as it is, or a name that only the own network knows.
fn is_of_the_house(host: &str) -> bool {
    const ENDINGS: [&str; 6] = [".local", ".lan", ".internal", ".home", ".home.arpa", ".localhost"];
    host.parse::<IpAddr>().is_ok()
        || !host.contains('.')
        || ENDINGS.iter().any(|ending| host.ends_with(ending))
}

/// A host without the brackets of an address and the dot that ends a whole name, in small letters.
fn bare(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Whether a connection to `address` would meet what listens at `own`.
fn is_same(own: SocketAddr, address: SocketAddr) -> bool {
    own.port() == address.port()
        && (own.ip() == address.ip() || (own.ip().is_unspecified() && is_of_this_computer(address.ip())))
}

/// Whether an address belongs to this computer: no other one can be bound to.
fn is_of_this_computer(address: IpAddr) -> bool {
    address.is_loopback() || UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_internet_is_reached_over_https_and_nothing_else_is() {
        let policy = Policy::public();
        assert_eq!(policy.admit(true, "a.example", at("93.184.216.34:443")), Ok(()));
        let plain = policy.admit(false, "a.example", at("93.184.216.34:80"));
        assert_eq!(plain, Err(Refused::NotEncrypted { host: "a.example".to_owned() }));
        for address in ["127.0.0.1:443", "10.0.0.1:443", "169.254.169.254:443", "[fd00:ec2::254]:443"] {
            let refused = policy.admit(true, "a.example", at(address));
            assert!(matches!(refused, Err(Refused::Place { .. })), "{address}");
        }
    }

    #[test]
    fn a_service_is_on_this_computer_unless_its_very_host_was_allowed() {
        let policy = Policy::this_computer().or_host("nas.local");
        assert_eq!(policy.admit(false, "localhost", at("127.0.0.1:3000")), Ok(()));
        assert_eq!(policy.admit(false, "NAS.local.", at("192.168.0.9:80")), Ok(()));
        assert_eq!(policy.admit(false, "nas.local", at("93.184.216.34:80")), Ok(()));
        for (host, address) in [
            ("other.local", "192.168.0.9:80"),
            ("a.example", "93.184.216.34:443"),
            ("nas.local", "169.254.169.254:80"),
            ("nas.local", "[::ffff:127.0.0.1]:80"),
        ] {
            assert!(policy.admit(true, host, at(address)).is_err(), "{host} {address}");
        }
    }

    #[test]
    fn what_listens_here_is_never_connected_to() {
        let policy = Policy::this_computer().but_not(at("127.0.0.1:4021")).but_not_host("shop.example", 443);
        assert!(matches!(policy.admit(false, "localhost", at("127.0.0.1:4021")), Err(Refused::Own { .. })));
        assert_eq!(policy.admit(false, "localhost", at("127.0.0.1:4022")), Ok(()));
        assert!(matches!(policy.admit_name(true, "Shop.example", 443), Err(Refused::Own { .. })));
        let everywhere = Policy::this_computer().but_not(at("0.0.0.0:4021"));
        for address in ["127.0.0.1:4021", "127.8.8.8:4021", "[::1]:4021"] {
            let refused = everywhere.admit(false, "localhost", at(address));
            assert!(matches!(refused, Err(Refused::Own { .. })), "{address}");
        }
        assert_eq!(everywhere.admit(false, "localhost", at("127.0.0.1:4022")), Ok(()));
    }
}

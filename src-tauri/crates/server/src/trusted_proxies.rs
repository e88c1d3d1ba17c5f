//! The seller's own proxies before the stall: they alone say for whom they ask (T78).

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use http::HeaderMap;

use crate::hosts::{Line, X_FORWARDED_FOR};

/// Addresses and networks, such as `127.0.0.1, 10.0.0.0/8`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[Net]>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Net {
    address: IpAddr,
    /// How many of its bits count.
    bits: u8,
}

/// The text names no addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address and no network such as 10.0.0.0/8")]
pub struct TrustedProxiesError(String);

impl FromStr for Net {
    type Err = TrustedProxiesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || TrustedProxiesError(text.chars().take(60).collect());
        let (address, bits) = text.split_once('/').map_or((text, None), |(one, bits)| (one, Some(bits)));
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        // A network of everybody would believe everybody.
        if (1..=most).contains(&bits) { Ok(Self { address, bits }) } else { Err(wrong()) }
    }
}

impl Net {
    fn holds(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(address)) => {
                (net.to_bits() ^ address.to_bits()) >> (32 - u32::from(self.bits)) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(address)) => {
                (net.to_bits() ^ address.to_bits()) >> (128 - u32::from(self.bits)) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for TrustedProxies {
    type Err = TrustedProxiesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text.split(',').map(str::trim).filter(|text| !text.is_empty());
        named.map(str::parse).collect::<Result<Vec<_>, _>>().map(|all| Self(all.into()))
    }
}

impl TrustedProxies {
    fn hold(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.holds(address))
    }

    /// For whom a proxy of the seller's asks: the last address in `X-Forwarded-For` that is none of them. Whatever stands
    /// before it was written by somebody else.
    pub(crate) fn told(&self, headers: &HeaderMap, line: Line) -> Option<IpAddr> {
        if !self.hold(line.buyer) {
            return None;
        }
        for line in headers.get_all(X_FORWARDED_FOR).iter().rev() {
            for text in line.to_str().ok()?.rsplit(',') {
                let address = text.trim().parse::<IpAddr>().ok()?.to_canonical();
                if !self.hold(address) {
                    return Some(address);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(proxies: &str, buyer: &str, forwarded: &[&'static str]) -> Option<String> {
        let proxies: TrustedProxies = proxies.parse().unwrap();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, http::HeaderValue::from_static(value));
        }
        let line = Line { buyer: buyer.parse().unwrap(), ours: None };
        proxies.told(&headers, line).map(|address| address.to_string())
    }

    // T78
    #[test]
    fn only_proxies_that_the_seller_named_say_for_whom_they_ask() {
        let invented = &["203.0.113.1, 198.51.100.2"][..];
        assert_eq!(told("127.0.0.1", "::ffff:127.0.0.1", invented).as_deref(), Some("198.51.100.2"));
        assert_eq!(told("10.0.0.0/8", "10.9.8.7", invented).as_deref(), Some("198.51.100.2"));
        assert_eq!(told("2001:db8::/32, ::1", "::1", invented).as_deref(), Some("198.51.100.2"));
        for (proxies, buyer) in [("", "127.0.0.1"), ("127.0.0.1", "127.0.0.2"), ("10.0.0.0/8", "11.0.0.1")] {
            assert_eq!(told(proxies, buyer, invented), None, "{proxies} {buyer}");
        }
        let two = &["203.0.113.1, 198.51.100.2", "10.0.0.3, 10.0.0.4"][..];
        assert_eq!(told("10.0.0.0/8", "10.0.0.1", two).as_deref(), Some("198.51.100.2"));
        for nothing in [&[][..], &["10.0.0.2"], &["198.51.100.1, unknown"]] {
            assert_eq!(told("10.0.0.0/8", "10.0.0.1", nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_names_nobody_or_everybody_is_refused() {
        for text in ["localhost", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1 10.0.0.2", "10.0.0.0/x"] {
            assert!(text.parse::<TrustedProxies>().is_err(), "{text}");
        }
        assert_eq!(" , ".parse::<TrustedProxies>().unwrap(), TrustedProxies::default());
    }
}

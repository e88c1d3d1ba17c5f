//! Whom a request may call us, and who sent it.

use std::net::IpAddr;

use http::header::{HOST, HeaderMap, HeaderName};
use http::request::Parts;
use http::uri::Authority;

use crate::public_url::PublicUrl;

/// Cloudflare's word for the buyer's address. It replaces what the buyer wrote there.
const CF_CONNECTING_IP: HeaderName = HeaderName::from_static("cf-connecting-ip");
/// Everybody else's. A tunnel writes at its end, so only the last entry is the tunnel's.
pub(crate) const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How buyers come to the stall, beside its public address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Names that the stall goes by in its own network, such as `stallkeeper.local`.
    pub names: Vec<String>,
    /// How the tunnel that we run says who asks, while it is online. Nobody else's word is taken (T78).
    pub tunnel: Option<Forwarding>,
    /// What a check from outside asks and is answered, while one runs.
    pub proof: Option<Proof>,
}

/// How a tunnel names the buyer's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forwarding {
    /// In `CF-Connecting-IP`.
    Cloudflare,
    /// As the last address of `X-Forwarded-For`.
    Standard,
}

/// A question that only this stall can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What is asked: the last part of the path.
    pub nonce: String,
    /// What is answered.
    pub answer: String,
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) buyer: IpAddr,
    /// Our end, if the system says it.
    pub(crate) ours: Option<IpAddr>,
}

impl Ways {
    /// Whether a request is meant for this stall, by every name that it gives. A page that was made to believe that its
    /// own name belongs to this computer asks by that name (T76).
    pub(crate) fn lead_here(&self, head: &Parts, line: Line, public: &PublicUrl) -> bool {
        let mut hosts = head.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let Ok(host) = Authority::try_from(host.as_bytes()) else { return false };
        let ours = |name: &Authority| self.is_ours(name, line, public);
        ours(&host) && head.uri.authority().is_none_or(ours)
    }

    fn is_ours(&self, name: &Authority, line: Line, public: &PublicUrl) -> bool {
        if name.as_str().contains('@') {
            return false;
        }
        let host = name.host();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            let is = |ours: IpAddr| ours.to_canonical() == address.to_canonical();
            return address.to_canonical().is_loopback()
                || line.ours.is_some_and(is)
                || host == public.host();
        }
        let host = host.strip_suffix('.').unwrap_or(host);
        let is = |name: &str| name.eq_ignore_ascii_case(host);
        is(public.host()) || is("localhost") || self.names.iter().any(|name| is(name))
    }

    /// The address that the tunnel says the buyer has; none when the request did not come through a tunnel of ours, or the
    /// tunnel says nothing that can be read.
    pub(crate) fn told(&self, headers: &HeaderMap, line: Line) -> Option<IpAddr> {
        let forwarding = self.tunnel.filter(|_| line.buyer.to_canonical().is_loopback())?;
        let (name, only) = match forwarding {
            Forwarding::Cloudflare => (CF_CONNECTING_IP, true),
            Forwarding::Standard => (X_FORWARDED_FOR, false),
        };
        let mut values = headers.get_all(name).iter();
        let last = values.next_back()?.to_str().ok()?;
        if only && values.next().is_some() {
            return None;
        }
        let address = last.rsplit(',').next()?.trim();
        address.parse::<IpAddr>().ok().map(|address| address.to_canonical())
    }

    /// The answer to a check, if this is the one that runs.
    pub(crate) fn answer(&self, nonce: &str) -> Option<&str> {
        self.proof.as_ref().filter(|proof| proof.nonce == nonce).map(|proof| proof.answer.as_str())
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn line(buyer: &str) -> Line {
        Line { buyer: buyer.parse().unwrap(), ours: Some("192.168.1.5".parse().unwrap()) }
    }

    fn head(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let request =
            headers.iter().fold(Request::get(uri), |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap().into_parts().0
    }

    // T14, T76
    #[test]
    fn only_our_own_names_lead_here() {
        let public: PublicUrl = "https://stall.example".parse().unwrap();
        let ways = Ways { names: vec!["stallkeeper.local".to_owned()], ..Ways::default() };
        let leads = |uri: &str, hosts: &[&str]| {
            let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
            ways.lead_here(&head(uri, &headers), line("10.0.0.9"), &public)
        };
        for ours in [
            "stall.example",
            "STALL.example:443",
            "stall.example.",
            "localhost:4021",
            "127.0.0.1",
            "127.0.0.1:9",
            "[::1]:4021",
            "192.168.1.5:4021",
            "[::ffff:192.168.1.5]",
            "Stallkeeper.Local:4021",
        ] {
            assert!(leads("/x", &[ours]), "{ours}");
        }
        for other in [
            "evil.example",
            "stall.example.evil.example",
            "evil-stall.example",
            "192.168.1.6:4021",
            "0.0.0.0:4021",
            "2130706433",
            "user@stall.example",
            "stall.example@evil.example",
            "localhost.evil.example",
            "",
            " ",
        ] {
            assert!(!leads("/x", &[other]), "{other}");
        }
        assert!(!leads("/x", &[]), "no name at all");
        assert!(!leads("/x", &["stall.example", "stall.example"]), "two names");
        assert!(leads("http://stall.example/x", &["stall.example"]));
        assert!(
            !leads("http://evil.example/x", &["stall.example"]),
            "the line names another host than the header"
        );
        assert!(!leads("http://stall.example/x", &["evil.example"]));
    }

    #[test]
    fn an_address_that_the_seller_named_is_one_of_ours() {
        let public: PublicUrl = "http://203.0.113.7:80".parse().unwrap();
        let request = head("/x", &[("host", "203.0.113.7")]);
        assert!(Ways::default().lead_here(&request, line("10.0.0.9"), &public));
    }

    // T78
    #[test]
    fn only_the_tunnel_that_we_run_says_who_asks() {
        let through = |tunnel, buyer: &str, headers: &[(&str, &str)]| {
            let ways = Ways { tunnel, ..Ways::default() };
            ways.told(&head("/x", headers).headers, line(buyer)).map(|address| address.to_string())
        };
        let (cloudflare, standard) = (Some(Forwarding::Cloudflare), Some(Forwarding::Standard));
        let both =
            &[("cf-connecting-ip", "198.51.100.1"), ("x-forwarded-for", "198.51.100.2, 198.51.100.3")][..];
        assert_eq!(through(cloudflare, "127.0.0.1", both).as_deref(), Some("198.51.100.1"));
        assert_eq!(through(standard, "::1", both).as_deref(), Some("198.51.100.3"));
        assert_eq!(through(standard, "::ffff:127.0.0.1", both).as_deref(), Some("198.51.100.3"));
        assert_eq!(through(None, "127.0.0.1", both), None, "no tunnel runs");
        assert_eq!(through(cloudflare, "192.168.1.9", both), None, "somebody in the network");
        let twice = &[("cf-connecting-ip", "198.51.100.1"), ("cf-connecting-ip", "198.51.100.9")];
        assert_eq!(through(cloudflare, "127.0.0.1", twice), None);
        for nonsense in ["", "unknown", "198.51.100.1:80", "198.51.100.1, x"] {
            assert_eq!(through(standard, "127.0.0.1", &[("x-forwarded-for", nonsense)]), None, "{nonsense}");
        }
        let lines = &[("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "::ffff:198.51.100.2")];
        assert_eq!(through(standard, "127.0.0.1", lines).as_deref(), Some("198.51.100.2"));
    }

    #[test]
    fn a_check_is_answered_by_its_own_answer_and_only_while_it_runs() {
        let proof = Proof { nonce: "question".to_owned(), answer: "answer".to_owned() };
        let ways = Ways { proof: Some(proof), ..Ways::default() };
        assert_eq!(ways.answer("question"), Some("answer"));
        assert_eq!(ways.answer("another"), None);
        assert_eq!(Ways::default().answer("question"), None);
    }
}

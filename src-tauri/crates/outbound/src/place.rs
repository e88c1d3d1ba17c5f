use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// To one computer on the internet.
    Public,
    /// To this computer.
    ThisComputer,
    /// Into a network that is somebody's own.
    Private,
    /// To no single computer, to one that hands out secrets to whoever asks, or behind another spelling of an address:
    /// nobody has a reason to connect there.
    Never,
}

/// Services of clouds that tell any program on the computer its credentials, outside the link-local range.
const METADATA_V4: [Ipv4Addr; 2] = [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

/// Whether an address leads to one computer on the internet.
pub fn is_public(address: IpAddr) -> bool {
    place(address) == Place::Public
}

/// Where an address leads, by the registries of special addresses (RFC 6890 and those since).
pub fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => place_v6(address),
    }
}

fn place_v4(address: Ipv4Addr) -> Place {
    if METADATA_V4.contains(&address) {
        return Place::Never;
    }
    match address.octets() {
        [127, ..] => Place::ThisComputer,
        [10, ..] | [192, 168, ..] => Place::Private,
        [172, second, ..] if second & 0xf0 == 16 => Place::Private,
        // Shared by an access network, and by networks of tunnels.
        [100, second, ..] if second & 0xc0 == 64 => Place::Private,
        // This network; link-local; protocols; documentation; old relays; benchmarks.
        [0, ..] | [169, 254, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => Place::Never,
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Place::Never,
        // Multicast, what is reserved, and broadcast.
        [224..=255, ..] => Place::Never,
        _ => Place::Public,
    }
}

fn place_v6(address: Ipv6Addr) -> Place {
    if METADATA_V6.contains(&address) {
        return Place::Never;
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Place::ThisComputer,
        // A network without IPv4 reaches the rest of the internet so; anything else behind it is a way around us.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
            match place_v4(Ipv4Addr::new(a, b, c, d)) {
                Place::Public => Place::Public,
                Place::ThisComputer | Place::Private | Place::Never => Place::Never,
            }
        }
        [first, ..] if first & 0xfe00 == 0xfc00 => Place::Private,
        // Protocols and Teredo; documentation; 6to4.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => Place::Never,
        [0x2002, ..] => Place::Never,
        [0x3fff, second, ..] if second < 0x1000 => Place::Never,
        [first, ..] if first & 0xe000 == 0x2000 => Place::Public,
        // Unspecified, IPv4 in other clothes, discard, link-local, multicast, and what nobody was given.
        _ => Place::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Place {
        place(text.parse().unwrap())
    }

    #[test]
    fn an_address_is_public_only_if_it_can_be_one_computer_on_the_internet() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2a00::1",
            "3ffe::1",
            "64:ff9b::5db8:d822",
        ] {
            assert_eq!(of(text), Place::Public, "{text}");
            assert!(is_public(text.parse().unwrap()));
        }
    }

    #[test]
    fn this_computer_and_private_networks_are_told_apart() {
        for text in ["127.0.0.1", "127.255.255.254", "::1"] {
            assert_eq!(of(text), Place::ThisComputer, "{text}");
        }
        for text in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "fc00::1",
            "fd12:3456::1",
        ] {
            assert_eq!(of(text), Place::Private, "{text}");
        }
    }

    /// Server-side request forgery: what hands out secrets, and what hides another address.
    #[test]
    fn nobody_connects_to_metadata_multicast_or_an_address_in_other_clothes() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::2",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:93.184.216.34",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::a00:1",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert_eq!(of(text), Place::Never, "{text}");
        }
    }
}

use std::fmt;
use std::str::FromStr;

use crate::tool::Tool;

/// A way to the stall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Programs on this computer only.
    ThisComputer,
    /// Everybody in the network that this computer is in.
    ThisNetwork,
    /// The seller's own address, which leads here by the seller's own means.
    OwnUrl,
    /// A tunnel of Cloudflare's without an account, at another address each time.
    CloudflareQuick,
    /// A tunnel of the seller's account at Cloudflare.
    CloudflareNamed,
    /// A tunnel of the seller's account at ngrok.
    Ngrok,
    /// The Funnel of the seller's own Tailscale.
    TailscaleFunnel,
}

/// The word names no way to the stall.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no way to the stall")]
pub struct UnknownKind(String);

impl Kind {
    /// All of them, from the nearest to the farthest.
    pub const ALL: [Self; 7] = [
        Self::ThisComputer,
        Self::ThisNetwork,
        Self::OwnUrl,
        Self::CloudflareQuick,
        Self::CloudflareNamed,
        Self::Ngrok,
        Self::TailscaleFunnel,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ThisComputer => "this_computer",
            Self::ThisNetwork => "this_network",
            Self::OwnUrl => "own_url",
            Self::CloudflareQuick => "cloudflare_quick",
            Self::CloudflareNamed => "cloudflare_named",
            Self::Ngrok => "ngrok",
            Self::TailscaleFunnel => "tailscale_funnel",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ThisComputer => "This computer only",
            Self::ThisNetwork => "This network",
            Self::OwnUrl => "Your own address",
            Self::CloudflareQuick => "Temporary link by Cloudflare",
            Self::CloudflareNamed => "Your domain through Cloudflare",
            Self::Ngrok => "ngrok",
            Self::TailscaleFunnel => "Tailscale Funnel",
        }
    }

    /// What it is good for, in a sentence.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::ThisComputer => "Nobody outside reaches the stall.",
            Self::ThisNetwork => "For a market stall or a classroom: everybody in the same network can buy.",
            Self::OwnUrl => "For a reverse proxy, a server of yours, or a port that your router forwards.",
            Self::CloudflareQuick => "A link within seconds and without an account, to try things out.",
            Self::CloudflareNamed => "A permanent address on a domain of yours; best for selling files.",
            Self::Ngrok => "A permanent address without a domain of yours; best for paid endpoints.",
            Self::TailscaleFunnel => "A permanent address whose traffic nobody in between can read.",
        }
    }

    /// Who can read what passes, in a sentence.
    pub const fn who_reads(self) -> &'static str {
        match self {
            Self::ThisComputer => "Nothing leaves this computer.",
            Self::ThisNetwork => {
                "Nothing is encrypted on the way: whoever is in the same network could read along."
            }
            Self::OwnUrl => "Whoever runs the server at that address can read everything that passes.",
            Self::CloudflareQuick | Self::CloudflareNamed => {
                "Cloudflare decrypts everything that passes and could read it."
            }
            Self::Ngrok => "ngrok decrypts everything that passes and could read it.",
            Self::TailscaleFunnel => "Nobody in between: what buyers send is decrypted on this computer.",
        }
    }

    /// What happens to the address at the next start, in a sentence.
    pub const fn on_restart(self) -> &'static str {
        match self {
            Self::ThisComputer | Self::OwnUrl | Self::CloudflareNamed => "The address stays the same.",
            Self::ThisNetwork => {
                "The name stays the same; the numbers may change when this computer joins a network again."
            }
            Self::CloudflareQuick => {
                "The address changes at each start, and links that you gave away stop working then."
            }
            Self::Ngrok => "The address that your account owns stays the same.",
            Self::TailscaleFunnel => "The address stays the same as long as this computer keeps its name.",
        }
    }

    /// What its provider does not do, in a sentence.
    pub const fn limits(self) -> Option<&'static str> {
        match self {
            Self::ThisComputer | Self::OwnUrl | Self::CloudflareNamed => None,
            Self::ThisNetwork => {
                Some("Browsers call the page insecure, and some wallets refuse to sign on such a page.")
            }
            Self::CloudflareQuick => {
                Some("Cloudflare promises nothing for it, and takes 200 requests at the same time at most.")
            }
            Self::Ngrok => Some(
                "Without a paid plan ngrok passes 1 GB and 20,000 requests a month, and shows browsers a page of its own first.",
            ),
            Self::TailscaleFunnel => Some("Tailscale limits how much passes in a second."),
        }
    }

    /// Whether the address survives a restart.
    pub const fn is_permanent(self) -> bool {
        !matches!(self, Self::CloudflareQuick)
    }

    /// Whether the stall runs something for it that brings buyers from this computer's own address.
    pub const fn is_tunnel(self) -> bool {
        match self {
            Self::ThisComputer | Self::ThisNetwork | Self::OwnUrl => false,
            Self::CloudflareQuick | Self::CloudflareNamed | Self::Ngrok | Self::TailscaleFunnel => true,
        }
    }

    /// Whether it takes a token of an account.
    pub const fn takes_token(self) -> bool {
        matches!(self, Self::CloudflareNamed | Self::Ngrok)
    }

    /// The program that it needs.
    pub const fn tool(self) -> Option<Tool> {
        match self {
            Self::CloudflareQuick | Self::CloudflareNamed => Some(Tool::Cloudflared),
            Self::TailscaleFunnel => Some(Tool::Tailscale),
            Self::ThisComputer | Self::ThisNetwork | Self::OwnUrl | Self::Ngrok => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let unknown = || UnknownKind(text.chars().take(60).collect());
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("bore".parse::<Kind>().is_err());
    }

    #[test]
    fn only_an_address_that_changes_is_called_temporary() {
        for kind in Kind::ALL {
            assert_eq!(kind.is_permanent(), !kind.on_restart().contains("changes at each start"), "{kind}");
        }
    }
}

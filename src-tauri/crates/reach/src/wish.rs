use secrecy::SecretString;

use crate::kind::Kind;

/// What the seller chose.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The way.
    pub kind: Kind,
    /// The address that leads here: always for the seller's own address and a domain at Cloudflare, where the account has
    /// several at ngrok. Scheme and host alone.
    pub url: Option<String>,
    /// The name in the own network, without `.local`.
    pub name: String,
    /// What the tunnel's provider knows the seller by.
    pub token: Token,
}

/// What the tunnel's provider knows the seller by.
#[derive(Clone, Debug)]
pub enum Token {
    /// None was given.
    None,
    /// It has to be unlocked first.
    Locked,
    /// It is at hand.
    Known(SecretString),
}

impl Wish {
    /// Nobody outside.
    pub fn this_computer() -> Self {
        Self { kind: Kind::ThisComputer, url: None, name: String::new(), token: Token::None }
    }

    /// The address that is known before anything was started; none where it is given out.
    pub fn fixed_url(&self) -> Option<&str> {
        match self.kind {
            Kind::OwnUrl | Kind::CloudflareNamed | Kind::Ngrok => self.url.as_deref(),
            Kind::ThisComputer | Kind::ThisNetwork | Kind::CloudflareQuick | Kind::TailscaleFunnel => None,
        }
    }
}

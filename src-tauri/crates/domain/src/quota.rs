use std::fmt;
use std::str::FromStr;

/// Requests that a service answers for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many each of them has on a day.
    pub requests_a_day: u32,
    /// By what they are told apart.
    pub counted_by: CountedBy,
}

/// By what those are told apart who have something for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountedBy {
    /// Their network address; whoever asks has it.
    #[default]
    Address,
    /// Their wallet, with which they sign in for each request.
    Wallet,
}

impl CountedBy {
    /// The word under which it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Wallet => "wallet",
        }
    }
}

impl fmt::Display for CountedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CountedBy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "address" => Ok(Self::Address),
            "wallet" => Ok(Self::Wallet),
            other => Err(format!("{other:?} tells nobody apart; choose address or wallet")),
        }
    }
}

use std::fmt;
use std::str::FromStr;

/// How far a payer is trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayerStanding {
    /// As the caps say.
    #[default]
    Normal,
    /// Not held to the caps of a single payer; those of networks and of the whole stall still count.
    Trusted,
    /// Served after the money has arrived. Whoever had a payment that failed, was cancelled or diverted
    /// gets here without anybody's doing.
    InstantOnly,
    /// Sold nothing. What was paid for before is still delivered.
    Blocked,
}

impl PayerStanding {
    /// Every standing.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Trusted, Self::InstantOnly, Self::Blocked];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Trusted => "trusted",
            Self::InstantOnly => "instant_only",
            Self::Blocked => "blocked",
        }
    }
}

impl fmt::Display for PayerStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the standings of a payer are normal, trusted, instant_only and blocked")]
pub struct UnknownStanding;

impl FromStr for PayerStanding {
    type Err = UnknownStanding;

    fn from_str(text: &str) -> Result<Self, UnknownStanding> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text).ok_or(UnknownStanding)
    }
}

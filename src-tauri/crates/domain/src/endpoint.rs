use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{CanonicalPath, Content, EndpointId};

/// When the content of an endpoint leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Store, deliver, settle later.
    #[default]
    Batched,
    /// Settle, then deliver.
    Instant,
}

impl Mode {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Batched => "batched",
            Self::Instant => "instant",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "batched" => Ok(Self::Batched),
            "instant" => Ok(Self::Instant),
            other => Err(format!("{other:?} is not a mode; choose batched or instant")),
        }
    }
}

/// Whether an endpoint sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndpointState {
    /// It sells.
    Live,
    /// It answers 503: nobody is asked to pay for it.
    Paused,
    /// It is gone for new buyers; owners keep what they bought.
    Removed,
}

impl EndpointState {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Removed => "removed",
        }
    }
}

impl fmt::Display for EndpointState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EndpointState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Live, Self::Paused, Self::Removed].into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// What owners of an earlier version receive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OwnersGet {
    /// What is sold now.
    #[default]
    Newest,
    /// What they bought, as long as its files are there unchanged; what is sold now otherwise.
    Bought,
}

impl OwnersGet {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Bought => "bought",
        }
    }
}

impl fmt::Display for OwnersGet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OwnersGet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "newest" => Ok(Self::Newest),
            "bought" => Ok(Self::Bought),
            other => Err(format!("{other:?} is nothing that owners get; choose newest or bought")),
        }
    }
}

/// How long a buyer owns what was bought and may fetch it again without paying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OwnedFor(u32);

/// The text is no length of ownership.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a length of time; write 0, or a number with h or d such as 12h or 30d, at most 3650d")]
pub struct OwnedForError(String);

impl OwnedFor {
    /// Every purchase is charged.
    pub const NEVER: Self = Self(0);
    /// What a file is owned for unless the seller says otherwise.
    pub const DEFAULT: Self = Self(30 * 24 * 3600);
    const MAX_SECONDS: u32 = 3650 * 24 * 3600;

    /// From seconds, as the database keeps it.
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        if seconds > Self::MAX_SECONDS { None } else { Some(Self(seconds)) }
    }

    /// In seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// When a purchase made at `bought` stops being owned.
    pub fn ends(self, bought: DateTime<Utc>) -> DateTime<Utc> {
        bought + TimeDelta::seconds(i64::from(self.0))
    }
}

impl fmt::Display for OwnedFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            seconds if seconds % 86_400 == 0 => write!(f, "{}d", seconds / 86_400),
            seconds if seconds % 3_600 == 0 => write!(f, "{}h", seconds / 3_600),
            seconds => write!(f, "{seconds}s"),
        }
    }
}

impl FromStr for OwnedFor {
    type Err = OwnedForError;

    fn from_str(text: &str) -> Result<Self, OwnedForError> {
        let wrong = || OwnedForError(text.chars().take(40).collect());
        if text == "0" {
            return Ok(Self::NEVER);
        }
        let unit = match text.chars().last() {
            Some('d') => 86_400,
            Some('h') => 3_600,
            Some('m') => 60,
            Some('s') => 1,
            _ => return Err(wrong()),
        };
        let digits = &text[..text.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let seconds = digits.parse::<u32>().ok().and_then(|count| count.checked_mul(unit));
        seconds.and_then(Self::from_seconds).ok_or_else(wrong)
    }
}

/// What the seller has priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The same in every environment.
    pub id: EndpointId,
    /// Where it is reached.
    pub path: CanonicalPath,
    /// Its name for people.
    pub title: String,
    /// What it is, in a few sentences; may be empty.
    pub description: String,
    /// Whether the stall's own pages show it. Who knows its link buys it either way.
    pub is_listed: bool,
    /// What it delivers.
    pub content: Content,
    /// When the content leaves.
    pub mode: Mode,
    /// How long buyers own it.
    pub owned_for: OwnedFor,
    /// What owners of an earlier version receive.
    pub owners_get: OwnersGet,
    /// Whether it sells.
    pub state: EndpointState,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_ownership_is_read_and_written_the_same() {
        for text in ["0", "30d", "12h"] {
            assert_eq!(text.parse::<OwnedFor>().unwrap().to_string(), text);
        }
        assert_eq!("24h".parse::<OwnedFor>().unwrap().to_string(), "1d");
        for wrong in ["", "d", "30", "-1d", "1.5d", "4000d", "99999999999d", "1w", "é"] {
            assert!(wrong.parse::<OwnedFor>().is_err(), "{wrong}");
        }
    }
}

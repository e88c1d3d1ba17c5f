use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where money is play money and where it is not. Each environment has its own data file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// A private chain on this computer.
    #[default]
    Practice,
    /// Public test networks.
    Test,
    /// Real money.
    Live,
}

/// The `User-Agent` of the built-in buyer, whose purchases in practice are the seller's own.
pub const PRACTICE_BUYER: &str = "stallkeeper-practice-buyer";

/// The text names no environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an environment; choose practice, test or live")]
pub struct UnknownEnvironment(pub String);

impl Environment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Practice, Self::Test, Self::Live];

    /// The word used in configuration, file names and output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Environment {
    type Err = UnknownEnvironment;

    fn from_str(text: &str) -> Result<Self, UnknownEnvironment> {
        match text {
            "practice" => Ok(Self::Practice),
            "test" => Ok(Self::Test),
            "live" => Ok(Self::Live),
            other => Err(UnknownEnvironment(other.to_owned())),
        }
    }
}

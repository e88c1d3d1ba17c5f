use std::fmt;
use std::str::FromStr;

/// How far the bytes that a payment bought have got. A dimension of its own beside the payment's
/// state: money can be settled while nothing was delivered, and the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// No byte has left yet.
    Waiting,
    /// Bytes are leaving.
    Streaming,
    /// The last byte was handed to the connection.
    Delivered,
    /// The connection ended before the last byte.
    Interrupted,
}

impl Delivery {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Streaming => "streaming",
            Self::Delivered => "delivered",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Delivery {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Waiting, Self::Streaming, Self::Delivered, Self::Interrupted]
            .into_iter()
            .find(|delivery| delivery.as_str() == text)
            .ok_or(())
    }
}

use std::fmt;

/// A version of the protocol. A payment's version is the one its own JSON names, whatever header
/// it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// Networks by name, terms in the 402's body.
    V1,
    /// Networks as CAIP-2, terms in a header and echoed by the client.
    V2,
}

impl Version {
    /// The number in `x402Version`.
    pub const fn number(self) -> u8 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
        }
    }

    /// The version that `x402Version` names.
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::V1),
            2 => Some(Self::V2),
            _ => None,
        }
    }
}

/// The number alone.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

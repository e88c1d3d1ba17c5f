use std::fmt;
use std::str::FromStr;

/// What a webhook is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A payment was stored; its content may leave.
    PaymentAccepted,
    /// A payment's money arrived, as the chain shows it. Told again if a reorganisation took it back in between.
    PaymentSettled,
    /// A payment brings no money as it stands: it failed, was cancelled, diverted, voided or written off.
    PaymentFailed,
    /// A payment's window passed with its nonce unused.
    PaymentExpired,
    /// A batch is decided and brought money.
    BatchSettled,
    /// The stall sells.
    StallOnline,
    /// The stall does not sell any more.
    StallOffline,
    /// An endpoint is new, or its content, price or state is another one.
    EndpointChanged,
    /// The seller tries the webhook out.
    Test,
}

impl EventKind {
    /// Every kind that a webhook can ask for; a test is told to it alone, whatever it asks for.
    pub const ALL: [Self; 8] = [
        Self::PaymentAccepted,
        Self::PaymentSettled,
        Self::PaymentFailed,
        Self::PaymentExpired,
        Self::BatchSettled,
        Self::StallOnline,
        Self::StallOffline,
        Self::EndpointChanged,
    ];

    /// The word in the database and in every message.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaymentAccepted => "payment.accepted",
            Self::PaymentSettled => "payment.settled",
            Self::PaymentFailed => "payment.failed",
            Self::PaymentExpired => "payment.expired",
            Self::BatchSettled => "batch.settled",
            Self::StallOnline => "stall.online",
            Self::StallOffline => "stall.offline",
            Self::EndpointChanged => "endpoint.changed",
            Self::Test => "webhook.test",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventKind {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL
            .into_iter()
            .chain([Self::Test])
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownEvent(text.chars().take(40).collect()))
    }
}

/// The text names nothing that a webhook is told of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is nothing that a webhook is told of")]
pub struct UnknownEvent(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_word() {
        for kind in EventKind::ALL.into_iter().chain([EventKind::Test]) {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("payment.paid".parse::<EventKind>().is_err());
    }
}

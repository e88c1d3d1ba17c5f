use std::time::Duration;

/// Why a facilitator said nothing that counts. Whether it did what it was asked is not known in any of these cases but
/// the first; the chain is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// It was not reached, so that it was asked nothing.
    #[error("it cannot be reached")]
    NotReached,
    /// It did not answer in time, or broke off in the middle.
    #[error("it did not answer in time")]
    NoAnswer,
    /// It asks to be left alone for a while.
    #[error("it asks to be left alone for a while (HTTP status {status})")]
    Busy {
        /// 429 or 503.
        status: u16,
        /// For how long, if it said so; a day at most.
        retry_after: Option<Duration>,
    },
    /// It does not know who asks.
    #[error("it does not accept the credential (HTTP status {status})")]
    Unauthorised {
        /// 401 or 403.
        status: u16,
    },
    /// It sends its callers elsewhere, which nobody agreed to.
    #[error("it redirects to another address; set the address it really has")]
    Redirected,
    /// It answered something else: a page, nothing, or without end.
    #[error("its answer is not one of a facilitator (HTTP status {status})")]
    NotAnAnswer {
        /// Its status.
        status: u16,
    },
    /// The credential is locked, so that it was asked nothing.
    #[error("its credential is locked")]
    Credential,
}

impl AskError {
    /// Whether it may have taken the payment up all the same.
    pub const fn may_have_acted(&self) -> bool {
        match self {
            Self::NoAnswer | Self::NotAnAnswer { .. } | Self::Busy { .. } => true,
            Self::NotReached | Self::Unauthorised { .. } | Self::Redirected | Self::Credential => false,
        }
    }
}

use std::fmt;
use std::str::FromStr;

/// How a batch is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rail {
    /// By our own transaction.
    Direct,
    /// By a facilitator's transaction, asked for one payment at a time.
    Facilitator,
}

impl Rail {
    /// Every rail.
    pub const ALL: [Self; 2] = [Self::Direct, Self::Facilitator];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Facilitator => "facilitator",
        }
    }
}

/// What a network's facilitator is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FacilitatorUse {
    /// It settles everything, so that no gas wallet is needed.
    Always,
    /// It settles what the gas wallet cannot pay for.
    WithoutGas,
}

impl FacilitatorUse {
    /// Every use.
    pub const ALL: [Self; 2] = [Self::Always, Self::WithoutGas];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::WithoutGas => "without_gas",
        }
    }
}

/// What one of our own transactions is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It settles its batch.
    Settle,
    /// It moves nothing, and uses up a wallet nonce that its batch's transaction waits for (T42).
    Fill,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Settle, Self::Fill];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settle => "settle",
            Self::Fill => "fill",
        }
    }
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatchState {
    /// Its payments are chosen; nothing has been signed.
    Preparing,
    /// A signed transaction is saved and on its way.
    Submitted,
    /// Every one of its payments settled; a reorganisation could still take it back.
    Settled,
    /// Some of its payments settled. It stays that when those are beyond reorganisation, so that
    /// nobody overlooks the others.
    PartlySettled,
    /// None of its payments settled.
    Failed,
    /// Settled and beyond reorganisation.
    Final,
    /// Dissolved before anything was signed; its payments went back to the queue or were excluded.
    Dissolved,
}

impl BatchState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Preparing,
        Self::Submitted,
        Self::Settled,
        Self::PartlySettled,
        Self::Failed,
        Self::Final,
        Self::Dissolved,
    ];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Submitted => "submitted",
            Self::Settled => "settled",
            Self::PartlySettled => "partly_settled",
            Self::Failed => "failed",
            Self::Final => "final",
            Self::Dissolved => "dissolved",
        }
    }
}

/// What became of one payment inside one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentResult {
    /// Still open.
    Pending,
    /// Settled by the batch's transaction.
    Settled,
    /// Found settled by another transaction.
    SettledElsewhere,
    /// Left out before signing or refused on chain; its payment says why.
    Excluded,
    /// Went back to the queue.
    Returned,
}

impl PaymentResult {
    /// Every result.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Settled, Self::SettledElsewhere, Self::Excluded, Self::Returned];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Settled => "settled",
            Self::SettledElsewhere => "settled_elsewhere",
            Self::Excluded => "excluded",
            Self::Returned => "returned",
        }
    }
}

macro_rules! words {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                Self::ALL.into_iter().find(|word| word.as_str() == text).ok_or(())
            }
        }
    )+};
}

words!(Rail, FacilitatorUse, Purpose, BatchState, PaymentResult);

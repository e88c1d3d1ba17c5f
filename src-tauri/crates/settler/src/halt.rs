use std::future::Future;

use chain::ChainError;
use store::StoreError;
use tokio_util::sync::CancellationToken;

/// Why a step ended early. What it had made durable stands, and the next step goes on from there.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The lane is to stop.
    Stopped,
    /// The chain could not be asked.
    Chain(ChainError),
    /// The store could not be read or written.
    Store(StoreError),
    /// The gas wallet did not sign.
    Wallet(String),
    /// The gas wallet holds too little for the next transaction.
    NoGasMoney,
    /// The next transaction could take more gas money than the seller allows for a day.
    DayIsSpent,
}

impl From<ChainError> for Halt {
    fn from(error: ChainError) -> Self {
        Self::Chain(error)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Halt {
    /// Whether it is gas money that is missing: a smaller transaction may be covered.
    pub(crate) const fn is_about_gas(&self) -> bool {
        match self {
            Self::NoGasMoney | Self::DayIsSpent => true,
            Self::Stopped | Self::Chain(_) | Self::Store(_) | Self::Wallet(_) => false,
        }
    }

    /// One sentence for the seller.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Stopped => "Settling was stopped.".into(),
            Self::Chain(error) => hindrance(error),
            Self::Store(error) => format!("Settling waits because {error}."),
            Self::Wallet(error) => format!("Settling waits because the gas wallet does not sign: {error}."),
            Self::NoGasMoney => NO_GAS_MONEY.into(),
            Self::DayIsSpent => DAY_IS_SPENT.into(),
        }
    }
}

const NO_GAS_MONEY: &str =
    "The gas wallet holds too little to pay for the transaction. Add gas money; settling goes on by itself.";

pub(crate) const DAY_IS_SPENT: &str = "The next transaction could take more gas money than you allow within a day. \
Allow more, or settling goes on by itself when the last day's transactions are a day old.";

/// What a chain error means for the seller while settling waits.
pub(crate) fn hindrance(error: &ChainError) -> String {
    match error {
        ChainError::OutOfGasMoney => NO_GAS_MONEY.into(),
        ChainError::FeeTooLow => {
            "The network's fees rose above what the transaction offers. It is sent again until it fits."
                .into()
        }
        ChainError::NonceUsed => {
            "The gas wallet was used elsewhere. Settling looks at the chain before it goes on.".into()
        }
        ChainError::Unreachable { .. } | ChainError::WrongNetwork { .. } => {
            format!("Settling waits because {error}.")
        }
        ChainError::Refused(_) | ChainError::Unknown(_) => {
            format!("Settling waits and looks at the chain again: {error}.")
        }
    }
}

/// Whether there is nobody to ask at all, so that every other question would fail too.
pub(crate) const fn is_away(error: &ChainError) -> bool {
    match error {
        ChainError::Unreachable { .. } | ChainError::WrongNetwork { .. } => true,
        ChainError::OutOfGasMoney
        | ChainError::NonceUsed
        | ChainError::FeeTooLow
        | ChainError::Refused(_)
        | ChainError::Unknown(_) => false,
    }
}

/// A question to the chain that a stop does not have to wait for: asking changes nothing here.
pub(crate) async fn ask<T>(
    stop: &CancellationToken,
    question: impl Future<Output = Result<T, ChainError>>,
) -> Result<T, Halt> {
    tokio::select! {
        biased;
        () = stop.cancelled() => Err(Halt::Stopped),
        answer = question => answer.map_err(Halt::Chain),
    }
}

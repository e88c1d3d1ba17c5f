use chain::ChainError;
use domain::NetworkId;
use store::StoreError;

/// Why settling did not begin. Whatever was under way before goes on; nothing new was started.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SettleError {
    /// There is no lane for the network: it is not set up, or was not reached yet.
    #[error("there is nothing to settle {0} with yet")]
    NoLane(NetworkId),
    /// The chain could not be asked.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gas wallet did not sign.
    #[error("the gas wallet does not sign: {0}")]
    Wallet(String),
    /// The next transaction could take more gas money than the seller allows within a day (I11).
    #[error("the gas money that you allow within a day is spent")]
    DayIsSpent,
    /// The settler stopped, or the lane was replaced, before the answer was known.
    #[error("settling was stopped")]
    Stopped,
}

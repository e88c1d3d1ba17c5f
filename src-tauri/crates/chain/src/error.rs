/// Why the chain could not be asked, or did not do what it was asked.
///
/// Classified once, here; nothing outside this crate reads a node's text. When in doubt the class is
/// [`ChainError::Unknown`], which means: look for evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The node cannot be reached or does not answer in time.
    #[error("the node for {network} does not answer: {detail}")]
    Unreachable {
        /// The network.
        network: domain::NetworkId,
        /// What the connection said, without the URL's secrets.
        detail: String,
    },
    /// The node answers for another network.
    #[error("the node answers as chain {found}, not as {expected}")]
    WrongNetwork {
        /// What was configured.
        expected: domain::NetworkId,
        /// The chain id that the node gave.
        found: u64,
    },
    /// The gas wallet cannot pay for the transaction.
    #[error("the gas wallet cannot pay for the transaction")]
    OutOfGasMoney,
    /// The wallet nonce of a transaction is already used by a mined one.
    #[error("the wallet nonce is already used")]
    NonceUsed,
    /// The node wants a higher fee for this nonce or now.
    #[error("the offered fee is too low")]
    FeeTooLow,
    /// The call was refused by the contract that was asked.
    #[error("the contract refused the call: {0}")]
    Refused(String),
    /// Anything else. Says nothing about what happened to money.
    #[error("the node answered something unexpected: {0}")]
    Unknown(String),
}

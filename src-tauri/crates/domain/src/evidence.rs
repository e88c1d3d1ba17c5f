use alloy_primitives::B256;

use crate::FailureReason;

/// Where on the chain something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The block's number.
    pub block: u64,
    /// The block's hash: another hash at the same number means that the block is gone.
    pub block_hash: B256,
    /// The transaction that carried it.
    pub transaction: B256,
}

/// What the chain says about one payment (I7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The token used the nonce and, in the same call, moved the exact value to the payout address,
    /// in our own transaction.
    Settled(Evidence),
    /// The same, in somebody else's transaction.
    SettledElsewhere(Evidence),
    /// The payer cancelled the nonce.
    Cancelled(Evidence),
    /// The nonce was used for another transfer.
    Diverted(Evidence),
    /// The window passed on chain with the nonce unused.
    Expired,
    /// The token refuses the transfer now; the nonce is unused.
    Failed(FailureReason),
    /// Nothing is proved yet; the payment goes back to the queue or keeps waiting.
    Unknown,
}

use alloy_primitives::B256;

/// What a lane is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaneState {
    /// Nothing is under way.
    Idle,
    /// Payments are being chosen, simulated and signed.
    Preparing,
    /// A transaction was sent and is not mined yet.
    Waiting {
        /// Its hash; the oldest one's when there are several.
        hash: B256,
    },
    /// A facilitator is asked to settle payments.
    Asking,
    /// Something hinders; it is tried again by itself.
    Blocked(
        /// One sentence for the seller.
        String,
    ),
}

//! The one place that reads why a token refused a transfer.

use alloy::sol_types::{Revert, SolError as _};
use domain::FailureReason;

/// What stands in a token's reason, and what it means. Circle's tokens and those that behave like them say the first
/// column; a token with other words or with errors of its own is [`FailureReason::Refused`].
const REASONS: &[(&str, FailureReason)] = &[
    ("authorization is expired", FailureReason::Expired),
    ("authorization is not yet valid", FailureReason::NotYetValid),
    ("authorization is used or canceled", FailureReason::NonceUsed),
    ("invalid signature", FailureReason::SignatureRefused),
    ("transfer amount exceeds balance", FailureReason::Underfunded),
    ("account is blacklisted", FailureReason::Blocked),
    ("Pausable: paused", FailureReason::Paused),
];

/// The reason in a call's revert data.
pub(crate) fn reason(revert_data: &[u8]) -> FailureReason {
    let Ok(revert) = Revert::abi_decode(revert_data) else { return FailureReason::Refused };
    REASONS
        .iter()
        .find(|(words, _)| revert.reason.contains(words))
        .map_or(FailureReason::Refused, |(_, reason)| *reason)
}

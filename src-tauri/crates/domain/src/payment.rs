use std::fmt;
use std::str::FromStr;

/// Where a payment stands (I8: every payment is in exactly one state).
///
/// `queued → settling → settled | settled_elsewhere | failed | expired | cancelled | diverted |
/// written_off`, and `voided` for an authorization dropped unsubmitted because nothing was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentState {
    /// Stored and waiting to be settled.
    Queued,
    /// Chosen for a batch; leaves only on evidence.
    Settling,
    /// The money arrived by our transaction.
    Settled,
    /// The money arrived by somebody else's transaction.
    SettledElsewhere,
    /// Refused on chain; may be tried again.
    Failed,
    /// Its window passed on chain with its nonce unused.
    Expired,
    /// The payer cancelled it on chain.
    Cancelled,
    /// The payer used its nonce for another transfer.
    Diverted,
    /// Given up in the open.
    WrittenOff,
    /// Dropped unsubmitted because nothing was delivered.
    Voided,
}

impl PaymentState {
    /// Every state, in the order in which summaries list them.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Settling,
        Self::Settled,
        Self::SettledElsewhere,
        Self::Failed,
        Self::Expired,
        Self::Cancelled,
        Self::Diverted,
        Self::WrittenOff,
        Self::Voided,
    ];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Settling => "settling",
            Self::Settled => "settled",
            Self::SettledElsewhere => "settled_elsewhere",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Diverted => "diverted",
            Self::WrittenOff => "written_off",
            Self::Voided => "voided",
        }
    }

    /// Whether a payment may step from this state to `next`.
    pub const fn can_become(self, next: Self) -> bool {
        match self {
            Self::Queued => matches!(
                next,
                Self::Settling
                    | Self::Settled
                    | Self::SettledElsewhere
                    | Self::Expired
                    | Self::Cancelled
                    | Self::Diverted
                    | Self::WrittenOff
                    | Self::Voided
            ),
            Self::Settling => matches!(
                next,
                Self::Queued
                    | Self::Settled
                    | Self::SettledElsewhere
                    | Self::Failed
                    | Self::Expired
                    | Self::Cancelled
                    | Self::Diverted
            ),
            // A reorganisation of the chain can take back what was seen but was not final.
            Self::Settled => matches!(next, Self::Queued),
            Self::SettledElsewhere => matches!(next, Self::Queued),
            // Once beyond reorganisation, the seller may close them.
            Self::Cancelled | Self::Diverted => matches!(next, Self::Queued | Self::WrittenOff),
            // Its signature holds until its window is over, whoever submits it.
            Self::Failed => matches!(
                next,
                Self::Queued
                    | Self::Expired
                    | Self::WrittenOff
                    | Self::Settled
                    | Self::SettledElsewhere
                    | Self::Cancelled
                    | Self::Diverted
            ),
            Self::Expired => matches!(next, Self::WrittenOff),
            // Taken up again where it stood, or paid after all.
            Self::WrittenOff => matches!(
                next,
                Self::Queued
                    | Self::Failed
                    | Self::Expired
                    | Self::Cancelled
                    | Self::Diverted
                    | Self::Settled
                    | Self::SettledElsewhere
            ),
            Self::Voided => false,
        }
    }

    /// Whether the value is delivered (or about to be) and not yet on chain: exposure.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Settling)
    }

    /// Whether the money reached the payout address.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Settled | Self::SettledElsewhere)
    }

    /// Whether the seller should look at it.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Failed | Self::Expired | Self::Cancelled | Self::Diverted)
    }
}

impl fmt::Display for PaymentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PaymentState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.chars().take(40).collect()))
    }
}

/// The text names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a payment state")]
pub struct UnknownState(String);

/// Why a payment could not be settled. What the seller can do about it hangs on this, never on a
/// node's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureReason {
    /// The payer no longer holds enough.
    Underfunded,
    /// The payer is on the token's block list.
    Blocked,
    /// The payout address is on the token's block list, which is no fault of the payer.
    PayoutBlocked,
    /// The token is paused by its issuer.
    Paused,
    /// The payer's address has code now, so the token no longer accepts its plain signature.
    PayerHasCode,
    /// The token refuses the signature.
    SignatureRefused,
    /// The authorization is not valid yet on the chain's clock.
    NotYetValid,
    /// The chain's clock is past the authorization's window.
    Expired,
    /// The nonce was used or cancelled before our transaction.
    NonceUsed,
    /// The token refused and gave no reason we know.
    Refused,
    /// Settling it would have cost more than it brings.
    NotWorthGas,
}

impl FailureReason {
    /// Every reason.
    pub const ALL: [Self; 11] = [
        Self::Underfunded,
        Self::Blocked,
        Self::PayoutBlocked,
        Self::Paused,
        Self::PayerHasCode,
        Self::SignatureRefused,
        Self::NotYetValid,
        Self::Expired,
        Self::NonceUsed,
        Self::Refused,
        Self::NotWorthGas,
    ];

    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Underfunded => "underfunded",
            Self::Blocked => "blocked",
            Self::PayoutBlocked => "payout_blocked",
            Self::Paused => "paused",
            Self::PayerHasCode => "payer_has_code",
            Self::SignatureRefused => "signature_refused",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::NonceUsed => "nonce_used",
            Self::Refused => "refused",
            Self::NotWorthGas => "not_worth_gas",
        }
    }

    /// One sentence for the seller.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Underfunded => "The buyer's wallet no longer holds enough.",
            Self::Blocked => "The token's issuer has blocked the buyer.",
            Self::PayoutBlocked => "The token's issuer has blocked the payout address.",
            Self::Paused => "The token's issuer has paused all transfers.",
            Self::PayerHasCode => {
                "The buyer's wallet became a smart account, so its signature no longer settles."
            }
            Self::SignatureRefused => "The token does not accept the buyer's signature.",
            Self::NotYetValid => "The authorization is not valid yet, usually because of a clock difference.",
            Self::Expired => "The buyer's authorization expired before it was settled.",
            Self::NonceUsed => "The authorization was already used or cancelled.",
            Self::Refused => "The token refused the transfer without a reason we know.",
            Self::NotWorthGas => "Settling it would have cost more gas than it brings in.",
        }
    }

    /// Whether waiting can help, so that the payment goes back to the queue by itself.
    pub const fn is_passing(self) -> bool {
        match self {
            Self::PayoutBlocked | Self::Paused | Self::NotYetValid => true,
            Self::Underfunded
            | Self::Blocked
            | Self::PayerHasCode
            | Self::SignatureRefused
            | Self::Expired
            | Self::NonceUsed
            | Self::Refused
            | Self::NotWorthGas => false,
        }
    }
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FailureReason {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or_else(|| UnknownState(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_reason_reads_back_from_its_word() {
        for state in PaymentState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        for reason in FailureReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(reason));
        }
        assert!("paid".parse::<PaymentState>().is_err());
    }

    #[test]
    fn only_unpaid_payments_can_settle_by_us_and_only_unsubmitted_ones_are_voided() {
        for state in PaymentState::ALL {
            // A transaction that a reorganisation took, and nobody waited for any more, may come again.
            let can_settle = matches!(
                state,
                PaymentState::Settling
                    | PaymentState::Queued
                    | PaymentState::Failed
                    | PaymentState::WrittenOff
            );
            assert_eq!(state.can_become(PaymentState::Settled), can_settle);
            let can_fail = matches!(state, PaymentState::Settling | PaymentState::WrittenOff);
            assert_eq!(state.can_become(PaymentState::Failed), can_fail);
            assert_eq!(state.can_become(PaymentState::Voided), state == PaymentState::Queued);
            assert!(!state.can_become(state), "{state} does not step to itself");
        }
    }

    #[test]
    fn a_payment_is_open_paid_waiting_for_a_person_or_closed_but_never_two_of_them() {
        for state in PaymentState::ALL {
            let faces = [state.is_open(), state.is_paid(), state.needs_attention()];
            assert!(faces.into_iter().filter(|face| *face).count() <= 1, "{state}");
        }
    }
}

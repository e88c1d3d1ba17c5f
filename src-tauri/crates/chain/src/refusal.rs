//! The one place that reads why a token refused a transfer.

use alloy::sol_types::{Revert, SolError as _};
use domain::FailureReason;

/// What stands in a token's reason, in small letters, and what it means. These are the words of Circle's tokens and of
/// those that behave like them; a token with other words or with errors of its own is [`FailureReason::Refused`].
const REASONS: &[(&str, FailureReason)] = &[
    ("authorization is expired", FailureReason::Expired),
    ("authorization is not yet valid", FailureReason::NotYetValid),
    ("authorization is used or canceled", FailureReason::NonceUsed),
    ("invalid signature", FailureReason::SignatureRefused),
    ("transfer amount exceeds balance", FailureReason::Underfunded),
    ("account is blacklisted", FailureReason::Blocked),
    ("pausable: paused", FailureReason::Paused),
];

/// The reason in a call's revert data.
pub(crate) fn reason(revert_data: &[u8]) -> FailureReason {
    let Ok(revert) = Revert::abi_decode(revert_data) else { return FailureReason::Refused };
    let said = revert.reason.to_lowercase();
    REASONS
        .iter()
        .find(|(words, _)| said.contains(words))
        .map_or(FailureReason::Refused, |(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_circles_token_mean_one_reason_each() {
        for (words, expected) in [
            ("FiatTokenV2: authorization is expired", FailureReason::Expired),
            ("FiatTokenV2: authorization is not yet valid", FailureReason::NotYetValid),
            ("FiatTokenV2: authorization is used or canceled", FailureReason::NonceUsed),
            ("FiatTokenV2: invalid signature", FailureReason::SignatureRefused),
            ("ECRecover: invalid signature 's' value", FailureReason::SignatureRefused),
            ("ECRecover: invalid signature 'v' value", FailureReason::SignatureRefused),
            ("ERC20: transfer amount exceeds balance", FailureReason::Underfunded),
            ("Blacklistable: account is blacklisted", FailureReason::Blocked),
            ("FiatTokenV2_2: Account is blacklisted", FailureReason::Blocked),
            ("Pausable: paused", FailureReason::Paused),
            ("something new", FailureReason::Refused),
            ("", FailureReason::Refused),
        ] {
            assert_eq!(reason(&Revert::from(words).abi_encode()), expected, "{words}");
        }
    }

    #[test]
    fn a_refusal_in_another_form_is_only_a_refusal() {
        let custom_error = [0xfb, 0x8f, 0x41, 0xb2, 0, 0, 0, 1];
        let cut = &Revert::from("Pausable: paused").abi_encode()[..40];
        for data in [&[][..], &[0x08], &custom_error, cut] {
            assert_eq!(reason(data), FailureReason::Refused);
        }
    }
}

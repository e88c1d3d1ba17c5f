//! The one place that reads what a node says when it does not do what it was asked.

use std::error::Error as _;
use std::io::ErrorKind;

use alloy::rpc::json_rpc::ErrorPayload;
use domain::NetworkId;

use crate::ChainError;

/// Why a call to a node brought no result, before it is known what the call was for.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// No answer.
    Away(String),
    /// An answer that says to come back later, or none because of our own limits.
    Busy(String),
    /// An answer from another network.
    WrongNetwork(u64),
    /// The node refused the call.
    Refused(ErrorPayload),
    /// An answer that is none.
    Garbled(String),
}

impl Failure {
    /// What went wrong between us and the node, in words that never hold its URL: a path or a query may be a secret.
    pub(crate) fn from_http(error: &reqwest::Error) -> Self {
        let mut cause = error.source();
        while let Some(deeper) = cause.and_then(|cause| cause.source()) {
            cause = Some(deeper);
        }
        let kind = cause.and_then(|cause| cause.downcast_ref()).map(std::io::Error::kind);
        Self::Away(match kind {
            _ if error.is_timeout() => "it did not answer in time".to_owned(),
            // The kinds that say more than that there is no connection.
            Some(
                kind @ (ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionReset
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable),
            ) => kind.to_string(),
            Some(_) | None if error.is_connect() => "no connection could be made".to_owned(),
            Some(_) | None => "the connection broke".to_owned(),
        })
    }

    /// What the node's refusal means. Being told to slow down is like getting no answer, and so is an answer of one of
    /// several computers behind a node that has not heard of the newest block yet.
    pub(crate) fn from_refusal(refusal: ErrorPayload) -> Self {
        if refusal.message == "header not found" {
            Self::Away("it does not know the newest block yet".to_owned())
        } else if refusal.is_retry_err() {
            Self::Busy("it asks for fewer calls".to_owned())
        } else {
            Self::Refused(refusal)
        }
    }

    /// Whether another node may do better.
    pub(crate) fn is_of_this_node(&self) -> bool {
        match self {
            Self::Away(_) | Self::Busy(_) | Self::WrongNetwork(_) | Self::Garbled(_) => true,
            Self::Refused(_) => false,
        }
    }

    /// What went wrong, for people.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Away(detail) | Self::Busy(detail) | Self::Garbled(detail) => detail.clone(),
            Self::WrongNetwork(found) => format!("it answers as chain {found}"),
            Self::Refused(refusal) => short(&refusal.message),
        }
    }

    /// The class of a failure that says nothing about what was asked.
    pub(crate) fn into_error(self, network: NetworkId) -> ChainError {
        match self {
            Self::Away(detail) | Self::Busy(detail) => ChainError::Unreachable { network, detail },
            Self::WrongNetwork(found) => ChainError::WrongNetwork { expected: network, found },
            Self::Refused(refusal) if is_revert(&refusal) => ChainError::Refused(short(&refusal.message)),
            Self::Refused(refusal) => ChainError::Unknown(short(&refusal.message)),
            Self::Garbled(detail) => ChainError::Unknown(detail),
        }
    }
}

/// Whether the node ran the call and a contract refused it.
pub(crate) fn is_revert(refusal: &ErrorPayload) -> bool {
    let text = refusal.message.to_ascii_lowercase();
    refusal.code == 3
        || ["revert", "out of gas", "outofgas", "invalid opcode"].iter().any(|word| text.contains(word))
}

/// What a node's refusal of a transaction means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BroadcastRefusal {
    AlreadyKnown,
    NonceUsed,
    FeeTooLow,
    OutOfGasMoney,
    Unknown,
}

/// Reads a node's refusal of a transaction (T43). The words are those of geth, reth, erigon, nethermind, besu and anvil.
pub(crate) fn broadcast_refusal(refusal: &ErrorPayload) -> BroadcastRefusal {
    const WORDS: [(BroadcastRefusal, &[&str]); 4] = [
        (
            BroadcastRefusal::AlreadyKnown,
            &[
                "already known",
                "alreadyknown",
                "already imported",
                "known transaction",
                "already exists",
                "already in mempool",
            ],
        ),
        (
            BroadcastRefusal::NonceUsed,
            &["nonce too low", "nonce is too low", "nonce_too_low", "oldnonce", "invalid nonce; got"],
        ),
        (
            BroadcastRefusal::FeeTooLow,
            &[
                "underpriced",
                "less than block base fee",
                "feetoolow",
                "fee too low",
                "fee cap less than",
                "gas price too low",
                "below minimum gas",
                "feecap too low",
            ],
        ),
        (
            BroadcastRefusal::OutOfGasMoney,
            &["insufficient funds", "insufficientfunds", "insufficient balance", "upfront cost exceeds"],
        ),
    ];
    let text = refusal.message.to_ascii_lowercase();
    WORDS
        .into_iter()
        .find(|(_, words)| words.iter().any(|word| text.contains(word)))
        .map_or(BroadcastRefusal::Unknown, |(meaning, _)| meaning)
}

/// A node's text, cut to what fits a line.
pub(crate) fn short(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i64, message: &str) -> ErrorPayload {
        ErrorPayload { code, message: message.to_owned().into(), data: None }
    }

    /// T43: what nodes say when they do not take a transaction.
    #[test]
    fn every_nodes_words_for_one_refusal_have_one_meaning() {
        for (meaning, messages) in [
            (
                BroadcastRefusal::AlreadyKnown,
                &[
                    "already known",
                    "transaction already imported",
                    "AlreadyKnown",
                    "ALREADY_EXISTS: already known",
                ][..],
            ),
            (
                BroadcastRefusal::NonceUsed,
                &["nonce too low", "nonce too low: next nonce 5, tx nonce 3", "OldNonce", "Nonce too low"],
            ),
            (
                BroadcastRefusal::FeeTooLow,
                &[
                    "replacement transaction underpriced",
                    "transaction underpriced",
                    "max fee per gas less than block base fee: address 0x00, maxFeePerGas: 1, baseFee: 2",
                    "FeeTooLow, EffectivePriorityFeePerGas too low",
                ],
            ),
            (
                BroadcastRefusal::OutOfGasMoney,
                &[
                    "insufficient funds for gas * price + value: balance 0, tx cost 1",
                    "Insufficient funds for gas * price + value",
                    "InsufficientFunds, Balance is 0",
                ],
            ),
            (BroadcastRefusal::Unknown, &["intrinsic gas too high", "internal error", ""]),
        ] {
            for message in messages {
                assert_eq!(broadcast_refusal(&refusal(-32_000, message)), meaning, "{message}");
            }
        }
    }

    #[test]
    fn a_node_that_asks_for_fewer_calls_is_away_and_not_a_judge() {
        for busy in [refusal(429, "slow down"), refusal(-32_005, "limit exceeded")] {
            assert!(matches!(Failure::from_refusal(busy), Failure::Busy(_)));
        }
        // What a node says that is behind: it need not be left alone for that.
        assert!(matches!(Failure::from_refusal(refusal(-32_000, "header not found")), Failure::Away(_)));
        assert!(matches!(Failure::from_refusal(refusal(3, "execution reverted")), Failure::Refused(_)));
    }

    #[test]
    fn a_contracts_refusal_is_told_from_a_nodes() {
        let network = NetworkId::BASE_SEPOLIA;
        let class = |code, message| Failure::Refused(refusal(code, message)).into_error(network);
        assert!(matches!(class(3, "execution reverted: Pausable: paused"), ChainError::Refused(_)));
        assert!(matches!(class(-32_000, "execution reverted"), ChainError::Refused(_)));
        assert!(matches!(class(-32_000, "header for hash not found"), ChainError::Unknown(_)));
        assert_eq!(class(-32_000, &"\u{7}x".repeat(500)), ChainError::Unknown("x".repeat(200)));
    }
}

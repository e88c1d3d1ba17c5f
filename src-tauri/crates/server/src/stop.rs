use std::borrow::Cow;
use std::time::Duration;

use domain::Cap;
use store::{StoreError, Use};
use x402::Code;

use crate::check::SignedBy;
use crate::content::Problem;
use crate::reply::{self, LATER, Reply, SOON};
use crate::visits;

/// How a request with a payment ends without content.
pub(crate) enum Stop {
    /// 402 with fresh terms and the reason.
    Refused(Refused),
    /// Any other finished answer.
    Reply(Box<Reply>),
}

/// Why a payment is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) sentence: Cow<'static, str>,
    /// Whether the same authorization paid for the very same thing before and proves nothing any more.
    pub(crate) already_paid: bool,
}

impl Refused {
    pub(crate) fn because(code: Code, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { code, sentence: sentence.into(), already_paid: false }
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self::because(code, code.sentence())
    }
}

impl From<Reply> for Stop {
    fn from(reply: Reply) -> Self {
        Self::Reply(Box::new(reply))
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<StoreError> for Stop {
    /// What cannot be stored is not sold (T62).
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed a request with a payment");
        let message = "The seller's records cannot be used at the moment. Nothing is sold until they can.";
        reply::unavailable("store_unavailable", message, LATER).into()
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        undeliverable(&problem).into()
    }
}

/// The file cannot be delivered as it was published.
pub(crate) fn undeliverable(problem: &Problem) -> Reply {
    let seconds = if *problem == Problem::Checking { SOON } else { LATER };
    reply::unavailable("content_unavailable", problem.sentence(), seconds)
}

/// Nobody is asked to pay now.
pub(crate) fn closed(reason: &str) -> Reply {
    reply::unavailable("not_for_sale_now", reason, LATER)
}

/// Whoever pays that often gets a rest.
pub(crate) fn too_often(wait: Duration) -> Stop {
    let message = "You pay more often than the seller lets one payer; nothing was charged. Come again later.";
    visits::too_often("too_many_payments", message, wait).into()
}

/// Balances are never guessed (I5).
pub(crate) fn chain_away() -> Stop {
    let message = "The payment network cannot be asked at the moment. Nothing was charged.";
    reply::unavailable("chain_unavailable", message, LATER).into()
}

/// Nothing can be settled at the moment, so nobody is asked to wait for it (T46).
pub(crate) fn nothing_settles() -> Reply {
    let message = "The seller cannot settle payments at the moment, and this is sold only once it is settled. \
                   Nothing was charged.";
    reply::unavailable("settlement_unavailable", message, LATER)
}

/// A signature that is not the payer's, whose address has no code that could take it (T16).
pub(crate) fn not_signed(signed_by: SignedBy) -> Refused {
    match signed_by {
        SignedBy::Nobody(Some(malformed)) => {
            Refused::because(Code::Signature, format!("The signature is malformed: {malformed}."))
        }
        SignedBy::Nobody(None) | SignedBy::Key(_) => Code::Signature.into(),
    }
}

/// The token asks the code at the payer's address, and that code says no (T19, T20).
pub(crate) fn not_accepted_by_code(signed_by: SignedBy) -> Refused {
    let sentence = match signed_by {
        SignedBy::Key(_) => {
            "The paying wallet was delegated to code (EIP-7702) that does not accept the signature of its key, and \
             the token asks that code. Please pay from another wallet."
        }
        SignedBy::Nobody(_) => {
            "The code of the paying smart account does not accept this signature, or takes more gas for it than is \
             paid for."
        }
    };
    Refused::because(Code::Signature, sentence)
}

/// Older tokens recover keys only.
pub(crate) fn no_code_by_token() -> Refused {
    let sentence = "This token takes no payments of smart accounts. Please pay from a plain wallet.";
    Refused::because(Code::Signature, sentence)
}

/// An earlier payment of the same code, or of others like it, was refused on chain at the seller's cost (I11).
pub(crate) fn distrusted() -> Refused {
    let sentence = "Payments by smart accounts failed on chain, so the seller takes none of this one for now. \
                    Please pay from another wallet.";
    Refused::because(Code::PayerDistrusted, sentence)
}

/// A sale beyond the seller's caps (I5): the wallet is good for it, and may be asked again later.
pub(crate) fn capped(cap: Cap) -> Refused {
    Refused::because(Code::CapReached, cap.sentence())
}

/// A payer with whom the seller wants no more business.
pub(crate) fn blocked() -> Refused {
    Code::PayerBlocked.into()
}

/// An authorization that was decided or dropped, or that bought something else (T13).
pub(crate) fn used(before: Use) -> Refused {
    let sentence = match before {
        Use::Paid => {
            "This authorization has already paid for this. Sign a fresh one: who owns it is not charged again."
        }
        Use::Unpaid => {
            "This authorization was to pay for this and its money did not come. Please sign a fresh one."
        }
        Use::Other => "This authorization was used before and buys nothing here. Please sign a fresh one.",
    };
    let already_paid = before == Use::Paid;
    Refused { already_paid, ..Refused::because(Code::TransactionState, sentence) }
}

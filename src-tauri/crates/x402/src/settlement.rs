use alloy_primitives::{Address, B256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Amount, NetworkId, PaymentId};

use crate::extension::members;
use crate::header::LONGEST_WRITTEN;
use crate::quoted::Quoted;
use crate::{Code, Extension, Version};

/// How far the settlement of an accepted payment has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Stored and waiting; nothing is on chain, so `transaction` stays empty.
    Queued {
        /// Unix seconds.
        settle_by: u64,
    },
    /// Seen on chain.
    Settled {
        /// The transaction's hash.
        transaction: B256,
    },
}

/// An accepted payment, as its buyer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Where it settles.
    pub network: NetworkId,
    /// Who paid.
    pub payer: Address,
    /// What was paid.
    pub amount: Amount,
    /// The payment's id, with which the buyer can ask what became of it.
    pub commitment_id: PaymentId,
    /// How far it has got.
    pub progress: Progress,
}

/// What the answer to an accepted payment says beyond what became of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'t> {
    /// Extensions, the most important first; only version 2 is told them, and only as many as have room.
    pub extensions: &'t [Extension],
    /// Where the state of the payment can be read, an absolute URL.
    pub status_url: Option<&'t str>,
    /// Where the buyer finds the receipt, an absolute URL.
    pub receipt_url: Option<&'t str>,
    /// Whether the payment's id stands in the place of the transaction while there is none, for clients that insist on
    /// something there. It is no hash, so only sellers who sell to such clients switch this on.
    pub id_as_transaction: bool,
}

/// The headers that tell a buyer what became of a payment. Both are base64 of ASCII JSON; they say
/// the same, each with its version's name of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementResponse {
    /// The value of `PAYMENT-RESPONSE`.
    pub payment_response: String,
    /// The value of `X-PAYMENT-RESPONSE`; none where version 1 has no name for the network, so that
    /// no client of that version can have paid.
    pub x_payment_response: Option<String>,
}

impl SettlementResponse {
    /// The payment was accepted: `success` is true while it is queued as well as when it is settled,
    /// and `extra` says which.
    pub fn accepted(paid: &Paid) -> Self {
        Self::accepted_with(paid, &Beside::default())
    }

    /// The same with what is said beside it.
    pub fn accepted_with(paid: &Paid, beside: &Beside<'_>) -> Self {
        let mut extensions = beside.extensions;
        loop {
            let response = Self::written(paid, beside, extensions);
            match extensions {
                [fewer @ .., _] if response.payment_response.len() > LONGEST_WRITTEN => extensions = fewer,
                _ => return response,
            }
        }
    }

    fn written(paid: &Paid, beside: &Beside<'_>, extensions: &[Extension]) -> Self {
        let Paid { network, payer, amount, commitment_id, progress } = paid;
        let (transaction, settlement) = match progress {
            Progress::Queued { settle_by } => {
                let id = if beside.id_as_transaction { commitment_id.to_string() } else { String::new() };
                (id, format!(r#"{{"status":"queued","settleBy":{settle_by}}}"#))
            }
            Progress::Settled { transaction } => {
                (transaction.to_string(), r#"{"status":"settled"}"#.to_owned())
            }
        };
        let head = format!(r#"{{"success":true,"transaction":"{transaction}","payer":"{payer}""#);
        let mut extra = format!(r#""extra":{{"commitmentId":"{commitment_id}","settlement":{settlement}"#);
        for (name, url) in [("statusUrl", beside.status_url), ("receiptUrl", beside.receipt_url)] {
            if let Some(url) = url {
                extra.push_str(&format!(r#","{name}":{}"#, Quoted(url)));
            }
        }
        let extensions = match members(extensions) {
            none if none.is_empty() => none,
            some => format!(r#""extensions":{{{some}}},"#),
        };
        Self::named(*network, |version, name| match version {
            Version::V1 => format!(r#"{head},"network":"{name}",{extra}}}}}"#),
            Version::V2 => {
                format!(r#"{head},"network":"{name}","amount":"{amount}",{extensions}{extra}}}}}"#)
            }
        })
    }

    /// The payment could not be settled and nothing is delivered for it. No transaction is named,
    /// whether or not one was tried.
    pub fn failed(network: NetworkId, payer: Address, code: Code, sentence: &str) -> Self {
        let head = format!(
            r#"{{"success":false,"errorReason":"{code}","errorMessage":{},"transaction":"","payer":"{payer}""#,
            Quoted(sentence)
        );
        Self::named(network, |_, name| format!(r#"{head},"network":"{name}"}}"#))
    }

    fn named(network: NetworkId, json: impl Fn(Version, &str) -> String) -> Self {
        let v1_name = network.known().and_then(|known| known.v1_name);
        Self {
            payment_response: STANDARD.encode(json(Version::V2, &network.to_string())),
            x_payment_response: v1_name.map(|name| STANDARD.encode(json(Version::V1, name))),
        }
    }
}

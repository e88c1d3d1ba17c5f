use alloy_primitives::B256;
use serde_json::Value;

use super::{tame, text};

/// What a facilitator says about a payment that it was asked to settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettleAnswer {
    /// It is done; by which transaction, if one is named.
    Settled {
        /// A hash, if what it named is one.
        transaction: Option<B256>,
    },
    /// A transaction was sent and is not in a block yet.
    Pending {
        /// A hash, if what it named is one.
        transaction: Option<B256>,
    },
    /// It did not do it.
    Refused {
        /// Its reason, cut to one short line of plain characters.
        reason: String,
    },
}

/// Words that say that nothing is decided.
const PENDING: &[&str] = &["settlement_pending", "pending"];

/// Reads the answer to `POST /settle`, whichever status it came with: the flag in the body counts. None when it is no
/// answer of a facilitator.
pub fn read_settle_answer(body: &[u8]) -> Option<SettleAnswer> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let success = flag(&value, &["success", "settled"])?;
    let named = text(&value, &["transaction", "txHash", "tx_hash", "transactionHash", "hash"]);
    let transaction = named.and_then(|hash| hash.trim().parse().ok());
    let reason = text(
        &value,
        &["errorReason", "error_reason", "error", "invalidReason", "errorMessage", "reason", "message"],
    );
    let status = text(&value, &["status"]);
    let is_pending = [reason, status].into_iter().flatten().any(|word| PENDING.contains(&word));
    Some(match (success, is_pending) {
        (_, true) => SettleAnswer::Pending { transaction },
        (true, false) => SettleAnswer::Settled { transaction },
        (false, false) => {
            SettleAnswer::Refused { reason: reason.map_or_else(|| "no reason given".to_owned(), tame) }
        }
    })
}

fn flag(value: &Value, names: &[&str]) -> Option<bool> {
    names.iter().find_map(|name| value.get(name)?.as_bool())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: &str = "0xd8a41fb865beba51d9e795f556dc3b77e6ce5bb20a0dceb2e0691aa791997531";

    fn read(body: &str) -> Option<SettleAnswer> {
        read_settle_answer(body.replace("HASH", HASH).as_bytes())
    }

    fn refused(reason: &str) -> Option<SettleAnswer> {
        Some(SettleAnswer::Refused { reason: reason.to_owned() })
    }

    #[test]
    fn every_known_spelling_of_an_answer_is_read() {
        let transaction = Some(HASH.parse().unwrap());
        let (settled, pending) =
            (Some(SettleAnswer::Settled { transaction }), Some(SettleAnswer::Pending { transaction }));
        for (body, expected) in [
            (r#"{"success":true,"transaction":"HASH","network":"eip155:84532","payer":"0x1"}"#, &settled),
            (r#"{"success":true,"error":null,"txHash":"HASH","networkId":"84532"}"#, &settled),
            (r#"{"success":true,"errorReason":"","transaction":" HASH "}"#, &settled),
            (r#"{"success":false,"errorReason":"settlement_pending","transaction":"HASH"}"#, &pending),
            (r#"{"success":true,"status":"pending","transaction":"HASH"}"#, &pending),
        ] {
            assert_eq!(&read(body), expected, "{body}");
        }
        let (settled, pending) = (
            Some(SettleAnswer::Settled { transaction: None }),
            Some(SettleAnswer::Pending { transaction: None }),
        );
        for (body, expected) in [
            (r#"{"success":true}"#, &settled),
            (r#"{"success":true,"transaction":""}"#, &settled),
            (r#"{"success":true,"transaction":"7f9c24e5-0a51-4b5e-b3a1-8b1f7f3c2d10"}"#, &settled),
            (r#"{"success":false,"errorReason":"settlement_pending","paymentId":"7"}"#, &pending),
        ] {
            assert_eq!(&read(body), expected, "{body}");
        }
    }

    #[test]
    fn a_refusal_is_told_by_its_flag_and_its_reason_is_tamed() {
        for (body, reason) in [
            (r#"{"success":false,"errorReason":"insufficient_funds"}"#, "insufficient_funds"),
            (
                r#"{"success":false,"network":"","transaction":"","error_reason":"invalid_signature"}"#,
                "invalid_signature",
            ),
            (r#"{"success":false,"error":"nope"}"#, "nope"),
            (r#"{"success":false}"#, "no reason given"),
            (r#"{"success":false,"errorReason":"a\nb\u0007<\u202e>"}"#, "a?b?<?>"),
        ] {
            assert_eq!(read(body), refused(reason), "{body}");
        }
        let long = format!(r#"{{"success":false,"error":"{}"}}"#, "x".repeat(5_000));
        assert_eq!(read(&long), refused(&"x".repeat(120)));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for body in ["", "<html>502</html>", "[]", "{}", r#"{"success":"yes"}"#, "null", "true"] {
            assert_eq!(read(body), None, "{body}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_settle_answer(&body);
        }
    }
}

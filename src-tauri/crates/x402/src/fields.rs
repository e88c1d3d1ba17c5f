//! The spellings of single values: one spelling each, and nothing is repaired.

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use domain::LONGEST_SIGNATURE;

use crate::PaymentError;

/// The end of every signature wrapped as ERC-6492.
const ERC_6492_END: &str = "6492649264926492649264926492649264926492649264926492649264926492";

/// Decimal digits in a string, without sign, spaces or leading zeros.
pub(crate) fn decimal(field: &'static str, text: &str) -> Result<U256, PaymentError> {
    let malformed =
        PaymentError::Malformed { field, expected: "a whole number below 2^256 in decimal digits" };
    if text.is_empty()
        || text.len() > 78
        || !text.bytes().all(|b| b.is_ascii_digit())
        || (text.len() > 1 && text.starts_with('0'))
    {
        return Err(malformed);
    }
    // Everyday amounts take the short way.
    match text.parse::<u64>() {
        Ok(small) => Ok(U256::from(small)),
        Err(_) => U256::from_str_radix(text, 10).map_err(|_| malformed),
    }
}

/// Unix seconds, as decimal digits in a string. Nothing above `i64::MAX`: the database keeps it.
pub(crate) fn seconds(field: &'static str, text: &str) -> Result<u64, PaymentError> {
    u64::try_from(decimal(field, text)?)
        .ok()
        .filter(|seconds| i64::try_from(*seconds).is_ok())
        .ok_or(PaymentError::Malformed { field, expected: "a time in Unix seconds that fits 63 bits" })
}

/// `0x` and 40 hexadecimal digits of any case: a wrong checksum shows in the signature.
pub(crate) fn address(field: &'static str, text: &str) -> Result<Address, PaymentError> {
    fixed(text)
        .map(Address::new)
        .ok_or(PaymentError::Malformed { field, expected: "0x and 40 hexadecimal digits" })
}

/// `0x` and 64 hexadecimal digits.
pub(crate) fn word(field: &'static str, text: &str) -> Result<B256, PaymentError> {
    fixed(text)
        .map(B256::new)
        .ok_or(PaymentError::Malformed { field, expected: "0x and 64 hexadecimal digits" })
}

/// A signature, as it came: whose it is, and which spelling its payer may use, is known only when the chain was asked
/// whether the payer's address has code.
pub(crate) fn signature(field: &'static str, text: &str) -> Result<Bytes, PaymentError> {
    let malformed = PaymentError::Malformed { field, expected: "0x and hexadecimal digits" };
    let Some(digits) = text.strip_prefix("0x") else { return Err(malformed) };
    if digits.len() % 2 != 0 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(malformed);
    }
    // T18: before the account is there, its signature would make us call what the payer names.
    if digits.ends_with(ERC_6492_END) {
        return Err(PaymentError::Undeployed);
    }
    if digits.len() / 2 > LONGEST_SIGNATURE {
        return Err(PaymentError::SignatureTooLong(digits.len() / 2));
    }
    hex::decode(digits).map(Bytes::from).map_err(|_| malformed)
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0_u8; N];
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 2 * N)?;
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_exactly_one_spelling() {
        assert_eq!(decimal("value", "0"), Ok(U256::ZERO));
        assert_eq!(decimal("value", "18446744073709551616"), Ok(U256::from(1_u128 << 64)));
        assert_eq!(decimal("value", &U256::MAX.to_string()), Ok(U256::MAX));
        let above = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
        for wrong in ["", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "1_000", "١", above] {
            assert!(decimal("value", wrong).is_err(), "{wrong:?}");
        }
        assert!(decimal("value", &"9".repeat(4_000)).is_err());
    }

    #[test]
    fn a_time_that_the_database_cannot_keep_is_refused() {
        assert_eq!(seconds("validBefore", "9223372036854775807"), Ok(i64::MAX as u64));
        assert!(seconds("validBefore", "9223372036854775808").is_err());
        assert!(seconds("validBefore", &U256::MAX.to_string()).is_err());
    }

    #[test]
    fn addresses_and_nonces_have_their_exact_length() {
        let lower = "0x036cbd53842c5426634e7929541ec2318f3dcf7e";
        assert_eq!(address("asset", lower), address("asset", "0x036CbD53842c5426634e7929541eC2318f3dCF7e"));
        for wrong in
            [&lower[2..], &lower[..41], &format!("{lower}0"), "0X036cbd53842c5426634e7929541ec2318f3dcf7e"]
        {
            assert!(address("asset", wrong).is_err(), "{wrong}");
        }
        assert!(address("asset", &format!("0x0x{}", "0".repeat(38))).is_err());
        assert!(word("nonce", lower).is_err());
        assert!(word("nonce", &format!("0x{}", "g0".repeat(32))).is_err());
    }

    /// T18.
    #[test]
    fn a_signature_of_an_account_that_is_not_there_yet_is_told_from_every_other() {
        for bytes in [0, 1, 63, 64, 65, 96, LONGEST_SIGNATURE] {
            assert_eq!(signature("s", &format!("0x{}", "ab".repeat(bytes))).unwrap().len(), bytes);
        }
        let wrapped = format!("0x{}{ERC_6492_END}", "ab".repeat(96));
        assert_eq!(signature("s", &wrapped), Err(PaymentError::Undeployed));
        let long = format!("0x{}", "ab".repeat(LONGEST_SIGNATURE + 1));
        assert_eq!(signature("s", &long), Err(PaymentError::SignatureTooLong(LONGEST_SIGNATURE + 1)));
        for no_hex in
            ["", "abab", "0xa", &format!("0x{}", "zz".repeat(65)), &format!("0x0x{}", "ab".repeat(64))]
        {
            assert!(matches!(signature("s", no_hex), Err(PaymentError::Malformed { .. })), "{no_hex}");
        }
    }
}

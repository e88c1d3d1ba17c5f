use std::fmt;
use std::str::FromStr;

use alloy_primitives::U256;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Money in atomic units of one asset (for USDC: millionths of a dollar).
///
/// Never negative and never above `i64::MAX`, so that every amount and every sum the product keeps
/// fits the database's integers. It crosses every boundary as a decimal string; there is no
/// conversion from or to a floating-point number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u64);

/// Why a text or a number is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The text is empty or holds something other than digits and one decimal point.
    #[error("an amount is written with digits and at most one decimal point, such as 0.05")]
    NotANumber,
    /// More decimal places than the asset has.
    #[error("the amount has more than {decimals} decimal places")]
    TooPrecise {
        /// The asset's decimal places.
        decimals: u8,
    },
    /// The amount does not fit the database's integers.
    #[error("the amount is too large")]
    TooLarge,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that can be kept.
    pub const MAX: Self = Self(i64::MAX as u64);

    /// Takes a number of atomic units.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] above `i64::MAX`.
    pub const fn from_atomic(units: u64) -> Result<Self, AmountError> {
        if units > Self::MAX.0 { Err(AmountError::TooLarge) } else { Ok(Self(units)) }
    }

    /// Reads a decimal such as `0.05` for an asset with the given decimal places.
    ///
    /// # Errors
    /// Says whether the text is no number, too precise or too large.
    pub fn from_decimal(text: &str, decimals: u8) -> Result<Self, AmountError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty())
            || text.ends_with('.')
            || !digits(whole)
            || !digits(fraction)
        {
            return Err(AmountError::NotANumber);
        }
        if fraction.len() > usize::from(decimals) {
            return Err(AmountError::TooPrecise { decimals });
        }
        let padded = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
        Self::from_atomic(padded.parse().map_err(|_| AmountError::TooLarge)?)
    }

    /// Writes the amount with the asset's decimal places, at least two of them: `0.05`, `1.00`,
    /// `0.000001`.
    pub fn to_decimal(self, decimals: u8) -> String {
        let decimals = usize::from(decimals);
        let digits = format!("{:0>width$}", self.0, width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let kept = fraction.trim_end_matches('0').len().max(2.min(decimals));
        if kept == 0 { whole.to_owned() } else { format!("{whole}.{}", &fraction[..kept]) }
    }

    /// The number of atomic units.
    pub const fn atomic(self) -> u64 {
        self.0
    }

    /// The number of atomic units as the database keeps it.
    pub const fn as_i64(self) -> i64 {
        self.0.cast_signed()
    }

    /// The sum, unless it grows too large to keep.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) if sum <= Self::MAX.0 => Some(Self(sum)),
            _ => None,
        }
    }

    /// The difference, unless it is negative.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    /// A token balance as far as it matters here: balances above [`Amount::MAX`] count as that.
    pub fn saturating_from(balance: U256) -> Self {
        u64::try_from(balance).ok().and_then(|units| Self::from_atomic(units).ok()).unwrap_or(Self::MAX)
    }
}

impl TryFrom<U256> for Amount {
    type Error = AmountError;

    fn try_from(value: U256) -> Result<Self, AmountError> {
        Self::from_atomic(u64::try_from(value).map_err(|_| AmountError::TooLarge)?)
    }
}

impl TryFrom<i64> for Amount {
    type Error = AmountError;

    fn try_from(value: i64) -> Result<Self, AmountError> {
        Self::from_atomic(u64::try_from(value).map_err(|_| AmountError::NotANumber)?)
    }
}

impl From<Amount> for U256 {
    fn from(amount: Amount) -> Self {
        Self::from(amount.0)
    }
}

/// Atomic units in decimal digits.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Atomic units in decimal digits.
impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::from_decimal(text, 0)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_exactly_and_written_back_the_same() {
        for (text, atomic, written) in [
            ("0.05", 50_000, "0.05"),
            (".5", 500_000, "0.50"),
            ("1", 1_000_000, "1.00"),
            ("0.000001", 1, "0.000001"),
            ("12.3400", 12_340_000, "12.34"),
        ] {
            let amount = Amount::from_decimal(text, 6).unwrap();
            assert_eq!(amount.atomic(), atomic, "{text}");
            assert_eq!(amount.to_decimal(6), written);
        }
        assert_eq!(Amount::from_decimal("7", 0).unwrap().to_decimal(0), "7");
    }

    #[test]
    fn what_is_not_a_price_is_refused_with_its_reason() {
        for text in ["", ".", "1.", "-1", "+1", "1e3", "0,05", "1.2.3", " 1", "0x10", "١"] {
            assert_eq!(Amount::from_decimal(text, 6), Err(AmountError::NotANumber), "{text:?}");
        }
        assert_eq!(Amount::from_decimal("0.0000001", 6), Err(AmountError::TooPrecise { decimals: 6 }));
        assert_eq!(Amount::from_decimal("9223372036854.775808", 6), Err(AmountError::TooLarge));
        assert_eq!(Amount::from_decimal("9223372036854.775807", 6), Ok(Amount::MAX));
        assert_eq!(Amount::from_decimal(&"9".repeat(60), 6), Err(AmountError::TooLarge));
    }

    #[test]
    fn sums_that_cannot_be_kept_are_noticed() {
        let one = Amount::from_atomic(1).unwrap();
        assert_eq!(Amount::MAX.checked_add(one), None);
        assert_eq!(Amount::ZERO.checked_sub(one), None);
        assert_eq!(one.checked_add(one), Amount::from_atomic(2).ok());
        assert_eq!(Amount::saturating_from(U256::MAX), Amount::MAX);
        assert_eq!(Amount::try_from(U256::MAX), Err(AmountError::TooLarge));
        assert_eq!(Amount::try_from(-1_i64), Err(AmountError::NotANumber));
    }
}

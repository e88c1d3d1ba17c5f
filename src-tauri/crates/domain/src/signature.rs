use alloy_primitives::{Bytes, U256, uint};

/// The longest signature that is taken, in bytes. Those of many owners and of passkeys are a third of it; what a
/// longer one would cost to submit is nobody's price.
pub const LONGEST_SIGNATURE: usize = 2_048;

/// What a payment's payer signed with, as it goes to the token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PayerSignature {
    /// A plain account's.
    Key(Signature),
    /// Of a payer whose address has code (ERC-1271, EIP-7702): the token shows it to that code, which judges it by
    /// rules of its own, and may judge otherwise tomorrow (T19, T20). At most [`LONGEST_SIGNATURE`] bytes, as they came.
    Code(Bytes),
}

impl PayerSignature {
    /// The bytes that the token is given.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Key(signature) => signature.as_bytes(),
            Self::Code(bytes) => bytes,
        }
    }

    /// Whether code judges it, so that its payment settles first and alone.
    pub const fn is_of_code(&self) -> bool {
        match self {
            Self::Key(_) => false,
            Self::Code(_) => true,
        }
    }
}

impl From<Signature> for PayerSignature {
    fn from(signature: Signature) -> Self {
        Self::Key(signature)
    }
}

/// A payer's ECDSA signature in the one form the token accepts: 65 bytes, `s` in the lower half of
/// the curve's order, `v` 27 or 28.
///
/// Clients send several spellings of the same signature (64 bytes of EIP-2098, `v` 0 or 1, high `s`).
/// All are brought to this form before anything is stored or submitted, because the token refuses
/// the others (T15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signature([u8; 65]);

/// Why bytes are not a signature of a plain account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Neither 65 bytes nor the 64 of the compact form. The code of smart accounts takes others.
    #[error("a signature of a plain account has 64 or 65 bytes, this one has {0}")]
    Length(usize),
    /// `v` is none of 0, 1, 27, 28.
    #[error("the recovery byte {0} is none of 0, 1, 27 and 28")]
    RecoveryByte(u8),
    /// `r` or `s` is zero or not below the curve's order.
    #[error("r and s must lie between 1 and the curve's order")]
    Range,
}

const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);
const HALF_ORDER: U256 = uint!(0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0_U256);

impl Signature {
    /// Brings a client's spelling to the token's form.
    ///
    /// # Errors
    /// Says which part is wrong. Nothing is repaired beyond the listed spellings.
    pub fn normalise(bytes: &[u8]) -> Result<Self, SignatureError> {
        let mut rs = [[0_u8; 32]; 2];
        let odd = match bytes.len() {
            65 => match bytes[64] {
                0 | 27 => false,
                1 | 28 => true,
                other => return Err(SignatureError::RecoveryByte(other)),
            },
            // EIP-2098: the topmost bit of s carries the parity.
            64 => bytes[32] & 0x80 != 0,
            other => return Err(SignatureError::Length(other)),
        };
        rs[0].copy_from_slice(&bytes[..32]);
        rs[1].copy_from_slice(&bytes[32..64]);
        if bytes.len() == 64 {
            rs[1][0] &= 0x7f;
        }
        let [r, s] = rs.map(U256::from_be_bytes);
        if r.is_zero() || s.is_zero() || r >= ORDER || s >= ORDER {
            return Err(SignatureError::Range);
        }
        let (s, odd) = if s > HALF_ORDER { (ORDER - s, !odd) } else { (s, odd) };
        let mut normal = [0_u8; 65];
        normal[..32].copy_from_slice(&r.to_be_bytes::<32>());
        normal[32..64].copy_from_slice(&s.to_be_bytes::<32>());
        normal[64] = 27 + u8::from(odd);
        Ok(Self(normal))
    }

    /// `r`, `s` and `v` one after the other.
    pub const fn as_bytes(&self) -> &[u8; 65] {
        &self.0
    }

    /// Which of the two candidate keys signed: 0 or 1.
    pub const fn parity(&self) -> u8 {
        self.0[64] - 27
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::hex;

    use super::*;

    /// The signature of a payment that was settled on Base, in the form in which it was submitted.
    const SETTLED: [u8; 65] = hex!(
        "b909a9345301f4942d14fc97f72306b8ae6e4077431cb8e950194196101b34582f9cf1604c72db4a5a87ade62949449a2eff957f1d58a11954438dac229aa16f1c"
    );

    fn high_s_twin() -> [u8; 65] {
        let mut twin = SETTLED;
        let mut s = [0; 32];
        s.copy_from_slice(&SETTLED[32..64]);
        twin[32..64].copy_from_slice(&(ORDER - U256::from_be_bytes(s)).to_be_bytes::<32>());
        twin[64] = 27;
        twin
    }

    fn compact() -> [u8; 64] {
        let mut short = [0; 64];
        short.copy_from_slice(&SETTLED[..64]);
        short[32] |= 0x80;
        short
    }

    #[test]
    fn every_spelling_of_one_signature_becomes_the_same_sixty_five_bytes() {
        let normal = Signature::normalise(&SETTLED).unwrap();
        assert_eq!(normal.as_bytes(), &SETTLED);
        assert_eq!(normal.parity(), 1);
        let mut short_v = SETTLED;
        short_v[64] = 1;
        for twin in [&short_v[..], &high_s_twin()[..], &compact()[..]] {
            assert_eq!(Signature::normalise(twin), Ok(normal));
        }
    }

    #[test]
    fn other_lengths_recovery_bytes_and_ranges_are_refused() {
        assert_eq!(Signature::normalise(&[1; 66]), Err(SignatureError::Length(66)));
        assert_eq!(Signature::normalise(&[]), Err(SignatureError::Length(0)));
        for v in [2, 26, 29, 35, 36, 255] {
            let mut wrong = SETTLED;
            wrong[64] = v;
            assert_eq!(Signature::normalise(&wrong), Err(SignatureError::RecoveryByte(v)));
        }
        for range in [0..32, 32..64] {
            for filler in [U256::ZERO, ORDER, U256::MAX] {
                let mut wrong = SETTLED;
                wrong[range.clone()].copy_from_slice(&filler.to_be_bytes::<32>());
                assert_eq!(Signature::normalise(&wrong), Err(SignatureError::Range));
            }
        }
    }
}

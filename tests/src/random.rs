use std::fs::File;
use std::io::Read as _;

use alloy_primitives::B256;

/// 32 bytes nobody has seen before.
pub fn random_word() -> B256 {
    let mut word = B256::ZERO;
    let source = File::open("/dev/urandom").and_then(|mut source| source.read_exact(word.as_mut_slice()));
    source.expect("the system's randomness");
    word
}

/// Random numbers that come again with the same seed.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// The sequence of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number (splitmix64).
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next number below `bound`.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.number() % bound
    }
}
